# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Finding one object in a list of the server, by id or by name. Private: may change in any release."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ._errors import AsteraError, bad_input
from ._field import checked_name, text, whole_number
from ._members import get_member


def object_id(obj: dict[str, Any] | None) -> Any:
    """The object's ``id`` as a number; MISSING where it has none."""
    return whole_number(get_member(obj, "id"))


def update_id(obj: dict[str, Any], title: str) -> int:
    """The id under which an existing object is updated. Without a usable one the call could create a second object."""
    found = object_id(obj)
    if not isinstance(found, int) or isinstance(found, bool) or found < 1:
        raise AsteraError(
            "server",
            f"the server shows {title} without a usable id, so it cannot be updated",
            hint="Nothing was written; look at the object in the client.",
        )
    return found


def object_name(obj: dict[str, Any]) -> Any:
    return text(get_member(obj, "name"))


class Search:
    """The ``name``, ``id`` and ``new_name`` of a task, checked before anything is sent."""

    def __init__(self, noun: str, params: dict[str, Any]) -> None:
        self.noun = noun
        self.id: int | None = params.get("id")
        self.name = checked_name(params["name"], "name") if params.get("name") is not None else None
        self.new_name = checked_name(params["new_name"], "new_name") if params.get("new_name") is not None else None
        if self.id is None and self.name is None:
            raise bad_input(f"name or id is needed to say which {noun} is meant")
        if self.id is not None and self.id < 1:
            raise bad_input("id must be 1 or more; to create a new object leave it out")

    @property
    def title(self) -> str:
        """How errors and diffs call the object."""
        name = self.name or self.new_name
        return f"the {self.noun} {name!r}" if name else f"the {self.noun} with id {self.id}"

    @property
    def final_name(self) -> str | None:
        return self.new_name or self.name

    def find(self, items: Iterable[dict[str, Any]]) -> dict[str, Any] | None:
        """The one object that is meant, None when it does not exist yet. Doubts are errors: nothing is guessed."""
        items = list(items)
        found: dict[str, Any] | None
        if self.id is not None:
            found = self._by_id(items)
        else:
            found = self._by_name(items, self.name) or self._by_name(items, self.new_name)
            if found is None and self.new_name is not None:
                raise AsteraError(
                    "not_found",
                    f"there is no {self.noun} named {self.name!r} to rename, nor one named {self.new_name!r}",
                )
        if found is not None and self.new_name is not None:
            other = self._by_name(items, self.new_name)
            if other is not None and object_id(other) != object_id(found):
                raise AsteraError(
                    "conflict",
                    f"{self.title} cannot be renamed: {self.new_name!r} is taken by id {object_id(other)}",
                )
        return found

    def exists_in(self, items: list[dict[str, Any]]) -> bool:
        """Whether the object is there at all: for its absence an unknown id is no error."""
        if self.id is not None and all(object_id(item) != self.id for item in items):
            return False
        return self.find(items) is not None

    def _by_id(self, items: list[dict[str, Any]]) -> dict[str, Any]:
        found = next((item for item in items if object_id(item) == self.id), None)
        if found is None:
            raise AsteraError(
                "not_found",
                f"there is no {self.noun} with id {self.id}",
                hint="The server assigns ids; leave id out to create one by name.",
            )
        if self.name is not None and object_name(found) not in (self.name, self.new_name):
            raise AsteraError(
                "conflict",
                f"the {self.noun} with id {self.id} is named {object_name(found)!r}, not {self.name!r}",
                hint="Give only one of id and name, or new_name to rename it.",
            )
        return found

    def _by_name(self, items: list[dict[str, Any]], name: str | None) -> dict[str, Any] | None:
        found = [item for item in items if name is not None and object_name(item) == name]
        if len(found) > 1:
            ids = ", ".join(str(object_id(item)) for item in found)
            raise AsteraError(
                "conflict", f"{len(found)} {self.noun}s are named {name!r} (ids {ids})", hint="Say which one with id."
            )
        return found[0] if found else None


def refuse_removal(title: str, cure: str) -> AsteraError:
    """The error for ``state: absent`` of something that exists: no path is documented that would delete it."""
    return AsteraError(
        "unsupported",
        f"{title} exists, and no call of the server's API is documented that deletes it",
        hint=f"Delete it in the client, or {cure}.",
    )


def selected(items: list[dict[str, Any]], name: str | None, id_: int | None) -> list[dict[str, Any]]:
    """The objects that match the filters of an info module; all of them without a filter."""
    return [
        item
        for item in items
        if (name is None or object_name(item) == text(name)) and (id_ is None or object_id(item) == id_)
    ]
