"""astera_server_info: ready or not."""

from __future__ import annotations

import threading

import pytest


@pytest.mark.parametrize("form", ["object", "list"])
def test_what_a_server_says_of_itself(any_emulator, run, form):
    any_emulator.settings.server_info = form
    result = run("server_info")
    assert result.server["ready"]
    assert isinstance(result.server["info"], dict if form == "object" else list)
    assert result.server_config["server_profile"] == "DEFAULT"
    assert "initial-secret" not in str(result)


def test_ready_needs_no_credentials(emulator, run):
    result = run("server_info", authenticate=False, username=None, password=None)
    assert result.server == {"ready": True, "info": None}
    assert [r.path for r in emulator.requests] == ["/api/ServerInfo"]


def test_a_server_that_is_not_there(run):
    result = run("server_info", server_url="https://localhost:1")
    assert not result.failed
    assert not result.server["ready"]
    waited = run("server_info", server_url="https://localhost:1", wait=True, wait_timeout=0.3, wait_interval=0.1)
    assert waited.error["kind"] == "timeout"
    assert "did not respond within 0.3 s" in waited.msg
    assert "9260" in waited.msg
    unknown = run("server_info", server_url="https://etl.invalid:9261", wait=True, wait_timeout=0.3, wait_interval=0.1)
    assert unknown.error["kind"] == "timeout"
    assert "Check the host and port in server_url" in unknown.msg


def test_it_waits_through_a_restart(emulator, run):
    down = threading.Thread(target=emulator.restart, args=(1.0,))
    down.start()
    result = run("server_info", wait=True, wait_timeout=20, wait_interval=0.1)
    down.join()
    assert result.server["ready"]


def test_a_starting_server_is_not_ready(emulator, run):
    emulator.add_fault(path="/api/ServerInfo", action="status", status=503, times=3)
    assert not run("server_info", authenticate=False).server["ready"]
    assert run("server_info", authenticate=False, wait=True, wait_interval=0.1).server["ready"]


def test_a_bad_certificate_is_no_reason_to_wait(emulator, run):
    result = run("server_info", wait=True, ca_path=None)
    assert result.error["kind"] == "tls"
