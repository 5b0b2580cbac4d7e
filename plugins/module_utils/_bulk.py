# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Many objects in one task: one read, one plan, ordered writes, one read back. Private: may change in any release.

Each object goes the same way as in a task of its own (``Course``); only the reads of the list are shared. So a run that
changes nothing takes one read, however many objects there are, and nothing is written before all of them are planned.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Callable

from ._client import Client
from ._errors import AsteraError, bad_input
from ._lookup import Catalogue, object_name, update_id
from ._named import NamedTask
from ._outcome import Outcome
from ._plan import Change
from ._resource import Course

#: Options of the modules for many objects, beside the list itself.
OPTIONS: dict[str, dict[str, Any]] = {
    "unlisted": {"type": "str", "choices": ["keep", "deactivate"], "default": "keep"},
    "continue_on_error": {"type": "bool", "default": False},
}
#: Failures that the message tells; ``results`` has all of them.
TOLD = 3


@dataclass
class Entry:
    """One object of the task. ``listed`` is False for one that the author's list does not name."""

    label: str
    listed: bool = True
    task: NamedTask = field(init=False)
    course: Course = field(init=False)
    planned: bool = False
    outcome: Outcome | None = None
    error: AsteraError | None = None

    @property
    def pending(self) -> bool:
        return self.planned and self.error is None and not self.course.done

    @property
    def changed(self) -> bool:
        """For one that failed: whether the server had taken a write before."""
        return self.outcome.changed if self.outcome else self.planned and self.course.accepted

    def as_result(self) -> dict[str, Any]:
        result: dict[str, Any] = {"name": self.label, "listed": self.listed, "changed": self.changed}
        if self.error is not None:
            return {**result, "failed": True, **self.error.as_result()}
        if self.outcome is None:
            return {**result, "skipped": True}
        return {**result, **self.outcome.as_result(with_diff=False)}


