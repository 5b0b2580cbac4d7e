"""Runs the modules in this process against the emulator, in both ways in which a task may run.

``module`` is the whole module, from its arguments to its JSON answer, as Ansible runs it in a process of its own.
``action`` is the action plugin that runs the same function in the worker. Each test runs in both ways, and what the two
answer is compared call by call.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from ansible.module_utils import basic
from ansible.module_utils.common.parameters import PASS_VARS
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.plugins.loader import action_loader, connection_loader
from ansible.template import Templar
from astera_emulator import Emulator

MODULES = "ansible_collections.astera.data_stack.plugins.modules."
FLOW = r"C:\Flows\load_orders.wf"
FLOW_TEXT = b"""<Flow seconds="0.2" outcome="Completed">
  <Variables><Variable name="sourceFilePath" default=""/></Variables>
</Flow>"""

#: Readings of the server under which the cases run: the emulator's default, and all of its strict ones at once.
READINGS = {"default": {}, "strict": {"strict": True}}


class Result(dict):
    """What a module answered. Attribute access keeps the assertions short."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(f"{name} is not in {json.dumps(self, indent=1, default=str)}") from None

    @property
    def failed(self) -> bool:
        return bool(self.get("failed"))

    @property
    def paths(self) -> list[str]:
        """The paths of the changes."""
        return [change["path"] for change in self["changes"]]


@contextlib.contextmanager
def module_arguments(arguments: dict[str, Any]) -> Iterator[None]:
    """Hand arguments to AnsibleModule the way Ansible does, on old and new cores."""
    payload = json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode()
    with contextlib.ExitStack() as stack:
        stack.enter_context(mock.patch.object(basic, "_ANSIBLE_ARGS", payload))
        if hasattr(basic, "_ANSIBLE_PROFILE"):
            stack.enter_context(mock.patch.object(basic, "_ANSIBLE_PROFILE", "legacy"))
        yield


def run_module(module: str, options: dict[str, Any], *, check: bool = False, invocation: bool = False) -> Result:
    """Run a module's ``main()`` and return its answer, failed or not. What it prints must be one JSON object."""
    arguments = {
        **options,
        "_ansible_check_mode": check,
        "_ansible_diff": True,
        # Cores that do not know this show the invocation in any case.
        **({"_ansible_inject_invocation": True} if "inject_invocation" in PASS_VARS else {}),
        "_ansible_module_name": f"astera.data_stack.{module}",
    }
    output = io.StringIO()
    warnings: list[str] = []
    main = importlib.import_module(MODULES + module).main
    with contextlib.ExitStack() as stack:
        stack.enter_context(module_arguments(arguments))
        # New cores print a warning at once when they find themselves on the controller, as they do in this process.
        stack.enter_context(mock.patch.object(basic.AnsibleModule, "warn", lambda _module, text: warnings.append(text)))
        stack.enter_context(contextlib.redirect_stdout(output))
        stack.enter_context(pytest.raises(SystemExit))
        main()
    answer = json.loads(output.getvalue())
    if not invocation:
        answer.pop("invocation", None)
    return Result({**answer, "warnings": warnings})


def run_action(action: str, options: dict[str, Any], *, check: bool = False, invocation: bool = False) -> Result:
    """Run an action plugin as a worker does, with a local connection, and return its answer."""
    loader = DataLoader()
    name = f"astera.data_stack.{action}"
    task = Task.load({"action": name, "check_mode": check, "diff": True})
    task.args = options
    task.environment = []
    context = PlayContext()
    plugin = action_loader.get(
        name,
        task=task,
        connection=connection_loader.get("ansible.builtin.local", context, os.devnull),
        play_context=context,
        loader=loader,
        templar=Templar(loader=loader),
        shared_loader_obj=None,
    )
    assert plugin._may_run_here({})
    answer = json.loads(json.dumps(plugin.run(task_vars={"ansible_inject_invocation": True})))
    answer.pop("_ansible_no_log", None)
    warnings = answer.pop("warnings", [])
    if not invocation:
        answer.pop("invocation", None)
    return Result({**answer, "warnings": warnings})


WAYS = {"module": run_module, "action": run_action}


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
def answers(request: pytest.FixtureRequest, way: str, tmp_path: Path) -> Iterator[list[str]]:
    """Collects what the tasks of a test answer, and compares it with what they answered in the other way."""
    collected: list[str] = []
    yield collected
    key = re.sub(r"\b(module|action)\b", "", request.node.nodeid)
    mine = [comparable(answer, tmp_path) for answer in collected]
    _ANSWERS.setdefault(key, {})[way] = mine
    other = _ANSWERS[key].get("module" if way == "action" else "action")
    if other is not None and request.node.get_closest_marker("unsteady") is None:
        assert mine == other


#: What the tasks of each test answered, by way. Both ways of a test run in the same process (--dist loadfile).
_ANSWERS: dict[str, dict[str, list[str]]] = {}


def comparable(answer: str, tmp_path: Path) -> str:
    """An answer without what differs from run to run: folders, ports, spans of time, random names, stamps."""
    text = answer.replace(str(tmp_path), "TMP")
    text = re.sub(r"localhost:\d+", "localhost:PORT", text)
    text = re.sub(r'"elapsed": [\d.]+', '"elapsed": 0', text)
    # Which words a job passes through is a matter of when one looks.
    text = re.sub(r'"history": \[[^]]*\]', '"history": []', text)
    text = re.sub(r' +[\d.]+", "', ' S", "', re.sub(r' +[\d.]+"\]', ' S"]', text))
    text = re.sub(r"\d{4}-\d\d-\d\dT[\d:.]+-07:00", "STAMP", text)
    text = re.sub(r"eyJ[\w.-]+", "TOKEN", text)
    text = re.sub(r'"expires_at": "[^"]+"', '"expires_at": "LATER"', text)
    text = re.sub(r"after [\d.]+ s", "after 0 s", text)
    return re.sub(r"(?<=[0-9a-f]{64}-)[0-9a-f]{8}\b", "RANDOM", text)


@pytest.fixture
def run(connection: dict[str, Any], way: str, answers: list[str]) -> Callable[..., Result]:
    """Run a module by its short name; options of None are left out."""

    def runner(module: str, *, check: bool = False, **options: Any) -> Result:
        given = {name: value for name, value in {**connection, **options}.items() if value is not None}
        result = WAYS[way](f"astera_{module}", given, check=check)
        answers.append(json.dumps({module: result}, sort_keys=True))
        return result

    return runner


@pytest.fixture
def run_raw(connection: dict[str, Any], way: str, answers: list[str]) -> Callable[..., Result]:
    """Run a module with options of None as they are, and with the invocation in its answer."""

    def runner(module: str, **options: Any) -> Result:
        result = WAYS[way](f"astera_{module}", {**connection, **options}, invocation=True)
        answers.append(json.dumps({module: result}, sort_keys=True))
        return result

    return runner


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
