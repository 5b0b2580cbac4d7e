# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Argument specs that carry their rules with them. Private: may change in any release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from ._answers import DEEPEST
from ._connection import CONNECTION_OPTIONS
from ._errors import bad_input
from ._members import is_deeper

#: Where the server's own OpenAPI document lies, for the operations that no documentation names.
OPENAPI_OPTION: dict[str, dict[str, Any]] = {"openapi_path": {"type": "str"}}


@dataclass(frozen=True, repr=False, eq=False)
class Spec:
    """The options of one module, without the connection, and the rules between them."""

    options: dict[str, dict[str, Any]]
    mutually_exclusive: Sequence[Sequence[str]] = ()
    required_one_of: Sequence[Sequence[str]] = ()

    def check(self, params: dict[str, Any]) -> None:
        """Refuse options that do not go together.

        AnsibleModule has such rules too, but counts a null as given: what an info module returns could not be fed back.
        It also lets some texts through where a dictionary is wanted, such as one with a date from ansible-core 2.16.
        """
        for name, option in self.options.items():
            if option["type"] == "dict" and not isinstance(params.get(name) or {}, dict):
                raise bad_input(f"{name} must be a dictionary", "Put dates and times into quotes.")
            if is_deeper(params.get(name), DEEPEST):
                raise bad_input(f"{name} is nested in more than {DEEPEST} levels, which no server reads")
        for names in self.mutually_exclusive:
            if len(given(params, names)) > 1:
                raise bad_input(f"{' and '.join(given(params, names))} exclude each other")
        for names in self.required_one_of:
            if not given(params, names):
                raise bad_input(f"one of {', '.join(names)} is needed")


def single_spec(entry: Spec) -> Spec:
    """The options for one object of a kind, and what concerns the server as a whole."""
    return replace(entry, options={**entry.options, **OPENAPI_OPTION})


def bulk_spec(noun: str, entry: Spec, **further: dict[str, Any]) -> Spec:
    """The options for many objects of a kind: a list whose entries take those of ``entry``."""
    return Spec(
        options={
            f"{noun}s": {"type": "list", "elements": "dict", "required": True, "options": entry.options},
            "unlisted": {"type": "str", "choices": ["keep", "deactivate"], "default": "keep"},
            "continue_on_error": {"type": "bool", "default": False},
            **OPENAPI_OPTION,
            **further,
        }
    )


def refuse_odd_entries(options: dict[str, dict[str, Any]], params: dict[str, Any], where: str = "") -> None:
    """Refuse what is neither a dictionary nor a text where one is wanted: Ansible's own validation crashes on it.

    An entry that is only a dash is such a one. A list with a date comes as one text from ansible-core before 2.19.
    The values themselves are not shown, since nobody knows yet what in them is secret.
    """
    for name, option in options.items():
        value, inner, title = params.get(name), option.get("options", {}), f"{where}{name}"
        if option.get("elements") == "dict":
            if isinstance(value, str) and "datetime.date" in value:
                raise bad_input(f"{title} holds a date or a time without quotes", "Put dates and times into quotes.")
            for number, entry in enumerate(value if isinstance(value, list) else [], 1):
                if not isinstance(entry, (dict, str)):
                    hint = "A dash alone is an empty entry."
                    raise bad_input(f"entry {number} of {title} must be a dictionary", hint)
                refuse_odd_entries(inner, entry if isinstance(entry, dict) else {}, f"{title}[{number}].")
        elif inner and value is not None:
            if not all(isinstance(one, (dict, str)) for one in (value if isinstance(value, list) else [value])):
                raise bad_input(f"{title} must be a dictionary")
            refuse_odd_entries(inner, value if isinstance(value, dict) else {}, f"{title}.")


def given(params: dict[str, Any], names: Sequence[str]) -> list[str]:
    """Those of the options that are not null."""
    return [name for name in names if params.get(name) is not None]


def full_options(spec: Spec, env_fallback: Any) -> dict[str, dict[str, Any]]:
    """The module's options and the connection options; the latter fall back to ``ASTERA_...`` variables."""
    connection = {name: dict(option) for name, option in CONNECTION_OPTIONS.items()}
    for name, option in connection.items():
        option["fallback"] = (env_fallback, [f"ASTERA_{name.upper()}"])
    return {**connection, **spec.options}
