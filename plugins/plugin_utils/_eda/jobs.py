# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs to wait for, and those that are found by following their ids upwards. Private: may change in any release.

No documented endpoint lists jobs. That a new job has the next free id is inferred.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.astera.data_stack.plugins.module_utils._resources.job.status import Job, Statuses

logger = logging.getLogger("astera.data_stack.server")

#: Ids above the newest known job that are tried. Some may stay unused.
WINDOW = 5
#: Requests of one poll that search for new jobs.
MAX_REQUESTS = 100

Ask = Callable[[Job], None]


@dataclass
class JobsMemory:
    """What is known of jobs: ids only. ``newest`` is None until the server has shown how far the ids go."""

    newest: int | None = None
    open: set[int] = field(default_factory=set)
    ended: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class SeenJob:
    """A job that has ended. One that is ``inferred`` was found by following ids."""

    id: int
    status: str | None
    succeeded: bool
    inferred: bool

    def to_event(self) -> dict[str, Any]:
        return {"id": self.id, "status": self.status, "succeeded": self.succeeded, "inferred": self.inferred}


class Jobs:
    """The jobs of ``job_ids``, and with ``after`` those with higher ids."""

    def __init__(self, memory: JobsMemory, job_ids: Iterable[int], after: int | None, statuses: Statuses) -> None:
        self._memory = memory
        self._statuses = statuses
        self._given = set(job_ids)
        self._follows = after is not None
        # A job that ended before the first poll is reported only if the last run saw it running.
        self._at_top = memory.newest is not None
        self._newest = memory.newest if memory.newest is not None else after or 0
        followed = memory.open if self._follows else memory.open & self._given
        self._open = {number: Job(number, statuses) for number in followed}
        self._unseen = self._given - memory.open - memory.ended
        self._is_first = True
        #: Those that nobody has taken yet, by id.
        self._ended: dict[int, SeenJob] = {}
        self._ended_before: list[SeenJob] = []

    @property
    def is_used(self) -> bool:
        return self._follows or bool(self._given)

    def poll(self, ask: Ask) -> None:
        """Poll each job once. AsteraError when the server does not respond; nothing is lost then."""
        for job in sorted(self._open.values(), key=lambda job: job.id):
            if self._is_known(job, ask):
                self._sort_in(job)
            elif not job.is_open and job.id not in self._given:
                self._give_up(job)
        for number in sorted(self._unseen):
            self._poll_unseen(Job(number, self._statuses), ask)
        self._is_first = False
        if self._follows:
            self._follow(ask)

    def take(self) -> tuple[list[SeenJob], list[SeenJob]]:
        """The jobs of ``job_ids`` that had ended before the first poll, and all those that have ended since."""
        taken = self._ended_before, [seen for _number, seen in sorted(self._ended.items())]
        self._ended_before, self._ended = [], {}
        return taken

    def remember(self) -> bool:
        """Write what is known to the memory, once the jobs that were taken are reported; whether it has changed."""
        newest = self._newest if self._follows and self._at_top else self._memory.newest
        is_open = set(self._open) | set(self._ended)
        memory = JobsMemory(newest, is_open, self._given - is_open - self._unseen)
        changed = memory != self._memory
        vars(self._memory).update(vars(memory))
        return changed

    def _poll_unseen(self, job: Job, ask: Ask) -> None:
        """Poll a job of ``job_ids`` that the server has not shown yet. One that turns up later has not ended before."""
        if not self._is_known(job, ask):
            return
        self._unseen.discard(job.id)
        if job.finished and self._is_first:
            self._ended_before.append(self._seen(job))
        else:
            self._sort_in(job)

    def _is_known(self, job: Job, ask: Ask) -> bool:
        """Whether the server shows the job."""
        ask(job)
        return job.known

    def _seen(self, job: Job) -> SeenJob:
        return SeenJob(job.id, job.status, job.succeeded, job.id not in self._given)

    def _sort_in(self, job: Job) -> None:
        """Keep a job that is running, or whose status must be read again; note the end of any other."""
        if job.is_open:
            self._open[job.id] = job
            return
        self._open.pop(job.id, None)
        self._ended[job.id] = self._seen(job)

    def _give_up(self, job: Job) -> None:
        del self._open[job.id]
        if job.history:
            logger.warning("The server does not know job %s any more; its end cannot be reported.", job.id)

    def _follow(self, ask: Ask) -> None:
        """Try the ids above the newest one."""
        unknown: list[Job] = []
        for number in range(self._newest + 1, self._newest + 1 + MAX_REQUESTS):
            job = Job(number, self._statuses)
            if self._is_known(job, ask):
                self._newest = number
                self._found(job, unknown)
                unknown = []
                continue
            unknown.append(job)
            if len(unknown) == WINDOW:
                self._at_top = True
                break

    def _found(self, job: Job, skipped: list[Job]) -> None:
        """Take up a job that following has found. Those ``skipped`` may have begun a moment later."""
        if self._at_top:
            self._open.update({one.id: one for one in skipped if one.id not in self._given})
        if job.id in self._given or (job.finished and not self._at_top):
            return
        self._sort_in(job)
