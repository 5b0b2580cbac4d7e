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
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..._engine.result import Result
from ..._errors import AsteraError, input_error
from ..._http.client import Client
from ..._http.error_text import MAX_WORDS
from ..._http.openapi import Operation
from ..._http.polling import check_wait
from ..._runner.argument_spec import Spec
from .responses import extract_status

#: What the server may show of a job that it does not know, or not yet.
UNKNOWN = frozenset({"unknown", "invalid"})
#: Statuses that nobody documented but that leave little doubt.
_SOUNDS_BAD = re.compile("error|fail|fault|abort|cancel|terminat|stopped|killed")
#: Polls during which an unknown job may still turn up.
POLLS_FOR_UNKNOWN = 5
#: Polls that must agree before a status that nobody knows ends the wait.
POLLS_FOR_NEW_STATUS = 2

STATUS_OPTIONS: dict[str, dict[str, Any]] = {
    name: {"type": "list", "elements": "str"} for name in ("success_statuses", "running_statuses")
}
WAIT_OPTIONS: dict[str, dict[str, Any]] = {
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "float", "default": 3600.0},
    "wait_interval": {"type": "float", "default": 2.0},
    "on_timeout": {"type": "str", "choices": ["leave", "terminate"], "default": "leave"},
}
INFO_SPEC = Spec(options={"job_ids": {"type": "list", "elements": "int", "required": True}, **STATUS_OPTIONS})


@dataclass(frozen=True)
class Statuses:
    """What statuses mean: those of the documentation, and those that a playbook adds. All in lower case."""

    success: frozenset[str] = frozenset({"completed"})
    running: frozenset[str] = frozenset({"notstarted", "queued", "initializing", "running"})


def statuses_from(params: Mapping[str, Any]) -> Statuses:
    """The documented statuses and the values of ``STATUS_OPTIONS``. An input error for one that cannot mean success."""
    success, running = (
        frozenset(value.strip().casefold() for value in params.get(name) or ()) - {""} for name in STATUS_OPTIONS
    )
    statuses = Statuses(Statuses.success | success, Statuses.running | running)
    for status in sorted(statuses.success & (statuses.running | UNKNOWN)):
        message = f"the status {status!r} cannot mean success, as it is one of a job that goes on or is not known"
        raise input_error(message, f"See {', '.join(STATUS_OPTIONS)}.")
    return statuses


@dataclass(frozen=True)
class Wait:
    """How a job is followed, in seconds: after ``timeout`` it is late, ``interval`` is between two polls.

    In the order of ``WAIT_OPTIONS``.
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


@dataclass(frozen=True)
class Start:
    """What starts a job: the path of its flow, the API's list of parameters, and the texts in it that are secret."""

    path: str
    parameters: list[dict[str, str]]
    secrets: list[str]


