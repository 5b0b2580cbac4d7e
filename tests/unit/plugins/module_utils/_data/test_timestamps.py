from __future__ import annotations

import datetime
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.astera.data_stack.plugins.module_utils._data.timestamps import (
    parse_offset,
    parse_time_of_day,
    parse_timestamp,
    same_instant,
)
from ansible_collections.astera.data_stack.plugins.module_utils._errors import AsteraError
from ansible_collections.astera.data_stack.plugins.module_utils._resources.schedule import frequency as _frequency

LOCAL = st.datetimes(datetime.datetime(1900, 1, 1), datetime.datetime(2200, 1, 1))
OFFSET = st.integers(-14 * 60, 14 * 60)


def offset_text(minutes):
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


@given(local=LOCAL, digits=st.text("0123456789", max_size=7), minutes=OFFSET)
def test_every_fraction_and_offset_is_read_and_written_again(local, digits, minutes):
    text = f"{local:%Y-%m-%dT%H:%M:%S}{'.' + digits if digits else ''}{offset_text(minutes)}".replace(
        f"{local:%Y}", f"{local.year:04d}", 1
    )
    timestamp = parse_timestamp(text)
    assert timestamp is not None
    assert same_instant(timestamp.text(), text)
    assert len(timestamp.text().split(".")[1]) == 7 + len("+00:00")


@given(local=LOCAL, one=OFFSET, other=OFFSET)
def test_instants_are_compared_and_not_texts(local, one, other):
    shifted = local + datetime.timedelta(minutes=other - one)
    first = f"{local.isoformat(timespec='seconds')}{offset_text(one)}"
    second = f"{shifted.isoformat(timespec='seconds')}.0000000{offset_text(other)}"
    assert same_instant(first, second)
    assert not same_instant(first, second.replace(".0000000", ".0000001"))


@pytest.mark.parametrize(
    "text", ["", "now", "2026-02-30T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:00:00+99:00", None, 7]
)
def test_other_texts_are_not_timestamps(text):
    assert parse_timestamp(text) is None


def test_texts_that_are_not_timestamps_are_compared_as_they_are():
    assert same_instant("a", "a")
    assert not same_instant("a", "A")
    assert same_instant(1, 1)
    assert not same_instant("2026-01-01T00:00:00", "2026-01-01T00:00:00Z")


def test_edges_of_the_calendar_do_not_raise():
    assert parse_timestamp("0001-01-01T00:00:00+01:00") is None
    assert parse_timestamp("9999-12-31T23:59:59-01:00") is None


def test_times_of_day():
    assert parse_time_of_day("4:05", "at") == datetime.time(4, 5)
    assert parse_time_of_day("23:59:58", "at") == datetime.time(23, 59, 58)
    for bad in ("24:00", "12:60", "noon", "12", "12:00:00.5", ""):
        with pytest.raises(AsteraError, match="at must be HH:MM"):
            parse_time_of_day(bad, "at")


def test_offsets():
    assert parse_offset("-0730") == datetime.timedelta(hours=-7, minutes=-30)
    assert parse_offset("z") == datetime.timedelta(0)
    for bad in ("CET", "+1:00", "+15:00", "+01:60"):
        with pytest.raises(ValueError, match=bad.replace("+", r"\+")):
            parse_offset(bad)


@pytest.fixture
def berlin(monkeypatch):
    """This machine is in a zone whose clocks are put forward on 2026-03-29 at 02:00."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("now", "at", "start"),
    [
        ("2026-03-28T12:00", "04:30", "2026-03-29T04:30:00.0000000+02:00"),
        ("2026-03-28T12:00", "01:30", "2026-03-29T01:30:00.0000000+01:00"),
        # There is no such time on that day.
        ("2026-03-28T12:00", "02:30", "2026-03-30T02:30:00.0000000+02:00"),
        ("2026-10-24T12:00", "04:30", "2026-10-25T04:30:00.0000000+01:00"),
        ("2026-10-24T12:00", "12:00", "2026-10-25T12:00:00.0000000+01:00"),
        ("2026-10-24T12:00", "12:01", "2026-10-24T12:01:00.0000000+02:00"),
    ],
)
def test_a_new_schedule_takes_the_offset_of_the_day_on_which_it_starts(berlin, monkeypatch, now, at, start):
    monkeypatch.setattr(_frequency, "local_now", datetime.datetime.fromisoformat(now).astimezone)
    wanted = _frequency.desired_frequency({"daily": {"at": at}}, None)
    assert wanted["dailyScheduleBase"]["startTime"] == start
