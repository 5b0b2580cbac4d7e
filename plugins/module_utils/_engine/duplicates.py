# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists in a playbook with two entries for the same object. Private: may change in any release."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .._errors import AsteraError
from .field import text

_ONE = "Each would undo the other's changes on every run; merge them."
_RENAMED = (
    "The list renames an object and uses its name again: a second run would rename the wrong one. "
    "Rename in a task of its own, only once."
)


class DuplicateError(AsteraError):
    """A mistake that no entry has alone."""


def reject_duplicates(
    title: str, items: Iterable[dict[str, Any]], id_option: str = "id", hint: str | None = None
) -> None:
    """Reject a list with an id or a name that two entries use, before anything is sent.

    Objects of the server may share a name. So entries that select it by id may share it too.
    """
    first: dict[tuple[str, Any], tuple[int, bool, bool]] = {}
    for number, item in enumerate(items, 1):
        renames = bool(item.get("new_name"))
        for use, selects in _uses(item, id_option).items():
            before, selected, renamed = first.setdefault(use, (number, selects, renames))
            if before != number and (selects or selected):
                reason = hint or (_RENAMED if renames or renamed else _ONE)
                raise double(title, before, number, f"use the {use[0]} {use[1]!r}", reason)


def double(title: str, before: int, number: int, what: str, hint: str = _ONE) -> DuplicateError:
    """The error for two entries, counted from 1; ``what`` says what both of them do."""
    return DuplicateError("input", f"entry {before} and entry {number} of {title} both {what}", hint=hint)


def _uses(item: dict[str, Any], id_option: str) -> dict[tuple[str, Any], bool]:
    """The id and the names of an entry, and whether each selects or renames the object."""
    number = item.get(id_option)
    uses = {} if number is None else {(id_option, number): True}
    if item.get("name"):
        uses["name", text(item["name"])] = number is None or id_option != "id"
    if item.get("new_name"):
        uses["name", text(item["new_name"])] = True
    return uses
