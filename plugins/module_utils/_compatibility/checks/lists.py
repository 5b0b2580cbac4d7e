# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of deployments, schedules and jobs. Private: may change in any release."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..._data.json_text import decoded
from ..._data.paths import MISSING, get_field
from ..._resources.deployment.read import ACTIVE
from ..._resources.job.responses import extract_status
from ..._resources.job.status import UNKNOWN
from ..._resources.schedule.frequency import DAILY_TYPE, EVERY_DAY_TYPE, START
from ..findings import CONFIRMED, DIFFERS, Finding, decided, joined
from ..responses import NotSeenError, Responses
from ..shapes import form_of, own_type, safe_name, shape_of
from .fields import whole_schedules


def activation(responses: Responses) -> Finding:
    """Is the activation state of deployments where it is expected?"""
    items = responses.objects("deployments")
    if all(isinstance(get_field(item, ACTIVE.api), bool) for item in items):
        return Finding(CONFIRMED, f"{ACTIVE.api}, a boolean")
    others = {ACTIVE.path_in(item) for item in items} - {ACTIVE.api}
    return Finding(DIFFERS, f"the field is {joined(others)}" if others else f"{ACTIVE.api} is absent, or not a boolean")


def frequencies(responses: Responses) -> Finding:
    """Are the types of all frequencies documented?"""
    fields: dict[str, set[str]] = {}
    for frequency in _frequencies(responses):
        for name, obj in _types_in(frequency):
            fields.setdefault(name, set()).update(map(safe_name, obj))
    if not fields:
        raise NotSeenError("no schedule shows the type of its frequency")
    found = "; ".join(f"{name} with {joined(names)}" for name, names in sorted(fields.items()))
    return decided(set(fields) == {DAILY_TYPE, EVERY_DAY_TYPE}, found)


def start_times(responses: Responses) -> Finding:
    """Is each start time an instant?"""
    values = [get_field(frequency, START) for frequency in _frequencies(responses)]
    forms = {form_of(value) for value in values if isinstance(value, str)}
    if not forms:
        raise NotSeenError("no schedule has a start time")
    return decided(all(form.startswith("date-time") and "no offset" not in form for form in forms), joined(forms))


def schedule_names(responses: Responses) -> Finding:
    """Is each name used once?"""
    names = [get_field(item, "name") for item in responses.objects("schedules")]
    texts = [name for name in names if isinstance(name, str)]
    duplicates = len(texts) - len(set(texts))
    return decided(not duplicates, f"{duplicates} duplicates in {len(texts)} names")


def job_status(responses: Responses) -> Finding:
    """Is the status of a job that does not exist a documented one, and a JSON string?"""
    exchange = responses.allowed("unknown job")
    if exchange.status != 200 or exchange.response is None:
        return Finding(DIFFERS, str(exchange))
    status = extract_status(decoded(exchange.response.text)) or ""
    shown = status if status.isalnum() and len(status) <= 30 else "another text"
    form = "plain text" if exchange.json is MISSING else f"JSON {shape_of(exchange.json)['(response)']}"
    # The modules ignore the case too.
    return decided(isinstance(exchange.json, str) and status.casefold() in UNKNOWN, f"{shown}, {form}")


def _frequencies(responses: Responses) -> Iterator[dict[str, Any]]:
    for item in whole_schedules(responses):
        frequency = get_field(item, "schedule")
        if isinstance(frequency, dict):
            yield frequency


def _types_in(value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """The names of types and the objects that have them, at every depth."""
    if isinstance(value, dict):
        name = get_field(value, "typeName")
        if isinstance(name, str):
            yield own_type(name) or "a type of another name", value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _types_in(inner)
