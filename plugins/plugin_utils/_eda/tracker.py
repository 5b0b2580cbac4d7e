# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns polls of a server into events: transitions, not states. Private: may change in any release."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ansible_collections.astera.data_stack.plugins.module_utils._errors import AsteraError
from ansible_collections.astera.data_stack.plugins.plugin_utils._eda.jobs import JobsMemory, SeenJob
from ansible_collections.astera.data_stack.plugins.plugin_utils._eda.snapshot import (
    KINDS,
    Event,
    Item,
    Objects,
    object_events,
    remembered,
)


@dataclass(frozen=True)
class Poll:
    """What one poll showed, by the choices of ``watch``.

    ``objects`` has what was read, ``denied`` what the server does not let us read. What is in neither was not read this
    time. ``failure`` is why the server does not respond as it should, ``denial`` why it denies the login.
    """

    objects: dict[str, dict[int, Item]] = field(default_factory=dict)
    denied: dict[str, AsteraError] = field(default_factory=dict)
    failure: AsteraError | None = None
    denial: AsteraError | None = None
    jobs_ended_before: list[SeenJob] = field(default_factory=list)
    jobs_ended: list[SeenJob] = field(default_factory=list)


@dataclass
class Memory:
    """What is known of a server: what a state file keeps.

    ``generation`` counts the groups of events that were handed over. ``down_since`` is in seconds since 1970, None
    while the server responds. ``objects`` lacks what was never read.
    """

    watch: uuid.UUID = field(default_factory=uuid.uuid4)
    generation: int = 0
    down_since: float | None = None
    objects: dict[str, Objects] = field(default_factory=dict)
    jobs: JobsMemory = field(default_factory=JobsMemory)
    #: Whether it comes from an earlier run.
    resumed: bool = False

    @property
    def salt(self) -> bytes:
        return self.watch.bytes

    def uuid_of(self, event: Event) -> str:
        """The same for the same event of the same group, so that one that is handed over twice can be dropped."""
        return str(uuid.uuid5(self.watch, f"{self.generation}|{event.name}|{event.identity}"))


class Tracker:
    """Compares each poll with what is known. ``clock`` returns the seconds since 1970."""

    def __init__(self, memory: Memory, down_after: int, clock: Callable[[], float]) -> None:
        self._memory = memory
        self._down_after = down_after
        self._clock = clock
        self._failed_polls = 0
        self._failing_since = 0.0
        self._is_denied = False
        #: Whether ``watching`` was reported. Nothing but the state of the server is before that.
        self.is_watching = False
        self._denied: frozenset[str] = frozenset()
        self._ended_before: list[SeenJob] = []
        self._ended: list[SeenJob] = []

    def events(self, poll: Poll) -> Iterator[Event]:
        """The transitions that a poll shows, in the order in which they are to be reported."""
        yield from self._server_events(poll)
        if poll.denial is not None and not self._is_denied:
            self._is_denied = True
            yield Event("login_refused", {"error": error_of(poll.denial)})
        self._ended_before += poll.jobs_ended_before
        self._ended += poll.jobs_ended
        if not self.is_watching:
            if poll.failure or poll.denial:
                return
            self.is_watching = True
            self._denied = frozenset(poll.denied)
            yield self._watching(poll)
        yield from self._object_events(poll)
        yield from self._denied_events(poll)
        for job in self._ended:
            yield Event("job_ended", {"job": job.to_event()}, str(job.id))
        self._ended = []

    def _server_events(self, poll: Poll) -> Iterator[Event]:
        memory = self._memory
        if poll.failure is None:
            self._failed_polls = 0
            if memory.down_since is not None:
                seconds = max(0, round(self._clock() - memory.down_since))
                memory.down_since = None
                yield Event("server_up", {"seconds": seconds})
            return
        if self._failed_polls == 0:
            self._failing_since = self._clock()
        self._failed_polls += 1
        if self._failed_polls >= self._down_after and memory.down_since is None:
            memory.down_since = self._failing_since
            yield Event("server_down", {"error": error_of(poll.failure)})

    def _watching(self, poll: Poll) -> Event:
        fields = {
            "objects": {name: len(items) for name, items in poll.objects.items()},
            "not_readable": sorted(poll.denied),
            "jobs_ended": [job.to_event() for job in self._ended_before],
            "resumed": self._memory.resumed,
        }
        return Event("watching", fields)

    def _object_events(self, poll: Poll) -> Iterator[Event]:
        memory = self._memory
        for choice, items in poll.objects.items():
            if choice not in memory.objects:
                memory.objects[choice] = remembered(items, memory.salt)
                continue
            yield from object_events(KINDS[choice], memory.objects[choice], items, memory.salt)

    def _denied_events(self, poll: Poll) -> Iterator[Event]:
        """Rights that were lost or granted: changes of what cannot be read are not noticed."""
        if poll.failure or poll.denial:
            return
        denied = frozenset(poll.denied)
        if denied == self._denied:
            return
        self._denied = denied
        errors = [error_of(poll.denied[choice]) for choice in sorted(poll.denied)]
        yield Event("not_readable", {"not_readable": sorted(denied), "errors": errors}, ",".join(sorted(denied)))


def error_of(error: AsteraError) -> dict[str, Any]:
    """An error as the modules return it."""
    found: dict[str, Any] = error.to_result()["error"]
    return found
