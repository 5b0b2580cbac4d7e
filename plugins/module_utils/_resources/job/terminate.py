# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asking jobs to end and seeing them end. Private: may change in any release.

No operation is documented for it: an option names it, or the server's own OpenAPI document.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..._engine.plan import Change
from ..._errors import AsteraError
from ..._http.client import Client
from ..._http.openapi import TERMINATE, Discovery
from ..._http.polling import Deadline, is_transient
from .status import Job, Wait, job_error, poll_each, try_poll

#: What ending a job changes.
TERMINATION = Change("state", "started", "terminated")


class JobTerminator:
    """Asks jobs to end, all before it polls any, and sees them end within one deadline.

    ``problems`` has, by id, what went wrong. Without ``wait.enabled`` nobody polls, so a lost response is a problem.
    """

    def __init__(self, client: Client, discovery: Discovery, wait: Wait) -> None:
        self.problems: dict[int | None, AsteraError] = {}
        self._client = client
        self._discovery = discovery
        self._wait = wait
        self._deadline = Deadline(wait.timeout)

    def carry_out(self, jobs: Sequence[Job]) -> None:
        for number, job in enumerate(jobs, start=1):
            error = self._ask(job)
            if error is None:
                continue
            # What was lost but may have been applied shows in the status.
            is_lost = self._wait.enabled and error.may_have_been_applied
            if not is_lost and (error.is_server_wide or not self._has_ended_by_itself(job)):
                self.problems[job.id] = error
            if error.is_server_wide:
                self.problems.update({other.id: error for other in jobs[number:]})
                break
        if self._wait.enabled:
            left = self._watch([job for job in jobs if job.asked_to_end])
            self.problems.update({job.id: self._goes_on(job) for job in left})

    def _ask(self, job: Job) -> AsteraError | None:
        try:
            operation = self._discovery.operation(TERMINATE, job.terminate_operation)
            operation.call(self._client, job.number, timeout=self._deadline.request_timeout)
        except AsteraError as error:
            job.asked_to_end = error.may_have_been_applied
            return error
        job.asked_to_end = True
        return None

    def _has_ended_by_itself(self, job: Job) -> bool:
        """Whether a rejection is no wonder, as the job had ended just then."""
        return try_poll(self._client, job, self._deadline) is None and job.finished

    def _watch(self, jobs: Sequence[Job]) -> Sequence[Job]:
        """Poll until all have ended; returns those that were not seen to."""
        left = jobs
        for _number in self._deadline.polls(self._wait.interval):
            left = self._poll(left)
            if not left:
                break
            self._client.report("{} jobs are to end, {:.0f} s", len(left), self._deadline.elapsed)
        return left

    def _poll(self, jobs: Sequence[Job]) -> Sequence[Job]:
        """Poll each once; returns those that go on, or that could not be seen."""
        left: list[Job] = []
        for job, error in poll_each(self._client, jobs, self._deadline):
            if error is None:
                if job.known and not self._has_ended(job):
                    left.append(job)
            elif is_transient(error):
                left.append(job)
            elif error.kind != "not_found":  # a server may forget a job that it has ended
                self.problems[job.id] = error
        return left

    def _has_ended(self, job: Job) -> bool:
        """Whether a job is seen to have ended. A new status is to be seen twice, if there is time."""
        return job.finished and (job.succeeded or job.failed or self._deadline.left <= 0)

    def _goes_on(self, job: Job) -> AsteraError:
        return job_error(
            "timeout",
            job,
            f"job {job.id} was asked to end but was last seen as {job.status!r}, {self._deadline.elapsed:.0f} s later",
            "Look into the Job Monitor.",
        )
