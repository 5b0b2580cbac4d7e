# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Following jobs to their ends, one or many at a time. Private: may change in any release."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..._errors import AsteraError
from ..._http.client import Client
from ..._http.openapi import TERMINATE, TRACE, Discovery, Operation
from ..._http.polling import Deadline, is_transient
from .responses import extract_trace
from .status import Job, job_error, no_such_job, trouble_looking
from .terminate import JobTerminator

#: Seconds by which the last round of looks may go beyond the deadline, when there are many jobs or slow answers.
LAST_ROUND = 10.0
#: Seconds in which jobs that were told to end at their deadline are to be seen ending.
TERMINATION_TIME = 60.0
#: Seconds for reading the traces of all jobs that failed.
TRACE_TIME = 30.0
#: Characters of a trace: in an error, its end; in a result, where a job that repeats itself must not fill the memory.
TOLD_TRACE = 500
MAX_TRACE = 200_000

OPTIONS: dict[str, dict[str, Any]] = {
    "wait": {"type": "bool", "default": True},
    "wait_timeout": {"type": "float", "default": 3600.0},
    "wait_interval": {"type": "float", "default": 2.0},
    "on_timeout": {"type": "str", "choices": ["leave", "terminate"], "default": "leave"},
}
#: The same for one job of a list, where the options of the list are the defaults.
ENTRY_OPTIONS = {name: {key: option[key] for key in option if key != "default"} for name, option in OPTIONS.items()}


