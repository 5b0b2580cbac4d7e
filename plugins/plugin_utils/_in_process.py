# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a resource function in-process, where that is exactly what the module would do. Private.

A module costs Ansible a process of its own and the compilation of everything that it imports. The same function costs
nearly nothing in Ansible's worker process, which has it in memory. Options go through the validator of AnsibleModule,
and the result through the same redaction, so a task sees no difference.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import ssl
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ansible import constants as C  # noqa: N812  # the name that Ansible itself uses
from ansible import context
from ansible.errors import AnsibleError
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.astera.data_stack.plugins.module_utils._engine.result import Result
from ansible_collections.astera.data_stack.plugins.module_utils._errors import AsteraError, input_error
from ansible_collections.astera.data_stack.plugins.module_utils._http.session import HAS_REQUESTS
from ansible_collections.astera.data_stack.plugins.module_utils._redaction.options import (
    redactable_texts,
    redacted_options,
)
from ansible_collections.astera.data_stack.plugins.module_utils._runner.argument_spec import full_options
from ansible_collections.astera.data_stack.plugins.module_utils._runner.module import filled_env
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import Runnable, run_resource
from ansible_collections.astera.data_stack.plugins.module_utils._runner.settings import (
    SETTINGS,
    change_paths,
    prepared_options,
)
from ansible_collections.astera.data_stack.plugins.module_utils._runner.unknown_options import reject_unknown
from ansible_collections.astera.data_stack.plugins.plugin_utils._known_variables import KNOWN_VARIABLES
from ansible_collections.astera.data_stack.plugins.plugin_utils._role_variables import (
    OWN,
    in_words_of_roles,
    unknown_names,
)
from ansible_collections.astera.data_stack.plugins.plugin_utils._task_options import (
    check_settings,
    plain_options,
    typed_options,
)

# The first context of a process initialises OpenSSL. Done here, in the parent of all workers, it is done once.
ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)

#: The variable that switches in-process runs off.
IN_PROCESS_VARIABLE = "astera_in_process"
#: The variable that switches off the lines about work that takes long.
PROGRESS = "astera_progress"
#: Callbacks whose output people read. The output of others may be parsed, and an extra line would break that.
HUMAN_CALLBACKS = frozenset({"awx_display", "debug", "default", "minimal", "unixy", "yaml"})


