"""What the matrix runs: the samples in the documentation of every module, and a few that show what those leave out.

The list of modules is that of the collection, so a new module is in the matrix by itself, with its samples.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from astera_emulator import Emulator
from jinja2 import StrictUndefined
from jinja2.nativetypes import NativeEnvironment

from ansible_collections.astera.data_stack.plugins import modules

MODULES = sorted(file.stem for folder in modules.__path__ for file in Path(folder).glob("astera_*.py"))
PREFIX = "astera.data_stack."
_SECRET = re.compile(r"\b(?:vault_\w+|\w+_password|license_key)\b")

_FLOW = '<Flow seconds="{}"><Variables><Variable name="sourceFilePath"/><Variable name="ftpLogin"/></Variables></Flow>'
_LONG_FLOW = r"C:\Flows\load_everything.wf"
#: Operations that nothing documents; see the emulator's README.
_OPERATIONS = {
    "terminate_operation": "POST /api/Job/{jobId}/Terminate",
    "trace_operation": "GET /api/Job/{jobId}/Trace",
    "delete_deployment_operation": "DELETE /api/Deployment/{deploymentId}",
    "delete_schedule_operation": "DELETE /api/Schedule/{scheduleId}",
}

#: Tasks that come after those of the documentation, since they send what none of those sends.
_FURTHER: dict[str, list[dict[str, Any]]] = {
    "astera_deployment": [
        {"options": {"name": "Orders and returns", "comment": "changed"}},
        {"options": {"name": "Orders and returns", "state": "absent"}},
    ],
    "astera_deployments": [{"options": {"deployments": [{"name": "Orders", "state": "absent"}]}}],
    "astera_schedule": [{"options": {"name": "Returns", "state": "absent"}}],
    "astera_job": [
        {"options": {"path": _LONG_FLOW, "wait": False}, "register": "long"},
        {"options": {"job_id": "{{ long.job.id }}", "state": "terminated"}},
    ],
}


@dataclass(frozen=True)
class Task:
    """One task: a module's name, its options as they are written, the variable for its result."""

    module: str
    options: dict[str, Any]
    register: str | None


@dataclass(frozen=True)
class Sample:
    """A task of a module, and those that come before it and make its world.

    ``secrets`` are values of the variables that carry them; they must not show up in any result.
    """

    title: str
    before: tuple[Task, ...]
    task: Task
    secrets: dict[str, str]


def samples(module: str) -> list[Sample]:
    """The samples of a module, in the order in which they are documented."""
    text = importlib.import_module(f"{modules.__name__}.{module}").EXAMPLES
    tasks = [
        Task(name.removeprefix(PREFIX), task[name] or {}, task.get("register"))
        for task in _flat(yaml.safe_load(text))
        for name in task
        if name.startswith(PREFIX)
    ]
    tasks += [Task(module, one["options"], one.get("register")) for one in _FURTHER.get(module, [])]
    secrets = {name: f"canary-{name}-7" for name in _SECRET.findall(text)}
    return [
        Sample(f"{module}, sample {number + 1}", tuple(tasks[:number]), task, secrets)
        for number, task in enumerate(tasks)
        if task.module == module
    ]


def _flat(tasks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for task in tasks:
        for inner in ("block", "rescue", "always"):
            yield from _flat(task.get(inner, []))
        if "block" not in task:
            yield task


def filled_in(options: Any, variables: dict[str, Any]) -> Any:
    """The options with their templates filled in."""
    if isinstance(options, dict):
        return {name: filled_in(value, variables) for name, value in options.items()}
    if isinstance(options, list):
        return [filled_in(value, variables) for value in options]
    if isinstance(options, str) and "{{" in options:
        return NativeEnvironment(undefined=StrictUndefined).from_string(options).render(variables)  # no HTML is made
    return options


def prepare(emulator: Emulator, folder: Path, module: str, **settings: Any) -> None:
    """Make the world in which the samples of a module run: a fresh server, and the files that the samples name."""
    emulator.reset(**{"restart_seconds": 0.1, "restart_delay": 0.05, **_OPERATIONS, **settings})
    emulator.files.write(r"C:\Flows\load_orders.wf", _FLOW.format(0.1).encode())
    emulator.files.write(_LONG_FLOW, _FLOW.format(30).encode())
    for name in ("orders.car", "orders.prod.cfg"):
        (folder / name).write_text(f"content of {name}\n")
    (folder / "license.json").unlink(missing_ok=True)
    if "schedule" in module:
        emulator.put("deployment", {"name": "Orders", "clusterArchiveFilePath": r"C:\Deployment\a.car"})
