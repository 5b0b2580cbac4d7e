# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What brings one object of the server to its desired state. Private: may change in any release."""

from __future__ import annotations

import abc
from typing import Any

from .._http.client import Client
from .._http.openapi import Discovery, Purpose
from .lookup import ListCache, Selector, update_id
from .plan import Change, Plan
from .result import Result


class Resource(abc.ABC):
    """One object of the server and what is desired of it.

    Making it checks the options; nothing is requested before ``read``, and nothing is written before ``write``.
    """

    #: How errors and diffs call the object.
    label = "the object"
    #: Whether the server rejects the creation of a second object of the same name.
    guards_names = False
    #: Whether ``read`` may return what was read long before, such as a list that many objects share.
    keeps_reads = False

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

    def readable(self, changes: list[Change]) -> list[Change]:
        """The changes as a diff shows them."""
        return changes


class NamedResource(Resource):
    """An object that is found by name or id in a list of the server."""

    #: Whether the author says if it is active. Otherwise nothing is amiss where the server does not show it.
    is_activation_asked = True
    keeps_reads = True

    def __init__(self, noun: str, params: dict[str, Any], cache: ListCache) -> None:
        super().__init__()
        self.selector = Selector(noun, params)
        self.cache = cache
        self.label = self.selector.title

    def read(self) -> dict[str, Any] | None:
        found = self.selector.find(self.cache)
        if found is None:
            self.selector.check_creation()
        return found

    @abc.abstractmethod
    def show(self, obj: dict[str, Any] | None) -> dict[str, Any] | None:
        """An object in the shape of the options, without secrets."""

    def invalidate(self) -> None:
        self.cache.invalidate()

    def finished(self, result: Result, current: dict[str, Any] | None) -> Result:
        """The result with the warnings of the resource, and with the object as it is in the end under its noun."""
        result.warnings += self.warnings
        result.returned[self.selector.noun] = self.show(current)
        return result


class AbsentResource(NamedResource):
    """The wish that an object does not exist. No operation is documented that deletes one; ``purpose`` finds it."""

    def __init__(
        self, client: Client, params: dict[str, Any], cache: ListCache, discovery: Discovery, purpose: Purpose
    ) -> None:
        super().__init__(purpose.noun, params, cache)
        self._client = client
        self._discovery = discovery
        self._purpose = purpose
        self._named = purpose.named(params.get(purpose.option))

    def read(self) -> dict[str, Any] | None:
        return self.selector.find(self.cache)

    def plan(self, current: dict[str, Any] | None) -> Plan:
        if current is None:
            return Plan(body={})
        update_id(current, self.label)
        self._discovery.operation(self._purpose, self._named)  # rejects what could not be carried out
        return Plan(body={}, deletes=True, changes=[Change("state", "present", "absent")])

    def show(self, obj: dict[str, Any] | None) -> None:  # noqa: ARG002  # what is absent has nothing to show
        return None

    def write(self, plan: Plan) -> None:  # noqa: ARG002  # a deletion has nothing to send
        operation = self._discovery.operation(self._purpose, self._named)
        operation.call(self._client, update_id(self.selector.found, self.label))
