"""Another administrator at the same time: before our read, between our read and our write, before we read back.

The other one works in the emulator itself, ordered by the requests of ours that it comes before.
"""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.any_core

FLOW = r"C:\Flows\load_orders.wf"
#: By noun: the path of the writes and of the list, what makes one, a change of ours, and one of somebody else's.
WRITE = {"deployment": "/api/Deployment", "schedule": "/api/Schedule"}
LISTS = {"deployment": "/api/Deployments", "schedule": "/api/Schedules"}
NEW = {
    "deployment": {"archive_path": FLOW},
    "schedule": {"file": FLOW, "daily": {"start_time": "2026-12-01T04:30:00Z"}},
}
OURS = {
    "deployment": ({"encrypt_files": True}, {"encryptFiles": True}),
    "schedule": ({"skip_if_running": True}, {"skipIfRunning": True}),
}
THEIRS = {"deployment": {"comment": "theirs"}, "schedule": {"traceLevel": "theirs"}}

nouns = pytest.mark.parametrize("noun", ["deployment", "schedule"])
forms = pytest.mark.parametrize("form", ["single", "list"])


def ensure(run, form, noun, **options):
    """One object, with a task of its own or in a list."""
    if form == "single":
        return run(noun, **options)
    result = run(f"{noun}s", **{f"{noun}s": [options]})
    if "results" in result:
        assert len(result.results) == 1
    return result


def reported(result):
    """The warnings and what changed, without the name of an entry."""
    return result.warnings, result.paths if "changes" in result else [
        path.split(".", 1)[1] for path in result.all_paths
    ]


def stored(emulator, noun):
    return emulator.state()[f"{noun}s"]


def before(noun, moment):
    """The request of a second task before which somebody else acts."""
    method, path, nth = {
        "our read": ("GET", LISTS[noun], 1),
        "our write": ("POST", WRITE[noun], 1),
        "our second write": ("POST", WRITE[noun], 2),
        "our read back": ("GET", LISTS[noun], 2),
        "our third read": ("GET", LISTS[noun], 3),
    }[moment]
    return {"method": method, "path": path, "nth": nth}


def asked(emulator, since=0):
    return [f"{request.method} {request.path}" for request in emulator.requests[since:] if not request.is_login]


def holds(obj, fields):
    return {name: obj.get(name) for name in fields} == fields


@nouns
@forms
@pytest.mark.parametrize("moment", ["our read", "our write", "our read back"])
def test_both_changes_survive(any_emulator, run, noun, form, moment):
    run(noun, name="A", **NEW[noun])
    # A strict server makes a deployment that is not active, and what is listed is to be.
    ensure(run, form, noun, name="A")
    option, field = OURS[noun]
    any_emulator.add_fault(**before(noun, moment), action="edit", body={noun: {"id": 1, **THEIRS[noun]}})
    result = ensure(run, form, noun, name="A", **option)
    assert not result.failed, result
    assert reported(result) == ([], list(option))
    (obj,) = stored(any_emulator, noun)
    assert holds(obj, {**field, **THEIRS[noun]})
    assert not ensure(run, form, noun, name="A", **option).changed


@nouns
@forms
def test_somebody_else_makes_the_same_change(emulator, run, noun, form):
    run(noun, name="A", **NEW[noun])
    option, field = OURS[noun]
    emulator.add_fault(**before(noun, "our write"), action="edit", body={noun: {"id": 1, **field}})
    result = ensure(run, form, noun, name="A", **option)
    assert not result.failed
    assert not result.changed
    assert holds(stored(emulator, noun)[0], field)


@nouns
@forms
def test_the_same_field_before_our_write_is_ours(emulator, run, noun, form):
    run(noun, name="A", active=True, **NEW[noun])
    emulator.add_fault(**before(noun, "our write"), action="edit", body={noun: {"id": 1, **OURS[noun][1]}})
    result = ensure(run, form, noun, name="A", active=False, **dict.fromkeys(OURS[noun][0], False))
    assert not result.failed
    assert sorted(reported(result)[1]) == sorted(["active", *OURS[noun][0]])
    assert holds(stored(emulator, noun)[0], {"isActive": False, **dict.fromkeys(OURS[noun][1], False)})


