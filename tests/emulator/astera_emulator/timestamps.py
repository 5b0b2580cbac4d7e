"""Timestamps as the server writes them: seven fraction digits and an offset.

Documented example: 2022-09-06T04:53:46.2573662-07:00. One tick is 100 nanoseconds, the unit of .NET date-times.
"""

from __future__ import annotations

import re
import threading
import time
from datetime import UTC, datetime, timedelta, timezone

from .store import Store

TICKS_PER_SECOND = 10_000_000
# The zone of the documented example; a fixed one, so that a test does not depend on the machine's own.
SERVER_ZONE = timezone(timedelta(hours=-7))

_ISO_8601 = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d)?(?:\.(\d{1,7})\d*)?(Z|[+-]\d\d:\d\d)?", re.ASCII)


def to_text(ticks: int) -> str:
    """Write ticks since 1970 (UTC) as a timestamp."""
    seconds, fraction = divmod(ticks, TICKS_PER_SECOND)
    moment = datetime.fromtimestamp(seconds, SERVER_ZONE).isoformat()
    return f"{moment[:19]}.{fraction:07d}{moment[19:]}"


def to_ticks(text: str) -> int:
    """Read an ISO 8601 date-time into ticks since 1970 (UTC), else ValueError. Without offset: the server's zone."""
    match = _ISO_8601.fullmatch(text)
    if not match:
        raise ValueError(f"not an ISO 8601 date-time: {text!r}")
    minute, second, fraction, offset = match.groups()
    moment = datetime.fromisoformat(minute + (second or ":00") + (offset or "").replace("Z", "+00:00"))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=SERVER_ZONE)
    seconds = (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)
    return seconds * TICKS_PER_SECOND + int((fraction or "").ljust(7, "0"))


class Timestamps:
    """Hands out timestamps that strictly increase, also within one tick and across restarts."""

    def __init__(self, store: Store) -> None:
        """Take the store that remembers the last timestamp."""
        self._store = store
        self._lock = threading.Lock()

    def next(self) -> str:
        """Return a timestamp newer than all before: two updates must never share one, or a stale update would pass."""
        with self._lock:
            last = int(self._store.note("last_ticks") or 0)
            ticks = max(time.time_ns() // 100, last + 1)
            self._store.set_note("last_ticks", str(ticks))
        return to_text(ticks)
