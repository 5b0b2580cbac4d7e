# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of jobs, one or many: they are started once, followed, and ended. Private: may change in any release.

The endpoint that starts a job and its response were seen in a public sample. No operation is documented that ends a
job: an option names it, or the server's own OpenAPI document.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Callable

from ..._errors import AsteraError
from ..._http.client import Client
from ..._http.openapi import TERMINATE, TRACE, Discovery
from ..._http.polling import Deadline, is_transient
from .responses import extract_job_id, extract_trace, maybe_started
from .status import Job, Start, no_such_job

START_PATH = "/api/CommandLineProcessor"
#: Seconds in which jobs that were asked to end at their deadline are to be seen ending.
TERMINATION_TIME = 60.0
#: Characters of a trace: in an error, of its last line; in a result, where a job that repeats itself must not fill the
#: memory.
MAX_QUOTED_TRACE = 300
MAX_TRACE = 200_000


class JobRunner:
    """Starts jobs, polls them until all have ended, whatever transient errors come, and ends them.

    What went wrong with a job is its ``error`` afterwards. Making the runner finds out whether ``jobs`` can be
    terminated, if any is to be at its deadline, so that nothing is started that cannot be ended as asked.
    """

    def __init__(self, client: Client, discovery: Discovery, jobs: Sequence[Job]) -> None:
        self._client = client
        self._discovery = discovery
        #: Whether a start met an error that concerns the server. Then no other job is started.
        self.is_stopped = False
        # The options have them as they were typed, such as a date. All at once, since they are searched for together.
        client.redactor.add(*(secret for job in jobs if job.start for secret in job.start.secrets))
        for job in jobs:
            if job.wait.terminates:
                discovery.operation(TERMINATE, job.terminate_operation)  # fails if there is none

    def run(self, jobs: Sequence[Job]) -> None:
        """Start one after the other, then follow all that run. In check mode follow those that run already."""
        for job in jobs:
            job.is_skipped = job.start is not None and self.is_stopped
            if job.start and not (job.is_skipped or self._client.check_mode):
                self._start(job, job.start)
        self.follow([job for job in jobs if job.id and (job.wait.enabled or not job.start)])

    def _start(self, job: Job, start: Start) -> None:
        """Start a job with exactly one request that may have been applied.

        Its id is shown at once: who interrupts the task a moment later needs it.
        """
        body = {"FilePath": start.path, **({"Parameters": start.parameters} if start.parameters else {})}
        try:
            job.id = extract_job_id(self._client.post(START_PATH, body)) or 0
            if not job.id:
                message = "the server accepted the start request but returned no job id"
                lost = AsteraError("server", message, method="POST", path=START_PATH, status=200, attempts=1)
                raise lost.with_(may_have_been_applied=True)
        except AsteraError as error:
            job.error = maybe_started(error) if error.may_have_been_applied else error
            self.is_stopped = error.is_server_wide
        else:
            self._client.announce("started {}: {}", job.title, start.path)

    def follow(self, jobs: Sequence[Job]) -> None:
        """Poll until every job has ended well, or has an error. Without ``wait`` its status is read once."""
        for job in jobs:
            job.limit = job.wait.timeout if job.wait.enabled else 0.0
        self._watch(jobs)
        failed = []
        for job in jobs:
            if job.succeeded or job.error:
                continue
            if job.asked_to_end:
                job.error = self._late(job)
            elif not job.known:
                job.error = job.transient_error or no_such_job(job)
            elif job.wait.enabled:
                failed.append(job)
        # A trace that cannot be read must not hide the failure.
        for job, _error in _each(failed, self._read_trace):
            job.error = _ended_badly(job)

    def end(self, job: Job) -> None:
        """End a job, and see it end unless ``wait`` is disabled. One that certainly has ended is as desired."""
        deadline = Deadline(job.wait.timeout)
        # A job may not be known yet, and a new status may be a transient one.
        for _number in deadline.polls(job.wait.interval):
            job.poll(self._client, elapsed=deadline.elapsed)
            if job.goes_on or not job.is_open:
                break
        if not job.known:
            raise no_such_job(job)
        if job.finished:
            return
        self._ask_to_end([job])
        job.limit = 0.0 if job.end_error else job.wait.timeout
        # One that rejects it may have ended by itself just then.
        if job.end_error or (job.wait.enabled and not self._client.check_mode):
            self._watch([job])
        if job.end_error and not job.finished:
            job.error = job.end_error

    def _watch(self, jobs: Sequence[Job]) -> None:
        """Poll until every job has ended, or is late. One that is late is asked to end first, if that is desired."""
        clock, left, is_first = Deadline(0.0), list(jobs), True
        while left:
            # The last poll begins at the limit or later, also if the machine was suspended.
            limit = min(job.limit for job in left)
            deadline = Deadline(limit - clock.elapsed)
            # What polls must agree on, they must see at different times.
            for _number in deadline.polls(min(job.wait.interval for job in jobs), at_once=is_first):
                self._poll(left, clock, deadline)
                left = [job for job in left if job.is_open]
                if not left:
                    return
                self._report(left)
            is_first = False
            late = [job for job in left if job.limit <= limit]
            left = [job for job in left if job.limit > limit] + self._end_late(late, clock)

    def _poll(self, jobs: Sequence[Job], clock: Deadline, deadline: Deadline) -> None:
        def poll(job: Job) -> None:
            timeout = deadline.request_timeout if job.wait.enabled else None
            job.poll(self._client, elapsed=clock.elapsed, timeout=timeout)

        for job, error in _each(jobs, poll):
            job.transient_error = error if error and is_transient(error) else None
            if error and not job.transient_error:
                job.error = error.with_(message=f"{error.message}; job {job.id} is no longer followed")

    def _report(self, jobs: Sequence[Job]) -> None:
        error = next((job.transient_error for job in jobs if job.transient_error), None)
        statuses = (f"{job.title} is {job.status}{'' if job.goes_on else ' (to be read again)'}" for job in jobs)
        shown = f"no status could be read: {error.message}" if error else ", ".join(statuses)
        self._client.report("{}, {:.1f} s", shown, max(job.elapsed for job in jobs))

    def _end_late(self, jobs: Sequence[Job], clock: Deadline) -> list[Job]:
        """Give late jobs an error, unless they seem to have ended. Returns those that are to end first, and may yet."""
        to_end = []
        for job in jobs:
            if not job.wait.enabled or (job.finished and not job.transient_error):
                continue
            if job.wait.terminates and not (job.asked_to_end or job.end_error):
                to_end.append(job)
            else:
                job.error = self._late(job)
        self._ask_to_end(to_end)
        for job in to_end:
            job.limit = clock.elapsed + (0.0 if job.end_error or self._client.check_mode else TERMINATION_TIME)
        return to_end

    def _ask_to_end(self, jobs: Sequence[Job]) -> None:
        def ask(job: Job) -> None:
            operation = self._discovery.operation(TERMINATE, job.terminate_operation)
            if not self._client.check_mode:
                operation.call(self._client, job.id)

        for job, error in _each(jobs, ask):
            job.asked_to_end = error is None or error.may_have_been_applied
            # What was lost but may have been applied shows in the status, if somebody waits for that.
            job.end_error = None if job.asked_to_end and job.wait.enabled else error

    def _late(self, job: Job) -> AsteraError:
        last = f"last status {job.status!r}" if job.status else "no status was seen"
        problem = f"; the last poll failed: {job.transient_error.message}" if job.transient_error else ""
        hint = f"The job may go on; follow it with job_id: {job.id}, or raise wait_timeout."
        if job.end_error:
            hint = f"It could not be ended, as on_timeout asks for, and may go on: {job.end_error}"
        elif job.asked_to_end:
            is_real = not self._client.check_mode
            hint = "It was asked to end." if is_real else "In a real run it would be asked to end now."
        message = f"job {job.id} did not end within {job.wait.timeout:g} s ({last}{problem}){_flow(job)}"
        return AsteraError("timeout", message, hint=hint)

    def _read_trace(self, job: Job) -> None:
        """Read a job's trace if there is an operation for that."""
        operation = self._discovery.operation(TRACE, job.trace_operation)
        response = operation.call(self._client, job.id)
        trace = self._client.redactor.redact_text(extract_trace(response).replace("\r\n", "\n"))
        job.trace = trace.rstrip()[-MAX_TRACE:] or None


