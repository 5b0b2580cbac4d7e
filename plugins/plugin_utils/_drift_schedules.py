# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""When a schedule runs next, as far as that can be known. Private: may change in any release.

Only the schedule of every day is documented. That it runs each 24 hours from its start time, also when clocks
change, is inferred; so the result says that it was computed. No field of the server is known that shows it.
"""

from __future__ import annotations

import datetime
from typing import Any

from ansible_collections.astera.data_stack.plugins.module_utils._data.timestamps import (
    Timestamp,
    offset_text,
    parse_timestamp,
)

_DAY = datetime.timedelta(days=1)

OFF = "It is switched off."
COMPUTED = "Computed: every 24 hours from its start time. How the server treats summer time is not known."
NO_OFFSET = "Unknown: the server shows the start time without an offset from UTC."
OTHER = "Unknown: only the schedule of every day is documented."


def runs_of(schedule: dict[str, Any], now: str) -> dict[str, Any]:
    """``frequency``, ``next_run`` (ISO 8601, or null) and ``next_run_note``, which says how certain that is."""
    start = parse_timestamp((schedule.get("daily") or {}).get("start_time"))
    frequency = f"every day at {start.time_of_day.isoformat()} {_zone(start)}" if start else None
    next_run, note = None, OTHER
    if schedule.get("active") is False:
        note = OFF
    elif start:
        moment = parse_timestamp(now)
        next_run, note = (
            (None, NO_OFFSET) if start.offset is None or moment is None else (_next(start, moment), COMPUTED)
        )
    return {"frequency": frequency, "next_run": next_run, "next_run_note": note}


def _zone(start: Timestamp) -> str:
    return "at an unknown offset" if start.offset is None else f"UTC{offset_text(start.offset)}"


def _next(start: Timestamp, now: Timestamp) -> str | None:
    """The first run after ``now``, to the second, at the offset that the start time has."""
    if start.instant is None or now.instant is None:
        return None
    passed = now.instant[0] - start.instant[0]
    days = 0 if passed < datetime.timedelta(0) else passed // _DAY + 1
    return (start.local + days * _DAY).isoformat(timespec="seconds") + offset_text(start.offset)
