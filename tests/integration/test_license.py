"""astera_license: what a server tells nothing about."""

from __future__ import annotations

import json
import os
import stat

import pytest

from ansible_collections.astera.data_stack.plugins.module_utils._resources.license import state_file

LICENSE = {"user": "Jane Doe", "organization": "Example Ltd", "key": "CANARY-1111-2222"}


def test_life_of_a_license(any_emulator, run, tmp_path):
    if any_emulator.settings.activate_body == "json":  # one of the strict readings
        any_emulator.settings.license_body = "flat"
    marker = tmp_path / "license.json"
    predicted = run("license", check=True, marker=str(marker), **LICENSE)
    assert predicted.changed
    assert not any_emulator.writes
    assert not marker.exists()
    done = run("license", marker=str(marker), **LICENSE)
    assert done.changes == predicted.changes
    assert done.diff == predicted.diff
    assert done.license == {"registered": True, "activated": True}
    stored = any_emulator.state()["license"]
    assert (stored["key"], stored["user"], stored["activations"]) == (LICENSE["key"], "Jane Doe", 1)
    again = run("license", marker=str(marker), **LICENSE)
    assert not again.changed
    assert again.license == {"registered": True, "activated": True}
    assert any_emulator.state()["license"]["activations"] == 1
    other = run("license", marker=str(marker), **{**LICENSE, "key": "CANARY-3333-4444"})
    assert other.changed
    assert any_emulator.state()["license"]["key"] == "CANARY-3333-4444"


def test_the_marker_gives_nothing_away(emulator, run, tmp_path):
    marker = tmp_path / "license.json"
    run("license", marker=str(marker), **LICENSE)
    assert stat.S_IMODE(marker.stat().st_mode) == 0o600
    text = marker.read_text()
    assert "CANARY" not in text
    assert "Jane" not in text
    assert set(json.loads(text)) == {"format", "server", "salt", "digest", "state"}
    assert json.loads(text)["server"] == emulator.url
    assert [path.name for path in tmp_path.iterdir()] == ["license.json"]


@pytest.mark.parametrize("check", [True, False])
def test_the_marker_of_another_server(emulator, run, tmp_path, check):
    marker = tmp_path / "license.json"
    run("license", marker=str(marker), **LICENSE)
    marker.write_text(marker.read_text().replace(emulator.url, "https://other:9261"))
    seen = len(emulator.requests)
    result = run("license", check=check, marker=str(marker), **LICENSE)
    assert result.error["kind"] == "input"
    assert f"belongs to the server https://other:9261, not to {emulator.url}" in result.msg
    assert "Give each server a marker of its own" in result.msg
    assert len(emulator.requests) == seen


def test_without_a_marker_every_run_registers(emulator, run):
    assert run("license", **LICENSE).changed
    assert run("license", **LICENSE).changed


def test_activation_is_caught_up(emulator, run, tmp_path):
    marker = str(tmp_path / "license.json")
    assert run("license", marker=marker, activate=False, **LICENSE).license == {"registered": True, "activated": False}
    result = run("license", marker=marker, **LICENSE)
    assert result.paths == ["activated"]
    assert emulator.state()["license"]["activations"] == 1
    assert not run("license", marker=marker, **LICENSE).changed
    assert run("license", marker=marker, update="always", **LICENSE).changed


def test_a_failed_activation_is_not_remembered(emulator, run, tmp_path):
    marker = str(tmp_path / "license.json")
    emulator.add_fault(
        method="POST", path="/api/License/Activate", action="status", status=500, body="no route to licensing"
    )
    failed = run("license", marker=marker, **LICENSE)
    assert failed.error["kind"] == "server"
    assert "no route to licensing" in failed.msg
    emulator.clear_faults()
    assert run("license", marker=marker, **LICENSE).paths == ["activated"]


@pytest.mark.parametrize("refusal", [415, 400])
@pytest.mark.parametrize("body", ["either", "json", "text"])
def test_the_readings_of_the_empty_text(emulator, run, body, refusal):
    emulator.settings.activate_body = body
    emulator.settings.activate_refusal = refusal
    assert run("license", **LICENSE).license["activated"]
    assert emulator.state()["license"]["activations"] == 1
    sent = [(r.headers["content-type"], r.size) for r in emulator.writes if r.path == "/api/License/Activate"]
    assert sent == [("application/json", 2), ("text/plain", 0)][: 2 if body == "text" else 1]


def test_an_error_of_the_second_form_is_not_hidden(emulator, run):
    emulator.settings.activate_body = "text"
    emulator.add_fault(path="/api/License/Activate", nth=2, action="status_after", status=500, body="no connection")
    result = run("license", **LICENSE)
    assert (result.error["kind"], result.error["status"]) == ("server", 500)
    assert "the server may have applied it anyway" in result.msg


