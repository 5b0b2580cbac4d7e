"""Jobs: each one's way is foreseen at its start, its status follows from the time that went by."""

from __future__ import annotations

import time
from typing import Any

from . import flows
from .files import FileSystem
from .settings import Settings
from .stamps import Stamps
from .store import Document, Store

UNKNOWN = "Unknown"
INVALID = "Invalid"
# The documented words of a job under way, each with the share of the job's time at which it ends. The order is
# inferred, the shares are invented.
_PHASES = ((0.05, "NotStarted"), (0.1, "Queued"), (0.2, "Initializing"), (1.0, "Running"))


def status_after(job: Document, elapsed: float) -> str:
    """Return the true status of a stored job `elapsed` seconds after its start."""
    for share, word in _PHASES:
        if elapsed < share * job["seconds"]:
            return word
    return job["outcome"]


def status_by_clock(job: Document) -> str:
    """Return the status as seen by a process that did not start the job and has only the wall clock."""
    return status_after(job, time.time() - job["startedAt"])


class Jobs:
    """Starts jobs and tells their status. The clock is monotonic; over a restart the wall clock bridges the gap."""

    def __init__(self, store: Store, files: FileSystem, settings: Settings, stamps: Stamps) -> None:
        """Take what jobs are kept in and read from."""
        self._store = store
        self._files = files
        self._settings = settings
        self._stamps = stamps
        self._origins: dict[int, float] = {}

    def start(self, path: str, parameters: flows.Parameters) -> Document:
        """Start a job of the flow at `path`, whether or not it can end well; return its document."""
        flow = self._files.read(path) if self._files.exists(path) else None
        plan = flows.plan(flow, parameters, self._settings)
        job: Document = {
            "id": self._store.next_id("job"),
            "filePath": path,
            "parameters": parameters,
            "startedDtTm": self._stamps.next(),
            "startedAt": time.time(),
            "seconds": plan.seconds,
            "outcome": plan.outcome,
            "reason": plan.reason,
            "polls": 0,
        }
        self._origins[job["id"]] = time.monotonic()
        self._store.put("job", job["id"], job)
        return job

    def poll(self, number: int) -> str:
        """Return the status as the API tells it; counts the poll, as the first ones may answer Unknown."""
        job = self._store.get("job", number)
        if job is None:
            return UNKNOWN if number > 0 else INVALID
        job["polls"] += 1
        self._store.put("job", number, job)
        return UNKNOWN if job["polls"] <= self._settings.unknown_polls else self.status(job)

    def status(self, job: Document) -> str:
        """Return the true status."""
        origin = self._origins.setdefault(job["id"], time.monotonic() - max(0.0, time.time() - job["startedAt"]))
        return status_after(job, time.monotonic() - origin)

    def forget(self) -> None:
        """Forget the clocks of jobs that are no longer stored."""
        self._origins.clear()


def described(job: Document, status: str) -> dict[str, Any]:
    """Return a job for `state()`: what was asked, what became of it."""
    names = ("id", "filePath", "parameters", "startedDtTm", "seconds", "reason", "polls")
    return {**{name: job[name] for name in names}, "status": status}
