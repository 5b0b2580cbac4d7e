"""Every module of the collection with its spec and its function, as its action plugin names them."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import env_fallback

from ansible_collections.astera.data_stack.plugins.module_utils import _version
from ansible_collections.astera.data_stack.plugins.module_utils._engine.result import Result
from ansible_collections.astera.data_stack.plugins.module_utils._errors import AsteraError
from ansible_collections.astera.data_stack.plugins.module_utils._runner.argument_spec import Spec, full_options
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import Runnable, run_resource
from ansible_collections.astera.data_stack.plugins.module_utils._runner.settings import prepared_options
from ansible_collections.astera.data_stack.tests.properties.server import Server, Transport

ROOT = Path(_version.__file__).resolve().parents[2]
ACTIONS = "ansible_collections.astera.data_stack.plugins.action."
PASSWORD = "canary-password"
CONNECTION = {"server_url": "https://etl01:9261", "username": "admin", "password": PASSWORD}


@dataclass(frozen=True, repr=False)
class Module:
    name: str
    spec: Spec
    function: Callable[..., Result]

    def __repr__(self) -> str:
        return self.name

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        printer.text(self.name)


@dataclass
class Run:
    """What came of a task. ``rejected``: Ansible itself did not take the options."""

    result: Result | None = None
    #: The result as Ansible gets it.
    output: dict[str, Any] = field(default_factory=dict)
    rejected: bool = False
    #: Options as the module got them.
    params: dict[str, Any] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    @property
    def kind(self) -> str | None:
        return self.result.error.kind if self.result and self.result.error else None


def all_modules() -> list[Module]:
    names = yaml.safe_load((ROOT / "meta/runtime.yml").read_text())["action_groups"]["astera"]
    plugins = {name: importlib.import_module(ACTIONS + name).ActionModule for name in names}
    return [Module(name, plugin.RESOURCE.spec, plugin.RESOURCE.function) for name, plugin in plugins.items()]


def run(module: Module, given: dict[str, Any], server: Server, *, check: bool = False) -> Run:
    """What the module does with these options, from Ansible's validation to the result that can be written as JSON."""
    Transport.server = server
    options = full_options(module.spec, env_fallback)
    try:
        given = prepared_options(options, {**CONNECTION, **given})
    except AsteraError as error:
        result = Result(error=error)
        return Run(result, result.to_module_result(with_diff=True))
    validation = ArgumentSpecValidator(options).validate(given)
    if validation.error_messages:
        return Run(rejected=True)
    params = {**given, **validation.validated_parameters}
    lines: list[str] = []
    result = run_resource(Runnable(module.spec, module.function), params, check_mode=check, show_progress=lines.append)
    output = json.loads(json.dumps(result.to_module_result(with_diff=True)))
    return Run(result, output, params=params, lines=lines)
