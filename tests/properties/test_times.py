"""Times: every fraction, every offset, the edges of the calendar, and the days on which clocks change."""

from __future__ import annotations

import contextlib
import datetime
import os
import time
import zoneinfo
from functools import partial
from unittest import mock

import pytest
from hypothesis import strategies as st

from ansible_collections.astera.data_stack.plugins.module_utils._data.timestamps import (
    parse_offset,
    parse_time_of_day,
    parse_timestamp,
    same_instant,
)
from ansible_collections.astera.data_stack.plugins.module_utils._errors import AsteraError
from ansible_collections.astera.data_stack.plugins.module_utils._resources.schedule import frequency as _frequency
from ansible_collections.astera.data_stack.plugins.module_utils._resources.schedule.frequency import (
    desired_frequency,
    show_frequency,
)
from ansible_collections.astera.data_stack.tests.properties.profiles import prop, tried
from ansible_collections.astera.data_stack.tests.properties.values import ANY_TEXT, JSON

#: Zones with all that clocks do: changes in both halves of the year, by half an hour, at midnight, and none.
ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Pacific/Apia",
    "Pacific/Chatham",
    "America/Santiago",
    "Africa/Casablanca",
    "Asia/Beirut",
)
OFFSETS = st.sampled_from([None, "Z", "z"]) | st.integers(-14 * 60, 14 * 60).map(
    lambda minutes: f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
)
LOCAL = st.datetimes(datetime.datetime(1, 1, 3), datetime.datetime(9999, 12, 29)) | st.sampled_from(
    [datetime.datetime(2028, 2, 29, 23, 59, 59), datetime.datetime(2026, 3, 29, 2, 30), datetime.datetime(2100, 2, 28)]
)
#: Close enough to a change of the clocks, often.
NOW = st.datetimes(datetime.datetime(2020, 1, 1), datetime.datetime(2035, 1, 1)) | st.sampled_from(
    [datetime.datetime(2026, 3, 28, 12), datetime.datetime(2026, 10, 24, 22), datetime.datetime(2026, 11, 1, 3)]
)
AT = st.times().map(lambda at: at.replace(microsecond=0, tzinfo=None)) | st.sampled_from(
    [datetime.time(2, 30), datetime.time(0, 0), datetime.time(3, 0), datetime.time(23, 59, 59)]
)


@st.composite
def timestamps(draw):
    """A timestamp as text: none to nine digits of a fraction, and any offset or none."""
    local = draw(LOCAL).replace(microsecond=0)
    digits = draw(st.text("0123456789", max_size=9))
    return f"{local.isoformat()}{'.' + digits if digits else ''}{draw(OFFSETS) or ''}"


@prop(300, text=timestamps())
def test_a_timestamp_is_read_and_written_again(text):
    timestamp = parse_timestamp(text)
    assert timestamp is not None
    again = parse_timestamp(timestamp.text())
    assert again is not None
    assert again.local == timestamp.local
    assert again.offset == timestamp.offset
    # Seven digits go back; the two that the server does not know are cut.
    assert again.nanoseconds == timestamp.nanoseconds // 100 * 100
    assert same_instant(text, text)


@prop(300, texts=st.lists(timestamps() | ANY_TEXT | JSON, min_size=3, max_size=3))
def test_the_same_instant_is_an_equivalence(texts):
    one, two, three = texts
    assert same_instant(one, one)
    assert same_instant(one, two) == same_instant(two, one)
    if same_instant(one, two) and same_instant(two, three):
        assert same_instant(one, three)


@prop(150, local=LOCAL, digits=st.text("0123456789", max_size=7), first=OFFSETS, second=OFFSETS)
def test_one_instant_in_two_offsets(local, digits, first, second):
    local = local.replace(microsecond=0)
    if first is None or second is None:
        return
    timestamp = parse_timestamp(f"{local.isoformat()}{'.' + digits if digits else ''}{first}")
    other = timestamp.at_offset(parse_offset(second))
    assert same_instant(timestamp.text(), other.text())
    assert other.at_offset(timestamp.offset) == timestamp


