"""Runs the modules in this process, in both ways in which a task may run.

``module`` is the whole module, from the arguments that its action prepares to its JSON result, as Ansible runs it in a
process of its own. ``action`` is the action plugin that runs the same function in the worker.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import os
from collections.abc import Iterator
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

MODULES = "ansible_collections.astera.data_stack.plugins.modules."


class Result(dict):
    """What a module returned. Attribute access keeps the assertions short."""

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

    @property
    def all_changes(self) -> list[dict[str, Any]]:
        """The changes of all entries of a list, with the name of the entry in the path."""
        return [
            {**change, "path": f"{entry['name']}.{change['path']}"}
            for entry in self["results"]
            for change in entry.get("changes", [])
        ]

    @property
    def all_paths(self) -> list[str]:
        return [change["path"] for change in self.all_changes]


@contextlib.contextmanager
def module_arguments(arguments: dict[str, Any]) -> Iterator[None]:
    """Hand arguments to AnsibleModule the way Ansible does, on old and new cores."""
    payload = json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode()
    with contextlib.ExitStack() as stack:
        stack.enter_context(mock.patch.object(basic, "_ANSIBLE_ARGS", payload))
        if hasattr(basic, "_ANSIBLE_PROFILE"):
            stack.enter_context(mock.patch.object(basic, "_ANSIBLE_PROFILE", "legacy"))
        yield


def run_main(module: str, options: dict[str, Any], check: bool) -> dict[str, Any]:
    """Run a module's ``main()`` and return its result, failed or not. What it prints must be one JSON object."""
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
    return {**json.loads(output.getvalue()), "warnings": warnings}


def run_module(module: str, options: dict[str, Any], *, check: bool = False, invocation: bool = False) -> Result:
    """Run a module by its action, where that may not run it in the worker."""
    plugin = action_of(module, options, check)

    def execute(*, module_args: dict[str, Any], **_how: Any) -> dict[str, Any]:
        return run_main(module, module_args, check)

    with (
        mock.patch.object(plugin, "_may_run_here", return_value=False),
        mock.patch.object(plugin, "_execute_module", execute),
    ):
        return result_of(plugin, invocation)


def run_action(action: str, options: dict[str, Any], *, check: bool = False, invocation: bool = False) -> Result:
    """Run an action plugin as a worker does, with a local connection, and return its result."""
    plugin = action_of(action, options, check)
    assert plugin._may_run_here({})
    return result_of(plugin, invocation)


def action_of(action: str, options: dict[str, Any], check: bool) -> Any:
    loader = DataLoader()
    name = f"astera.data_stack.{action}"
    task = Task.load({"action": name, "check_mode": check, "diff": True})
    task.args = options
    task.environment = []
    context = PlayContext()
    return action_loader.get(
        name,
        task=task,
        connection=connection_loader.get("ansible.builtin.local", context, os.devnull),
        play_context=context,
        loader=loader,
        templar=Templar(loader=loader),
        shared_loader_obj=None,
    )


def result_of(plugin: Any, invocation: bool) -> Result:
    result = json.loads(json.dumps(plugin.run(task_vars={"ansible_inject_invocation": True})))
    result.pop("_ansible_no_log", None)
    warnings = result.pop("warnings", [])
    if not invocation:
        result.pop("invocation", None)
    return Result({**result, "warnings": warnings})


WAYS = {"module": run_module, "action": run_action}
