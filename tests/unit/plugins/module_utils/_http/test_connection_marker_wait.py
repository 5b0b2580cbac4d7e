from __future__ import annotations

import errno
import hashlib
import json
import os
import resource
import stat

import pytest

from ansible_collections.astera.data_stack.plugins.module_utils._errors import AsteraError
from ansible_collections.astera.data_stack.plugins.module_utils._http.connection import connection_from
from ansible_collections.astera.data_stack.plugins.module_utils._http.polling import Deadline, check_wait
from ansible_collections.astera.data_stack.plugins.module_utils._resources.license.state_file import Marker

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
    ],
)
def test_origins(url, origin):
    assert connection_from({**GOOD, "server_url": url}).server_url == origin


@pytest.mark.parametrize(
    "change",
    [
        {"server_url": "http://etl01"},
        {"server_url": "https://etl01/api"},
        {"server_url": "https://u:p@etl01"},
        {"server_url": "https://etl01:99999"},
        {"server_url": "https://[::1"},
        {"server_url": "https://[fe80::1%25eth0]"},
        {"server_url": "http://etl01", "allow_http": True},
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
    assert connection.is_readable_by_others is readable


def test_no_credentials_are_needed_for_calls_without_a_login():
    assert not connection_from({**GOOD, "username": None}, authenticate=False).can_log_in
    assert connection_from({**GOOD, "validate_certs": False}).verify is False


def test_a_marker_remembers_exactly_its_values(tmp_path):
    marker = Marker(str(tmp_path / "m.json"))
    assert marker.state_of(["a"]) == {}
    assert marker.draft(["a", "key"], {"registered": True}).keep() is None
    assert marker.state_of(["a", "key"]) == {"registered": True}
    assert marker.state_of(["a", "other"]) == {}
    assert stat.S_IMODE((tmp_path / "m.json").stat().st_mode) == 0o600
    before = (tmp_path / "m.json").read_text()
    assert marker.draft(["a", "key"], {"registered": True}).keep() is None
    assert (tmp_path / "m.json").read_text() != before
    assert [path.name for path in tmp_path.iterdir()] == ["m.json"]


#: Written by a former release, of ``["a", "key"]``.
OLD_MARKER = {
    "format": 1,
    "salt": "000102030405060708090a0b0c0d0e0f",
    "digest": "4fce25b20057bdccda940f370fb21671656156e59b928ca88897705b29517edc"
    "08f2121bd6c0ac5159cc79c8f3050833daee3037a0879f5fe9c303dd0319de70",
    "state": {"registered": True, "activated": True},
}


def no_scrypt(*unused, **named):
    raise ValueError("[digital envelope routines] unsupported")


def test_a_new_marker_names_its_algorithm_and_needs_no_scrypt(tmp_path, monkeypatch):
    monkeypatch.delattr(hashlib, "scrypt", raising=False)
    marker = Marker(str(tmp_path / "m.json"))
    marker.draft(["a", "key"], {"registered": True}).keep()
    stored = json.loads((tmp_path / "m.json").read_text())
    assert stored["format"] == 2
    assert stored["algorithm"] == "pbkdf2-hmac-sha256"
    assert stored["iterations"] >= 600_000
    assert marker.state_of(["a", "key"]) == {"registered": True}
    assert marker.state_of(["a", "other"]) == {}
    assert marker.warnings == []


def test_a_marker_of_a_former_release_is_read(tmp_path):
    (tmp_path / "m.json").write_text(json.dumps(OLD_MARKER))
    marker = Marker(str(tmp_path / "m.json"))
    assert marker.state_of(["a", "key"]) == OLD_MARKER["state"]
    assert marker.state_of(["a", "other"]) == {}
    assert marker.warnings == []


@pytest.mark.parametrize("missing", [True, False])
def test_a_marker_of_a_former_release_without_scrypt_is_not_believed_and_says_so(tmp_path, monkeypatch, missing):
    if missing:
        monkeypatch.delattr(hashlib, "scrypt", raising=False)
    else:
        monkeypatch.setattr(hashlib, "scrypt", no_scrypt, raising=False)
    (tmp_path / "m.json").write_text(json.dumps(OLD_MARKER))
    marker = Marker(str(tmp_path / "m.json"))
    assert marker.state_of(["a", "key"]) == {}
    assert "scrypt, which the Python of this machine does not offer" in marker.warnings[0]


@pytest.mark.parametrize("iterations", [0, -1, 10**12, 1.5, float("nan"), "1", None, [1]])
def test_a_marker_with_iterations_that_nobody_wrote(tmp_path, iterations):
    marker = Marker(str(tmp_path / "m.json"))
    marker.draft(["a"], {"registered": True}).keep()
    stored = json.loads((tmp_path / "m.json").read_text())
    (tmp_path / "m.json").write_text(json.dumps({**stored, "iterations": iterations}))
    assert marker.state_of(["a"]) == {}


def test_a_marker_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    marker = Marker(str(tmp_path / "m.json"))
    marker.draft(["a"], {"registered": True}).keep()
    modes = []

    def full(handle):
        modes.append(stat.S_IMODE(os.fstat(handle).st_mode))
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(AsteraError, match="No space"):
        marker.draft(["b"], {"registered": True})
    assert modes == [0o600]
    assert marker.state_of(["a"]) == {"registered": True}
    assert [path.name for path in tmp_path.iterdir()] == ["m.json"]


def test_what_a_link_points_to_is_left_alone(tmp_path):
    other = tmp_path / "other"
    other.write_text("precious")
    (tmp_path / "m.json").symlink_to(other)
    marker = Marker(str(tmp_path / "m.json"))
    marker.draft(["a"], {"registered": True}).keep()
    assert other.read_text() == "precious"
    assert not (tmp_path / "m.json").is_symlink()
    assert marker.state_of(["a"]) == {"registered": True}


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", '{"format": 9, "salt": "00", "digest": "", "state": {}}', "\x00"]
)
def test_a_foreign_file_is_no_marker(tmp_path, text):
    path = tmp_path / "m.json"
    path.write_text(text)
    assert Marker(str(path)).state_of(["a"]) == {}


def test_where_a_marker_cannot_be(tmp_path):
    for path in (tmp_path / "none" / "m.json", tmp_path):
        with pytest.raises(AsteraError):
            Marker(str(path)).refuse_unwritable()


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


def test_looks_end_right_at_the_deadline():
    clock = Clock()
    deadline = Deadline(5, clock, clock.sleep)
    assert [(number, clock.now) for number in deadline.looks(2)] == [(0, 0.0), (1, 2.0), (2, 4.0), (3, 5.0)]
    assert deadline.left == 0
    assert deadline.request_timeout == 1.0


def test_one_look_without_time():
    clock = Clock()
    assert list(Deadline(0, clock, clock.sleep).looks(2)) == [0]


def test_a_look_that_outlasts_the_deadline_is_not_the_last():
    """A machine that was suspended during a look wakes when the time is up, and whatever happened was not seen."""
    clock = Clock()
    looks = []
    for number in Deadline(5, clock, clock.sleep).looks(2):
        looks.append((number, clock.now))
        if number == 1:
            clock.now += 3600
    assert looks == [(0, 0.0), (1, 2.0), (2, 3602.0)]


def test_a_pause_that_outlasts_the_deadline_is_followed_by_a_look():
    clock = Clock()

    def sleep(seconds):
        clock.now += 3600

    assert [(number, clock.now) for number in Deadline(5, clock, sleep).looks(2)] == [(0, 0.0), (1, 3600.0)]


@pytest.fixture
def tiny_files():
    """No file may grow beyond a few bytes, which is what a full disk or a quota comes to."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_marker_that_does_not_fit_leaves_the_old_one_and_nothing_else(tmp_path, tiny_files):
    marker = Marker(str(tmp_path / "m.json"))
    (tmp_path / "m.json").write_text("old")
    with pytest.raises(AsteraError) as caught:
        marker.draft(["a"], {"registered": True})
    assert caught.value.kind == "input"
    assert "cannot be written: File too large. Nothing was sent" in str(caught.value)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("m.json", "old")]


def test_a_draft_that_nobody_keeps_is_removed(tmp_path):
    with Marker(str(tmp_path / "m.json")).draft(["a"], {}):
        assert len(list(tmp_path.iterdir())) == 1
    assert not list(tmp_path.iterdir())


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


@pytest.mark.parametrize("text", ["[" * 200_000, '{"format": 1, "salt": "00", "digest": "\\u00e9", "state": {}}'])
def test_what_only_looks_like_a_marker(tmp_path, text):
    path = tmp_path / "m.json"
    path.write_text(text)
    assert Marker(str(path)).state_of(["a"]) == {}


def test_a_marker_that_never_ends():
    assert Marker("/dev/zero").state_of(["a"]) == {}


@pytest.mark.parametrize("name", ["x" * 300, "a\x00b", "\ud800"])
def test_names_that_no_marker_can_have(tmp_path, name):
    with pytest.raises(AsteraError, match="cannot be used"):
        Marker(f"{tmp_path}/{name}").refuse_unwritable()


@pytest.mark.parametrize(
    "times",
    [
        {"wait_interval": 0},
        {"wait_interval": float("nan")},
        {"wait_interval": float("inf")},
        {"wait_timeout": -1},
        {"wait_timeout": float("nan")},
        {"wait_timeout": 1e300},
    ],
)
def test_times_that_nobody_means(times):
    with pytest.raises(AsteraError) as caught:
        check_wait({"wait_interval": 1.0, "wait_timeout": 5.0, **times})
    assert caught.value.kind == "input"
