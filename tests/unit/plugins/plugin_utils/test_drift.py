"""The drift report as data, from what the tasks of the role have found."""

from __future__ import annotations

import pytest

from ansible_collections.astera.data_stack.plugins.plugin_utils._drift import make_report, verdict
from ansible_collections.astera.data_stack.plugins.plugin_utils._drift_markdown import plain, to_markdown
from ansible_collections.astera.data_stack.plugins.plugin_utils._drift_schedules import (
    COMPUTED,
    NO_OFFSET,
    OFF,
    OTHER,
    runs_of,
)

NOW = "2026-11-22T18:00:00Z"
CHANGE = {"path": "name", "action": "change", "before": "A", "after": "B"}


def found(**more):
    """What is found on a server whose cluster settings are as they should be."""
    wanted = more.pop("wanted", ["cluster"])
    return {
        "answers": True,
        "url": "https://etl:9261",
        "wanted": wanted,
        "sections": {"cluster": {"changes": []}},
        **more,
    }


def server(entry):
    return make_report([["etl", entry]], NOW)["servers"][0]


def test_in_order():
    report = make_report([["b", found()], ["a", found()]], NOW)
    assert [one["name"] for one in report["servers"]] == ["a", "b"]
    assert report["summary"] == {"servers": 2, "drift": 0, "not_compared": 0, "in_order": 2, "differences": 0}
    assert verdict(report) == "No difference was found on 2 servers."


def test_a_difference_counts_more_than_what_is_not_known():
    failed = {"failed": True, "msg": "no", "error": {"kind": "forbidden"}}
    entry = found(
        wanted=["cluster", "server_config"], sections={"cluster": {"changes": [CHANGE]}, "server_config": failed}
    )
    one = server(entry)
    assert (one["status"], one["differences"]) == ("drift", 1)
    assert one["problems"] == [{"step": "server_config", "kind": "forbidden", "message": "no"}]
    assert one["sections"][0]["status"] == "not_compared"


@pytest.mark.parametrize(
    ("entry", "answers"),
    [
        ({}, None),
        ({"failed": {"step": "x", "result": {"msg": "typo"}}}, None),
        ({"failed": {"step": "x", "result": {"msg": "down", "error": {"kind": "timeout"}}}}, False),
        ({"failed": {"step": "x", "result": {"msg": "who?", "error": {"kind": "tls"}}}}, None),
        ({"answers": True, "failed": {"step": "x", "result": {"msg": "no", "error": {"kind": "auth"}}}}, True),
    ],
)
def test_what_was_not_reached(entry, answers):
    one = server(entry)
    assert (one["status"], one["answers"]) == ("not_compared", answers)
    assert len(one["problems"]) == 1
    # Nothing is claimed about what was not seen.
    assert {section["status"] for section in one["sections"]} == {"unknown"}
    assert (one["license"]["state"], one["schedules"], one["jobs"], one["says"]) == ("unknown", None, None, None)


def test_the_reasons_of_a_loop_are_those_of_its_items():
    result = {"msg": "One or more items failed", "results": [{"failed": True, "msg": "first"}, {"failed": False}]}
    assert server({"failed": {"step": "check", "result": result}})["problems"][0]["message"] == "first"


def test_nothing_to_compare_is_not_in_order():
    assert server(found(wanted=[], sections={}))["status"] == "not_compared"
    license_only = found(wanted=["license"], sections={"license": {"changes": [CHANGE]}})
    assert server(license_only)["status"] == "not_compared"


@pytest.mark.parametrize(
    ("marker", "changes", "state", "status"),
    [
        (True, [], "remembered", "in_order"),
        (True, [CHANGE], "not_remembered", "drift"),
        (False, [CHANGE], "unknown", "in_order"),
    ],
)
def test_the_license_is_what_a_marker_tells(marker, changes, state, status):
    sections = {
        "cluster": {"changes": []},
        "license": {"changes": changes, "license": {"activated": True}, "marker_exists": marker},
    }
    one = server(found(wanted=["cluster", "license"], sections=sections))
    assert (one["license"]["state"], one["status"]) == (state, status)
    assert one["license"]["activated"] is (True if state == "remembered" else None)


