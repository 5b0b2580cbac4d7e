"""state: absent of deployments and schedules, by what the server's own OpenAPI document names."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.any_core

DELETE = {
    "deployment": "DELETE /api/Deployment/{deploymentId}",
    "schedule": "POST /api/Schedule/Delete?scheduleId={scheduleId}",
}
PATHS = {"deployment": "/api/Deployment/", "schedule": "/api/Schedule/Delete"}
NOUNS = ["deployment", "schedule"]
FLOW = r"C:\Flows\load_orders.wf"


def allow_deleting(emulator, noun):
    setattr(emulator.settings, f"delete_{noun}_operation", DELETE[noun])


def create(run, noun, name):
    options = {"archive_path": FLOW} if noun == "deployment" else {"file": FLOW, "daily": {"at": "04:30"}}
    return run(noun, name=name, **options)[noun]


def names(emulator, noun):
    return [item["name"] for item in emulator.state()[f"{noun}s"]]


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("version", ["3", "2"])
def test_what_exists_is_deleted_once(any_emulator, run, noun, version):
    any_emulator.settings.openapi_version = version
    allow_deleting(any_emulator, noun)
    first, other = create(run, noun, "Orders"), create(run, noun, "Other")
    predicted = run(noun, name="Orders", state="absent", check=True)
    assert names(any_emulator, noun) == ["Orders", "Other"]
    done = run(noun, name="Orders", state="absent")
    assert done.changed
    assert done.changes == predicted.changes
    assert done.changes[0]["path"] == noun
    assert done.changes[0]["action"] == "remove"
    assert done.changes[0]["before"]["id"] == first["id"]
    assert done.changes[0]["after"] is None
    assert done[noun] is None
    assert done.diff["before"]["name"] == "Orders"
    assert done.diff["after"] == {}
    assert names(any_emulator, noun) == ["Other"]
    again = run(noun, name="Orders", state="absent")
    assert not again.changed
    assert run(noun, id=other["id"], state="absent").changed
    assert names(any_emulator, noun) == []
    assert not run(noun, id=other["id"], state="absent").changed


@pytest.mark.parametrize("noun", NOUNS)
def test_what_is_not_there_needs_no_operation(emulator, run, noun):
    assert not run(noun, name="Gone", state="absent").changed
    assert not any("swagger" in request.path for request in emulator.requests)


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("check", [False, True])
def test_without_an_operation_nothing_is_tried(any_emulator, run, noun, check):
    create(run, noun, "Orders")
    before = len(any_emulator.writes)
    result = run(noun, name="Orders", state="absent", check=check)
    assert result.error["kind"] == "unsupported"
    assert f"the {noun} 'Orders' exists, and no call is documented that deletes a {noun}" in result.msg
    assert "/swagger/v1/swagger.json names none" in result.msg
    assert len(any_emulator.writes) == before


@pytest.mark.parametrize("noun", NOUNS)
def test_where_the_document_lies_is_an_option(emulator, run, noun):
    allow_deleting(emulator, noun)
    emulator.settings.openapi_path = "/api-docs/server.json"
    create(run, noun, "Orders")
    result = run(noun, name="Orders", state="absent")
    assert result.error["kind"] == "unsupported"
    assert "Give its path as openapi_path" in result.msg
    assert run(noun, name="Orders", state="absent", openapi_path="swagger.json").error["kind"] == "input"
    assert run(noun, name="Orders", state="absent", openapi_path="/api-docs/server.json").changed


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("action", ["reset_after", "status_after"])
def test_a_lost_answer_is_resolved_by_reading(emulator, run, noun, action):
    allow_deleting(emulator, noun)
    create(run, noun, "Orders")
    emulator.add_fault(path=f"{PATHS[noun]}*", action=action, status=500)
    assert run(noun, name="Orders", state="absent").changed
    assert names(emulator, noun) == []


@pytest.mark.parametrize("noun", NOUNS)
def test_somebody_else_was_faster(emulator, run, noun):
    allow_deleting(emulator, noun)
    create(run, noun, "Orders")
    emulator.add_fault(path=f"{PATHS[noun]}*", action="status_after", status=404)
    result = run(noun, name="Orders", state="absent")
    assert not result.failed
    assert names(emulator, noun) == []


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("status", [400, 403, 409])
def test_a_refusal_is_told(emulator, run, noun, status):
    allow_deleting(emulator, noun)
    create(run, noun, "Orders")
    emulator.add_fault(path=f"{PATHS[noun]}*", action="status", status=status, body="It is in use.")
    result = run(noun, name="Orders", state="absent")
    assert "It is in use" in result.msg
    assert result.error["status"] == status
    assert names(emulator, noun) == ["Orders"]


@pytest.mark.parametrize("noun", NOUNS)
def test_a_deletion_that_does_nothing_is_no_success(emulator, run, noun):
    allow_deleting(emulator, noun)
    create(run, noun, "Orders")
    emulator.add_fault(path=f"{PATHS[noun]}*", action="status", status=200)
    result = run(noun, name="Orders", state="absent")
    assert result.error["kind"] == "server"
    assert "was accepted but the server still shows it" in result.msg


@pytest.mark.parametrize("noun", NOUNS)
def test_in_a_list(any_emulator, run, noun):
    allow_deleting(any_emulator, noun)
    for name in ("A", "B"):
        create(run, noun, name)
    new = {"archive_path": FLOW} if noun == "deployment" else {"file": FLOW, "daily": {"at": "04:30"}}
    options = {
        f"{noun}s": [{"name": "A", "state": "absent"}, {"name": "Gone", "state": "absent"}, {"name": "C", **new}]
    }
    predicted = run(f"{noun}s", check=True, **options)
    done = run(f"{noun}s", **options)
    assert [result["changed"] for result in done.results] == [True, False, True]
    assert done.changes == predicted.changes
    assert names(any_emulator, noun) == ["B", "C"]
    assert not run(f"{noun}s", **options).changed


@pytest.mark.parametrize("noun", NOUNS)
def test_a_list_without_an_operation_writes_nothing(emulator, run, noun):
    create(run, noun, "A")
    before = len(emulator.writes)
    new = {"archive_path": FLOW} if noun == "deployment" else {"file": FLOW, "daily": {"at": "04:30"}}
    result = run(f"{noun}s", **{f"{noun}s": [{"name": "C", **new}, {"name": "A", "state": "absent"}]})
    assert result.error["kind"] == "unsupported"
    assert len(emulator.writes) == before


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("possible", [True, False])
def test_nothing_takes_the_place_of_what_could_not_be_deleted(emulator, run, noun, possible):
    if possible:
        allow_deleting(emulator, noun)
        emulator.add_fault(path=f"{PATHS[noun]}*", action="status", status=409, body="It is in use.")
    found = create(run, noun, "A")
    new = {"archive_path": FLOW} if noun == "deployment" else {"file": FLOW, "daily": {"at": "05:30"}}
    entries = [{"id": found["id"], "state": "absent"}, {"name": "A", **new}, {"name": "B", **new}]
    result = run(f"{noun}s", continue_on_error=True, **{f"{noun}s": entries})
    assert [bool(item.get("failed")) for item in result.results] == [True, True, False]
    assert "could not be deleted" in result.results[1]["msg"]
    assert names(emulator, noun) == ["A", "B"]


@pytest.mark.parametrize("noun", NOUNS)
def test_an_absent_one_gets_no_new_name(emulator, run, noun):
    assert run(noun, name="A", new_name="B", state="absent").error["kind"] == "input"
