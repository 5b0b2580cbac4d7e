# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one way to bring a server's object to its desired state. Private: may change in any release.

Read, plan, write, read back. The server guards updates with a version timestamp and responds with 400 when it is
outdated (documented), with an unknown text. So a rejection counts as a conflict exactly when the timestamp has
changed since our read.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Generic, TypeVar

from .._data.paths import MISSING, get_field, put_field
from .._errors import AsteraError
from .plan import VERSION_FIELD, Change, Plan, unapplied_changes, validate_body
from .resource import NamedResource, Resource
from .result import Result

#: Writes until somebody else changes the object too often.
MAX_ATTEMPTS = 3
#: 400 is documented; the other two are what HTTP itself provides for an outdated write.
CONFLICT_STATUSES = frozenset({400, 409, 412})
#: Responses to an update or a deletion of an object that may have been deleted since; a read shows that.
GONE_STATUSES = frozenset({404, 410})


AnyResource = TypeVar("AnyResource", bound=Resource)


def is_gone(error: AsteraError) -> bool:
    """Whether the error of a read by id says that the object does not exist."""
    return error.kind == "not_found" or error.status in GONE_STATUSES


class Reconciliation(Generic[AnyResource]):
    """One object on its way to the planned state. Making it reads the object; nothing is written before ``write``.

    ``run`` is the whole way. Its steps are separate so that many objects can share a read: ``write``, then
    ``read_back`` on what the server shows by then, until ``done``; then ``result``. ``needs_read_back``: a write was
    accepted, and nothing was read since.
    """

    def __init__(self, resource: AnyResource) -> None:
        self.resource = resource
        self.error: AsteraError | None = None
        self.write_attempted = self.needs_read_back = False
        self._submitted = Plan(body={})
        #: By path, what the server accepted, or shows after a write whose response was lost.
        self._written: dict[str, Change] = {}
        self._attempts = 0
        self.initial = self.current = resource.read()
        self.plan = self._planned()
        self.done = not self.plan

    def run(self, *, check_mode: bool) -> tuple[Result, dict[str, Any] | None]:
        """Bring the object to the planned state, but not in check mode; returns ``result``.

        Raises AsteraError when the server rejects, when it does not respond, or after ``MAX_ATTEMPTS`` conflicts.
        """
        if not check_mode:
            self.complete()
        return self.result()

    def complete(self) -> None:
        """Write and read back until nothing is left to do."""
        while not self.done:
            self.write()
            if not self.done:
                self.resource.invalidate()
                self.read_back()

    def write(self) -> None:
        """Send the plan. An error that a read may explain is kept in ``error`` for ``read_back``.

        A write that the server does not guard follows a read at once, after which there may be nothing to do.
        """
        if self._attempts == MAX_ATTEMPTS:
            raise _too_many_conflicts(self.resource, self.error)
        self._attempts += 1
        self.error = None
        self.resource.prepare(self.plan)
        if self.resource.keeps_reads and not self._is_guarded:
            # A list is not read before each creation: a thousand of them would read half a million objects.
            if not self.plan.creates:
                self.resource.invalidate()
            self.current = self.resource.read()
            if not self.write_attempted:
                self.initial = self.current
            self.plan = self._planned()
            self.done = not self.plan
            if self.done:
                return
        self._submitted, self.write_attempted = self.plan, True
        try:
            self.resource.write(self._submitted)
        except AsteraError as error:
            gone = not self._submitted.creates and error.status in GONE_STATUSES
            if error.status not in CONFLICT_STATUSES and not error.may_have_been_applied and not gone:
                raise
            self.error = error
        else:
            self.needs_read_back = True
            self._note_written()

    @property
    def _is_guarded(self) -> bool:
        """Whether the server itself rejects the write after a concurrent change."""
        if self.plan.creates:
            return self.resource.guards_names
        return not self.plan.deletes and _timestamp(self.current) not in (MISSING, None)

    def _planned(self) -> Plan:
        """The plan for ``current``, if it can be sent."""
        plan = self.resource.plan(self.current)
        if plan:
            validate_body(self.current, plan)
        return plan

    @property
    def write_accepted(self) -> bool:
        """Whether the server has done a write, as far as is known."""
        return bool(self._written)

    def read_back(self) -> None:
        """Read what the server shows now: it is in sync, there is more to write, or the write's error was final."""
        error = self.error
        self.needs_read_back = False
        try:
            fresh = self.resource.read_back()
        except AsteraError as failure:
            # A conflict explains the error of the write; other failures of the read leave it open what became of it.
            raise (failure if error is None or failure.kind == "conflict" else error) from None
        if fresh is None and not self._submitted.deletes:
            raise _missing_after_write(self.resource, self._submitted, error)
        self.plan = self.resource.plan(fresh)
        if error is None:
            # A server may ignore fields when it creates an object. They are sent once more, as an update; no further.
            self.done = not (self._submitted.creates and _new_fields_to_set(self._submitted, self.plan, fresh))
        else:
            self.done = not self.plan
            if self.done and error.may_have_been_applied:
                self._note_written()
            elif self.plan and not _can_retry(error, self._submitted, self.current, fresh):
                raise error
            elif not self.write_accepted and not error.may_have_been_applied:
                # What somebody else has changed is none of our changes.
                self.initial = fresh
        self.current = fresh
        if not self.done:
            validate_body(fresh, self.plan)

    def _note_written(self) -> None:
        """Note what the last write changed. What was sent twice, with a creation and after it, was not there before."""
        for change in self._submitted.changes:
            old = self._written.get(change.path, change)
            self._written[change.path] = replace(change, before=old.before)

    def unverified_result(self) -> Result:
        """What the server accepted, if it could not be read back whether that is all that is desired."""
        return self._result_of(self._submitted, list(self._written.values()))

    def result(self) -> tuple[Result, dict[str, Any] | None]:
        """What was done, and the object as the server shows it; before the first write, what is planned.

        Only what the server shows counts as changed. Raises AsteraError when it still shows what was deleted.
        """
        if not self.done:
            return self._result_of(self.plan, self.plan.changes), None if self.plan.deletes else self.plan.body
        if self._submitted.deletes and self.current is not None:
            raise AsteraError(
                "server",
                f"the server accepted the deletion of {self.resource.label} but still shows it",
                hint="Run the task again in a moment. If it is still there, check it in the client.",
            )
        left = unapplied_changes(self.current or {}, self._submitted)
        lost = {change.path for change in left}
        result = self._result_of(
            self._submitted, [change for path, change in self._written.items() if path not in lost]
        )
        result.warnings = [
            f"The server did not keep {change.path} of {self.resource.label}: "
            f"sent {change.after!r}, read {change.before!r}. Somebody else may have changed it."
            for change in self.resource.readable(left)
        ]
        return result, self.current

    def _result_of(self, plan: Plan, changes: list[Change]) -> Result:
        """The result with these changes. Of a new object the diff leaves out what is empty or sent by default."""
        creates = self.initial is None
        changed = bool(changes) or (creates and self.write_accepted)
        shown = self.resource.readable(changes)
        if creates:
            shown = [one for one in shown if not one.field or one.after not in (None, "", one.field.create)]
        timestamp = _timestamp(self.initial)
        return Result(
            changed=changed,
            changes=shown,
            action=None if not changed else "delete" if plan.deletes else "create" if creates else "update",
            title=self.resource.label,
            changed_on_server=timestamp if isinstance(timestamp, str) else None,
        )


