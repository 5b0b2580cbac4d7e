# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Following jobs to their ends, one or many within one deadline. Private: may change in any release."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

from .._answers import trace_text_in
from .._client import Client
from .._discovery import TERMINATE, TRACE, Discovery, Operation
from .._errors import AsteraError, bad_input
from .._wait import Deadline, is_passing
from .job import Job

#: Seconds in which a job that was told to end is to be seen ending.
TERMINATION_TIME = 60.0
#: Characters of a trace: in an error, its end; in a result, where a job that repeats itself must not fill the memory.
TOLD_TRACE = 500
LONGEST_TRACE = 200_000

OPTIONS: dict[str, dict[str, Any]] = {
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "float", "default": 3600.0},
    "wait_interval": {"type": "float", "default": 2.0},
    "on_timeout": {"type": "str", "choices": ["leave", "terminate"], "default": "leave"},
}


def check_wait(params: dict[str, Any]) -> None:
    """Refuse times that cannot be meant."""
    if not params["wait_interval"] > 0:
        raise bad_input("wait_interval must be more than 0 seconds")
    if not params["wait_timeout"] >= 0:
        raise bad_input("wait_timeout must be 0 seconds or more")


class Follower:
    """Looks at jobs until all have ended, however often the connection hiccups, but no longer than the deadline.

    ``errors`` has, by job id, what went wrong with a job. Making it finds out whether jobs could be terminated, if they
    are to be at the deadline, so that nothing is started that cannot be ended as asked.
    """

    def __init__(self, client: Client, discovery: Discovery, params: dict[str, Any]) -> None:
        check_wait(params)
        self.errors: dict[int | None, AsteraError] = {}
        self._client = client
        self._discovery = discovery
        self._seconds: float = params["wait_timeout"]
        self._interval: float = params["wait_interval"]
        ends = params["wait"] and params["on_timeout"] == "terminate"
        self._termination: Operation | None = discovery.operation(TERMINATE) if ends else None

    def follow(self, jobs: Sequence[Job]) -> None:
        """Look until every job has ended well, or has an error."""
        self._watch(jobs, Deadline(self._seconds))
        for job in jobs:
            if job.failed and job.id not in self.errors:
                self.errors[job.id] = self._ended_badly(job)

    def _watch(self, jobs: Sequence[Job], deadline: Deadline) -> None:
        trouble: AsteraError | None = None
        for _number in deadline.looks(self._interval):
            trouble = self._look_at(self._open(jobs), deadline)
            if not self._open(jobs):
                return
            self._report(jobs, deadline, trouble)
        for job in self._open(jobs):
            self.errors[job.id] = self._late(job, deadline, trouble)

    def _open(self, jobs: Sequence[Job]) -> list[Job]:
        return [job for job in jobs if not (job.succeeded or job.failed or job.id in self.errors)]

    def _look_at(self, jobs: Sequence[Job], deadline: Deadline) -> AsteraError | None:
        """Look at each once; what passes ends the round, as the next job would meet it too."""
        for job in jobs:
            error = _trouble_looking(self._client, job, deadline)
            if error is None:
                continue
            if not is_passing(error):
                for one in jobs if error.concerns_all else [job]:
                    self.errors.setdefault(one.id, _no_longer_followed(one, error))
            if is_passing(error) or error.concerns_all:
                return error
        return None

    def _report(self, jobs: Sequence[Job], deadline: Deadline, trouble: AsteraError | None) -> None:
        left = self._open(jobs)
        which = f"job {jobs[0].id}" if len(jobs) == 1 else f"{len(left)} of {len(jobs)} jobs"
        if trouble:
            self._client.report("{} cannot be seen, {:.0f} s: {}", which, deadline.elapsed, trouble)
        elif len(jobs) == 1:
            self._client.report("{} is {}, {:.0f} s", which, jobs[0].status, deadline.elapsed)
        else:
            told = ", ".join(f"{job.id} {job.status}" for job in left)
            self._client.report("{} go on, {:.0f} s: {}", which, deadline.elapsed, told)

    def _ended_badly(self, job: Job) -> AsteraError:
        if not job.known:
            return _error("job_failed", job, *no_such_job(job))
        message = f"job {job.id} ended as {job.status!r} after {job.elapsed:.1f} s"
        hint = "The Job Monitor of the client has the job's trace."
        job.trace = self._trace_of(job)
        if job.trace:
            told = " ".join(job.trace.split())
            message += f"; its trace ends with: {told[-TOLD_TRACE:]!r}"
            hint = "job.trace has all of it."
        if job.word not in job.words.failure:
            hint += " If that word means success or goes on here, name it in success_statuses or running_statuses."
        return _error("job_failed", job, message, hint)

    def _trace_of(self, job: Job) -> str | None:
        """The job's trace, if the server's own document names an operation for it. It must not hide a failure."""
        if job.id is None:
            return None
        with contextlib.suppress(AsteraError):
            answer = self._discovery.operation(TRACE).call(self._client, job.id)
            return self._client.without_secrets(trace_text_in(answer))[-LONGEST_TRACE:] or None
        return None

    def _late(self, job: Job, deadline: Deadline, trouble: AsteraError | None) -> AsteraError:
        said = f"last status {job.status!r}" if job.status else "no status was seen"
        blips = f"; the last look failed: {trouble.message}" if trouble else ""
        error = AsteraError(
            "timeout",
            f"job {job.id} did not end within {deadline.seconds:g} s ({said}{blips})",
            method="GET",
            path=job.status_path,
            hint=f"The job goes on; follow it with job_id: {job.id}, or raise wait_timeout.",
        )
        if self._termination is not None:
            error.hint = self._terminated_late(job, self._termination)
        return error

    def _terminated_late(self, job: Job, operation: Operation) -> str:
        """End a job that took too long, as asked; what became of it."""
        try:
            terminate(self._client, job, operation, self._interval)
        except AsteraError as error:
            return f"It could not be ended, as on_timeout asks for, and may go on: {error}"
        return f"It was told to end, as on_timeout asks for, and ended as {job.status!r}."


