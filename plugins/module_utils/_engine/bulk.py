# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many objects in one task: one read, one plan, ordered writes, one read back. Private: may change in any release.

Each object goes the same way as in a task of its own (``Reconciliation``); only the reads of the list are shared. So a
run that changes nothing takes one read, however many objects there are, and nothing is written before all of them are
planned.
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
from .result import Outcome

ACTIVE = Field("active", "isActive", "bool", other_names=ACTIVE_NAMES)


@dataclass
class Entry:
    """One object of the task. ``listed`` is False for one that the author's list does not name."""

    label: str
    listed: bool = True
    resource: NamedResource | None = None
    reconciliation: Reconciliation | None = None
    outcome: Outcome | None = None
    error: AsteraError | None = None

    @property
    def part(self) -> Outcome | None:
        """The outcome; for one that failed after the server had taken a write, what is known of it."""
        if self.outcome is None and self.reconciliation is not None and self.reconciliation.write_accepted:
            return self.reconciliation.unverified_outcome()
        return self.outcome

    @property
    def warnings(self) -> list[str]:
        if self.outcome:
            return self.outcome.warnings
        return self.resource.warnings if self.resource else []

    def to_result(self) -> dict[str, Any]:
        part = self.part
        result: dict[str, Any] = {
            "name": self.label,
            "id": self.resource.search.found_id if self.resource else None,
            "listed": self.listed,
            "changed": bool(part and part.changed),
        }
        if part:
            result.update(part.to_result(with_diff=False))
        if self.error is not None:
            result.update(failed=True, **self.error.to_result())
        elif part is None:
            result["skipped"] = True
        return result


