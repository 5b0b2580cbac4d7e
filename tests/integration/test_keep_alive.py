"""One connection serves a whole task; the server may close it between two requests, or just when one comes in."""

from __future__ import annotations

import pytest
import trustme

from ansible_collections.astera.data_stack.tests.integration.small_servers import CLUSTER, Web, ok, tls

pytestmark = pytest.mark.any_core

START = {"path": "C:\\a.wf", "wait": False, "retries": 4}


class Closing(Web):
    """Serves logins, clusters and jobs, and may end its first connection: after the login, or by the next request."""

    def __init__(self, context, end=None):
        super().__init__(context)
        self.end = end
        self.connections = 0

    def serve(self, connection):
        self.connections += 1
        is_first = self.connections == 1
        with self.handshake(connection) as requests:
            while True:
                head = self.read_head(requests)
                is_login = "/login" in head
                if not (is_first and self.end == "by the next request" and not is_login):
                    requests.sendall(ok(b'{"access_token": "a-token"}') if is_login else CLUSTER)
                if is_first and self.end and (self.end == "after the login" or not is_login):
                    return

    @property
    def starts(self):
        return sum("CommandLineProcessor" in head for head in self.heads)


@pytest.fixture
def closing(tmp_path):
    ca = trustme.CA()
    path = tmp_path / "own.pem"
    path.write_bytes(ca.cert_pem.bytes())

    def start(end=None):
        server = Closing(tls(ca.issue_cert("localhost")), end)
        return server, {"server_url": f"https://localhost:{server.port}", "ca_path": str(path)}

    return start


def test_one_connection_for_a_task(run, closing):
    server, where = closing()
    with server:
        assert run("cluster_info", **where).cluster["name"] == "OWN"
    assert server.connections == 1
    assert len(server.heads) == 2


@pytest.mark.unsteady
@pytest.mark.parametrize("end", ["after the login", "by the next request"])
def test_a_read_goes_on_with_a_new_connection(run, closing, end):
    server, where = closing(end)
    with server:
        assert run("cluster_info", **where).cluster["name"] == "OWN"
    assert server.connections == 2


@pytest.mark.unsteady
def test_a_write_under_which_the_connection_ends_may_have_been_done(run, closing):
    """The race that no client can win: the write was on its way when the server gave up."""
    server, where = closing("by the next request")
    with server:
        result = run("job", **where, **START)
    assert "the job may have been started" in result.msg
    assert result.error["kind"] == "connection"
    assert server.starts == 1


@pytest.mark.unsteady
def test_a_write_after_the_connection_ended(run, closing):
    """Sent once, on a new connection; or lost on the old one, if its end was not seen in time, which is reported."""
    server, where = closing("after the login")
    with server:
        result = run("job", **where, **START)
    assert server.starts == (1 if server.connections == 2 else 0)
    if server.connections == 1:
        assert "the job may have been started" in result.msg
