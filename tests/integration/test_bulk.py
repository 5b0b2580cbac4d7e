"""astera_deployments and astera_schedules: a list in one task."""

from __future__ import annotations

import importlib
import json
import pathlib
import threading
import time

import hypothesis
import pytest
import yaml
from hypothesis import strategies as st

pytestmark = pytest.mark.in_matrix

DAILY = {"daily": {"start_time": "2026-12-01T04:30:00Z"}}
FILE = {"file": r"C:\Flows\load_orders.wf"}


def flows(*names, **options):
    return [{"name": name, **FILE, **DAILY, **options} for name in names]


def asked(emulator, since=0):
    return [f"{request.method} {request.path}" for request in emulator.requests[since:]]


def stored(emulator, noun="schedules"):
    """What the server has by name, without ids and timestamps."""
    return {
        item["name"]: {k: v for k, v in item.items() if k not in ("id", "createdDtTm", "updateDtTm", "deploymentId")}
        for item in emulator.state()[noun]
    }


def by_name(result):
    return {entry["name"]: entry for entry in result.results}


@pytest.fixture
def files(tmp_path):
    for name in ("one.car", "two.car", "one.cfg"):
        (tmp_path / name).write_bytes(name.encode())
    return {path.name: str(path) for path in tmp_path.iterdir()}


def test_deployments(any_emulator, run, files):
    desired = [
        {"name": "One", "archive": files["one.car"], "config": files["one.cfg"], "comment": "first"},
        {"name": "Two", "archive": files["two.car"], "active": False},
        {"name": "Twin of one", "archive": files["one.car"]},
        {"name": "Gone", "state": "absent"},
    ]
    predicted = run("deployments", deployments=desired, check=True)
    assert not any_emulator.writes
    assert [len(entry.get("uploads", [])) for entry in predicted.results] == [2, 1, 1, 0]
    done = run("deployments", deployments=desired)
    assert done.changed
    assert [change for change in done.all_changes if "active" not in change["path"]] == [
        change for change in predicted.all_changes if "active" not in change["path"]
    ]
    assert done.counts == {"created": 3, "updated": 0, "deleted": 0, "unchanged": 1, "failed": 0, "skipped": 0}
    uploads = [request for request in any_emulator.writes if request.path == "/api/UploadFile"]
    assert len(uploads) == 3, "the archive that two entries name is sent once"
    assert [entry["changed"] for entry in done.results] == [True, True, True, False]
    assert [len(entry.get("uploads", [])) for entry in done.results] == [2, 1, 1, 0]
    assert "One.archive" in done.all_paths
    assert len(done.diff) == 3
    assert stored(any_emulator, "deployments")["Two"]["isActive"] is False

    since = len(any_emulator.requests)
    again = run("deployments", deployments=desired)
    assert not again.changed
    assert again.all_changes == again.diff == []
    assert again.counts["unchanged"] == 4
    assert asked(any_emulator, since) == ["POST /api/account/login", "GET /api/Deployments"]


def test_schedules(any_emulator, run):
    desired = [
        *flows("A", "B"),
        {"name": "C", **FILE, "like": "A", "active": False},
        {"name": "D", "id": None, "new_name": None, **FILE, **DAILY, "extra_fields": {"future": {"api_key": "canary"}}},
    ]
    predicted = run("schedules", schedules=desired, check=True)
    assert not any_emulator.writes
    done = run("schedules", schedules=desired)
    assert "changes" not in done
    assert done.all_changes == predicted.all_changes
    assert len(done.diff) == len(predicted.diff) == 4
    assert "canary" not in str(done)
    again = run("schedules", schedules=desired)
    assert not again.changed, again.all_changes
    changed = run("schedules", schedules=[{"name": "B", "active": False}, {"name": "A", "new_name": "Z"}])
    assert changed.all_paths == ["B.active", "A.name"]
    assert set(changed.results[0]) == {"name", "id", "changed", "changes"}
    assert len(stored(any_emulator)) == 4


def test_requests(emulator, run):
    """As few as can be: the login, the list, once more before the first creation, the writes, and to read them back."""
    emulator.put("deployment", {"name": "Orders", "clusterArchiveFilePath": r"C:\Deployment\o.car"})
    names = [f"S{number}" for number in range(30)]
    since = len(emulator.requests)
    run("schedules", schedules=flows(*names))
    login, lists = "POST /api/account/login", "GET /api/Schedules"
    assert asked(emulator, since) == [login, lists, lists, *["POST /api/Schedule"] * 30, lists]
    since = len(emulator.requests)
    assert not run("schedules", schedules=flows(*names)).changed
    assert asked(emulator, since) == [login, lists]

    desired = [{"name": name, "deployment": "Orders", "start_item": "a.wf", **DAILY} for name in ("X", "Y")]
    run("schedules", schedules=desired)
    since = len(emulator.requests)
    assert not run("schedules", schedules=desired).changed
    assert asked(emulator, since) == [login, lists, "GET /api/Deployments"]


