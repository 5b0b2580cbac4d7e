"""state: absent of deployments and schedules, by an operation that an option or the server's OpenAPI document names."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.any_core

DELETE = {
    "deployment": "DELETE /api/Deployment/{deploymentId}",
    "schedule": "POST /api/Schedule/Delete/{scheduleId}",
}
PATHS = {"deployment": "/api/Deployment/", "schedule": "/api/Schedule/Delete"}
NOUNS = ["deployment", "schedule"]
FLOW = r"C:\Flows\load_orders.wf"
#: No pattern matches it.
OUTRIGHT = "POST /api/Things/{number}/Erase"
DOCUMENT = "/swagger/v1/swagger.json"


def allow_deleting(emulator, noun):
    setattr(emulator.settings, f"delete_{noun}_operation", DELETE[noun])


def serve_outright(emulator, noun, operation=OUTRIGHT):
    """Serve an operation that only an option can name, since there is no document."""
    setattr(emulator.settings, f"delete_{noun}_operation", operation)
    emulator.settings.openapi_path = "/nowhere.json"


def serve_document(emulator, *operations):
    """Serve a document with these operations, each with an integer for an id."""
    parameter = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    paths = {}
    for operation in operations:
        method, path = operation.split()
        paths.setdefault(path, {})[method.lower()] = {"parameters": [parameter]}
    document = {"openapi": "3.0.1", "paths": paths}
    emulator.add_fault(path=DOCUMENT, action="status", status=200, body=document, times=99)


def new(noun):
    return {"archive_path": FLOW} if noun == "deployment" else {"file": FLOW, "daily": {"at": "04:30"}}


def create(run, noun, name):
    return run(noun, name=name, **new(noun))[noun]


def foreseeable(result):
    """The changes without the activation of a deployment that the server created inactive: check mode cannot know."""
    return [change for change in result.all_changes if not change["path"].endswith(".active")]


def paths_since(emulator, before):
    return [request.path for request in emulator.requests[before:]]


def names(emulator, noun):
    return [item["name"] for item in emulator.state()[f"{noun}s"]]


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("version", ["3", "2"])
def test_what_exists_is_deleted_once(any_emulator, run, noun, version):
    any_emulator.settings.openapi_version = version
    allow_deleting(any_emulator, noun)
    create(run, noun, "Orders")
    other = create(run, noun, "Other")
    predicted = run(noun, name="Orders", state="absent", check=True)
    assert names(any_emulator, noun) == ["Orders", "Other"]
    done = run(noun, name="Orders", state="absent")
    assert done.changed
    assert done.changes == predicted.changes
    assert done.changes == [{"path": "state", "action": "remove", "before": "present", "after": "absent"}]
    assert done[noun] is None
    assert (done.diff["before"], done.diff["after"]) == ({"state": "present"}, {"state": "absent"})
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
    assert f"no operation that deletes a {noun} is documented" in result.msg
    assert "/swagger/v1/swagger.json lists none" in result.msg
    assert len(any_emulator.writes) == before


@pytest.mark.parametrize("noun", NOUNS)
def test_where_the_document_lies_is_an_option(emulator, run, noun):
    allow_deleting(emulator, noun)
    emulator.settings.openapi_path = "/api-docs/server.json"
    create(run, noun, "Orders")
    result = run(noun, name="Orders", state="absent")
    assert result.error["kind"] == "unsupported"
    assert "document was not found: /swagger/v1/swagger.json, " in result.msg
    assert "or openapi_path to the path of the document" in result.msg
    assert run(noun, name="Orders", state="absent", openapi_path="swagger.json").error["kind"] == "input"
    assert run(noun, name="Orders", state="absent", openapi_path="/api-docs/server.json").changed


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("action", ["reset_after", "status_after"])
def test_a_lost_response_is_resolved_by_reading(emulator, run, noun, action):
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
def test_a_rejection_is_reported(emulator, run, noun, status):
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
    assert "but still shows it" in result.msg


@pytest.mark.parametrize("noun", NOUNS)
def test_in_a_list(any_emulator, run, noun):
    allow_deleting(any_emulator, noun)
    for name in ("A", "B"):
        create(run, noun, name)
    options = {
        f"{noun}s": [{"name": "A", "state": "absent"}, {"name": "Gone", "state": "absent"}, {"name": "C", **new(noun)}]
    }
    predicted = run(f"{noun}s", check=True, **options)
    done = run(f"{noun}s", **options)
    assert [result["changed"] for result in done.results] == [True, False, True]
    assert foreseeable(done) == foreseeable(predicted)
    assert names(any_emulator, noun) == ["B", "C"]
    assert not run(f"{noun}s", **options).changed


@pytest.mark.parametrize("noun", NOUNS)
def test_a_list_without_an_operation_writes_nothing(emulator, run, noun):
    create(run, noun, "A")
    before = len(emulator.writes)
    result = run(f"{noun}s", **{f"{noun}s": [{"name": "C", **new(noun)}, {"name": "A", "state": "absent"}]})
    assert result.error["kind"] == "unsupported"
    assert len(emulator.writes) == before


@pytest.mark.parametrize("noun", NOUNS)
def test_an_absent_one_gets_no_new_name(emulator, run, noun):
    assert run(noun, name="A", new_name="B", state="absent").error["kind"] == "input"


@pytest.mark.parametrize("noun", NOUNS)
def test_an_operation_that_is_named_needs_no_document(any_emulator, run, noun):
    serve_outright(any_emulator, noun)
    first = create(run, noun, "Orders")
    create(run, noun, "Other")
    before, writes = len(any_emulator.requests), len(any_emulator.writes)
    options = {"name": "Orders", "state": "absent", "delete_operation": OUTRIGHT}
    predicted = run(noun, check=True, **options)
    assert predicted.changed
    assert len(any_emulator.writes) == writes
    done = run(noun, **options)
    assert done.changed
    assert done.changes == predicted.changes
    assert names(any_emulator, noun) == ["Other"]
    (erased,) = any_emulator.writes[writes:]
    assert (erased.method, erased.path) == ("POST", f"/api/Things/{first['id']}/Erase")
    assert not run(noun, **options).changed
    assert len(any_emulator.writes) == writes + 1
    assert not any(path.endswith(".json") or "swagger" in path for path in paths_since(any_emulator, before))


@pytest.mark.parametrize("noun", NOUNS)
def test_each_entry_of_a_list_may_name_one(any_emulator, run, noun):
    serve_outright(any_emulator, noun)
    for name in ("A", "B"):
        create(run, noun, name)
    absent = {"state": "absent", "delete_operation": OUTRIGHT}
    options = {f"{noun}s": [{"name": "A", **absent}, {"name": "Gone", **absent}, {"name": "C", **new(noun)}]}
    predicted = run(f"{noun}s", check=True, **options)
    assert names(any_emulator, noun) == ["A", "B"]
    done = run(f"{noun}s", **options)
    assert [result["changed"] for result in done.results] == [True, False, True]
    assert foreseeable(done) == foreseeable(predicted)
    assert names(any_emulator, noun) == ["B", "C"]
    assert not run(f"{noun}s", **options).changed
    unnamed = run(f"{noun}s", **{f"{noun}s": [{"name": "C", **absent}, {"name": "B", "state": "absent"}]})
    assert unnamed.error["kind"] == "unsupported"
    assert names(any_emulator, noun) == ["B", "C"]


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("status", [404, 410])
def test_an_id_that_is_gone_counts_as_deleted(emulator, run, noun, status):
    serve_outright(emulator, noun)
    create(run, noun, "Orders")
    emulator.add_fault(path="/api/Things*", action="status_after", status=status)
    assert not run(noun, name="Orders", state="absent", delete_operation=OUTRIGHT).failed
    assert names(emulator, noun) == []


@pytest.mark.parametrize("noun", NOUNS)
def test_a_named_operation_that_the_server_does_not_have_is_an_error(emulator, run, noun):
    create(run, noun, "Orders")
    result = run(noun, name="Orders", state="absent", delete_operation="DELETE /api/Nowhere/{id}")
    assert result.error["kind"] == "not_found"
    assert (result.error["method"], result.error["path"]) == ("DELETE", "/api/Nowhere/1")
    assert names(emulator, noun) == ["Orders"]


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize(
    "text",
    [
        "GET /api/Thing/{id}",
        "/api/Thing/{id}",
        "DELETE https://localhost/api/Thing/{id}",
        "DELETE //localhost/api/Thing/{id}",
        "DELETE /api/Thing",
        "DELETE /api/{kind}/{id}",
        "DELETE /api/Thing?id={id}",
        "DELETE /api/../Thing/{id}",
        "DELETE /api/Thing/{id}\n",
    ],
)
def test_any_other_text_is_rejected_before_a_request(emulator, run, noun, text):
    entry = {"name": "Orders", "state": "absent", "delete_operation": text}
    for result in (run(noun, **entry), run(f"{noun}s", **{f"{noun}s": [{"name": "A", **new(noun)}, entry]})):
        assert result.error["kind"] == "input"
        assert "delete_operation must be a method and a path" in result.msg
        assert "The method is POST or PUT or DELETE" in result.msg
    assert not emulator.requests


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("check", [False, True])
def test_several_matches_are_listed_and_none_is_used(emulator, run, noun, check):
    allow_deleting(emulator, noun)
    create(run, noun, "Orders")
    kind = noun.capitalize()
    serve_document(
        emulator, f"DELETE /api/{kind}/{{id}}", f"POST /api/{kind}s/Delete/{{id}}", f"PUT /api/{kind}/{{id}}"
    )
    before = len(emulator.writes)
    result = run(noun, name="Orders", state="absent", check=check)
    assert result.error["kind"] == "unsupported"
    several = f"DELETE /api/{kind}/{{id}}, POST /api/{kind}s/Delete/{{id}}. Set delete_operation to the operation"
    assert f"lists several; candidates: {several}" in result.msg
    assert len(emulator.writes) == before
    named = f"DELETE /api/{kind}/{{id}}" if noun == "deployment" else "POST /api/Schedule/Delete/{id}"
    assert run(noun, name="Orders", state="absent", delete_operation=named).changed
    assert names(emulator, noun) == []


@pytest.mark.parametrize("noun", NOUNS)
def test_candidates_without_a_match_are_listed_and_not_used(emulator, run, noun):
    create(run, noun, "Orders")
    kind = noun.capitalize()
    serve_document(emulator, f"DELETE /api/{kind}/{{id}}/Everything", f"GET /api/{kind}/{{id}}")
    before = len(emulator.writes)
    result = run(noun, name="Orders", state="absent")
    assert result.error["kind"] == "unsupported"
    assert f"lists none that can be used; candidates: DELETE /api/{kind}/{{id}}/Everything. Set" in result.msg
    assert len(emulator.writes) == before


@pytest.mark.parametrize("noun", NOUNS)
@pytest.mark.parametrize("possible", [True, False])
def test_nothing_takes_the_place_of_what_could_not_be_deleted(emulator, run, noun, possible):
    if possible:
        allow_deleting(emulator, noun)
        emulator.add_fault(path=f"{PATHS[noun]}*", action="status", status=409, body="It is in use.")
    found = create(run, noun, "A")
    entries = [{"id": found["id"], "state": "absent"}, {"name": "A", **new(noun)}, {"name": "B", **new(noun)}]
    result = run(f"{noun}s", continue_on_error=True, **{f"{noun}s": entries})
    assert [bool(item.get("failed")) for item in result.results] == [True, True, False]
    assert "could not be deleted" in result.results[1]["msg"]
    assert names(emulator, noun) == ["A", "B"]
