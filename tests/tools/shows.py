"""What the commands have in common that show the collection at work: demo and round_trip."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2] / "examples" / "orders"
START_TIMEOUT = 30


def title(text: str) -> None:
    print(f"\n\033[1m=== {text} ===\033[0m" if sys.stdout.isatty() else f"\n=== {text} ===", flush=True)


@contextlib.contextmanager
def emulator(folder: Path, *arguments: str) -> Iterator[dict[str, str]]:
    """The emulator on a free port with its state in a folder; gives what its ready file holds."""
    folder.mkdir(exist_ok=True)
    ready = folder / "ready.json"
    command = [
        "astera-emulator",
        "--port",
        "0",
        "--state-dir",
        str(folder / "server"),
        "--files",
        str(PROJECT / "server"),
    ]
    command += ["--log", str(folder / "requests.jsonl"), "--ready-file", str(ready), *arguments]
    process = subprocess.Popen(command, text=True, stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + START_TIMEOUT
        while not ready.exists():
            if process.poll() is not None or time.monotonic() > deadline:
                sys.exit("The emulator did not start.")
            time.sleep(0.05)
        yield json.loads(ready.read_text())
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


def played(name: str, ca_path: str, shown: list[str], hidden: list[str], *, fails: str = "") -> str:
    """Run a playbook in the example project and return what it printed. ``hidden`` arguments are not worth showing.

    ``fails`` announces why it is meant to fail.
    """
    environment = {**os.environ, "ASTERA_CA_PATH": ca_path, "ANSIBLE_DISPLAY_SKIPPED_HOSTS": "false"}
    if fails:
        print("The next playbook is meant to fail: " + fails)
    print(f"$ {shlex.join(['ansible-playbook', name, *shown])} ...\n", flush=True)
    command = ["ansible-playbook", name, *shown, *hidden]
    process = subprocess.Popen(command, cwd=PROJECT, env=environment, text=True, stdout=subprocess.PIPE)
    lines = []
    for line in process.stdout or ():
        lines.append(line)
        print(line, end="", flush=True)
    if bool(process.wait()) != bool(fails):
        sys.exit(f"The playbook {name} {'did not fail' if fails else 'failed'}.")
    return "".join(lines)


def changed(output: str) -> int:
    """The number of changed tasks that the recap counts."""
    return sum(int(number) for number in re.findall(r"changed=(\d+)", output))


def table(rows: list[tuple[str, str]]) -> None:
    width = max(len(name) for name, _value in rows)
    for name, value in rows:
        print(f"  {name.ljust(width)}  {value}")