def test_requests_of_updates_before_and_after_creations(emulator, run):
    """Updates are guarded by the server, so only the first creation reads the list once more."""
    run("schedules", schedules=flows("A", "B", "C"))
    since = len(emulator.requests)
    desired = [{"name": "A", "active": False}, *flows("X"), {"name": "B", "active": False}, *flows("Y")]
    assert run("schedules", schedules=desired).changed
    lists, write = "GET /api/Schedules", "POST /api/Schedule"
    requests = [request for request in asked(emulator, since)[1:] if not request.startswith("GET /api/Schedule/")]
    assert requests == [lists, write, lists, write, write, write, lists]


def test_names_that_become_free_while_a_list_is_written(emulator, run):
    """A list that was read before the renaming and the deletion does not hold up what takes their names."""
    emulator.settings.delete_schedule_operation = "DELETE /api/Schedule/{id}"
    run("schedules", schedules=flows("Renamed", "Deleted"))
    desired = [
        *flows("First"),
        {"id": 1, "new_name": "Other"},
        *flows("Renamed"),
        {"id": 2, "state": "absent"},
        *flows("Deleted"),
    ]
    result = run("schedules", schedules=desired)
    assert not result.failed, result
    assert {item["name"]: item["id"] for item in emulator.state()["schedules"]} == {
        "First": 3,
        "Other": 1,
        "Renamed": 4,
        "Deleted": 5,
    }


def test_nothing_is_written_when_an_entry_cannot_be_planned(any_emulator, run):
    desired = [*flows("A"), {"name": "B"}, {"name": "C", "like": "nowhere", **FILE}, *flows("D")]
    result = run("schedules", schedules=desired)
    assert result.failed
    assert not any_emulator.writes
    assert result.error["kind"] == "input"
    assert "2 of 4 schedules failed, and 2 were not tried" in result.msg
    assert "'B': a new schedule needs something to run" in result.msg
    assert "no schedule named 'nowhere'" in result.msg
    assert [entry.get("skipped", False) for entry in result.results] == [True, False, False, True]

    result = run("schedules", schedules=desired, continue_on_error=True)
    assert result.failed
    assert result.changed
    assert "2 of 4 schedules failed. " in result.msg
    assert sorted(stored(any_emulator)) == ["A", "D"]
    assert by_name(result)["B"]["error"]["kind"] == "input"
    assert by_name(result)["D"]["id"]


@pytest.mark.parametrize(
    "pair",
    [
        (flows("A", "B", "A"), "entry 1 and entry 3 of schedules both use the name 'A'"),
        (flows("\u00c4", "A\u0308"), "entry 1 and entry 2 of schedules both use the name '\u00c4'"),
        ([*flows("A"), {"name": "B", "new_name": "A"}], "entry 1 and entry 2 of schedules both use the name 'A'"),
        ([{"name": "B", "new_name": "C"}, *flows("B")], "entry 1 and entry 2 of schedules both use the name 'B'"),
        ([{"name": n, "new_name": "C"} for n in "AB"], "entry 1 and entry 2 of schedules both use the name 'C'"),
        ([*flows("X"), {"id": 1}, {"id": 1, "name": "Old"}], "entry 2 and entry 3 of schedules both use the id 1"),
        ([{"name": "A", "state": "absent"}, *flows("A")], "entry 1 and entry 2 of schedules both use the name 'A'"),
    ],
)
@pytest.mark.parametrize("go_on", [False, True])
@pytest.mark.parametrize("check", [False, True])
def test_two_entries_for_one_object(emulator, run, pair, go_on, check):
    entries, words = pair
    result = run("schedules", schedules=entries, continue_on_error=go_on, check=check)
    assert result.error["kind"] == "input"
    assert words in result.msg
    assert not emulator.requests


def test_two_deployments_of_one_name(emulator, run, files):
    """When there is none yet, the second one would be an update of what has no id."""
    desired = [{"name": "D", "archive": files[name]} for name in ("one.car", "two.car")]
    result = run("deployments", deployments=desired)
    assert "entry 1 and entry 2 of deployments both use the name 'D'" in result.msg
    assert not emulator.requests