class AsteraAction(ActionBase):
    """The action of a module: runs it in-process if possible, and as an ordinary module otherwise.

    A subclass names the ``RESOURCE`` that its module hands to ``run_module``.
    """

    RESOURCE: Runnable
    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        del tmp
        variables = task_vars or {}
        options = self.RESOURCE.spec.detailed
        try:
            self._check_variables(variables)
            given = plain_options(options, self._task.args, variables.get("omit"))
            check_settings(self._task, given.get(SETTINGS))
            given = prepared_options(options, given, typed_options(self._task))
            self._check_connection(given, variables)
            reject_unknown(full_options(self.RESOURCE.spec, filled_env), given, self._place)
            change_paths(options, given, _reject_own_folder)
        except AsteraError as error:
            failure = Result(error=error).to_module_result(with_diff=False)
            failure = in_words_of_roles(failure) if self._is_in_role else failure
            return {**result, **failure, **self._invocation({}, variables)}
        if self._is_local and _is_in_collection(self._loader.get_basedir()):
            given = {**self._environment_paths, **given}
            change_paths(options, given, _absolute)
        if self._may_run_here(variables):
            result.update(self._run_here(given, variables))
        else:
            result.update(self._execute_module(module_args=given, task_vars=task_vars, wrap_async=self._task.async_val))
        return in_words_of_roles(result) if self._is_in_role and result.get("failed") else result

    @property
    def _role(self) -> str:
        """The role of this collection that the task is part of; its users have never seen the options of the task."""
        role = self._task._role  # noqa: SLF001  # nothing public has it
        collection, _dot, name = role.get_name().rpartition(".") if role is not None else ("", "", "")
        return name if collection == "astera.data_stack" else ""

    @property
    def _is_in_role(self) -> bool:
        return bool(self._role)

    def _place(self, place: str) -> str:
        """The place of an option in the variable of a role, which has the role's name."""
        if not self._is_in_role:
            return place
        return f"astera_{place}" if place.startswith(f"{self._role}[") else f"astera_{self._role}.{place}"

    def _check_variables(self, variables: dict[str, Any]) -> None:
        """In our roles and playbooks, reject a misspelt variable and a missing one, and warn of unknown ones."""
        if not self._is_in_role and not _is_in_collection(self._loader.get_basedir()):
            return
        unknown = unknown_names(variables, self._templar.template(variables.get(OWN)))
        needed = f"astera_{self._role}"
        if needed in KNOWN_VARIABLES and needed not in variables:
            raise input_error(f"{needed} is not set", f"The role {self._role} needs it.")
        if unknown:
            Display().warning(
                f"This collection does not use the variables {', '.join(unknown)}. "
                f"List names of your own in {OWN} to silence this warning."
            )

    def _check_connection(self, given: dict[str, Any], variables: dict[str, Any]) -> None:
        """Report a variable whose value refers to an undefined one. For the role, it is not set at all."""
        for option in ("server_url", "username", "password", "token", "ca_path"):
            name = f"astera_{option}"
            if not self._is_in_role or given.get(option) is not None or name not in variables:
                continue
            try:
                self._templar.template(variables[name])
            except AnsibleError as error:
                raise input_error(f"{name} has no value: {error}") from None

    @property
    def _environment_paths(self) -> dict[str, str]:
        """The one path that the environment may give: relative, it begins where paths of variables do."""
        path = os.environ.get("ASTERA_CA_PATH")
        return {"ca_path": path} if path and not any(self._task.environment or []) else {}

    @property
    def _is_local(self) -> bool:
        return bool(self._connection.transport == "local")

    def _may_run_here(self, variables: dict[str, Any]) -> bool:
        """Whether the module would run on this machine with the same environment and libraries."""
        # Looking up the system's proxies in a forked process can crash on macOS.
        if not self._is_local or sys.platform == "darwin" or not HAS_REQUESTS:
            return False
        if self._play_context.become or getattr(self._connection, "become", None):
            return False
        if self._task.async_val or any(self._task.environment or []):
            return False
        if not _is_own_python(self._interpreter(variables)):
            return False
        return boolean(self._templar.template(variables.get(IN_PROCESS_VARIABLE, True)), strict=False)

    def _interpreter(self, variables: dict[str, Any]) -> Any:
        """The interpreter that the user asked for, on the host to which the task may be delegated, or for all."""
        delegate = self._task.delegate_to
        if delegate:
            variables = variables.get("ansible_delegated_vars", {}).get(delegate, {})
        named = self._templar.template(variables.get("ansible_python_interpreter"))
        return C.config.get_config_value("INTERPRETER_PYTHON") if named is None else named

    def _run_here(self, given: dict[str, Any], variables: dict[str, Any]) -> dict[str, Any]:
        """Do what ``run_module`` does in a process of its own."""
        validation = ArgumentSpecValidator(full_options(self.RESOURCE.spec, filled_env)).validate(given)
        options = self.RESOURCE.spec.detailed
        params = {**given, **validation.validated_parameters}
        # AnsibleModule reads that set too.
        secrets = redactable_texts(options, params, validation._no_log_values)  # noqa: SLF001
        returned = self._returned(validation, params, lambda line: self._show_progress(line, variables, secrets))
        warnings = returned.pop("warnings", [])
        returned.update(self._invocation(redacted_options(options, params), variables))
        preserved = {name: value for name, value in returned.items() if value is None or isinstance(value, bool)}
        returned = {**remove_values(json.loads(json.dumps(returned)), secrets), **preserved}
        if warnings:
            returned["warnings"] = remove_values(warnings, secrets)
        return returned

    def _invocation(self, shown: dict[str, Any], variables: dict[str, Any]) -> dict[str, Any]:
        """The options as a module returns them, where Ansible asks for it."""
        internal: dict[str, Any] = {}
        self._update_module_args(self._task.action, internal, variables)
        return {"invocation": {"module_args": shown}} if internal.get("_ansible_inject_invocation", True) else {}

    def _show_progress(self, line: str, variables: dict[str, Any], secrets: set[str]) -> None:
        """Show a line of progress, unless it is switched off or a program parses the output."""
        callback = str(C.DEFAULT_STDOUT_CALLBACK).rpartition(".")[2]
        # The command `ansible` has callbacks of its own.
        ad_hoc = "module_name" in context.CLIARGS
        is_on = boolean(self._templar.template(variables.get(PROGRESS, True)), strict=False)
        if is_on and callback in HUMAN_CALLBACKS and not ad_hoc and not self._task.no_log:
            host = variables.get("inventory_hostname", "localhost")
            Display().display(f"progress: [{host}] {remove_values(line, secrets)}")

    def _returned(
        self, validation: Any, params: dict[str, Any], show_progress: Callable[[str], None]
    ) -> dict[str, Any]:
        if validation.error_messages:
            return {"failed": True, **input_error(validation.errors.msg).to_result()}
        with _working_directory(self._loader.get_basedir()):
            result = run_resource(
                self.RESOURCE,
                params,
                check_mode=self._task.check_mode,
                show_progress=show_progress,
                decrypt=self._decrypted,
            )
        return {**result.to_module_result(self._task.diff), "warnings": result.redacted_warnings}

    def _decrypted(self, path: str) -> bytes:
        """The content of a file that is encrypted with ansible-vault. It stays in memory."""
        try:
            content: bytes = self._loader._get_file_contents(path)[0]  # noqa: SLF001  # nothing public keeps it in memory
        except AnsibleError as error:
            raise ValueError(str(error)) from None
        return content


