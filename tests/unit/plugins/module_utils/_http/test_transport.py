"""Retries and limits, with a scripted session; and what our connections report."""

from __future__ import annotations

import itertools
import ssl

import pytest
import requests
from urllib3.connection import HTTPSConnection
from urllib3.exceptions import ProtocolError

from ansible_collections.astera.data_stack.plugins.module_utils._errors import AsteraError
from ansible_collections.astera.data_stack.plugins.module_utils._http import transport as _transport
from ansible_collections.astera.data_stack.plugins.module_utils._http.connection import Connection
from ansible_collections.astera.data_stack.plugins.module_utils._http.retry import MAX_PAUSE, pause_after
from ansible_collections.astera.data_stack.plugins.module_utils._http.session import NotSentError, new_session
from ansible_collections.astera.data_stack.plugins.module_utils._http.transport import (
    BLOCK,
    MAX_BODY,
    MAX_ERROR,
    Request,
    Transport,
)

URL = "https://etl01:9261"
READ = Request("GET", "/x")
WRITE = Request("POST", "/x", body=b"{}")
IDEMPOTENT = Request("POST", "/login", body=b"{}", idempotent=True)
NOT_SENT = NotSentError(ConnectionRefusedError(111, "Connection refused"))
LOST = requests.ConnectionError(ProtocolError("Connection aborted.", ConnectionResetError(104, "reset")))


class Raw:
    """A body that comes in the given pieces, then ends; or breaks, where a piece is an exception."""

    def __init__(self, pieces, length=None):
        self.pieces = iter(pieces)
        self.length = length
        self.released = False
        self._original_response = self

    def read1(self, amount):
        piece = next(self.pieces, b"")
        if isinstance(piece, Exception):
            raise piece
        return piece[:amount]

    def release_conn(self):
        self.released = True


class Reply:
    """What the session of requests returns."""

    def __init__(self, status=200, *pieces, **headers):
        self.status_code = status
        self.raw = Raw(pieces)
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.closed = False

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.closed = True


class Session:
    """Returns or raises what is in a list, one for each request."""

    def __init__(self, *results):
        self.results = list(results)
        self.sent = []

    def request(self, method, url, **options):
        body = options["data"]
        self.sent.append((method, url, body if body is None or isinstance(body, bytes) else b"".join(body)))
        result = self.results.pop(0)
        if isinstance(result, Exception):
            raise result
        return result


@pytest.fixture
def pauses(monkeypatch):
    """The seconds that were waited between attempts."""
    waited = []
    monkeypatch.setattr(_transport.time, "sleep", waited.append)
    return waited


@pytest.fixture
def send(monkeypatch, pauses):
    """Send a request and get the results in turn; returns the response or the error, and what was sent."""

    def sending(request, *results, retries=4, seconds=30.0):
        session = Session(*results)
        monkeypatch.setattr(_transport, "new_session", lambda *_how: session)
        transport = Transport(Connection(URL, None, None, None, True, seconds, retries))
        try:
            return transport.send(request), session.sent
        except AsteraError as error:
            return error, session.sent

    return sending


@pytest.mark.parametrize("request_", [READ, WRITE, IDEMPOTENT])
def test_what_was_never_sent_is_retried(send, pauses, request_):
    response, sent = send(request_, NOT_SENT, NOT_SENT, Reply(200, b"ok"))
    assert (response.text, response.attempts) == ("ok", 3)
    assert len(sent) == 3
    assert pauses == [0, 1]


@pytest.mark.parametrize("lost", [LOST, Reply(200, b"o", ConnectionResetError(104, "reset"))])
def test_a_write_that_may_have_been_applied_is_not_retried(send, lost):
    error, sent = send(WRITE, lost)
    assert (error.kind, error.attempts, error.method, error.path) == ("connection", 1, "POST", "/x")
    assert error.may_have_been_applied
    assert len(sent) == 1


def test_a_write_that_was_lost_after_it_was_not_sent(send):
    error, sent = send(WRITE, NOT_SENT, LOST)
    assert error.may_have_been_applied
    assert error.attempts == len(sent) == 2


@pytest.mark.parametrize("request_", [READ, IDEMPOTENT])
def test_what_is_idempotent_is_retried_after_a_lost_response(send, request_):
    broken = Reply(200, b"o", ConnectionResetError(104, "reset"))
    response, sent = send(request_, LOST, broken, Reply(200, b"ok"))
    assert (response.text, response.attempts, len(sent)) == ("ok", 3, 3)
    assert broken.closed


@pytest.mark.parametrize(
    ("request_", "status", "attempts"),
    [
        (READ, 503, 2),
        (READ, 502, 2),
        (READ, 504, 2),
        (READ, 429, 2),
        (READ, 500, 1),
        (READ, 413, 1),
        (WRITE, 503, 1),
        (WRITE, 502, 1),
        (WRITE, 504, 1),
        (WRITE, 429, 2),
        (IDEMPOTENT, 503, 2),
    ],
)
def test_statuses(send, request_, status, attempts):
    response, sent = send(request_, Reply(status), Reply(200))
    assert response.status == (200 if attempts == 2 else status)
    assert response.attempts == len(sent) == attempts