def test_two_entries_for_one_object_that_only_the_server_knows(emulator, run):
    emulator.put("schedule", {"name": "Old", **FILE})
    result = run("schedules", schedules=[*flows("A"), {"id": 1}, {"name": "Old"}])
    assert result.error["kind"] == "input"
    assert "entry 2 and entry 3 of schedules both mean the schedule 'Old'" in result.msg
    assert not emulator.writes or [request.path for request in emulator.writes] == ["/api/account/login"]


def test_objects_that_share_a_name_differ_by_their_ids(emulator, run):
    run("schedule", name="A", **FILE, **DAILY)
    emulator.put("schedule", {**emulator.state()["schedules"][0], "id": 7})
    shown = run("schedule_info").schedules
    assert [one["name"] for one in shown] == ["A", "A"]
    assert not run("schedules", schedules=shown).changed
    shown[1]["active"] = False
    assert run("schedules", schedules=shown).changed
    assert [item["isActive"] for item in emulator.state()["schedules"]] == [True, False]


def test_options_of_entries_are_checked(emulator, run):
    result = run("schedules", schedules=[*flows("Z"), {"name": "A", "nmae": "B"}], servr_url="x")
    assert result.msg == (
        "servr_url: there is no such option; did you mean server_url?"
        " schedules[2].nmae: there is no such option; did you mean name?"
    )
    text = run("schedules", schedules=[{"name": "A", "daily": {"att": "04:30"}}])
    assert text.msg == "schedules[1].daily.att: there is no such option; did you mean at?"
    assert "schedules must be a list of dictionaries" in run("schedules", schedules="words").msg
    assert "exclude each other" in run("schedules", schedules=[{"name": "A", "like": "B", **DAILY}]).msg
    assert "name or id is needed" in run("schedules", schedules=[FILE]).msg
    assert not emulator.writes


@pytest.mark.parametrize("go_on", [False, True])
def test_a_rejection_in_the_middle(any_emulator, run, go_on):
    any_emulator.add_fault(method="POST", path="/api/Schedule", nth=2, status=403)
    result = run("schedules", schedules=flows("A", "B", "C"), continue_on_error=go_on)
    assert result.failed
    assert result.changed
    assert (result.error["kind"], result.error["path"]) == ("forbidden", "/api/Schedule")
    assert sorted(stored(any_emulator)) == (["A", "C"] if go_on else ["A"])
    entries = by_name(result)
    assert entries["A"]["changed"]
    assert entries["B"]["failed"]
    assert entries["C"].get("skipped", False) is not go_on
    assert result.counts == {
        **dict.fromkeys(("updated", "deleted", "unchanged"), 0),
        "created": 2 if go_on else 1,
        "failed": 1,
        "skipped": 0 if go_on else 1,
    }
    assert not run("schedules", schedules=flows("A", "B", "C")).failed


def keys(value):
    return {key for entry in value for key in entry}


@pytest.mark.parametrize("noun", ["deployment", "schedule"])
def test_every_key_of_an_entry_is_documented(emulator, run, files, noun):
    new = {"archive": files["one.car"]} if noun == "deployment" else {**FILE, **DAILY}
    run(f"{noun}s", **{f"{noun}s": [{"name": "Old", **new}]})
    emulator.add_fault(method="POST", path=f"/api/{noun}", nth=3, status=403)
    desired = {f"{noun}s": [{"name": name, **new} for name in "ABCD"], "unlisted": "deactivate"}
    failed = run(f"{noun}s", **desired)
    assert failed.failed
    done = run(f"{noun}s", **desired)
    module = importlib.import_module(f"ansible_collections.astera.data_stack.plugins.modules.astera_{noun}s")
    documented = yaml.safe_load(module.RETURN)
    assert keys(failed.results + done.results) == set(documented["results"]["contains"])
    assert set(failed.counts) == set(documented["counts"]["sample"])


@pytest.mark.unsteady
def test_a_lost_server_ends_the_task_even_so(emulator, run):
    emulator.add_fault(method="POST", path="/api/Schedule", nth=2, action="restart", delay=30)
    result = run("schedules", schedules=flows(*"ABCDEF"), continue_on_error=True, retries=0)
    emulator.restart(0)
    assert result.failed
    assert result.error["kind"] == "connection"
    assert [request.path for request in emulator.writes].count("/api/Schedule") < 4
    assert any(entry.get("skipped") for entry in result.results)
    assert not run("schedules", schedules=flows(*"ABCDEF")).failed
    assert len(stored(emulator)) == 6