class Bulk:
    """The objects of one kind, ``noun`` in the singular. ``make`` makes the task of one from its options."""

    def __init__(
        self, client: Client, noun: str, catalogue: ListCache, make: Callable[[dict[str, Any]], NamedResource]
    ) -> None:
        self._client = client
        self._noun = noun
        self._catalogue = catalogue
        self._make = make
        self._listed: list[Entry] = []
        self._others: list[Entry] = []
        self._failed_names: set[str] = set()
        #: Names of objects that were to be deleted and could not be.
        self._kept_names: set[str] = set()
        self._warnings: list[str] = []

    def ensure(self, params: dict[str, Any]) -> Outcome:
        """Bring all objects to their wanted states, and switch off those that the list does not name if asked to.

        Raises AsteraError while nothing is written yet, for what concerns all. What concerns one is in the outcome.
        """
        items: list[dict[str, Any]] = params[f"{self._noun}s"]
        deactivate_others = params["unlisted"] == "deactivate"
        continue_on_error: bool = params["continue_on_error"]
        if deactivate_others and all(item.get("state") == "absent" for item in items):
            raise input_error(
                f"no {self._noun} is listed, so unlisted=deactivate would switch off every {self._noun} of the server",
                "An empty list is most often a mistake in a template.",
            )
        self._make_resources(items)
        if continue_on_error or not self._failed:
            self._plan(deactivate_others)
        if continue_on_error or not self._failed:
            self._bring_about(self._listed, continue_on_error)
            if not any(entry.error for entry in self._listed):
                self._bring_about(self._others, continue_on_error)
            elif deactivate_others:
                self._warnings.append(f"Not every listed {self._noun} is in order, so the others are left alone.")
        return self._outcome()

    @property
    def _entries(self) -> list[Entry]:
        return self._listed + self._others

    @property
    def _failed(self) -> bool:
        return any(entry.error for entry in self._entries)

    @contextlib.contextmanager
    def _errors_of(self, entry: Entry) -> Iterator[None]:
        """Keep an error with the entry that it concerns. Before the first write, one that concerns all is raised."""
        try:
            yield
        except AsteraError as error:
            if error.is_server_wide and not any(
                other.reconciliation and other.reconciliation.write_attempted for other in self._entries
            ):
                raise
            entry.error = error
            if isinstance(entry.resource, AbsentResource):
                self._kept_names.add(str(object_name(entry.resource.search.found or {})))
            self._failed_names.add(text(entry.label))
            if entry.resource and entry.resource.search.final_name:
                self._failed_names.add(entry.resource.search.final_name)

    def _make_resources(self, items: list[dict[str, Any]]) -> None:
        """Check the options of all, before the first request where they need none."""
        reject_duplicates(f"{self._noun}s", items)
        for item in items:
            entry = Entry(_label(item))
            self._listed.append(entry)
            with self._errors_of(entry):
                entry.resource = self._make(item)

    def _plan(self, deactivate_others: bool) -> None:
        """Plan each object on the list as it will be when those before it are written."""
        existing = list(self._catalogue.listing)
        numbers: dict[int, int] = {}
        for number, entry in enumerate(self._listed, 1):
            if entry.resource is None:
                continue
            with self._errors_of(entry):
                self._refuse_orphan(entry.resource)
                reconciliation = Reconciliation(entry.resource)
                found = entry.resource.search.found_id
                if found is not None and numbers.setdefault(found, number) != number:
                    raise double(f"{self._noun}s", numbers[found], number, f"mean the {self._noun} with id {found}")
                entry.reconciliation = reconciliation
                self._catalogue.note(found, reconciliation.plan)
        if deactivate_others and not self._failed:
            self._plan_others(existing)
        # The first write that needs the list reads it again.
        self._catalogue.forget()

    def _refuse_orphan(self, resource: NamedResource) -> None:
        """Refuse what builds on an entry that failed: on its object, or on its name being free."""
        if resource.search.final_name in self._kept_names:
            raise input_error(
                f"the {self._noun} that has the name {resource.search.final_name!r} could not be deleted",
                "Run it again when that is in order.",
            )
        if resource.depends_on is not None and text(resource.depends_on) in self._failed_names:
            raise input_error(
                f"it builds on {resource.depends_on!r}, which failed", "Run it again when that is in order."
            )

    def _plan_others(self, existing: list[dict[str, Any]]) -> None:
        """Add an entry for each object that the list does not name and that is still switched on."""
        claimed = {id(entry.resource.search.found) for entry in self._listed if entry.resource}
        names = Counter(object_name(obj) for obj in existing if isinstance(object_name(obj), str))
        for obj in existing:
            if id(obj) in claimed or ACTIVE.read(obj) is False:
                continue
            name = str(object_name(obj))
            entry = Entry(name if names[name] < 2 else f"{name} (id {object_id(obj)})", listed=False)
            with self._errors_of(entry):
                number = update_id(obj, f"the {self._noun} {entry.label!r}")
                entry.resource = self._make({"id": number, "active": False, "state": "present"})
                reconciliation = Reconciliation(entry.resource)
                if reconciliation.plan.ignored:
                    raise AsteraError(
                        "unsupported",
                        f"the server does not show whether the {self._noun} {entry.label!r} is active",
                        hint="So it cannot be switched off; leave unlisted at keep.",
                    )
                entry.reconciliation = reconciliation
            if entry.error or not reconciliation.done:
                self._others.append(entry)

    def _bring_about(self, entries: list[Entry], continue_on_error: bool) -> None:
        if not self._client.check_mode:
            self._carry_out(entries, continue_on_error)
        for entry in entries:
            reconciliation = entry.reconciliation
            if (
                entry.resource
                and reconciliation
                and not entry.error
                and (reconciliation.done or self._client.check_mode)
            ):
                with self._errors_of(entry):
                    reached = reconciliation.preview() if self._client.check_mode else reconciliation.outcome()
                    entry.outcome = entry.resource.finished(*reached)

    def _carry_out(self, entries: list[Entry], continue_on_error: bool) -> None:
        """Write in order and read back together; once more what a first write could not bring about.

        An error ends the writing, but what was begun is finished if the server still answers.
        """
        stopped: AsteraError | None = None
        while pending := [
            (entry, entry.reconciliation)
            for entry in entries
            if entry.reconciliation
            and not entry.error
            and not entry.reconciliation.done
            and (entry.reconciliation.write_accepted or not stopped)
        ]:
            stopped = self._write(pending, continue_on_error) or stopped
            self._catalogue.forget()
            for entry, reconciliation in pending:
                if reconciliation.needs_read_back and not entry.error:
                    with self._errors_of(entry):
                        reconciliation.read_back()
                if stopped and stopped.is_server_wide and reconciliation.write_accepted and not reconciliation.done:
                    entry.error = entry.error or stopped

    def _write(self, pending: list[tuple[Entry, Reconciliation]], continue_on_error: bool) -> AsteraError | None:
        """Write each, and return the error that ended it, so that the rest was not tried."""
        for number, (entry, reconciliation) in enumerate(pending):
            self._client.report("{} of {} {}s written", number, len(pending), self._noun)
            with self._errors_of(entry):
                if entry.resource and not reconciliation.write_accepted:
                    self._refuse_orphan(entry.resource)
                reconciliation.write()
                if reconciliation.error:
                    # Only a look can tell what became of it, and those that follow may build on it.
                    self._catalogue.forget()
                    reconciliation.read_back()
                    reconciliation.complete()
                elif entry.resource:
                    self._catalogue.note(entry.resource.search.found_id, reconciliation.plan)
            if entry.error and not (continue_on_error and self._survives(entry.error)):
                return entry.error
        return None

    def _survives(self, error: AsteraError) -> bool:
        """Whether the next entry may do better: the server still answers."""
        if error.is_server_wide:
            self._catalogue.forget()
            with contextlib.suppress(AsteraError):
                return bool(self._catalogue.listing)
        return not error.is_server_wide

    def _outcome(self) -> Outcome:
        parts = [(entry.label, part) for entry in self._entries if (part := entry.part)]
        outcome = Outcome(changed=any(part.changed for _label, part in parts), parts=[part for _label, part in parts])
        outcome.changes = [
            replace(change, path=f"{self._noun}s[{label}].{change.path}")
            for label, part in parts
            for change in part.changes or []
        ]
        outcome.returned = {"results": [entry.to_result() for entry in self._entries]}
        warnings = [warning for entry in self._entries for warning in entry.warnings]
        outcome.warnings = list(dict.fromkeys(warnings + self._warnings))
        outcome.error = self._summary()
        return outcome

    def _summary(self) -> AsteraError | None:
        """The first failure, told together with the others."""
        failed = [(entry.label, entry.error) for entry in self._entries if entry.error]
        left = sum(1 for entry in self._entries if not entry.part and not entry.error)
        return bulk_error(self._noun, failed, len(self._entries), left)


def _label(item: dict[str, Any]) -> str:
    """How an entry is called in results: by its name, or by its id."""
    return str(item.get("name") or item.get("new_name") or f"id {item.get('id')}")
