"""One poll: what is read, and what an error means."""

from __future__ import annotations

import pytest

from ansible_collections.astera.data_stack.plugins.module_utils._errors import AsteraError
from ansible_collections.astera.data_stack.plugins.module_utils._redaction.redactor import Redactor
from ansible_collections.astera.data_stack.plugins.module_utils._resources.job.status import Statuses
from ansible_collections.astera.data_stack.plugins.plugin_utils._eda.jobs import Jobs, JobsMemory
from ansible_collections.astera.data_stack.plugins.plugin_utils._eda.reader import ANYTHING, Reader
from ansible_collections.astera.data_stack.plugins.plugin_utils._eda.snapshot import KINDS, SINGLE

DEPLOYMENTS, SCHEDULES, CLUSTER, CONFIG = "/api/Deployments", "/api/Schedules", "/api/Cluster", "/api/Server/Config"


class Server:
    """Responses by path, in place of the client. An AsteraError is raised."""

    def __init__(self):
        self.redactor = Redactor()
        self.responses = {
            DEPLOYMENTS: [{"id": 4, "name": "Orders", "isActive": True, "updateDtTm": "2026-01-01T00:00:00.1234567Z"}],
            SCHEDULES: [
                {
                    "Id": 7,
                    "Name": "Nightly",
                    "IsActive": False,
                    "deploymentId": 4,
                    "schedule": {"typeName": "X", "password": "canary"},
                    "UpdateDtTm": "t",
                }
            ],
            CLUSTER: {"name": "DEFAULT", "purgeJobInfoAfter": 7, "updateDtTm": "changes with each read"},
            CONFIG: {"serverProfile": "P", "serverDbInfo": {"user": "astera", "password": "canary"}},
            ANYTHING: {"version": "10"},
            "/api/Job/3/Status": "Running",
        }
        self.asked: list[str] = []
        self.probed = 0
        self.connection = self
        self.request_timeout = 10.0

    def get(self, path, timeout=None):
        self.asked.append(path)
        response = self.responses[path]
        if isinstance(response, AsteraError):
            raise response
        return response

    get_list = get_object = get

    def probe(self, timeout):
        self.probed += 1
        response = self.responses.get("probe")
        if isinstance(response, AsteraError) and response.kind == "tls":
            raise response
        return response


def error(kind, status=None, method="GET", path=DEPLOYMENTS):
    return AsteraError(kind, "words", method=method, path=path, status=status)


def reader(server, watch=tuple(KINDS), job_ids=()):
    return Reader(server, list(watch), Jobs(JobsMemory(), job_ids, None, Statuses()))


@pytest.fixture
def server():
    return Server()


def test_everything(server):
    poll = reader(server, job_ids=[3]).poll()
    assert server.asked == [DEPLOYMENTS, SCHEDULES, CLUSTER, CONFIG, "/api/Job/3/Status"]
    assert (poll.denied, poll.failure, poll.denial) == ({}, None, None)
    deployment = poll.objects["deployments"][4]
    assert deployment.to_event() == {
        "kind": "deployment",
        "id": 4,
        "name": "Orders",
        "active": True,
        "timestamp": "2026-01-01T00:00:00.1234567Z",
    }
    schedule = poll.objects["schedules"][7]
    assert (schedule.name, schedule.active, schedule.timestamp) == ("Nightly", False, "t")
    assert schedule.values["deployment_id"] == 4
    cluster = poll.objects["cluster"][SINGLE]
    assert (cluster.id, cluster.name, cluster.timestamp) == (None, "DEFAULT", None)
    assert cluster.values["purge_job_info_after"] == 7
    assert poll.objects["server_config"][SINGLE].values["repository"]["user"] == "astera"
    assert "canary" not in str(poll)


def test_only_what_is_watched(server):
    assert list(reader(server, ["cluster"]).poll().objects) == ["cluster"]
    assert server.asked == [CLUSTER]
    assert reader(server, []).poll().objects == {}
    assert server.asked == [CLUSTER, ANYTHING]


def test_what_is_denied_blinds_only_itself(server):
    server.responses[SCHEDULES] = error("forbidden", 403)
    server.responses[CLUSTER] = error("not_found", 404)
    server.responses["/api/Job/3/Status"] = error("forbidden", 403)
    poll = reader(server, job_ids=[3]).poll()
    assert list(poll.objects) == ["deployments", "server_config"]
    assert list(poll.denied) == ["schedules", "cluster", "jobs"]
    assert poll.failure is None


@pytest.mark.parametrize("kind", ["connection", "timeout", "tls"])
def test_a_server_that_is_not_there_is_asked_once(server, kind):
    server.responses[DEPLOYMENTS] = error(kind)
    poll = reader(server).poll()
    assert poll.failure.kind == kind
    assert (poll.objects, poll.denied, server.asked) == ({}, {}, [DEPLOYMENTS])


def test_a_single_read_that_fails_leaves_the_others(server):
    server.responses[SCHEDULES] = error("server", 500)
    poll = reader(server).poll()
    assert poll.failure.status == 500
    assert list(poll.objects) == ["deployments", "cluster", "server_config"]


def test_a_proxy_that_can_never_work_is_a_failure(server):
    for path in (DEPLOYMENTS, SCHEDULES, CLUSTER, CONFIG):
        server.responses[path] = error("input")
    poll = reader(server).poll()
    assert (poll.failure.kind, poll.denied) == ("input", {})


def test_a_fresh_token_that_is_rejected_is_a_failure(server):
    server.responses[DEPLOYMENTS] = error("auth", 401)
    poll = reader(server).poll()
    assert (poll.failure.status, poll.denial) == (401, None)


@pytest.mark.parametrize("refused", [error("auth", 400, "POST", "/api/account/login"), error("auth", None, None, None)])
def test_a_denied_login_is_not_tried_again(server, refused):
    server.responses[DEPLOYMENTS] = refused
    one = reader(server)
    for _poll in range(3):
        poll = one.poll()
        assert poll.denial is refused
        assert poll.failure is None
    assert (server.asked, server.probed) == ([DEPLOYMENTS], 3)
    for kind in ("connection", "tls"):
        server.responses["probe"] = error(kind)
        assert one.poll().failure.kind == kind


@pytest.mark.parametrize(
    "odd", [{"name": "A"}, {"id": None}, {"id": 0}, {"id": "x"}, {"id": True}, {"id": -1}, {"id": 1.5}]
)
def test_an_object_without_a_usable_id_fails_the_poll(server, odd):
    """Or else it would be taken for one that was removed."""
    server.responses[DEPLOYMENTS] = [odd]
    poll = reader(server).poll()
    assert poll.failure.kind == "server"
    assert "deployments" not in poll.objects


def test_odd_values(server):
    server.responses[DEPLOYMENTS] = [
        {"id": 4, "name": ["A"], "isActive": "maybe", "updateDtTm": 7},
        {"id": 4, "name": "second with this id"},
    ]
    deployment = reader(server).poll().objects["deployments"][4]
    assert (deployment.name, deployment.active, deployment.timestamp) == (None, None, None)
