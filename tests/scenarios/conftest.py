"""Runs playbooks as a user does: ``ansible-playbook`` in a process of its own, against an emulated server."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from astera_emulator import Emulator

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "orders"
#: A shell that runs the tests in the background makes them ignore Ctrl-C, and they would pass that on.
_HEEDING_CTRL_C = (
    "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execvp(sys.argv[1], sys.argv[1:])"
)
#: A flow that does nothing for a moment.
FLOW = b'<Flow seconds="0.3"><Variables><Variable name="sourceFilePath"/><Variable name="ftpLogin"/></Variables></Flow>'
#: Values that must never show up anywhere.
CANARIES = {
    "password": "canary-password-7",
    "repository": "canary-repository-7",
    "license": "CANARY-LICENSE-7777",
}


@dataclass
class Play:
    """What one run of ansible-playbook came to."""

    status: int
    output: str

    def count(self, word: str) -> int:
        """A number of the recap, added over all hosts."""
        return sum(int(number) for number in re.findall(rf"\b{word}=(\d+)", self.output))

    def changed(self, host: str) -> int:
        """How many tasks of one host changed something."""
        return int(re.search(rf"^{re.escape(host)} .*\bchanged=(\d+)", self.output, re.MULTILINE)[1])

    def of_host(self, host: str) -> str:
        """What the tasks of one host printed, in one line."""
        printed = re.findall(
            rf"^\w+: \[{re.escape(host)}\].*?(?=^\w+: \[|^TASK|^PLAY|^\[|\Z)", self.output, re.M | re.S
        )
        return " ".join(" ".join(printed).split())

    @property
    def ok(self) -> bool:
        return self.status == 0


@pytest.fixture(scope="module")
def module_emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with Emulator(tmp_path_factory.mktemp("emulator")) as emulator:
        yield emulator


@pytest.fixture
def emulator(module_emulator: Emulator) -> Emulator:
    """A fresh server with a password of its own and a flow on its disk."""
    prepare(module_emulator)
    return module_emulator


def prepare(emulator: Emulator, **settings: Any) -> None:
    emulator.reset(**{"password": CANARIES["password"], "restart_seconds": 0.3, "restart_delay": 0.1, **settings})
    emulator.files.write(r"C:\Flows\load_orders.wf", FLOW)


@pytest.fixture
def prepared() -> Callable[..., None]:
    return prepare


@pytest.fixture
def desired(tmp_path: Path) -> dict[str, Any]:
    """The variables of a whole bootstrap, with files of their own."""
    shutil.copy(EXAMPLE / "releases" / "orders-4.2.car", tmp_path / "orders.car")
    shutil.copy(EXAMPLE / "files" / "orders.dev.cfg", tmp_path)
    return {
        "astera_server_config": {
            "server_profile": "ServerProfile2",
            "wait_interval": 0.2,
            "repository": {"server": "sql01", "password": CANARIES["repository"]},
        },
        "astera_cluster": {"name": "ORDERS", "deployment_directory": r"C:\Deployment", "purge_job_info_after": 30},
        "astera_license": {
            "user": "Jane Doe",
            "organization": "Example Ltd",
            "key": CANARIES["license"],
            "marker": str(tmp_path / "license.json"),
        },
        "astera_deployments": [
            {"name": "Orders", "archive": str(tmp_path / "orders.car"), "config": str(tmp_path / "orders.dev.cfg")}
        ],
        "astera_schedules": [
            {
                "name": "Orders, every morning",
                "deployment": "Orders",
                "start_item": "LoadOrders.wf",
                "daily": {"at": "04:30", "utc_offset": "+01:00"},
            }
        ],
        "astera_jobs": [
            {
                "path": r"C:\Flows\load_orders.wf",
                "parameters": {"Variables": {"sourceFilePath": "/out/orders.csv"}},
                "wait_interval": 0.1,
            }
        ],
    }


class Running:
    """ansible-playbook in a session of its own, as in a terminal of its own. Its output goes to a file."""

    def __init__(self, command: list[str], output: Path, **how: Any) -> None:
        self._output = output
        with output.open("wb") as stream:
            self.process = subprocess.Popen(
                [sys.executable, "-c", _HEEDING_CTRL_C, *command],
                stdout=stream,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
                **how,
            )

    def wait(self, timeout: float = 300) -> Play:
        """Wait for its end."""
        status = self.process.wait(timeout)
        return Play(status, self._output.read_text())

    def press_ctrl_c(self) -> None:
        """What a terminal does: the signal goes to the process group in the foreground."""
        os.killpg(self.process.pid, signal.SIGINT)

    @property
    def workers(self) -> list[int]:
        """The processes of the tasks that run now."""
        listed = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(self.process.pid)], text=True, capture_output=True, check=False
        )
        return [int(word) for word in listed.stdout.split()]

    def end(self) -> None:
        """Leave nothing behind."""
        workers = self.workers
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for worker in workers:
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)


@pytest.fixture
def launch(emulator: Emulator, tmp_path: Path) -> Iterator[Callable[..., Running]]:
    """Start a playbook, given by name or as a list of plays, on a host ``etl`` with the given variables.

    Other hosts are given by their names, or as a dictionary with variables of their own.
    """
    folder = tmp_path / "project"
    folder.mkdir()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("ASTERA_")},
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_LOCALHOST_WARNING": "0",
        "ANSIBLE_RETRY_FILES_ENABLED": "0",
    }
    started: list[Running] = []

    def starter(
        playbook: str | list[dict[str, Any]],
        *arguments: str,
        variables: dict[str, Any] | None = None,
        env: dict[str, str] | None = None,
        hosts: Iterable[str] | dict[str, Any] = ("etl",),
    ) -> Running:
        inventory = {
            "astera": {
                "hosts": hosts if isinstance(hosts, dict) else dict.fromkeys(hosts),
                "vars": {
                    "astera_server_url": emulator.url,
                    "astera_username": "admin",
                    "astera_password": CANARIES["password"],
                    "astera_ca_path": emulator.ca_path,
                    "astera_retries": 2,
                    **(variables or {}),
                },
            }
        }
        number = len(started)
        hosts_file = folder / f"inventory{number}.yml"
        hosts_file.write_text(yaml.safe_dump(inventory, allow_unicode=True))
        name = playbook
        if not isinstance(playbook, str):
            name = str(folder / f"site{number}.yml")
            Path(name).write_text(yaml.safe_dump(playbook, sort_keys=False, allow_unicode=True))
        command = ["ansible-playbook", "-i", str(hosts_file), name, *arguments]
        started.append(Running(command, folder / f"output{number}", env={**environment, **(env or {})}, cwd=folder))
        return started[-1]

    yield starter
    for running in started:
        running.end()


@pytest.fixture
def play(launch: Callable[..., Running]) -> Callable[..., Play]:
    """Run a playbook to its end; see ``launch``."""
    return lambda *arguments, **how: launch(*arguments, **how).wait()


def until(happened: Callable[[], Any], seconds: float = 60) -> None:
    """Wait for something that a playbook brings about."""
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)


@pytest.fixture
def wait_until() -> Callable[..., None]:
    return until


@pytest.fixture
def tasks() -> Callable[..., list[dict[str, Any]]]:
    """A play with these tasks on the local machine."""

    def builder(*tasks: dict[str, Any], **keywords: Any) -> list[dict[str, Any]]:
        group = {
            "server_url": "{{ astera_server_url }}",
            "username": "{{ astera_username }}",
            "password": "{{ astera_password }}",
            "ca_path": "{{ astera_ca_path }}",
        }
        return [
            {
                "hosts": "astera",
                "connection": "local",
                "gather_facts": False,
                "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
                "module_defaults": {"group/astera.data_stack.astera": group},
                "tasks": list(tasks),
                **keywords,
            }
        ]

    return builder


def pretty(requests: list[Any]) -> str:
    return json.dumps([f"{r.method} {r.path} {r.status}" for r in requests], indent=1)
