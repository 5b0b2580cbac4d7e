"""The drift report as data, from the plans of the servers."""

from __future__ import annotations

import json
import os

import pytest

from ansible_collections.astera.data_stack.plugins.action.drift_report import collected, shown, write
from ansible_collections.astera.data_stack.plugins.plugin_utils._drift import lines_of, make_report, verdict
from ansible_collections.astera.data_stack.plugins.plugin_utils._drift_markdown import plain, to_markdown
from ansible_collections.astera.data_stack.plugins.plugin_utils._drift_schedules import (
    COMPUTED,
    NO_OFFSET,
    OFF,
    OTHER,
    runs_of,
)
from ansible_collections.astera.data_stack.plugins.plugin_utils._harmless import harmless

NOW = "2026-11-22T18:00:00Z"
CHANGE = {"path": "name", "action": "change", "before": "A", "after": "B"}
DENIED = {"place": "schedules", "kind": "forbidden", "message": "403"}


def entry(section="cluster", name=None, action="update", changes=(CHANGE,), changed_on_server=None):
    return {
        "section": section,
        "name": name,
        "action": action,
        "changes": list(changes),
        "changed_on_server": changed_on_server,
    }


def found(*entries, **more):
    """What the plan of a server returns, whose cluster settings are compared."""
    return {
        "plan": list(entries),
        "compared": ["cluster"],
        "problems": [],
        "not_read": [],
        "observed": {"server": None, "schedules": []},
        "unlisted": {"deployments": [], "schedules": []},
        "license": None,
        **more,
    }


def server(plan):
    return make_report([["etl", plan]], NOW)["servers"][0]


def section(one, name):
    return next(each for each in one["sections"] if each["name"] == name)


def test_in_sync():
    report = make_report([["b", found()], ["a", found()]], NOW)
    assert [one["name"] for one in report["servers"]] == ["a", "b"]
    assert report["summary"] == {"servers": 2, "drift": 0, "not_compared": 0, "in_sync": 2, "differences": 0}
    assert verdict(report) == "No difference was found on 2 servers."


def test_a_difference_counts_more_than_what_is_not_known():
    one = server(found(entry(), problems=[DENIED]))
    assert (one["status"], one["differences"]) == ("drift", 1)
    assert one["problems"] == [DENIED]
    assert section(one, "schedules")["status"] == "not_compared"


@pytest.mark.parametrize("place", ["schedules", "schedules[2]"])
def test_a_problem_of_a_section(place):
    one = server(found(problems=[{**DENIED, "place": place}], compared=["cluster", "schedules"]))
    assert one["status"] == "not_compared"
    assert section(one, "schedules")["status"] == "not_compared"


@pytest.mark.parametrize(
    ("plan", "responds"),
    [
        ({}, None),
        ({"msg": "typo", "error": {"kind": "input"}}, None),
        ({"msg": "down", "error": {"kind": "timeout"}}, False),
        ({"msg": "who?", "error": {"kind": "tls"}}, None),
        ({"msg": "no", "error": {"kind": "auth"}}, True),
        ({"msg": "ssh", "unreachable": True}, None),
    ],
)
def test_what_was_not_reached(plan, responds):
    one = server(plan)
    assert (one["status"], one["responds"]) == ("not_compared", responds)
    assert len(one["problems"]) == 1
    assert plan.get("msg", "The play ended") in one["problems"][0]["message"]
    # Nothing is claimed about what was not seen.
    assert {each["status"] for each in one["sections"]} == {"unknown"}
    assert (one["license"]["state"], one["schedules"], one["jobs"], one["info"]) == ("unknown", None, None, None)


def test_nothing_to_compare_is_not_in_sync():
    assert server(found(compared=[]))["status"] == "not_compared"
    only = found(entry("license"), compared=["license"], license={"marker": False, "activated": True})
    assert server(only)["status"] == "not_compared"


@pytest.mark.parametrize(
    ("marker", "due", "state", "status"),
    [
        (True, False, "remembered", "in_sync"),
        (True, True, "not_remembered", "drift"),
        (False, True, "unknown", "in_sync"),
    ],
)
def test_the_license_is_what_a_marker_remembers(marker, due, state, status):
    entries = [entry("license")] if due else []
    known = {"marker": marker, "registered": True, "activated": True}
    one = server(found(*entries, compared=["cluster", "license"], license=known))
    assert (one["license"]["state"], one["status"]) == (state, status)
    assert one["license"]["activated"] is (True if state == "remembered" else None)


def test_an_object_that_is_missing_counts_once_and_lines_name_all():
    one = server(
        found(
            entry("deployments", "New", "create", [CHANGE, CHANGE]),
            entry(
                "deployments", "Old", "update", [CHANGE, {**CHANGE, "path": "active", "before": False, "after": True}]
            ),
            entry("schedules", "Extra", "deactivate"),
            entry("schedules", "Gone", "delete"),
            compared=["deployments", "schedules"],
        )
    )
    assert one["differences"] == 5
    assert lines_of(one) == [
        "etl: deployments[New] is missing",
        "etl: deployments[Old].name is A, should be B",
        "etl: deployments[Old].active is false, should be true",
        "etl: schedules[Extra] is active, but not listed",
        "etl: schedules[Gone] is there, should be absent",
    ]


def test_jobs_to_start_are_no_difference():
    assert server(found(entry("jobs", "First", "start", [])))["status"] == "in_sync"