def test_an_object_that_is_missing_counts_once():
    added = [{"path": path, "action": "add", "before": None, "after": 1} for path in ("name", "active")]
    results = [
        {"name": "New", "listed": True, "changes": added},
        {"name": "Old", "listed": True, "id": 3, "changes": [CHANGE]},
        {"name": "Same", "listed": True, "id": 4, "changes": []},
        {"name": "Bad", "listed": True, "failed": True, "msg": "two match", "error": {"kind": "input"}},
    ]
    reads = {"deployments": {"deployments": [{"id": 3, "name": "Renamed"}, {"id": 9, "name": "Other", "active": True}]}}
    one = server(
        found(wanted=["deployments"], sections={"deployments": {"results": results, "failed": True}}, reads=reads)
    )
    assert one["differences"] == 2
    (section,) = [section for section in one["sections"] if section["name"] == "deployments"]
    assert [(each["name"], each["missing"]) for each in section["objects"]] == [("New", True), ("Old", False)]
    assert one["problems"] == [{"step": "deployments[Bad]", "kind": "input", "message": "two match"}]
    assert one["unlisted"] == {"deployments": [{"id": 9, "name": "Other", "active": True}], "schedules": None}


REFUSED = {"msg": "403", "error": {"kind": "forbidden"}}


@pytest.mark.parametrize("name", ["server", "deployments", "schedules", "jobs"])
def test_what_cannot_be_read_is_told_and_is_no_reason_to_fail(name):
    """All that the variables name was compared."""
    report = make_report([["etl", found(reads={name: REFUSED})]], NOW)
    (one,) = report["servers"]
    assert (one["status"], one["problems"]) == ("in_order", [])
    assert one["not_read"] == [{"step": name, "kind": "forbidden", "message": "403"}]
    assert (one["says"], one["schedules"], one["jobs"]) == (None, None, None)
    assert f"**Not read, {name}**\\: 403" in to_markdown(report)


def test_jobs_that_were_asked_for_and_not_read_are_not_asked_for_once_more():
    text = to_markdown(make_report([["etl", found(reads={"jobs": REFUSED})]], NOW))
    assert "Last jobs\\: unknown, they could not be read." in text
    assert "astera" not in text
    assert server(found(reads={"jobs": {"skipped": True}}))["not_read"] == []


@pytest.mark.parametrize(
    "entry",
    [
        found(wanted=["cluster", "schedules"]),
        found(sections={}),
        {"url": "https://etl:9261", "wanted": ["cluster"]},
        found(wanted=["cluster", "license"], sections={"cluster": {"changes": []}}),
    ],
)
def test_a_host_that_drops_out_midway_is_not_in_order(entry):
    report = make_report([["etl", entry]], NOW)
    (one,) = report["servers"]
    assert one["status"] == "not_compared"
    assert [problem["step"] for problem in one["problems"]] == ["play"]
    assert verdict(report) == "1 of 1 server could not be compared: etl."


def test_a_host_that_drops_out_after_a_difference():
    one = server(found(wanted=["cluster", "schedules"], sections={"cluster": {"changes": [CHANGE]}}))
    assert (one["status"], len(one["problems"])) == ("drift", 1)


def test_what_another_run_has_found_is_not_found():
    pairs = [["a", {**found(), "run": "1"}], ["b", {**found(), "run": "2"}], ["c", {}]]
    statuses = {one["name"]: one["status"] for one in make_report(pairs, NOW, "2")["servers"]}
    assert statuses == {"a": "not_compared", "b": "in_order", "c": "not_compared"}


def test_what_the_variables_name_is_unknown_when_the_section_failed():
    reads = {"schedules": {"schedules": [{"id": 1, "name": "Ours"}]}}
    report = make_report([["etl", found(wanted=["schedules"], sections={"schedules": REFUSED}, reads=reads)]], NOW)
    assert report["servers"][0]["unlisted"]["schedules"] is None
    sections = {"cluster": {"changes": []}, "schedules": REFUSED}
    beside = found(wanted=["cluster", "schedules"], sections=sections, reads=reads)
    assert "name\\: unknown, as they could not be compared." in to_markdown(make_report([["etl", beside]], NOW))
    # Nobody wanted any, so all of them are of the server alone.
    assert server(found(reads=reads))["unlisted"]["schedules"] == [{"id": 1, "name": "Ours", "active": None}]


