# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``extra_fields`` and ``secret_extra_fields``: fields by the API's own names. Private: may change in any release."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from .._data.paths import leaves, merged
from .._errors import input_error
from .._redaction.names import is_mask, is_secret_path
from .._redaction.redactor import Redactor

OPEN, SECRET = "extra_fields", "secret_extra_fields"
OPTIONS: dict[str, dict[str, Any]] = {OPEN: {"type": "dict"}, SECRET: {"type": "dict", "no_log": True}}

_IDENTITY = frozenset({"id", "name", "updatedttm", "createddttm"})


class ExtraFields:
    """Fields that a task sets on the server's object after all others.

    The server's value of a secret field is a secret too, and ``redactor`` learns it.
    """

    def __init__(self, params: dict[str, Any], redactor: Redactor) -> None:
        self._fields: dict[str, dict[str, Any]] = {option: params.get(option) or {} for option in OPTIONS}
        self._redactor = redactor
        reject_clash(OPEN, self._fields[OPEN], SECRET, self._fields[SECRET])

    def reject_identity(self) -> ExtraFields:
        """Reject fields that identify the object: the author never sets those."""
        for option, fields in self._fields.items():
            for name in fields:
                if str(name).lower() in _IDENTITY:
                    raise input_error(
                        f"{option} must not set {name}",
                        "It identifies the object: names have their own options, the rest comes from the server.",
                    )
        return self

    def leaves(self) -> Iterator[tuple[str, tuple[str, ...], Any, bool]]:
        """Option, path and value of each field, and whether it is secret."""
        for option, fields in self._fields.items():
            for path, value in leaves(fields):
                yield option, path, value, option == SECRET or is_secret_path(fields, path)

    def redact(self, option: str, value: Any) -> None:
        """Redact the server's value of a secret field. The author marks it as secret; a name only makes that likely."""
        if option == SECRET and not is_mask(value):
            self._redactor.add(value)
        else:
            self._redactor.add_from_server(value)

    def overrides_field(self, api: str) -> bool:
        """Whether it sets the value at the path of a field, or an object around it."""
        names = api.split(".")
        return any(
            # An empty dictionary sets nothing below it.
            _overlap(path, names) and (value != {} or len(path) >= len(names))
            for _option, path, value, _secret in self.leaves()
        )

    def over(self, body: dict[str, Any]) -> dict[str, Any]:
        """The body with the extra fields laid over it."""
        for fields in self._fields.values():
            if fields:
                body = merged(body, fields)
        return body


def reject_clash(name: str, first: dict[str, Any], secret_name: str, second: dict[str, Any]) -> None:
    """Reject a field that two options both set, or that is part of one that the other sets."""
    for path, _value in leaves(first):
        if any(_overlap(path, other) for other, _value in leaves(second)):
            raise input_error(f"{name} and {secret_name} both set {'.'.join(path)}", f"Set it in {secret_name} only.")


def _overlap(path: Sequence[str], other: Sequence[str]) -> bool:
    """Whether one path is, or leads to, the other. Case does not matter."""
    return all(one.lower() == two.lower() for one, two in zip(path, other))
