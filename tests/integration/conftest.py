"""Runs the modules in this process against the emulator: the whole module, from its arguments to its JSON answer."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from ansible.module_utils import basic
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
    arguments = {**options, "_ansible_check_mode": check, "_ansible_diff": True}
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


@pytest.fixture
def run(connection: dict[str, Any]) -> Callable[..., Result]:
    """Run a module by its short name; options of None are left out."""

    def runner(module: str, *, check: bool = False, **options: Any) -> Result:
        given = {name: value for name, value in {**connection, **options}.items() if value is not None}
        return run_module(f"astera_{module}", given, check=check)

    return runner


@pytest.fixture
def run_raw(connection: dict[str, Any]) -> Callable[..., Result]:
    """Run a module with options of None as they are, and with the invocation in its answer."""

    def runner(module: str, **options: Any) -> Result:
        return run_module(f"astera_{module}", {**connection, **options}, invocation=True)

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
