"""Whatever the server returns: it is read or rejected, it is short, and it cannot steer a terminal."""

from __future__ import annotations

import json
import time

import pytest
from hypothesis import strategies as st

from ansible_collections.astera.data_stack.plugins.module_utils._data.json_text import decoded
from ansible_collections.astera.data_stack.plugins.module_utils._errors import one_line
from ansible_collections.astera.data_stack.plugins.module_utils._http.error_text import MAX_WORDS, error_text
from ansible_collections.astera.data_stack.plugins.module_utils._http.openapi import (
    DELETE_SCHEDULE,
    TERMINATE,
    TRACE,
    Discovery,
)
from ansible_collections.astera.data_stack.plugins.module_utils._http.token import extract_token, jwt_claims, seconds_in
from ansible_collections.astera.data_stack.plugins.module_utils._http.upload import path_in
from ansible_collections.astera.data_stack.plugins.module_utils._resources.job.responses import (
    extract_job_id,
    extract_status,
    extract_trace,
)
from ansible_collections.astera.data_stack.tests.properties.profiles import prop, tried
from ansible_collections.astera.data_stack.tests.properties.values import ANY_TEXT, BROKEN, JSON, TEXTS, printable

SECRET = "canary of a secret"
NAMES = st.sampled_from(
    ["detail", "Message", "title", "errors", "error", "access_token", "token", "filePath", "Path", "status", "jobId"]
)
DATA = st.recursive(
    JSON, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=4
)


@prop(500, text=TEXTS | DATA.map(json.dumps) | ANY_TEXT.map(lambda text: f"<p>{text}</p>"))
def test_any_response_can_be_read(text):
    message = error_text(text)
    assert len(message) <= MAX_WORDS
    assert printable(message)
    data = decoded(text)
    json.dumps(data, allow_nan=False)
    token = extract_token(data)
    assert token is None or (token.isascii() and token.isprintable() and " " not in token)
    path = path_in(data)
    assert path is None or path
    status = extract_status(data)
    assert status is None or (status and printable(status))
    job = extract_job_id(data)
    assert job is None or (isinstance(job, int) and not isinstance(job, bool) and job > 0)
    assert isinstance(extract_trace(data), str)


@prop(200, before=TEXTS, after=TEXTS, shape=st.sampled_from(["{}{}{}", '{{"detail": "{}{}{}"}}', "<p>{}{}{}</p>"]))
def test_a_secret_does_not_get_through(before, after, shape):
    text = shape.format(before, SECRET, after)
    message = error_text(text, lambda found: found.replace(SECRET, "***"))
    assert SECRET not in message


@prop(200, claims=JSON, head=ANY_TEXT)
def test_any_token_has_an_expiry_or_none(claims, head):
    import base64

    body = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode()
    for token in (f"{head}.{body}.s", f"h.{head}.s", head, f"h.{body}.s"):
        expiry = seconds_in(jwt_claims(token), "exp")
        assert expiry is None or isinstance(expiry, int)


@prop(200, text=ANY_TEXT | st.text(max_size=9000))
def test_a_line_is_a_line(text):
    line = one_line(text)
    assert printable(line)
    assert one_line(line) == line
    if printable(text) and len(text) < 1000:
        assert line == text


@pytest.mark.parametrize(
    "piece", ["<", "<script", "<script>", "<!--", "&#", "&amp;", " \t", "\\", '{"detail":', "[", "a"]
)
def test_the_text_of_a_large_page_is_found_quickly(piece):
    """No page of the maximum size that is read makes the search for its text slow."""
    text = piece * (65536 // len(piece))
    start = time.process_time()
    error_text(text)
    error_text("<" + text)
    assert time.process_time() - start < 5


SEGMENTS = st.sampled_from(
    ["", "api", "Job", "jobs", "Schedule", "{id}", "{jobId}", "Terminate", "trace", "delete", "v1", "{", "a b"]
)
PLACES = st.lists(SEGMENTS, max_size=5).map("/".join) | ANY_TEXT
PARAMETER = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["id", "jobId", "x", "\ud800id", 7]) | JSON,
        "in": st.sampled_from(["path", "query", "header", "body"]) | JSON,
        "required": st.booleans() | JSON,
        "schema": st.just({"type": "integer"}) | JSON,
        "type": st.just("integer") | JSON,
        "$ref": st.sampled_from(["#/a/b", "#/paths", "", "#"]) | JSON,
    },
)
OPERATION = st.fixed_dictionaries(
    {}, optional={"parameters": st.lists(PARAMETER, max_size=2) | JSON, "requestBody": JSON, "servers": JSON}
)
DOCUMENTS = st.fixed_dictionaries(
    {
        "paths": st.dictionaries(
            PLACES,
            st.dictionaries(
                st.sampled_from(["get", "post", "delete", "GET", "parameters"]), OPERATION | JSON, max_size=3
            )
            | JSON,
            max_size=4,
        )
        | JSON
    },
    optional={
        "openapi": JSON,
        "swagger": st.just("2.0"),
        "basePath": st.sampled_from(["/x", "/../", "//evil", "https://evil/x"]) | JSON,
        "servers": st.lists(
            st.fixed_dictionaries({"url": st.sampled_from(["/x", "https://evil/y", "{a}"]) | JSON}), max_size=2
        )
        | JSON,
        "a": JSON,
    },
)


class Client:
    """Returns the document to every read."""

    def __init__(self, document):
        self.document = document

    def get(self, path, **how):
        return self.document


@prop(400, document=DOCUMENTS | JSON, purpose=st.sampled_from([TERMINATE, TRACE, DELETE_SCHEDULE]))
def test_any_document_names_an_operation_or_none(document, purpose):
    operation, error = tried(Discovery(Client(document), None).operation, purpose, None)
    if error is not None:
        assert error.kind == "unsupported"
        return
    assert operation.method in ("GET", "POST", "PUT", "DELETE")
    assert operation.method == "GET" or purpose is not TRACE
    assert operation.path.startswith("/")
    assert "//" not in operation.path
    assert ".." not in operation.path.split("/")
    assert printable(operation.path)
    assert operation.path.isascii()


@pytest.mark.parametrize("text", BROKEN)
def test_what_is_decoded_can_be_sent_back(text):
    json.dumps(decoded(text), allow_nan=False)
