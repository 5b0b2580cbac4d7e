"""Two polls in, events out."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.astera.data_stack.plugins.plugin_utils._eda.snapshot import (
    SINGLE,
    Item,
    Known,
    object_events,
    remembered,
)

SALT = b"salt"


def schedule(
    id_: int = 7, name: str = "Nightly", timestamp: str | None = "2026-01-01T00:00:00.0000001Z", **values: Any
):
    return Item("schedule", id_, name, True, timestamp, {"id": id_, "name": name, "active": True, **values})


def by_id(*items: Item) -> dict[int, Item]:
    return {item.key: item for item in items}


def events(known, *items):
    return list(object_events("schedule", known, by_id(*items), SALT))


@pytest.fixture
def known():
    return remembered(by_id(schedule(7), schedule(8, "Weekly")), SALT)


def test_the_same_objects_are_no_event(known):
    before = known[7].item
    assert events(known, schedule(8, "Weekly"), schedule(7)) == []
    assert known[7].item is before, "an unchanged server costs no memory"


def test_an_object_that_is_new_changed_or_gone(known):
    found = events(known, schedule(7, "Every night", trace_level="Job"), schedule(9, "New"))
    assert [(event.name, event.fields["object"]["id"]) for event in found] == [
        ("object_removed", 8),
        ("object_changed", 7),
        ("object_added", 9),
    ]
    removed, changed, added = found
    assert removed.fields == {
        "object": {
            "kind": "schedule",
            "id": 8,
            "name": "Weekly",
            "active": True,
            "timestamp": "2026-01-01T00:00:00.0000001Z",
        }
    }
    assert changed.fields["changes"] == [
        {"path": "name", "action": "change", "before": "Nightly", "after": "Every night"},
        {"path": "trace_level", "action": "add", "before": None, "after": "Job"},
    ]
    assert "changes" not in added.fields
    assert events(known, schedule(7, "Every night", trace_level="Job"), schedule(9, "New")) == []


def test_the_text_of_the_timestamp_counts(known):
    """Also where it is older, or the same instant written in another way: no clock of the server is believed."""
    for timestamp in ("2025-01-01T00:00:00Z", "2025-01-01T00:00:00+00:00", None):
        (event,) = events(known, schedule(7, timestamp=timestamp), schedule(8, "Weekly"))
        assert (event.name, event.fields["changes"]) == ("object_changed", [])


def test_a_change_without_a_timestamp():
    known = remembered(by_id(schedule(timestamp=None)), SALT)
    (event,) = events(known, schedule(timestamp=None, pushdown=True))
    assert [change["path"] for change in event.fields["changes"]] == ["pushdown"]


def test_of_an_earlier_run_only_digests_are_known():
    first = schedule(7), schedule(8, "Weekly"), schedule(9, "New")
    known = {key: Known(one.digest) for key, one in remembered(by_id(*first), SALT).items()}
    found = events(known, schedule(7), schedule(8, "Monthly"))
    assert [(event.name, event.fields["object"]["name"]) for event in found] == [
        ("object_removed", None),
        ("object_changed", "Monthly"),
    ]
    assert found[0].fields["object"] == {
        "kind": "schedule",
        "id": 9,
        "name": None,
        "active": None,
        "timestamp": None,
    }
    assert found[1].fields["changes"] is None, "not [], which is a change that no field shows"
    (event,) = events(known, schedule(7, "Every night"), schedule(8, "Monthly"))
    assert event.fields["changes"][0]["before"] == "Nightly"


def test_an_object_that_a_server_has_only_one_of():
    cluster = Item("cluster", None, "DEFAULT", None, None, {"name": "DEFAULT", "purge_job_info_after": 7})
    known = remembered({SINGLE: cluster}, SALT)
    after = Item("cluster", None, "DEFAULT", None, None, {"name": "DEFAULT", "purge_job_info_after": 30})
    (event,) = object_events("cluster", known, {SINGLE: after}, SALT)
    assert event.fields["object"]["id"] is None
    assert event.fields["changes"][0]["after"] == 30


def test_identities_differ_where_events_do(known):
    """The identity becomes the id of the event, by which the engine drops what it gets twice."""
    there = events(known, schedule(7, "A"), schedule(8, "Weekly"))
    back = events(known, schedule(7), schedule(8, "Weekly"))
    again = events(known, schedule(7, "A"), schedule(8, "Weekly"))
    assert there[0].identity == again[0].identity != back[0].identity
    gone = events(known, schedule(7, "A"))
    assert gone[0].identity not in (there[0].identity, back[0].identity)


def test_digests_depend_on_the_salt_and_hold_any_text():
    assert schedule().digest(b"1") != schedule().digest(b"2")
    assert len(schedule(name="\ud800 \u2028").digest(SALT)) == 32
