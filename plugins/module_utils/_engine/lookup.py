# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of the server, and the ids and names of what is in them. Private: may change in any release."""

from __future__ import annotations

from typing import Any, Callable

from .._data.paths import get_field
from .._errors import AsteraError
from .field import parse_int, text
from .plan import Plan


def object_id(obj: dict[str, Any] | None) -> int | None:
    """The object's ``id``; None for anything but a number."""
    value = parse_int(get_field(obj, "id"))
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def object_name(obj: dict[str, Any] | None) -> str | None:
    """The object's ``name``; None for anything but a text."""
    name = text(get_field(obj, "name"))
    return name if isinstance(name, str) else None


def update_id(obj: dict[str, Any] | None, title: str) -> int:
    """The id under which an existing object is updated. A body without a usable one could create a second object."""
    found = object_id(obj)
    if found is None or found < 1:
        raise AsteraError(
            "server",
            f"the server shows {title} without a usable id, so it cannot be updated",
            hint="Nothing was written; check the object in the client.",
        )
    return found


def selected(items: list[dict[str, Any]], name: str | None, id_: int | None) -> list[dict[str, Any]]:
    """The objects that match the filters of an info module; all of them without a filter."""
    return [
        item
        for item in items
        if (name is None or object_name(item) == text(name)) and (id_ is None or object_id(item) == id_)
    ]


class ListCache:
    """A list of the server: read when first needed, kept until ``invalidate``, indexed by id and name."""

    def __init__(self, read: Callable[[], list[dict[str, Any]]]) -> None:
        self._read = read
        self._items: list[dict[str, Any]] | None = None
        self._error: AsteraError | None = None
        self._by_id: dict[int | None, dict[str, Any]] = {}
        self._by_name: dict[str | None, list[dict[str, Any]]] = {}

    def load(self) -> list[dict[str, Any]]:
        """The objects as the server shows them. An error is kept like a list, so that the next object fails at once."""
        if self._error is not None:
            raise self._error
        if self._items is None:
            try:
                self._items = self._read()
            except AsteraError as error:
                self._error = error
                raise
            self._by_id, self._by_name = {}, {}
            for item in self._items:
                self._add(item)
        return self._items

    def invalidate(self) -> None:
        self._items = self._error = None

    def note(self, id_: int | None, plan: Plan) -> None:
        """Go on as if the plan for the object with this id were carried out. A list that is not read yet stays so."""
        if self._items is None or not plan:
            return
        old = None if id_ is None else self._by_id.pop(id_, None)
        if old is not None:
            self._by_name[object_name(old)].remove(old)
        if not plan.deletes:
            self._add(plan.body)

    def _add(self, item: dict[str, Any]) -> None:
        self._by_id.setdefault(object_id(item), item)
        self._by_name.setdefault(object_name(item), []).append(item)

    def with_id(self, id_: int | None) -> dict[str, Any] | None:
        self.load()
        return None if id_ is None else self._by_id.get(id_)

    def named(self, name: str | None) -> list[dict[str, Any]]:
        self.load()
        return [] if name is None else self._by_name.get(name, [])
