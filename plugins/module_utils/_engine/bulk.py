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
from dataclasses import dataclass, replace
from typing import Any, Callable

from .._data.paths import MISSING
from .._errors import AsteraError, bulk_error, input_error
from .._http.client import Client
from .duplicates import double, reject_duplicates
from .field import ACTIVE_NAMES, Field
from .lookup import ListCache, object_name, update_id
from .reconcile import Reconciliation
from .resource import AbsentResource, NamedResource
from .result import Result

ACTIVE = Field("active", "isActive", "bool", other_names=ACTIVE_NAMES)
#: What may become of an entry, in the order of ``counts``.
_COUNTED = ("created", "updated", "deleted", "unchanged", "failed", "skipped")


@dataclass
class BulkItem:
    """One object of the task. ``listed`` is False for one that is not in the author's list.

    ``result`` is its final result, also when it failed after the server had accepted a write.
    """

    label: str
    listed: bool = True
    resource: NamedResource | None = None
    result: Result | None = None
    error: AsteraError | None = None

    @property
    def counted_as(self) -> str:
        """What became of the object."""
        if self.error:
            return "failed"
        if not self.result:
            return "skipped"
        return f"{self.result.action}d" if self.result.action else "unchanged"

    @property
    def part(self) -> Result:
        """What became of the object, and its error."""
        return replace(self.result or Result(), error=self.error)

    def to_result(self) -> dict[str, Any]:
        """The entry of ``results``. The object itself is what the info modules return."""
        part = self.part
        found = self.resource.selector.found_id if self.resource else None
        returned: dict[str, Any] = {
            "name": self.label,
            "id": found,
            "changed": part.changed,
            "changes": part.changed_values(),
        }
        if not self.listed:
            returned["listed"] = False
        if part.returned.get("uploads"):
            returned["uploads"] = part.returned["uploads"]
        if self.error:
            failure = self.error.to_result()
            # The message has both, and is long enough once.
            error = {key: value for key, value in failure["error"].items() if key not in ("message", "hint")}
            returned.update(failed=True, msg=failure["msg"], error=error)
        elif not self.result:
            returned["skipped"] = True
        return returned


Planned = list[tuple[BulkItem, Reconciliation[NamedResource]]]


