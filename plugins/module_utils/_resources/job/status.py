# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs and their statuses: ``GET /api/Job/{id}/Status``. Private: may change in any release.

Seven statuses are documented, without meanings: that four of them mean "in progress" and only ``Completed`` means
success is inferred; those of failure and termination are unknown. So any other status counts as a failure whose error
quotes it, unless the playbook knows better.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..._engine.result import Result
from ..._errors import AsteraError, Kind, input_error
from ..._http.client import Client
from ..._http.openapi import Operation
from ..._http.polling import Deadline, check_wait
from ..._http.unexpected import nothing_there
from ..._runner.argument_spec import Spec
from .responses import extract_status

IN_PROGRESS = frozenset({"notstarted", "queued", "initializing", "running"})
SUCCEEDED = frozenset({"completed"})
#: What the server may show of a job that it does not know, or not yet.
UNKNOWN = frozenset({"unknown", "invalid"})
#: Statuses that nobody documented but that leave little doubt.
_SOUNDS_BAD = re.compile("error|fail|fault|abort|cancel|terminat")
#: Polls during which an unknown job may still turn up.
POLLS_FOR_UNKNOWN = 5
#: Polls that must agree before a status that nobody knows ends the wait.
POLLS_FOR_NEW_STATUS = 2
#: Entries of a job's history that are kept, the latest ones.
MAX_HISTORY = 100

STATUS_OPTIONS: dict[str, dict[str, Any]] = {
    name: {"type": "list", "elements": "str"} for name in ("success_statuses", "failure_statuses", "running_statuses")
}
INFO_SPEC = Spec(options={"job_ids": {"type": "list", "elements": "int", "required": True}, **STATUS_OPTIONS})


@dataclass(frozen=True)
class Statuses:
    """What statuses mean: those of the documentation, and those that a playbook adds. All in lower case."""

    success: frozenset[str] = SUCCEEDED
    failure: frozenset[str] = frozenset()
    running: frozenset[str] = IN_PROGRESS

    def include(self, status: str) -> bool:
        """Whether it is one of them, and so no secret that the server echoes."""
        return status.casefold() in self.success | self.failure | self.running | UNKNOWN

    def polls_to_fail(self, status: str) -> float:
        """Polls in a row with this status that end the wait as failed."""
        if status in self.running:
            return float("inf")
        if status in self.failure:
            return 1
        return POLLS_FOR_UNKNOWN if status in UNKNOWN else POLLS_FOR_NEW_STATUS


def statuses_from(options: Iterable[list[str] | None]) -> Statuses:
    """The documented statuses and the values of ``STATUS_OPTIONS``. An input error when one would mean two things."""
    success, failure, running = (_folded(values, name) for values, name in zip(options, STATUS_OPTIONS))
    statuses = Statuses(SUCCEEDED | success, failure, IN_PROGRESS | running)
    for first, second in (
        (statuses.success, failure),
        (statuses.success, statuses.running),
        (failure, statuses.running),
    ):
        for status in sorted(first & second):
            raise input_error(
                f"the status {status!r} is given, or known, with two meanings", f"See {', '.join(STATUS_OPTIONS)}."
            )
    for status in sorted(UNKNOWN & (statuses.success | statuses.running)):
        raise input_error(
            f"the status {status!r} very likely means that there is no such job",
            "Take it out of success_statuses and running_statuses.",
        )
    return statuses


def _folded(values: list[str] | None, option: str) -> frozenset[str]:
    folded = frozenset(value.strip().casefold() for value in values or ())
    if "" in folded:
        raise input_error(f"{option} must not contain an empty status")
    return folded


@dataclass(frozen=True)
class Wait:
    """How a job is followed, in seconds: after ``timeout`` it is late, ``interval`` is between two polls.

    In the order of the options ``wait``, ``wait_timeout``, ``wait_interval`` and ``on_timeout``.
    """

    enabled: bool = True
    timeout: float = 3600.0
    interval: float = 2.0
    on_timeout: str = "leave"

    def __post_init__(self) -> None:
        check_wait(self.timeout, self.interval)

    @property
    def terminates(self) -> bool:
        """Whether a job that is late is to be ended."""
        return self.enabled and self.on_timeout == "terminate"


