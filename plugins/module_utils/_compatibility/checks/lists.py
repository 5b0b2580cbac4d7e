# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Assumptions about deployments, schedules and jobs. Private: may change in any release."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from ..._data.json_text import decoded, single_object
from ..._data.paths import MISSING, get_field
from ..._resources.deployment import read as deployment
from ..._resources.job.responses import extract_status
from ..._resources.schedule import read as schedule
from ..._resources.schedule.frequency import DAILY_TYPE, EVERY_DAY_TYPE
from ..assumption import CONFIRMED, DIFFERS, UNDECIDED, Assumption, Finding, decided, listed
from ..evidence import Evidence, NotSeenError
from ..shapes import date_form, own_type, safe_name
from .members import further_members, missing_members, objects_of

DEPLOYMENTS, SCHEDULES, JOBS = "Deployments and uploads", "Schedules", "Jobs"
#: How the documentation shows times.
DOCUMENTED_TIME = "date-time with 7 fraction digits and an offset"
_KNOWN_TYPES = {DAILY_TYPE, EVERY_DAY_TYPE}


def _is_list(name: str) -> Any:
    """A judge: does the call answer with a list of objects, each with its identity?"""

    def judge(evidence: Evidence) -> Finding:
        data = evidence.data(name)
        if not isinstance(data, list):
            wrapped = f"an object with {listed(map(safe_name, data))}" if isinstance(data, dict) else "no list"
            return Finding(DIFFERS, wrapped)
        if not data:
            return Finding(UNDECIDED, "an empty list")
        needed = ("id", "name", "updateDtTm")
        lacking = {part for part in needed for item in data if get_field(item, part) is MISSING}
        return decided(not lacking, f"a list of {len(data)}; missing: {listed(lacking)}")

    return judge


def _activation(evidence: Evidence) -> Finding:
    items = evidence.objects("deployments")
    if all(isinstance(get_field(item, deployment.ACTIVE.api), bool) for item in items):
        return Finding(CONFIRMED, "isActive, a boolean")
    others = {deployment.ACTIVE.path_in(item) for item in items} - {deployment.ACTIVE.api}
    return Finding(DIFFERS, f"the field is {listed(others)}" if others else "isActive is absent, or no boolean")


def _stamps(evidence: Evidence) -> Finding:
    forms = set()
    for kind in ("deployments", "schedules"):
        with contextlib.suppress(NotSeenError):
            items = evidence.objects(kind)
            values = (get_field(item, name) for item in items for name in ("updateDtTm", "createdDtTm"))
            forms |= {date_form(value) or "another form" for value in values if isinstance(value, str)}
    if not forms:
        raise NotSeenError("no deployment and no schedule shows a stamp")
    return decided(forms == {DOCUMENTED_TIME}, listed(forms))


def _list_is_whole(evidence: Evidence) -> Finding:
    items = evidence.objects("schedules")
    is_whole = all(map(schedule.is_whole, items))
    return decided(is_whole, "whole objects" if is_whole else f"members: {listed(map(safe_name, items[0]))}")


def _single(evidence: Evidence) -> Finding:
    evidence.objects("schedules")
    seen = evidence.allowed("schedule 1")
    found = single_object(seen.data)
    return decided(seen.status == 200 and found is not None and schedule.is_whole(found), seen.told())


def _frequencies(evidence: Evidence) -> Iterator[dict[str, Any]]:
    for item in objects_of(evidence, "schedules"):
        frequency = get_field(item, "schedule")
        if isinstance(frequency, dict):
            yield frequency


