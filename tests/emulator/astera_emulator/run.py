"""A job under way: all that its thread may do to the server, for as long as the job is its own."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from .files import FileSystem
from .flows import JobError
from .redaction import REDACTED
from .settings import Settings
from .store import Document, Store
from .timestamps import Timestamps


class OverError(Exception):
    """The job is no longer this thread's: it was terminated, forgotten, or the service went down."""


@dataclass(frozen=True)
class Workplace:
    """What jobs work with. Whoever changes a job, or lets one be over, holds the lock."""

    store: Store
    files: FileSystem
    settings: Settings
    timestamps: Timestamps
    incoming: Path
    lock: threading.RLock = field(default_factory=threading.RLock)

    def change(self, number: int, message: str = "", **fields: Any) -> Document | None:
        """Change a stored job and add a line to its trace; None when there is no such job."""
        with self.lock:
            job = self.store.get("job", number)
            if job is None:
                return None
            job.update(fields)
            if message:
                job["trace"].append({"time": self.timestamps.next(), "message": message})
            self.store.put("job", number, job)
            return job

    def end(self, number: int, status: str, reason: str = "") -> None:
        """Give a job its last status."""
        message = f"ended as {status}: {reason}" if reason else f"ended as {status}"
        self.change(number, message, status=status, reason=reason, endedDtTm=self.timestamps.next())


class Run:
    """One job in its thread. Everything it does raises OverError once `over` is set."""

    def __init__(self, place: Workplace, number: int) -> None:
        """Take the workplace and the job's id."""
        self.place = place
        self.number = number
        self.over = threading.Event()
        self._secrets: set[str] = set()

    def check(self) -> None:
        """Raise OverError when the job is no longer ours."""
        if self.over.is_set():
            raise OverError

    def wait(self, seconds: float) -> None:
        """Wait, and stop at once when the run is over."""
        if self.over.wait(max(0.0, seconds)):
            raise OverError

    def change(self, message: str = "", **fields: Any) -> Document:
        """Change the stored job; return it."""
        with self.place.lock:
            self.check()
            job = self.place.change(self.number, self.clean(message), **fields)
            if job is None:
                raise OverError
            return job

    def redact(self, secrets: Iterable[str]) -> None:
        """Redact these texts in the trace from now on."""
        self._secrets.update(filter(None, secrets))

    def clean(self, text: str) -> str:
        """Return the text without secrets."""
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, REDACTED)
        return text

    def local(self, path: str) -> Path:
        """Return where a file of the server is kept; JobError when there is none."""
        if not self.place.files.exists(path):
            raise JobError(f"there is no file {path}")
        return self.place.files.local(path)

    @contextmanager
    def new_file(self, path: str) -> Iterator[BinaryIO]:
        """Write a file of the server that is there as a whole at the end, or not at all."""
        try:
            self.place.files.local(path)
        except ValueError as error:
            raise JobError(str(error)) from error
        temporary = self.place.incoming / uuid.uuid4().hex
        try:
            with temporary.open("wb") as file:
                yield file
            with self.place.lock:
                self.check()
                self._adopt(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)

    def _adopt(self, temporary: Path, path: str) -> None:
        """Move the finished file; an error does not show the paths of this machine."""
        try:
            self.place.files.adopt(temporary, path)
        except OSError as error:
            raise JobError(f"{path} cannot be written: {error.strerror}") from error
