# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What brings one object of the server to its desired state. Private: may change in any release."""

from __future__ import annotations

import abc
from typing import Any

from .._errors import AsteraError
from .._http.client import Client
from .._http.openapi import Discovery, Operation, deletion
from .lookup import ListCache, Selector, update_id
from .plan import Change, Plan
from .result import Outcome


class Resource(abc.ABC):
    """One object of the server and what is desired of it.

    Making it checks the options; nothing is requested before ``read``, and nothing is written before ``write``.
    """

    #: How errors and diffs call the object.
    label = "the object"
    #: Whether the server refuses to create a second object of the same name.
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

    @abc.abstractmethod
    def show(self, obj: dict[str, Any] | None) -> dict[str, Any] | None:
        """An object in the shape of the options, without secrets."""

    def prepare(self, plan: Plan) -> None:  # noqa: B027  # most have nothing to prepare
        """Do what takes long and must come before ``write``."""

    def read_back(self) -> dict[str, Any] | None:
        """The object after a write."""
        return self.read()

    def invalidate(self) -> None:  # noqa: B027  # most keep nothing
        """Drop what ``read`` keeps from earlier requests."""

    def refresh(self, plan: Plan) -> bool:  # noqa: ARG002  # most keep nothing
        """Drop what is outdated before a write that the server does not guard; returns whether to plan again."""
        return False


class NamedResource(Resource):
    """An object that is found by name or id in a list of the server."""

    def __init__(self, search: Selector, catalogue: ListCache) -> None:
        super().__init__()
        self.search = search
        self.catalogue = catalogue
        #: Those of the search, and others.
        self.warnings = search.warnings
        self.label = search.title
        #: Name of another object of this kind that must be in sync first.
        self.depends_on: str | None = None

    def read(self) -> dict[str, Any] | None:
        return self.search.find(self.catalogue.listing)

    def plan(self, current: dict[str, Any] | None) -> Plan:
        plan = self.make_plan(current)
        if plan and current is not None:
            update_id(current, self.label)
        return plan

    @abc.abstractmethod
    def make_plan(self, current: dict[str, Any] | None) -> Plan:
        """The plan, whether or not the object can be updated."""

    def invalidate(self) -> None:
        self.catalogue.forget()

    def refresh(self, plan: Plan) -> bool:
        """Read the list again, but not before each creation: a thousand of them would read half a million objects."""
        if not plan.creates:
            self.invalidate()
        return True

    def finished(self, outcome: Outcome, current: dict[str, Any] | None) -> Outcome:
        """The outcome with the warnings of the resource, and with the object as it is in the end under its noun."""
        outcome.warnings += self.warnings
        outcome.returned[self.search.noun] = self.show(current)
        return outcome


class AbsentResource(NamedResource):
    """The wish that an object is not there. No call is documented that deletes; the server's own document may name one.

    ``cure`` says what else could be done, ``show`` gives an object the shape of the options.
    """

    def __init__(self, client: Client, search: Selector, catalogue: ListCache, discovery: Discovery, cure: str) -> None:
        super().__init__(search, catalogue)
        self._client = client
        self._discovery = discovery
        self._cure = cure

    def read(self) -> dict[str, Any] | None:
        return self.search.find_or_none(self.catalogue.listing)

    def make_plan(self, current: dict[str, Any] | None) -> Plan:
        if current is None:
            return Plan(body={})
        self._deletion()  # refuses what could not be carried out
        return Plan(body={}, deletes=True, changes=[Change(self.search.noun, self.show(current), None, "remove")])

    def _deletion(self) -> Operation:
        try:
            return self._discovery.operation(deletion(self.search.noun))
        except AsteraError as error:
            if error.kind != "unsupported":
                raise
            message = f"{self.label} exists, and {error.message}"
            # One of its own: other objects meet the same error.
            raise AsteraError("unsupported", message, hint=f"{error.hint} Or {self._cure}.") from None

    def write(self, plan: Plan) -> None:  # noqa: ARG002  # a deletion has nothing to send
        self._deletion().call(self._client, update_id(self.search.found or {}, self.label))
