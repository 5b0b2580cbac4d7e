"""The emulated server as a Python object: start, stop, read its state, order faults."""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import certificates, editing, state
from .app import Application
from .context import Context
from .faults import Fault, FaultPlan
from .files import FileSystem
from .jobs import Jobs
from .recording import Journal, Request
from .scheduler import Scheduler
from .service import Service
from .settings import Settings
from .store import Store
from .timestamps import Timestamps
from .tokens import Tokens

_EVERY_ADDRESS = ("", "0.0.0.0", "::", "127.0.0.1", "::1")


class Emulator:
    """An Astera Integration Server that runs in a background thread and keeps its state in `state_dir`."""

    def __init__(
        self,
        state_dir: Path | str,
        port: int = 0,
        settings: dict[str, Any] | None = None,
        host: str = "127.0.0.1",
        *,
        tls: bool = True,
        strict: bool = False,
        on_request: Callable[[Request], None] | None = None,
        clock: Callable[[], float] | None = None,
    ) -> None:
        """Take where to keep the state and listen (port 0: a free one); `on_request` gets each finished request.

        Without `tls` it speaks plain HTTP, which no known port of the real server does.

        `clock` returns the seconds since 1970 by which schedules are due; nothing else goes by it.
        """
        self._state_dir = Path(state_dir)
        self._state_dir.mkdir(parents=True, exist_ok=True)
        self._host = host
        self._settings = Settings()
        self._settings.reset(strict=strict, **(settings or {}))
        self._certificates = certificates.ensure(self._state_dir, host)
        self._journal = Journal([on_request] if on_request else [])
        self._faults = FaultPlan()
        self._clock = clock or time.time
        self._scheme, shown = ("https", self._certificates) if tls else ("http", None)
        self._service = Service(host, port, shown, on_up=self._on_up, on_beat=self._on_beat, on_down=self._on_down)
        self._context = self._make_context()
        self._service.next_port = lambda: self._context.new_port or self._service.port

    # -- life ---------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Run the server in a background thread; return when it accepts connections. OSError: the port is taken."""
        # To a client a stop and a start are a restart; here, as a killed process could not do it at its end.
        self._end_tokens()
        self._service.start(Application(self._context, self._journal, self._faults))

    def stop(self) -> None:
        """Stop the server; its state stays in the folder. A second call does nothing."""
        self._service.stop()
        self._context.jobs.suspend()

    def restart(self, seconds: float = 1.0, *, wait: bool = True) -> None:
        """Cut all connections, refuse new ones for `seconds`, come back; `wait`: return only then."""
        self._service.restart(seconds, wait=wait)

    def reset(self, *, strict: bool = False, **settings: Any) -> None:
        """Become a fresh server: no state, log, faults, files; settings at their defaults, then as given."""
        self._settings.reset(strict=strict, **settings)
        self._service.do(self._clear)
        self._service.recover()

    def __enter__(self) -> Emulator:
        """Start."""
        self.start()
        return self

    def __exit__(self, *unused: object) -> None:
        """Stop."""
        self.stop()

    # -- what a test reads ---------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """The server's address, like https://localhost:9261."""
        host = "localhost" if self._host in _EVERY_ADDRESS else self._host
        return f"{self._scheme}://{f'[{host}]' if ':' in host else host}:{self._service.port}"

    @property
    def ca_path(self) -> str:
        """The file with the CA certificate that clients are to trust."""
        return str(self._certificates.authority.resolve())

    @property
    def settings(self) -> Settings:
        """The settings; an assignment holds from the next request on."""
        return self._settings

    @property
    def files(self) -> FileSystem:
        """The server's own file system."""
        return self._context.files

    @property
    def requests(self) -> list[Request]:
        """The requests so far, in the order of their arrival."""
        return self._journal.all()

    @property
    def writes(self) -> list[Request]:
        """The requests that could change the server: all but reads and logins."""
        return [request for request in self.requests if request.is_write]

    def state(self) -> dict[str, Any]:
        """Return everything stored: real values, secrets too, whatever the settings make of them in responses."""
        return state.snapshot(self._context.store)

    # -- what a test does ---------------------------------------------------------------------------------------

    def put(self, kind: str, obj: dict[str, Any]) -> dict[str, Any]:
        """Insert or update (by id) a config, cluster, deployment or schedule as another administrator would."""
        return self._service.do(lambda: editing.administer(self._context, kind, obj))

    def remove(self, kind: str, number: int) -> None:
        """Delete a deployment or schedule as another administrator would; KeyError when there is none."""
        self._service.do(lambda: editing.remove(self._context, kind, number))

    def tick(self) -> None:
        """Start at once what is due by the clock and may run; the server does the same four times a second."""
        self._service.do(self._on_beat)

    def add_fault(self, **fault: Any) -> None:
        """Order a fault; the arguments are the fields of `Fault`."""
        self._faults.add(Fault(**fault))

    def clear_faults(self) -> None:
        """Forget all faults."""
        self._faults.clear()

    # -- inside -------------------------------------------------------------------------------------------------

    def _make_context(self) -> Context:
        """Open or make what is kept in the state folder."""
        store = Store(self._state_dir / state.DATABASE)
        # The state can be read after stop(), so the file is closed with the object and not before.
        weakref.finalize(self, store.close)
        editing.seed(store)
        files = FileSystem(self._state_dir / "files")
        incoming = self._state_dir / "incoming"
        incoming.mkdir(exist_ok=True)
        for leftover in incoming.iterdir():
            leftover.unlink()  # uploads that a killed process had under way
        timestamps = Timestamps(store)
        jobs = Jobs(store, files, self._settings, timestamps, incoming)
        scheduler = Scheduler(store, jobs, self._settings, self._clock)
        tokens = Tokens(store, self._settings)
        service = self._service
        return Context(
            self._settings,
            store,
            files,
            incoming,
            timestamps,
            tokens,
            jobs,
            scheduler,
            service.order_restart,
            service.refuse,
            service.show_foreign_certificate,
        )

    def _on_up(self) -> None:
        """Take up the work where it was left."""
        self._context.jobs.resume()
        self._context.scheduler.resume()

    def _on_beat(self) -> None:
        """Do what time brings: schedules that are due, queued jobs that may begin."""
        self._context.scheduler.check()
        self._context.jobs.pump()

    def _on_down(self) -> None:
        """Lose what the process of the real server keeps in memory."""
        self._context.jobs.suspend()
        self._end_tokens()
        self._context.failed_logins = 0

    def _clear(self) -> None:
        """Empty all that is kept."""
        context = self._context
        with context.jobs.forgotten():
            context.store.clear()
            editing.seed(context.store)
            context.files.clear()
        context.scheduler.forget()
        context.tokens.revoke_all()
        context.failed_logins = context.new_port = 0
        self._journal.clear()
        self._faults.clear()

    def _end_tokens(self) -> None:
        """End all tokens when a restart does so."""
        if self._settings.tokens_survive_restart == "no":
            self._context.tokens.revoke_all()
