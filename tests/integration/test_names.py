"""Names that differ only in blanks or in case. The server may have them; new ones are checked."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.any_core

DAILY = {"daily": {"start_time": "2026-12-01T04:30:00Z"}}
FILE = {"file": r"C:\Flows\load_orders.wf"}
NEW = {"schedule": {**FILE, **DAILY}, "deployment": {"archive_path": r"C:\Deployment\o.car"}}
#: Names of which a server may have several at once.
ODD = ["Orders", "ORDERS", " Orders", "Orders ", "Or  ders", "\u00a0Orders"]


@pytest.fixture
def stocked(emulator):
    """A server whose objects have names that differ only in case or in blanks."""
    emulator.settings.name_clash = "exact"
    for name in ODD:
        emulator.put("deployment", {"name": name, "clusterArchiveFilePath": r"C:\Deployment\o.car", "isActive": True})
        emulator.put(
            "schedule",
            {
                "name": name,
                "isFile": True,
                "filePathResolved": {"path": FILE["file"]},
                "isActive": True,
                "schedule": {
                    "typeName": "Astera.Core.DailySchedule",
                    "dailyScheduleBase": {
                        "startTime": "2026-12-01T04:30:00.0000000Z",
                        "typeName": "Astera.Core.DailyScheduleEveryDay",
                    },
                },
            },
        )
    return emulator


def named(emulator, noun):
    return {item["name"]: item for item in emulator.state()[f"{noun}s"]}


@pytest.mark.parametrize("noun", list(NEW))
def test_what_is_read_can_be_given_back(stocked, run, noun):
    shown = run(f"{noun}_info")[f"{noun}s"]
    assert [one["name"] for one in shown] == ODD
    again = run(f"{noun}s", **{f"{noun}s": shown})
    assert (again.changed, again.warnings) == (False, [])
    for one in shown:
        assert run(f"{noun}_info", name=one["name"])[f"{noun}s"] == [one]
        assert not run(noun, **one).changed
        assert not run(noun, name=one["name"]).changed


@pytest.mark.parametrize("noun", list(NEW))
@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("by_id", [True, False])
def test_each_is_changed_by_its_id_and_by_its_exact_name(stocked, run, noun, name, by_id):
    number = named(stocked, noun)[name]["id"]
    result = run(noun, **({"id": number} if by_id else {"name": name}), active=False)
    assert result.paths == ["active"]
    assert result.warnings == []
    assert [item["name"] for item in stocked.state()[f"{noun}s"] if item["isActive"] is False] == [name]


def test_a_deployment_is_referred_to_by_its_exact_name(stocked, run):
    result = run("schedule", name="New", deployment=" Orders", start_item="a.wf", **DAILY)
    assert result.schedule["deployment"] == " Orders"
    assert named(stocked, "schedule")["New"]["deploymentId"] == named(stocked, "deployment")[" Orders"]["id"]
    assert run("schedule", name="Newer", like="Orders ", **FILE).changed


def test_they_are_exported(stocked, run):
    exported = run("export", sections=["schedules", "deployments"])
    for noun in ("schedules", "deployments"):
        assert sorted(one["name"] for one in exported.configuration[f"astera_{noun}"]) == sorted(ODD)
        assert not run(noun, **{noun: exported.configuration[f"astera_{noun}"]}).changed


@pytest.mark.parametrize("noun", list(NEW))
@pytest.mark.parametrize("check", [True, False])
@pytest.mark.parametrize("name", [" X", "X ", "\u00a0X"])
@pytest.mark.parametrize("many", [True, False])
def test_a_new_name_with_blanks_at_its_ends_is_rejected(emulator, run, noun, check, name, many):
    entry = {"name": name, **NEW[noun]}
    result = run(f"{noun}s", **{f"{noun}s": [entry]}, check=check) if many else run(noun, **entry, check=check)
    assert result.error["kind"] == "input"
    assert "name must not begin or end with a blank" in result.msg
    assert not emulator.state()[f"{noun}s"]


@pytest.mark.parametrize("noun", list(NEW))
def test_what_is_absent_is_absent_by_any_name(emulator, run, noun):
    assert not run(noun, name=" X", state="absent").changed


@pytest.mark.parametrize("check", [True, False])
def test_a_renaming(emulator, run, check):
    run("schedule", name="A", **NEW["schedule"])
    assert run("schedule", name="A", new_name=" A", check=check).error["kind"] == "input"


def test_the_name_of_a_cluster(emulator, run):
    assert run("cluster", name=" X").error["kind"] == "input"
    assert not [request for request in emulator.writes if request.path == "/api/Cluster"]
    emulator.put("cluster", {"name": " X"})
    assert not run("cluster", name=" X").changed
    assert run("cluster", name="X").changed
