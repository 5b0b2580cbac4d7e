"""The operations of the API: one module per noun."""

from . import account, cluster, deployment, job, license, schedule, server, upload

OPERATIONS = (
    *account.OPERATIONS,
    *server.OPERATIONS,
    *license.OPERATIONS,
    *cluster.OPERATIONS,
    *upload.OPERATIONS,
    *deployment.OPERATIONS,
    *schedule.OPERATIONS,
    *job.OPERATIONS,
)
