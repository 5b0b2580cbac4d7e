"""Redirects: followed within the origin, with token and body; everywhere else nothing is sent."""

from __future__ import annotations

import hashlib

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
def test_a_read_is_followed_with_its_token(emulator, run, redirect, status):
    redirect("/api/Cluster", "/API/cluster?moved=1", status, "GET")
    assert run("cluster_info").cluster["name"] == "DEFAULT"
    first, second = emulator.requests[-2:]
    assert (first.status, second.status) == (status, 200)
    assert (second.path, second.query) == ("/API/cluster", {"moved": "1"})
    assert second.authenticated


@pytest.mark.parametrize("status", [307, 308])
def test_a_write_is_sent_again_with_its_body(emulator, run, redirect, archive, status):
    archive.write_bytes(b"a" * 3 * 2**20)
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    for path, location in (
        ("/api/account/login", "/API/account/login"),
        ("/api/UploadFile", f"UploadFile?FileTypes=Car&TargetFileName=moved-{digest}"),
        ("/api/Deployment", "/API/deployment"),
    ):
        redirect(path, location, status, "POST")
    result = run("deployment", name="D", archive=str(archive))
    assert result.changed
    assert result.uploads[0]["path"].endswith(f"moved-{digest}.car")
    assert emulator.files.local(result.uploads[0]["path"]).read_bytes() == archive.read_bytes()
    assert emulator.state()["deployments"][0]["name"] == "D"
    assert [request.status for request in emulator.writes] == [status, 200, status, 200]


def test_a_chain_and_a_circle(emulator, run, redirect):
    redirect("/api/Cluster", "/api/Cluster", times=10)
    assert not run("cluster_info").failed
    redirect("/api/Cluster", "/api/Cluster", times=99)
    result = run("cluster", name="X")
    assert result.error["kind"] == "server"
    assert "redirects in a circle" in result.msg
    assert "set server_url to the final address" in result.msg
    assert not emulator.writes
    emulator.clear_faults()
    redirect("/api/CommandLineProcessor", "/api/CommandLineProcessor", method="POST", times=99)
    assert "may have been started" not in run("job", path="C:\\a.wf", wait=False).msg


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("where", ["other port", "other scheme", "other host", "user info"])
def test_nothing_is_sent_elsewhere(emulator, run, redirect, method, where):
    with Web() as trap:
        location = {
            "other port": f"https://localhost:{trap.port}/steal",
            "other scheme": f"http://localhost:{trap.port}/steal",
            "other host": f"//127.0.0.1:{trap.port}/steal",
            "user info": f"{emulator.url}@localhost:{trap.port}/steal",
        }[where]
        redirect("/api/Cluster", location, method=method)
        result = run("cluster", name="X")
        assert result.failed
        assert "redirects to" in result.msg
        assert "set server_url to" in result.msg
        assert trap.heads == []
    assert emulator.state()["cluster"]["name"] == "DEFAULT"


@pytest.mark.parametrize("path", ["/api/ServerInfo", "/api/Cluster", "/api/Deployments", "/api/Schedules"])
def test_a_login_page_is_no_data(emulator, run, redirect, path):
    redirect(path, "/login", 302, "GET", times=9)
    emulator.add_fault(path="/login", action="status", status=200, body=PAGE, times=9)
    module = path.rpartition("/")[2].replace("ServerInfo", "server").lower().rstrip("s") + "_info"
    result = run(module)
    assert result.error["kind"] == "server"
    assert "not a proxy" in result.msg


def test_a_login_page_is_neither_a_token_nor_a_path_nor_a_license_nor_a_job(emulator, run, redirect, archive):
    emulator.add_fault(path="/login", action="status", status=200, body=PAGE, times=9)
    for path, module, options in (
        ("/api/account/login", "cluster", {"name": "X"}),
        ("/api/UploadFile", "deployment", {"name": "D", "archive": str(archive)}),
        ("/api/License/Key", "license", {"user": "U", "organization": "O", "key": "K-1"}),
        ("/api/License/Activate", "license", {"user": "U", "organization": "O", "key": "K-1"}),
        ("/api/CommandLineProcessor", "job", {"path": "C:\\a.wf", "wait": False}),
    ):
        redirect(path, "/login", 307, "POST")
        assert run(module, **options).error["kind"] == "server"
    assert emulator.state()["deployments"] == []