@pytest.mark.parametrize("body", ["either", "json", "text"])
def test_an_activation_that_is_denied(emulator, run, body):
    emulator.reset(activate_body=body, license_body="wrapped")
    emulator.add_fault(path="/api/License/Activate", action="status", status=400, body="The key is used up", times=2)
    result = run("license", **LICENSE)
    assert "The key is used up" in result.msg
    assert "The key is registered but not active" in result.msg
    assert result.license == {"registered": True, "activated": False}


@pytest.mark.parametrize(
    ("server", "form", "works"),
    [
        ("wrapped", "wrapped", True),
        ("wrapped", "superset", True),
        ("flat", "wrapped", False),
        ("flat", "superset", True),
        ("both", "wrapped", True),
    ],
)
def test_both_readings_of_the_wrapper(emulator, run, server, form, works):
    emulator.settings.license_body = server
    result = run("license", body_form=form, **LICENSE)
    assert result.failed is not works
    assert not run("license", **LICENSE).failed


def test_what_cannot_be_remembered_is_not_begun(emulator, run, tmp_path):
    result = run("license", marker=str(tmp_path / "missing" / "license.json"), **LICENSE)
    assert result.error["kind"] == "input"
    assert "cannot be written. Name a file in a folder that exists" in result.msg
    assert not emulator.writes


def test_empty_values(emulator, run):
    assert run("license", **{**LICENSE, "key": " "}).error["kind"] == "input"
    assert not emulator.requests


@pytest.mark.parametrize(("writes", "done"), [(1, []), (2, ["registered"]), (3, ["registered", "activated"])])
def test_a_marker_that_cannot_be_written_any_more(emulator, run, tmp_path, monkeypatch, writes, done):
    """What was done is reported, and the next run does it once more."""
    replace, seen = os.replace, []

    def full(*arguments):
        seen.append(arguments)
        if len(seen) == writes:
            raise OSError(28, "No space left on device")
        replace(*arguments)

    marker = str(tmp_path / "license.json")
    with monkeypatch.context() as patch:
        patch.setattr(state_file.os, "replace", full)
        result = run("license", marker=marker, **LICENSE)
    assert result.error["kind"] == "input"
    assert f"{marker!r} cannot be written: No space left on device. Fix that, or every run registers" in result.msg
    assert result.changed is bool(done)
    assert result.get("license") == ({name: name in done for name in ("registered", "activated")} if done else None)
    assert len(emulator.writes) == len(done)
    assert run("license", marker=marker, **LICENSE).changed
    assert not run("license", marker=marker, **LICENSE).changed


def test_a_key_that_could_not_be_activated_is_reported_as_registered(emulator, run, tmp_path):
    marker = str(tmp_path / "license.json")
    emulator.add_fault(path="/api/License/Activate", action="status", status=500)
    result = run("license", marker=marker, **LICENSE)
    assert result.failed
    assert result.changed
    assert result.license == {"registered": True, "activated": False}
    assert "the server may have applied it anyway. The key is registered but not active" in result.msg
    assert run("license", marker=marker, **LICENSE).license == {"registered": True, "activated": True}


def test_a_key_whose_response_was_lost_may_be_registered(emulator, run):
    emulator.add_fault(path="/api/License/Key", action="reset_after")
    result = run("license", **LICENSE)
    assert "the server may have applied it anyway" in result.msg
    assert not result.changed


@pytest.mark.parametrize("second", ["accept", "refuse"])
def test_an_activation_whose_response_was_lost_is_no_dead_end(emulator, run, tmp_path, second):
    """Whether the server takes a second activation is unknown."""
    emulator.settings.second_activation = second
    marker = str(tmp_path / "license.json")
    emulator.add_fault(path="/api/License/Activate", action="reset_after")
    assert run("license", marker=marker, **LICENSE).failed
    assert run("license", marker=marker, **LICENSE).changed
    assert emulator.state()["license"]["activated"]
    assert not run("license", marker=marker, **LICENSE).changed


def test_a_marker_stays_when_nothing_could_be_registered(emulator, run, tmp_path):
    marker = str(tmp_path / "license.json")
    assert run("license", marker=marker, **LICENSE).changed
    emulator.add_fault(method="POST", path="/api/License/Key", action="status", status=403, times=9)
    assert run("license", marker=marker, update="always", **LICENSE).error["kind"] == "forbidden"
    emulator.clear_faults()
    assert not run("license", marker=marker, **LICENSE).changed