class Bulk:
    """The objects of one kind, ``noun`` in the singular. ``make`` makes the resource of one from its options."""

    def __init__(
        self, client: Client, noun: str, cache: ListCache, make: Callable[[dict[str, Any]], NamedResource]
    ) -> None:
        self._client = client
        self._noun = noun
        self._cache = cache
        self._make = make
        self._continue_on_error = False
        self._entries: list[BulkItem] = []
        self._planned: Planned = []
        self._failed: list[BulkItem] = []
        self._warnings: list[str] = []

    def ensure(self, params: dict[str, Any]) -> Result:
        """Bring all objects to their desired states; ``unlisted`` may deactivate those that are not in the list.

        Raises AsteraError for a problem of all objects before the first write. Other errors are in the result.
        """
        items: list[dict[str, Any]] = params[f"{self._noun}s"]
        deactivate_others = params["unlisted"] == "deactivate"
        self._continue_on_error = params["continue_on_error"]
        if deactivate_others and all(item.get("state") == "absent" for item in items):
            raise input_error(
                f"no {self._noun} is listed, so unlisted=deactivate would deactivate every {self._noun} of the server",
                "An empty list is most often a mistake in a template.",
            )
        reject_duplicates(f"{self._noun}s", items)
        for item in items:
            entry = BulkItem(str(item.get("name") or item.get("new_name") or f"id {item.get('id')}"))
            self._entries.append(entry)
            with self._errors_of(entry):
                entry.resource = self._listed(item)
        if self._continue_on_error or not self._failed:
            self._plan(deactivate_others)
        if self._continue_on_error or not self._failed:
            self._apply(listed=True)
            if not any(entry.listed for entry in self._failed):
                self._apply(listed=False)
            elif deactivate_others:
                self._warnings.append(f"Not every listed {self._noun} is in sync, so the others are left alone.")
        return self._result()

    def _listed(self, item: dict[str, Any]) -> NamedResource:
        """The resource of an entry. A listed object is active, unless the entry sets ``active``."""
        is_asked = item.get("active") is not None
        resource = self._make(item if is_asked or item.get("state") == "absent" else {**item, "active": True})
        resource.is_activation_asked = is_asked
        return resource

    @contextlib.contextmanager
    def _errors_of(self, entry: BulkItem) -> Iterator[None]:
        """Keep an error with its entry. Before the first write, an error that affects all entries is raised."""
        try:
            yield
        except AsteraError as error:
            if error.is_server_wide and not any(other.write_attempted for _entry, other in self._planned):
                raise
            entry.error = error
            self._failed.append(entry)

    def _plan(self, deactivate_others: bool) -> None:
        """Plan each object on the list as it will be when those before it are written."""
        existing = self._cache.load()
        numbers: dict[int, int] = {}
        for number, entry in enumerate(self._entries, 1):
            if entry.resource is None:
                continue
            with self._errors_of(entry):
                self._reject_taken(entry.resource.selector.final_name)
                reconciliation = Reconciliation(entry.resource)
                found = entry.resource.selector.found_id
                if found is not None and numbers.setdefault(found, number) != number:
                    raise double(f"{self._noun}s", numbers[found], number, f"mean the {self._noun} with id {found}")
                if reconciliation.plan and reconciliation.current is not None:
                    update_id(reconciliation.current, entry.resource.label)
                self._planned.append((entry, reconciliation))
                self._cache.note(found, reconciliation.plan)
        if deactivate_others and not self._failed:
            self._plan_others(existing)
        if not self._client.check_mode:
            # The first write that needs the list reads it again.
            self._cache.invalidate()

    def _plan_others(self, existing: list[dict[str, Any]]) -> None:
        """Add an entry for each active object that is not in the list."""
        claimed = {id(entry.resource.selector.found) for entry in self._entries if entry.resource}
        for obj in existing:
            if id(obj) in claimed or ACTIVE.read(obj) is False:
                continue
            entry = BulkItem(object_name(obj) or "", listed=False)
            with self._errors_of(entry):
                number = update_id(obj, f"the {self._noun} {entry.label!r}")
                entry.resource = self._make({"id": number, "active": False, "state": "present"})
                reconciliation = Reconciliation(entry.resource)
                if reconciliation.done and ACTIVE.value_in(obj) is MISSING:
                    raise AsteraError(
                        "unsupported",
                        f"the server does not show whether the {self._noun} {entry.label!r} is active",
                        hint="It cannot be deactivated; set unlisted to keep.",
                    )
                if reconciliation.done:
                    continue
                self._planned.append((entry, reconciliation))
            self._entries.append(entry)

    def _apply(self, *, listed: bool) -> None:
        planned = [(entry, reconciliation) for entry, reconciliation in self._planned if entry.listed is listed]
        if not self._client.check_mode:
            self._write(planned)
            self._read_back(planned)
        for entry, reconciliation in planned:
            if not entry.error and (reconciliation.done or self._client.check_mode):
                with self._errors_of(entry):
                    entry.result = reconciliation.resource.finished(*reconciliation.result())
            if not entry.result and reconciliation.write_accepted:
                entry.result = reconciliation.unverified_result()

    def _write(self, planned: Planned) -> None:
        """Write each in order, until one fails."""
        for number, (entry, reconciliation) in enumerate(planned):
            self._client.report("{} of {} {}s written", number, len(planned), self._noun)
            if reconciliation.done:
                continue
            with self._errors_of(entry):
                self._reject_taken(reconciliation.resource.selector.final_name)
                self._write_one(reconciliation)
            if entry.error and (entry.error.is_server_wide or not self._continue_on_error):
                return

    def _read_back(self, planned: Planned) -> None:
        """Read together what was written, also after the second write that some new objects need."""
        while pending := [pair for pair in planned if pair[1].needs_read_back and not pair[0].error]:
            self._cache.invalidate()
            for entry, reconciliation in pending:
                with self._errors_of(entry):
                    reconciliation.read_back()
                    if not reconciliation.done:
                        self._write_one(reconciliation)

    def _write_one(self, reconciliation: Reconciliation[NamedResource]) -> None:
        reconciliation.write()
        if reconciliation.error:
            # Only a read shows the result, and the entries that follow may depend on it.
            self._cache.invalidate()
            reconciliation.read_back()
            reconciliation.complete()
        else:
            self._cache.note(reconciliation.resource.selector.found_id, reconciliation.plan)

    def _reject_taken(self, name: str | None) -> None:
        """Reject the name of an object whose deletion failed: a write would change that object."""
        for entry in self._failed:
            found = entry.resource.selector.found if isinstance(entry.resource, AbsentResource) else None
            if found and object_name(found) == name:
                raise input_error(
                    f"the {self._noun} that has the name {name!r} could not be deleted",
                    "Fix that and run the task again.",
                )

    def _result(self) -> Result:
        parts = [entry.part for entry in self._entries]
        warnings = [warning for part in parts for warning in part.warnings]
        warnings += [warning for entry in self._entries if entry.resource for warning in entry.resource.warnings]
        failed = [(entry.label, entry.error) for entry in self._entries if entry.error]
        counted = Counter(entry.counted_as for entry in self._entries)
        counts = {name: counted[name] for name in _COUNTED}
        return Result(
            changed=any(part.changed for part in parts),
            parts=parts,
            returned={"results": [entry.to_result() for entry in self._entries], "counts": counts},
            warnings=list(dict.fromkeys(warnings + self._warnings)),
            error=bulk_error(self._noun, failed, len(self._entries), counts["skipped"]),
        )