def test_an_unreachable_server_fails_before_anything(emulator, run):
    emulator.add_fault(path="/api/Schedules", status=503, times=9)
    result = run("schedules", schedules=flows("A", "B"), continue_on_error=True)
    assert result.error["kind"] == "server"
    assert result.error["attempts"] == 2
    assert "results" not in result


def test_a_lost_response_is_read_back_and_never_retried(any_emulator, run):
    any_emulator.add_fault(method="POST", path="/api/Schedule", nth=2, action="reset_after")
    result = run("schedules", schedules=flows("A", "B", "C"))
    assert not result.failed, result
    assert [entry["changed"] for entry in result.results] == [True] * 3
    assert [item["name"] for item in any_emulator.state()["schedules"]] == ["A", "B", "C"]


def test_somebody_else_changes_one_in_between(any_emulator, run):
    run("schedules", schedules=flows("A", "B"))
    any_emulator.add_fault(method="POST", path="/api/Schedule", action="delay", delay=0.4)
    ids = {item["name"]: item["id"] for item in any_emulator.state()["schedules"]}

    def meddle():
        time.sleep(0.2)
        any_emulator.put("schedule", {"id": ids["A"], "skipIfRunning": True})

    thread = threading.Thread(target=meddle)
    thread.start()
    result = run("schedules", schedules=[{"name": "A", "active": False}, {"name": "B", "active": False}])
    thread.join()
    assert not result.failed, result
    assert stored(any_emulator)["A"]["skipIfRunning"] is True
    assert [stored(any_emulator)[name]["isActive"] for name in "AB"] == [False, False]


def test_unlisted_schedules_are_switched_off(any_emulator, run):
    run("schedules", schedules=[*flows("A", "B"), *flows("C", active=False)])
    desired = {"schedules": flows("A", "New"), "unlisted": "deactivate"}
    predicted = run("schedules", check=True, **desired)
    done = run("schedules", **desired)
    assert done.all_changes == predicted.all_changes
    assert done.all_paths[-1] == "B.active"
    assert [(entry["name"], entry.get("listed", True)) for entry in done.results] == [
        ("A", True),
        ("New", True),
        ("B", False),
    ]
    assert {name: item["isActive"] for name, item in stored(any_emulator).items()} == {
        "A": True,
        "B": False,
        "C": False,
        "New": True,
    }
    assert not run("schedules", **desired).changed


def test_unlisted_ones_are_left_alone_when_something_failed(emulator, run):
    run("schedules", schedules=flows("A"))
    desired = {"unlisted": "deactivate", "continue_on_error": True}
    result = run("schedules", schedules=[*flows("B"), {"name": "C"}], **desired)
    assert [entry["name"] for entry in result.results] == ["B", "C"]
    emulator.add_fault(method="POST", path="/api/Schedule", status=403)
    result = run("schedules", schedules=flows("C"), **desired)
    assert [entry.get("skipped", False) for entry in result.results] == [False, True, True]
    assert all(item["isActive"] for item in stored(emulator).values())


def test_an_empty_list_switches_nothing_off(emulator, run):
    run("schedules", schedules=flows("A"))
    assert not run("schedules", schedules=[]).changed
    result = run("schedules", schedules=[], unlisted="deactivate")
    assert result.error["kind"] == "input"
    assert "every schedule" in result.msg


@pytest.mark.parametrize("shown", ["is_active", "absent"])
def test_unlisted_deployments(emulator, run, files, shown):
    emulator.settings.deployment_activation = shown
    for name in ("One", "Two"):
        run("deployment", name=name, archive=files["one.car"])
    writes = len(emulator.writes)
    desired = {"deployments": [{"name": "One", "comment": "new"}], "unlisted": "deactivate"}
    result = run("deployments", **desired)
    if shown == "absent":
        assert result.error["kind"] == "unsupported"
        assert len([request for request in emulator.writes[writes:] if "Deployment" in request.path]) == 0
    else:
        assert result.all_paths == ["One.comment", "Two.active"]
        assert stored(emulator, "deployments")["Two"]["isActive"] is False


@pytest.mark.parametrize("name", ["active", "isEnabled"])
def test_unlisted_ones_under_another_name_of_the_activation_field(emulator, run, files, name):
    emulator.reset(deployment_active_field=name, schedule_active_field=name, schedule_list="summary")
    for number in ("1", "2", "3"):
        run("deployment", name=number, archive=files["one.car"], active=number != "3")
        run("schedule", name=number, **FILE, **DAILY)
        run("schedule", name=number, active=number != "3")
    result = run("deployments", deployments=[{"name": "1"}], unlisted="deactivate")
    assert result.all_paths == ["2.active"]
    result = run("schedules", schedules=[{"name": "1"}], unlisted="deactivate")
    assert result.all_paths == ["2.active"]
    for noun in ("deployments", "schedules"):
        assert {key: item["isActive"] for key, item in stored(emulator, noun).items()} == {
            "1": True,
            "2": False,
            "3": False,
        }


