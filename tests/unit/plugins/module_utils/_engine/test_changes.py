"""The two sides of a diff become a list of changes in the names of the options."""

from __future__ import annotations

from ansible_collections.astera.data_stack.plugins.module_utils._engine.changes import changes_between, differing


def paths(before, after):
    return [(one["path"], one["action"], one["before"], one["after"]) for one in changes_between(before, after)]


def test_nothing():
    assert paths({"name": "A", "comment": None}, {"name": "A"}) == []
    assert paths({"name": "A"}, {"name": "A", "comment": ""}) == []
    assert paths({"name": "A"}, {"name": "A", "days": 0, "active": False}) != []
    assert paths(None, None) == []


def test_an_update_names_what_differs():
    before = {"name": "A", "daily": {"start_time": "x"}, "active": True}
    after = {"name": "A", "daily": {"start_time": "y"}, "active": None}
    assert paths(before, after) == [("daily.start_time", "change", "x", "y"), ("active", "change", True, None)]


def test_both_sides_have_only_what_differs():
    before = {"name": "A", "daily": {"start_time": "x", "zone": 1}, "comment": None}
    after = {"name": "A", "daily": {"start_time": "y", "zone": 1}, "comment": "", "parameters": {"a.b": 1}}
    assert differing(before, after) == (
        {"daily": {"start_time": "x"}},
        {"daily": {"start_time": "y"}, "parameters": {"a.b": 1}},
    )
    assert differing({}, {"name": "A", "file": None}) == ({}, {"name": "A"})
    assert differing(None, None) == ({}, {})


def test_a_creation_names_all_that_is_given():
    assert paths({}, {"name": "A", "file": None, "daily": {"at": "04:30"}}) == [
        ("name", "add", None, "A"),
        ("daily.at", "add", None, "04:30"),
    ]


def test_a_deletion_is_one_change():
    assert paths({"name": "A", "active": True}, {}) == [("state", "remove", "present", "absent")]


def test_a_frequency_of_the_api_is_one_value():
    assert paths({"schedule": {"$type": "X"}, "daily": None}, {"schedule": None, "daily": {"at": "1"}}) == [
        ("schedule", "change", {"$type": "X"}, None),
        ("daily.at", "add", None, "1"),
    ]
