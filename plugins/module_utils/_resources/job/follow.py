# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Following jobs to their ends, one or many at a time. Private: may change in any release."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..._errors import AsteraError
from ..._http.client import Client
from ..._http.openapi import TERMINATE, TRACE, Discovery
from ..._http.polling import Deadline, is_transient
from .responses import extract_trace
from .status import Job, Wait, job_error, no_such_job, poll_each
from .terminate import JobTerminator

#: Seconds in which jobs that were asked to end at their deadline are to be seen ending.
TERMINATION_TIME = 60.0
#: Seconds for reading the traces of all jobs that failed.
TRACE_TIME = 30.0
#: Characters of a trace: in an error, of its last line; in a result, where a job that repeats itself must not fill the
#: memory.
MAX_QUOTED_TRACE = 300
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
    """Polls jobs until all have ended, whatever transient errors come, but each no longer than its own deadline.

    What went wrong with a job is its ``error`` afterwards. Making the poller finds out whether ``jobs`` can be
    terminated, if any is to be at its deadline, so that nothing is started that cannot be ended as asked.
    """

    def __init__(self, client: Client, discovery: Discovery, jobs: Sequence[Job]) -> None:
        self._client = client
        self._discovery = discovery
        for job in jobs:
            if job.wait.terminates:
                discovery.operation(TERMINATE, job.terminate_operation)  # fails if there is none

    def follow(self, jobs: Sequence[Job]) -> None:
        """Poll until every job has ended well, or has an error. However it is interrupted, the jobs are named."""
        try:
            self._follow(jobs)
        except BaseException:
            left = [job for job in jobs if not (job.succeeded or job.failed)]
            ids = ", ".join(f"{job.id} ({job.name})" if job.name else f"{job.id}" for job in left)
            if ids:
                self._client.announce("no longer followed, and not seen to end: job_id {}", ids)
            raise

    def _follow(self, jobs: Sequence[Job]) -> None:
        if not jobs:
            return
        deadline = Deadline(max(job.wait.timeout for job in jobs))
        for _number in deadline.polls(min(job.wait.interval for job in jobs)):
            began = deadline.elapsed
            self._poll(jobs, deadline)
            # The machine may have been suspended in the middle of a round; then the next one decides.
            self._end_late([job for job in _open(jobs) if began >= job.wait.timeout])
            if not _open(jobs):
                break
            self._report(jobs)
        self._explain_failures([job for job in jobs if not (job.succeeded or job.error)])

    def poll_once(self, jobs: Sequence[Job]) -> None:
        """Read the status of each once, without waiting for an end."""
        self._poll(jobs, Deadline(max((job.wait.timeout for job in jobs), default=0)))
        for job in jobs:
            if job.transient_error:
                self.give_up([job], job.transient_error)

    def _poll(self, jobs: Sequence[Job], deadline: Deadline) -> None:
        """Poll each that is open once, also in a round that begins late, as the machine was suspended."""
        for job, error in poll_each(self._client, _open(jobs), deadline):
            job.transient_error = error if error and is_transient(error) else None
            if error and not job.transient_error:
                # Denied credentials are tried once, as an account may be locked.
                self.give_up(_open(jobs) if error.is_server_wide else [job], error)

    def give_up(self, jobs: Sequence[Job], error: AsteraError) -> None:
        """Note that these jobs cannot be followed any more."""
        for job in jobs:
            job.error = error.with_(message=f"{error.message}; job {job.id} is no longer followed")

    def _report(self, jobs: Sequence[Job]) -> None:
        left = _open(jobs)
        error = next((job.transient_error for job in left if job.transient_error), None)
        which = jobs[0].title if len(jobs) == 1 else f"{len(left)} of {len(jobs)} jobs"
        elapsed = max(job.elapsed for job in left)
        if error:
            self._client.report("{} cannot be seen, {:.1f} s: {}", which, elapsed, error)
        elif len(jobs) == 1:
            self._client.report("{} is {}, {:.1f} s", which, _shown_status(jobs[0]), elapsed)
        else:
            statuses = ", ".join(f"{job.title} {_shown_status(job)}" for job in left)
            self._client.report("{} go on, {:.1f} s: {}", which, elapsed, statuses)

    def _end_late(self, jobs: Sequence[Job]) -> None:
        """Give each job an error, unless it seems to have ended, and terminate those for which that is asked."""
        # With the status that was seen before it is asked to end.
        late = [(job, _late(job)) for job in jobs if not job.finished or job.transient_error]
        to_end = [job for job, _error in late if job.wait.terminates]
        hints = self._terminate(to_end) if to_end else {}
        for job, error in late:
            if job.succeeded:
                # Just then, before it could be ended.
                job.asked_to_end = False
            else:
                job.error = error.with_(hint=hints.get(job.id, error.hint))

    def _terminate(self, jobs: Sequence[Job]) -> dict[int | None, str]:
        """Ask late jobs to end; returns, by id, the hint that says what became of it."""
        if self._client.check_mode:
            for job in jobs:
                job.asked_to_end = True
            return {job.id: "In a real run it would be terminated now, as on_timeout asks for." for job in jobs}
        interval = min(job.wait.interval for job in jobs)
        termination = JobTerminator(self._client, self._discovery, Wait(timeout=TERMINATION_TIME, interval=interval))
        termination.carry_out(jobs)
        problems = termination.problems
        return {
            job.id: f"It could not be ended, as on_timeout asks for, and may go on: {problems[job.id]}"
            if job.id in problems
            else f"It was terminated, as on_timeout asks for, and ended as {job.status!r}."
            for job in jobs
        }

    def _explain_failures(self, jobs: Sequence[Job]) -> None:
        """Give each job that ended badly an error, with its trace if there is an operation for that."""
        deadline = Deadline(TRACE_TIME)
        is_readable = True
        for job in jobs:
            if job.known and is_readable and deadline.left > 0:
                is_readable = self._read_trace(job, deadline)
            job.error = _ended_badly(job)

    def _read_trace(self, job: Job, deadline: Deadline) -> bool:
        """Read a job's trace, whose errors must not hide the failure. Returns whether others are worth a request."""
        try:
            operation = self._discovery.operation(TRACE, job.trace_operation, timeout=deadline.request_timeout)
            response = operation.call(self._client, job.number, timeout=deadline.request_timeout)
        except AsteraError as error:
            return not error.is_server_wide
        trace = self._client.hidden.redact_text(extract_trace(response).replace("\r\n", "\n"))
        job.trace = trace[-MAX_TRACE:] or None
        return True


