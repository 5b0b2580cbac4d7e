"""The shape of responses without their values."""

from __future__ import annotations

import pytest

from ansible_collections.astera.data_stack.plugins.module_utils._compatibility.shapes import (
    form_of,
    safe_name,
    shape_of,
)


@pytest.mark.parametrize(
    ("value", "name", "form"),
    [
        ("", "x", "empty text"),
        ("********", "password", "mask"),
        ("hunter2", "password", "secret text"),
        ("Astera.Core.Secret", "apiKey", "secret text"),
        ("hunter2", "x", "text"),
        ("10.5.1.0", "productVersion", "version 10.5.1.0"),
        ("10.5.1.0", "address", "text"),
        ("Jane", "version", "text"),
        ("Astera.Core.DailySchedule", "typeName", "Astera.Core.DailySchedule"),
        ("Astera.Jane Doe", "typeName", "text"),
        ("AsteraX.Core", "typeName", "text"),
        ("2022-09-06T04:53:46.2573662-07:00", "x", "date-time with an offset"),
        ("2022-09-06T04:53:46Z", "x", "date-time with an offset"),
        ("2022-09-06 04:53", "x", "date-time without an offset"),
        ("2022-09-06", "x", "text"),
        ("23:30", "x", "time of day"),
        ("-7.5", "x", "number as text"),
        (r"C:\Deployment", "x", "text"),
        (None, "password", "null"),
        (7, "password", "whole number"),
    ],
)
def test_forms(value, name, form):
    assert form_of(value, name) == form


def test_a_list_is_described_as_one():
    items = [
        {"id": 1, "name": "canary", "at": None, "password": "canary"},
        {"id": 2.5, "name": "", "more": [{"x": True}, 7]},
    ]
    assert shape_of(items) == {
        "(response)": "list",
        "[]": "object",
        "[].id": "number or whole number",
        "[].name": "empty text or text",
        "[].at": "null",
        "[].password": "secret text",
        "[].more": "list",
        "[].more[]": "object or whole number",
        "[].more[].x": "boolean",
    }


def test_names_that_no_program_would_choose():
    assert safe_name("serverDbInfo") == "serverDbInfo"
    for name in ("Jane Doe", "", "1", "a\nb", "\u00fc", "x" * 101, "a|b", "sql01.example.com"):
        assert safe_name(name) == "(another name)"
    for name in ("http://example.com/name", "fe80::1", "etl-01", "srv/share", "a:9261"):
        assert safe_name(name) == "(another name)"
