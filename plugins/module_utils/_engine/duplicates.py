# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists in a playbook with two entries for the same object. Private: may change in any release."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .._errors import AsteraError
from .field import text

UNDO = "On every run each would undo the changes of the other."


class DuplicateError(AsteraError):
    """A mistake that no entry has alone."""


def reject_duplicates(title: str, items: Iterable[dict[str, Any]], id_option: str = "id", hint: str = UNDO) -> None:
    """Reject a list with an id or a name that two entries use, before anything is sent.

    Objects of the server may share a name, so the name beside an id does not count.
    """
    first: dict[tuple[str, Any], int] = {}
    for number, item in enumerate(items, 1):
        for use in _uses(item, id_option):
            before = first.setdefault(use, number)
            if before != number:
                message = f"entry {before} and entry {number} of {title} both use the {use[0]} {use[1]!r}"
                raise DuplicateError("input", message, hint=hint)


def _uses(item: dict[str, Any], id_option: str) -> list[tuple[str, Any]]:
    """The id and the names that select or rename the object of an entry."""
    number = item.get(id_option)
    names = [item.get("new_name"), None if number is not None and id_option == "id" else item.get("name")]
    uses: list[tuple[str, Any]] = [("name", text(name)) for name in names if name]
    return uses if number is None else [(id_option, number), *uses]
