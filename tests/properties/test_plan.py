"""The field lists, the plan and the functions below it: laws that hold for every value."""

from __future__ import annotations

import copy
import importlib
import json

import pytest
from hypothesis import strategies as st

from ansible_collections.astera.data_stack.plugins.module_utils import _resources
from ansible_collections.astera.data_stack.plugins.module_utils._data.equality import contains
from ansible_collections.astera.data_stack.plugins.module_utils._data.paths import (
    MISSING,
    get_field,
    is_deeper,
    leaves,
    merged,
    put_field,
)
from ansible_collections.astera.data_stack.plugins.module_utils._engine.extra_fields import OPTIONS, ExtraFields
from ansible_collections.astera.data_stack.plugins.module_utils._engine.field import (
    MAX_NAME,
    MAX_NUMBER,
    desired_values,
    show_object,
    validate_name,
)
from ansible_collections.astera.data_stack.plugins.module_utils._engine.plan import make_plan
from ansible_collections.astera.data_stack.plugins.module_utils._redaction.names import redact_fields
from ansible_collections.astera.data_stack.plugins.module_utils._redaction.redactor import Redactor
from ansible_collections.astera.data_stack.tests.properties.modules import ROOT
from ansible_collections.astera.data_stack.tests.properties.profiles import prop, tried
from ansible_collections.astera.data_stack.tests.properties.values import (
    ANY_TEXT,
    FIELD_NAME,
    INTEGER,
    JSON,
    TEXT,
    UNKNOWN,
)

RESOURCES = sorted(
    ".".join(path.relative_to(ROOT / "plugins/module_utils/_resources").with_suffix("").parts)
    for path in (ROOT / "plugins/module_utils/_resources").rglob("[a-z]*.py")
)
#: The field lists, each once: some files take that of another.
FIELD_LISTS = [
    pytest.param(fields, id=name)
    for name, fields in {
        id(fields): (f"{name}.{attribute}", fields)
        for name in RESOURCES
        for attribute, fields in vars(importlib.import_module(f"{_resources.__name__}.{name}")).items()
        if attribute in ("FIELDS", "PLANNED")
    }.values()
]
CANARY = "canary-of-a-secret"
OBJECT = st.dictionaries(FIELD_NAME, JSON, max_size=4)
PATHS = st.lists(FIELD_NAME, min_size=1, max_size=3).map(tuple)
_DESIRED = {
    "str": TEXT,
    "int": st.integers(-MAX_NUMBER - 1, MAX_NUMBER),
    "bool": st.booleans(),
    "dict": st.dictionaries(st.sampled_from(["typeName", "a"]), JSON, max_size=2),
}


@st.composite
def desired_for(draw, fields):
    """Desired values by option, as they come from ``desired_values``."""
    chosen = draw(st.lists(st.sampled_from(fields), max_size=4, unique_by=lambda field: field.option))
    return {field.option: CANARY if field.secret else draw(_DESIRED[field.type]) for field in chosen}


@st.composite
def current_for(draw, fields):
    """An object of the server: some documented fields, with any value and in any casing, and others."""
    obj = draw(UNKNOWN)
    for field in draw(st.lists(st.sampled_from(fields), max_size=5, unique_by=lambda field: field.option)):
        path = field.api if draw(st.booleans()) else field.api.upper()
        value = draw(JSON | _DESIRED[field.type])
        if field.secret:
            value = CANARY
        put_field(obj, path, value)
    return obj


def without(obj, fields):
    """The object without the documented fields."""
    obj = copy.deepcopy(obj)
    for field in fields:
        *parents, last = field.api.split(".")
        place = get_field(obj, ".".join(parents)) if parents else obj
        if isinstance(place, dict):
            for key in [key for key in place if key.lower() == last.lower()]:
                del place[key]
    return obj