@prop(300, text=ANY_TEXT | st.text("0123456789-:TZ+. ,", max_size=30))
def test_any_text_is_a_time_or_none(text):
    parse_timestamp(text)
    with contextlib.suppress(ValueError):
        assert abs(parse_offset(text)) < datetime.timedelta(hours=15)
    with contextlib.suppress(AsteraError):
        assert isinstance(parse_time_of_day(text, "at"), datetime.time)


@contextlib.contextmanager
def clock_in(zone: str, now: datetime.datetime):
    """This machine lies in a zone, and it is some time there."""
    with mock.patch.dict(os.environ, TZ=zone):
        time.tzset()
        with mock.patch.object(_frequency, "local_now", now.astimezone):
            yield
    time.tzset()


def shown_in(schedule, zone):
    """The schedule as a server in another zone shows it: the same instant on its clock."""
    start = parse_timestamp(schedule["dailyScheduleBase"]["startTime"])
    moment = start.local.replace(tzinfo=datetime.timezone(start.offset)).astimezone(zoneinfo.ZoneInfo(zone))
    text = f"{moment.replace(tzinfo=None).isoformat(timespec='seconds')}.0000000{moment.isoformat()[-6:]}"
    base = {**schedule["dailyScheduleBase"], "startTime": text}
    return {**schedule, "dailyScheduleBase": base}


@prop(300, zone=st.sampled_from(ZONES), server=st.sampled_from(ZONES), now=NOW, later=NOW, at=AT)
def test_a_new_daily_schedule_runs_at_its_time_and_converges(zone, server, now, later, at):
    """In whatever zone this machine and the server are, before and after clocks change: the first run is at that time
    on this machine's clock, and no later run of the task sees a difference."""
    frequency = partial(desired_frequency, {"daily": {"at": at.isoformat(), "utc_offset": None, "start_time": None}})
    with clock_in(zone, now):
        created = frequency(None)
        start = parse_timestamp(created["dailyScheduleBase"]["startTime"])
        instant = start.local.replace(tzinfo=datetime.timezone(start.offset))
        local = instant.astimezone(zoneinfo.ZoneInfo(zone))
        assert local.replace(tzinfo=None) == start.local
        assert local.time() == at
        assert datetime.timedelta(0) < instant - now.astimezone() < datetime.timedelta(days=2, hours=2)
    shown = shown_in(created, server)
    with clock_in(zone, later):
        assert frequency(created) == created
        assert frequency(shown) == shown


@prop(200, zone=st.sampled_from(ZONES), now=NOW, later=NOW, at=AT, offset=OFFSETS, start=timestamps())
def test_a_daily_schedule_converges_after_one_change(zone, now, later, at, offset, start):
    """Whatever start the server has: what is sent once is not sent again, on any later day."""
    current = {
        "typeName": _frequency.DAILY_TYPE,
        "dailyScheduleBase": {"typeName": _frequency.EVERY_DAY_TYPE, "startTime": start, "other": 1},
        "futureField": {"a": 1},
    }
    frequency = partial(desired_frequency, {"daily": {"at": at.isoformat(), "utc_offset": offset, "start_time": None}})
    with clock_in(zone, now):
        changed = frequency(current)
    assert changed["futureField"] == {"a": 1}
    assert changed["dailyScheduleBase"]["other"] == 1
    with clock_in(zone, later):
        assert frequency(changed) == changed


@prop(200, start=timestamps(), current=timestamps() | JSON)
def test_a_start_time_that_is_there_stays_as_it_is_written(start, current):
    """The text of the server survives where it is the same instant; what is returned can be given as it is."""
    params = {"daily": {"start_time": start, "at": None, "utc_offset": None}}
    _desired, error = tried(desired_frequency, params, None)
    if error is not None:
        assert error.kind == "input"
        assert parse_timestamp(start).offset is None
        return
    daily = {"typeName": _frequency.EVERY_DAY_TYPE, "startTime": current}
    desired = desired_frequency(params, {"typeName": _frequency.DAILY_TYPE, "dailyScheduleBase": daily})
    text = desired["dailyScheduleBase"]["startTime"]
    given = parse_timestamp(start).text()
    assert text == (current if same_instant(current, given) else given)
    assert desired_frequency(params, desired) == desired
    assert desired_frequency(show_frequency(desired), desired) == desired


@pytest.mark.parametrize("zone", ZONES)
def test_the_zones_are_known_here(zone):
    assert zoneinfo.ZoneInfo(zone).key == zone
