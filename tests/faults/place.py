"""Where the matrix is run: a server, files, and another origin to which nobody may ever connect."""

from __future__ import annotations

import contextlib
import socket
from dataclasses import dataclass
from pathlib import Path

from astera_emulator import Emulator


class Stranger:
    """A port that counts who connects to it."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._socket.setblocking(False)
        self.url = f"https://localhost:{self._socket.getsockname()[1]}"

    def visits(self) -> int:
        """How many connected since this was last asked."""
        count = 0
        with contextlib.suppress(BlockingIOError):
            while True:
                self._socket.accept()[0].close()
                count += 1
        return count

    def close(self) -> None:
        self._socket.close()


@dataclass(frozen=True)
class Place:
    """A server, a folder for the files of the samples, a stranger."""

    emulator: Emulator
    folder: Path
    stranger: Stranger
