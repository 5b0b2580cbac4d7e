"""The file that remembers what was reported."""

from __future__ import annotations

import json
import stat

import pytest

from ansible_collections.astera.data_stack.plugins.module_utils._errors import AsteraError
from ansible_collections.astera.data_stack.plugins.plugin_utils._eda.jobs import JobsMemory
from ansible_collections.astera.data_stack.plugins.plugin_utils._eda.snapshot import Item, Known
from ansible_collections.astera.data_stack.plugins.plugin_utils._eda.state_file import StateFile
from ansible_collections.astera.data_stack.plugins.plugin_utils._eda.tracker import Memory

URL = "https://canary-host:9261"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "state.json"


@pytest.fixture
def memory():
    memory = Memory(generation=3, down_since=1000.5, jobs=JobsMemory(17, {15, 16}, {3}))
    item = Item("deployment", 4, "canary-name", True, "t", {"name": "canary-name"})
    memory.objects = {"deployments": {4: Known.of(item, memory.salt)}, "schedules": {}}
    return memory


def test_a_round_trip(path, memory):
    assert StateFile(str(path), URL).save(memory) is None
    loaded = StateFile(str(path), URL).load()
    assert (loaded.watch, loaded.generation, loaded.down_since, loaded.jobs) == (
        memory.watch,
        3,
        1000.5,
        memory.jobs,
    )
    assert loaded.resumed
    known = memory.objects["deployments"][4]
    assert loaded.objects == {"deployments": {4: Known(known.digest)}, "schedules": {}}
    assert loaded.objects["deployments"][4].shows(known.item, loaded.salt)


def test_the_file_is_private_and_holds_neither_names_nor_addresses(path, memory):
    StateFile(str(path), URL).save(memory)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "canary" not in path.read_text()
    assert [one.name for one in path.parent.iterdir()] == ["state.json"]


def test_a_first_start_makes_the_file(path):
    loaded = StateFile(str(path), URL).load()
    assert not loaded.resumed
    again = StateFile(str(path), URL).load()
    assert (again.watch, again.resumed) == (loaded.watch, False)


def test_without_a_path_nothing_is_kept():
    assert StateFile(None, URL).load().watch != StateFile(None, URL).load().watch
    assert StateFile(None, URL).save(Memory()) is None


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", "null", "x" * 10, '{"format": 1, "watch": "x"}', '{"format": 1, "watch": 5}']
)
def test_another_file_is_not_overwritten(path, content):
    path.write_text(content)
    with pytest.raises(AsteraError, match="is not the state of an event source") as caught:
        StateFile(str(path), URL).load()
    assert caught.value.kind == "input"
    assert path.read_text() == content


@pytest.mark.parametrize("change", [{"format": 2}, {"objects": []}, {"jobs": None}, {"generation": "x"}])
def test_a_damaged_file_is_rejected(path, memory, change):
    StateFile(str(path), URL).save(memory)
    path.write_text(json.dumps({**json.loads(path.read_text()), **change}))
    with pytest.raises(AsteraError, match="is not the state"):
        StateFile(str(path), URL).load()


def test_the_file_of_another_server_is_rejected(path, memory):
    StateFile(str(path), URL).save(memory)
    with pytest.raises(AsteraError, match="not of this server"):
        StateFile(str(path), "https://other:9261").load()


def test_a_file_that_cannot_be_written(path, memory):
    with pytest.raises(AsteraError, match="cannot be written"):
        StateFile(str(path / "no" / "folder"), URL).load()
    path.mkdir()
    with pytest.raises(AsteraError, match="cannot be read"):
        StateFile(str(path), URL).load()
    assert StateFile(str(path), URL).save(memory) is not None
    assert list(path.parent.iterdir()) == [path], "nothing is left behind"
