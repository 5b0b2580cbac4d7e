from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.astera.data_stack.plugins.module_utils._data.paths import get_field
from ansible_collections.astera.data_stack.plugins.module_utils._engine.extra_fields import ExtraFields
from ansible_collections.astera.data_stack.plugins.module_utils._engine.field import (
    Field,
    argument_options,
    desired_values,
    show_object,
    validate_name,
    windows_path,
)
from ansible_collections.astera.data_stack.plugins.module_utils._engine.plan import (
    NEW_SECRET,
    make_plan,
    unapplied_changes,
    validate_body,
)
from ansible_collections.astera.data_stack.plugins.module_utils._errors import AsteraError
from ansible_collections.astera.data_stack.plugins.module_utils._redaction.names import MASK
from ansible_collections.astera.data_stack.plugins.module_utils._redaction.redactor import Redactor

FIELDS = (
    Field("name", "name"),
    Field("days", "purgeDays", "int", minimum=0, maximum=9),
    Field("on", "isOn", "bool", create=True),
    Field("folder", "folder.path", compare=windows_path),
    Field("db.user", "dbInfo.user"),
    Field("db.password", "dbInfo.password", secret=True),
    Field("shy", "isShy", "bool", when_shown=True),
)
SERVER = {"Name": "A", "PurgeDays": "7", "IsOn": False, "Folder": {"Path": "C:\\X"}, "Future": [1], "UpdateDtTm": "t"}


def plan(current, wanted, extra=None, secret=None, redactor=None, **how):
    laid_over = ExtraFields({"extra_fields": extra, "secret_extra_fields": secret}, redactor or Redactor())
    return make_plan(FIELDS, current, wanted, laid_over, **how)


def test_the_argument_spec_nests_and_marks_secrets():
    spec = argument_options(FIELDS)
    assert spec["days"] == {"type": "int"}
    assert spec["db"]["options"]["password"] == {"type": "str", "no_log": True}


def test_what_is_wanted_and_what_is_shown():
    params = {"name": "B", "days": None, "db": {"user": None, "password": "x"}, "on": False}
    assert desired_values(FIELDS, params) == {"name": "B", "on": False, "db.password": "x"}
    shown = show_object(FIELDS, {**SERVER, "dbInfo": {"user": "sa", "password": "secret"}})
    assert shown["days"] == 7
    assert shown["db"] == {"user": "sa"}
    assert "secret" not in str(shown)
    assert show_object(FIELDS, None) is None


def test_limits():
    for value in (-1, 10):
        with pytest.raises(AsteraError, match="days must be between 0 and 9"):
            desired_values(FIELDS, {"days": value})


def test_equal_values_make_an_empty_plan():
    result = plan(SERVER, {"name": "A", "days": 7, "on": False, "folder": "c:/x/"}, {"future": [1], "UPDATEDTTM": "t"})
    assert not result
    assert result.changes == []


def test_a_plan_changes_what_differs_under_the_names_of_the_server():
    before = copy.deepcopy(SERVER)
    result = plan(SERVER, {"name": "B", "days": 8}, {"future": [2], "other": {"deep": 1}})
    assert before == SERVER
    assert result.body == {**SERVER, "Name": "B", "PurgeDays": 8, "Future": [2], "other": {"deep": 1}}
    assert [(c.path, c.before, c.after) for c in result.changes] == [
        ("name", "A", "B"),
        ("days", 7, 8),
        ("extra_fields.future", [1], [2]),
        ("extra_fields.other.deep", None, 1),
    ]


def test_a_creation_takes_the_defaults():
    result = plan(None, {"name": "N"})
    assert result.creates
    assert result.body == {"name": "N", "isOn": True}


def test_secrets_go_along_but_are_never_compared():
    wanted = {"db.password": "canary"}
    assert not plan(SERVER, wanted)
    alone = plan(SERVER, wanted, send_secrets=True)
    assert [(c.path, c.before, c.after) for c in alone.changes] == [("db.password", MASK, NEW_SECRET)]
    along = plan(SERVER, {**wanted, "name": "B"})
    assert get_field(along.body, "dbInfo.password") == "canary"
    assert [c.path for c in along.changes] == ["name"]
    assert "canary" not in str(along.changes) + str(alone.changes)


def test_secrets_in_extra_fields_are_masked():
    result = plan(SERVER, {}, {"mail": {"smtpPassword": "canary"}})
    assert "canary" not in str(result.changes)
    assert get_field(result.body, "mail.smtpPassword") == "canary"


def test_fields_that_the_server_does_not_show_are_not_invented():
    result = plan(SERVER, {"shy": True})
    assert not result
    assert plan({**SERVER, "IsShy": False}, {"shy": True}).body["IsShy"] is True


