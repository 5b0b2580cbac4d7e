"""astera_schedule and astera_schedule_info."""

from __future__ import annotations

from datetime import datetime

import pytest

SAMPLE = {
    "dailyScheduleBase": {
        "startTime": "2022-09-06T04:53:46.2573662-07:00",
        "typeName": "Astera.Core.DailyScheduleEveryDay",
    },
    "typeName": "Astera.Core.DailySchedule",
}


@pytest.fixture
def deployed(any_emulator, run, archive):
    run("deployment", name="Orders", archive=str(archive))
    return any_emulator.state()["deployments"][0]["id"]


def lowered(value):
    """The same value with all field names in lower case: their casing in responses is unknown."""
    return {k.lower(): lowered(v) for k, v in value.items()} if isinstance(value, dict) else value


def writes(emulator):
    return [r for r in emulator.writes if r.path.lower() == "/api/schedule"]


def test_life_of_a_schedule(any_emulator, run, deployed):
    assert "name or id is needed" in run("schedule", file="x").msg
    options = {
        "name": "Orders, every morning",
        "deployment": "Orders",
        "start_item": "LoadOrders.wf",
        "daily": {"start_time": "2026-12-01T04:30:00+01:00"},
    }
    predicted = run("schedule", check=True, **options)
    assert not writes(any_emulator)
    created = run("schedule", **options)
    assert created.changed
    assert created.changes == predicted.changes
    stored = any_emulator.state()["schedules"][0]
    assert stored["deploymentId"] == deployed
    assert stored["isFile"] is False
    assert stored["traceLevel"] == "Job"
    start = datetime.fromisoformat(stored["schedule"]["dailyScheduleBase"]["startTime"].replace(".0000000", ""))
    assert start == datetime.fromisoformat("2026-12-01T04:30:00+01:00")
    assert created.schedule["deployment"] == "Orders"

    again = run("schedule", **options)
    assert not again.changed
    assert len(writes(any_emulator)) == 1

    predicted = run("schedule", check=True, name=options["name"], skip_if_running=True, active=False)
    updated = run("schedule", name=options["name"], skip_if_running=True, active=False)
    assert updated.changes == predicted.changes
    assert updated.diff == predicted.diff
    assert sorted(updated.paths) == ["active", "skip_if_running"]

    renamed = run("schedule", name=options["name"], new_name="Orders, daily ✓")
    assert renamed.paths == ["name"]
    assert not run("schedule", name=options["name"], new_name="Orders, daily ✓").changed
    assert not run("schedule", name=options["name"], state="absent").changed
    assert run("schedule", name="Orders, daily ✓", state="absent").error["kind"] == "unsupported"


@pytest.mark.parametrize(
    ("given", "same"),
    [
        ({"start_time": "2022-09-06T11:53:46.2573662Z"}, True),
        ({"start_time": "2022-09-06T13:53:46.2573662+02:00"}, True),
        ({"start_time": "2022-09-06T11:53:46.257366Z"}, False),
        ({"start_time": "2022-09-06T04:53:46.2573662-08:00"}, False),
        ({"at": "04:53:46"}, True),
        ({"at": "04:53"}, False),
        ({"at": "04:53:46", "utc_offset": "-07:00"}, True),
        ({"at": "04:53:46", "utc_offset": "+01:00"}, False),
    ],
)
def test_when_daily_times_are_equal(emulator, run, given, same):
    emulator.put(
        "schedule",
        {
            "name": "S",
            "isActive": True,
            "isFile": True,
            "filePathResolved": {"path": r"C:\a.wf"},
            "schedule": SAMPLE,
        },
    )
    result = run("schedule", name="S", daily=given)
    assert result.changed is not same, result
    assert not run("schedule", name="S", daily=given).changed
    if same:
        assert emulator.state()["schedules"][0]["schedule"] == SAMPLE


def test_a_time_of_day_keeps_the_date_and_the_offset(emulator, run):
    emulator.put(
        "schedule", {"name": "S", "isFile": True, "filePathResolved": {"path": r"C:\a.wf"}, "schedule": SAMPLE}
    )
    run("schedule", name="S", daily={"at": "05:00"})
    start = emulator.state()["schedules"][0]["schedule"]["dailyScheduleBase"]["startTime"]
    assert start == "2022-09-06T05:00:00.0000000-07:00"


@pytest.mark.parametrize(
    "bad",
    [
        {"start_time": "tomorrow"},
        {"start_time": "2026-12-01T04:30:00"},
        {"start_time": "2026-13-01T04:30:00Z"},
        {"at": "25:00"},
        {"at": "noon"},
        {"at": "04:30", "utc_offset": "CET"},
        {"at": "04:30", "start_time": "2026-12-01T04:30:00Z"},
        {"start_time": "2026-12-01T04:30:00Z", "utc_offset": "+01:00"},
        {},
    ],
)
def test_bad_times(emulator, run, bad):
    result = run("schedule", name="S", file=r"C:\a.wf", daily=bad)
    assert result.error["kind"] == "input"
    assert not emulator.writes