def test_what_cannot_be_read_is_no_reason_to_fail():
    """All that the variables name was compared."""
    observed = {"server": None, "schedules": None}
    report = make_report([["etl", found(observed=observed, not_read=[DENIED], unlisted={"schedules": None})]], NOW)
    (one,) = report["servers"]
    assert (one["status"], one["problems"]) == ("in_sync", [])
    assert one["not_read"] == [DENIED]
    assert (one["info"], one["schedules"], one["unlisted"]["schedules"]) == (None, None, None)
    text = to_markdown(report)
    assert "**Not read, schedules**: 403" in text
    assert "Schedules on the server only: unknown, they could not be read." in text


def test_what_the_role_registers():
    hostvars = {
        "a": {"astera_drift_plan": {**found(), "invocation": {}}, "astera_server_url": "https://u:p@a:1/?t=x"},
        "b": {"astera_drift_plan": found(entry())},
        "c": {},
    }
    report = collected(hostvars, "abc", "abc", NOW)
    text = shown(report)
    assert (text["lines"]["a"], text["lines"]["b"]) == ([], ["b: cluster.name is A, should be B"])
    assert text["lines"]["c"][0].startswith("c: play could not be compared. The play ended")
    assert (text["summary"]["drift"], text["summary"]["lines"]) == (1, [*text["lines"]["b"], *text["lines"]["c"]])
    assert text["verdict"] == ("1 of 3 servers differs from its variables: b. 1 of 3 servers could not be compared: c.")
    assert report["servers"][0]["url"] == "https://a:1/"
    # The plan of a host that failed since is of an earlier play.
    assert shown(collected(hostvars, "ab", "a", NOW))["verdict"] == "1 of 2 servers could not be compared: b."


def test_jobs_that_were_asked_for():
    job = {"id": 1, "status": "Running", "known": True, "finished": False, "succeeded": False}
    asked = {"astera_drift_plan": found(), "astera_drift_asked": {"jobs": [{**job, "elapsed": 0}]}}
    assert collected({"a": asked}, "a", "a", NOW)["servers"][0]["jobs"] == [job]
    failed = {**asked, "astera_drift_asked": {"msg": "403", "error": {"kind": "forbidden"}}}
    assert "Last jobs: unknown, they could not be read." in to_markdown(collected({"a": failed}, "a", "a", NOW))
    skipped = {**asked, "astera_drift_asked": {"skipped": True}}
    text = to_markdown(collected({"a": skipped}, "a", "a", NOW))
    assert "set astera_drift_jobs" in text.replace("\\", "")


def test_the_files(tmp_path):
    report = make_report([["etl\U0001f600", found()]], NOW)
    folder = tmp_path / "a" / "b"
    umask = os.umask(0o077)
    try:
        files = write(report, str(folder), "drift")
        # For a web server that shows the page.
        assert folder.stat().st_mode & 0o777 == 0o755
        # A second time, into an existing folder whose mode is its owner's choice.
        folder.chmod(0o700)
        assert write(report, str(folder), "drift") == files
    finally:
        os.umask(umask)
    assert files == [str(folder / f"drift.{form}") for form in ("html", "json", "md")]
    assert sorted(path.name for path in folder.iterdir()) == ["drift.html", "drift.json", "drift.md"]
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o644}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert json.loads((folder / "drift.json").read_text("utf-8")) == report
    assert (folder / "drift.html").read_text("utf-8").startswith("<!doctype html>")


def test_a_file_that_cannot_be_replaced_leaves_nothing_behind(tmp_path):
    (tmp_path / "drift.json").mkdir()
    with pytest.raises(OSError, match=r"drift\.json"):
        write(make_report([], NOW), str(tmp_path), "drift")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["drift.html", "drift.json"]


@pytest.mark.parametrize("text", ["{{ lookup('pipe', 'id') }}", "{% raw %}", "{# x #}", "#jinja2: x"])
def test_an_artifact_holds_no_template(text):
    (line,) = shown(make_report([(text, {})], NOW))["summary"]["lines"]
    assert text not in line
    assert harmless(text) in line


def test_an_account_in_an_address_is_not_shown():
    assert server(found(url="https://admin:canary@etl:9261/?token=canary"))["url"] == "https://etl:9261/"
    assert server(found(url="https://[broken"))["url"] is None


def test_halves_of_characters_do_no_harm():
    (one,) = make_report([["etl\ud800", found()]], NOW)["servers"]
    assert one["name"] == "etl?"


def test_a_large_fleet_is_listed_in_short():
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
    changed = found(entry(changed_on_server="2026-11-01T04:30:00.1234567-07:00"))
    text = to_markdown(make_report([["a", found()], ["b", changed], ["c|d", {}]], NOW))
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## b: drift",
        r"## c\|d: not compared",
        "## a: in sync",
    ]
    assert "| name | differs | A | B |" in text
    assert "Changed on the server: 2026-11-01T04:30:00.1234567-07:00" in text
    assert "| a | In sync | 0 |" in text
    assert r"| c\|d | Not compared | - |" in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<b>|`x`\n# y", r"\<b>\|\`x\` # y"),
        ("", '""'),
        # What means nothing stays readable.
        ("purge_job_info_after", "purge_job_info_after"),
        ("C:\\Staging (new)", r"C:\\Staging (new)"),
        ("2026-12-01T04:30:00+01:00", "2026-12-01T04:30:00+01:00"),
        ("Orders, every morning!", "Orders, every morning!"),
        ("_x_", r"\_x\_"),
        ("-", "-"),
        ("https://x", r"https\://x"),
        (":tada: &lt;", r"\:tada: \&lt;"),
    ],
)
def test_markdown_is_escaped_where_it_means_something(text, expected):
    assert plain(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("# x", r"\# x"), ("1. x", r"1\. x"), ("- x", r"\- x"), ("12 x", "12 x"), ("x - y", "x - y")]
)
def test_markdown_at_the_beginning_of_a_line(text, expected):
    assert plain(text, begins=True) == expected
