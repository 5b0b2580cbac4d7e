# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Following jobs to their ends, and ending them, one or many at a time. Private: may change in any release.

No operation is documented that ends a job: an option names it, or the server's own OpenAPI document.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..._errors import AsteraError
from ..._http.client import Client
from ..._http.openapi import TERMINATE, TRACE, Discovery
from ..._http.polling import Deadline, is_transient
from .responses import extract_trace
from .status import Job, Wait, no_such_job

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

    def __init__(self, client: Client, discovery: Discovery, jobs: Sequence[Job] = ()) -> None:
        self._client = client
        self._discovery = discovery
        for job in jobs:
            if job.wait.terminates:
                discovery.operation(TERMINATE, job.terminate_operation)  # fails if there is none

    def follow(self, jobs: Sequence[Job]) -> None:
        """Poll until every job has ended well, or has an error."""
        if not jobs:
            return
        deadline = Deadline(max(job.wait.timeout for job in jobs))
        for _number in deadline.polls(min(job.wait.interval for job in jobs)):
            began = deadline.elapsed
            self._poll(_open(jobs), deadline)
            # The machine may have been suspended in the middle of a round; then the next one decides.
            self._end_late([job for job in _open(jobs) if began >= job.wait.timeout])
            left = _open(jobs)
            if not left:
                break
            error = next((job.transient_error for job in left if job.transient_error), None)
            shown = ", ".join(f"{job.title} is {_shown_status(job)}" for job in left)
            if error:
                shown = f"no status could be read: {error.message}"
            self._client.report("{}, {:.1f} s", shown, max(job.elapsed for job in left))
        self._explain_failures([job for job in jobs if not (job.succeeded or job.error)])

    def poll_once(self, jobs: Sequence[Job]) -> None:
        """Read the status of each once, without waiting for an end."""
        for job in jobs:
            try:
                if job.is_open:
                    job.poll(self._client)
            except AsteraError as error:
                self.give_up(jobs if error.is_server_wide else [job], error)
            if not (job.known or job.error):
                job.error = no_such_job(job)

    def end(self, jobs: Sequence[Job], wait: Wait) -> None:
        """Ask each job to end, and see them end unless ``wait`` is disabled. What went wrong is the job's ``error``."""
        deadline = Deadline(wait.timeout)
        error: AsteraError | None = None
        for job in jobs:
            if error is None or not error.is_server_wide:
                error = self._ask_to_end(job, deadline)
            # What was lost but may have been applied shows in the status.
            job.error = None if job.asked_to_end and wait.enabled else error
        left = [job for job in jobs if job.asked_to_end and wait.enabled]
        for _number in deadline.polls(wait.interval):
            self._poll(left, deadline)
            # A server may forget a job that it has ended.
            left = [job for job in _open(left) if job.known or job.transient_error]
            if not left:
                break
            self._client.report("{} jobs are to end, {:.0f} s", len(left), deadline.elapsed)
        for job in left:
            # A new status that was seen only once is an end too.
            if not job.finished or job.transient_error:
                message = f"job {job.id} was asked to end but was last seen as {job.status!r}"
                seconds = f"{deadline.elapsed:.0f} s later"
                job.error = AsteraError("timeout", f"{message}, {seconds}", hint="Check the Job Monitor.")
        for job in jobs:
            # One that completed just then was not ended by that.
            job.asked_to_end = job.asked_to_end and not job.succeeded

    def _ask_to_end(self, job: Job, deadline: Deadline) -> AsteraError | None:
        """Ask a job to end. A rejection is no error if the job had ended by itself just then."""
        try:
            operation = self._discovery.operation(TERMINATE, job.terminate_operation)
            operation.call(self._client, job.number, timeout=deadline.request_timeout)
        except AsteraError as error:
            job.asked_to_end = error.may_have_been_applied
            if job.asked_to_end or error.is_server_wide:
                return error
            return None if self._try_poll(job, deadline) is None and job.finished else error
        job.asked_to_end = True
        return None

    def _poll(self, jobs: Sequence[Job], deadline: Deadline) -> None:
        """Poll each once. An error that concerns the whole server is that of all that follow."""
        error: AsteraError | None = None
        for job in jobs:
            if error is None or not error.is_server_wide:
                error = self._try_poll(job, deadline)
            job.transient_error = error if error and is_transient(error) else None
            if error and not job.transient_error:
                # Denied credentials are tried once, as an account may be locked.
                self.give_up(jobs if error.is_server_wide else [job], error)

    def _try_poll(self, job: Job, deadline: Deadline) -> AsteraError | None:
        """Poll a job with one request; returns what went wrong."""
        try:
            job.poll(self._client, elapsed=deadline.elapsed, timeout=deadline.request_timeout)
        except AsteraError as error:
            job.elapsed = round(deadline.elapsed, 1)
            return error
        return None

    def give_up(self, jobs: Sequence[Job], error: AsteraError) -> None:
        """Note that these jobs cannot be followed any more."""
        for job in _open(jobs):
            job.error = error.with_(message=f"{error.message}; job {job.id} is no longer followed")

    def _end_late(self, jobs: Sequence[Job]) -> None:
        """Give each job an error, unless it seems to have ended, and terminate those for which that is asked."""
        # With the status that was seen before it is asked to end.
        late = [(job, _late(job)) for job in jobs if not job.finished or job.transient_error]
        to_end = [job for job, _error in late if job.wait.terminates]
        if self._client.check_mode:
            for job in to_end:
                job.asked_to_end = True
        elif to_end:
            interval = min(job.wait.interval for job in to_end)
            self.end(to_end, Wait(timeout=TERMINATION_TIME, interval=interval))
        for job, error in late:
            hint = self._termination_of(job) if job.wait.terminates else error.hint
            job.error = None if job.succeeded else error.with_(hint=hint)

    def _termination_of(self, job: Job) -> str:
        """What became of the termination of a late job."""
        if self._client.check_mode:
            return "In a real run it would be terminated now, as on_timeout asks for."
        if job.error:
            return f"It could not be ended, as on_timeout asks for, and may go on: {job.error}"
        return f"It was terminated, as on_timeout asks for, and ended as {job.status or 'Unknown'!r}."

    def _explain_failures(self, jobs: Sequence[Job]) -> None:
        """Give each job that ended badly an error, with its trace if there is an operation for that."""
        deadline = Deadline(TRACE_TIME)
        is_readable = True
        for job in jobs:
            if job.known and is_readable and deadline.left > 0:
                is_readable = self._read_trace(job, deadline)
            job.error = _ended_badly(job) if job.known else no_such_job(job)

    def _read_trace(self, job: Job, deadline: Deadline) -> bool:
        """Read a job's trace, whose errors must not hide the failure. Returns whether others are worth a request."""
        try:
            operation = self._discovery.operation(TRACE, job.trace_operation, timeout=deadline.request_timeout)
            response = operation.call(self._client, job.number, timeout=deadline.request_timeout)
        except AsteraError as error:
            return not error.is_server_wide
        trace = self._client.redactor.redact_text(extract_trace(response).replace("\r\n", "\n"))
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
    problem = f"; the last poll failed: {job.transient_error.message}" if job.transient_error else ""
    return AsteraError(
        "timeout",
        f"job {job.id} did not end within {job.wait.timeout:g} s ({last}{problem}){_flow(job)}",
        hint=f"The job may go on; follow it with job_id: {job.id}, or raise wait_timeout.",
    )


def _ended_badly(job: Job) -> AsteraError:
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
    return AsteraError("job_failed", message, hint=hint)
