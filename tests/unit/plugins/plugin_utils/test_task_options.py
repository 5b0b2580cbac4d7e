"""What a task gives as options becomes plain data, however it came."""

from __future__ import annotations

import datetime

import pytest
from ansible.playbook.task import Task

from ansible_collections.astera.data_stack.plugins.module_utils._errors import AsteraError
from ansible_collections.astera.data_stack.plugins.plugin_utils._task_options import plain_options, typed_options

OPTIONS = {
    "name": {"type": "str"},
    "daily": {"type": "dict", "options": {"start_time": {"type": "str"}}},
    "parameters": {"type": "dict"},
    "sections": {"type": "list", "elements": "str"},
    "schedules": {
        "type": "list",
        "elements": "dict",
        "options": {"name": {"type": "str"}, "daily": {"type": "dict", "options": {}}},
    },
}
OMIT = "__omit_place_holder__7"


def plain(**given):
    return plain_options(OPTIONS, given, OMIT)


def test_options_lose_their_own_types():
    class Text(str):
        __slots__ = ()

    result = plain(parameters={Text("a"): [Text("b"), 1, 2.5, True, None, (3,)]}, name=Text("c"))
    assert result == {"parameters": {"a": ["b", 1, 2.5, True, None, [3]]}, "name": "c"}
    assert not isinstance(result["name"], Text)
    assert not any(isinstance(name, Text) for name in result["parameters"])


def test_dates_are_iso_8601():
    zone = datetime.timezone(datetime.timedelta(hours=1))
    start = datetime.datetime(2026, 12, 1, 4, 30, tzinfo=zone)
    assert plain(daily={"start_time": start})["daily"] == {"start_time": "2026-12-01T04:30:00+01:00"}
    assert plain(parameters={"d": datetime.date(2026, 12, 1)})["parameters"] == {"d": "2026-12-01"}


@pytest.mark.parametrize(
    "value",
    [
        datetime.datetime(2026, 12, 1, 4, 30, tzinfo=datetime.timezone(datetime.timedelta(hours=-5, minutes=-30))),
        datetime.datetime(2026, 12, 1, 4, 30, 5, 7, tzinfo=datetime.timezone.utc),
        datetime.datetime(2026, 12, 1, 4, 30),
        datetime.date(2026, 12, 1),
    ],
)
def test_dates_that_core_2_16_hands_on_as_python_text(value):
    entry = {"name": 'it\'s "A"', "daily": {"start_time": value}, "n": [None, True, 1.5]}
    same = {**entry, "daily": {"start_time": value.isoformat()}}
    assert plain(schedules=str([entry]))["schedules"] == [same]
    assert plain(settings=[str({"schedules": [entry]})])["settings"] == [{"schedules": [same]}]


@pytest.mark.parametrize(
    "text",
    [
        "{'a': datetime.datetime.now()}",
        "{'a': datetime.date(2026, 13, 1)}",
        "{'a': datetime.timedelta(9999999999999)}",
        "{'a': __import__('os').system('true'), 'b': datetime.date(2026, 1, 1)}",
        "uses datetime.date",
        r"{'path': 'C:\\Flows\\a.wf', 'x': nan}",
    ],
)
def test_no_other_python_is_read(text):
    assert plain(parameters=text)["parameters"] == text


def test_texts_are_read_where_a_dictionary_is_wanted():
    assert plain(parameters="Variables: {a: 2026-01-31, b: [1, x]}")["parameters"] == {
        "Variables": {"a": "2026-01-31", "b": [1, "x"]}
    }
    assert plain(schedules='[{"name": "A"}, {"name": "B"}]')["schedules"] == [{"name": "A"}, {"name": "B"}]
    assert plain(schedules=["{name: A}"])["schedules"] == [{"name": "A"}]
    assert plain(settings="{name: 5, parameters: '{a: {b: 1}}'}")["settings"] == {
        "name": 5,
        "parameters": {"a": {"b": 1}},
    }
    assert plain(name="{a: b}", parameters="a=b") == {"name": "{a: b}", "parameters": "a=b"}


@pytest.mark.parametrize("text", ["{", "a: b: c", "!vault x", "[1", "&a *a", "{" * 9999])
def test_what_cannot_be_read_is_left_to_ansible(text):
    assert plain(parameters=text)["parameters"] == text


def test_texts_are_read_where_a_list_is_wanted():
    for text in ("a, b", "a\nb\n", " a ,\nb,"):
        assert plain(sections=text)["sections"] == ["a", "b"]
    assert plain(sections=["a, b"])["sections"] == ["a, b"]


def test_what_is_to_be_left_out():
    given = {"name": OMIT, "schedules": [{"name": "A", "daily": OMIT}, OMIT], "settings": [{"name": OMIT}, OMIT]}
    assert plain(**given) == {"schedules": [{"name": "A"}], "settings": [{}]}


@pytest.mark.parametrize(
    ("key", "kind"), [(True, "a boolean"), (None, "null"), (datetime.date(2026, 1, 1), "a date or a time")]
)
def test_names_that_yaml_reads_as_something_else(key, kind):
    message = rf"parameters\.Variables: a name is {kind}, not text\. Put the name in quotes"
    for given in ({"parameters": {"Variables": {key: "x"}}}, {"settings": [{"parameters": {"Variables": {key: "x"}}}]}):
        with pytest.raises(AsteraError, match=message):
            plain(**given)


def test_a_number_is_a_name():
    assert plain(parameters={"Variables": {1: "x", 2.5: "y"}})["parameters"] == {"Variables": {"1": "x", "2.5": "y"}}


CLUSTER = "astera.data_stack.astera_cluster"


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ({CLUSTER: {"name": "A", "retries": 2}}, ["name", "retries"]),
        ({CLUSTER: None, "args": {"name": "A"}}, ["name"]),
        ({CLUSTER: {"name": "A"}, "args": {"retries": 2}}, ["name", "retries"]),
        ({"action": {"module": CLUSTER, "args": {"name": "A"}}}, ["name"]),
        ({"action": CLUSTER}, []),
        ({CLUSTER: "name=A"}, None),
        ({CLUSTER: None, "args": "{{ options }}"}, None),
    ],
)
def test_what_a_task_itself_gives(source, names):
    found = typed_options(Task.load(source))
    assert found == names or sorted(found) == names