@nouns
@forms
def test_the_same_field_after_our_write_is_theirs_and_reported(emulator, run, noun, form):
    run(noun, name="A", active=True, **NEW[noun])
    edit = {noun: {"id": 1, "isActive": True}}
    emulator.add_fault(**before(noun, "our read back"), action="edit", body=edit)
    result = ensure(run, form, noun, name="A", active=False)
    assert not result.changed
    (warning,) = result.warnings
    assert f"did not keep active of the {noun} 'A': sent False, read True. Somebody else" in warning
    assert ensure(run, form, noun, name="A", active=False).changed


@nouns
@forms
def test_somebody_else_switches_it_off(emulator, run, noun, form):
    """A field that the playbook does not name is theirs, but what a list names runs."""
    run(noun, name="A", active=True, **NEW[noun])
    emulator.add_fault(**before(noun, "our write"), action="edit", body={noun: {"id": 1, "isActive": False}})
    assert not ensure(run, form, noun, name="A", **OURS[noun][0]).failed
    assert holds(stored(emulator, noun)[0], {**OURS[noun][1], "isActive": form == "list"})


@nouns
@forms
@pytest.mark.parametrize("moment", ["our write", "our read back"])
def test_somebody_else_renames_it(emulator, run, noun, form, moment):
    run(noun, name="A", **NEW[noun])
    emulator.add_fault(**before(noun, moment), action="edit", body={noun: {"id": 1, "name": "Z"}})
    result = ensure(run, form, noun, name="A", **OURS[noun][0])
    assert result.error["kind"] == "conflict"
    assert f"the {noun} with id 1 is named 'Z', not 'A'. Somebody else may have renamed it" in result.msg
    (obj,) = stored(emulator, noun)
    assert obj["name"] == "Z"
    assert holds(obj, OURS[noun][1]) is (moment == "our read back")


@nouns
@forms
@pytest.mark.parametrize("moment", ["our write", "our read back"])
def test_somebody_else_deletes_it(any_emulator, run, noun, form, moment):
    run(noun, name="A", **NEW[noun])
    any_emulator.add_fault(**before(noun, moment), action="remove", body={noun: 1})
    # Without what a new one needs: that must not be what the user reads about.
    result = ensure(run, form, noun, name="A", **OURS[noun][0])
    assert result.error["kind"] == "conflict"
    assert (
        f"somebody else deleted the {noun} 'A' during this task. Run the task again if you still need it." in result.msg
    )
    assert stored(any_emulator, noun) == []
    assert ensure(run, form, noun, name="A", **OURS[noun][0], **NEW[noun]).changed


@forms
def test_a_schedule_that_is_deleted_while_it_is_read(any_emulator, run, form):
    run("schedule", name="A", **NEW["schedule"])
    any_emulator.add_fault(path="/api/Schedule/1", action="remove", body={"schedule": 1})
    result = ensure(run, form, "schedule", name="A", skip_if_running=True)
    assert (result.error["kind"], result.error["path"]) == ("not_found", "/api/Schedule/1")


@nouns
@forms
def test_somebody_else_deletes_what_is_just_made(emulator, run, noun, form):
    # A list of schedules is read once more before the first one is created.
    moment = "our third read" if (noun, form) == ("schedule", "list") else "our read back"
    emulator.add_fault(**before(noun, moment), action="remove", body={noun: 1})
    result = ensure(run, form, noun, name="A", **NEW[noun])
    assert result.error["kind"] == "server"
    assert "but does not show it afterwards. Run the task again" in result.msg
    assert ensure(run, form, noun, name="A", **NEW[noun]).changed


@nouns
@forms
def test_somebody_else_never_stops(emulator, run, noun, form):
    run(noun, name="A", **NEW[noun])
    since = len(emulator.writes)
    for number in range(1, 9):
        edit = {noun: {"id": 1, **dict.fromkeys(THEIRS[noun], f"theirs {number}")}}
        emulator.add_fault(**{**before(noun, "our write"), "nth": number}, action="edit", body=edit)
    result = ensure(run, form, noun, name="A", **OURS[noun][0])
    assert result.error["kind"] == "conflict"
    assert "between each read and write of this task" in result.msg
    assert "No change of this task was kept. Run it again when the other changes are done." in result.msg
    assert len(emulator.writes) - since == 3
    emulator.clear_faults()
    assert ensure(run, form, noun, name="A", **OURS[noun][0]).changed


# -- the same name, twice -------------------------------------------------------------------------------------------


