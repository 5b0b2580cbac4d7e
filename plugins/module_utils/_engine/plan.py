# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan: what differs, and the body that would fix it. Private: may change in any release.

The plan is at once the diff and the result of check mode; an empty plan means no write.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from typing import Any

from .._data.json_text import json_bytes
from .._data.paths import MISSING, Path, get_field, put_field
from .._errors import input_error
from .._redaction.names import MASK, is_mask, is_secret_field
from .extra_fields import ExtraFields
from .field import Field

#: The field with the time of the last update. The server rejects an update with an older one.
VERSION_FIELD = "updateDtTm"
NEW_SECRET = f"{MASK} (updated)"


@dataclass(frozen=True, repr=False)
class Change:
    """One value that differs, with secrets redacted already.

    ``path`` is what the user sees; ``api`` is the path in the body, and ``field`` its field if it has one.
    """

    path: str
    before: Any
    after: Any
    api: Path = ()
    field: Field | None = None


@dataclass(repr=False)
class Plan:
    """The changes, and the whole body to send: the server's own object with the desired values laid over it.

    A plan that ``deletes`` has no body.
    """

    body: dict[str, Any]
    creates: bool = False
    deletes: bool = False
    changes: list[Change] = dataclass_field(default_factory=list)

    def __bool__(self) -> bool:
        return self.creates or self.deletes or bool(self.changes)


def make_plan(
    fields: Iterable[Field],
    current: dict[str, Any] | None,
    desired: dict[str, Any],
    extra: ExtraFields | None = None,
    *,
    send_secrets: bool = False,
) -> Plan:
    """Compare the server's object with the desired values, by option path, and with ``extra``.

    ``current`` None plans a creation. Secrets are never compared: they go along with other changes, and with
    ``send_secrets`` they are a change themselves.
    """
    plan = Plan(body=copy.deepcopy(current) if current is not None else {}, creates=current is None)
    secrets = []
    for field in fields:
        value = desired.get(field.option, field.create if plan.creates else MISSING)
        path = field.path_in(plan.body)
        if value is MISSING or (extra and extra.overrides_field(path)):
            continue
        if field.secret:
            secrets.append((field, value))
        else:
            _plan_field(plan, field, path, value)
    for field, leaf, value in extra.leaves(plan.body) if extra else ():
        _plan_field(plan, field, leaf, value)
    for field, value in secrets:
        if send_secrets:
            plan.changes.append(Change(field.option, MASK, NEW_SECRET, field.api, field))
        if plan:
            put_field(plan.body, field.api, value)
    return plan


def _plan_field(plan: Plan, field: Field, path: Path, value: Any) -> None:
    before = get_field(plan.body, path)
    if before is MISSING and field.when_shown:
        return
    if field.equal(before, value) and not (plan.creates and before is MISSING):
        return
    put_field(plan.body, path, value)
    after = NEW_SECRET if field.secret else field.shown(value)
    plan.changes.append(Change(field.option, field.shown(before), after, path, field))


def _masks_returned(body: Any, current: Any, path: str = "", secret: bool = False) -> Iterator[str]:
    """Where the body still has a mask that the server shows instead of a secret, also in lists."""
    if isinstance(body, dict):
        for name, value in body.items():
            is_secret = secret or is_secret_field(body, str(name))
            yield from _masks_returned(value, get_field(current, (name,)), f"{path}.{name}", is_secret)
    elif isinstance(body, list) and isinstance(current, list):
        for number, (value, shown) in enumerate(zip(body, current)):
            yield from _masks_returned(value, shown, f"{path}[{number}]", secret)
    elif secret and is_mask(body) and body == current:
        yield path.lstrip(".")


def validate_body(current: dict[str, Any] | None, plan: Plan) -> None:
    """Reject a body that would overwrite a secret with the mask that the server shows, or that JSON cannot carry."""
    if not plan:
        return
    for path in _masks_returned(plan.body, current):
        raise input_error(
            f"the server shows {path} only as a mask, and sending the mask back could overwrite the secret",
            "Set its real value in secret_extra_fields.",
        )
    json_bytes(plan.body)


def unapplied_changes(current: dict[str, Any], plan: Plan) -> list[Change]:
    """The planned values that the server does not show afterwards; ``before`` is what it shows instead."""
    left = []
    for change in plan.changes:
        field = change.field
        # A secret cannot be compared.
        if field is None or field.secret:
            continue
        shows = get_field(current, field.path_in(current) if field.other_names else change.api)
        if not field.equal(shows, get_field(plan.body, change.api)):
            left.append(replace(change, before=field.shown(shows)))
    return left
