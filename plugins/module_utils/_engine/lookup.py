# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of the server, and finding one object there by id or by name. Private: may change in any release."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Callable

from .._data.paths import get_field
from .._errors import AsteraError, input_error
from .field import parse_int, searched_name, text, validate_name
from .plan import Plan

#: What to do about objects that share a name.
ONE_TOO_MANY = (
    "Say which one with id. If one is too many, delete it in the client, or give id, new_name and active: false "
    "in a task of its own; then run this one again."
)


def object_id(obj: dict[str, Any] | None) -> Any:
    """The object's ``id`` as a number; MISSING where it has none."""
    return parse_int(get_field(obj, "id"))


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
    return text(get_field(obj, "name"))


def _folded(name: Any) -> Any:
    """Equal for names that differ only in case or in blanks."""
    return " ".join(name.casefold().split()) if isinstance(name, str) else None


class ListIndex:
    """Objects of one kind, found by id and by name without a walk through all of them."""

    def __init__(self, items: Iterable[dict[str, Any]]) -> None:
        self._items: dict[int, dict[str, Any]] = {}
        self._by_id: dict[Any, dict[str, Any]] = {}
        self._by_name: dict[Any, list[dict[str, Any]]] = {}
        self._by_folded_name: dict[Any, list[dict[str, Any]]] = {}
        for item in items:
            self.add(item)

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self._items.values())

    def add(self, item: dict[str, Any]) -> None:
        self._items[id(item)] = item
        self._by_id.setdefault(_key(object_id(item)), item)
        for namesakes in self._namesakes(item):
            namesakes.append(item)

    def drop(self, id_: int | None) -> None:
        """Go on as if there were no object with this id."""
        old = None if id_ is None else self._by_id.pop(id_, None)
        if old is not None:
            del self._items[id(old)]
            for namesakes in self._namesakes(old):
                namesakes[:] = [item for item in namesakes if item is not old]

    def _namesakes(self, item: dict[str, Any]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """The objects of the same name, and those of one that differs from it only in case or in blanks."""
        name = object_name(item)
        return self._by_name.setdefault(_key(name), []), self._by_folded_name.setdefault(_folded(name), [])

    def with_id(self, id_: int) -> dict[str, Any] | None:
        return self._by_id.get(id_)

    def named(self, name: str | None) -> list[dict[str, Any]]:
        return [] if name is None else self._by_name.get(name, [])

    def similar(self, name: str) -> list[str]:
        """Names that differ from this one only in case or in blanks."""
        found = [object_name(item) for item in self._by_folded_name.get(_folded(name), [])]
        return sorted({other for other in found if other != name})


def _key(value: Any) -> Any:
    """What a broken server may put in the place of an id or a name is not always hashable."""
    return value if isinstance(value, (int, str)) and not isinstance(value, bool) else None


class ListCache:
    """A list of the server, read when it is first needed and kept until it is forgotten."""

    def __init__(self, read: Callable[[], list[dict[str, Any]]]) -> None:
        self._read = read
        self._listing: ListIndex | None = None
        self._error: AsteraError | None = None

    @property
    def listing(self) -> ListIndex:
        """The objects. Where they cannot be read, the error is kept too, so that the next one fails at once."""
        if self._error is not None:
            raise self._error
        if self._listing is None:
            try:
                self._listing = ListIndex(self._read())
            except AsteraError as error:
                self._error = error
                raise
        return self._listing

    def forget(self) -> None:
        self._listing = self._error = None

    def note(self, id_: int | None, plan: Plan) -> None:
        """Go on as if the plan for the object with this id were carried out. A list that is not read yet stays so."""
        if self._listing is not None and plan:
            self._listing.drop(id_)
            if not plan.deletes:
                self._listing.add(plan.body)


class Selector:
    """The ``name``, ``id`` and ``new_name`` of a task, checked before anything is sent."""

    def __init__(self, noun: str, params: dict[str, Any]) -> None:
        self.noun = noun
        self.id: int | None = params.get("id")
        self.name = self._searched(params.get("name"))
        self.new_name = validate_name(params["new_name"], "new_name") if params.get("new_name") is not None else None
        #: The object as it was when it was first seen, and its id.
        self.found: dict[str, Any] | None = None
        self.found_id: int | None = None
        self.warnings: list[str] = []
        #: What is known of the object that this task created: nothing, that there is one, or its id.
        self._created: bool | int = False
        if self.id is None and self.name is None:
            raise input_error(f"name or id is needed to say which {noun} is meant")
        if self.new_name is not None and params.get("state") == "absent":
            raise input_error("new_name and state=absent exclude each other")
        if self.id is not None and self.id < 1:
            raise input_error("id must be 1 or more; to create a new object leave it out")

    def _searched(self, name: str | None) -> str | None:
        """A name that only confirms an id is compared with what the server shows, whatever that is."""
        if name is None:
            return None
        return searched_name(name, "name") if self.id is None else text(name)

    @property
    def title(self) -> str:
        """How errors and diffs call the object."""
        name = self.name or self.new_name
        return f"the {self.noun} {name!r}" if name else f"the {self.noun} with id {self.id}"

    @property
    def final_name(self) -> str | None:
        return self.new_name or self.name

    def find(self, listing: ListIndex) -> dict[str, Any] | None:
        """The one object that is meant, None when it is to be created. Doubts are errors: nothing is guessed."""
        found = self._found_now(listing)
        new = self.final_name
        if new is not None and (found is None or object_name(found) != new):
            self._check_new(new, [name for name in listing.similar(new) if not found or name != object_name(found)])
        return found

    def _check_new(self, name: str, similar: list[str]) -> None:
        """Reject a new name that has blanks at its ends, and warn of what the server has under a similar one."""
        others = ", ".join(map(repr, similar))
        hint = f"There is {others}, which differs only in case or in blanks." if similar else None
        try:
            validate_name(name, "name")
        except AsteraError as error:
            raise error.with_(hint=hint) from None
        warning = f"The {self.noun} {name!r} is new. {hint} They are two {self.noun}s for this collection."
        if hint and warning not in self.warnings:
            self.warnings.append(warning)

    def _found_now(self, listing: ListIndex) -> dict[str, Any] | None:
        """The object by its id or name; once found, it is followed by its id, through a renaming of ours."""
        found = listing.with_id(self.found_id) if self.found_id is not None else None
        if found is None:
            found = self.found = self._initial_find(listing)
            number = _key(object_id(found))
            self.found_id = number if isinstance(number, int) else None
        elif self.name is not None and object_name(found) not in (self.name, self.new_name):
            raise AsteraError(
                "conflict",
                f"somebody else renamed {self.title} to {object_name(found)!r} in between",
                hint="Look whether that was meant, and give the name that it is to have.",
            )
        elif self.id is None:
            self._by_name(listing, object_name(found))
        self._refuse_taken_name(listing, found)
        return found

    def _initial_find(self, listing: ListIndex) -> dict[str, Any] | None:
        found: dict[str, Any] | None
        if self.id is not None:
            found = self._by_id(listing)
        else:
            found = self._by_name(listing, self.name) or self._by_name(listing, self.new_name)
            if found is None and self.new_name is not None:
                raise AsteraError(
                    "not_found",
                    f"there is no {self.noun} named {self.name!r} to rename, nor one named {self.new_name!r}",
                )
        return found

    def _refuse_taken_name(self, listing: ListIndex, found: dict[str, Any] | None) -> None:
        if found is not None and self.new_name is not None:
            other = self._by_name(listing, self.new_name)
            if other is not None and object_id(other) != object_id(found):
                raise AsteraError(
                    "conflict",
                    f"{self.title} cannot be renamed: {self.new_name!r} is taken by id {object_id(other)}",
                )

    def record_created_id(self, answer: Any) -> None:
        """Note that this task has created the object, and its id if the answer tells, which nobody promises."""
        number = object_id(answer) if isinstance(answer, dict) else parse_int(answer)
        self._created = _key(number) if isinstance(_key(number), int) else True

    def find_or_none(self, listing: ListIndex) -> dict[str, Any] | None:
        """Like ``find``, but for the absence of an object an unknown id is no error."""
        if self.id is not None and listing.with_id(self.id) is None:
            return None
        return self._found_now(listing)

    def _by_id(self, listing: ListIndex) -> dict[str, Any]:
        found = listing.with_id(self.id) if self.id is not None else None
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

    def _by_name(self, listing: ListIndex, name: str | None) -> dict[str, Any] | None:
        found = listing.named(name)
        if len(found) > 1:
            ids = [object_id(item) for item in found]
            message = f"{len(found)} {self.noun}s are named {name!r} (ids {', '.join(map(str, ids))})"
            if self._created:
                message += "; somebody else created one while this task did"
            if self._created is not True and self._created in ids:
                message += f", which created {self._created}"
            raise AsteraError("conflict", message, hint=ONE_TOO_MANY)
        return found[0] if found else None


def selected(items: list[dict[str, Any]], name: str | None, id_: int | None) -> list[dict[str, Any]]:
    """The objects that match the filters of an info module; all of them without a filter."""
    return [
        item
        for item in items
        if (name is None or object_name(item) == text(name)) and (id_ is None or object_id(item) == id_)
    ]