def run_named(resource: NamedResource, *, check_mode: bool) -> Result:
    """Bring one object to the desired state; in check mode, what would come of it."""
    return resource.finished(*Reconciliation(resource).run(check_mode=check_mode))


def deleted_meanwhile(noun: str) -> AsteraError:
    """The error for an object that was there a moment ago."""
    return AsteraError(
        "conflict", f"somebody else deleted {noun} during this task", hint="Run the task again if you still need it."
    )


def _missing_after_write(resource: Resource, sent: Plan, error: AsteraError | None) -> AsteraError:
    """The error for an object that is not there after a write."""
    if not sent.creates:
        return deleted_meanwhile(resource.label)
    # Never create again: a lost request may still be carried out. A second run finds out.
    return error or AsteraError(
        "server",
        f"the server accepted {resource.label} but does not show it afterwards",
        hint="Run the task again. Somebody else may have deleted it at once.",
    )


def _can_retry(error: AsteraError, sent: Plan, current: dict[str, Any] | None, fresh: dict[str, Any] | None) -> bool:
    """Whether to go on with a plan made on what the server shows now, after an error that left something to do."""
    if sent.creates:
        # It is there now: our own, or somebody else was faster.
        return True
    if error.may_have_been_applied:
        return error.status != 500
    return bool(_timestamp(fresh) != _timestamp(current))


def _timestamp(obj: dict[str, Any] | None) -> Any:
    return get_field(obj, VERSION_FIELD)


def _new_fields_to_set(sent: Plan, plan: Plan, fresh: dict[str, Any] | None) -> bool:
    """Whether a creation left something to do; what it sent by default, and the server ignored, is added to the plan.

    Secrets are not compared, so they alone are no reason.
    """
    planned = {change.path for change in plan.changes}
    for change in unapplied_changes(fresh or {}, sent):
        sent_value = get_field(sent.body, change.api)
        if change.field and change.path not in planned and sent_value == change.field.create:
            put_field(plan.body, change.api, sent_value)
            plan.changes.append(change)
    return any(not change.secret for change in plan.changes)


def _too_many_conflicts(resource: Resource, error: AsteraError | None) -> AsteraError:
    if error is not None and error.may_have_been_applied:
        return error
    message = f"somebody else changed {resource.label} between each read and write of this task"
    if error is not None:
        message = f"{message}: {error.message}"
    return (error or AsteraError("conflict", message)).with_(
        kind="conflict",
        message=message,
        hint="No change of this task was kept. Run it again when the other changes are done.",
    )