@dataclass
class Job:
    """A job as the last poll showed it. ``elapsed`` is in seconds since this task began to follow it, in tenths.

    ``history`` has each status in its turn, with the seconds at which it was first seen. ``error`` is why the job is
    not followed any more, ``transient_error`` why the last poll showed nothing. ``asked_to_end``: a request for its
    termination was sent, or may have been. ``name`` and ``flow`` are for people: its entry in a list, and its path.
    """

    id: int | None
    statuses: Statuses = field(default_factory=Statuses)
    wait: Wait = field(default_factory=Wait)
    status: str | None = None
    elapsed: float = 0.0
    history: list[tuple[str, float]] = field(default_factory=list)
    trace: str | None = None
    error: AsteraError | None = None
    transient_error: AsteraError | None = None
    asked_to_end: bool = False
    name: str | None = None
    flow: str | None = None
    #: The operations that options name outright.
    terminate_operation: Operation | None = None
    trace_operation: Operation | None = None
    #: Polls in a row that showed the same status, and those that showed none.
    polls_alike: int = 0
    polls_failed: int = 0

    @property
    def _folded(self) -> str:
        return (self.status or "").casefold()

    @property
    def succeeded(self) -> bool:
        return self._folded in self.statuses.success

    @property
    def known(self) -> bool:
        """Whether the server shows that there is such a job."""
        return self.status is not None and (self._folded not in UNKNOWN or self._folded in self.statuses.failure)

    @property
    def goes_on(self) -> bool:
        return self._folded in self.statuses.running

    @property
    def finished(self) -> bool:
        """Whether nothing more is to be expected. A status that nobody knows counts as an end."""
        return self.known and not self.goes_on

    @property
    def failed(self) -> bool:
        """Whether it has been seen often enough that it did not end well."""
        return not self.succeeded and self.polls_alike >= self.statuses.polls_to_fail(self._folded)

    @property
    def is_open(self) -> bool:
        """Whether it is to be polled once more."""
        return not (self.succeeded or self.failed or self.error)

    @property
    def is_odd(self) -> bool:
        """Whether its last status is one that nobody knows and that does not sound like an end."""
        is_named = self.succeeded or self._folded in self.statuses.failure
        return self.finished and not is_named and not _SOUNDS_BAD.search(self._folded)

    @property
    def title(self) -> str:
        """How a line of progress names it."""
        return f"{self.name}: job {self.id}" if self.name else f"job {self.id}"

    @property
    def last_line(self) -> str:
        """The last line of its trace that is not empty."""
        lines = [line for line in (self.trace or "").splitlines() if line.strip()]
        return " ".join(lines[-1].split()) if lines else ""

    @property
    def number(self) -> int:
        """The id, of a job that has one."""
        return checked_id(self.id or 0)

    @property
    def status_path(self) -> str:
        return f"/api/Job/{self.id}/Status"

    def poll(self, client: Client, *, elapsed: float = 0.0, timeout: float | None = None) -> None:
        """Read the status."""
        response = client.get(self.status_path, timeout=timeout)
        if response is None:
            raise nothing_there(self.status_path)
        redact = client.hidden.redact_text
        status = extract_status(response, lambda text: text if self.statuses.include(text) else redact(text))
        if status is None:
            raise job_error("server", self, f"the server shows no status for job {self.id}")
        self.polls_alike = self.polls_alike + 1 if status.casefold() == self._folded else 1
        self.status, self.elapsed = status, round(elapsed, 1)
        if not self.history or self.history[-1][0] != status:
            self.history = [*self.history, (status, self.elapsed)][-MAX_HISTORY:]

    def to_short_result(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "status": self.status,
            "finished": self.finished,
            "succeeded": self.succeeded,
            "elapsed": self.elapsed,
        }

    def to_result(self) -> dict[str, Any]:
        history = [{"status": status, "elapsed": elapsed} for status, elapsed in self.history]
        return {**self.to_short_result(), "history": history, "trace": self.trace}


def checked_id(job_id: int) -> int:
    if job_id < 1:
        raise input_error(f"job ids are 1 or more, not {job_id}")
    return job_id


def poll_each(client: Client, jobs: Sequence[Job], deadline: Deadline) -> Iterator[tuple[Job, AsteraError | None]]:
    """Poll each job once and yield it with its error. An error of the whole server is that of all that follow."""
    error: AsteraError | None = None
    for job in jobs:
        if error is None or not error.is_server_wide:
            error = try_poll(client, job, deadline)
        yield job, error


def try_poll(client: Client, job: Job, deadline: Deadline) -> AsteraError | None:
    """Poll a job with one request; returns what went wrong."""
    try:
        job.poll(client, elapsed=deadline.elapsed, timeout=deadline.request_timeout)
    except AsteraError as error:
        job.elapsed = round(deadline.elapsed, 1)
        job.polls_failed += 1
        if error.kind == "not_found" and error.status in (200, 204) and job.polls_failed < POLLS_FOR_UNKNOWN:
            # Nothing in a response that succeeds is like the status of a job that is not known: it may still turn up.
            return error.with_(kind="server")
        return error
    job.polls_failed = 0
    return None


def job_error(kind: Kind, job: Job, message: str, hint: str | None = None) -> AsteraError:
    """An error that the status of a job is the ground of. Where the job went wrong, it names no request."""
    error = AsteraError(kind, message, hint=hint)
    if kind in ("job_failed", "timeout"):
        return error
    return error.with_(method="GET", path=job.status_path, status=200, attempts=1)


def no_such_job(kind: Kind, job: Job) -> AsteraError:
    """The error for a job that the server does not know."""
    return job_error(
        kind,
        job,
        f"the server shows {job.status!r} for job {job.id}, which very likely means that there is no such job",
        "Old jobs are purged after the days set in the cluster settings; check the id.",
    )


def run_info(client: Client, params: dict[str, Any]) -> Result:
    """The statuses of several jobs; returns ``jobs`` in the order of ``job_ids``. One that is not there is unknown."""
    statuses = statuses_from(params[name] for name in STATUS_OPTIONS)
    jobs = {checked_id(job_id): Job(job_id, statuses) for job_id in params["job_ids"]}
    shown = {job_id: _shown(client, job) for job_id, job in jobs.items()}
    return Result(returned={"jobs": [shown[job_id] for job_id in params["job_ids"]]})


def _shown(client: Client, job: Job) -> dict[str, Any]:
    try:
        job.poll(client)
    except AsteraError as error:
        if error.kind != "not_found":
            raise
    names = ("id", "status", "finished", "succeeded")
    return {**{name: job.to_result()[name] for name in names}, "known": job.known}
