"""The action FileTransferTask: fetches one file by FTP."""

from __future__ import annotations

import ftplib
from typing import BinaryIO

from .flows import Action, JobError
from .run import Run

_TIMEOUT = 10.0
_ERRORS = (ftplib.Error, OSError, EOFError, ValueError)


def fetch(run: Run, action: Action) -> None:
    """Fetch the file; JobError holds the FTP server's own message."""
    values = action.attributes
    remote, local = values["remotePath"], values["localPath"]
    place = f"{values['host']}:{values['port']}"
    run.change(f"{action.name}: fetching {remote} from {place}")
    with run.new_file(local) as file:
        try:
            _fetch(run, values, file)
        except _ERRORS as error:
            raise JobError(f"{action.name}: {remote} cannot be fetched from {place}: {_message(error)}") from error
        size = file.tell()
    run.change(f"{action.name}: fetched {remote}, {size} bytes, to {local}")


def _fetch(run: Run, values: dict[str, str], file: BinaryIO) -> None:
    """Use the FTP protocol: passive mode, binary."""

    def take(piece: bytes) -> None:
        run.check()
        file.write(piece)

    client = ftplib.FTP(timeout=_TIMEOUT, encoding="utf-8")
    try:
        client.connect(values["host"], _port(values["port"]))
        client.login(values["user"], values["password"])
        client.retrbinary(f"RETR {values['remotePath']}", take)
    finally:
        client.close()


def _port(text: str) -> int:
    """Read a port. ftplib would take 0 for "the usual one"."""
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise ValueError(f"{text!r} is not a port")
    return int(text)


def _message(error: Exception) -> str:
    """Return the server's message, or the system's when there is none."""
    return getattr(error, "strerror", None) or str(error) or "the connection ended early"