def test_other_frequencies_pass_through(any_emulator, run):
    weekly = {"typeName": "Vendor.Weekly", "weeklyBase": {"days": ["Mon", "Thu"], "startTime": "2026-01-01T00:00:00Z"}}
    first = run("schedule", name="W", file=r"C:\a.wf", schedule=weekly)
    assert first.changed
    assert not run("schedule", name="W", schedule=weekly).changed
    assert lowered(first.schedule["schedule"]) == lowered(weekly)
    assert first.schedule["daily"] is None
    second = run("schedule", name="Copy", file=r"C:\b.wf", like="W")
    assert lowered(second.schedule["schedule"]) == lowered(weekly)
    assert not run("schedule", name="Copy", like="W").changed
    assert run("schedule", name="Copy", schedule={**weekly, "weeklyBase": {"days": ["Fri"]}}).changed
    stored = any_emulator.state()["schedules"][1]["schedule"]
    assert stored["weeklyBase"] == {"days": ["Fri"], "startTime": "2026-01-01T00:00:00Z"}
    assert run("schedule", name="Copy", daily={"at": "04:30"}).changed
    assert any_emulator.state()["schedules"][1]["schedule"]["typeName"] == "Astera.Core.DailySchedule"


def test_like_copies_the_whole_frequency(emulator, run):
    """Something of the old one, such as its end, would make it another frequency."""
    weekly = {"typeName": "Vendor.Weekly", "weeklyBase": {"days": ["Mon"]}}
    emulator.put("schedule", {"name": "W", "isFile": True, "filePathResolved": {"path": "x"}, "schedule": weekly})
    old = {"typeName": "Vendor.Weekly", "weeklyBase": {"days": ["Tue"], "endTime": "2026-12-31T00:00:00Z"}}
    emulator.put("schedule", {"name": "S", "isFile": True, "filePathResolved": {"path": "x"}, "schedule": old})
    assert run("schedule", name="S", like="W").changed
    assert emulator.state()["schedules"][1]["schedule"] == weekly
    assert not run("schedule", name="S", like="W").changed
    assert "schedule must not be empty" in run("schedule", name="S", schedule={}).msg


def test_from_a_deployment_to_a_file_and_back(any_emulator, run, deployed):
    options = {"name": "S", "daily": {"start_time": "2026-12-01T04:30:00Z"}}
    run("schedule", deployment="Orders", start_item="a.wf", **options)
    to_file = run("schedule", file=r"C:\a.wf", **options)
    assert to_file.schedule["file"] == r"C:\a.wf"
    assert to_file.schedule["deployment"] is None
    assert not run("schedule", file="c:/A.wf", **options).changed
    back = run("schedule", deployment="Orders", **options)
    assert back.paths == ["deployment"]
    assert back.changes[0]["after"] == "Orders"
    assert any_emulator.state()["schedules"][0]["isFile"] is False


def test_an_unknown_deployment(any_emulator, run):
    options = {"name": "S", "deployment": "Nowhere", "daily": {"at": "04:30"}}
    result = run("schedule", **options)
    assert result.error["kind"] == "input"
    assert "there is no deployment named 'Nowhere'" in result.msg
    assert not any_emulator.writes
    predicted = run("schedule", check=True, **options)
    assert predicted.changed
    assert "a real run fails here" in predicted.warnings[0]


def test_two_of_one_name(emulator, run):
    for _time in range(2):
        emulator.put(
            "schedule",
            {
                "name": "S",
                "isActive": True,
                "isFile": True,
                "filePathResolved": {"path": r"C:\a.wf"},
                "schedule": SAMPLE,
            },
        )
    result = run("schedule", name="S", active=False)
    assert result.error["kind"] == "conflict"
    assert "Say which one with id" in result.msg
    assert not emulator.writes
    second = emulator.state()["schedules"][1]["id"]
    assert run("schedule", id=second, active=False).changed
    assert [s["isActive"] for s in emulator.state()["schedules"]].count(False) == 1


def test_what_a_new_schedule_needs(emulator, run):
    assert "needs something to run" in run("schedule", name="S", daily={"at": "04:30"}).msg
    assert "needs a frequency" in run("schedule", name="S", file="x").msg
    assert "there is no schedule named" in run("schedule", name="S", file="x", like="None").msg
    for clash in (
        {"file": "x", "deployment": "y"},
        {"file": "x", "start_item": "y"},
        {"schedule": SAMPLE, "like": "y"},
    ):
        assert run("schedule", name="S", **clash).error["kind"] == "input"
    assert run("schedule", name="S", file="x", schedule={}).error["kind"] == "input"
    assert not emulator.writes