def resource_of(action: str) -> Runnable:
    """What the module runs that an action is for, by the Python name of the action.

    Each module has an action in a file of its own, all alike, so that action groups and ``module_defaults`` work on
    every core. Links would do there, but antsibull-docs takes a linked action for an alias of the other module.
    """
    name = f"ansible_collections.astera.data_stack.plugins.modules.{action.rpartition('.')[2]}"
    resource: Runnable = importlib.import_module(name).RESOURCE
    return resource


def _reject_own_folder(place: str, path: str) -> str:
    """Reject a file in the folder of our playbooks: ``playbook_dir`` is there when one of these runs."""
    if Path(__file__).resolve().parents[2] / "playbooks" in Path(os.path.expanduser(path)).resolve().parents:
        raise input_error(
            f"{place.removeprefix('configuration.')}: {path!r} is in the folder of this collection's playbooks",
            "playbook_dir is that folder when a playbook of the collection runs. Use inventory_dir instead.",
        )
    return path


def _absolute(_place: str, path: str) -> str:
    """A relative path begins in the current folder."""
    return os.path.join(os.getcwd(), os.path.expanduser(path))


def _is_in_collection(folder: str) -> bool:
    """Whether the playbook is one of this collection's own, so that relative paths do not begin in its folder."""
    return Path(__file__).resolve().parents[2] in (path := Path(folder).resolve(), *path.parents)


@contextlib.contextmanager
def _working_directory(folder: str) -> Iterator[None]:
    """Make relative paths begin where those of a module do: Ansible starts local ones in the playbook's folder."""
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _is_own_python(interpreter: Any) -> bool:
    """Whether an interpreter is the one that runs here, by any of its names. Discovery or no name counts too."""
    if interpreter is None or str(interpreter).startswith("auto"):
        return True
    named, own = Path(str(interpreter)), Path(sys.executable)
    # In two virtual environments the same program finds other libraries, so the folder counts as well.
    return named == own or (named.parent == own.parent and named.exists() and named.samefile(own))
