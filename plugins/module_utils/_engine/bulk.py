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

from .._errors import AsteraError, bulk_error, input_error
from .._http.client import Client
from .duplicates import double, reject_duplicates
from .field import ACTIVE_NAMES, Field, text
from .lookup import ListCache, object_id, object_name, update_id
from .reconcile import Reconciliation
from .resource import AbsentResource, NamedResource
from .result import Result

ACTIVE = Field("active", "isActive", "bool", other_names=ACTIVE_NAMES)
#: The action of an entry, and its name in ``counts``.
_COUNTED = {
    "create": "created",
    "update": "updated",
    "delete": "deleted",
    None: "unchanged",
    "fail": "failed",
    "skip": "skipped",
}
_AFTER_THAT = "Fix that and run the task again."


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
    def action(self) -> str | None:
        """``fail``, ``skip``, or what became of the object."""
        if self.error:
            return "fail"
        return self.result.action if self.result else "skip"

    @property
    def part(self) -> Result:
        """What became of the object, and its error."""
        return replace(self.result or Result(), error=self.error)

    def to_result(self, with_changes: bool) -> dict[str, Any]:
        """The entry of ``results``. The object itself is what the info modules return."""
        part = self.part
        found = self.resource.selector.found_id if self.resource else None
        returned: dict[str, Any] = {"name": self.label, "id": found, "changed": part.changed}
        if not self.listed:
            returned["listed"] = False
        if with_changes or self.error:
            returned["changes"] = part.changed_values()
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
                self._reject_orphan(entry.resource)
                reconciliation = Reconciliation(entry.resource)
                found = entry.resource.selector.found_id
                if found is not None and numbers.setdefault(found, number) != number:
                    raise double(f"{self._noun}s", numbers[found], number, f"mean the {self._noun} with id {found}")
                self._planned.append((entry, reconciliation))
                self._cache.note(found, reconciliation.plan)
        if deactivate_others and not self._failed:
            self._plan_others(existing)
        if not self._client.check_mode:
            # The first write that needs the list reads it again.
            self._cache.forget()

    def _reject_orphan(self, resource: NamedResource) -> None:
        """Reject an object that depends on a failed entry: on its object, or on its name being free."""
        name, needed = resource.selector.final_name, resource.depends_on
        for entry in self._failed:
            selector = entry.resource.selector if entry.resource else None
            if selector and isinstance(entry.resource, AbsentResource) and object_name(selector.found) == name:
                raise input_error(f"the {self._noun} that has the name {name!r} could not be deleted", _AFTER_THAT)
            if needed and text(needed) in (text(entry.label), selector and selector.final_name):
                raise input_error(f"it depends on {needed!r}, which failed", _AFTER_THAT)

    def _plan_others(self, existing: list[dict[str, Any]]) -> None:
        """Add an entry for each active object that is not in the list."""
        claimed = {id(entry.resource.selector.found) for entry in self._entries if entry.resource}
        names = Counter(object_name(obj) for obj in existing if isinstance(object_name(obj), str))
        for obj in existing:
            if id(obj) in claimed or ACTIVE.read(obj) is False:
                continue
            name = str(object_name(obj))
            entry = BulkItem(name if names[name] < 2 else f"{name} (id {object_id(obj)})", listed=False)
            with self._errors_of(entry):
                number = update_id(obj, f"the {self._noun} {entry.label!r}")
                entry.resource = self._make({"id": number, "active": False, "state": "present"})
                reconciliation = Reconciliation(entry.resource)
                if reconciliation.plan.ignored:
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
            self._write_and_verify(planned)
        for entry, reconciliation in planned:
            if not entry.error and (reconciliation.done or self._client.check_mode):
                with self._errors_of(entry):
                    entry.result = reconciliation.resource.finished(*reconciliation.result())
            if not entry.result and reconciliation.write_accepted:
                entry.result = reconciliation.unverified_result()

    def _write_and_verify(self, planned: Planned) -> None:
        """Write in order and read back together, until nothing is left to write.

        An error ends the writing, but what was begun is finished if the server still responds.
        """
        stopped: AsteraError | None = None
        while pending := [
            (entry, reconciliation)
            for entry, reconciliation in planned
            if not entry.error and not reconciliation.done and (reconciliation.write_accepted or not stopped)
        ]:
            stopped = self._write(pending) or stopped
            self._cache.forget()
            for entry, reconciliation in pending:
                if reconciliation.needs_read_back and not entry.error:
                    with self._errors_of(entry):
                        reconciliation.read_back()
                if stopped and stopped.is_server_wide and reconciliation.write_accepted and not reconciliation.done:
                    entry.error = entry.error or stopped

    def _write(self, pending: Planned) -> AsteraError | None:
        """Write each, and return the error after which the rest was not tried."""
        for number, (entry, reconciliation) in enumerate(pending):
            self._client.report("{} of {} {}s written", number, len(pending), self._noun)
            with self._errors_of(entry):
                self._write_one(reconciliation)
            if entry.error and not (self._continue_on_error and self._server_responds(entry.error)):
                return entry.error
        return None

    def _write_one(self, reconciliation: Reconciliation[NamedResource]) -> None:
        if not reconciliation.write_accepted:
            self._reject_orphan(reconciliation.resource)
        reconciliation.write()
        if reconciliation.error:
            # Only a read shows the result, and the entries that follow may depend on it.
            self._cache.forget()
            reconciliation.read_back()
            reconciliation.complete()
        else:
            self._cache.note(reconciliation.resource.selector.found_id, reconciliation.plan)

    def _server_responds(self, error: AsteraError) -> bool:
        """Whether to go on with the next entry, because the server still responds."""
        if error.is_server_wide:
            self._cache.forget()
            with contextlib.suppress(AsteraError):
                self._cache.load()
                return True
        return not error.is_server_wide

    def _result(self) -> Result:
        parts = [entry.part for entry in self._entries]
        warnings = [warning for part in parts for warning in part.warnings]
        warnings += [warning for entry in self._entries if entry.resource for warning in entry.resource.warnings]
        failed = [(entry.label, entry.error) for entry in self._entries if entry.error]
        counts = self._counts()
        return Result(
            changed=any(part.changed for part in parts),
            parts=parts,
            # After a failure people read them, who look for what failed.
            returned={"results": [entry.to_result(not failed) for entry in self._entries], "counts": counts},
            warnings=list(dict.fromkeys(warnings + self._warnings)),
            error=bulk_error(self._noun, failed, len(self._entries), counts["skipped"]),
        )

    def _counts(self) -> dict[str, int]:
        """How many objects there are of each kind of result."""
        found = Counter(_COUNTED[entry.action] for entry in self._entries)
        return {name: found[name] for name in _COUNTED.values()}
