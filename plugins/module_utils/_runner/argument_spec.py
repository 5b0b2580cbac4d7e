# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Argument specs that carry their rules with them. Private: may change in any release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .._errors import input_error
from .._http.connection import CONNECTION_OPTIONS
from .settings import SETTINGS_OPTION

#: The path of the server's own OpenAPI document, for operations that no documentation names.
OPENAPI_OPTION: dict[str, dict[str, Any]] = {"openapi_path": {"type": "str"}}


@dataclass(frozen=True, repr=False, eq=False)
class Spec:
    """The options of one module, without the connection, and the rules between them.

    ``details`` describe options more closely than the argument spec: the keys of a dictionary that the resource
    validates.
    """

    options: dict[str, dict[str, Any]]
    mutually_exclusive: Sequence[Sequence[str]] = ()
    required_one_of: Sequence[Sequence[str]] = ()
    details: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def detailed(self) -> dict[str, dict[str, Any]]:
        """All options with the connection, as they are to be read and redacted."""
        return {**full_options(self, None), **self.details}

    def check(self, params: dict[str, Any]) -> None:
        """Reject options that do not go together.

        AnsibleModule has such rules too, but counts a null as given: what an info module returns could not be fed back.
        """
        for names in self.mutually_exclusive:
            if len(given(params, names)) > 1:
                raise input_error(f"{' and '.join(given(params, names))} exclude each other")
        for names in self.required_one_of:
            if not given(params, names):
                raise input_error(f"one of {', '.join(names)} is needed")


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


def given(params: dict[str, Any], names: Sequence[str]) -> list[str]:
    """Those of the options that are not null."""
    return [name for name in names if params.get(name) is not None]


def full_options(spec: Spec, env_fallback: Any) -> dict[str, dict[str, Any]]:
    """The module's options, ``settings`` and the connection options; the latter fall back to ``ASTERA_...`` variables.

    ``env_fallback`` is Ansible's; a variable that is set but empty counts as not set.
    """
    connection = {
        name: {**option, "fallback": (env_fallback, [f"ASTERA_{name.upper()}"])}
        for name, option in CONNECTION_OPTIONS.items()
    }
    return {**connection, **SETTINGS_OPTION, **spec.options}
