# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Telling jobs to end and seeing them end. Private: may change in any release.

No call is documented for it; the operation comes from the server's own OpenAPI document.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..._engine.plan import Change
from ..._errors import AsteraError
from ..._http.client import Client
from ..._http.openapi import Operation
from ..._http.polling import Deadline, is_transient
from .status import Job, job_error, trouble_looking

#: What ending a job changes.
TERMINATION = Change("state", "started", "terminated")


class JobTerminator:
    """Tells jobs to end, all before it looks at any, and sees them end within one deadline.

    ``told`` has the ids of those that were told, or may have been; ``problems``, by id, what went wrong.
    """

    def __init__(self, client: Client, operation: Operation, interval: float, seconds: float) -> None:
        self.told: set[int | None] = set()
        self.problems: dict[int | None, AsteraError] = {}
        self._client = client
        self._operation = operation
        self._interval = interval
        self._deadline = Deadline(seconds)

    def carry_out(self, jobs: Sequence[Job], *, wait: bool = True) -> None:
        """Tell the jobs to end. Without ``wait`` nobody looks whether they do, so a lost answer is a problem."""
        for number, job in enumerate(jobs, start=1):
            error = self._tell(job)
            if error is None:
                continue
            # What was lost but may have arrived is told by the status.
            if not (wait and error.may_have_been_applied) and (error.is_server_wide or not self._ended_by_itself(job)):
                self.problems[job.id] = error
            if error.is_server_wide:
                self.problems.update(dict.fromkeys([other.id for other in jobs[number:]], error))
                break
        if wait:
            left = self._watch([job for job in jobs if job.id in self.told])
            self.problems.update({job.id: self._still_there(job) for job in left})

    def _tell(self, job: Job) -> AsteraError | None:
        try:
            self._operation.call(self._client, job.number, timeout=self._deadline.request_timeout)
        except AsteraError as error:
            if error.may_have_been_applied:
                self.told.add(job.id)
            return error
        self.told.add(job.id)
        return None

    def _ended_by_itself(self, job: Job) -> bool:
        """Whether a refusal is no wonder, as the job had ended just then."""
        return trouble_looking(self._client, job, self._deadline) is None and job.finished

    def _watch(self, jobs: Sequence[Job]) -> Sequence[Job]:
        """Look until all have ended; returns those that were not seen to."""
        left = jobs
        for _number in self._deadline.looks(self._interval):
            left = self._look_at(left)
            if not left:
                break
            self._client.report("{} jobs are to end, {:.0f} s", len(left), self._deadline.elapsed)
        return left

    def _look_at(self, jobs: Sequence[Job]) -> Sequence[Job]:
        """Look at each once; returns those that go on. A server that cannot be reached ends the round."""
        left: list[Job] = []
        for number, job in enumerate(jobs):
            error = trouble_looking(self._client, job, self._deadline)
            # A server may forget a job that it has ended.
            if error is not None and error.kind != "not_found":
                concerned = jobs[number:] if error.is_server_wide else [job]
                if not is_transient(error):
                    self.problems.update(dict.fromkeys([one.id for one in concerned], error))
                else:
                    left += concerned
                if error.is_server_wide:
                    return left
            elif not (error or not job.known or self._has_ended(job)):
                left.append(job)
        return left

    def _has_ended(self, job: Job) -> bool:
        """Whether a job is seen to have ended. A new word is to be seen twice, if there is time."""
        return job.finished and (job.succeeded or job.failed or self._deadline.left <= 0)

    def _still_there(self, job: Job) -> AsteraError:
        return job_error(
            "timeout",
            job,
            f"job {job.id} was told to end but was last seen as {job.status!r}, {self._deadline.elapsed:.0f} s later",
            "Look into the Job Monitor.",
        )
