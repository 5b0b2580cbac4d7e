"""What the commands have in common: they report that they are ready, and run until a signal ends them."""

from __future__ import annotations

import json
import os
import signal
import threading
from pathlib import Path
from typing import Any


def until_signal() -> threading.Event:
    """Return an event that Ctrl+C or a polite kill sets."""
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *unused: ended.set())
    return ended


def write_ready_file(path: Path, facts: dict[str, Any]) -> None:
    """Write the facts and this process's id as a file that appears as a whole."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_text(json.dumps({**facts, "pid": os.getpid()}), encoding="utf-8")
    os.replace(temporary, path)