def _types_in(value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """The names of types, with the objects that carry them, at every depth."""
    if isinstance(value, dict):
        name = get_field(value, "typeName")
        if isinstance(name, str):
            yield own_type(name) or "a type of another name", value
        for inner in value.values():
            yield from _types_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _types_in(inner)


def _frequency_types(evidence: Evidence) -> Finding:
    members: dict[str, set[str]] = {}
    for frequency in _frequencies(evidence):
        for name, obj in _types_in(frequency):
            members.setdefault(name, set()).update(map(safe_name, obj))
    if not members:
        raise NotSeenError("no schedule shows the type of its frequency")
    found = "; ".join(f"{name} with {listed(names)}" for name, names in sorted(members.items()))
    return decided(set(members) == _KNOWN_TYPES, found)


def _start_times(evidence: Evidence) -> Finding:
    path = "dailyScheduleBase.startTime"
    values = [get_field(frequency, path) for frequency in _frequencies(evidence)]
    forms = {date_form(value) or "another form" for value in values if isinstance(value, str)}
    if not forms:
        raise NotSeenError("there is no schedule for every day")
    return decided(forms == {DOCUMENTED_TIME}, listed(forms))


def _same_names(evidence: Evidence) -> Finding:
    names = [get_field(item, "name") for item in evidence.objects("schedules")]
    texts = [name for name in names if isinstance(name, str)]
    twice = len(texts) - len(set(texts))
    return (
        Finding(CONFIRMED, f"{twice} have the name of another")
        if twice
        else Finding(UNDECIDED, "no name is there twice")
    )


def _no_such_schedule(evidence: Evidence) -> Finding:
    seen = evidence.allowed("schedule that is none")
    return decided(seen.status == 404, seen.told())


def _job_word(evidence: Evidence) -> Finding:
    seen = evidence.allowed("job that is none")
    if seen.status != 200:
        return Finding(DIFFERS, seen.told())
    word = _word(seen)
    # As the modules compare it.
    is_known = word.casefold() in ("unknown", "invalid")
    return decided(is_known, word if word.isalnum() and len(word) <= 30 else "something else")


def _word(seen: Any) -> str:
    return extract_status(decoded(seen.answer.text)) or ""


def _status_form(evidence: Evidence) -> Finding:
    seen = evidence.allowed("job that is none")
    if seen.status != 200 or not _word(seen):
        raise NotSeenError(f"{seen.told()}, without a word")
    return decided(isinstance(seen.data, str), _form_of(seen.data))


def _form_of(data: Any) -> str:
    if data is MISSING:
        return "plain text"
    if isinstance(data, str):
        return "a JSON string"
    return "a JSON object" if isinstance(data, dict) else "a JSON number"


ASSUMPTIONS = (
    Assumption(
        "deployments-list",
        DEPLOYMENTS,
        "documented",
        "GET /api/Deployments answers with a list of objects that have id, name and stamp.",
        "astera_deployment cannot find deployments: please report it.",
        _is_list("deployments"),
    ),
    Assumption(
        "deployment-members",
        DEPLOYMENTS,
        "inferred",
        "The list holds the documented members of each deployment.",
        "astera_deployment would compare with nothing, and change what is right already: please report it.",
        missing_members("deployments"),
    ),
    Assumption(
        "deployment-further",
        DEPLOYMENTS,
        "unknown",
        "Deployments have members that are not documented.",
        "Nothing changes: they are sent back as they came.",
        further_members("deployments"),
    ),
    Assumption(
        "deployment-activation",
        DEPLOYMENTS,
        "inferred",
        "The activation state of a deployment is isActive.",
        "Nothing changes for the other names that are recognized: active, isActivated, activated, enabled, isEnabled. "
        "Where none of them is shown, the option active of astera_deployment is not sent, and a warning says so. If "
        "another field above looks like it, please report it.",
        _activation,
    ),
    Assumption(
        "stamps",
        DEPLOYMENTS,
        "inferred",
        "Stamps are date-times with seven fraction digits and an offset.",
        "Nothing changes: stamps are sent back as exact text.",
        _stamps,
    ),
    Assumption(
        "schedules-list",
        SCHEDULES,
        "inferred",
        "GET /api/Schedules answers with a list of objects that have id, name and stamp.",
        "astera_schedule cannot find schedules: please report it.",
        _is_list("schedules"),
    ),
    Assumption(
        "schedule-list-whole",
        SCHEDULES,
        "unknown",
        "The list shows whole schedules.",
        "Nothing changes but the speed: single schedules are read where the list shows less.",
        _list_is_whole,
    ),
    Assumption(
        "schedule-single",
        SCHEDULES,
        "documented",
        "GET /api/Schedule/{id} answers with a whole schedule.",
        "astera_schedule cannot change schedules: please report it.",
        _single,
    ),
    Assumption(
        "schedule-members",
        SCHEDULES,
        "inferred",
        "A schedule has the documented members, and the identity and stamps that a deployment has.",
        "astera_schedule would compare with nothing, and change what is right already: please report it.",
        missing_members("schedules"),
    ),
    Assumption(
        "schedule-further",
        SCHEDULES,
        "unknown",
        "Schedules have members that are not documented.",
        "Nothing changes: they are sent back as they came.",
        further_members("schedules"),
    ),
    Assumption(
        "frequencies",
        SCHEDULES,
        "documented",
        "The frequency for every day is Astera.Core.DailySchedule with Astera.Core.DailyScheduleEveryDay.",
        "Names of other types are what we would like to know most: they would become options of their own. Until then "
        "schedule passes them through and like copies them.",
        _frequency_types,
    ),
    Assumption(
        "start-time",
        SCHEDULES,
        "documented",
        "A start time is shown with seven fraction digits and an offset.",
        "Nothing changes: instants are compared.",
        _start_times,
    ),
    Assumption(
        "schedule-names",
        SCHEDULES,
        "unknown",
        "Two schedules may have the same name.",
        "Nothing changes: the server refuses a second one, and the collection looks for one first anyway.",
        _same_names,
    ),
    Assumption(
        "no-such-schedule",
        SCHEDULES,
        "unknown",
        "A schedule that does not exist answers 404.",
        "Nothing changes: names are looked for in the list, and a response with nothing is read like a 404.",
        _no_such_schedule,
    ),
    Assumption(
        "no-such-job",
        JOBS,
        "inferred",
        "The status of a job that does not exist is the word Unknown or Invalid.",
        "Nothing changes for a 404 and for a response with nothing. Another word counts as failed, and goes in the "
        "list of known ones.",
        _job_word,
    ),
    Assumption(
        "status-form",
        JOBS,
        "seen",
        "A status is a bare JSON string.",
        "Nothing changes: text, and an object with status, jobStatus or state, are read too. A number ends the wait "
        "like an unknown status: name those of your server in success_statuses and running_statuses, as text.",
        _status_form,
    ),
)