def test_deployments_that_wait_for_their_archives(emulator, run, files):
    result = run(
        "deployments", deployments=[{"name": "A", "archive": files["one.car"]}, {"name": "B", "archive": "/x"}]
    )
    assert result.failed
    assert not emulator.requests, "found before the first request"
    assert "'B': archive: file not found: '/x'" in result.msg


ENTRY = st.fixed_dictionaries(
    {"name": st.sampled_from(["A", "B", "C", "New"])},
    optional={
        "new_name": st.sampled_from(["A", "B", "D"]),
        "active": st.booleans(),
        "file": st.sampled_from([r"C:\a.wf", r"C:\b.wf"]),
        "daily": st.just(DAILY["daily"]),
        "like": st.sampled_from(["A", "New"]),
        "extra_fields": st.just({"futureField": 3}),
    },
)


@pytest.mark.parametrize("way", ["module", pytest.param("action", marks=pytest.mark.thorough)], indirect=True)
@pytest.mark.parametrize("any_emulator", ["default", pytest.param("strict", marks=pytest.mark.thorough)], indirect=True)
@hypothesis.settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(hypothesis.HealthCheck),
)
# Hypothesis also takes values from the modules that are loaded by then, so the ways may get different examples.
@pytest.mark.unsteady
@hypothesis.given(desired=st.lists(ENTRY, min_size=1, max_size=4, unique_by=lambda entry: entry["name"]))
def test_a_list_comes_to_what_a_loop_comes_to(any_emulator, run, renew, desired):
    """Wherever both succeed, and check mode of the list predicts it."""
    variants = {"strict": True} if any_emulator.settings.partial_update == "drop" else {}

    def prepare():
        renew(any_emulator, **variants)
        for name in "ABC":
            run("schedule", name=name, **FILE, **DAILY)

    prepare()
    loop = [run("schedule", **entry) for entry in desired]
    expected = stored(any_emulator)
    prepare()
    predicted = run("schedules", schedules=desired, check=True)
    result = run("schedules", schedules=desired)
    if result.failed:
        assert predicted.failed or any("a real run fails here" in text for text in predicted.warnings)
        rejected = "both use the name" in result.msg
        assert rejected or any(one.failed for one in loop)
        return
    assert not any(one.failed for one in loop)
    assert stored(any_emulator) == expected
    assert [entry["changed"] for entry in result.results] == [one.changed for one in loop]
    assert result.all_changes == predicted.all_changes


def posts(nth, **how):
    return {"method": "POST", "path": "/api/Schedule", "nth": nth, **how}


@pytest.mark.parametrize("go_on", [False, True])
def test_a_write_that_is_accepted_and_not_done(any_emulator, run, go_on):
    any_emulator.add_fault(**posts(2, status=200))
    result = run("schedules", schedules=flows("A", "B", "C"), continue_on_error=go_on)
    assert result.failed
    assert result.changed
    assert "does not show it" in by_name(result)["B"]["msg"]
    assert by_name(result)["A"]["id"]
    assert not run("schedules", schedules=flows("A", "B", "C")).failed


def test_others_are_switched_off_only_when_the_listed_are_in_sync(any_emulator, run):
    run("schedules", schedules=flows("Old"))
    any_emulator.add_fault(**posts(1, status=200))
    result = run("schedules", schedules=flows("New"), unlisted="deactivate")
    assert result.failed
    assert stored(any_emulator)["Old"]["isActive"] is True
    assert by_name(result)["Old"]["skipped"]


def test_a_second_write_comes_before_the_others_are_switched_off(emulator, run, files):
    run("deployment", name="Old", archive=files["one.car"])
    emulator.add_fault(method="POST", path="/api/Deployment", nth=2, status=403)
    desired = [{"name": "New", "archive": files["two.car"], "active": False}]
    result = run("deployments", deployments=desired, unlisted="deactivate")
    assert by_name(result)["New"]["failed"]
    assert by_name(result)["New"]["changed"]
    assert "New.archive" in result.all_paths
    assert stored(emulator, "deployments")["Old"]["isActive"] is True


