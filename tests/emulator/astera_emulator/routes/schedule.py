"""Schedules: list, read, create, update (documented). What starts their jobs is in scheduler.py."""

from __future__ import annotations

from starlette.responses import Response

from ..context import Call
from ..editing import check_name, check_unique, heeded, save
from ..errors import ApiError
from ..routing import Operation
from ..scheduler import EVERY_DAY
from ..shapes import SCHEDULE
from ..stamps import to_text, to_ticks
from ..store import Document

_SUMMARY = ("id", "name", "isActive", "updateDtTm")


async def read_schedules(call: Call) -> Response:
    """Answer with all schedules; whether as whole objects is unknown."""
    schedules = call.context.store.all("schedule")
    if call.settings.schedule_list == "summary":
        schedules = [{name: item[name] for name in _SUMMARY} for item in schedules]
    return call.answer(SCHEDULE, schedules)


async def read_schedule(call: Call) -> Response:
    """Answer with one schedule, usable as the body of an update (documented)."""
    number = call.number("scheduleId")
    schedule = call.context.store.get("schedule", number)
    if schedule is None:
        raise ApiError(call.settings.unknown_id, f"There is no schedule with id {number}.")
    return call.answer(SCHEDULE, schedule)


async def write_schedule(call: Call) -> Response:
    """Create or update a schedule."""
    body = heeded(call.settings, await call.json(SCHEDULE))

    def finish(document: Document) -> None:
        check_name(document["name"])
        if call.settings.duplicate_schedule_name == "refuse":
            check_unique(call.context, "schedule", document)
        _check_target(call, document)
        _check_frequency(call, document["schedule"])
        if call.settings.start_time_offset == "server":
            _move_to_server_zone(document["schedule"])

    return call.saved(SCHEDULE, save(call.context, "schedule", SCHEDULE, body, finish))


def _check_target(call: Call, document: Document) -> None:
    """Refuse a schedule that has nothing to run: a file's path, or a deployment that exists."""
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
    """Refuse a frequency whose class cannot be told. `typeName` chooses it (inferred); other names are unknown."""
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
