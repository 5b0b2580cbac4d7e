# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Lists of the server that are kept, and what is found there."""

from __future__ import annotations

import pytest

from ansible_collections.astera.data_stack.plugins.module_utils._engine.lookup import ListCache, Selector
from ansible_collections.astera.data_stack.plugins.module_utils._engine.plan import Change, Plan
from ansible_collections.astera.data_stack.plugins.module_utils._errors import AsteraError


def cache_of(*names):
    """A cache of objects with these names and the ids 1, 2, ..., and the list of its reads."""
    reads = []

    def read():
        reads.append(names)
        return [{"id": number, "name": name} for number, name in enumerate(names, 1)]

    return ListCache(read), reads


def found(cache, **params):
    obj = Selector("thing", params).find(cache)
    return None if obj is None else obj["id"]


def test_a_list_is_read_when_it_is_needed_and_kept_until_it_is_forgotten():
    cache, reads = cache_of("A")
    assert reads == []
    assert [found(cache, name="A"), found(cache, name="B"), found(cache, id=1)] == [1, None, 1]
    assert len(reads) == 1
    cache.invalidate()
    assert len(reads) == 1
    assert found(cache, name="A") == 1
    assert len(reads) == 2


def test_a_list_that_cannot_be_read_is_not_read_for_each_object():
    reads = []

    def read():
        reads.append(1)
        raise AsteraError("server", "broken")

    cache = ListCache(read)
    for _number in range(2):
        with pytest.raises(AsteraError, match="broken"):
            found(cache, name="A")
    assert len(reads) == 1


def test_what_was_written_is_noted():
    cache, reads = cache_of("A", "B", "C")
    assert found(cache, name="A") == 1
    cache.note(1, Plan({"id": 1, "name": "Z"}, changes=[Change("name", "A", "Z")]))
    cache.note(2, Plan({}, deletes=True))
    cache.note(None, Plan({"id": 9, "name": "New"}, creates=True))
    cache.note(3, Plan({"id": 3, "name": "nothing to do"}))
    names = ["A", "B", "C", "Z", "New"]
    assert [found(cache, name=name) for name in names] == [None, None, 3, 1, 9]
    assert [found(cache, id=number) for number in (1, 2, 3)] == [1, None, 3]
    assert len(reads) == 1


def test_to_note_something_reads_nothing():
    cache, reads = cache_of("A")
    cache.note(1, Plan({}, deletes=True))
    assert reads == []
    assert found(cache, name="A") == 1


@pytest.mark.parametrize("params", [{"name": "A"}, {"name": "Old", "new_name": "A"}])
def test_two_objects_of_a_name_are_an_error_with_their_ids(params):
    selector = Selector("thing", params)
    before, _reads = cache_of("Old" if "new_name" in params else "A")
    assert selector.find(before)["id"] == 1
    after, _reads = cache_of("A", "A")
    with pytest.raises(AsteraError, match=r"2 things are named 'A' \(ids 1, 2\)") as caught:
        selector.find(after)
    assert caught.value.kind == "conflict"


def test_an_id_may_mean_one_of_several_objects_of_a_name():
    cache, _reads = cache_of("A", "A")
    selector = Selector("thing", {"id": 2, "name": "A"})
    for _read in range(2):
        assert selector.find(cache)["id"] == 2
