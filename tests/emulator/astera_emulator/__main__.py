"""The command `astera-emulator`."""

from __future__ import annotations

import argparse
import errno
import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import IO

from .faults import parse_fault
from .ready import until_signal, write_ready_file
from .recording import Request
from .server import Emulator
from .settings import kind_of, markdown_table
from .state import redacted_snapshot


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; return the exit status."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.settings:
        print(markdown_table())
        return 0
    try:
        if options.show_state:
            print(json.dumps(redacted_snapshot(options.show_state), indent=2, ensure_ascii=False))
            return 0
        return _serve(options)
    except (ValueError, OSError) as error:
        hint = "; choose another port with --port" if getattr(error, "errno", None) == errno.EADDRINUSE else ""
        print(f"{parser.prog}: {error}{hint}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    parser = argparse.ArgumentParser(
        prog="astera-emulator", description="A test double of the Astera Integration Server's REST API, over HTTPS."
    )
    add = parser.add_argument
    add("--port", type=int, default=9261, help="port to listen on; 0: any free one (default: 9261)")
    add("--host", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)")
    add("--plain-http", action="store_true", help="without TLS, for tests of clients; the real server has it")
    add("--state-dir", type=Path, metavar="DIR", help="where the state is kept (default: a folder removed at exit)")
    add("--set", action="append", default=[], metavar="NAME=VALUE", help="a setting; may be repeated")
    add("--strict", action="store_true", help="the harshest variant of every setting")
    add("--files", type=Path, metavar="DIR", help="copied to the server's file system; DIR/C/Flows is C:\\Flows")
    add("--fault", action="append", default=[], metavar="'METHOD PATH action=…'", help="a fault; may be repeated")
    add("--log", type=Path, metavar="FILE", help="one line of JSON per request, without secrets")
    add("--ready-file", type=Path, metavar="FILE", help="written once connections are accepted: url, ca_path, pid")
    add("--settings", action="store_true", help="print the table of settings and exit")
    add("--show-state", type=Path, metavar="DIR", help="print what a state folder holds, secrets redacted, and exit")
    return parser


def _serve(options: argparse.Namespace) -> int:
    """Run the server until a signal ends it."""
    ended = until_signal()
    with ExitStack() as stack:
        state_dir = options.state_dir or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="astera-")))
        log = stack.enter_context(options.log.open("a", encoding="utf-8")) if options.log else None
        emulator = Emulator(
            state_dir,
            port=options.port,
            host=options.host,
            tls=not options.plain_http,
            strict=options.strict,
            settings=dict(_assignment(text) for text in options.set),
            on_request=_logger(log) if log else None,
        )
        for text in options.fault:
            emulator.add_fault(**vars(parse_fault(text)))
        if options.files:
            emulator.files.copy_tree(options.files)
        stack.enter_context(emulator)
        _announce(emulator, options.ready_file)
        ended.wait()
    return 0


def _assignment(text: str) -> tuple[str, str]:
    """Read NAME=VALUE."""
    name, equals, value = text.partition("=")
    if not equals:
        raise ValueError(f"{text!r} is not NAME=VALUE")
    kind_of(name).convert(name, value)
    return name, value


def _logger(file: IO[str]) -> Callable[[Request], None]:
    """Return a function that writes a request's line at once."""

    def write(request: Request) -> None:
        print(request.log_line(), file=file, flush=True)

    return write


def _announce(emulator: Emulator, ready_file: Path | None) -> None:
    """Report the address to people on stdout, and to programs in a file that appears as a whole."""
    print(f"url: {emulator.url}\nca_path: {emulator.ca_path}", flush=True)
    print("Stop with Ctrl+C.", flush=True)
    if ready_file:
        write_ready_file(ready_file, {"url": emulator.url, "ca_path": emulator.ca_path})


if __name__ == "__main__":
    sys.exit(main())
