"""The state file of the license: what it remembers, and what it does not believe."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import resource
import stat

import pytest

from ansible_collections.astera.data_stack.plugins.module_utils._errors import AsteraError
from ansible_collections.astera.data_stack.plugins.module_utils._resources.license.state_file import StateFile


def read(folder, *identity):
    return StateFile(str(folder / "m.json"), list(identity)).read()


def record(folder, *identity):
    """Prepare and record one state, as a task does."""
    file = StateFile(str(folder / "m.json"), list(identity))
    with file.prepared([{"registered": True}]):
        return file.record()


def test_a_marker_remembers_exactly_its_values(tmp_path):
    assert read(tmp_path, "a") == {}
    assert record(tmp_path, "a", "key") is None
    assert read(tmp_path, "a", "key") == {"registered": True}
    assert read(tmp_path, "a", "other") == {}
    assert stat.S_IMODE((tmp_path / "m.json").stat().st_mode) == 0o600
    before = (tmp_path / "m.json").read_text()
    assert record(tmp_path, "a", "key") is None
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
    record(tmp_path, "a", "key")
    stored = json.loads((tmp_path / "m.json").read_text())
    assert stored["format"] == 2
    assert stored["algorithm"] == "pbkdf2-hmac-sha256"
    assert stored["iterations"] >= 50_000
    assert read(tmp_path, "a", "key") == {"registered": True}
    assert read(tmp_path, "a", "other") == {}


def test_a_marker_of_a_former_release_is_read(tmp_path):
    (tmp_path / "m.json").write_text(json.dumps(OLD_MARKER))
    file = StateFile(str(tmp_path / "m.json"), ["a", "key"])
    assert file.read() == OLD_MARKER["state"]
    assert file.warnings == []
    assert read(tmp_path, "a", "other") == {}


@pytest.mark.parametrize("missing", [True, False])
def test_a_marker_of_a_former_release_without_scrypt_is_not_believed_and_says_so(tmp_path, monkeypatch, missing):
    if missing:
        monkeypatch.delattr(hashlib, "scrypt", raising=False)
    else:
        monkeypatch.setattr(hashlib, "scrypt", no_scrypt, raising=False)
    (tmp_path / "m.json").write_text(json.dumps(OLD_MARKER))
    file = StateFile(str(tmp_path / "m.json"), ["a", "key"])
    assert file.read() == {}
    assert "scrypt, which the Python of this machine does not offer" in file.warnings[0]


@pytest.mark.parametrize("iterations", [0, -1, 10**12, 1.5, float("nan"), "1", None, [1]])
def test_a_marker_with_iterations_that_nobody_wrote(tmp_path, iterations):
    record(tmp_path, "a")
    stored = json.loads((tmp_path / "m.json").read_text())
    (tmp_path / "m.json").write_text(json.dumps({**stored, "iterations": iterations}))
    assert read(tmp_path, "a") == {}


def test_a_marker_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    record(tmp_path, "a")
    modes = []

    def full(handle):
        modes.append(stat.S_IMODE(os.fstat(handle).st_mode))
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(AsteraError, match="No space"):
        record(tmp_path, "b")
    assert modes == [0o600]
    assert read(tmp_path, "a") == {"registered": True}
    assert [path.name for path in tmp_path.iterdir()] == ["m.json"]


def test_what_a_link_points_to_is_left_alone(tmp_path):
    other = tmp_path / "other"
    other.write_text("precious")
    (tmp_path / "m.json").symlink_to(other)
    record(tmp_path, "a")
    assert other.read_text() == "precious"
    assert not (tmp_path / "m.json").is_symlink()
    assert read(tmp_path, "a") == {"registered": True}


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", '{"format": 9, "salt": "00", "digest": "", "state": {}}', "\x00"]
)
def test_a_foreign_file_is_no_marker(tmp_path, text):
    path = tmp_path / "m.json"
    path.write_text(text)
    assert StateFile(str(path), ["a"]).read() == {}


def test_where_a_marker_cannot_be(tmp_path):
    for path in (tmp_path / "none" / "m.json", tmp_path):
        with pytest.raises(AsteraError):
            StateFile(str(path), []).reject_unwritable()


@pytest.fixture
def tiny_files():
    """No file may grow beyond a few bytes, which is what a full disk or a quota comes to."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_marker_that_does_not_fit_leaves_the_old_one_and_nothing_else(tmp_path, tiny_files):
    (tmp_path / "m.json").write_text("old")
    with pytest.raises(AsteraError) as caught:
        record(tmp_path, "a")
    assert caught.value.kind == "input"
    assert "cannot be written: File too large. Nothing was sent" in str(caught.value)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("m.json", "old")]


def test_what_is_not_recorded_is_removed(tmp_path):
    file = StateFile(str(tmp_path / "m.json"), ["a"])
    with file.prepared([{"registered": True}, {"registered": True, "activated": True}]):
        assert len(list(tmp_path.iterdir())) == 2
        assert file.record() is None
    assert [path.name for path in tmp_path.iterdir()] == ["m.json"]
    assert file.read() == {"registered": True}


def test_what_cannot_take_the_place_of_the_file_is_removed(tmp_path):
    file = StateFile(str(tmp_path / "m.json"), ["a"])
    with file.prepared([{"registered": True}, {"registered": True, "activated": True}]):
        (tmp_path / "m.json").mkdir()
        assert file.record().errno == errno.EISDIR
        (tmp_path / "m.json").rmdir()
        assert file.record() is None
    assert [path.name for path in tmp_path.iterdir()] == ["m.json"]
    assert file.read() == {"registered": True, "activated": True}


def test_an_interruption_leaves_nothing(tmp_path):
    with pytest.raises(KeyboardInterrupt), StateFile(str(tmp_path / "m.json"), ["a"]).prepared([{}]):
        raise KeyboardInterrupt
    assert not list(tmp_path.iterdir())


def test_without_a_path_nothing_is_remembered():
    file = StateFile(None, ["a"])
    file.reject_unwritable()
    with file.prepared([{"registered": True}]):
        assert file.record() is None
    assert file.read() == {}
    assert not file.exists


@pytest.mark.parametrize("text", ["[" * 200_000, '{"format": 1, "salt": "00", "digest": "\\u00e9", "state": {}}'])
def test_what_only_looks_like_a_marker(tmp_path, text):
    path = tmp_path / "m.json"
    path.write_text(text)
    assert StateFile(str(path), ["a"]).read() == {}


def test_a_marker_that_never_ends():
    assert StateFile("/dev/zero", ["a"]).read() == {}


@pytest.mark.parametrize("name", ["x" * 300, "a\x00b", "\ud800"])
def test_names_that_no_marker_can_have(tmp_path, name):
    with pytest.raises(AsteraError, match="cannot be used"):
        StateFile(f"{tmp_path}/{name}", []).reject_unwritable()
