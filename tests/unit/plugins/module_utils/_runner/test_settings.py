"""Options as people give them: what is merged, what counts as not given, what is rejected."""

from __future__ import annotations

import pytest

from ansible_collections.astera.data_stack.plugins.module_utils._errors import AsteraError
from ansible_collections.astera.data_stack.plugins.module_utils._runner.settings import (
    change_paths,
    prepared_options,
)

DAILY = {"at": {"type": "str"}, "times": {"type": "int"}}
OPTIONS = {
    "server_url": {"type": "str", "fallback": None},
    "username": {"type": "str", "fallback": None},
    "password": {"type": "str", "no_log": True, "fallback": None},
    "token": {"type": "str", "no_log": True, "fallback": None},
    "name": {"type": "str"},
    "count": {"type": "int", "default": 3},
    "on": {"type": "bool"},
    "kind": {"type": "str", "choices": ["a", "b"]},
    "file": {"type": "path"},
    "free": {"type": "dict"},
    "daily": {"type": "dict", "options": DAILY},
    "many": {"type": "list", "elements": "dict", "options": {"file": {"type": "path"}, "daily": {"type": "dict"}}},
}


def prepared(typed=None, **given):
    return prepared_options(OPTIONS, given, typed)


def test_settings_are_options():
    assert prepared(settings={"name": "A", "count": 5}) == {"name": "A", "count": 5}
    assert prepared(settings={"name": "A"}, on=True) == {"name": "A", "on": True}
    assert prepared(settings=None) == prepared(settings="") == prepared(settings=[]) == {}


def test_the_last_of_several_settings_wins_where_it_says_something():
    settings = [{"name": "A", "count": 1}, None, {"name": "B", "count": None, "on": ""}]
    assert prepared(settings=settings) == {"name": "B", "count": 1}


def test_defaults_of_the_play_come_before_settings_and_the_task_itself_after_them():
    given = {"name": "A", "settings": {"name": "B"}}
    assert prepared(typed=["name", "settings"], **given) == {"name": "A"}
    assert prepared(typed=["settings"], **given) == {"name": "B"}


def test_where_that_is_not_known_different_values_are_an_error():
    with pytest.raises(AsteraError, match="password is given as an option of the task and in settings") as caught:
        prepared(password="canary-1", settings={"password": "canary-2"})
    assert "canary" not in str(caught.value)
    assert prepared(name="A", settings={"name": "A"}) == {"name": "A"}
    assert prepared(name=None, settings={"name": "A"}) == prepared(name="A", settings={"name": None}) == {"name": "A"}


@pytest.mark.parametrize("settings", ["words", 5, ["words"], [[{}]], {"settings": {"name": "A"}}])
def test_what_is_no_settings(settings):
    with pytest.raises(AsteraError, match="settings must "):
        prepared(settings=settings)


def test_what_counts_as_not_given():
    given = dict.fromkeys(OPTIONS, "")
    assert prepared(**given) == {"name": ""}
    assert prepared(**dict.fromkeys(OPTIONS)) == {}
    assert prepared(daily={"at": None, "times": ""}) == {"daily": {}}
    assert prepared(many=[{"file": "", "daily": None}]) == {"many": [{}]}


def test_what_no_spec_describes_is_left_alone():
    free = {"a": None, "b": "", "c": {"d": None}}
    assert prepared(free=free) == {"free": free}


@pytest.mark.parametrize("odd", [True, False])
def test_a_boolean_is_no_text(odd):
    with pytest.raises(AsteraError, match="name must be a text, not a boolean"):
        prepared(name=odd)
    with pytest.raises(AsteraError, match=r"daily\.at must be a text"):
        prepared(settings=[{"daily": {"at": odd}}])


@pytest.mark.parametrize("odd", ["just words", "at=04:30", 5, 0, 1.5, [1], [None], [{"a": 1}], True, False])
@pytest.mark.parametrize(
    ("given", "place"),
    [
        (lambda odd: {"free": odd}, "free"),
        (lambda odd: {"daily": odd}, "daily"),
        (lambda odd: {"many": [{}, odd]}, r"many\[2]"),
        (lambda odd: {"many": [{"daily": odd}]}, r"many\[1]\.daily"),
    ],
)
def test_what_is_no_dictionary(given, place, odd):
    """Ansible's own validation crashes on most of these."""
    with pytest.raises(AsteraError, match=f"{place} must be a dictionary"):
        prepared(**given(odd))


def test_an_entry_that_is_only_a_dash():
    with pytest.raises(AsteraError, match=r"many\[1] must be a dictionary"):
        prepared(many=[None])


def test_an_account_of_the_task_keeps_the_token_of_the_environment_out():
    assert prepared(username="auditor")["token"] == ""
    assert prepared(settings={"password": "x"})["token"] == ""
    assert prepared(username="auditor", token="t") == {"username": "auditor", "token": "t", "password": ""}
    assert "token" not in prepared(name="A")


def test_a_token_of_the_task_keeps_the_account_of_the_environment_out():
    assert prepared(token="t") == {"token": "t", "username": "", "password": ""}


def test_an_account_of_the_task_keeps_the_token_of_a_default_out():
    account = {"username": "auditor", "password": "x"}
    assert prepared(typed=["settings"], token="of the play", settings=account) == {**account, "token": ""}
    assert prepared(typed=list(account), token="of the play", **account) == {**account, "token": ""}
    assert prepared(typed=["token"], token="mine", settings=account) == {**account, "token": "mine"}


def test_paths_of_local_files():
    given = {"file": "a", "many": [{"file": "/b"}, {"file": "c"}], "name": "a", "free": {"file": "d"}}
    change_paths(OPTIONS, given, lambda place, path: f"{place}: {path}")
    assert given == {
        "file": "file: a",
        "many": [{"file": "many[1].file: /b"}, {"file": "many[2].file: c"}],
        "name": "a",
        "free": {"file": "d"},
    }
