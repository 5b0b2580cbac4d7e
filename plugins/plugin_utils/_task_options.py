# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task gives as options, as the plain data that a module would get. Private: may change in any release.

A variable reaches a task as Ansible's own types, as a text that a survey or ``-e name=value`` made of it, or, with
ansible-core 2.16, as the Python text of a structure with a date in it. Here all of these become the same data.
"""

from __future__ import annotations

import ast
import contextlib
import datetime
import json
import re
from collections.abc import Mapping
from typing import Any

import yaml
from ansible.errors import AnsibleError
from ansible.playbook.task import Task

from ansible_collections.astera.data_stack.plugins.module_utils._errors import input_error
from ansible_collections.astera.data_stack.plugins.module_utils._runner.settings import SETTINGS, Options

#: What only the Python text of a structure has. Read as YAML, it would become something else.
_PYTHON = re.compile(r"datetime\.|[\s\[{:-](?:nan|inf)[,\]}]")
#: Keywords of a task under which its options may stand, besides the name of the module.
_PLACES = ("args", "action", "local_action")


def plain_options(options: Options, given: Any, omit: Any = None) -> dict[str, Any]:
    """A copy without Ansible's own types, and with texts for dictionaries and lists read as YAML or JSON.

    ``omit`` is the text that stands for an option to be left out (ansible-core before 2.19).
    """
    return {
        name: _plain_settings(options, value, omit)
        if name == SETTINGS
        else _plain_option(options.get(name, {}), value, omit, name)
        for name, value in given.items()
        if not _is_omitted(value, omit)
    }


def _plain_settings(options: Options, settings: Any, omit: Any) -> Any:
    """The same for the options in ``settings``, or in each entry of a list of settings."""
    if isinstance(settings, str):
        settings = _read(str(settings))
    if isinstance(settings, (list, tuple)):
        return [_plain_settings(options, entry, omit) for entry in settings if not _is_omitted(entry, omit)]
    if isinstance(settings, Mapping):
        # Errors do not name this option: users of roles do not know it.
        return {_key(name, ""): value for name, value in plain_options(options, settings, omit).items()}
    return _plain(settings, omit, SETTINGS)


def _plain_option(option: dict[str, Any], value: Any, omit: Any, where: str) -> Any:
    return _with_texts_read(option, _plain(value, omit, where), omit, where)


def _with_texts_read(option: dict[str, Any], value: Any, omit: Any, where: str) -> Any:
    """The same at every place where the argument spec requires a dictionary or a list."""
    is_list = option.get("elements") == "dict"
    if isinstance(value, str) and value and option.get("type") == "list" and not is_list:
        # Of texts or numbers: with commas between them, or one in a line, as a survey sends it. An empty one is none.
        return [one.strip() for one in re.split(r"[,\n]", value) if one.strip()]
    if isinstance(value, str) and value.strip() and (is_list or option.get("type") == "dict"):
        value = _plain(_read(value), omit, where)
    if is_list and isinstance(value, list):
        entry = {**option, "elements": None, "type": "dict"}
        return [_with_texts_read(entry, one, omit, f"{where}[{number}]") for number, one in enumerate(value, 1)]
    if isinstance(value, dict):
        inner = option.get("options") or {}
        return {
            name: _with_texts_read(inner.get(name, {}), one, omit, f"{where}.{name}") for name, one in value.items()
        }
    return value


def _read(text: str) -> Any:
    """The dictionary or list that a text stands for; any other text as it is, to be checked later.

    Errors of the parsers are not passed on, because they quote the text.
    """
    data = None
    readers = (json.loads, _python_data if _PYTHON.search(text) else yaml.safe_load)
    for reader in readers:
        with contextlib.suppress(
            ValueError, SyntaxError, TypeError, ArithmeticError, RecursionError, MemoryError, yaml.YAMLError
        ):
            data = reader(text)
            break
    return data if isinstance(data, (dict, list)) else text


def _python_data(text: str) -> Any:
    """The data of a Python text with dates and times in it."""
    return ast.literal_eval(_Times().visit(ast.parse(text.strip(), mode="eval")))


class _Times(ast.NodeTransformer):
    """Puts the ISO 8601 text in the place of a call that makes a date or a time. No other call is evaluated."""

    def visit_Call(self, node: ast.Call) -> ast.AST:  # the name that the library wants
        name = ast.unparse(node.func)
        if name not in ("datetime.date", "datetime.datetime", "datetime.timezone", "datetime.timedelta"):
            return node
        positional = [self._value(argument) for argument in node.args]
        named = {str(keyword.arg): self._value(keyword.value) for keyword in node.keywords}
        made = getattr(datetime, name.partition(".")[2])(*positional, **named)
        return ast.copy_location(ast.Constant(made.isoformat() if isinstance(made, datetime.date) else made), node)

    def _value(self, node: ast.expr) -> Any:
        if ast.unparse(node) == "datetime.timezone.utc":
            return datetime.timezone.utc
        visited = self.visit(node)
        return visited.value if isinstance(visited, ast.Constant) else ast.literal_eval(visited)


def _plain(value: Any, omit: Any, where: str) -> Any:
    if isinstance(value, Mapping):
        items = ((_key(key, where), item) for key, item in value.items() if not _is_omitted(item, omit))
        return {key: _plain(item, omit, f"{where}.{key}" if where else key) for key, item in items}
    if isinstance(value, (list, tuple, set)):
        return [_plain(item, omit, f"{where}[{n}]") for n, item in enumerate(value, 1) if not _is_omitted(item, omit)]
    if value is None or isinstance(value, bool):
        return value
    for kind in (int, float):
        if isinstance(value, kind):
            return kind(value)
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    try:
        return str(value)
    except UnicodeError as error:
        raise AnsibleError(f"an option is not text: {error.reason}") from None


def _is_omitted(value: Any, omit: Any) -> bool:
    """Whether a value is what ``omit`` stands for, in a place where Ansible has left it."""
    return type(value).__name__ == "_OmitType" or (isinstance(omit, str) and isinstance(value, str) and value == omit)


def _key(key: Any, where: str) -> str:
    """A name. YAML reads some words without quotes as something else, and JSON would write that in its own way."""
    if isinstance(key, bool) or not isinstance(key, (str, int, float)):
        kind = "a boolean" if isinstance(key, bool) else "null" if key is None else "a date or a time"
        raise input_error(
            f"{where or 'the options'}: a name is {kind}, not text",
            "Put the name in quotes: YAML reads yes, no, on, off, null and dates without them as something else.",
        )
    return str(key)


def check_settings(task: Task, settings: Any) -> None:
    """Reject a value in ``settings`` that is not a dictionary. The error names the variable that it comes from."""
    several = settings if isinstance(settings, list) else [settings]
    for number, entry in enumerate(several):
        if entry is not None and entry != "" and not isinstance(entry, dict):
            raise input_error(
                f"{_source_of(task, number)} must be a dictionary",
                "Give names and values, such as {name: value}, or the same as a text in YAML or JSON.",
            )


def _source_of(task: Task, number: int) -> str:
    """What stands in the task for an entry of ``settings``: the variable of a role, most often."""
    source = task.get_ds()
    written = source.get(str(task.action)) if isinstance(source, dict) else None
    settings = written.get(SETTINGS) if isinstance(written, dict) else None
    several = settings if isinstance(settings, list) else [settings]
    text = several[number] if number < len(several) else None
    variable = re.fullmatch(r"\{\{\s*(\w+)(?:\s*\|\s*default\(omit\))?\s*\}\}", text) if isinstance(text, str) else None
    return variable[1] if variable else SETTINGS


def typed_options(task: Task) -> list[str] | None:
    """The names of options that a task itself gives, as opposed to ``module_defaults``; None when that is not known."""
    source = task.get_ds()
    if not isinstance(source, dict):
        return None
    names: list[str] = []
    for place in {*_PLACES, str(task.action)}:
        given = source.get(place)
        if isinstance(given, dict) and place in ("action", "local_action"):
            given = given.get("args", given)
        if isinstance(given, dict):
            names += map(str, given)
        elif given is not None and not (place in ("action", "local_action") and "=" not in str(given)):
            # A variable with the options, or a text of the form name=value.
            return None
    return names
