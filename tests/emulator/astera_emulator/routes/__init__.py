"""The operations of the API: one module per noun."""

from ..routing import Operation
from ..settings import Settings
from . import account, cluster, deployment, job, license, schedule, server, undocumented, upload

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


def served(settings: Settings) -> tuple[Operation, ...]:
    """Return the operations that this server has."""
    return tuple(license.with_its_body(item, settings) for item in OPERATIONS) + undocumented.operations(settings)
