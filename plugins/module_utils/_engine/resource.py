# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What brings one object of the server to its desired state. Private: may change in any release."""

from __future__ import annotations

import abc
from typing import Any, Callable

from .._errors import AsteraError
from .._http.client import Client
from .._http.openapi import Operation
from .lookup import ListCache, update_id
from .plan import Change, Plan
from .result import Result
from .selector import Selector


class Resource(abc.ABC):
    """One object of the server and what is desired of it.

    Making it checks the options; nothing is requested before ``read``, and nothing is written before ``write``.
    """

    #: How errors and diffs call the object.
    label = "the object"
    #: Whether the server rejects the creation of a second object of the same name.
    guards_names = False

    def __init__(self) -> None:
        self.warnings: list[str] = []

    @abc.abstractmethod
    def read(self) -> dict[str, Any] | None:
        """The object as the server shows it; None where it does not exist."""

    @abc.abstractmethod
    def plan(self, current: dict[str, Any] | None) -> Plan:
        """The plan for the object as it is; None for one that does not exist yet."""

    @abc.abstractmethod
    def write(self, plan: Plan) -> None:
        """Send the plan."""

    def prepare(self, plan: Plan) -> None:  # noqa: B027  # most have nothing to prepare
        """Do what takes long and must come before ``write``."""

    def read_back(self) -> dict[str, Any] | None:
        """The object after a write."""
        return self.read()

    def invalidate(self) -> None:  # noqa: B027  # most keep nothing
        """Drop what ``read`` keeps from earlier requests."""

    def refresh(self, plan: Plan) -> bool:  # noqa: ARG002  # most keep nothing
        """Drop cached data before a write that the server does not check; returns whether to plan again."""
        return False

    def readable(self, changes: list[Change]) -> list[Change]:
        """The changes as a diff shows them."""
        return changes


class NamedResource(Resource):
    """An object that is found by name or id in a list of the server."""

    #: Whether the author says if it is active. Otherwise nothing is amiss where the server does not show it.
    is_activation_asked = True

    def __init__(self, selector: Selector, cache: ListCache) -> None:
        super().__init__()
        self.selector = selector
        self.cache = cache
        #: Those of the selector, and others.
        self.warnings = selector.warnings
        self.label = selector.title
        #: Name of another object of this kind that must be in sync first.
        self.depends_on: str | None = None

    def read(self) -> dict[str, Any] | None:
        return self.selector.find(self.cache)

    def plan(self, current: dict[str, Any] | None) -> Plan:
        plan = self.make_plan(current)
        if plan and current is not None:
            update_id(current, self.label)
        return plan

    @abc.abstractmethod
    def make_plan(self, current: dict[str, Any] | None) -> Plan:
        """The plan, whether or not the object can be updated."""

    @abc.abstractmethod
    def show(self, obj: dict[str, Any] | None) -> dict[str, Any] | None:
        """An object in the shape of the options, without secrets."""

    def invalidate(self) -> None:
        self.cache.forget()

    def refresh(self, plan: Plan) -> bool:
        """Read the list again, but not before each creation: a thousand of them would read half a million objects."""
        if not plan.creates:
            self.invalidate()
        return True

    def finished(self, result: Result, current: dict[str, Any] | None) -> Result:
        """The result with the warnings of the resource, and with the object as it is in the end under its noun."""
        result.warnings += self.warnings
        result.returned[self.selector.noun] = self.show(current)
        return result


class AbsentResource(NamedResource):
    """The wish that an object does not exist. No operation is documented that deletes one.

    ``find_operation`` returns the operation that does, or raises AsteraError of kind ``unsupported``; then
    ``alternative`` says what else could be done.
    """

    def __init__(
        self,
        client: Client,
        selector: Selector,
        cache: ListCache,
        find_operation: Callable[[], Operation],
        alternative: str,
    ) -> None:
        super().__init__(selector, cache)
        self._client = client
        self._find_operation = find_operation
        self._alternative = alternative

    def read(self) -> dict[str, Any] | None:
        return self.selector.find_or_none(self.cache)

    def make_plan(self, current: dict[str, Any] | None) -> Plan:
        if current is None:
            return Plan(body={})
        self._deletion()  # rejects what could not be carried out
        return Plan(body={}, deletes=True, changes=[Change("state", "present", "absent")])

    def _deletion(self) -> Operation:
        try:
            return self._find_operation()
        except AsteraError as error:
            if error.kind != "unsupported":
                raise
            message = f"{self.label} cannot be deleted: {error.message}"
            # One of its own: other objects meet the same error.
            raise AsteraError("unsupported", message, hint=f"{error.hint} Or {self._alternative}.") from None

    def write(self, plan: Plan) -> None:  # noqa: ARG002  # a deletion has nothing to send
        self._deletion().call(self._client, update_id(self.selector.found, self.label))
