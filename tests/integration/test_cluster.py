"""astera_cluster and astera_cluster_info, in the order in which a user meets them."""

from __future__ import annotations

import pytest

WANTED = {"staging_directory": r"D:\Staging", "purge_job_info_after": 30, "send_error_info": False}


def test_life_of_the_settings(any_emulator, run):
    predicted = run("cluster", check=True, **WANTED)
    assert predicted.changed
    assert not any_emulator.writes
    done = run("cluster", **WANTED)
    assert done.changed
    assert done.changes == predicted.changes
    assert done.cluster == predicted.cluster
    assert done.diff == predicted.diff
    assert any_emulator.state()["cluster"]["stagingDirectory"]["path"] == r"D:\Staging"
    again = run("cluster", **WANTED)
    assert not again.changed
    assert again.changes == []
    assert len(any_emulator.writes) == 1
    update = run("cluster", **{**WANTED, "purge_job_info_after": 31})
    assert update.changes == [{"path": "purge_job_info_after", "action": "change", "before": 30, "after": 31}]
    assert update.cluster == run("cluster_info").cluster


def test_fields_without_an_option_survive(any_emulator, run):
    any_emulator.put("cluster", {"mailSetup": {"host": "smtp", "port": 26}, "futureField": [1, {"a": None}]})
    before = any_emulator.state()["cluster"]
    run("cluster", name="PROD")
    after = any_emulator.state()["cluster"]
    assert after["mailSetup"] == {"host": "smtp", "port": 26}
    assert after["futureField"] == [1, {"a": None}]
    assert {k: v for k, v in after.items() if k != "name"} == {k: v for k, v in before.items() if k != "name"}
    assert after["id"] == 1


def test_paths_are_compared_as_windows_does(emulator, run):
    result = run("cluster", staging_directory="c:/staging/", deployment_directory="C:\\DEPLOYMENT")
    assert not result.changed
    assert not emulator.writes


#: What YAML makes of times without quotes, and what a template makes of an hour.
@pytest.mark.parametrize("number", [1320, "1320", 79200, "-600", "22", 22.5, " 1320 "])
@pytest.mark.parametrize("option", ["pause_servers_from", "pause_servers_to"])
def test_a_time_that_arrives_as_a_number(emulator, run, option, number):
    result = run("cluster", **{option: number})
    assert result.error["kind"] == "input"
    assert f"{option} must be a time, not the number {str(number).strip()}" in result.msg
    assert "Put it in quotes: YAML reads 14:30 without them as the number 870." in result.msg
    assert not emulator.requests


@pytest.mark.parametrize(
    "shown", ["22:00", "22:00:00", "2026-01-01T22:00:00", "2026-01-01T22:00:00.0000000-07:00", "", None]
)
def test_a_pause_that_the_server_shows_is_taken_back(emulator, run, shown):
    emulator.put("cluster", {"pauseServersFrom": shown, "pauseServersTo": shown})
    found = run("cluster_info").cluster
    again = run("cluster", **{name: found[name] for name in ("pause_servers_from", "pause_servers_to")})
    assert not again.changed


def test_a_pause_is_set_and_taken_back(any_emulator, run):
    assert run("cluster", pause_all_servers=True, pause_servers_from="22:00").changed
    assert run("cluster", pause_all_servers=False, pause_servers_from="").changed
    assert any_emulator.state()["cluster"]["pauseServersFrom"] is None
    assert not run("cluster", pause_servers_from="").changed


def test_extra_fields(any_emulator, run):
    extra = {"mailSetup": {"host": "smtp.example.com", "password": "canary-mail"}}
    predicted = run("cluster", check=True, extra_fields=extra)
    done = run("cluster", extra_fields=extra)
    assert done.changes == predicted.changes
    assert sorted(done.paths) == ["extra_fields.mailSetup.host", "extra_fields.mailSetup.password"]
    assert "canary-mail" not in str(done)
    assert any_emulator.state()["cluster"]["mailSetup"]["password"] == "canary-mail"
    assert not run("cluster", extra_fields=extra).changed


def test_bad_values_are_refused_before_anything_is_sent(emulator, run):
    result = run("cluster", purge_job_info_after=-1)
    assert result.error["kind"] == "input"
    assert "purge_job_info_after must be between 0 and 2147483647, not -1" in result.msg
    assert not emulator.requests