class Bulk:
    """The objects of one kind, ``noun`` in the singular. ``make`` makes the task of one from its options."""

    def __init__(
        self, client: Client, noun: str, catalogue: Catalogue, make: Callable[[dict[str, Any]], NamedTask]
    ) -> None:
        self._client = client
        self._noun = noun
        self._catalogue = catalogue
        self._make = make
        self._entries: list[Entry] = []

    def ensure(self, items: list[dict[str, Any]], *, deactivate_others: bool, continue_on_error: bool) -> Outcome:
        """Bring all objects to their wanted states, and switch off those that ``items`` does not name if asked to.

        Raises AsteraError while nothing is written yet, for what concerns all. What concerns one is in the outcome.
        """
        if deactivate_others and not items:
            raise bad_input(
                f"{self._noun}s is empty, so unlisted=deactivate would switch off every {self._noun} of the server",
                "An empty list is most often a mistake in a template.",
            )
        self._entries = [Entry(_label(item)) for item in items]
        for entry, item in zip(self._entries, items):
            with self._errors_of(entry):
                entry.task = self._make(item)
        if self._failed and not continue_on_error:
            return self._outcome([])
        existing = list(self._catalogue.listing)
        self._plan_listed()
        warnings = self._plan_others(existing) if deactivate_others else []
        if continue_on_error or not self._failed:
            if self._client.check_mode:
                self._predict()
            else:
                self._carry_out(continue_on_error)
        return self._outcome(warnings)

    @contextlib.contextmanager
    def _errors_of(self, entry: Entry) -> Iterator[None]:
        """Keep an error with the entry that it concerns. Before the first write, one that concerns all is raised."""
        try:
            yield
        except AsteraError as error:
            if error.concerns_all and not any(other.planned and other.course.touched for other in self._entries):
                raise
            entry.error = error

    @property
    def _failed(self) -> bool:
        return any(entry.error for entry in self._entries)

    def _plan_listed(self) -> None:
        """Plan each object on the list as it will be when those before it are written."""
        claims = _Claims(self._noun)
        for entry in self._entries:
            if entry.error:
                continue
            with self._errors_of(entry):
                entry.course = Course(entry.task.resource())
                claims.add(entry)
                entry.planned = True
                if entry.course.plan:
                    self._catalogue.listing.show(entry.task.search.found_id, entry.course.plan.body)

    def _plan_others(self, existing: list[dict[str, Any]]) -> list[str]:
        """Add an entry for each object that the list does not name and that is still switched on."""
        if self._failed:
            return [f"Not every listed {self._noun} could be planned, so those that are not listed are left alone."]
        claimed = {entry.task.search.found_id for entry in self._entries}
        for obj in existing:
            entry = Entry(str(object_name(obj)), listed=False)
            with self._errors_of(entry):
                number = update_id(obj, f"the {self._noun} {entry.label!r}")
                if number in claimed:
                    continue
                entry.task = self._make({"id": number, "active": False, "state": "present"})
                entry.course = Course(entry.task.resource())
                self._refuse_unknown_state(entry)
                entry.planned = True
            if entry.error or entry.pending:
                self._entries.append(entry)
        return []

    def _refuse_unknown_state(self, entry: Entry) -> None:
        if entry.course.plan.ignored:
            raise AsteraError(
                "unsupported",
                f"the server does not show whether the {self._noun} {entry.label!r} is active",
                hint="So it cannot be switched off; leave unlisted at keep.",
            )

    def _predict(self) -> None:
        for entry in self._entries:
            if entry.planned and not entry.error:
                entry.outcome = entry.task.finished(*entry.course.predicted())

    def _carry_out(self, continue_on_error: bool) -> None:
        """Write in order and read back together; once more what a first write could not bring about."""
        go_on = True
        while go_on and (pending := [entry for entry in self._entries if entry.pending]):
            go_on = self._write(pending, continue_on_error)
            self._catalogue.forget()
            for entry in pending:
                if entry.course.unread and not entry.error:
                    with self._errors_of(entry):
                        entry.course.read_back()
                    go_on = go_on and (entry.error is None or (continue_on_error and not entry.error.concerns_all))
        for entry in self._entries:
            if entry.planned and entry.course.done and not entry.error:
                entry.outcome = entry.task.finished(*entry.course.outcome())

    def _write(self, pending: list[Entry], continue_on_error: bool) -> bool:
        """Write each; False when an error ended it, so that the rest was not tried."""
        for number, entry in enumerate(pending):
            self._client.report("{} of {} {}s written", number, len(pending), self._noun)
            if not entry.listed and self._failed:
                return False
            with self._errors_of(entry):
                entry.course.write()
                if entry.course.error:
                    # Only a look can tell what became of it, and those that follow may depend on it.
                    self._catalogue.forget()
                    entry.course.read_back()
                    entry.course.finish()
            if entry.error and (entry.error.concerns_all or not continue_on_error):
                return False
        return True

    def _outcome(self, warnings: list[str]) -> Outcome:
        parts = [entry.outcome for entry in self._entries if entry.outcome]
        outcome = Outcome(changed=any(entry.changed for entry in self._entries), parts=parts)
        outcome.changes = [
            replace(change, path=f"{self._noun}s[{entry.label}].{change.path}")
            for entry in self._entries
            for change in _changes(entry)
        ]
        outcome.returned = {"results": [entry.as_result() for entry in self._entries]}
        outcome.warnings = list(dict.fromkeys([text for part in parts for text in part.warnings] + warnings))
        outcome.error = self._summary()
        return outcome

    def _summary(self) -> AsteraError | None:
        """The first failure, told together with the others."""
        failed = [(entry.label, entry.error) for entry in self._entries if entry.error]
        if not failed:
            return None
        first = failed[0][1]
        tried = sum(1 for entry in self._entries if entry.outcome or entry.error or entry.changed)
        left = len(self._entries) - tried
        told = " ".join(f"{label!r}: {error}" for label, error in failed[:TOLD])
        more = f" And {len(failed) - TOLD} more, see results." if len(failed) > TOLD else ""
        skipped = f", and {left} were not tried" if left else ""
        first.summary = f"{len(failed)} of {len(self._entries)} {self._noun}s failed{skipped}. {told}{more}"
        return first


class _Claims:
    """Which object each entry of the list means, so that no two of them fight over one."""

    def __init__(self, noun: str) -> None:
        self._noun = noun
        self._labels: dict[Any, str] = {}

    def add(self, entry: Entry) -> None:
        search = entry.task.search
        for key in (search.found_id, search.final_name):
            if key is not None and key in self._labels:
                raise bad_input(
                    f"the list has two entries for the same {self._noun}, {self._labels[key]!r} and {entry.label!r}",
                    "Each would undo the other's work on every run; make them one.",
                )
        self._labels.update({key: entry.label for key in (search.found_id, search.final_name) if key is not None})


def _label(item: dict[str, Any]) -> str:
    """How an entry is called in results: by its name, or by its id."""
    return str(item.get("name") or item.get("new_name") or f"id {item.get('id')}")


def _changes(entry: Entry) -> list[Change]:
    return (entry.outcome.changes or []) if entry.outcome else []
