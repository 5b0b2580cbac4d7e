"""Schedules: list, read, create, update (documented). What starts their jobs is in scheduler.py."""

from __future__ import annotations

from starlette.responses import Response

from .. import activation
from ..context import Call
from ..editing import check_name, check_unique, heeded, save
from ..errors import ApiError
from ..routing import Operation
from ..scheduler import EVERY_DAY
from ..schema import Shape
from ..shapes import SCHEDULE
from ..store import Document
from ..timestamps import to_text, to_ticks

_SUMMARY = ("id", "name", "isActive", "updateDtTm")
# The client shows when a schedule runs next and ran last, so its object surely has such fields; the names are invented.
_NEXT_RUN, _LAST_RUN = "nextRunTime", "lastRunTime"


async def read_schedules(call: Call) -> Response:
    """Return all schedules; whether as whole objects is unknown."""
    schedules = call.context.store.all("schedule")
    if call.settings.schedule_list == "summary":
        schedules = [{name: item[name] for name in _SUMMARY} for item in schedules]
        return call.response(_shape(call), [activation.shown(item, _active_field(call)) for item in schedules])
    return call.response(_shape(call), [_shown(call, item) for item in schedules])


async def read_schedule(call: Call) -> Response:
    """Return one schedule, usable as the body of an update (documented)."""
    number = call.number("scheduleId")
    schedule = call.context.store.get("schedule", number)
    if schedule is None:
        return call.nothing_there("schedule", number)
    return call.response(_shape(call), _shown(call, schedule))


async def write_schedule(call: Call) -> Response:
    """Create or update a schedule."""
    body = activation.taken(heeded(call.settings, await call.json(_shape(call))), _active_field(call))
    if call.settings.schedule_runs == "shown":
        read_only = (_NEXT_RUN.casefold(), _LAST_RUN.casefold())
        body = {name: value for name, value in body.items() if name.casefold() not in read_only}

    def finish(document: Document) -> None:
        check_name(document["name"])
        if call.settings.duplicate_schedule_name == "refuse":
            check_unique(call.context, "schedule", document)
        _check_target(call, document)
        _check_frequency(call, document["schedule"])
        if call.settings.start_time_offset == "server":
            _move_to_server_zone(document["schedule"])

    return call.saved(_shape(call), _shown(call, save(call.context, "schedule", SCHEDULE, body, finish)))


def _active_field(call: Call) -> str:
    """Return the name of the activation field."""
    return call.settings.schedule_active_field


def _shape(call: Call) -> Shape:
    """Return the shape of schedules on this server."""
    return activation.shape_with(SCHEDULE, _active_field(call))


def _shown(call: Call, schedule: Document) -> Document:
    """Return a schedule as responses show it."""
    document = activation.shown(schedule, _active_field(call))
    if call.settings.schedule_runs == "shown":
        document[_NEXT_RUN], document[_LAST_RUN] = call.context.scheduler.runs_of(schedule)
    return document


def _check_target(call: Call, document: Document) -> None:
    """Reject a schedule that has nothing to run: a file's path, or a deployment that exists."""
    if document["isFile"]:
        if not ((document["filePathResolved"] or {}).get("path") or "").strip():
            raise ApiError(400, "filePathResolved.path is required when isFile is true.")
        return
    number = document["deploymentId"]
    unknown = call.context.store.get("deployment", number) is None
    if unknown and call.settings.unknown_deployment_in_schedule == "refuse":
        raise ApiError(400, f"There is no deployment with id {number}.")
    if call.settings.missing_start_item == "refuse" and not (document["archiveStartItem"] or "").strip():
        raise ApiError(400, "archiveStartItem is required when isFile is false.")


def _check_frequency(call: Call, frequency: Document | None) -> None:
    """Reject a frequency whose class is unclear. `typeName` chooses it (inferred); other names are unknown."""
    if frequency is None:
        if call.settings.missing_frequency == "refuse":
            raise ApiError(400, "schedule is required.")
        return
    base = frequency.get("dailyScheduleBase") or {}
    names = (frequency.get("typeName"), base.get("typeName"))
    if not names[0] or (base and not names[1]):
        raise ApiError(400, "schedule.typeName is required.")
    if call.settings.schedule_types == "documented" and names != EVERY_DAY:
        raise ApiError(400, f"The schedule type '{names[0]}' is not known.")


def _move_to_server_zone(frequency: Document | None) -> None:
    """Write the start time in the server's own zone: the same instant, as a server that keeps UTC might show it."""
    base = (frequency or {}).get("dailyScheduleBase") or {}
    if base.get("startTime"):
        base["startTime"] = to_text(to_ticks(base["startTime"]))


OPERATIONS = (
    Operation("GET", "/api/Schedules", read_schedules),
    Operation("GET", "/api/Schedule/{scheduleId}", read_schedule),
    Operation("POST", "/api/Schedule", write_schedule, content="json", body=SCHEDULE),
)