@dataclass
class Job:
    """A job as the last poll showed it. ``elapsed`` is in seconds since this task began to follow it, in tenths.

    Without ``start`` it is one that ran already; with it, its id is 0 until it is started. ``label`` is how people
    call its entry in a list. ``history`` has each status in its turn, with the seconds at which it was first seen.
    ``error`` is why the job is not followed any more, ``transient_error`` why the last poll showed nothing.
    ``asked_to_end``: a request for its termination was sent, or may have been; ``end_error``: it was not, and why.
    ``limit`` is the ``elapsed`` at which it is late. ``is_skipped``: it was not started, as the server is not there.
    """

    id: int
    statuses: Statuses = field(default_factory=Statuses)
    wait: Wait = field(default_factory=Wait)
    start: Start | None = None
    #: The operations that options name outright.
    terminate_operation: Operation | None = None
    trace_operation: Operation | None = None
    label: str = ""
    status: str | None = None
    elapsed: float = 0.0
    history: list[tuple[str, float]] = field(default_factory=list)
    trace: str | None = None
    error: AsteraError | None = None
    transient_error: AsteraError | None = None
    asked_to_end: bool = False
    end_error: AsteraError | None = None
    limit: float = 0.0
    is_skipped: bool = False
    #: Polls in a row that showed the same status.
    polls_alike: int = 0

    @property
    def _folded(self) -> str:
        return (self.status or "").casefold()

    @property
    def succeeded(self) -> bool:
        return self._folded in self.statuses.success

    @property
    def known(self) -> bool:
        """Whether the server shows that there is such a job."""
        return self.status is not None and self._folded not in UNKNOWN

    @property
    def goes_on(self) -> bool:
        return self._folded in self.statuses.running

    @property
    def finished(self) -> bool:
        """Whether nothing more is to be expected. A status that nobody knows counts as an end."""
        return self.known and not self.goes_on

    @property
    def is_open(self) -> bool:
        """Whether it is to be polled once more. That it did not end well must be seen several times."""
        polls = POLLS_FOR_NEW_STATUS if self.known else POLLS_FOR_UNKNOWN
        return not (self.succeeded or self.error) and (self.goes_on or self.polls_alike < polls)

    @property
    def is_over(self) -> bool:
        """Whether it has ended for sure. A status that nobody knows may mean that it goes on."""
        return self.finished and (self.succeeded or bool(_SOUNDS_BAD.search(self._folded)))

    @property
    def title(self) -> str:
        """How a line of progress names it."""
        is_named = self.label not in ("", str(self.id), self.start and self.start.path)
        return f"{self.label}: job {self.id}" if is_named else f"job {self.id}"

    @property
    def last_line(self) -> str:
        """The last line of its trace."""
        return (self.trace or "").rpartition("\n")[2]

    def poll(self, client: Client, *, elapsed: float = 0.0, timeout: float | None = None) -> None:
        """Read the status. It is None of a job that the server does not know."""
        path = f"/api/Job/{self.id}/Status"
        self.elapsed = round(elapsed, 1)
        try:
            response = client.get(path, timeout=timeout)
        except AsteraError as error:
            if error.kind != "not_found":
                raise
            response = None
        status = extract_status(response)
        if status is None and response is not None:
            message = f"the server shows no status for job {self.id}"
            raise AsteraError("server", message, method="GET", path=path, status=200, attempts=1)
        if status and status.casefold() not in self.statuses.success | self.statuses.running | UNKNOWN:
            # Any other text may echo a secret.
            status = client.redactor.redact_text(status)[:MAX_WORDS]
        self.polls_alike = self.polls_alike + 1 if (status or "").casefold() == self._folded else 1
        self.status = status
        if status and (not self.history or self.history[-1][0] != status):
            self.history.append((status, self.elapsed))

    def to_short_result(self) -> dict[str, Any]:
        shown = ("status", "finished", "succeeded", "elapsed")
        return {"id": self.id or None, **{name: getattr(self, name) for name in shown}}

    def to_result(self) -> dict[str, Any]:
        history = [{"status": status, "elapsed": elapsed} for status, elapsed in self.history]
        return {**self.to_short_result(), "history": history, "trace": self.trace}


def checked_id(job_id: int) -> int:
    if job_id < 1:
        raise input_error(f"job ids are 1 or more, not {job_id}")
    return job_id


def no_such_job(job: Job) -> AsteraError:
    """The error for a job that the server does not know."""
    shown = repr(job.status) if job.status else "nothing"
    message = f"the server shows {shown} for job {job.id}, which very likely means that there is no such job"
    hint = "Old jobs are purged after the days set in the cluster settings; check the id."
    return AsteraError("not_found", message, method="GET", path=f"/api/Job/{job.id}/Status", hint=hint)


def run_info(client: Client, params: dict[str, Any]) -> Result:
    """The statuses of several jobs; returns ``jobs`` in the order of ``job_ids``. One that is not there is unknown."""
    statuses = statuses_from(params)
    jobs = [Job(checked_id(job_id), statuses) for job_id in params["job_ids"]]
    for job in jobs:
        job.poll(client)
    shown = ("id", "status", "finished", "succeeded", "known")
    return Result(returned={"jobs": [{name: getattr(job, name) for name in shown} for job in jobs]})