def test_differences_left():
    result = plan(SERVER, {"name": "B", "days": 8}, {"future": [2]})
    assert unapplied_changes(result.body, result) == []
    left = unapplied_changes({**result.body, "Name": "A", "PurgeDays": "8"}, result)
    assert [(c.path, c.before, c.after) for c in left] == [("name", "A", "B")]


OBJECTS = st.dictionaries(
    st.sampled_from(["name", "PurgeDays", "isOn", "folder", "dbInfo", "isShy", "future"]),
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.text(max_size=4)
    | st.builds(dict)
    | st.builds(lambda: {"path": "x"})
    | st.builds(list),
)
WANTED = st.fixed_dictionaries(
    {},
    optional={
        "name": st.text(max_size=3),
        "days": st.integers(0, 9),
        "on": st.booleans(),
        "folder": st.sampled_from(["C:\\a", "c:/A/"]),
        "db.user": st.text(max_size=2),
        "shy": st.booleans(),
    },
)
EXTRA = st.dictionaries(
    st.sampled_from(["future", "Other"]),
    st.none() | st.integers() | st.builds(lambda: {"a": {"b": 1}}) | st.builds(dict),
)


@given(current=st.none() | OBJECTS, wanted=WANTED, extra=EXTRA)
def test_a_plan_that_was_carried_out_leaves_nothing_to_plan(current, wanted, extra):
    first = plan(current, wanted, extra)
    second = plan(first.body, wanted, extra)
    assert not second, [c.path for c in second.changes]
    assert unapplied_changes(first.body, first) == []


@given(current=OBJECTS, wanted=WANTED, extra=EXTRA)
def test_what_was_not_asked_for_survives(current, wanted, extra):
    body = plan(current, wanted, extra).body
    touched = {
        "name": "name",
        "days": "PurgeDays",
        "on": "isOn",
        "folder": "folder",
        "db.user": "dbInfo",
        "shy": "isShy",
    }
    names = {touched[option] for option in wanted} | set(extra)
    assert {k: v for k, v in body.items() if k in current and k not in names} == {
        k: v for k, v in current.items() if k not in names
    }


def test_names():
    assert validate_name("Cafe\u0301", "name") == "Café"
    assert validate_name("注文 ✓", "name") == "注文 ✓"
    for bad in ("", " ", "a ", "a\nb", "x" * 256, "\u2028"):
        with pytest.raises(AsteraError) as caught:
            validate_name(bad, "name")
        assert caught.value.kind == "input"


@pytest.mark.parametrize("number", [2**31, -(2**31) - 1, 10**30])
def test_numbers_that_are_no_int_of_the_server(number):
    with pytest.raises(AsteraError, match="must be"):
        Field("size", "size", "int").check(number)


def test_the_largest_numbers_that_are():
    Field("size", "size", "int").check(2**31 - 1)
    Field("size", "size", "int").check(-(2**31))


@pytest.mark.parametrize("extra", [{"Size": 7}, {"box": {"size": None}}, {"box": None}])
def test_extra_fields_have_the_last_word_and_settle(extra):
    fields = [Field("size", "size", "int"), Field("box_size", "box.size", "int")]
    for option in ("extra_fields", "secret_extra_fields"):
        laid_over = ExtraFields({option: extra}, Redactor())
        plan = make_plan(fields, {"size": 1, "box": {"size": 2}}, {"size": 5, "box_size": 6}, laid_over)
        assert len(plan.changes) == 2
        assert not make_plan(fields, plan.body, {"size": 5, "box_size": 6}, laid_over)


def test_a_pair_of_a_secret_name_and_its_value():
    """Its value is shown neither before nor after, and its mask is not sent back."""
    server = {**SERVER, "login": {"name": "dbPassword", "value": "old"}}
    made = plan(server, {}, {"login": {"name": "dbPassword", "value": "new"}})
    assert [(change.before, change.after) for change in made.changes] == [(MASK, NEW_SECRET)]
    server = {**SERVER, "logins": [{"name": "dbPassword", "value": MASK}]}
    with pytest.raises(AsteraError, match="only as a mask"):
        validate_body(server, plan(server, {"name": "B"}))


def test_an_empty_dictionary_in_extra_fields_overrides_nothing_below_it():
    fields = [Field("box_size", "box.size", "int")]
    laid_over = ExtraFields({"extra_fields": {"box": {}}}, Redactor())
    plan = make_plan(fields, {"box": {"size": 2}}, {"box_size": 6}, laid_over)
    assert plan.body == {"box": {"size": 6}}
