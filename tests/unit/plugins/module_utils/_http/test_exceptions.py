"""Exceptions of the libraries that no server here brings about."""

from __future__ import annotations

import ssl

import pytest
import requests
from urllib3.exceptions import HTTPError, MaxRetryError, NewConnectionError, ProxyError

from ansible_collections.astera.data_stack.plugins.module_utils._http.exceptions import translated

WHERE = ("POST", "/api/CommandLineProcessor", "https://etl01:9261")


def getresponse(exc):
    """Fail where the libraries read an answer."""
    raise exc


def putheader(exc):
    """Fail where they write a request."""
    raise exc


@pytest.mark.parametrize("exc", [ValueError("canary"), HTTPError("canary")])
@pytest.mark.parametrize(("function", "may_have_been_applied"), [(putheader, False), (getresponse, True)])
def test_an_unknown_error_before_and_after_a_request_was_sent(function, may_have_been_applied, exc):
    with pytest.raises((ValueError, HTTPError)) as caught:
        function(exc)
    error = translated(caught.value, *WHERE)
    assert error.may_have_been_applied is may_have_been_applied
    assert error.kind == ("connection" if may_have_been_applied else "input")
    assert may_have_been_applied or "canary" not in str(error)


def connect(reason):
    """Fail where a connection is made."""
    raise reason


@pytest.mark.parametrize(
    "reason",
    [
        NewConnectionError(None, "SOCKSHTTPSConnection(host='etl01', port=9261): [Errno 111] Connection refused"),
        ProxyError("Cannot connect to proxy.", OSError("Tunnel connection failed: 504 Gateway Timeout")),
    ],
)
def test_proxies(reason):
    with pytest.raises(HTTPError):
        connect(reason)
    error = translated(requests.ConnectionError(MaxRetryError(None, "/", reason)), *WHERE)
    assert error.kind == "connection"
    assert "the proxy between here and https://etl01:9261 failed" in error.message
    assert "NO_PROXY" in error.hint
    assert not error.may_have_been_applied


@pytest.mark.parametrize(
    ("words", "cure"),
    [
        ("[SSL: UNSUPPORTED_PROTOCOL] unsupported protocol (_ssl.c:1129)", "TLS 1.2 or newer"),
        ("[SSL: SSLV3_ALERT_HANDSHAKE_FAILURE] sslv3 alert handshake failure (_ssl.c:1129)", "no cipher in common"),
        ("[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1129)", "does not speak TLS"),
        ("[SSL] record layer failure (_ssl.c:1006)", "does not speak TLS"),
        ("certificate verify failed: Missing Authority Key Identifier (_ssl.c:1006)", "must be issued anew"),
        ("certificate verify failed: EE certificate key too weak (_ssl.c:1006)", "must be issued anew"),
        ("certificate verify failed: self signed certificate (_ssl.c:1006)", "as ca_path"),
        ("IP address mismatch, certificate is not valid for '10.0.0.1'. (_ssl.c:1006)", "server_url"),
    ],
)
def test_words_of_openssl(words, cure):
    inner = ssl.SSLError(1, words)
    with pytest.raises(ssl.SSLError):
        connect(inner)
    error = translated(requests.exceptions.SSLError(inner), *WHERE)
    assert error.kind == "tls"
    assert cure in error.hint
    assert "_ssl.c" not in error.message
