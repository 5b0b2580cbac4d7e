"""The job engine: a queue in order of start, and a thread for each job that runs."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .files import FileSystem
from .flows import Parameters
from .forms import split_profiles
from .run import OverError, Run, Workplace
from .settings import Settings
from .store import Document, Store, single
from .timestamps import Timestamps
from .work import INITIALIZING, QUEUED, carry_out

UNKNOWN = "Unknown"
INVALID = "Invalid"

_SHOWN = (
    "id",
    "filePath",
    "parameters",
    "startedDtTm",
    "endedDtTm",
    "status",
    "reason",
    "trace",
    "scheduleId",
    "polls",
)
_log = logging.getLogger("astera_emulator")


class Jobs:
    """Starts, runs and ends jobs. Safe to use from several threads.

    What a job is, stands in the store and survives; threads and queue live from `resume` to `suspend`, that is while
    the service is up. A job started while it is down stays queued.
    """

    def __init__(
        self, store: Store, files: FileSystem, settings: Settings, timestamps: Timestamps, incoming: Path
    ) -> None:
        """Take what jobs are kept in and work with; `incoming` is for files that are not finished."""
        self._place = Workplace(store, files, settings, timestamps, incoming)
        self._store = store
        self._settings = settings
        self._lock = self._place.lock
        self._is_up = False
        self._queue: deque[int] = deque()
        self._runs: dict[int, Run] = {}

    # -- what clients ask for -----------------------------------------------------------------------------------

    def start(
        self, path: str, parameters: Parameters, schedule_id: int | None = None, archive: Document | None = None
    ) -> Document:
        """Start a job of the flow at `path`, whether or not it can end well; return its document.

        `archive` (deploymentId, startItem) marks the file as a deployment's archive.
        """
        with self._lock:
            started = self._place.timestamps.next()
            job: Document = {
                "id": self._store.next_id("job"),
                "filePath": path,
                "parameters": parameters,
                "startedDtTm": started,
                "endedDtTm": None,
                "status": QUEUED,
                "reason": "",
                "trace": [{"time": started, "message": "queued"}],
                "scheduleId": schedule_id,
                "polls": 0,
                "archive": archive,
                "beganAt": None,  # when it left the queue, by the wall clock
                "done": 0,  # how many of its actions are behind it
            }
            self._store.put("job", job["id"], job)
            if self._is_up:
                self._queue.append(job["id"])
                self.pump()
            return job

    def poll(self, number: int) -> str:
        """Return the status as the API reports it; count the poll, as the first ones may return Unknown."""
        with self._lock:
            job = self._store.get("job", number)
            if job is None:
                return UNKNOWN if number > 0 else INVALID
            job["polls"] += 1
            self._store.put("job", number, job)
        return UNKNOWN if job["polls"] <= self._settings.unknown_polls else job["status"]

    def terminate(self, number: int) -> bool:
        """End a job that is queued or running; False when it had ended. KeyError: there is no such job."""
        with self._lock:
            if self._stored(number)["endedDtTm"] is not None:
                return False
            run = self._runs.pop(number, None)
            if run is not None:
                run.over.set()
            if number in self._queue:
                self._queue.remove(number)
            self._place.end(number, self._settings.job_termination_word)
            self.pump()
            return True

    def trace(self, number: int) -> list[dict[str, str]]:
        """Return what happened to a job, as {"time", "message"}. KeyError: there is no such job."""
        return self._stored(number)["trace"]

    def is_busy(self, schedule_id: int) -> bool:
        """Whether the last job of this schedule is queued or running."""
        jobs = [job for job in self._store.all("job") if job["scheduleId"] == schedule_id]
        return bool(jobs) and jobs[-1]["endedDtTm"] is None

    # -- life ---------------------------------------------------------------------------------------------------

    @property
    def is_up(self) -> bool:
        """Whether jobs run, as the service is up."""
        return self._is_up

    def resume(self) -> None:
        """Take up the queue, and what was running when the service went down; a second call does nothing."""
        with self._lock:
            if self._is_up:
                return
            self._is_up = True
            for job in self._store.all("job"):
                if job["endedDtTm"] is None:
                    self._take_up(job)
            self.pump()

    def suspend(self) -> None:
        """Let go of all threads at once, as a process that ends; the store keeps how far each job was."""
        with self._lock:
            self._is_up = False
            self._let_go()

    @contextmanager
    def forgotten(self) -> Iterator[None]:
        """Forget the queue and all running jobs, and keep everybody out while the store is emptied."""
        with self._lock:
            self._let_go()
            yield

    def pump(self) -> None:
        """Begin as many queued jobs as may run now."""
        with self._lock:
            while self._queue and self._may_begin():
                number = self._queue.popleft()
                if self._place.change(number, "initializing", status=INITIALIZING, beganAt=time.time()):
                    self._begin(number)

    # -- inside -------------------------------------------------------------------------------------------------

    def _let_go(self) -> None:
        """End all runs; what their threads still do reaches nobody."""
        for run in self._runs.values():
            run.over.set()
        self._runs.clear()
        self._queue.clear()

    def _stored(self, number: int) -> Document:
        """Return a job; KeyError when there is none."""
        job = self._store.get("job", number)
        if job is None:
            raise KeyError(number)
        return job

    def _may_begin(self) -> bool:
        """Whether another job may run: the servers are not paused and the profile's limit is not reached."""
        paused = single(self._store, "cluster").get("pauseAllServers") is True
        if paused and self._settings.paused_servers == "hold":
            return False
        limit = split_profiles(self._settings.profiles).get(single(self._store, "config")["serverProfile"])
        return limit is None or len(self._runs) < limit

    def _take_up(self, job: Document) -> None:
        """Go on with a job that had not ended when the service went down."""
        if job["status"] == QUEUED:
            self._queue.append(job["id"])
        elif self._settings.interrupted_job == "fails":
            self._place.end(job["id"], self._settings.job_failure_word, "the service went down while the job ran")
        else:
            self._place.change(job["id"], "carried on after the service was down")
            self._begin(job["id"])

    def _begin(self, number: int) -> None:
        """Give a job its thread."""
        run = self._runs[number] = Run(self._place, number)
        threading.Thread(target=self._work, args=(run,), name=f"job {number}", daemon=True).start()

    def _work(self, run: Run) -> None:
        """Do a job and let the next one begin; the thread's whole life."""
        try:
            try:
                status, reason = carry_out(run)
            except Exception as error:
                run.check()
                _log.exception("job %s failed", run.number)
                status, reason = self._settings.job_failure_word, f"the emulator failed: {type(error).__name__}"
            with self._lock:
                run.check()
                self._place.end(run.number, status, reason)
                run.over.set()
                del self._runs[run.number]
                self.pump()
        except OverError:
            return


def described(job: Document) -> dict[str, Any]:
    """Return a job for `state()`: what was requested, what became of it."""
    return {name: job[name] for name in _SHOWN}
