# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of the server, and how an object is found there by id or name. Private: may change in any release."""

from __future__ import annotations

from typing import Any, Callable

from .._data.paths import get_field
from .._errors import AsteraError, input_error
from .field import searched_name, text, validate_name
from .plan import Plan

#: What to do about objects that share a name.
ONE_TOO_MANY = (
    "Say which one with id. If one is redundant, delete it in the client, or set id, new_name and active: false "
    "in a task of its own; then run this one again."
)


def object_id(obj: dict[str, Any] | None) -> int | None:
    """The object's ``id``; None for anything but a number."""
    value = get_field(obj, "id")
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def object_name(obj: dict[str, Any] | None) -> str | None:
    """The object's ``name``; None for anything but a text."""
    name = text(get_field(obj, "name"))
    return name if isinstance(name, str) else None


def update_id(obj: dict[str, Any] | None, title: str) -> int:
    """The id under which an existing object is updated. A body without a usable one could create a second object."""
    found = object_id(obj)
    if found is None or found < 1:
        raise AsteraError("server", f"the server shows {title} without a usable id", hint="Check it in the client.")
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


class Selector:
    """The ``name``, ``id`` and ``new_name`` of a task, checked before anything is sent."""

    def __init__(self, noun: str, params: dict[str, Any]) -> None:
        self.noun = noun
        self.id: int | None = params.get("id")
        self.name: str | None = params.get("name")
        self.new_name: str | None = params.get("new_name")
        if self.name is not None:
            # A name that only confirms an id is compared with what the server shows, whatever that is.
            self.name = searched_name(self.name, "name") if self.id is None else text(self.name)
        if self.new_name is not None:
            self.new_name = validate_name(self.new_name, "new_name")
        #: The object as it was last seen.
        self.found: dict[str, Any] | None = None
        if self.id is None and self.name is None:
            raise input_error(f"name or id is needed to select the {noun}")
        if self.new_name is not None and params.get("state") == "absent":
            raise input_error("new_name and state=absent exclude each other")
        if self.id is not None and self.id < 1:
            raise input_error("id must be 1 or more; to create a new object leave it out")

    @property
    def title(self) -> str:
        """The name of the object in errors and diffs."""
        name = self.name or self.new_name
        return f"the {self.noun} {name!r}" if name else f"the {self.noun} with id {self.id}"

    @property
    def found_id(self) -> int | None:
        return object_id(self.found)

    @property
    def final_name(self) -> str | None:
        return self.new_name or self.name

    def find(self, cache: ListCache) -> dict[str, Any] | None:
        """The selected object, None where there is none. An ambiguous selection is an error.

        Once it is found, it is found by its id, also when this task renames it.
        """
        found = cache.with_id(self.found_id if self.id is None else self.id)
        if found is None and self.id is None:
            found = self._named(cache, self.name) or self._named(cache, self.new_name)
        self.found = found
        if found is None:
            return None
        if self.name is not None and object_name(found) not in (self.name, self.new_name):
            raise AsteraError(
                "conflict",
                f"the {self.noun} with id {self.found_id} is named {object_name(found)!r}, not {self.name!r}",
                hint="Somebody else may have renamed it. Set only id or its name; to rename it, set new_name.",
            )
        # Where an id selects the object, others may share its name.
        other = self._named(cache, self.new_name or (self.name if self.id is None else None))
        if other is not None and other is not found:
            raise AsteraError(
                "conflict",
                f"{self.title} cannot be renamed: {self.new_name!r} is taken by id {object_id(other)}",
                hint="Choose another new_name, or rename that one first.",
            )
        return found

    def check_creation(self) -> None:
        """Reject an object that cannot be created: with an id, to be renamed, or with blanks around its name."""
        if self.id is not None or self.new_name is not None:
            by_name = f"named {self.name!r} to rename, nor one named {self.new_name!r}"
            which = by_name if self.id is None else f"with id {self.id}"
            message = f"there is no {self.noun} {which}"
            raise AsteraError("not_found", message, hint="Correct it. To create one, set only its name.")
        validate_name(self.name or "", "name")

    def _named(self, cache: ListCache, name: str | None) -> dict[str, Any] | None:
        """The only object of this name."""
        found = cache.named(name)
        if len(found) > 1:
            ids = ", ".join(str(object_id(item)) for item in found)
            message = f"{len(found)} {self.noun}s are named {name!r} (ids {ids})"
            raise AsteraError("conflict", message, hint=ONE_TOO_MANY)
        return found[0] if found else None
