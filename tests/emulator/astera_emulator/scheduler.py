"""Starts the jobs of schedules when they are due.

Only the documented every-day schedule fires: first at its start time, then each 24 hours. Which time zone's rules the
real server goes by is unknown; here the offset of the start time is taken as fixed, so that a day has 24 hours always.
"""

from __future__ import annotations

from collections.abc import Callable
from math import floor, inf

from .jobs import Jobs
from .settings import Settings
from .store import Document, Store
from .timestamps import TICKS_PER_SECOND, to_text, to_ticks

# The only type names that the documentation has: of the schedule and of its dailyScheduleBase.
EVERY_DAY = ("Astera.Core.DailySchedule", "Astera.Core.DailyScheduleEveryDay")
_DAY = 86400.0
_LAST_CHECK = "last check of schedules"


class Scheduler:
    """Checks for due schedules. The time of the last check is kept with the state, so nothing fires twice."""

    def __init__(self, store: Store, jobs: Jobs, settings: Settings, clock: Callable[[], float]) -> None:
        """Take what schedules are kept in, what runs their jobs, and the clock in seconds since 1970."""
        self._store = store
        self._jobs = jobs
        self._settings = settings
        self._clock = clock
        self._next = -inf  # nothing is due before; spares reading all schedules at each check

    def check(self) -> None:
        """Start what became due since the last check; does nothing while the service is down."""
        self._check(was_down=False)

    def resume(self) -> None:
        """Check for the first time since the service was down."""
        self._next = -inf
        self._check(was_down=True)

    def forget(self) -> None:
        """Begin again with an empty store: nothing before now is due."""
        self._next = -inf
        self.check()

    def note(self, schedule: Document) -> None:
        """Take in a schedule that was just stored."""
        last = self._last_check()
        self._next = -inf if last is None else min(self._next, _next_time(schedule, last))

    def runs_of(self, schedule: Document) -> tuple[str | None, str | None]:
        """Return when a schedule runs next and when its last job was started, as timestamps; None: never."""
        following = _next_time(schedule, self._clock())
        started = [job["startedDtTm"] for job in self._store.all("job") if job["scheduleId"] == schedule["id"]]
        return (
            None if following == inf else to_text(round(following * TICKS_PER_SECOND)),
            started[-1] if started else None,
        )

    def _check(self, *, was_down: bool) -> None:
        """Fire what is due in (last check, now]. A clock that was set back fires nothing a second time."""
        now, last = self._clock(), self._last_check()
        if not self._jobs.is_up or (last is not None and now <= last):
            return
        self._store.set_note(_LAST_CHECK, repr(now))
        if last is None or now < self._next:
            return
        schedules = self._store.all("schedule")
        self._next = min((_next_time(schedule, now) for schedule in schedules), default=inf)
        for schedule in schedules:
            times = _count(schedule, now) - _count(schedule, last)
            missed = was_down or times > 1
            if times and not (missed and self._settings.missed_runs == "skip"):
                self._fire(schedule)

    def _last_check(self) -> float | None:
        """Return when the last check was; None: never."""
        note = self._store.note(_LAST_CHECK)
        return None if note is None else float(note)

    def _fire(self, schedule: Document) -> None:
        """Start the schedule's job, unless its last one is still under way and that matters."""
        number = schedule["id"]
        if schedule["skipIfRunning"] and self._jobs.is_busy(number):
            return
        if schedule["isFile"]:
            self._jobs.start((schedule["filePathResolved"] or {}).get("path") or "", [], schedule_id=number)
            return
        deployment = self._store.get("deployment", schedule["deploymentId"]) or {}
        archive = {"deploymentId": schedule["deploymentId"], "startItem": schedule["archiveStartItem"]}
        self._jobs.start(deployment.get("clusterArchiveFilePath") or "", [], schedule_id=number, archive=archive)


def _start_time(schedule: Document) -> float | None:
    """Return when an active every-day schedule is due first, in seconds since 1970; None for any other one."""
    frequency = schedule["schedule"] or {}
    base = frequency.get("dailyScheduleBase") or {}
    every_day = (frequency.get("typeName"), base.get("typeName")) == EVERY_DAY
    if not schedule["isActive"] or not every_day or not base.get("startTime"):
        return None
    try:
        return to_ticks(base["startTime"]) / TICKS_PER_SECOND
    except ValueError:  # only another administrator's edit (`put`) can store such a thing
        return None


def _count(schedule: Document, moment: float) -> int:
    """Return how often the schedule was due up to and including this moment."""
    start = _start_time(schedule)
    return 0 if start is None or moment < start else floor((moment - start) / _DAY) + 1


def _next_time(schedule: Document, moment: float) -> float:
    """Return when the schedule is due next after this moment; infinity: never."""
    start = _start_time(schedule)
    return inf if start is None else start + _count(schedule, moment) * _DAY