def _open(jobs: Sequence[Job]) -> list[Job]:
    return [job for job in jobs if job.is_open]


def _shown_status(job: Job) -> str:
    """The status of a job that is open, and whether it must be read again to count."""
    return f"{job.status}" if job.goes_on else f"{job.status} (to be read again)"


def _flow(job: Job) -> str:
    return f", flow {job.flow}" if job.flow else ""


def _late(job: Job) -> AsteraError:
    last = f"last status {job.status!r}" if job.status else "no status was seen"
    error = job.transient_error
    problem = f"; the last poll failed: {error.message}" if error else ""
    goes_on = "goes on" if job.known and not error else "may go on"
    return job_error(
        "timeout",
        job,
        f"job {job.id} did not end within {job.wait.timeout:g} s ({last}{problem}){_flow(job)}",
        f"The job {goes_on}; follow it with job_id: {job.id}, or raise wait_timeout.",
    )


def _ended_badly(job: Job) -> AsteraError:
    if not job.known:
        return no_such_job("job_failed", job)
    message = f"job {job.id} ended as {job.status!r} after {job.elapsed:.1f} s"
    if job.polls_alike > 1:
        message += f" (read {job.polls_alike} times, first at {job.history[-1][1]:.1f} s)"
    message += _flow(job)
    hint = "The Job Monitor of the client has the job's trace."
    if job.last_line:
        message += f'. Its trace ends with: "{job.last_line[-MAX_QUOTED_TRACE:]}"'
        hint = "job.trace has all of it."
    if job.is_odd:
        hint += " If that status means success or goes on here, name it in success_statuses or running_statuses."
    return job_error("job_failed", job, message, hint)
