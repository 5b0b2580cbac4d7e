"""A running ansible-rulebook, and rulebooks for it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
RULEBOOKS = ROOT / "extensions" / "eda" / "rulebooks"
#: Seconds. No test depends on how long something takes; this ends one that hangs.
PATIENCE = 300


class Rulebook:
    """A running ansible-rulebook. Its output goes to a file, where each event is a line that begins with EVENT."""

    def __init__(self, command: list[str], output: Path, **how: Any) -> None:
        self._output = output
        with output.open("wb") as stream:
            self.process = subprocess.Popen(
                command,
                stdout=stream,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                **how,
            )

    @property
    def output(self) -> str:
        return self._output.read_text(errors="replace")

    @property
    def events(self) -> list[dict[str, Any]]:
        """The events so far, without a line that is not complete yet."""
        lines = self.output.rpartition("\n")[0].splitlines()
        return [json.loads(line[6:]) for line in lines if line.startswith("EVENT ")]

    def named(self, name: str) -> list[dict[str, Any]]:
        return [event["astera"] for event in self.events if event["astera"]["event"] == name]

    def until(self, condition: Callable[[], Any], what: str) -> Any:
        """Wait for something, as long as the process runs."""
        deadline = time.monotonic() + PATIENCE
        while not (found := condition()):
            ended = self.process.poll()
            assert ended is None, f"{what}: it ended with {ended}:\n{self.output[-5000:]}"
            assert time.monotonic() < deadline, f"{what}: not within {PATIENCE} s:\n{self.output[-5000:]}"
            time.sleep(0.05)
        return found

    def until_event(self, name: str, number: int = 1) -> dict[str, Any]:
        """Wait for the n-th event of a name."""
        return (
            self.until(lambda: len(self.named(name)) >= number, f"event {name} {number}")
            and self.named(name)[number - 1]
        )

    def end(self) -> int:
        """End it as a service manager does; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        """Leave nothing behind."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def environment_of(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment of ansible-rulebook, without an account."""
    return {
        **{name: value for name, value in environment.items() if not name.startswith("ASTERA_")},
        "PATH": f"{Path(sys.executable).parent}:{environment['PATH']}",
        "PYTHONUNBUFFERED": "1",
        # The JVM would take SIGTERM and end the process at once.
        "JAVA_TOOL_OPTIONS": "-Xrs",
        "ANSIBLE_NOCOLOR": "1",
        "EDA_JOB_TEMPLATE_REFRESH_DELAY": "0.2",
    }


SHOW = {
    "name": "Show",
    "condition": "event.astera is defined",
    "action": {"debug": {"msg": "EVENT {{ event | tojson }}"}},
}


def watching(*rules: dict[str, Any], **options: Any) -> list[dict[str, Any]]:
    """A rulebook that shows all events, unless another of its rules takes one."""
    source = {"name": "astera", "astera.data_stack.server": {"interval": 1, **options}}
    return [{"name": "Watch", "hosts": "all", "sources": [source], "rules": [*rules, SHOW]}]


def shipped(name: str) -> list[dict[str, Any]]:
    """A rulebook of the collection that waits for two seconds instead of a minute."""
    rulebook = yaml.safe_load((RULEBOOKS / name).read_text())
    throttle = rulebook[0]["rules"][0]["throttle"]
    assert throttle["once_after"] == "1 minute"
    throttle["once_after"] = "2 seconds"
    return rulebook
