"""An FTP server that gives the files of one folder: for tests, and to try workflows out with `astera-ftp`.

Plain FTP without encryption, reading only, one account. Never let it be reached from elsewhere.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler
from pyftpdlib.ioloop import IOLoop
from pyftpdlib.servers import FTPServer

from .ready import until_signal, write_ready_file

PASSWORD_VARIABLE = "ASTERA_FTP_PASSWORD"  # the name of a variable of the environment
_READING = "elr"  # pyftpdlib's letters: enter folders, list, retrieve
_POLL_SECONDS = 0.05

# Without a handler pyftpdlib would set up logging for the whole process.
logging.getLogger("pyftpdlib").addHandler(logging.NullHandler())


class FtpServer:
    """Serves `root` in a background thread. `fetched` lists the files that clients got as a whole, by path."""

    def __init__(
        self, root: Path, user: str = "etl", password: str = "etl-secret", port: int = 0, host: str = "127.0.0.1"
    ) -> None:
        """Take the folder, the account and where to listen (port 0: any free one)."""
        self.host = host
        self.port = port
        self.fetched: list[str] = []
        self._root = root.resolve()
        self._user = user
        self._password = password
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Return when connections are accepted. OSError: the port is taken."""
        server = FTPServer((self.host, self.port), self._handler(), ioloop=IOLoop())
        self.port = server.address[1]
        self._ended.clear()
        self._thread = threading.Thread(target=self._serve, args=(server,), name="astera-ftp", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the server and cut its connections; a second call does nothing."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def __enter__(self) -> FtpServer:
        """Start."""
        self.start()
        return self

    def __exit__(self, *unused: object) -> None:
        """Stop."""
        self.stop()

    def _serve(self, server: FTPServer) -> None:
        """Serve until the end; the thread's whole life."""
        while not self._ended.is_set():
            server.serve_forever(timeout=_POLL_SECONDS, blocking=False)
        server.close_all()

    def _handler(self) -> type[FTPHandler]:
        """Return the class of this server's connections: pyftpdlib keeps its settings in class attributes."""
        accounts = DummyAuthorizer()
        accounts.add_user(self._user, self._password, str(self._root), perm=_READING)
        root, fetched = self._root, self.fetched

        class Handler(FTPHandler):
            """Notes what was fetched; a rejected login gets its response at once."""

            authorizer = accounts
            auth_failed_timeout = 0.01
            banner = "ready"

            def on_file_sent(self, file: str) -> None:
                """Note a file."""
                fetched.append("/" + Path(file).resolve().relative_to(root).as_posix())

        return Handler


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command `astera-ftp`; return the exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        if not options.root.is_dir():
            raise ValueError(f"{options.root} is not a folder")
        ended = until_signal()
        with FtpServer(options.root, options.user, _password(options.password_file), options.port) as server:
            print(f"ftp://{options.user}@{server.host}:{server.port}\nStop with Ctrl+C.", flush=True)
            if options.ready_file:
                write_ready_file(options.ready_file, {"host": server.host, "port": server.port})
            ended.wait()
    except (ValueError, OSError) as error:
        print(f"{parser.prog}: {error}", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    """Describe the command line. It takes no password: others could read it in the list of processes."""
    parser = argparse.ArgumentParser(prog="astera-ftp", description="Serves a folder by FTP, to try workflows out.")
    add = parser.add_argument
    add("--root", type=Path, required=True, metavar="DIR", help="the folder whose files are served")
    add("--port", type=int, default=2121, help="port to listen on; 0: any free one (default: 2121)")
    add("--user", default="etl", help="name of the only account (default: etl)")
    add(
        "--password-file",
        type=Path,
        metavar="FILE",
        help=f"file whose first line is the password (default: variable {PASSWORD_VARIABLE})",
    )
    add("--ready-file", type=Path, metavar="FILE", help="written once connections are accepted: host, port, pid")
    return parser


def _password(file: Path | None) -> str:
    """Return the password from the file or the environment; ValueError when there is none."""
    if file is None:
        password = os.environ.get(PASSWORD_VARIABLE, "")
    else:
        password = (file.read_text(encoding="utf-8").splitlines() or [""])[0]
    if not password:
        raise ValueError(f"a password is needed, in --password-file or {PASSWORD_VARIABLE}")
    return password


if __name__ == "__main__":
    sys.exit(main())
