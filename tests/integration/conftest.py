"""Runs the modules in this process against the emulator.

Each test runs in both ways in which a task may run, and the results of the two are compared task by task.
"""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from astera_emulator import Emulator

from running import WAYS, Result

HERE = Path(__file__).resolve().parent
FLOW = r"C:\Flows\load_orders.wf"
FLOW_TEXT = b"""<Flow seconds="0.2" outcome="Completed">
  <Variables><Variable name="sourceFilePath" default=""/></Variables>
</Flow>"""

#: Readings of the server under which the cases run: the emulator's default, and all of its strict ones at once.
READINGS = {"default": {}, "strict": {"strict": True}}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The results of both ways of a test are compared, so both run in the same process. One per file is best: others
    are handed out one by one."""
    for item in items:
        if item.path.parent == HERE:
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.fixture(scope="session")
def shared_emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with Emulator(tmp_path_factory.mktemp("emulator")) as emulator:
        yield emulator


@pytest.fixture
def emulator(shared_emulator: Emulator) -> Emulator:
    """A fresh server in its default readings. ``emulator.reset(...)`` chooses others."""
    reset(shared_emulator)
    return shared_emulator


@pytest.fixture(params=list(READINGS))
def any_emulator(request: pytest.FixtureRequest, shared_emulator: Emulator) -> Emulator:
    """A fresh server, once in its default and once in its strict readings."""
    reset(shared_emulator, **READINGS[request.param])
    return shared_emulator


def reset(emulator: Emulator, **settings: Any) -> None:
    """A fresh server that restarts quickly and has one flow on its disk."""
    emulator.reset(**{"restart_seconds": 0.3, "restart_delay": 0.1, **settings})
    emulator.files.write(FLOW, FLOW_TEXT)


@pytest.fixture
def renew() -> Callable[..., None]:
    return reset


@pytest.fixture
def connection(shared_emulator: Emulator) -> dict[str, Any]:
    return {
        "server_url": shared_emulator.url,
        "username": "admin",
        "password": "Admin123",
        "ca_path": shared_emulator.ca_path,
        "request_timeout": 5,
        "retries": 1,
    }


@pytest.fixture(params=["module", "action"])
def way(request: pytest.FixtureRequest) -> str:
    """How the tasks of a test are run."""
    return request.param


@pytest.fixture
def results(request: pytest.FixtureRequest, way: str, tmp_path: Path) -> Iterator[list[str]]:
    """Collects the results of the tasks of a test, and compares them with those of the other way."""
    collected: list[str] = []
    yield collected
    key = re.sub(r"\b(module|action)\b", "", request.node.nodeid)
    mine = [comparable(result, tmp_path) for result in collected]
    _RESULTS.setdefault(key, {})[way] = mine
    other = _RESULTS[key].get("module" if way == "action" else "action")
    if other is not None and request.node.get_closest_marker("unsteady") is None:
        assert mine == other


#: The results of the tasks of each test, by way. Both ways of a test run in the same process (--dist loadgroup).
_RESULTS: dict[str, dict[str, list[str]]] = {}


def comparable(result: str, tmp_path: Path) -> str:
    """A result without what differs from run to run: folders, ports, durations, random names, timestamps."""
    text = result.replace(str(tmp_path), "TMP")
    text = re.sub(r"(localhost|127\.0\.0\.1|\[::1\]):\d+", r"\1:PORT", text)
    text = re.sub(r'"elapsed": [\d.]+', '"elapsed": 0', text)
    # Which statuses of a job are seen depends on when it is polled.
    text = re.sub(r'"status": "(NotStarted|Queued|Initializing|Running)"', '"status": "GOING"', text)
    text = re.sub(r"last status '(NotStarted|Queued|Initializing|Running)'", "last status 'GOING'", text)
    text = re.sub(r'"history": \[[^]]*\]', '"history": []', text)
    text = re.sub(r' +[\d.]+", "', ' S", "', re.sub(r' +[\d.]+"\]', ' S"]', text))
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+-07:00", "TIMESTAMP", text)
    text = re.sub(r"eyJ[\w.-]+", "TOKEN", text)
    text = re.sub(r'"expires_at": "[^"]+"', '"expires_at": "LATER"', text)
    text = re.sub(r" +\d+\.\d(?=  )", " S", text)
    text = re.sub(r"(after|at) [\d.]+ s", r"\1 0 s", text)
    return re.sub(r"(?<=[0-9a-f]{64}-)[0-9a-f]{8}\b", "RANDOM", text)


@pytest.fixture
def run(connection: dict[str, Any], way: str, results: list[str]) -> Callable[..., Result]:
    """Run a module by its short name; options of None are left out."""

    def runner(module: str, *, check: bool = False, **options: Any) -> Result:
        given = {name: value for name, value in {**connection, **options}.items() if value is not None}
        result = WAYS[way](f"astera_{module}", given, check=check)
        results.append(json.dumps({module: result}, sort_keys=True))
        return result

    return runner


@pytest.fixture
def run_raw(connection: dict[str, Any], way: str, results: list[str]) -> Callable[..., Result]:
    """Run a module with options of None as they are, and with the invocation in its result."""

    def runner(module: str, **options: Any) -> Result:
        result = WAYS[way](f"astera_{module}", {**connection, **options}, invocation=True)
        results.append(json.dumps({module: result}, sort_keys=True))
        return result

    return runner


@pytest.fixture
def free_port() -> Callable[[], int]:
    """Give what finds a port where nothing listens."""

    def find(host: str = "127.0.0.1") -> int:
        with socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            return probe.getsockname()[1]

    return find


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "orders.car"
    path.write_bytes(b"archive, first build")
    return path


@pytest.fixture
def settings_file(tmp_path: Path) -> Path:
    path = tmp_path / "orders.prod.cfg"
    path.write_text("SourceFolder=/in\n")
    return path
