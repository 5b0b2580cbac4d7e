# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Timestamps with up to nine fraction digits, compared as instants. Private: may change in any release.

The server writes seven fraction digits, which Python's datetime cannot hold. Timestamps that guard an update are
never parsed at all: they go back as the exact text received.
"""

from __future__ import annotations

import contextlib
import datetime
import re
from dataclasses import dataclass

from .._errors import input_error

_TIMESTAMP = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2})(?:(:\d{2})(?:[.,](\d{1,9}))?)?\s*([Zz]|[+-]\d{2}:?\d{2})?"
)
_TIME_OF_DAY = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
_NUMBER = re.compile(r"[-+]?\d+(\.\d*)?")
_OFFSET = re.compile(r"[Zz]|([+-])(0[0-9]|1[0-4]):?([0-5][0-9])")

#: What to do about a time that YAML has turned into a number.
_IN_QUOTES = "Put it in quotes: YAML reads 14:30 without them as the number 870."


@dataclass(frozen=True)
class Timestamp:
    """A local date and time, its fraction in nanoseconds, and its offset from UTC (None where none is written)."""

    local: datetime.datetime
    nanoseconds: int
    offset: datetime.timedelta | None

    @property
    def instant(self) -> tuple[datetime.datetime, int] | None:
        """Something that is equal for equal instants; None without an offset."""
        return None if self.offset is None else (self.local - self.offset, self.nanoseconds)

    @property
    def time_of_day(self) -> datetime.time:
        return self.local.time()

    def at_offset(self, offset: datetime.timedelta) -> Timestamp:
        """The same instant on a clock with another offset; a timestamp without one belongs to that clock."""
        local = self.local if self.offset is None else self.local - self.offset + offset
        return Timestamp(local, self.nanoseconds, offset)

    def at_local_offset(self) -> Timestamp:
        """The same instant on the clock of this machine, with the offset that holds there on that day."""
        if self.offset is None:
            return self
        offset = self.local.replace(tzinfo=datetime.timezone(self.offset)).astimezone().utcoffset()
        return self.at_offset(offset or datetime.timedelta(0))

    def text(self) -> str:
        """The form of the documented sample: seven fraction digits and an offset."""
        seconds = self.local.isoformat(timespec="seconds")
        return f"{seconds}.{self.nanoseconds // 100:07d}{offset_text(self.offset)}"


def offset_text(offset: datetime.timedelta | None) -> str:
    """``-07:00``; empty for None."""
    return "" if offset is None else str(datetime.timezone(offset)).partition("UTC")[2] or "+00:00"


def parse_timestamp(text: object) -> Timestamp | None:
    """Read an ISO 8601 date and time; None when it is not one."""
    match = _TIMESTAMP.fullmatch(text.strip()) if isinstance(text, str) else None
    if not match:
        return None
    date, time, seconds, fraction, offset = match.groups("")
    try:
        # A margin of two days, so that every change of the offset stays within the calendar.
        local = datetime.datetime.fromisoformat(f"{date}T{time}{seconds}")
        local - datetime.timedelta(days=2), local + datetime.timedelta(days=2)  # pylint: disable=pointless-statement
        return Timestamp(local, int(fraction.ljust(9, "0")), parse_offset(offset) if offset else None)
    except (ValueError, OverflowError):
        return None


def parse_offset(text: str) -> datetime.timedelta:
    """``Z``, ``+02:00`` or ``+0200`` as a time difference. Raises ValueError for anything else."""
    match = _OFFSET.fullmatch(text.strip())
    if not match:
        raise ValueError(text)
    sign, hours, minutes = match.groups("0")
    return datetime.timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if sign == "-" else 1)


def same_instant(one: object, other: object) -> bool:
    """Whether two texts name the same instant; texts that are not timestamps with an offset must be equal."""
    first, second = parse_timestamp(one), parse_timestamp(other)
    if first and second and first.instant and second.instant:
        return first.instant == second.instant
    return one == other


def parse_time_of_day(text: str, option: str) -> datetime.time:
    """``HH:MM`` or ``HH:MM:SS``; an input error that names ``option`` otherwise."""
    match = _TIME_OF_DAY.fullmatch(text.strip())
    if match:
        with contextlib.suppress(ValueError):
            hour, minute, second = map(int, match.groups("0"))
            return datetime.time(hour, minute, second)
    raise input_error(f"{option} must be HH:MM or HH:MM:SS in 24 hours, not {text!r}", _IN_QUOTES)


def reject_number(text: str, option: str) -> None:
    """Raise an input error for a time that is only a number."""
    if _NUMBER.fullmatch(text.strip()):
        raise input_error(f"{option} must be a time, not the number {text.strip()}", _IN_QUOTES)