@nouns
@forms
def test_a_name_that_the_server_guards_is_taken_over(any_emulator, run, form, noun):
    """Documented for deployments, one of the variants for schedules."""
    any_emulator.settings.duplicate_schedule_name = "refuse"
    other = {"name": "A", **THEIRS[noun]}
    any_emulator.add_fault(**before(noun, "our write"), action="edit", body={noun: other})
    result = ensure(run, form, noun, name="A", **OURS[noun][0], **NEW[noun])
    assert not result.failed, result
    assert result.changed
    (obj,) = stored(any_emulator, noun)
    assert holds(obj, OURS[noun][1])
    assert not ensure(run, form, noun, name="A", **OURS[noun][0], **NEW[noun]).changed


@forms
@pytest.mark.parametrize("response", ["empty", "id", "object"])
def test_two_schedules_of_one_name_are_reported_and_can_be_fixed(emulator, run, form, response):
    """The server takes both, if the other one comes within the one round trip between our read and our write."""
    emulator.settings.post_answer = response
    other = {"name": "A", "isFile": True, "filePathResolved": {"path": FLOW}}
    emulator.add_fault(**before("schedule", "our write"), action="edit", body={"schedule": other})
    result = ensure(run, form, "schedule", name="A", **NEW["schedule"])
    assert result.error["kind"] == "conflict"
    assert "2 schedules are named 'A' (ids 1, 2)." in result.msg
    assert "set id, new_name and active: false in a task of its own; then run this one again" in result.msg

    again = ensure(run, form, "schedule", name="A", **NEW["schedule"])
    assert again.error["kind"] == "conflict"
    assert "2 schedules are named 'A' (ids 1, 2). Say which one with id." in again.msg
    assert len(stored(emulator, "schedule")) == 2

    assert run("schedule", id=1, new_name="A, one too many", active=False).changed
    fixed = ensure(run, form, "schedule", name="A", **NEW["schedule"])
    assert not fixed.failed
    assert not fixed.changed
    assert [item["name"] for item in stored(emulator, "schedule")] == ["A, one too many", "A"]


@nouns
@forms
def test_a_second_one_of_the_name_of_what_is_updated(emulator, run, noun, form):
    """The name says which one is meant, and by the read back it means two."""
    emulator.settings.name_clash = "exact"
    run(noun, name="A", **NEW[noun])
    run(noun, name="B", **NEW[noun])
    emulator.add_fault(**before(noun, "our read back"), action="edit", body={noun: {"id": 2, "name": "A"}})
    result = ensure(run, form, noun, name="A", **OURS[noun][0])
    assert result.error["kind"] == "conflict"
    assert f"2 {noun}s are named 'A' (ids 1, 2)" in result.msg
    # Whoever says with an id which one is meant may have it so.
    emulator.clear_faults()
    assert not ensure(run, form, noun, id=1, name="A", **OURS[noun][0]).failed


def schedule(name):
    return {"name": name, **NEW["schedule"]}


def theirs(name):
    return {"schedule": {"name": name, "isFile": True, "filePathResolved": {"path": FLOW}}}


def test_what_somebody_else_made_before_our_first_creation_is_not_made_again(any_emulator, run):
    """It is the second creation that finds it in the list that was read before the first one."""
    any_emulator.add_fault(**before("schedule", "our read back"), action="edit", body=theirs("B"))
    result = run("schedules", schedules=[schedule("A"), schedule("B")])
    assert not result.failed, result
    assert sorted(item["name"] for item in stored(any_emulator, "schedule")) == ["A", "B"]
    assert [entry["changed"] for entry in result.results] == [True, True]
    assert not run("schedules", schedules=[schedule("A"), schedule("B")]).changed


def test_two_of_a_name_among_many_are_found_by_the_read_back(emulator, run):
    """The list is not read before each creation, so the server may take a second one. The others are done."""
    emulator.add_fault(**before("schedule", "our second write"), action="edit", body=theirs("B"))
    result = run("schedules", schedules=[schedule("A"), schedule("B"), schedule("C")])
    assert result.error["kind"] == "conflict"
    assert "1 of 3 schedules failed. 'B': 2 schedules are named 'B' (ids 2, 3)." in result.msg
    assert [entry.get("failed", False) for entry in result.results] == [False, True, False]
    assert [entry["changed"] for entry in result.results] == [True, True, True]


