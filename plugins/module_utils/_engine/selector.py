# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Selects the object of a list by id or name. Private: may change in any release."""

from __future__ import annotations

from typing import Any

from .._errors import AsteraError, input_error
from .field import searched_name, text, validate_name
from .lookup import ListCache, object_id, object_name

#: What to do about objects that share a name.
ONE_TOO_MANY = (
    "Say which one with id. If one is redundant, delete it in the client, or set id, new_name and active: false "
    "in a task of its own; then run this one again."
)


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
        """Reject to create an object with an id, one to rename, or one with a name that new ones must not have."""
        if self.id is not None:
            raise AsteraError(
                "not_found",
                f"there is no {self.noun} with id {self.id}",
                hint="The server assigns ids; leave id out to create one by name.",
            )
        if self.new_name is not None:
            raise AsteraError(
                "not_found",
                f"there is no {self.noun} named {self.name!r} to rename, nor one named {self.new_name!r}",
                hint="Check name and new_name.",
            )
        validate_name(self.name or "", "name")

    def _named(self, cache: ListCache, name: str | None) -> dict[str, Any] | None:
        """The only object of this name."""
        found = cache.named(name)
        if len(found) > 1:
            ids = ", ".join(str(object_id(item)) for item in found)
            message = f"{len(found)} {self.noun}s are named {name!r} (ids {ids})"
            raise AsteraError("conflict", message, hint=ONE_TOO_MANY)
        return found[0] if found else None