@pytest.mark.parametrize("fields", FIELD_LISTS)
@prop(100, data=st.data())
def test_a_plan_that_was_carried_out_is_empty(fields, data):
    current = data.draw(st.none() | current_for(fields))
    desired = data.draw(desired_for(fields))
    extra = data.draw(st.none() | UNKNOWN)
    if extra is not None and data.draw(st.booleans()):
        # What contradicts the options comes last.
        put_field(extra, data.draw(st.sampled_from(fields)).api, data.draw(JSON))
    laid_over = ExtraFields({data.draw(st.sampled_from(sorted(OPTIONS))): extra}, Redactor())
    send = data.draw(st.booleans())
    given = copy.deepcopy((current, desired, extra))
    plan = make_plan(fields, current, desired, laid_over, send_secrets=send)
    # Nothing that was given is touched, whatever is done with the body.
    assert json.dumps([current, desired, extra]) == json.dumps(list(given))
    again = make_plan(fields, copy.deepcopy(plan.body), desired, laid_over)
    assert [change.path for change in again.changes] == []
    assert json.dumps(again.body) == json.dumps(plan.body)
    shown = json.dumps([(change.path, change.before, change.after) for change in plan.changes])
    assert CANARY not in shown
    assert CANARY not in json.dumps(show_object(fields, plan.body))
    if not plan:
        # As values: a 0 of extra_fields is no other one than the server's false, and nothing is sent.
        assert plan.body == current


@pytest.mark.parametrize("fields", FIELD_LISTS)
@prop(50, data=st.data())
def test_fields_that_nobody_knows_survive_to_the_letter(fields, data):
    current = data.draw(current_for(fields))
    plan = make_plan(fields, current, data.draw(desired_for(fields)))
    kept = without(plan.body, fields)
    for path, value in leaves(without(current, fields)):
        found = get_field(kept, path)
        # An object on the way to a field of ours may have to be made where there was something else.
        assert json.dumps(found) == json.dumps(value) or any(
            field.api.lower().startswith(".".join(path).lower() + ".") for field in fields
        )


@pytest.mark.parametrize("fields", FIELD_LISTS)
@prop(50, data=st.data())
def test_any_option_is_rejected_or_sendable(fields, data):
    """Numbers at their limits, texts of every kind: an input error, or a value of the right type."""
    params: dict = {}
    for field in fields:
        if field.type in ("int", "str", "bool"):
            put_field(params, field.option, data.draw({"int": INTEGER, "str": TEXT, "bool": st.booleans()}[field.type]))
    desired, error = tried(desired_values, fields, params)
    if error is not None:
        assert error.kind == "input"
        return
    for field in fields:
        value = desired.get(field.option)
        if value is not None:
            assert isinstance(value, {"int": int, "str": str, "bool": bool}[field.type])
            assert isinstance(value, bool) == (field.type == "bool")
            assert field.type != "int" or -(2**31) <= value < 2**31
            assert field.equal(value, value)


@prop(300, name=ANY_TEXT | st.text(max_size=300))
def test_a_name_is_rejected_or_found_again(name):
    checked, error = tried(validate_name, name, "name")
    if error is not None:
        assert error.kind == "input"
        return
    assert checked == checked.strip()
    assert 0 < len(checked) <= MAX_NAME
    assert validate_name(checked, "name") == checked
    assert checked.encode()


@prop(200, obj=OBJECT, path=PATHS, value=JSON)
def test_what_is_put_is_got(obj, path, value):
    before = copy.deepcopy(obj)
    others = [one for one, _value in leaves(obj) if one[0].lower() != path[0].lower()]
    put_field(obj, path, value)
    assert json.dumps(get_field(obj, path)) == json.dumps(value)
    for other in others:
        assert json.dumps(get_field(obj, other)) == json.dumps(get_field(before, other))


@prop(200, base=JSON, extra=OBJECT)
def test_merging(base, extra):
    once = merged(base, extra)
    # What the one side has in two spellings of one name has no order that all could agree on.
    if all(len({key.lower() for key in one}) == len(one) for one in objects_in([base, extra])):
        assert json.dumps(merged(once, extra)) == json.dumps(once)
        assert contains(once, extra)
    assert json.dumps(merged(once, {})) == json.dumps(once)
    assert json.dumps(merged({}, {})) == "{}"


def objects_in(value):
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from objects_in(item)


@prop(200, one=JSON, two=JSON)
def test_containing(one, two):
    assert contains(one, one)
    assert not contains(MISSING, one)
    assert contains(one, two) in (True, False)
    if contains(one, two) and not isinstance(two, (dict, list)):
        assert contains(two, one)


@prop(200, value=JSON)
def test_redaction_keeps_the_shape(value):
    assert redact_fields(redact_fields(value)) == redact_fields(value)
    assert json.dumps(redact_fields(value)) is not None
    assert is_deeper(value, 0) == isinstance(value, (dict, list))
    depth = next(levels for levels in range(20) if not is_deeper(value, levels))
    assert is_deeper([value], depth)
    assert not is_deeper([value], depth + 1)
