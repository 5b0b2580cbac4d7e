# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects that are found by name in a list of the server. Private: may change in any release."""

from __future__ import annotations

import abc
from typing import Any

from .._errors import AsteraError
from .._http.client import Client
from .._http.openapi import Discovery, Operation, deletion
from .lookup import Catalogue, Search, update_id
from .plan import Change, Plan
from .reconcile import converge
from .resource import Resource
from .result import Outcome


class NamedTask(abc.ABC):
    """What is wanted of one object. Making it checks the options; nothing is written before ``write``.

    A subclass says how the object is planned, written and shown.
    """

    #: Whether the server refuses to create a second object of the same name.
    guards_names = False

    def __init__(self, search: Search, catalogue: Catalogue) -> None:
        self.search = search
        self.catalogue = catalogue
        #: Those of the search, and others.
        self.warnings = search.warnings
        #: Name of another object of this kind that must be in order first.
        self.depends_on: str | None = None

    def read(self) -> dict[str, Any] | None:
        return self.search.find(self.catalogue.listing)

    @abc.abstractmethod
    def plan(self, current: dict[str, Any] | None) -> Plan:
        """The plan for the object as it is; None for one that does not exist yet."""

    def prepare(self, plan: Plan) -> None:  # noqa: B027  # most have nothing to prepare
        """Do what takes long and must come before ``write``."""

    @abc.abstractmethod
    def write(self, plan: Plan) -> None:
        """Send the plan."""

    @abc.abstractmethod
    def show(self, obj: dict[str, Any] | None) -> dict[str, Any] | None:
        """An object in the shape of the options."""

    def resource(self) -> Resource:
        return Resource(
            noun=self.search.title,
            show=self.show,
            read=self.read,
            write=self.write,
            plan=self._sendable_plan,
            prepare=self.prepare,
            forget=self.catalogue.forget,
            is_outdated=lambda plan: self.catalogue.is_outdated(creates=plan.creates),
            guards_names=self.guards_names,
        )

    def _sendable_plan(self, current: dict[str, Any] | None) -> Plan:
        plan = self.plan(current)
        if plan and current is not None:
            update_id(current, self.search.title)
        return plan

    def finished(self, outcome: Outcome, current: dict[str, Any] | None) -> Outcome:
        """The outcome with what this task has to say, and with the object as it is in the end under its noun."""
        outcome.warnings += self.warnings
        outcome.returned[self.search.noun] = self.show(current)
        return outcome


class Absence(NamedTask):
    """The wish that an object is not there. No call is documented that deletes; the server's own document may name one.

    ``cure`` says what else could be done, ``show`` gives an object the shape of the options.
    """

    def __init__(self, client: Client, search: Search, catalogue: Catalogue, discovery: Discovery, cure: str) -> None:
        super().__init__(search, catalogue)
        self._client = client
        self._discovery = discovery
        self._cure = cure

    def read(self) -> dict[str, Any] | None:
        return self.search.find_if_there(self.catalogue.listing)

    def plan(self, current: dict[str, Any] | None) -> Plan:
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
            message = f"{self.search.title} exists, and {error.message}"
            # One of its own: other objects meet the same error.
            raise AsteraError("unsupported", message, hint=f"{error.hint} Or {self._cure}.") from None

    def write(self, plan: Plan) -> None:  # noqa: ARG002  # a deletion has nothing to send
        self._deletion().call(self._client, update_id(self.search.found or {}, self.search.title))


def ensure_one(task: NamedTask, *, check_mode: bool) -> Outcome:
    """Bring one object to the wanted state."""
    return task.finished(*converge(task.resource(), check_mode=check_mode))
