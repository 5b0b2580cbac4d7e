# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""``extra_fields`` and ``secret_extra_fields``: fields by the API's own names. Private: may change in any release."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from .._data.paths import Path, get_field, leaves
from .._errors import input_error
from .._redaction.names import is_mask, is_secret_path
from .._redaction.redactor import Redactor
from .field import Field

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
                    raise input_error(f"{option} must not set {name}", "The server sets it, or an option does.")
        return self

    def leaves(self, body: dict[str, Any]) -> Iterator[tuple[Field, Path, Any]]:
        """A field for each value that is not itself a filled object, its path and the value.

        The author marks it as secret, or its name makes that likely. Then the value in ``body`` is redacted, too.
        """
        for option, fields in self._fields.items():
            for path, value in leaves(fields):
                secret = option == SECRET or is_secret_path(fields, path)
                shows = get_field(body, path)
                if option == SECRET and not is_mask(shows):
                    self._redactor.add(shows)
                elif secret:
                    self._redactor.add_from_server(shows)
                yield Field(".".join((option, *path)), ".".join(path), "dict", secret=secret), path, value

    def overrides_field(self, api: str) -> bool:
        """Whether it sets the value at the path of a field, or an object around it."""
        names = api.split(".")
        return any(
            # An empty dictionary sets nothing below it.
            _overlap(path, names) and (value != {} or len(path) >= len(names))
            for fields in self._fields.values()
            for path, value in leaves(fields)
        )


def reject_clash(name: str, first: dict[str, Any], secret_name: str, second: dict[str, Any]) -> None:
    """Reject a field that two options both set, or that is part of one that the other sets."""
    for path, _value in leaves(first):
        if any(_overlap(path, other) for other, _value in leaves(second)):
            raise input_error(f"{name} and {secret_name} both set {'.'.join(path)}", f"Set it in {secret_name} only.")


def _overlap(path: Sequence[str], other: Sequence[str]) -> bool:
    """Whether one path is, or leads to, the other. Case does not matter."""
    return all(one.lower() == two.lower() for one, two in zip(path, other))
