"""The running service: an event loop in a background thread, the listener, restarts."""

from __future__ import annotations

import asyncio
import functools
import logging
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from . import certificates as certificate_files
from .certificates import Certificates
from .listener import Listener

_Result = TypeVar("_Result")
# Turns of the event loop that a closed TLS transport needs until its socket is closed, with some to spare.
_CLOSING_TURNS = 5
_BEAT_SECONDS = 0.25
_log = logging.getLogger("astera_emulator")


class Service:
    """Runs an ASGI application; `restart` is that of a Windows service: down at once, back after a while."""

    def __init__(
        self,
        host: str,
        port: int,
        certificates: Certificates | None,
        *,
        on_up: Callable[[], None],
        on_beat: Callable[[], None],
        on_down: Callable[[], None],
    ) -> None:
        """Take where to listen (port 0: any free one; no certificates: plain HTTP) and what to call in its thread.

        `on_up`: connections are accepted again; `on_beat`: four times a second; `on_down`: a restart ended the process.
        """
        self.port = port
        self.next_port: Callable[[], int] = lambda: self.port
        self._host = host
        self._certificates = certificates
        self._on_up = on_up
        self._on_beat = on_beat
        self._on_down = on_down
        self._listener: Listener | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._heart: asyncio.Task[None] | None = None
        self._restarts: set[asyncio.Task[None]] = set()
        self._is_down = False  # between the cut and the return of a restart

    @property
    def is_running(self) -> bool:
        """Whether the thread runs; also true while a restart refuses connections."""
        return self._loop is not None

    def start(self, application: Any) -> None:
        """Return when connections are accepted. OSError: the port is taken."""
        if self.is_running:
            raise RuntimeError("the emulator is running")
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="astera-emulator", daemon=True)
        self._thread.start()
        self._listener = Listener(application, self._host, self._certificates)
        try:
            self._run(self._begin())
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End the service and its thread; a second call does nothing."""
        if self._loop is None or self._thread is None:
            return
        self._run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._loop = self._thread = self._listener = self._heart = None
        self._is_down = False

    def do(self, work: Callable[[], _Result]) -> _Result:
        """Call a function where it cannot come between two steps of a request's handler."""
        if self._loop is None:
            return work()

        async def in_loop() -> _Result:
            return work()

        return self._run(in_loop())

    def restart(self, seconds: float, *, wait: bool) -> None:
        """Go down, come back after `seconds`; `wait`: return only then, else when it is down."""
        if not self.is_running:
            raise RuntimeError("the emulator is not running")
        self._run(self._go_down())
        task = self._run(self._begin_return(seconds))
        if wait:
            self._run(_finished(task))

    def recover(self) -> None:
        """Forget restarts that are to come, and come back at once from one under way."""
        if self.is_running:
            self._run(self._recover())

    # -- for the server's thread --------------------------------------------------------------------------------

    def refuse(self) -> None:
        """Refuse new connections at once; those that exist live on until the restart that must follow."""
        if self._listener is not None:
            self._listener.refuse()

    def show_foreign_certificate(self, seconds: float) -> None:
        """Show new connections a certificate of another CA; for good, until a restart or reset, if 0."""
        assert self._listener is not None
        self._listener.show(self._foreign)
        if seconds:
            asyncio.get_running_loop().call_later(seconds, self._listener.show_own)

    def order_restart(self, seconds: float, delay: float) -> None:
        """Restart after `delay` seconds."""
        self._keep(asyncio.get_running_loop().create_task(self._restart(seconds, delay)))

    # -- inside -------------------------------------------------------------------------------------------------

    @functools.cached_property
    def _foreign(self) -> Certificates:
        """Certificates that nobody trusts, made when they are first needed."""
        assert self._certificates is not None, "plain HTTP has no certificates"
        return certificate_files.foreign(self._certificates.authority.parent, self._host)

    def _run(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        """Run a coroutine in the server's thread and return its result."""
        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def _keep(self, task: asyncio.Task[None]) -> asyncio.Task[None]:
        """Remember a task until it is done, so that it can be ended."""
        self._restarts.add(task)
        task.add_done_callback(self._restarts.discard)
        return task

    async def _open(self, port: int) -> None:
        """Listen."""
        assert self._listener is not None
        self._listener.show_own()
        self.port = await self._listener.open(port)
        self._on_up()

    async def _begin(self) -> None:
        """Listen for the first time, and begin to beat."""
        await self._open(self.port)
        self._heart = asyncio.create_task(self._beat())

    async def _beat(self) -> None:
        """Call `on_beat` until the service ends; an error must not stop it."""
        while True:
            try:
                self._on_beat()
            except Exception:
                _log.exception("the periodic work failed")
            await asyncio.sleep(_BEAT_SECONDS)

    async def _close(self) -> None:
        """Stop listening and end every task, TLS handshakes that nobody finishes included."""
        assert self._listener is not None
        await self._listener.close()
        await _take_turns()  # a connection just accepted must begin its task to be able to end it
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await _take_turns()

    async def _restart(self, seconds: float, delay: float) -> None:
        """Restart, unless one is under way: a second one on top changes nothing."""
        await asyncio.sleep(delay)
        if not self._is_down:
            await self._go_down()
            await self._come_back(seconds)

    async def _go_down(self) -> None:
        """Refuse and cut all connections."""
        assert self._listener is not None
        self._is_down = True
        await self._listener.close()
        self._on_down()

    async def _begin_return(self, seconds: float) -> asyncio.Task[None]:
        """Let the service come back after `seconds`; a return that was ordered before is void."""
        for task in self._restarts:
            task.cancel()
        return self._keep(asyncio.get_running_loop().create_task(self._come_back(seconds)))

    async def _come_back(self, seconds: float) -> None:
        """Listen again after `seconds`."""
        await asyncio.sleep(seconds)
        await self._open(self.next_port())
        self._is_down = False

    async def _recover(self) -> None:
        """Do the work of `recover`."""
        for task in self._restarts:
            task.cancel()
        assert self._listener is not None
        self._listener.show_own()
        if not self._listener.is_open:
            await self._open(self.port)
        self._is_down = False


async def _take_turns() -> None:
    """Let what is closing in the event loop get closed."""
    for _turn in range(_CLOSING_TURNS):
        await asyncio.sleep(0)


async def _finished(task: asyncio.Task[None]) -> None:
    """Wait for a task; one that was cancelled is finished too."""
    await asyncio.wait([task])
    if not task.cancelled():
        task.result()
