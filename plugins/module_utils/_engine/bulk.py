# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many objects in one task: one read, one plan, ordered writes, one read back. Private: may change in any release.

Each object is handled as in a task of its own (``Reconciliation``), but they share the reads of the list, and
nothing is written before all of them are planned.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Callable

from .._data.paths import MISSING
from .._errors import AsteraError, bulk_error, input_error
from .._http.client import Client
from .duplicates import UNDO, reject_duplicates
from .field import ACTIVE_NAMES, Field
from .lookup import ListCache, object_name, update_id
from .reconcile import Reconciliation
from .resource import AbsentResource, NamedResource
from .result import Result

ACTIVE = Field("active", "isActive", "bool", other_names=ACTIVE_NAMES)
#: What may become of an entry, in the order of ``counts``.
_COUNTED = ("created", "updated", "deleted", "unchanged", "failed", "skipped")


@dataclass(eq=False)
class BulkItem:
    """One object of the task. ``listed`` is False for one that is not in the author's list.

    ``result`` is what became of it, also what the server had accepted before an error; None while it is skipped.
    """

    label: str
    listed: bool = True
    resource: NamedResource | None = None
    reconciliation: Reconciliation[NamedResource] = field(init=False)
    result: Result | None = None

    @property
    def error(self) -> AsteraError | None:
        return self.result.error if self.result else None

    @property
    def counted_as(self) -> str:
        """What became of the object."""
        if not self.result:
            return "skipped"
        if self.error:
            return "failed"
        return f"{self.result.action}d" if self.result.action else "unchanged"

    def to_result(self) -> dict[str, Any]:
        """The entry of ``results``. The object itself is what the info modules return."""
        result = self.result or Result()
        returned: dict[str, Any] = {
            "name": self.label,
            "id": self.resource.selector.found_id if self.resource else None,
            "changed": result.changed,
            "changes": result.changed_values(),
        }
        if not self.listed:
            returned["listed"] = False
        if result.returned.get("uploads"):
            returned["uploads"] = result.returned["uploads"]
        if self.error:
            failure = self.error.to_result()
            # The message has both, and is long enough once.
            error = {key: value for key, value in failure["error"].items() if key not in ("message", "hint")}
            returned.update(failed=True, msg=failure["msg"], error=error)
        elif not self.result:
            returned["skipped"] = True
        return returned