def test_what_was_begun_is_finished(emulator, run, files):
    emulator.add_fault(method="POST", path="/api/Deployment", nth=2, status=403)
    desired = [{"name": name, "archive": files["one.car"], "active": False} for name in "ABC"]
    result = run("deployments", deployments=desired)
    assert by_name(result)["A"]["changed"]
    assert by_name(result)["B"]["failed"]
    assert by_name(result)["C"]["skipped"]
    assert {name: item["isActive"] for name, item in stored(emulator, "deployments").items()} == {"A": False}


def test_a_list_that_cannot_be_read_after_the_writes(emulator, run):
    emulator.add_fault(method="GET", path="/api/Schedules", nth=3, status=500, times=9)
    result = run("schedules", schedules=flows("A", "B"))
    assert result.failed
    assert result.changed
    assert {path.split(".")[0] for path in result.all_paths} == {"A", "B"}
    assert len(result.diff) == 2


def test_renaming_and_reusing_a_name(emulator, run):
    run("schedules", schedules=flows("A", "B"))
    for desired in (
        [{"name": "A", "new_name": "Old"}, *flows("A")],
        [{"name": "B", "new_name": "C"}, {"name": "A", "new_name": "B"}],
    ):
        result = run("schedules", schedules=desired)
        assert "both use the name" in result.msg
    assert sorted(stored(emulator)) == ["A", "B"]
    by_id = run("schedules", schedules=[{"id": 1, "new_name": "X"}, {"id": 2, "new_name": "Y"}])
    assert by_id.all_paths == ["X.name", "Y.name"]


def test_nothing_that_is_to_be_there(emulator, run):
    run("schedules", schedules=flows("A"))
    result = run("schedules", schedules=[{"name": "Gone", "state": "absent"}], unlisted="deactivate")
    assert result.error["kind"] == "input"
    assert stored(emulator)["A"]["isActive"] is True


def respond_with(emulator, items):
    emulator.add_fault(method="GET", path="/api/Schedules", status=200, body=json.dumps(items))


def test_odd_objects_that_need_nothing_are_left_alone(emulator, run):
    run("schedules", schedules=flows("A"))
    known = emulator.state()["schedules"][0]
    respond_with(emulator, [known, {"name": "Off", "isActive": False}, {**known, "id": None, "name": "Off"}])
    result = run("schedules", schedules=flows("A"), unlisted="deactivate", check=True)
    assert result.failed
    assert [entry["name"] for entry in result.results if entry.get("failed")] == ["Off"]
    respond_with(emulator, [{"name": "A", **known, "id": None}])
    result = run("schedules", schedules=[{"name": "A"}], unlisted="deactivate")
    assert not result.failed, result


def test_an_object_without_an_id_is_found_before_the_first_write(any_emulator, run, files):
    listed = [{"name": "B", "isActive": True, "clusterArchiveFilePath": "x", "comment": ""}]
    any_emulator.add_fault(method="GET", path="/api/Deployments", status=200, body=json.dumps(listed), times=2)
    desired = [{"name": "A", "archive": files["one.car"]}, {"name": "B", "comment": "new"}]
    assert run("deployments", deployments=desired, check=True).failed
    result = run("deployments", deployments=desired)
    assert "without a usable id" in result.msg
    assert not [request for request in any_emulator.writes if request.path == "/api/UploadFile"]


def test_namesakes_can_be_selected_by_id(emulator, run):
    for _number in range(2):
        where = {"isFile": True, "filePathResolved": {"path": FILE["file"]}}
        emulator.put("schedule", {"name": "Same", "isActive": True, **where})
    result = run("schedules", schedules=flows("A"), unlisted="deactivate")
    assert not result.failed, result
    assert [(entry["name"], entry["id"]) for entry in result.results[1:]] == [("Same", 1), ("Same", 2)]


def test_one_of_the_others_fails(emulator, run):
    run("schedules", schedules=flows("A", "B", "C"))
    emulator.add_fault(**posts(1, status=403))
    result = run("schedules", schedules=[{"name": "A"}], unlisted="deactivate", continue_on_error=True)
    assert [entry.get("failed", False) for entry in result.results] == [False, True, False]
    assert stored(emulator)["C"]["isActive"] is False


def test_somebody_else_renames_it_in_between(emulator, run):
    run("schedules", schedules=flows("A"))
    emulator.add_fault(**posts(1, action="delay", delay=0.4))
    other = threading.Timer(0.2, lambda: emulator.put("schedule", {"id": 1, "name": "Z"}))
    other.start()
    result = run("schedule", name="A", active=False)
    other.join()
    assert result.error["kind"] == "conflict"
    assert "renamed" in result.msg
    assert list(stored(emulator)) == ["Z"]


