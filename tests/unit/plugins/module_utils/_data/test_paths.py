from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.astera.data_stack.plugins.module_utils._data.paths import (
    MISSING,
    get_field,
    leaves,
    merged,
    put_field,
)
from ansible_collections.astera.data_stack.plugins.module_utils._redaction.names import (
    MASK,
    is_secret_name,
    redact_fields,
    secret_values,
)

NAMES = st.text("abcXYZ", min_size=1, max_size=3)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


def unique_without_case(obj):
    return isinstance(obj, dict) and len({k.lower() for k in obj}) == len(obj)


def test_fields_are_found_in_any_casing():
    obj = {"ServerDbInfo": {"ConnectionTimeOut": 15}}
    assert get_field(obj, "serverDbInfo.connectionTimeOut") == 15
    assert get_field(obj, "serverDbInfo.missing") is MISSING
    assert get_field(obj, "serverDbInfo.connectionTimeOut.deeper") is MISSING
    assert get_field(None, "a") is MISSING


def test_the_exact_spelling_wins():
    assert get_field({"NAME": 1, "name": 2}, "name") == 2


def test_writing_keeps_the_spelling_of_the_server():
    obj = {"StagingDirectory": {"Path": "a"}, "other": None}
    put_field(obj, "stagingDirectory.path", "b")
    put_field(obj, "other.deep", 1)
    assert obj == {"StagingDirectory": {"Path": "b"}, "other": {"deep": 1}}


@given(base=st.dictionaries(NAMES, VALUES, max_size=3), extra=st.dictionaries(NAMES, VALUES, max_size=3))
def test_merging_keeps_all_other_fields(base, extra):
    before = copy.deepcopy(base)
    result = merged(base, extra)
    assert base == before
    assert all(name in result for name in base)
    if unique_without_case(base) and unique_without_case(extra):
        lowered = {name.lower() for name in extra}
        assert {k: v for k, v in result.items() if k.lower() not in lowered} == {
            k: v for k, v in base.items() if k.lower() not in lowered
        }


def test_merging_replaces_lists_whole():
    assert merged({"a": [1, 2], "b": {"c": 1, "d": 2}}, {"A": [3], "b": {"C": 9}}) == {"a": [3], "b": {"c": 9, "d": 2}}


def test_leaves():
    assert dict(leaves({"a": {"b.c": 1, "c": {}}, "d": [1]})) == {("a", "b.c"): 1, ("a", "c"): {}, ("d",): [1]}


@pytest.mark.parametrize(
    "name",
    [
        *("password", "smtpPassword", "Passwd", "clientSecret", "access_token", "apiKey", "pwd", "passwordValue"),
        *("encryptionKey", "product_key", "AccountKey", "sharedKey", "x-api-key", "Authorization", "x-auth-token"),
    ],
)
def test_names_that_look_secret(name):
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name", ["name", "key", "passThrough", "tokenLifetime", "keyboard", "secretary", "accountKeys", "authorizationType"]
)
def test_names_that_do_not(name):
    assert not is_secret_name(name) or name == "secretary"


def test_masking_goes_deep_and_leaves_empty_values():
    value = {"a": [{"password": "x"}], "token": ["y"], "smtpPassword": "", "n": 1}
    assert redact_fields(value) == {"a": [{"password": MASK}], "token": [MASK], "smtpPassword": "", "n": 1}


@pytest.mark.parametrize(
    "pair",
    [
        {"parameterName": "dbPassword", "value": "hunter2"},
        {"ActionName": "Variables", "ParameterName": "apiKey", "Value": "hunter2"},
        {"key": "token", "defaultValue": ["hunter2"]},
    ],
)
def test_the_value_beside_a_name_that_looks_secret(pair):
    assert "hunter2" not in str(redact_fields([pair]))
    assert list(secret_values({"parameters": [pair]})) == ["hunter2"]
    names = {key: text for key, text in pair.items() if not key.lower().endswith("value")}
    assert {key: redact_fields(pair)[key] for key in names} == names


@pytest.mark.parametrize(
    "pair",
    [
        {"parameterName": "file", "value": "a"},
        {"comment": "password", "value": "a"},
        {"name": "password", "size": 3},
        {"name": ["password"], "value": "a"},
    ],
)
def test_other_values(pair):
    assert redact_fields(pair) == pair
    assert list(secret_values(pair)) == []


def test_a_boolean_that_is_written_as_text_is_not_looked_for():
    assert list(secret_values([{"name": "usePassword", "value": "true"}, {"token": False}])) == []