def terminate(client: Client, job: Job, operation: Operation, interval: float) -> None:
    """Tell a job to end and see it end. An answer that was lost, or refused as it just ended, is no matter."""
    lost: AsteraError | None = None
    try:
        operation.call(client, job.id or 0)
    except AsteraError as error:
        lost = error
        if not error.arrived:
            job.look(client, elapsed=job.elapsed)
            if not job.finished:
                raise
    before = job.elapsed
    deadline = Deadline(TERMINATION_TIME)
    for _number in deadline.looks(interval):
        trouble = _trouble_looking(client, job, deadline, before)
        if trouble is not None and not is_passing(trouble):
            raise trouble
        if trouble is None and (job.succeeded or (job.finished and job.failed)):
            return
        client.report("job {} is to end and is {}, {:.0f} s", job.id, job.status, deadline.elapsed)
    raise lost or _error(
        "timeout",
        job,
        f"job {job.id} was told to end but is still {job.status!r} after {TERMINATION_TIME:g} s",
        "Look into the Job Monitor.",
    )


def _trouble_looking(client: Client, job: Job, deadline: Deadline, before: float = 0.0) -> AsteraError | None:
    """Look at a job once; what went wrong. ``before`` are seconds that it was followed before."""
    try:
        job.look(client, elapsed=before + deadline.elapsed, patient=False, timeout=deadline.request_timeout)
    except AsteraError as error:
        job.elapsed = before + deadline.elapsed
        return error
    return None


def no_such_job(job: Job) -> tuple[str, str]:
    """The sentence and the hint for a job that the server does not know."""
    return (
        f"the server says {job.status!r} of job {job.id}, which very likely means that there is no such job",
        "Old jobs are purged after the days set in the cluster settings; check the id.",
    )


def _error(kind: Any, job: Job, message: str, hint: str) -> AsteraError:
    return AsteraError(kind, message, method="GET", path=job.status_path, status=200, attempts=1, hint=hint)


def _no_longer_followed(job: Job, error: AsteraError) -> AsteraError:
    message = f"{error.message}; job {job.id} is no longer followed"
    return AsteraError(
        error.kind,
        message,
        method="GET",
        path=job.status_path,
        status=error.status,
        attempts=error.attempts,
        hint=error.hint,
    )