def test_names_that_sound_secret_redact_nothing(emulator, run):
    emulator.put("deployment", {"name": "Secretary load", "clusterArchiveFilePath": r"C:\Deployment\o.car"})
    desired = [{"name": "S1", "deployment": "Secretary load", "start_item": "a1.wf", **DAILY}]
    result = run("schedules", schedules=desired)
    assert {"path": "S1.start_item", "action": "add", "before": None, "after": "a1.wf"} in result.all_changes


def test_a_file_that_vanishes_in_between(emulator, run, files):
    emulator.add_fault(method="POST", path="/api/Deployment", action="delay", delay=0.4)
    vanish = threading.Timer(0.2, pathlib.Path(files["two.car"]).unlink)
    vanish.start()
    desired = [{"name": "A", "archive": files["one.car"]}, {"name": "B", "archive": files["two.car"]}]
    result = run("deployments", deployments=desired)
    vanish.join()
    (pathlib.Path(files["two.car"])).write_bytes(b"two.car")
    assert "can no longer be read" in by_name(result)["B"]["msg"]
    assert by_name(result)["A"]["changed"]


def size(value):
    """Bytes of what a module returns without --diff."""
    return len(json.dumps({name: item for name, item in value.items() if name != "diff"}))


def test_results_grow_with_the_number_of_entries_and_no_faster(emulator, run):
    def planned(count):
        entries = flows(*(f"S{number:04}" for number in range(count)), skip_if_running=True, trace_level="None")
        plan = run("plan", configuration={"astera_schedules": entries})
        assert len(plan.plan) == count
        return size(plan), size(run("schedules", schedules=entries, check=True))

    for small, large in zip(planned(20), planned(200), strict=True):
        assert small < 60_000
        assert large < small * 10
    names = [f"S{number:04}" for number in range(100)]
    assert size(run("schedules", schedules=flows(*names))) < 60_000
    assert size(run("schedules", schedules=flows(*names))) < 15_000
    changed = run("schedules", schedules=flows(*names, skip_if_running=True))
    # No object stands on both sides of its diff.
    sides = [({"skip_if_running": False}, {"skip_if_running": True})] * 100
    assert [(one["before"], one["after"]) for one in changed.diff] == sides


def test_a_thousand_schedules_take_two_requests(emulator, run):
    daily = {
        "typeName": "Astera.Core.DailySchedule",
        "dailyScheduleBase": {"typeName": "Astera.Core.DailyScheduleEveryDay", "startTime": "2026-12-01T04:30:00Z"},
    }
    where = {"isFile": True, "filePathResolved": {"path": FILE["file"]}, "traceLevel": "Job"}
    names = [f"S{number}" for number in range(1000)]
    for name in names:
        emulator.put("schedule", {"name": name, "isActive": True, "skipIfRunning": False, "schedule": daily, **where})
    result = run("schedules", schedules=flows(*names, active=True, skip_if_running=False))
    assert not result.failed
    assert not result.changed, result.all_changes[:3]
    assert len(result.results) == 1000
    assert asked(emulator) == ["POST /api/account/login", "GET /api/Schedules"]


IGNORED = "comment,encryptFiles,isActive,clusterConfigFilePath,traceLevel,skipIfRunning,jobOptions"


@pytest.mark.parametrize("state", ["yes", "no"])
def test_what_a_creation_ignores_is_sent_once_more(emulator, run, renew, files, state):
    renew(emulator, ignored_on_create=IGNORED, new_deployment_active=state)
    deployments = [
        {"name": "One", "archive": files["one.car"], "config": files["one.cfg"], "comment": "first", "active": False},
        {"name": "Two", "archive": files["two.car"]},
    ]
    schedules = [*flows("A", active=False, skip_if_running=True, trace_level="None"), *flows("B")]
    for noun, desired in (("deployments", deployments), ("schedules", schedules)):
        predicted = run(noun, **{noun: desired}, check=True)
        done = run(noun, **{noun: desired})
        assert not done.failed
        assert done.warnings == []
        expected = [change for change in predicted.all_changes if not change["path"].endswith(".active")]
        assert [change for change in done.all_changes if not change["path"].endswith(".active")] == expected
        assert not run(noun, **{noun: desired}).changed
    assert stored(emulator, "deployments")["One"]["comment"] == "first"
    assert stored(emulator)["A"]["skipIfRunning"] is True
    # What is sent by default, too.
    assert stored(emulator)["B"]["isActive"] is True
    assert stored(emulator)["B"]["traceLevel"] == "Job"


