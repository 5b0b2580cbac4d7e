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
from .plan import VERSION_FIELD, Plan, unapplied_changes, validate_body
from .resource import NamedResource, Resource
from .result import Result

#: Writes until somebody else changes the object too often.
MAX_ATTEMPTS = 3
#: 400 is documented for an outdated write. HTTP provides 409 and 412 for it, 404 and 410 for an object that is gone.
CONFLICT_STATUSES = frozenset({400, 404, 409, 410, 412})


AnyResource = TypeVar("AnyResource", bound=Resource)


class Reconciliation(Generic[AnyResource]):
    """One object on its way to the planned state. Making it reads the object; nothing is written before ``write``.

    ``run`` is the whole way. Its steps are separate so that many objects can share a read: ``write``, then
    ``read_back`` on what the server shows by then, until ``plan`` is empty; then ``result``.
    """

    def __init__(self, resource: AnyResource) -> None:
        self.resource = resource
        #: All that the server accepted, or shows after a write whose response was lost. It has no body.
        self.accepted = Plan(body={})
        #: The last plan of these.
        self._sent = self.accepted
        self._plan_for(resource.read())

    def _plan_for(self, current: dict[str, Any] | None) -> None:
        self.current, self.plan = current, self.resource.plan(current)
        validate_body(current, self.plan)

    def run(self, *, check_mode: bool) -> tuple[Result, dict[str, Any] | None]:
        """Bring the object to the planned state, but not in check mode; returns ``result``."""
        while self.plan and not check_mode:
            self.write()
            if self.plan:
                self.resource.invalidate()
                self.read_back()
        return self.result()

    def write(self) -> None:
        """Send the plan until the server accepts it, or until a read shows that nothing is left to do.

        Raises AsteraError when the server rejects, when it does not respond, or after ``MAX_ATTEMPTS`` conflicts.
        """
        for attempt in range(1, MAX_ATTEMPTS + 1):
            self._prepare()
            if not self.plan:
                return
            try:
                self.resource.write(self.plan)
            except AsteraError as error:
                self._plan_after(error)
                if self.plan and attempt == MAX_ATTEMPTS:
                    raise _too_many_conflicts(self.resource, error) from None
            else:
                self._accept(self.plan)
                return

    def _prepare(self) -> None:
        """Do what comes before a write. One that the server does not guard follows a read at once."""
        self.resource.prepare(self.plan)
        if self.plan and self.resource.keeps_reads and not self._is_guarded:
            # A list is not read before each creation: a thousand of them would read half a million objects.
            if not self.plan.creates:
                self.resource.invalidate()
            self._plan_for(self.resource.read())

    @property
    def _is_guarded(self) -> bool:
        """Whether the server itself rejects the write after a concurrent change."""
        if self.plan.creates:
            return self.resource.guards_names
        return not self.plan.deletes and _timestamp(self.current) not in (MISSING, None)

    def _plan_after(self, error: AsteraError) -> None:
        """Plan again on what the server shows after a failed write. Raises the error if that does not explain it."""
        if error.status not in CONFLICT_STATUSES and not error.may_have_been_applied:
            raise error
        sent, before = self.plan, self.current
        self.resource.invalidate()
        try:
            fresh = self.resource.read_back()
        except AsteraError as failure:
            # Other failures than a conflict leave it open what became of the write.
            raise (failure if failure.kind == "conflict" else error) from None
        if fresh is None and not sent.deletes:
            # Never create again: a lost request may still be carried out. A second run finds out.
            raise error if sent.creates else deleted_meanwhile(self.resource.label)
        self._plan_for(fresh)
        if self.plan and not _can_retry(error, sent, before, fresh):
            raise error
        if error.may_have_been_applied and (sent.creates or not self.plan):
            self._accept(sent)

    def read_back(self) -> None:
        """Read what the server shows after a write that it accepted: it is in sync, or there is more to write."""
        sent, fresh = self.plan, self.resource.read_back()
        if fresh is None and not sent.creates and not sent.deletes:
            raise deleted_meanwhile(self.resource.label)
        if (fresh is None) is not sent.deletes:
            what, shows = ("the deletion of ", "still shows") if sent.deletes else ("", "does not show")
            message = f"the server accepted {what}{self.resource.label} but {shows} it afterwards"
            raise AsteraError("server", message, hint="Run the task again. Then check it in the client.")
        self._plan_for(fresh)
        # A server may ignore fields when it creates an object. They are sent once more, as an update; no further.
        if not (sent.creates and _add_ignored(self.plan, sent, fresh)):
            self.plan = Plan(body={})

    def _accept(self, plan: Plan) -> None:
        """Note what the server has done. What is sent twice, with a creation and after it, was not there before."""
        known = {change.path for change in self.accepted.changes}
        changes = self.accepted.changes + [change for change in plan.changes if change.path not in known]
        self._sent = plan
        self.accepted = Plan({}, self.accepted.creates or plan.creates, plan.deletes, changes)

    def result(self) -> tuple[Result, dict[str, Any] | None]:
        """What was done, and the object as the server shows it; before the first write, what is planned.

        Only what the server shows counts as changed.
        """
        if self.plan:
            return self.result_of(self.plan), None if self.plan.deletes else self.plan.body
        lost = unapplied_changes(self.current or {}, self._sent)
        lost_paths = {change.path for change in lost}
        kept = [change for change in self.accepted.changes if change.path not in lost_paths]
        result = self.result_of(replace(self.accepted, changes=kept))
        result.warnings = [
            f"The server did not keep {change.path} of {self.resource.label}: "
            f"sent {change.after!r}, read {change.before!r}. Somebody else may have changed it."
            for change in self.resource.readable(lost)
        ]
        return result, self.current

    def result_of(self, plan: Plan) -> Result:
        """The result of a plan. Of a new object the diff leaves out what is empty or sent by default."""
        changes = self.resource.readable(plan.changes)
        if plan.creates:
            changes = [one for one in changes if not one.field or one.after not in (None, "", one.field.create)]
        timestamp = _timestamp(self.current)
        return Result(
            changed=bool(plan),
            changes=changes,
            action="delete" if plan.deletes else "create" if plan.creates else "update" if plan else None,
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


def _add_ignored(plan: Plan, sent: Plan, fresh: dict[str, Any] | None) -> bool:
    """Add what a creation sent by default, and the server ignored, to the plan; whether there is something to send.

    Secrets are not compared, so they alone are no reason.
    """
    planned = {change.path for change in plan.changes}
    for change in unapplied_changes(fresh or {}, sent):
        value = get_field(sent.body, change.api)
        if change.field and change.path not in planned and value == change.field.create:
            put_field(plan.body, change.api, value)
            plan.changes.append(change)
    return any(not (change.field and change.field.secret) for change in plan.changes)


def _too_many_conflicts(resource: Resource, error: AsteraError) -> AsteraError:
    if error.may_have_been_applied:
        return error
    return error.with_(
        kind="conflict",
        message=f"somebody else changed {resource.label} between each read and write of this task: {error.message}",
        hint="No change of this task was kept. Run it again when the other changes are done.",
    )
