# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``extra_fields`` and ``secret_extra_fields``: fields by the API's own names. Private: may change in any release."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .._data.paths import MISSING, get_field, leaves, merged
from .._errors import input_error
from .._redaction.names import is_mask, is_secret_path
from .._redaction.redactor import Redactor

OPEN, SECRET = "extra_fields", "secret_extra_fields"
OPTIONS: dict[str, dict[str, Any]] = {OPEN: {"type": "dict"}, SECRET: {"type": "dict", "no_log": True}}

_IDENTITY = frozenset({"id", "name", "updatedttm", "createddttm"})


class ExtraFields:
    """What a task lays over the server's object at last.

    What the server shows in the place of a secret is one too, which ``redactor`` gets to know.
    """

    def __init__(self, params: dict[str, Any], redactor: Redactor) -> None:
        self._fields: dict[str, dict[str, Any]] = {option: params.get(option) or {} for option in OPTIONS}
        self._redactor = redactor
        refuse_clash(OPEN, self._fields[OPEN], SECRET, self._fields[SECRET])

    def refuse_identity(self) -> ExtraFields:
        """Reject fields that say which object is meant: those are never the author's to set."""
        for option, fields in self._fields.items():
            for name in fields:
                if str(name).lower() in _IDENTITY:
                    raise input_error(
                        f"{option} must not set {name}",
                        "It says which object is meant: names have their own options, the rest comes from the server.",
                    )
        return self

    def leaves(self) -> Iterator[tuple[str, tuple[str, ...], Any, bool]]:
        """Option, path and value of each field, and whether it is secret."""
        for option, fields in self._fields.items():
            for path, value in leaves(fields):
                yield option, path, value, option == SECRET or is_secret_path(fields, path)

    def redact(self, option: str, value: Any) -> None:
        """Redact what the server has in a secret's place. What the author marks is one; a name only makes it likely."""
        if option == SECRET and not is_mask(value):
            self._redactor.add(value)
        else:
            self._redactor.add_from_server(value)

    def overrides_field(self, api: str) -> bool:
        """Whether it sets the value at the path of a field, or an object around it."""
        return any(_sets(fields, api) for fields in self._fields.values())

    def over(self, body: dict[str, Any]) -> dict[str, Any]:
        """The body with the extra fields laid over it."""
        for fields in self._fields.values():
            if fields:
                body = merged(body, fields)
        return body


def _sets(fields: dict[str, Any], api: str) -> bool:
    place: Any = fields
    for name in api.split("."):
        if not isinstance(place, dict):
            break
        place = get_field(place, (name,))
    return place is not MISSING


def refuse_clash(name: str, first: dict[str, Any], secret_name: str, second: dict[str, Any]) -> None:
    """Reject a field that two options both give, or that lies within one that the other gives."""
    others = [_folded(path) for path, _value in leaves(second)]
    for path, _value in leaves(first):
        own = _folded(path)
        if any(own[: len(other)] == other[: len(own)] for other in others):
            raise input_error(f"{name} and {secret_name} both set {'.'.join(path)}", f"Give it in {secret_name} only.")


def _folded(path: tuple[str, ...]) -> list[str]:
    return [name.lower() for name in path]