class JobPoller:
    """Polls jobs until all have ended, however often the connection hiccups, but each no longer than its own deadline.

    ``errors`` has, by job id, what went wrong with a job, and ``told_to_end`` the ids of those that were told to end.
    Making it finds out whether ``jobs`` could be ended, if any is to be at its deadline, so that nothing is started
    that cannot be ended as asked.
    """

    def __init__(self, client: Client, discovery: Discovery, jobs: Sequence[Job]) -> None:
        self.errors: dict[int | None, AsteraError] = {}
        self.told_to_end: set[int | None] = set()
        self._client = client
        self._discovery = discovery
        ends = any(job.following.wait and job.following.terminate for job in jobs)
        self._termination: Operation | None = discovery.operation(TERMINATE) if ends else None
        #: What hid a job at the last look.
        self._trouble: dict[int | None, AsteraError] = {}

    def follow(self, jobs: Sequence[Job]) -> None:
        """Poll until every job has ended well, or has an error. However it is interrupted, the jobs are named."""
        try:
            self._follow(jobs)
        except BaseException:
            ids = ", ".join(str(job.id) for job in jobs if not (job.succeeded or job.failed))
            if ids:
                self._client.announce("no longer followed, and not seen to end: job_id {}", ids)
            raise

    def _follow(self, jobs: Sequence[Job]) -> None:
        if not jobs:
            return
        deadline = Deadline(max(job.following.seconds for job in jobs))

        def until_the_next_is_late() -> float:
            return min((job.following.seconds for job in self._open(jobs)), default=0) - deadline.elapsed

        for _number in deadline.looks(min(job.following.interval for job in jobs), until_the_next_is_late):
            began = deadline.elapsed
            self._look_at(jobs, deadline)
            self._end_late(jobs, began)
            if not self._open(jobs):
                break
            self._report(jobs, deadline)
        self._tell_of_failures([job for job in jobs if not job.succeeded and job.id not in self.errors])

    def _end_late(self, jobs: Sequence[Job], began: float) -> None:
        """Note each job that was past its deadline when this round ``began``, and end it if that is asked for.

        The machine may have been suspended in the middle of a round; then the next one tells.
        """
        late = [
            job
            for job in self._open(jobs)
            if began >= job.following.seconds and (not job.finished or job.id in self._trouble)
        ]
        for job in late:
            self.errors[job.id] = self._late(job)
        to_end = [job for job in late if job.following.terminate]
        if to_end and self._termination is not None:
            self._end(to_end, self._termination)

    def look(self, jobs: Sequence[Job]) -> None:
        """Read the status of each once, without waiting for an end."""
        self._look_at(jobs, Deadline(max((job.following.seconds for job in jobs), default=0)))
        for job in jobs:
            if job.id in self._trouble:
                self.give_up([job], self._trouble[job.id])

    def _open(self, jobs: Sequence[Job]) -> list[Job]:
        return [job for job in jobs if not (job.succeeded or job.failed or job.id in self.errors)]

    def _look_at(self, jobs: Sequence[Job], deadline: Deadline) -> None:
        """Look at each that is open once. Trouble that the next job would meet too ends the round.

        A round that begins late, as the machine was suspended, has its time nevertheless.
        """
        end = max(deadline.elapsed, deadline.seconds) + LAST_ROUND
        for job in self._open(jobs):
            if deadline.elapsed > end:
                return
            error = trouble_looking(self._client, job, deadline)
            self._trouble.pop(job.id, None)
            if error is None:
                continue
            concerned = self._open(jobs) if error.is_server_wide else [job]
            if is_transient(error):
                self._trouble.update(dict.fromkeys([one.id for one in concerned], error))
            else:
                self.give_up(concerned, error)
            if error.is_server_wide:
                return

    def give_up(self, jobs: Sequence[Job], error: AsteraError) -> None:
        """Note that these jobs cannot be followed any more."""
        for job in jobs:
            self.errors[job.id] = AsteraError(
                error.kind,
                f"{error.message}; job {job.id} is no longer followed",
                method=error.method,
                path=error.path,
                status=error.status,
                attempts=error.attempts,
                hint=error.hint,
            )

    def _report(self, jobs: Sequence[Job], deadline: Deadline) -> None:
        left = self._open(jobs)
        trouble = next((self._trouble[job.id] for job in left if job.id in self._trouble), None)
        which = f"job {jobs[0].id}" if len(jobs) == 1 else f"{len(left)} of {len(jobs)} jobs"
        if trouble:
            self._client.report("{} cannot be seen, {:.0f} s: {}", which, deadline.elapsed, trouble)
        elif len(jobs) == 1:
            self._client.report("{} is {}, {:.0f} s", which, jobs[0].status, deadline.elapsed)
        else:
            told = ", ".join(f"{job.id} {job.status}" for job in left)
            self._client.report("{} go on, {:.0f} s: {}", which, deadline.elapsed, told)

    def _late(self, job: Job) -> AsteraError:
        said = f"last status {job.status!r}" if job.status else "no status was seen"
        trouble = self._trouble.get(job.id)
        blips = f"; the last look failed: {trouble.message}" if trouble else ""
        goes_on = "goes on" if job.known and not trouble else "may go on"
        return AsteraError(
            "timeout",
            f"job {job.id} did not end within {job.following.seconds:g} s ({said}{blips})",
            method="GET",
            path=job.status_path,
            hint=f"The job {goes_on}; follow it with job_id: {job.id}, or raise wait_timeout.",
        )

    def _end(self, jobs: Sequence[Job], operation: Operation) -> None:
        """End the jobs that took too long, as asked, and say in their errors what became of them."""
        if self._client.check_mode:
            self.told_to_end |= {job.id for job in jobs}
            for job in jobs:
                self.errors[job.id].hint = "In a real run it would be told to end now, as on_timeout asks for."
            return
        interval = min(job.following.interval for job in jobs)
        termination = JobTerminator(self._client, operation, interval, TERMINATION_TIME)
        termination.carry_out(jobs)
        self.told_to_end |= termination.told
        for job in jobs:
            problem = termination.problems.get(job.id)
            if job.succeeded:
                # Just then, before it could be ended.
                del self.errors[job.id]
                self.told_to_end.discard(job.id)
            elif problem is not None:
                self.errors[job.id].hint = f"It could not be ended, as on_timeout asks for, and may go on: {problem}"
            else:
                ended = f"It was told to end, as on_timeout asks for, and ended as {job.status!r}."
                self.errors[job.id].hint = ended

    def _tell_of_failures(self, jobs: Sequence[Job]) -> None:
        deadline = Deadline(TRACE_TIME)
        for job in jobs:
            if job.known:
                deadline = self._read_trace(job, deadline)
            self.errors[job.id] = _ended_badly(job)

    def _read_trace(self, job: Job, deadline: Deadline) -> Deadline:
        """Read the job's trace, if the server's own document names an operation for it and time is left.

        It must not hide the failure. Returns the deadline for the next one: trouble that concerns all ends the reading.
        """
        if deadline.left <= 0 or job.id is None:
            return deadline
        try:
            operation = self._discovery.operation(TRACE, timeout=deadline.request_timeout)
            answer = operation.call(self._client, job.id, timeout=deadline.request_timeout)
        except AsteraError as error:
            return Deadline(0) if error.is_server_wide or error.kind == "unsupported" else deadline
        trace = self._client.hidden.redact_text(extract_trace(answer))
        job.trace = trace[-MAX_TRACE:] or None
        return deadline


def _ended_badly(job: Job) -> AsteraError:
    if not job.known:
        return job_error("job_failed", job, *no_such_job(job))
    first_seen = job.history[-1][1]
    message = f"job {job.id} ended as {job.status!r} after {first_seen:.1f} s"
    hint = "The Job Monitor of the client has the job's trace."
    if job.trace:
        told = " ".join(job.trace.split())
        message += f"; its trace ends with: {told[-TOLD_TRACE:]!r}"
        hint = "job.trace has all of it."
    if job.is_odd:
        hint += " If that word means success or goes on here, name it in success_statuses or running_statuses."
    return job_error("job_failed", job, message, hint)
