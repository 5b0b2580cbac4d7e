"""The shape of responses without their values."""

from __future__ import annotations

import json

import pytest

from ansible_collections.astera.data_stack.plugins.module_utils._compatibility.shapes import (
    MAX_FIELDS,
    MAX_PATHS,
    challenge_form,
    form_of,
    safe_header,
    safe_name,
    shape_of,
)


@pytest.mark.parametrize(
    ("text", "name", "form"),
    [
        ("", "x", "empty"),
        ("********", "password", "mask"),
        ("hunter2", "password", "secret"),
        ("hunter2", "x", "text"),
        ("10.5.1.0", "productVersion", "version 10.5.1.0"),
        ("10.5.1.0", "address", "text"),
        ("192.168.1.10", "version", "version 192.168.1.10"),
        ("Jane", "version", "text"),
        ("Astera.Core.DailySchedule", "typeName", "Astera.Core.DailySchedule"),
        ("Astera.Jane Doe", "typeName", "text"),
        ("AsteraX.Core", "typeName", "text"),
        ("2022-09-06T04:53:46.2573662-07:00", "x", "date-time with 7 fraction digits and an offset"),
        ("2022-09-06T04:53:46Z", "x", "date-time with no fraction and Z"),
        ("2022-09-06 04:53", "x", "date-time with no fraction and no offset"),
        ("2022-09-06", "x", "date"),
        ("23:30", "x", "time of day"),
        ("-7.5", "x", "number as text"),
        ("True", "x", "boolean as text"),
        (r"C:\Deployment", "x", "Windows path"),
        (r"\\host\share", "x", "Windows path"),
        ("https://jane.example.com/x", "x", "URL"),
        ("<html>", "x", "mask"),
        ("<html><p>", "x", "markup"),
        ("a.b.c", "x", "text"),
        (f"{'a' * 30}.{'b' * 30}.c", "x", "JSON web token"),
        ("{123e4567-e89b-12d3-a456-426614174000}", "x", "GUID"),
    ],
)
def test_forms(text, name, form):
    assert form_of(text, name) == form


def test_a_list_is_described_as_one():
    items = [
        {"id": 1, "name": "canary", "at": None, "password": "canary"},
        {"id": 2.5, "name": "", "more": [{"x": True}, 7]},
    ]
    assert shape_of(items) == {
        "(response)": "list, length 2",
        "[]": "object",
        "[].id": "number or whole number",
        "[].name": "text or text (empty), length 0 to 6",
        "[].at": "null, in 1 of 2",
        "[].password": "text (secret), in 1 of 2",
        "[].more": "list, length 2, in 1 of 2",
        "[].more[]": "object or whole number",
        "[].more[].x": "boolean",
    }


def test_names_that_no_program_would_choose():
    assert safe_name("serverDbInfo") == "serverDbInfo"
    assert safe_header("content-type") == "content-type"
    for name in ("Jane Doe", "", "1", "a\nb", "\u00fc", "x" * 101, "a|b", "sql01.example.com"):
        assert safe_name(name) == safe_header(name) == "(another name)"
    for name in ("http://example.com/name", "fe80::1", "etl-01", "srv/share", "a:9261"):
        assert safe_name(name) == "(another name)"


@pytest.mark.parametrize(
    ("value", "form"),
    [
        ("Bearer", "Bearer"),
        ('Bearer error="invalid_token", error_description="of etl01"', "Bearer with error, error_description"),
        ('Basic realm="ETL01.corp.example.com"', "Basic with realm"),
        ("Basic realm=etl01.corp", "Basic with realm"),
        ('Basic realm = "etl01, charset=x"', "Basic with realm"),
        ('Digest realm="a\\"b, c=d", nonce="x"', "Digest with realm, nonce"),
        ('Basic realm="etl01, Bearer', "Basic with realm"),
        ("Negotiate, NTLM", "Negotiate, NTLM"),
        ("NTLM ZXRsMDEuY29ycA==", "NTLM"),
        ("NTLM ZXRsMDEuY29ycAx=", "NTLM"),
        ("etl01.corp.example.com", "(another scheme)"),
        ("", "(another scheme)"),
    ],
)
def test_a_challenge_without_its_values(value, form):
    assert challenge_form(value) == form


def test_a_hostile_response_makes_no_endless_description():
    deep = {"a": 1}
    for _level in range(50):
        deep = {"a": deep, "b": [deep]}
    wide = [{f"m{number}": {f"n{inner}": "canary" for inner in range(300)} for number in range(300)}]
    for value in (deep, wide):
        shape = shape_of(value)
        assert len(shape) <= MAX_PATHS + MAX_FIELDS
        assert "canary" not in json.dumps(shape)
