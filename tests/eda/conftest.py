"""Runs ansible-rulebook as a user does, in a process of its own, against an emulated server."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from astera_emulator import Emulator

from .rulebook import Rulebook, environment_of

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


@pytest.fixture
def environment() -> dict[str, str]:
    """The environment of ansible-rulebook, without an account."""
    return environment_of(os.environ)


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
