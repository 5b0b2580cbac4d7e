"""Redirects: none is followed, and the error says where it leads. A login page is no data either."""

from __future__ import annotations

import pytest

from ansible_collections.astera.data_stack.tests.integration.small_servers import Web

pytestmark = pytest.mark.any_core

PAGE = "<!DOCTYPE html><html><form action='/login'><input name='password'></form></html>"


@pytest.fixture
def redirect(emulator):
    """Order redirects from one path."""

    def ordering(path, location, status=307, method=None, times=1):
        headers = {"Location": location}
        emulator.add_fault(method=method, path=path, action="status", status=status, headers=headers, times=times)

    return ordering


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_redirect_is_followed(emulator, run, redirect, method, status):
    redirect("/api/Cluster", "/elsewhere?token=canary", status, method, times=9)
    result = run("cluster", name="X")
    assert result.error["kind"] == "connection"
    assert result.error["status"] == status
    assert result.error["may_have_been_applied"] == (method == "POST" and status < 307)
    assert f"and redirects to /elsewhere ({method} /api/Cluster)" in result.msg
    assert "set server_url to its scheme, host and port" in result.msg
    assert "canary" not in str(result)
    assert "/elsewhere" not in [request.path for request in emulator.requests]
    assert emulator.state()["cluster"]["name"] == "DEFAULT"


@pytest.mark.parametrize("path", ["/api/account/login", "/api/Cluster"])
@pytest.mark.parametrize("where", ["other port", "other scheme", "other host", "user info"])
def test_nothing_is_sent_elsewhere(emulator, run, redirect, path, where):
    with Web() as trap:
        location, shown = {
            "other port": (f"https://localhost:{trap.port}/steal", f"https://localhost:{trap.port}/steal"),
            "other scheme": (f"http://localhost:{trap.port}/steal", f"http://localhost:{trap.port}/steal"),
            "other host": (f"//127.0.0.1:{trap.port}/steal", f"//127.0.0.1:{trap.port}/steal"),
            "user info": (f"{emulator.url}@localhost:{trap.port}/steal", f"https://localhost:{trap.port}/steal"),
        }[where]
        redirect(path, location, times=9)
        assert f"redirects to {shown} (" in run("cluster", name="X").msg
        assert trap.heads == []
    assert emulator.state()["cluster"]["name"] == "DEFAULT"


@pytest.mark.parametrize("location", ["https://[::1", "https://localhost:port/x"])
def test_an_address_that_is_none(run, redirect, location):
    redirect("/api/Cluster", location, 302)
    result = run("cluster_info")
    assert result.error["kind"] == "connection"
    assert "redirects to" in result.msg


@pytest.mark.parametrize("path", ["/api/ServerInfo", "/api/Cluster", "/api/Deployments", "/api/Schedules"])
def test_a_login_page_is_no_data(emulator, run, path):
    emulator.add_fault(path=path, action="status", status=200, body=PAGE, times=9)
    module = path.rpartition("/")[2].replace("ServerInfo", "server").lower().rstrip("s") + "_info"
    result = run(module)
    assert result.error["kind"] == "server"
    assert "not a proxy" in result.msg


def test_a_login_page_is_neither_a_token_nor_a_path_nor_a_license_nor_a_job(emulator, run, archive):
    for path, module, options in (
        ("/api/account/login", "cluster", {"name": "X"}),
        ("/api/UploadFile", "deployment", {"name": "D", "archive": str(archive)}),
        ("/api/License/Key", "license", {"user": "U", "organization": "O", "key": "K-1"}),
        ("/api/License/Activate", "license", {"user": "U", "organization": "O", "key": "K-1"}),
        ("/api/CommandLineProcessor", "job", {"path": "C:\\a.wf", "wait": False}),
    ):
        emulator.add_fault(method="POST", path=path, action="status", status=200, body=PAGE)
        assert run(module, **options).error["kind"] == "server"
    assert emulator.state()["deployments"] == []


def test_a_redirect_means_that_the_server_is_not_ready(emulator, run, redirect):
    """A load balancer may redirect to a page that says so."""
    redirect("/api/ServerInfo", "https://status.example.com/maintenance", 302, times=2)
    assert not run("server_info", authenticate=False).server["ready"]
    assert run("server_info", authenticate=False, wait=True, wait_interval=0.1).server["ready"]


def test_a_redirect_from_one_place_of_the_openapi_document(emulator, run, redirect):
    """The document may be at the next place."""
    emulator.settings.delete_schedule_operation = "DELETE /api/Schedule/{id}"
    emulator.settings.openapi_path = "/openapi/v1.json"
    redirect("/swagger/v1/swagger.json", "/login", 302, times=9)
    run("schedule", name="S", file=r"C:\a.wf", daily={"at": "04:30"})
    assert run("schedule", name="S", state="absent").changed