def _each(jobs: Sequence[Job], act: Callable[[Job], None]) -> Iterator[tuple[Job, AsteraError | None]]:
    """Do something to each; yields what went wrong. After an error that concerns the server the others just get it."""
    error: AsteraError | None = None
    for job in jobs:
        if error is not None and error.is_server_wide:
            error = error.with_(may_have_been_applied=False)
        else:
            error = None
            try:
                act(job)
            except AsteraError as problem:
                error = problem
        yield job, error


def _flow(job: Job) -> str:
    """Which flow it runs, where no label names it."""
    return f", flow {job.start.path}" if job.start and not job.label else ""


def _ended_badly(job: Job) -> AsteraError:
    message = f"job {job.id} ended as {job.status!r} after {job.elapsed:.1f} s"
    if job.polls_alike > 1:
        message += f" (read {job.polls_alike} times, first at {job.history[-1][1]:.1f} s)"
    message += _flow(job)
    hint = "The Job Monitor of the client has the job's trace."
    if job.last_line:
        message += f'. Its trace ends with: "{job.last_line[-MAX_QUOTED_TRACE:]}"'
        hint = "job.trace has all of it."
    if not job.is_over:
        hint += " If that status means success or goes on here, name it in success_statuses or running_statuses."
    return AsteraError("job_failed", message, hint=hint)
