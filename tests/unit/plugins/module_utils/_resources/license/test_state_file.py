"""The state file of the license: what it remembers, and what it does not believe."""

from __future__ import annotations

import errno
import hashlib
import os
import resource
import stat
from pathlib import Path

import pytest

from ansible_collections.astera.data_stack.plugins.module_utils._errors import AsteraError
from ansible_collections.astera.data_stack.plugins.module_utils._resources.license.state_file import StateFile


def read(folder, *identity):
    return StateFile(str(folder / "m.json"), list(identity)).read()


def record(folder, *identity):
    StateFile(str(folder / "m.json"), list(identity)).write(registered=True)


def test_a_marker_remembers_exactly_its_values(tmp_path, monkeypatch):
    # In FIPS mode there is none.
    monkeypatch.delattr(hashlib, "scrypt", raising=False)
    assert read(tmp_path, "a") == {}
    record(tmp_path, "a", "key")
    assert read(tmp_path, "a", "key") == {"registered": True}
    assert read(tmp_path, "a", "other") == {}
    assert stat.S_IMODE((tmp_path / "m.json").stat().st_mode) == 0o600
    before = (tmp_path / "m.json").read_text()
    record(tmp_path, "a", "key")
    assert (tmp_path / "m.json").read_text() != before
    assert [path.name for path in tmp_path.iterdir()] == ["m.json"]


def test_a_marker_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    record(tmp_path, "a")
    modes = []

    def full(draft, path):
        modes.append(stat.S_IMODE(Path(draft).stat().st_mode))
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(AsteraError, match="No space"):
        record(tmp_path, "a", "key")
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
    "text",
    [
        *["", "{}", "[]", "null", "\x00", "[" * 200_000],
        '{"format": 9, "salt": "00", "digest": "", "state": {}}',
        '{"salt": "\\ud800", "digest": "\u00e9", "state": {}}',
        '{"salt": [], "digest": {}, "state": []}',
    ],
)
def test_a_foreign_file_is_no_marker(tmp_path, text):
    path = tmp_path / "m.json"
    path.write_text(text)
    assert StateFile(str(path), ["a"]).read() == {}


def test_a_folder_that_cannot_be_written_to(tmp_path, monkeypatch):
    """It is found before the first request, in check mode too."""
    monkeypatch.setattr(os, "access", lambda *_where: False)
    with pytest.raises(AsteraError, match="cannot be written"):
        StateFile(str(tmp_path / "m.json"), ["a"])


def test_where_a_marker_cannot_be(tmp_path):
    for path in (tmp_path / "none" / "m.json", tmp_path):
        with pytest.raises(AsteraError):
            StateFile(str(path), ["a"])


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
    assert "cannot be written: File too large. Fix that" in str(caught.value)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("m.json", "old")]


def test_without_a_path_nothing_is_remembered():
    file = StateFile(None, ["a"])
    file.write(registered=True)
    assert file.read() == {}
