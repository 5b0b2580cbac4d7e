from __future__ import annotations

import pytest

from ansible_collections.astera.data_stack.plugins.module_utils._errors import AsteraError
from ansible_collections.astera.data_stack.plugins.module_utils._http import polling as _polling
from ansible_collections.astera.data_stack.plugins.module_utils._http.connection import connection_from
from ansible_collections.astera.data_stack.plugins.module_utils._http.polling import Deadline, check_wait

GOOD = {
    "server_url": "https://etl01:9261",
    "username": "admin",
    "password": "x",
    "validate_certs": True,
    "request_timeout": 30.0,
    "retries": 4,
}


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://etl01:9261", "https://etl01:9261"),
        ("https://etl01", "https://etl01:9261"),
        ("HTTPS://ETL01.example.com:443/", "https://etl01.example.com:443"),
        ("https://[::1]:9260", "https://[::1]:9260"),
        ("https://[fe80::1]", "https://[fe80::1]:9261"),
        ("http://localhost", "http://localhost:9261"),
    ],
)
def test_origins(url, origin):
    assert connection_from({**GOOD, "server_url": url, "allow_http": True}).server_url == origin


@pytest.mark.parametrize(
    "change",
    [
        {"server_url": "http://etl01"},
        {"server_url": "https://etl01/api"},
        {"server_url": "https://u:p@etl01"},
        {"server_url": "https://etl01:99999"},
        {"server_url": "https://[::1"},
        {"server_url": "https://[fe80::1%25eth0]"},
        {"server_url": "http://etl01:9261", "allow_http": False},
        {"server_url": "ftp://etl01:9261", "allow_http": True},
        {"username": ""},
        {"password": None},
        {"retries": -1},
        {"request_timeout": 0.0},
        {"ca_path": "/nowhere"},
    ],
)
def test_refusals(change):
    with pytest.raises(AsteraError) as caught:
        connection_from({**GOOD, **change})
    assert caught.value.kind == "input"


@pytest.mark.parametrize(
    ("url", "readable"),
    [
        ("http://etl01:80", True),
        ("http://127.evil.example.com:80", True),
        ("http://10.0.0.1:80", True),
        ("http://localhost:80", False),
        ("http://127.0.0.1:80", False),
        ("http://127.8.9.10:80", False),
        ("http://[::1]:80", False),
        ("https://etl01", False),
    ],
)
def test_who_may_read_along(url, readable):
    connection = connection_from({**GOOD, "server_url": url, "allow_http": True, "ca_path": None})
    assert connection.is_unencrypted is readable


def test_no_credentials_are_needed_for_calls_without_a_login():
    assert not connection_from({**GOOD, "username": None}, authenticate=False).can_log_in
    assert connection_from({**GOOD, "validate_certs": False}).verify is False


class Clock:
    def __init__(self):
        self.now = 0.0

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


@pytest.fixture
def clock(monkeypatch):
    """The time, as polls see it."""
    made = Clock()
    monkeypatch.setattr(_polling, "time", made)
    return made


def test_looks_end_right_at_the_deadline(clock):
    deadline = Deadline(5)
    assert [(number, clock.now) for number in deadline.polls(2)] == [(0, 0.0), (1, 2.0), (2, 4.0), (3, 5.0)]
    assert deadline.left == 0
    assert deadline.request_timeout == 1.0


def test_one_poll_without_time(clock):
    assert list(Deadline(0).polls(2)) == [0]


def test_a_poll_that_outlasts_the_deadline_is_not_the_last(clock):
    """A machine that was suspended during a look wakes when the time is up, and whatever happened was not seen."""
    polls = []
    for number in Deadline(5).polls(2):
        polls.append((number, clock.now))
        if number == 1:
            clock.now += 3600
    assert polls == [(0, 0.0), (1, 2.0), (2, 3602.0)]


def test_a_pause_that_outlasts_the_deadline_is_followed_by_a_poll(clock, monkeypatch):
    def sleep(seconds):
        clock.now += 3600

    monkeypatch.setattr(clock, "sleep", sleep)
    assert [(number, clock.now) for number in Deadline(5).polls(2)] == [(0, 0.0), (1, 3600.0)]


@pytest.mark.parametrize(
    "url",
    [
        "https://admin:canary@etl01:9261",
        "https://admin:can/ary@etl01:9261",
        "https://admin:12/canary@etl01",
        "admin:canary@etl01:9261",
        "https://admin:canary",
        "https://admin:canary@\u2100:1",
    ],
)
def test_credentials_in_an_address_are_not_shown(url):
    with pytest.raises(AsteraError) as caught:
        connection_from({**GOOD, "server_url": url})
    assert caught.value.kind == "input"
    assert "ary" not in str(caught.value.to_result())


@pytest.mark.parametrize("url", ["https://a\\b", "https://a\x00b:1", 'https://a"b', "https://a<b", "https://[::1"])
def test_hosts_that_are_none(url):
    with pytest.raises(AsteraError):
        connection_from({**GOOD, "server_url": url})


@pytest.mark.parametrize(
    "times",
    [
        {"interval": 0},
        {"interval": float("nan")},
        {"interval": float("inf")},
        {"timeout": -1},
        {"timeout": float("nan")},
        {"timeout": 1e300},
    ],
)
def test_times_that_nobody_means(times):
    with pytest.raises(AsteraError) as caught:
        check_wait(**{"interval": 1.0, "timeout": 5.0, **times})
    assert caught.value.kind == "input"