def test_info_can_be_fed_back(any_emulator, run, run_raw, deployed):
    run("schedule", name="A", deployment="Orders", start_item="a.wf", daily={"at": "04:30"})
    run("schedule", name="B", file=r"C:\a.wf", schedule={"typeName": "Vendor.Weekly"}, pushdown=True)
    listed = run("schedule_info").schedules
    assert [s["name"] for s in listed] == ["A", "B"]
    for schedule in listed:
        result = run_raw("schedule", **schedule)
        assert not result.changed, result.changes
    assert run("schedule_info", name="B").schedules == listed[1:]


def test_a_daily_time_of_none_is_not_given(emulator, run):
    emulator.put(
        "schedule", {"name": "S", "isFile": True, "filePathResolved": {"path": r"C:\a.wf"}, "schedule": SAMPLE}
    )
    listed = run("schedule_info").schedules[0]
    assert listed["daily"] == {"start_time": SAMPLE["dailyScheduleBase"]["startTime"]}


def test_fields_without_an_option_survive(any_emulator, run):
    any_emulator.put(
        "schedule",
        {
            "name": "S",
            "isActive": True,
            "isFile": True,
            "filePathResolved": {"path": r"C:\a.wf", "raw": "{Root}"},
            "schedule": SAMPLE,
            "jobOptions": {"usePushdownOptimization": False, "priority": 3},
            "notifications": [{"to": "ops"}],
            "traceLevel": "Job",
            "skipIfRunning": False,
        },
    )
    before = any_emulator.state()["schedules"][0]
    run("schedule", name="S", active=False, pushdown=True)
    after = any_emulator.state()["schedules"][0]
    assert after["jobOptions"] == {"usePushdownOptimization": True, "priority": 3}
    assert after["filePathResolved"] == before["filePathResolved"]
    assert after["notifications"] == [{"to": "ops"}]
    assert after["schedule"] == SAMPLE


def test_a_lost_response_of_a_creation_makes_no_second_one(emulator, run):
    emulator.add_fault(method="POST", path="/api/Schedule", action="reset_after")
    assert run("schedule", name="S", file="x", daily={"at": "04:30"}).changed
    assert len(emulator.state()["schedules"]) == 1


@pytest.mark.parametrize("reading", [404, 204, "null"])
def test_one_that_is_gone_by_the_time_of_the_second_read(emulator, run, reading):
    emulator.reset(unknown_id=reading, schedule_list="summary")
    run("schedule", name="One", file="C:\\a.wf", daily={"start_time": "2026-12-01T04:30:00Z"})
    emulator.add_fault(method="GET", path="/api/Schedule/1", action="remove", body={"schedule": 1})
    assert run("schedule", name="One", skip_if_running=True).error["kind"] == "not_found"
    run("schedule", name="Two", file="C:\\a.wf", daily={"start_time": "2026-12-01T04:30:00Z"})
    emulator.add_fault(method="GET", path="/api/Schedule/2", action="remove", body={"schedule": 2})
    assert run("schedule_info").error["kind"] == "not_found"


def test_fields_that_move_by_themselves_are_no_difference(emulator, run):
    emulator.settings.schedule_runs = "shown"
    options = {"name": "One", "file": "C:\\a.wf", "daily": {"start_time": "2026-12-01T04:30:00Z"}}
    assert run("schedule", **options).changed
    assert not run("schedule", **options).changed
    changed = run("schedule", **options, skip_if_running=True)
    assert changed.paths == ["skip_if_running"]
    assert not changed.warnings


@pytest.mark.parametrize("name", ["active", "isActivated", "activated", "enabled", "isEnabled"])
def test_other_names_of_the_activation_field(emulator, run, name):
    emulator.settings.schedule_active_field = name
    options = {"name": "One", "file": "C:\\a.wf", "daily": {"start_time": "2026-12-01T04:30:00Z"}, "active": True}
    run("schedule", **options)
    run("schedule", **options)
    assert not run("schedule", **options).changed
    assert emulator.state()["schedules"][0]["isActive"] is True
    assert run("schedule", name="One", active=False).paths == ["active"]
    assert run("schedule_info").schedules[0]["active"] is False


@pytest.mark.parametrize("check", [True, False])
def test_a_new_schedule_shows_what_is_not_its_default(emulator, run, check):
    """Whether the author set the default or not."""
    options = {"file": r"C:\Flows\load_orders.wf", "daily": {"start_time": "2026-12-01T04:30:00.0000000+01:00"}}
    result = run("schedule", name="A", **options, trace_level="Job", active=True, check=check)
    assert result.paths == ["name", "file", "daily.start_time"]
    assert result.diff["before"] == {}
    assert result.diff["after"] == {"name": "A", **options}
    assert result.schedule["trace_level"] == "Job"
    other = run("schedule", name="B", **options, trace_level="None", active=False, skip_if_running=True, check=check)
    assert {"trace_level", "active", "skip_if_running"} < set(other.paths)