@dataclass
class Bulk:
    """The objects of one kind, ``noun`` in the singular. ``make`` makes the resource of one from its options.

    Those that are not in the author's list are left alone unless all that are listed are in sync.
    """

    client: Client
    noun: str
    cache: ListCache
    make: Callable[[dict[str, Any]], NamedResource]
    continue_on_error: bool = False
    items: list[BulkItem] = field(default_factory=list)
    #: Those of the items that have a reconciliation.
    planned: list[BulkItem] = field(default_factory=list)
    failed: list[BulkItem] = field(default_factory=list)
    #: By id, those that the server has.
    found: dict[int, BulkItem] = field(default_factory=dict)

    def ensure(self, params: dict[str, Any]) -> Result:
        """Bring all objects to their desired states; ``unlisted`` may deactivate those that are not in the list.

        Raises AsteraError for a problem of all objects before the first write. Other errors are in the result.
        """
        entries: list[dict[str, Any]] = params[f"{self.noun}s"]
        deactivate_others = params["unlisted"] == "deactivate"
        self.continue_on_error = params["continue_on_error"]
        if deactivate_others and all(entry.get("state") == "absent" for entry in entries):
            message = f"no {self.noun} is listed, so unlisted=deactivate would deactivate every {self.noun}"
            raise input_error(message, "An empty list is most often a mistake in a template.")
        reject_duplicates(f"{self.noun}s", entries)
        for entry in entries:
            item = BulkItem(str(entry.get("name") or entry.get("new_name") or f"id {entry.get('id')}"))
            self.items.append(item)
            with self._errors_of(item):
                item.resource = self._listed(entry)
        if self._may_go_on:
            self._plan(deactivate_others)
        if self._may_go_on:
            self._apply([item for item in self.planned if item.listed])
            if not any(item.listed for item in self.failed):
                self._apply([item for item in self.planned if not item.listed])
        return self._result()

    def _listed(self, entry: dict[str, Any]) -> NamedResource:
        """The resource of an entry. A listed object is active, unless the entry sets ``active``."""
        is_asked = entry.get("active") is not None
        resource = self.make(entry if is_asked or entry.get("state") == "absent" else {**entry, "active": True})
        resource.is_activation_asked = is_asked
        return resource

    @property
    def _may_go_on(self) -> bool:
        return self.continue_on_error or not self.failed

    @contextlib.contextmanager
    def _errors_of(self, item: BulkItem) -> Iterator[None]:
        """Keep an error with its object. While they are planned, an error that affects all of them is raised."""
        try:
            yield
        except AsteraError as error:
            is_planned = item in self.planned
            if error.is_server_wide and not is_planned:
                raise
            done = item.reconciliation.result_of(item.reconciliation.accepted) if is_planned else Result()
            warnings = item.resource.warnings if item.resource else []
            item.result = replace(done, error=error, warnings=done.warnings + warnings)
            self.failed.append(item)

    def _plan(self, deactivate_others: bool) -> None:
        """Plan each object on the list as it will be when those before it are written."""
        existing = self.cache.load()
        for item in self.items:
            if item.resource:
                with self._errors_of(item):
                    self._plan_one(item, item.resource)
        if deactivate_others and not self.failed:
            self._plan_others(existing)
        if not self.client.check_mode:
            # The first write that needs the list reads it again.
            self.cache.invalidate()

    def _plan_others(self, existing: list[dict[str, Any]]) -> None:
        """Add an item for each active object that is not in the list."""
        claimed = {id(item.resource.selector.found) for item in self.items if item.resource}
        for obj in existing:
            if id(obj) in claimed or ACTIVE.read(obj) is False:
                continue
            item = BulkItem(object_name(obj) or "", listed=False)
            self.items.append(item)
            with self._errors_of(item):
                number = update_id(obj, f"the {self.noun} {item.label!r}")
                item.resource = self.make({"id": number, "active": False, "state": "present"})
                self._plan_one(item, item.resource)
                if ACTIVE.value_in(item.reconciliation.current) is MISSING and not item.reconciliation.plan:
                    message = f"the server does not show whether the {self.noun} {item.label!r} is active"
                    raise AsteraError("unsupported", message, hint="It cannot be deactivated; set unlisted to keep.")

    def _reject_taken(self, resource: NamedResource) -> None:
        """Reject the name of an object whose deletion failed: a write would change that object."""
        for item in self.failed:
            name = object_name(item.resource.selector.found) if isinstance(item.resource, AbsentResource) else None
            if name and name == resource.selector.final_name:
                message = f"the {self.noun} that has the name {name!r} could not be deleted"
                raise input_error(message, "Its own entry says why. Correct that, then run the task again.")

    def _plan_one(self, item: BulkItem, resource: NamedResource) -> None:
        self._reject_taken(resource)
        item.reconciliation = Reconciliation(resource)
        found = resource.selector.found_id
        twin = item if found is None else self.found.setdefault(found, item)
        if twin is not item:
            places = " and ".join(f"entry {self.items.index(one) + 1}" for one in (twin, item))
            raise input_error(f"{places} of {self.noun}s both mean {resource.label}", UNDO)
        self.planned.append(item)
        self.cache.note(found, item.reconciliation.plan)

    def _apply(self, items: list[BulkItem]) -> None:
        """Carry out the plans. In check mode their results are what is planned."""
        if not self.client.check_mode:
            self._write(items)
            self._read_back(items)
        for item in items:
            if not item.result and (self.client.check_mode or not item.reconciliation.plan):
                with self._errors_of(item):
                    item.result = item.reconciliation.resource.finished(*item.reconciliation.result())

    def _write(self, items: list[BulkItem]) -> None:
        """Write each in order, until one fails."""
        for number, item in enumerate(items):
            self.client.report("{} of {} {}s written", number, len(items), self.noun)
            with self._errors_of(item):
                self._reject_taken(item.reconciliation.resource)
                self._write_one(item.reconciliation)
            if item.error and (item.error.is_server_wide or not self.continue_on_error):
                return

    def _read_back(self, items: list[BulkItem]) -> None:
        """Read together what was written, also after the second write that some new objects need."""
        while pending := [
            item for item in items if item.reconciliation.accepted and item.reconciliation.plan and not item.error
        ]:
            self.cache.invalidate()
            for item in pending:
                with self._errors_of(item):
                    item.reconciliation.read_back()
                    self._write_one(item.reconciliation)

    def _write_one(self, reconciliation: Reconciliation[NamedResource]) -> None:
        reconciliation.write()
        self.cache.note(reconciliation.resource.selector.found_id, reconciliation.plan)

    def _result(self) -> Result:
        parts = [item.result or Result() for item in self.items]
        failed = [(item.label, item.error) for item in self.items if item.error]
        counted = Counter(item.counted_as for item in self.items)
        counts = {name: counted[name] for name in _COUNTED}
        warnings = [warning for part in parts for warning in part.warnings]
        return Result(
            changed=any(part.changed for part in parts),
            parts=parts,
            returned={"results": [item.to_result() for item in self.items], "counts": counts},
            warnings=list(dict.fromkeys(warnings)),
            error=bulk_error(self.noun, failed, len(self.items), counts["skipped"]),
        )