def test_a_namesake_that_nobody_named_is_unlisted():
    results = [
        {"name": "X", "listed": True, "id": 4, "changes": []},
        {"name": "Y", "listed": True, "id": None, "failed": True, "msg": "two match"},
    ]
    shown = [{"id": id_, "name": name} for id_, name in ((4, "X"), (9, "X"), (5, "Y"), (6, "Y"))]
    entry = found(
        wanted=["schedules"],
        sections={"schedules": {"results": results, "failed": True}},
        reads={"schedules": {"schedules": shown}},
    )
    assert server(entry)["unlisted"]["schedules"] == [{"id": 9, "name": "X", "active": None}]


@pytest.mark.parametrize(
    ("section", "result"),
    [("cluster", {}), ("schedules", {"results": [{"name": "Orders", "id": 4, "listed": True}]})],
)
def test_an_object_without_a_name_is_not_missing(section, result):
    """The server shows the object, only not what it is called."""
    nameless = [{"path": "name", "action": "add", "before": None, "after": "ORDERS"}]
    (result.get("results") or [result])[0]["changes"] = nameless
    report = make_report([["etl", found(wanted=[section], sections={section: result})]], NOW)
    (one,) = [each for each in report["servers"][0]["sections"] if each["objects"]]
    assert one["objects"][0]["missing"] is False
    assert "| name | missing | - | ORDERS |" in to_markdown(report)


def test_an_account_in_an_address_is_not_shown():
    assert server(found(url="https://admin:canary@etl:9261/?token=canary"))["url"] == "https://etl:9261/"
    assert server(found(url="https://[broken"))["url"] is None


def test_halves_of_characters_do_no_harm():
    (one,) = make_report([["etl\ud800", found()]], NOW)["servers"]
    assert one["name"] == "etl?"


def test_a_large_fleet_is_told_in_short():
    report = make_report([[f"etl{number:03}", {}] for number in range(200)], NOW)
    assert verdict(report).startswith("200 of 200 servers could not be compared: etl000, etl001,")
    assert verdict(report).endswith("etl009 and 190 more.")


@pytest.mark.parametrize(
    ("schedule", "next_run", "note"),
    [
        ({"daily": {"start_time": "2026-11-01T04:30:00.0000000+01:00"}}, "2026-11-23T04:30:00+01:00", COMPUTED),
        ({"daily": {"start_time": "2026-11-01T19:30:00+01:00"}}, "2026-11-22T19:30:00+01:00", COMPUTED),
        # Now is no time in the future, and the first run may be far ahead.
        ({"daily": {"start_time": "2026-11-01T18:00:00Z"}}, "2026-11-23T18:00:00+00:00", COMPUTED),
        ({"daily": {"start_time": "2027-03-01T04:30:00-07:00"}}, "2027-03-01T04:30:00-07:00", COMPUTED),
        ({"daily": {"start_time": "2026-11-01T04:30:00"}}, None, NO_OFFSET),
        ({"daily": {"start_time": "2026-11-01T04:30:00Z"}, "active": False}, None, OFF),
        ({"daily": None, "schedule": {"typeName": "Some.Weekly", "nextRun": "2030-01-01T00:00:00Z"}}, None, OTHER),
    ],
)
def test_next_runs(schedule, next_run, note):
    runs = runs_of(schedule, NOW)
    assert (runs["next_run"], runs["next_run_note"]) == (next_run, note)


def test_markdown_has_all_servers_the_worst_first():
    drifting = found(sections={"cluster": {"changes": [CHANGE]}})
    text = to_markdown(make_report([["a", found()], ["b", drifting], ["c|d", {}]], NOW))
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## b: drift",
        r"## c\|d: not compared",
        "## a: in order",
    ]
    assert "| name | differs | A | B |" in text
    assert "| a | In order | 0 |" in text
    assert r"| c\|d | Not compared | - |" in text


def test_markdown_is_escaped_and_stays_on_its_line():
    assert plain("<b>|`x`\n# y") == r"\<b\>\|\`x\` \# y"
    assert plain("") == '""'
