"""Runs ansible-rulebook as a user does, in a process of its own, against an emulated server."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from astera_emulator import Emulator

ROOT = Path(__file__).resolve().parents[2]
RULEBOOKS = ROOT / "extensions" / "eda" / "rulebooks"
#: Seconds. No test depends on how long something takes; this ends one that hangs.
PATIENCE = 120
PASSWORD = "canary-password-7"
FLOW = r"C:\Flows\load_orders.wf"
NO_JAVA = (
    "NOT TRIED: ansible-rulebook needs Java 17 or newer, and there is no `java` on PATH and no JAVA_HOME. "
    "Install openjdk-17-jre-headless, or what your system calls it, and run `make eda` again."
)


def has_java() -> bool:
    return bool(os.environ.get("JAVA_HOME") or shutil.which("java"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items if not has_java() else []:
        item.add_marker(pytest.mark.skip(reason=NO_JAVA))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if not has_java():
        terminalreporter.section("Event-Driven Ansible", sep="!", red=True, bold=True)
        terminalreporter.write_line(NO_JAVA)


@pytest.fixture
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    """A fresh server with a password of its own and a flow on its disk. Each test has one: some stop it."""
    with Emulator(tmp_path_factory.mktemp("emulator"), settings={"password": PASSWORD}) as emulator:
        emulator.files.write(FLOW, b'<Flow seconds="0.3"/>')
        yield emulator


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


@pytest.fixture
def environment() -> dict[str, str]:
    """The environment of ansible-rulebook, without an account."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("ASTERA_")},
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONUNBUFFERED": "1",
        # The JVM would take SIGTERM and end the process at once.
        "JAVA_TOOL_OPTIONS": "-Xrs",
        "ANSIBLE_NOCOLOR": "1",
        "EDA_JOB_TEMPLATE_REFRESH_DELAY": "0.2",
    }


@pytest.fixture
def launch(tmp_path: Path, emulator: Emulator, environment: dict[str, str]) -> Iterator[Callable[..., Rulebook]]:
    """Start a rulebook, given by name, by path or as data, with an inventory of the host ``etl``."""
    inventory = tmp_path / "inventory"
    inventory.mkdir()
    (inventory / "hosts.yml").write_text(
        yaml.safe_dump(
            {
                "astera": {
                    "hosts": {"etl": None},
                    "vars": {
                        "astera_server_url": emulator.url,
                        "astera_ca_path": str(emulator.ca_path),
                        "astera_username": "admin",
                        "astera_password": PASSWORD,
                        "astera_cluster": {"purge_job_info_after": 30},
                        "ansible_connection": "local",
                        "ansible_python_interpreter": sys.executable,
                    },
                }
            }
        )
    )
    started: list[Rulebook] = []

    def starter(
        rulebook: Any, *arguments: str, variables: dict[str, Any] | None = None, env: dict[str, str] | None = None
    ) -> Rulebook:
        number = len(started)
        if not isinstance(rulebook, str):
            path = tmp_path / f"rulebook{number}.yml"
            path.write_text(yaml.safe_dump(rulebook, sort_keys=False))
            rulebook = str(path)
        variables_file = tmp_path / f"variables{number}.yml"
        variables_file.write_text(yaml.safe_dump(variables or {}))
        command = ["ansible-rulebook", "-r", rulebook, "-i", str(inventory), "-e", str(variables_file), *arguments]
        account = {"ASTERA_SERVER_URL": emulator.url, "ASTERA_CA_PATH": str(emulator.ca_path)}
        account.update(ASTERA_USERNAME="admin", ASTERA_PASSWORD=PASSWORD)
        how = {"env": {**environment, **account, **(env or {})}, "cwd": tmp_path}
        started.append(Rulebook(command, tmp_path / f"output{number}", **how))
        return started[-1]

    yield starter
    for one in started:
        one.kill()


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
