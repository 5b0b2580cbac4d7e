# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a schedule runs: the field ``schedule`` of the API's object. Private: may change in any release.

Only one form is documented, every day at a time. All others pass through as the API's own dictionary, best copied from
a schedule that was made in the client; no type name is ever invented.
"""

from __future__ import annotations

import copy
import datetime
from dataclasses import replace
from typing import Any

from ..._data.paths import MISSING, get_field, merged, put_field
from ..._data.timestamps import Timestamp, parse_offset, parse_time_of_day, parse_timestamp, same_instant
from ..._engine.field import Field, desired_values
from ..._engine.plan import Change
from ..._errors import input_error

DAILY_TYPE = "Astera.Core.DailySchedule"
EVERY_DAY_TYPE = "Astera.Core.DailyScheduleEveryDay"
START = "dailyScheduleBase.startTime"

#: The server's own object has only the start.
TIMES = (
    Field(
        "daily.start_time",
        START,
        time=True,
        description="Date and time of the first run in ISO 8601 with an offset, such as V(2026-12-01T04:30:00+01:00). "
        "Every later run is at the same time of day.",
    ),
    Field(
        "daily.at",
        START,
        time=True,
        description="Time of day, V(HH:MM) or V(HH:MM:SS), instead of O(daily.start_time). "
        "An existing schedule keeps the day of its first run.",
    ),
    Field(
        "daily.utc_offset",
        START,
        time=True,
        description="Offset from UTC of O(daily.at), such as V(+01:00). "
        "By default that of the existing schedule, or of the machine that runs the module.",
    ),
)
#: Description of the dictionary that contains them.
GROUPS = {"daily": "Run every day."}


def local_now() -> datetime.datetime:
    """The time of the machine on which the task runs, with its offset from UTC."""
    return datetime.datetime.now().astimezone()


def is_daily(schedule: Any) -> bool:
    """Whether a ``schedule`` field has the documented every-day form."""
    types = (get_field(schedule, "typeName"), get_field(schedule, "dailyScheduleBase.typeName"))
    return types == (DAILY_TYPE, EVERY_DAY_TYPE)


def desired_frequency(params: dict[str, Any], current: Any) -> dict[str, Any] | None:
    """The field ``schedule`` that the options ask for, by the one that the server has now (MISSING: there is none).

    None when they say nothing. Invalid options are an input error, whatever the server has.
    """
    raw, daily = params.get("schedule"), params.get("daily")
    if raw is not None:
        if not raw:
            raise input_error("schedule must not be empty", "Copy what astera_schedule_info returns for another one.")
        is_copy = params.get("like") is not None
        same_type = not is_copy and get_field(current, "typeName") == get_field(raw, "typeName")
        return merged(current, raw) if same_type else copy.deepcopy(raw)
    if daily is None:
        return None
    desired_values(TIMES, params)
    uses_at = daily.get("at") is not None or daily.get("utc_offset") is not None
    if uses_at == (daily.get("start_time") is not None):
        raise input_error("daily needs either start_time, or at with or without utc_offset")
    return _daily(current, _at_time_of_day(daily, current) if uses_at else _start_time(daily["start_time"]))


def _start_time(text: str) -> Timestamp:
    timestamp = parse_timestamp(text)
    if timestamp is None or timestamp.offset is None:
        raise input_error(
            f"daily.start_time must be an ISO 8601 date and time with an offset, not {text!r}",
            "For example 2026-12-01T04:30:00+01:00; without the offset the instant is ambiguous.",
        )
    return timestamp


def _at_time_of_day(daily: dict[str, Any], current: Any) -> Timestamp:
    """The first run at a time of day. It keeps its day, and all of it where the time of day is right."""
    at = parse_time_of_day(daily.get("at") or "", "daily.at")
    offset = None
    if daily.get("utc_offset") is not None:
        try:
            offset = parse_offset(daily["utc_offset"])
        except ValueError:
            raise input_error(f"daily.utc_offset must have the form +02:00, not {daily['utc_offset']!r}") from None
    shown = parse_timestamp(get_field(current, START)) if is_daily(current) else None
    if shown is None:
        return _next(at, offset)
    # A server may show the instant at another offset, and a new schedule gets that of this machine.
    readings = [shown.at_offset(offset)] if offset is not None else [shown, shown.at_local_offset()]
    if at in [reading.time_of_day for reading in readings]:
        return shown
    return Timestamp(datetime.datetime.combine(readings[0].local.date(), at), 0, readings[0].offset)


def _next(at: datetime.time, offset: datetime.timedelta | None) -> Timestamp:
    """The next time that a clock at this offset (default: the local one, as it will be then) shows ``at``."""
    zone = None if offset is None else datetime.timezone(offset)
    now = local_now()
    day = now.astimezone(zone).date()
    while True:
        start = datetime.datetime.combine(day, at, zone).astimezone(zone)
        # On the day on which clocks are put forward some times do not exist.
        if start > now and start.time() == at:
            return Timestamp(start.replace(tzinfo=None), 0, start.utcoffset())
        day += datetime.timedelta(days=1)


def _daily(current: Any, start: Timestamp) -> dict[str, Any]:
    """The documented form, laid over what the server has when that is of the same type."""
    result: dict[str, Any] = copy.deepcopy(current) if is_daily(current) else {}
    shown = get_field(result, START)
    if shown is MISSING or not same_instant(shown, start.text()):
        put_field(result, START, start.text())
    put_field(result, "dailyScheduleBase.typeName", EVERY_DAY_TYPE)
    put_field(result, "typeName", DAILY_TYPE)
    return result


def show_frequency(schedule: Any) -> dict[str, Any]:
    """The options ``daily`` and ``schedule`` for this frequency: only one of them, so that it can be fed back."""
    start = get_field(schedule, START)
    if is_daily(schedule) and isinstance(start, str):
        return {"daily": {"start_time": start}, "schedule": None}
    return {"daily": None, "schedule": schedule if isinstance(schedule, dict) else None}


def readable_frequency(change: Change, daily: dict[str, Any] | None) -> Change:
    """A change of the field ``schedule``, as one of the option in ``daily`` where that is the desired form."""
    old, new = (show_frequency(side)["daily"] for side in (change.before, change.after))
    if new is None:
        return change
    before, after = old["start_time"] if old else change.before and "another frequency", new["start_time"]
    if not (daily and daily.get("at")):
        return replace(change, path="daily.start_time", before=before, after=after)
    before, after = (_time_of_day(side, daily.get("utc_offset")) for side in (before, after))
    return replace(change, path="daily.at", before=before, after=after)


def _time_of_day(start: Any, offset: str | None) -> Any:
    """The time in a start time, on the clock of the author; anything else as it is."""
    moment = parse_timestamp(start)
    if moment is None:
        return start
    time = (moment.at_offset(parse_offset(offset)) if offset else moment).time_of_day
    return time.isoformat("seconds" if time.second else "minutes")
