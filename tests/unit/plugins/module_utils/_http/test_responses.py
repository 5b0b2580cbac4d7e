from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.astera.data_stack.plugins.module_utils._data.json_text import decoded
from ansible_collections.astera.data_stack.plugins.module_utils._http.error_text import MAX_WORDS, error_text
from ansible_collections.astera.data_stack.plugins.module_utils._http.token import extract_token, jwt_claims, seconds_in
from ansible_collections.astera.data_stack.plugins.module_utils._http.upload import path_in
from ansible_collections.astera.data_stack.plugins.module_utils._resources.job.responses import (
    extract_job_id,
    extract_status,
    extract_trace,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("", ""),
        ("Name taken.", "Name taken."),
        ('"Name taken."', "Name taken."),
        ('{"login_failure": ["Invalid username or password."]}', "login_failure: Invalid username or password."),
        ('{"type": "x", "title": "Bad", "detail": "Name taken", "status": 400}', "Name taken; Bad"),
        ('{"errors": {"Name": ["is required", "is odd"]}}', "Name: is required; Name: is odd"),
        ('{"Message": "No"}', "No"),
        (
            "<html><head><style>p{}</style></head><body><h1>502</h1><p>Bad&nbsp;Gateway</p></body></html>",
            "502 Bad Gateway",
        ),
        ("null", ""),
    ],
)
def test_the_words_of_an_error(body, words):
    assert error_text(body) == words


def test_long_words_are_cut():
    assert len(error_text("x" * 10_000)) == MAX_WORDS


@given(JSON)
def test_any_json_can_be_read(data):
    text = json.dumps(data)
    assert isinstance(error_text(text), str)
    extract_token(data)
    path_in(data)
    extract_status(data)
    extract_job_id(data)
    assert isinstance(extract_trace(data), str)


@given(st.text(max_size=40))
def test_any_text_can_be_read(text):
    assert isinstance(error_text(text), str)
    jwt_claims(text)


@pytest.mark.parametrize(
    ("data", "token"),
    [
        ({"access_token": "a.b.c"}, "a.b.c"),
        ({"Access_Token": "t", "token": "other"}, "t"),
        ({"accessToken": "t"}, "t"),
        ({"auth_token": "t"}, "t"),
        ("bare", "bare"),
        ("<html> no", None),
        ({"access_token": ""}, None),
        ({}, None),
        (None, None),
    ],
)
def test_tokens(data, token):
    assert extract_token(data) == token


def jwt(claims):
    return "h." + base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=") + ".s"


def test_expiry():
    assert seconds_in(jwt_claims(jwt({"exp": 1700000000})), "exp") == 1700000000
    assert seconds_in(jwt_claims(jwt({"exp": 10**400})), "exp") == 10**400
    assert seconds_in(jwt_claims(jwt({})), "exp") is None
    for token in (jwt([]), jwt({"exp": float("inf")}), "opaque", "a.b.c", "h.\xff.s"):
        assert jwt_claims(token) == {}


@pytest.mark.parametrize(
    ("data", "path"),
    [
        (r"C:\a.car", r"C:\a.car"),
        ({"path": "p"}, "p"),
        ({"FilePath": "p", "id": 1}, "p"),
        ({"path": "", "ClusterArchiveFilePath": "p"}, "p"),
        ({"id": 1}, None),
        ("", None),
        (None, None),
    ],
)
def test_paths(data, path):
    assert path_in(data) == path


def test_jobs():
    assert extract_job_id({"JobId": "12"}) == 12
    assert extract_job_id(12) == 12
    assert extract_job_id({"jobId": True}) is None
    assert extract_job_id("abc") is None
    assert extract_status("Completed") == "Completed"
    assert extract_status({"Status": " Running "}) == "Running"
    assert extract_status({"id": 1}) is None
    assert extract_status("") is None
    assert [extract_status(data) for data in (6, 0, -1, {"status": 6}, 1.5)] == ["6", "0", "-1", "6", "1.5"]
    assert extract_status(True) is None
    for cut_short in ('{"status": "Comp', '["Completed"', '"Compl'):
        assert extract_status(cut_short) is None


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (None, ""),
        ("one\r\ntwo", "one\r\ntwo"),
        (["one", "two"], "one\ntwo"),
        ([{"time": "10:00", "message": "one"}, {"time": "10:01", "message": None, "level": 3}], "10:00 one\n10:01 3"),
        ({"id": 7, "entries": [{"message": "one"}, "two"]}, "7 one\ntwo"),
        ({"errors": "", "trace": "all"}, "all"),
        ([{"message": {"text": "boom"}}], "boom"),
        (5, "5"),
    ],
)
def test_the_text_of_a_trace(data, text):
    assert extract_trace(data) == text


@pytest.mark.parametrize("text", ["NaN", '{"a": Infinity}', "[1e999]", "[" * 101 + "]" * 101, "[" * 100_000])
def test_what_could_not_be_sent_back_is_no_json(text):
    assert decoded(text) == text


def test_json_of_any_usual_depth():
    assert isinstance(decoded("[" * 100 + "]" * 100), list)


def test_the_words_of_an_error_do_not_steer_a_terminal():
    assert error_text("\x1b]0;owned\x07 a\x9bb\u202ec\r\nd") == "]0;owned a b c d"
    assert error_text('"\\ud800 no"') == "no"
