# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The loop of the event source: poll in a thread, hand over what has changed, remember it, sleep. Private."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from ansible_collections.astera.data_stack.plugins.module_utils._errors import AsteraError, input_error
from ansible_collections.astera.data_stack.plugins.module_utils._http.client import Client
from ansible_collections.astera.data_stack.plugins.module_utils._redaction.redactor import Redactor
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import UNENCRYPTED
from ansible_collections.astera.data_stack.plugins.plugin_utils._eda.jobs import Jobs
from ansible_collections.astera.data_stack.plugins.plugin_utils._eda.options import Options, options_from
from ansible_collections.astera.data_stack.plugins.plugin_utils._eda.reader import Reader
from ansible_collections.astera.data_stack.plugins.plugin_utils._eda.snapshot import Event
from ansible_collections.astera.data_stack.plugins.plugin_utils._eda.state_file import StateFile
from ansible_collections.astera.data_stack.plugins.plugin_utils._eda.tracker import Poll, Tracker
from ansible_collections.astera.data_stack.plugins.plugin_utils._harmless import harmless_deep

# ansible-rulebook runs the source by its path, so ``__name__`` is not the name of the collection.
logger = logging.getLogger("astera.data_stack.server")

#: The argument in which ansible-rulebook returns events that its engine has taken over.
FEEDBACK = "eda_feedback_queue"


class Queue(Protocol):
    """What the loop needs of a queue of ansible-rulebook."""

    async def put(self, item: Any) -> None:
        """Wait for a free place, and hand an event over."""


async def watch(queue: Queue, arguments: dict[str, Any]) -> None:
    """Watch a server until cancelled. Only arguments that can never work raise an AsteraError."""
    given = dict(arguments)
    feedback = given.pop(FEEDBACK, None)
    options = options_from(given)
    if options.feedback and feedback is None:
        raise input_error(
            "feedback: ansible-rulebook returns no events",
            "It only sees the option among the arguments of the source, not in settings.",
        )
    client = Client(options.connection, check_mode=True, redactor=Redactor(options.secrets))
    if options.connection.is_unencrypted:
        logger.warning(UNENCRYPTED)
    try:
        await Watcher(queue, options, client, feedback).run()
    finally:
        client.close()


class Watcher:
    """One server, watched with one client. ``sleep`` waits for some seconds, ``clock`` returns those since 1970."""

    def __init__(
        self,
        queue: Queue,
        options: Options,
        client: Client,
        feedback: asyncio.Queue[Any] | None = None,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._queue = queue
        self._options = options
        self._client = client
        self._feedback = feedback
        self._sleep = sleep
        self._state_file = StateFile(options.state_file, options.connection.server_url)
        self._memory = self._state_file.load()
        self._jobs = Jobs(self._memory.jobs, options.job_ids, options.jobs_after, options.statuses)
        self._reader = Reader(client, options.watch, self._jobs)
        self._tracker = Tracker(self._memory, options.down_after, clock)

    async def run(self) -> None:
        """Poll until cancelled. A poll that fails does not end it."""
        while True:
            poll = await asyncio.to_thread(self._poll)
            await self._hand_over(list(self._tracker.events(poll)))
            await self._sleep(self._options.interval)

    def _poll(self) -> Poll:
        try:
            return self._reader.poll()
        except Exception as error:
            # A defect, or an unexpected response. The next poll may work.
            words = self._client.redactor.redact_text(f"{type(error).__name__}: {error}")
            logger.error("A poll failed: %s", words)  # noqa: TRY400  # a traceback could show what the server sent
            return Poll(failure=AsteraError("server", f"the poll failed: {words}", hint="Please report this."))

    async def _hand_over(self, events: list[Event]) -> None:
        """Hand events over, then save them. After a crash in between, they are sent again with the same ids."""
        for event in events:
            payload = self._payload(event)
            _log(payload["astera"])
            await self._queue.put(payload)
            await self._wait_for_feedback(payload["meta"]["uuid"])
            # The engine runs in the same loop.
            await asyncio.sleep(0)
        changed = self._tracker.is_watching and self._jobs.remember()
        if not events and not changed:
            return
        self._memory.generation += 1
        error = await asyncio.to_thread(self._state_file.save, self._memory)
        if error is not None:
            logger.error("state_file could not be written: %s. A restart now would repeat events.", error.strerror)

    def _payload(self, event: Event) -> dict[str, Any]:
        """An event as rules see it: without secrets, and with nothing that Ansible takes for a template."""
        fields = harmless_deep(self._client.redactor.redact(event.fields))
        meta: dict[str, Any] = {"uuid": self._memory.uuid_of(event)}
        if self._options.host:
            meta["hosts"] = self._options.host
        return {"astera": {"event": event.name, "server_url": self._client.server_url, **fields}, "meta": meta}

    async def _wait_for_feedback(self, uuid: str) -> None:
        """Wait until the engine has taken an event over, where ansible-rulebook reports that."""
        if self._feedback is None:
            return
        try:
            await asyncio.wait_for(self._until_returned(self._feedback, uuid), self._options.feedback_timeout)
        except asyncio.TimeoutError:
            logger.warning("The engine did not confirm the event %s in time.", uuid)

    async def _until_returned(self, feedback: asyncio.Queue[Any], uuid: str) -> None:
        while (await feedback.get()).get("meta", {}).get("uuid") != uuid:
            pass


def _log(event: dict[str, Any]) -> None:
    """Log that nothing, or not everything, is watched, because there may be no rule for these events."""
    if "error" in event:
        logger.warning("%s: %s: %s", event["server_url"], event["event"], event["error"]["message"])
    elif event.get("not_readable"):
        logger.warning("%s: the account may not read %s", event["server_url"], ", ".join(event["not_readable"]))
