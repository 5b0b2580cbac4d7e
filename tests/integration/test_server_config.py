"""astera_server_config: profile, repository, password, restart."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.in_matrix

PASSWORD = {"repository": {"password": "initial-secret"}}


def test_life_of_the_properties(any_emulator, run):
    options = {"server_profile": "ServerProfile2", "wait_interval": 0.1, **PASSWORD}
    predicted = run("server_config", check=True, **options)
    assert not any_emulator.writes
    done = run("server_config", **options)
    assert done.changed
    assert done.changes == predicted.changes
    assert done.server_config == predicted.server_config
    assert done.diff == predicted.diff
    assert any_emulator.state()["config"]["serverProfile"] == "ServerProfile2"
    again = run("server_config", **options)
    assert not again.changed
    assert len(any_emulator.writes) == 1
    assert "password" not in again.server_config["repository"]


@pytest.mark.parametrize("shown", ["plain", "masked", "absent"])
def test_the_password_is_never_lost(emulator, run, shown):
    emulator.settings.config_password = shown
    result = run("server_config", server_profile="ServerProfile2", wait_interval=0.1)
    if shown == "plain":
        assert result.changed
    else:
        assert result.error["kind"] == "input"
        assert "repository.password is needed" in result.msg
        assert not emulator.writes
    assert emulator.state()["config"]["serverDbInfo"]["password"] == "initial-secret"


@pytest.mark.parametrize("shown", ["plain", "masked", "absent"])
def test_update_password(emulator, run, shown):
    emulator.settings.config_password = shown
    quiet = run("server_config", repository={"password": "new-canary-secret"})
    assert not quiet.changed
    predicted = run("server_config", check=True, repository={"password": "new-canary-secret"}, update_password="always")
    loud = run(
        "server_config", repository={"password": "new-canary-secret"}, update_password="always", wait_interval=0.1
    )
    assert loud.changed
    assert predicted.changes == loud.changes
    assert loud.paths == ["repository.password"]
    assert emulator.state()["config"]["serverDbInfo"]["password"] == "new-canary-secret"
    assert "canary" not in str(loud)


@pytest.mark.parametrize("restart", ["immediate", "delayed", "none"])
@pytest.mark.parametrize("tokens", ["no", "yes"])
def test_it_waits_for_the_restart(emulator, run, restart, tokens):
    emulator.settings.restart_after_config = restart
    emulator.settings.tokens_survive_restart = tokens
    result = run("server_config", port=9300, retries=0, wait_interval=0.2, **PASSWORD)
    assert result.changed
    assert run("server_info", retries=0).server["ready"]


@pytest.mark.unsteady
def test_it_follows_a_new_port(emulator, run, renew):
    old_url = emulator.url
    emulator.settings.port_change = "rebind"
    try:
        result = run("server_config", port=_free_port(), wait_interval=0.1, request_timeout=2, **PASSWORD)
        assert result.changed
        assert emulator.url != old_url
        assert result.warnings == [f"The server now responds at {emulator.url}: change server_url."]
    finally:
        emulator.put("config", {"port": int(old_url.rpartition(":")[2])})
        emulator.restart(0.05)


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize(("reading", "kind"), [("refuse", "rejected"), ("ignore", "rejected")])
def test_a_profile_that_does_not_exist(emulator, run, reading, kind):
    emulator.settings.unknown_profile = reading
    result = run("server_config", server_profile="Nowhere", wait_interval=0.1, **PASSWORD)
    assert result.error["kind"] == kind
    assert "Nowhere" in result.msg or "profile" in result.msg.lower()
    assert emulator.state()["config"]["serverProfile"] == "DEFAULT"


def test_a_server_that_does_not_come_back(emulator, run):
    emulator.settings.restart_seconds = 3.0
    result = run(
        "server_config", port=9300, wait_timeout=1, wait_interval=0.1, request_timeout=1, retries=0, **PASSWORD
    )
    assert result.error["kind"] == "timeout"
    assert "did not come back within 1 s" in result.msg
    emulator.settings.restart_seconds = 0.1


def test_without_waiting(emulator, run):
    emulator.settings.restart_after_config = "none"
    assert run("server_config", port=9300, wait=False, **PASSWORD).changed


def test_a_fresh_server_without_accounts(emulator, run):
    emulator.settings.config_without_token = "yes"
    options = {"username": None, "password": None, "authenticate": False}
    assert run("server_config", server_profile="ServerProfile2", wait_interval=0.1, **options, **PASSWORD).changed
    emulator.settings.config_without_token = "no"
    refused = run("server_config", server_profile="DEFAULT", **options, **PASSWORD)
    assert refused.error["kind"] == "auth"
    assert "authenticate to true" in refused.msg


@pytest.mark.parametrize("form", ["empty", "id", "object"])
def test_the_body_of_the_response_does_not_matter(emulator, run, form):
    emulator.settings.post_answer = form
    assert run("server_config", port=9300, wait_interval=0.1, **PASSWORD).server_config["port"] == 9300


def test_limits(emulator, run):
    for options in ({"port": 70000}, {"config_parameters": {"purge_window_end_hour": 25}}, {"repository": {"port": 0}}):
        result = run("server_config", **options)
        assert result.error["kind"] == "input"
    assert not emulator.requests