def test_the_last_response_counts_when_all_attempts_are_used(send):
    response, sent = send(READ, *[Reply(503) for _time in range(3)], retries=2)
    assert (response.status, response.attempts, len(sent)) == (503, 3, 3)


def test_all_kinds_of_failures_share_the_retries(send):
    error, sent = send(READ, NOT_SENT, Reply(503), LOST, retries=2)
    assert error.attempts == len(sent) == 3


@pytest.mark.parametrize("result", [NOT_SENT, LOST, Reply(429)])
def test_one_attempt_for_callers_that_wait_by_themselves(send, result):
    _result, sent = send(Request("GET", "/x", timeout=1), result)
    assert len(sent) == 1


def test_what_no_retry_can_fix(send):
    for cause in (ssl.SSLError(1, "wrong version number"), UnicodeError("label too long")):
        _error, sent = send(READ, NotSentError(cause))
        assert len(sent) == 1


def test_a_stream_is_sent_from_its_start_each_time(send):
    stream = [b"fi", b"le"]
    _response, sent = send(Request("POST", "/x", body=stream), NOT_SENT, Reply(429), Reply(200))
    assert sent == [("POST", f"{URL}/x", b"file")] * 3


def test_an_invalid_option_counts_no_attempts(send):
    error, _sent = send(READ, requests.exceptions.InvalidURL("x"))
    assert (error.kind, error.attempts, error.method) == ("input", 0, "GET")


def test_pauses(pauses, send):
    texts = ["7", "Sun, 09 Sep 2001 01:46:47 GMT", "0", "soon", "99999"]
    send(READ, *[Reply(503, Retry_After=text) for text in texts], Reply(200), retries=9)
    assert pauses == [7, 1, 2, 4, MAX_PAUSE]


def test_pauses_grow_up_to_a_limit():
    assert [pause_after(attempt) for attempt in range(1, 9)] == [0, 1, 2, 4, 8, 16, MAX_PAUSE, MAX_PAUSE]
    assert pause_after(10_000) == MAX_PAUSE
    for odd in ("-5", "9" * 5000, "Mon, 01 Jan 1990 00:00:00 GMT"):
        assert pause_after(1, odd) == 0


def test_a_body_that_is_too_large(send):
    endless = Reply(200, *[b"x" * BLOCK] * (MAX_BODY // BLOCK + 9))
    error, sent = send(READ, endless)
    assert (error.kind, len(sent)) == ("server", 1)
    assert "larger than 32 MiB" in error.message
    assert endless.closed
    response, _sent = send(READ, Reply(200, *[b"x" * BLOCK] * (MAX_BODY // BLOCK)))
    assert len(response.text) == MAX_BODY


def test_of_an_error_only_the_beginning_is_read(send):
    reply = Reply(500, *[b"x" * BLOCK] * 99)
    response, _sent = send(READ, reply)
    assert (response.status, len(response.text)) == (500, MAX_ERROR)
    assert next(reply.raw.pieces)


@pytest.mark.parametrize(("request_", "attempts"), [(READ, 2), (WRITE, 1)])
def test_a_body_that_comes_too_slowly(send, monkeypatch, request_, attempts):
    monkeypatch.setattr(_transport.time, "monotonic", itertools.count().__next__)
    error, sent = send(request_, Reply(200, *[b"x"] * 99), Reply(200, *[b"x"] * 99), retries=1, seconds=5.0)
    assert (error.kind, error.attempts, len(sent)) == ("timeout", attempts, attempts)
    assert "too slowly" in error.message
    assert error.may_have_been_applied is (request_ is WRITE)


@pytest.mark.parametrize(("length", "is_whole"), [(None, True), (0, True), (7, False)])
def test_a_body_that_ends_early(send, length, is_whole):
    """The connection is kept for the next request only after the whole body."""
    reply = Reply(200, b"x")
    reply.raw.length = length
    result, _sent = send(WRITE, reply)
    assert reply.raw.released is is_whole
    assert reply.closed
    if not is_whole:
        assert result.kind == "connection"
        assert result.may_have_been_applied
        assert "IncompleteRead(1 bytes read, 7 more expected)" in result.message


@pytest.mark.parametrize("cause", [ssl.SSLError(1, "wrong version"), ConnectionResetError(104), TimeoutError()])
def test_a_connection_that_cannot_be_made_is_marked(monkeypatch, cause):
    """With the real session, through all layers of requests and urllib3."""

    def connect(_self):
        raise cause

    monkeypatch.setattr(HTTPSConnection, "connect", connect)
    for proxy in ("", "http://proxy:3128"):
        monkeypatch.setenv("HTTPS_PROXY", proxy)
        session = new_session(URL, True)
        with pytest.raises(NotSentError) as caught:
            session.post(URL, data=b"{}", verify=True)
        assert caught.value.args == (cause,)
        session.close()