def test_a_name_among_many_that_the_server_guards_is_taken_over(emulator, run):
    emulator.settings.duplicate_schedule_name = "refuse"
    emulator.add_fault(**before("schedule", "our second write"), action="edit", body=theirs("B"))
    result = run("schedules", schedules=[schedule("A"), schedule("B"), schedule("C")])
    assert not result.failed, result
    assert sorted(item["name"] for item in stored(emulator, "schedule")) == ["A", "B", "C"]
    assert not run("schedules", schedules=[schedule("A"), schedule("B"), schedule("C")]).changed


def test_what_somebody_else_made_just_so_is_no_change(emulator, run):
    run("schedule", name="Like this", **NEW["schedule"])
    (model,) = stored(emulator, "schedule")
    other = {**{name: value for name, value in model.items() if name != "id"}, "name": "B"}
    emulator.add_fault(**before("schedule", "our read back"), action="edit", body={"schedule": other})
    result = run("schedules", schedules=[schedule("A"), schedule("B")])
    assert [entry["changed"] for entry in result.results] == [True, False]
    assert result.diff[1:] == [] if isinstance(result.diff, list) else result.diff["after"]
    assert len(stored(emulator, "schedule")) == 3


# -- the window where the server guards nothing ---------------------------------------------------------------------


@pytest.mark.parametrize("source", [{"deployment": "D", "start_item": "a.wf"}, {"file": FLOW}])
@pytest.mark.parametrize("frequency", [{"daily": {"at": "04:30"}}, {"like": "Model"}])
@forms
def test_a_new_schedule_follows_the_list_at_once(emulator, run, form, source, frequency):
    run("deployment", name="D", **NEW["deployment"])
    run("schedule", name="Model", **NEW["schedule"])
    since = len(emulator.requests)
    assert ensure(run, form, "schedule", name="A", **source, **frequency).changed
    requests = asked(emulator, since)
    assert requests[requests.index("POST /api/Schedule") - 1] == "GET /api/Schedules"


def test_a_deletion_follows_the_list_at_once(emulator, run):
    """The operation is searched for in between, in a document that may be slow to come."""
    emulator.settings.delete_schedule_operation = "DELETE /api/Schedule/{id}"
    for name in ("A", "B"):
        run("schedule", name=name, **NEW["schedule"])
    emulator.add_fault(path="/swagger/*", action="edit", body={"schedule": {"id": 1, "name": "Needed"}})
    result = run("schedule", name="A", state="absent")
    assert result.error["kind"] == "conflict"
    assert "the schedule with id 1 is named 'Needed', not 'A'" in result.msg
    since = len(emulator.requests)
    assert run("schedules", schedules=[{"name": name, "state": "absent"} for name in ("Needed", "B")]).changed
    requests = asked(emulator, since)
    for number, request in enumerate(requests):
        if request.startswith("DELETE"):
            assert requests[number - 1] == "GET /api/Schedules"
    assert sum(request.startswith("DELETE") for request in requests) == 2


@forms
def test_a_deletion_that_somebody_else_was_faster_with(emulator, run, form):
    emulator.settings.delete_schedule_operation = "DELETE /api/Schedule/{id}"
    run("schedule", name="A", **NEW["schedule"])
    emulator.add_fault(path="/swagger/*", action="remove", body={"schedule": 1})
    result = ensure(run, form, "schedule", name="A", state="absent")
    assert not result.failed, result
    assert not result.changed
    assert not emulator.writes[1:]


@forms
def test_a_deployment_without_a_timestamp_is_read_again_after_its_upload(emulator, run, archive, form):
    """Timestamps are documented. Where a server shows none all the same, nothing guards the update."""
    shown = {"id": 1, "name": "A", "clusterArchiveFilePath": r"C:\old.car", "clusterConfigFilePath": "", "comment": ""}
    theirs = {**shown, "comment": "theirs"}
    emulator.add_fault(path="/api/Deployments", status=200, body=[shown])
    emulator.add_fault(path="/api/Deployments", nth=2, status=200, body=[theirs])
    emulator.add_fault(path="/api/Deployment", status=200)
    ensure(run, form, "deployment", name="A", archive=str(archive))
    requests = asked(emulator)
    assert requests[:4] == [
        "GET /api/Deployments",
        "POST /api/UploadFile",
        "GET /api/Deployments",
        "POST /api/Deployment",
    ]
    assert emulator.writes[-1].json["comment"] == "theirs"


