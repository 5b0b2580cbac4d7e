"""Schedules, by a clock that the tests set."""

from datetime import UTC, datetime

import pytest

from astera_emulator import Emulator
from astera_emulator.scheduler import EVERY_DAY

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC).timestamp()
DAY = 86400.0
FLOW, ARCHIVE = "C:\\load.wf", "C:\\Deployment\\a.car"


class Clock:
    """A clock that stands still."""

    now = NOON

    def __call__(self) -> float:
        """Return the time."""
        return self.now


@pytest.fixture(scope="module")
def clock():
    """Give the clock."""
    return Clock()


@pytest.fixture(scope="module")
def clocked(tmp_path_factory, clock):
    """Run a server by that clock."""
    with Emulator(tmp_path_factory.mktemp("clocked"), clock=clock) as emulator:
        yield emulator


@pytest.fixture
def emulator(clocked, clock):
    """Give a fresh server at noon, with a flow that takes no time."""
    clock.now = NOON
    clocked.reset()
    clocked.files.write(FLOW, b'<Flow seconds="0"/>')
    return clocked


def schedule(emulator, start="2030-01-01T13:00:00Z", **changes):
    """Store a schedule; return its id."""
    frequency = {"typeName": EVERY_DAY[0], "dailyScheduleBase": {"typeName": EVERY_DAY[1], "startTime": start}}
    fields = {
        "name": "nightly",
        "isActive": True,
        "isFile": True,
        "filePathResolved": {"path": FLOW},
        "schedule": frequency,
    }
    return emulator.put("schedule", {**fields, **changes})["id"]


def at(emulator, clock, hours):
    """Set the clock to some hours after noon and tick; return the jobs there are then."""
    clock.now = NOON + hours * 3600
    emulator.tick()
    return emulator.state()["jobs"]


def test_fires_at_its_time_and_each_day(emulator, clock, ended):
    number = schedule(emulator)
    assert at(emulator, clock, 0.5) == at(emulator, clock, 0.999) == []
    (job,) = at(emulator, clock, 1)
    assert (job["filePath"], job["scheduleId"], job["parameters"]) == (FLOW, number, [])
    assert ended(emulator, 1)["status"] == "Completed"
    assert len(at(emulator, clock, 1)) == len(at(emulator, clock, 24.9)) == 1
    assert len(at(emulator, clock, 25.5)) == 2
    assert len(at(emulator, clock, 49)) == 3


def test_the_background_looks_too(emulator, clock, until):
    schedule(emulator)
    clock.now = NOON + 3600
    until(lambda: emulator.state()["jobs"])


def test_the_offset_is_respected_and_a_past_start_is_no_reason_to_run(emulator, clock):
    schedule(emulator, "2030-01-01T10:30:00-03:00")
    schedule(emulator, "2029-12-30T11:00:00Z")
    assert len(at(emulator, clock, 1.4)) == 0
    assert [job["scheduleId"] for job in at(emulator, clock, 1.5)] == [1]
    assert [job["scheduleId"] for job in at(emulator, clock, 23)] == [1, 2]


def test_by_the_api(emulator, clock, connect):
    api = connect(emulator)
    api.login()
    base = {"typeName": EVERY_DAY[1], "startTime": "2030-01-01T13:00:00Z"}
    body = {"name": "a", "isActive": True, "isFile": True, "filePathResolved": {"path": FLOW}}
    api.ok("Schedule", {**body, "schedule": {"typeName": EVERY_DAY[0], "dailyScheduleBase": base}})
    assert len(at(emulator, clock, 1)) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"isActive": False},
        {"schedule": None},
        {"schedule": {"typeName": "Astera.Core.Other", "dailyScheduleBase": {"startTime": "2030-01-01T13:00:00Z"}}},
        {"schedule": {"typeName": EVERY_DAY[0], "dailyScheduleBase": {"typeName": EVERY_DAY[1], "startTime": "soon"}}},
    ],
)
def test_what_never_fires(emulator, clock, change):
    schedule(emulator, **change)
    schedule(emulator, name="other")
    assert [job["scheduleId"] for job in at(emulator, clock, 1)] == [2]


def test_a_change_holds_from_then_on(emulator, clock):
    number = schedule(emulator)
    clock.now = NOON + 1.5 * 3600
    emulator.put("schedule", {"id": number, "isActive": False})
    assert len(at(emulator, clock, 2)) == 1  # it was due at 13:00, when it was still active
    clock.now = NOON + 26 * 3600
    emulator.put("schedule", {"id": number, "isActive": True})
    assert len(at(emulator, clock, 27)) == 1  # and inactive at 13:00 of the next day
    assert len(at(emulator, clock, 49)) == 2