def test_a_creation_whose_response_was_lost_is_one_that_ignored_fields(emulator, run, renew):
    renew(emulator, ignored_on_create=IGNORED)
    desired = flows("A", skip_if_running=True)
    predicted = run("schedules", schedules=desired, check=True)
    emulator.add_fault(method="POST", path="/api/Schedule", action="reset_after")
    done = run("schedules", schedules=desired)
    assert done.counts == predicted.counts
    assert done.counts["created"] == 1
    assert {change["path"] for change in predicted.all_changes} <= {change["path"] for change in done.all_changes}
    assert not run("schedules", schedules=desired).changed


def test_second_writes_share_a_read(emulator, run, renew):
    renew(emulator, ignored_on_create=IGNORED)
    before = len(emulator.requests)
    assert not run("schedules", schedules=flows(*"ABCDEFGH", active=False)).failed
    lists = [one for one in emulator.requests[before:] if (one.method, one.path) == ("GET", "/api/Schedules")]
    assert len(lists) <= 4
    assert {one["isActive"] for one in stored(emulator).values()} == {False}


def test_what_a_creation_ignores_of_a_single_object(emulator, run, renew, files):
    renew(emulator, ignored_on_create=IGNORED)
    desired = {"name": "One", "archive": files["one.car"], "comment": "first", "active": False}
    done = run("deployment", **desired)
    assert done.deployment["comment"] == "first"
    assert len([request for request in emulator.writes if request.path == "/api/Deployment"]) == 2
    assert not run("deployment", **desired).changed
    done = run("schedule", **flows("A", active=False)[0])
    assert done.schedule["active"] is False
    assert done.warnings == []


def test_an_update_that_fails_after_a_creation(emulator, run, renew, files):
    """The object is there, the error says what happened, and the next run goes on."""
    renew(emulator, ignored_on_create=IGNORED)
    emulator.add_fault(method="POST", path="/api/Deployment", nth=2, action="status", status=500)
    desired = {"name": "One", "archive": files["one.car"], "comment": "first"}
    assert run("deployments", deployments=[desired]).results[0]["changed"]
    assert run("deployment", **desired).paths == ["comment"]


@pytest.fixture
def inventory(files):
    return [
        {"name": "One", "archive": files["one.car"], "config": files["one.cfg"], "comment": "from the list"},
        {"name": "Old", "new_name": "New", "archive_path": r"C:\Deployment\old.car"},
        {"name": "Two", "archive": files["two.car"]},
        {"name": "Gone", "state": "absent"},
    ]


@pytest.mark.parametrize("only", [[], [""], ["One", ""]])
def test_only_names_something(emulator, run, inventory, only):
    result = run("deployments", deployments=inventory, only=only, overrides={"comment": "x"})
    assert "only must name at least one deployment, and none without a name" in result.msg
    assert not emulator.writes


def test_only_some_of_the_deployments(emulator, run, files, inventory):
    chosen = {"deployments": inventory, "only": ["One"]}
    assert run("deployments", **chosen).changed
    assert list(stored(emulator, "deployments")) == ["One"]
    overrides = {"archive": files["two.car"], "comment": "released"}
    assert run("deployments", **chosen, overrides=overrides).changed
    (deployment,) = emulator.state()["deployments"]
    assert deployment["comment"] == "released"
    assert emulator.files.read(deployment["clusterArchiveFilePath"]) == b"two.car"
    assert emulator.files.read(deployment["clusterConfigFilePath"]) == b"one.cfg"
    assert not run("deployments", **chosen, overrides=overrides).changed


def test_only_finds_an_entry_by_its_new_name_and_uploads_instead_of_a_path(emulator, run, files, inventory):
    emulator.put("deployment", {"name": "Old", "clusterArchiveFilePath": r"C:\Deployment\old.car"})
    result = run("deployments", deployments=inventory, only=["New"], overrides={"archive": files["one.car"]})
    assert [entry["name"] for entry in result.results] == ["Old"]
    (deployment,) = emulator.state()["deployments"]
    assert deployment["name"] == "New"
    assert emulator.files.read(deployment["clusterArchiveFilePath"]) == b"one.car"


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"only": ["Gone"]}, "state: absent"),
        ({"only": ["Gone"], "overrides": {"comment": "x"}}, "state: absent"),
        ({"only": ["Nobody"]}, "there is no entry 'Nobody'"),
        ({"overrides": {"comment": "x"}}, "overrides needs it"),
        ({"only": ["One"], "unlisted": "deactivate"}, "unlisted excludes it"),
    ],
)
def test_a_choice_that_cannot_be(emulator, run, inventory, given, message):
    result = run("deployments", deployments=inventory, **given)
    assert result.error["kind"] == "input"
    assert message in result.msg
    assert not emulator.requests