def test_a_guarded_deployment_is_not_read_again_after_its_upload(any_emulator, run, archive):
    run("deployment", name="A", **NEW["deployment"])
    since = len(any_emulator.requests)
    run("deployment", name="A", archive=str(archive))
    reads = "GET /api/Deployments"
    assert asked(any_emulator, since) == [reads, "POST /api/UploadFile", "POST /api/Deployment", reads]


SINGLES = {
    "cluster": ("/api/Cluster", {"purge_job_info_after": 9}, {"purgeJobInfoAfter": 9}, {"name": "THEIRS"}),
    "server_config": (
        "/api/Server/Config",
        {"config_parameters": {"purge_chunk_size": 9}, "repository": {"password": "canary"}},
        {"configParameters": {"purgeChunkSize": 9}},
        {"serverProfile": "ServerProfile2"},
    ),
}


def current(emulator, module):
    return emulator.state()["cluster" if module == "cluster" else "config"]


@pytest.mark.parametrize("module", list(SINGLES))
@pytest.mark.parametrize("moment", ["our read", "our write", "our read back"])
def test_settings_without_a_timestamp(emulator, run, module, moment):
    """What somebody else changes within the one round trip is lost, as the documentation says; all else survives."""
    path, options, field, theirs = SINGLES[module]
    emulator.settings.restart_after_config = "none"
    request = {"our read": ("GET", 1), "our write": ("POST", 1), "our read back": ("GET", 2)}[moment]
    kind = "cluster" if module == "cluster" else "config"
    emulator.add_fault(method=request[0], path=path, nth=request[1], action="edit", body={kind: theirs})
    wait = {"wait_interval": 0.01} if module == "server_config" else {}
    result = run(module, **options, **wait)
    assert not result.failed, result
    requests = asked(emulator)
    assert requests[requests.index(f"POST {path}") - 1] == f"GET {path}"
    after = current(emulator, module)
    assert holds(
        after, {name: after[name] | value if isinstance(value, dict) else value for name, value in field.items()}
    )
    assert holds(after, theirs) is (moment != "our write")


@pytest.mark.parametrize("module", list(SINGLES))
def test_the_same_settings_after_our_write(emulator, run, module):
    path, options, _field, _theirs = SINGLES[module]
    emulator.settings.restart_after_config = "none"
    edit = {
        "cluster": {"cluster": {"purgeJobInfoAfter": 8}},
        "server_config": {"config": {"configParameters": {"purgeChunkSize": 8}}},
    }
    emulator.add_fault(method="GET", path=path, nth=2, action="edit", body=edit[module])
    wait = {"wait_interval": 0.01} if module == "server_config" else {}
    result = run(module, **options, **wait)
    assert len(result.warnings) == 1
    assert "sent 9, read 8. Somebody else may have changed it." in result.warnings[0]
    assert not result.changed


def test_a_cluster_with_a_timestamp(emulator, run):
    emulator.settings.cluster_stamp = "present"
    emulator.add_fault(method="POST", path="/api/Cluster", action="edit", body={"cluster": {"name": "THEIRS"}})
    result = run("cluster", purge_job_info_after=9)
    assert result.paths == ["purge_job_info_after"]
    assert holds(current(emulator, "cluster"), {"name": "THEIRS", "purgeJobInfoAfter": 9})
    for number in range(1, 9):
        edit = {"cluster": {"stagingDirectory": {"path": f"C:\\{number}"}}}
        emulator.add_fault(method="POST", path="/api/Cluster", nth=number, action="edit", body=edit)
    result = run("cluster", name="OURS")
    assert result.error["kind"] == "conflict"
    assert "somebody else changed the cluster settings between each read" in result.msg
    assert current(emulator, "cluster")["name"] == "THEIRS"


@pytest.mark.parametrize(
    "variant",
    [{"created_stamp": "required"}, {"newer_stamp": "accept"}, {"partial_update": "drop"}, {"schedule_list": "summary"}]
    + [{"post_answer": form} for form in ("empty", "id", "object")],
    ids=str,
)
@nouns
def test_other_variants(emulator, run, renew, noun, variant):
    renew(emulator, **variant)
    run(noun, name="A", **NEW[noun])
    option, field = OURS[noun]
    emulator.add_fault(**before(noun, "our write"), action="edit", body={noun: {"id": 1, **THEIRS[noun]}})
    assert reported(run(noun, name="A", **option)) == ([], list(option))
    assert holds(stored(emulator, noun)[0], {**field, **THEIRS[noun]})