@pytest.mark.parametrize("skip", [True, False])
def test_skip_if_running(emulator, clock, skip):
    emulator.files.write(FLOW, b'<Flow seconds="600"/>')
    schedule(emulator, skipIfRunning=skip)
    assert len(at(emulator, clock, 1)) == 1
    emulator._context.jobs.start(FLOW, [])
    assert len(at(emulator, clock, 25)) == (2 if skip else 3)
    for job in emulator.state()["jobs"]:
        emulator._context.jobs.terminate(job["id"])
    assert len(at(emulator, clock, 49)) == (3 if skip else 4)


@pytest.mark.parametrize(("variant", "runs"), [("skip", 0), ("run_once", 1)])
@pytest.mark.parametrize("down", [True, False])
def test_missed_runs(emulator, clock, variant, runs, down):
    emulator.settings.missed_runs = variant
    schedule(emulator)
    if down:
        emulator.stop()
    clock.now = NOON + 3.5 * DAY
    if down:
        emulator.start()
    assert len(at(emulator, clock, 3.6 * 24)) == runs
    assert len(at(emulator, clock, 97)) == runs + 1


@pytest.mark.parametrize("variant", ["skip", "run_once"])
def test_one_time_missed_while_the_service_was_down(emulator, clock, variant):
    emulator.settings.missed_runs = variant
    schedule(emulator)
    emulator.stop()
    clock.now = NOON + 2 * 3600
    emulator.tick()
    assert emulator.state()["jobs"] == []
    emulator.start()
    assert len(emulator.state()["jobs"]) == (variant == "run_once")


@pytest.mark.parametrize("variant", ["skip", "run_once"])
def test_nothing_fires_twice(emulator, clock, variant, tmp_path):
    emulator.settings.missed_runs = variant
    schedule(emulator)
    assert len(at(emulator, clock, 1)) == 1
    emulator.restart(0.01)
    emulator.stop()
    emulator.start()
    assert len(at(emulator, clock, 1)) == len(at(emulator, clock, 2)) == 1
    assert len(at(emulator, clock, 0.5)) == len(at(emulator, clock, 1.5)) == 1  # a clock that was set back


def test_a_new_process_in_the_same_folder(tmp_path, clock):
    clock.now = NOON
    for _process in range(2):
        with Emulator(tmp_path, clock=clock, settings={"missed_runs": "run_once"}) as emulator:
            if not emulator.state()["schedules"]:
                schedule(emulator)
            assert len(at(emulator, clock, 1)) == 1


def test_an_archive(emulator, clock, ended):
    deployment = emulator.put("deployment", {"name": "a", "clusterArchiveFilePath": ARCHIVE})["id"]
    emulator.settings.job_seconds = 0.0
    archive = {"isFile": False, "deploymentId": deployment, "archiveStartItem": "Main.wf"}
    schedule(emulator, **archive)
    schedule(emulator, **{**archive, "deploymentId": 9})
    emulator.files.write(ARCHIVE, b"\x00opaque")
    at(emulator, clock, 1)
    job = ended(emulator, 1)
    assert (job["status"], job["filePath"], job["scheduleId"]) == ("Completed", ARCHIVE, 1)
    assert "cannot read archives; the start item was 'Main.wf'" in str(job["trace"])
    assert "no deployment with id 9" in ended(emulator, 2)["reason"]
    emulator.files.clear()
    at(emulator, clock, 25)
    assert f"no file {ARCHIVE}" in ended(emulator, 3)["reason"]


def test_fields_that_move_by_themselves(emulator, clock, connect):
    emulator.settings.schedule_runs = "shown"
    schedule(emulator)
    api = connect(emulator)
    api.login()

    def runs():
        shown = api.get("Schedule/1").json()
        assert api.get("Schedules").json() == [shown]
        return shown["nextRunTime"], shown["lastRunTime"]

    assert runs() == ("2030-01-01T06:00:00.0000000-07:00", None)
    stored = {**api.get("Schedule/1").json(), "nextRunTime": "x", "LastRunTime": "x"}
    clock.now = NOON + 2 * 3600
    emulator.tick()
    api.ok("Schedule", stored)
    following, last = runs()
    assert following == "2030-01-02T06:00:00.0000000-07:00" and last == emulator.state()["jobs"][0]["startedDtTm"]
    assert "nextRunTime" not in emulator.state()["schedules"][0]
    emulator.settings.schedule_runs = "absent"
    assert "nextRunTime" not in api.get("Schedule/1").json()
