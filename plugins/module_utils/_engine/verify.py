# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is told of an object in the end: what changed, its two sides, what was not kept. Private."""

from __future__ import annotations

from typing import Any

from .._data.paths import get_field, put_field
from .._errors import AsteraError
from .._redaction.names import redact_fields
from .plan import VERSION_FIELD, Change, Plan, unapplied_changes
from .resource import Resource
from .result import Outcome


def settled(
    resource: Resource,
    first: dict[str, Any] | None,
    current: dict[str, Any] | None,
    sent: Plan,
    written: dict[str, Change],
) -> Outcome:
    """The outcome after the last write: only what the server shows counts as changed."""
    if sent.deletes:
        if current is not None:
            raise AsteraError(
                "server",
                f"the deletion of {resource.label} was accepted but the server still shows it",
                hint="Look at it in the client; run the task again if the server only needs a moment.",
            )
        return outcome_of(resource, first, None, list(written.values()))
    left = unapplied_changes(current or {}, sent)
    lost = {change.path for change in left}
    changes = [change for path, change in written.items() if path not in lost]
    outcome = outcome_of(resource, first, current, changes)
    outcome.changed = outcome.changed or first is None
    outcome.warnings = [
        f"The server did not keep {change.path} of {resource.label}: "
        f"asked for {change.after!r}, it shows {change.before!r}. Or somebody else changed it since."
        for change in left
    ]
    return outcome


def outcome_of(
    resource: Resource, first: dict[str, Any] | None, last: dict[str, Any] | None, changes: list[Change]
) -> Outcome:
    outcome = Outcome(changed=bool(changes), changes=changes, title=resource.label)
    outcome.before = _side(resource, first, [(change, change.before) for change in changes])
    outcome.after = _side(resource, last, [(change, change.after) for change in changes])
    timestamp = get_field(first, VERSION_FIELD)
    outcome.changed_on_server = timestamp if isinstance(timestamp, str) else None
    return outcome


def _side(resource: Resource, obj: dict[str, Any] | None, values: list[tuple[Change, Any]]) -> dict[str, Any]:
    """One side of the diff: the object in the shape of the options, and the changed values that it has no place for."""
    side: dict[str, Any] = redact_fields(resource.show(obj) or {})
    for change, value in values:
        beyond = change.action != "remove" and (change.field is None or change.secret)
        if beyond and not (obj is None and value is None):
            put_field(side, change.path, redact_fields(value))
    return side
