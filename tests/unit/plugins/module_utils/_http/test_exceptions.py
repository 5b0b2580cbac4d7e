"""What the exceptions of urllib3 1.26 and 2 mean. Where they differ, both forms are here, whichever is installed."""

from __future__ import annotations

import http.client
import socket
import ssl

import pytest
import requests
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    LocationParseError,
    MaxRetryError,
    NewConnectionError,
    ProtocolError,
    ProxyError,
    ReadTimeoutError,
    SSLError,
)

from ansible_collections.astera.data_stack.plugins.module_utils._http.exceptions import translated
from ansible_collections.astera.data_stack.plugins.module_utils._http.session import NotSentError

URL = "https://etl01:9261"
REFUSED = ConnectionRefusedError(111, "Connection refused")
RESET = ConnectionResetError(104, "Connection reset by peer")
CERTIFICATE = ssl.SSLCertVerificationError(1, "certificate verify failed: self-signed certificate (_ssl.c:1006)")
NO_TLS = ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1129)")
EOF = ssl.SSLEOFError(8, "EOF occurred in violation of protocol (_ssl.c:1129)")


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch):
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def proxy(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://etl:canary@proxy:3128")


def caused(error, cause):
    """An error raised from another one, as in urllib3 2."""
    error.__cause__ = cause
    return error


def while_handling(error, other):
    """An error raised while another one was handled, as in urllib3 1.26."""
    error.__context__ = other
    return error


def by_requests(reason):
    return requests.ConnectionError(MaxRetryError(None, "/", reason))


NEW = "Failed to establish a new connection: [Errno 111] Connection refused"


@pytest.mark.parametrize(
    ("exc", "kind", "words"),
    [
        (NotSentError(caused(NewConnectionError(None, NEW), REFUSED)), "connection", "no connection to"),
        (NotSentError(while_handling(NewConnectionError(None, NEW), REFUSED)), "connection", "no connection to"),
        # Plain HTTP and SOCKS have connections of urllib3's own.
        (by_requests(caused(NewConnectionError(None, NEW), REFUSED)), "connection", "no connection to"),
        (NotSentError(RESET), "connection", "no connection to"),
        (NotSentError(EOF), "connection", "no connection to"),
        (NotSentError(socket.timeout("timed out")), "timeout", "did not accept a connection in time"),
        (
            NotSentError(caused(ConnectTimeoutError(None, "timed out"), socket.timeout("timed out"))),
            "timeout",
            "did not accept a connection in time",
        ),
        (NotSentError(NO_TLS), "tls", "the TLS handshake with https://etl01:9261 was rejected"),
        # As urllib3 1.26 raises it.
        (NotSentError(ssl.SSLCertVerificationError("hostname 'a' doesn't match 'b'")), "tls", "rejected: hostname 'a'"),
        (NotSentError(CERTIFICATE), "tls", "was rejected: certificate verify failed: self-signed certificate"),
        # Through SOCKS. A certificate is checked before anything is sent.
        (requests.exceptions.SSLError(MaxRetryError(None, "/", SSLError(CERTIFICATE))), "tls", "was rejected"),
        (NotSentError(SSLError(FileNotFoundError(2, "No such file"))), "input", "certificates to trust cannot be read"),
        (OSError("Could not find a suitable TLS CA certificate bundle"), "input", "certificates to trust"),
        (NotSentError(LocationParseError("'a..b', label empty or too long")), "input", "no request can be made"),
        (requests.exceptions.InvalidURL("canary"), "input", "no request can be made"),
    ],
)
def test_what_was_never_sent(exc, kind, words):
    error = translated(exc, URL)
    assert error.kind == kind
    assert words in error.message
    assert not error.may_have_been_applied
    assert "canary" not in str(error)
    assert "object at" not in error.message
    assert "_ssl.c" not in error.message


def test_a_name_that_is_not_known():
    unknown = socket.gaierror(-2, "Name or service not known")
    error = translated(NotSentError(caused(NewConnectionError(None, "Failed to resolve"), unknown)), URL)
    assert "Check the host and port in server_url" in error.hint


@pytest.mark.parametrize(
    ("exc", "kind", "words"),
    [
        (requests.ConnectionError(ProtocolError("Connection aborted.", RESET)), "connection", "reset by peer"),
        (
            requests.ConnectionError(ProtocolError("Connection aborted.", http.client.RemoteDisconnected("closed"))),
            "connection",
            "broke before the response was complete: closed",
        ),
        # Raw ones come from the body.
        (http.client.IncompleteRead(b""), "connection", "IncompleteRead(0 bytes read"),
        (RESET, "connection", "reset by peer"),
        (OSError(113, "No route to host"), "connection", "No route to host"),
        (NO_TLS, "connection", "wrong version number"),
        (socket.timeout("timed out"), "timeout", "respond in time"),
        # A response that is no TLS: in all releases the same class as a failed handshake.
        (
            requests.exceptions.SSLError(MaxRetryError(None, "/", SSLError(NO_TLS))),
            "connection",
            "wrong version number",
        ),
        # Whatever breaks behind a proxy, urllib3 1.26 calls an error of the proxy.
        (
            requests.exceptions.ProxyError(MaxRetryError(None, "/", ProxyError("Cannot connect to proxy.", RESET))),
            "connection",
            "reset by peer",
        ),
        (requests.exceptions.ReadTimeout(ReadTimeoutError(None, "/", "Read timed out.")), "timeout", "respond in time"),
        (requests.exceptions.InvalidHeader(ValueError("canary")), "connection", "ValueError"),
        (HTTPError("odd"), "connection", "odd"),
        (ValueError("canary"), "connection", "ValueError"),
    ],
)
@pytest.mark.parametrize("is_proxied", [False, True])
def test_what_may_have_been_applied(request, is_proxied, exc, kind, words):
    if is_proxied:
        request.getfixturevalue("proxy")
    error = translated(exc, URL)
    assert error.kind == kind
    assert words in error.message
    assert error.may_have_been_applied
    assert "canary" not in str(error)
    assert "_ssl.c" not in error.message


@pytest.mark.parametrize(
    "cause",
    [
        OSError("Tunnel connection failed: 407 Proxy Authentication Required"),
        OSError("Tunnel connection failed: 405 Method Not Allowed"),
        caused(NewConnectionError(None, NEW), REFUSED),
        http.client.BadStatusLine("no HTTP"),
        http.client.RemoteDisconnected("Remote end closed connection without response"),
        socket.timeout("timed out"),
    ],
)
@pytest.mark.usefixtures("proxy")
def test_proxies(cause):
    error = translated(NotSentError(cause), URL)
    assert error.kind == "connection"
    assert "the proxy to https://etl01:9261 failed" in error.message
    assert "Check HTTPS_PROXY" in error.hint
    assert "http://user:password@proxy:port" in error.hint
    assert not error.may_have_been_applied
    assert "canary" not in str(error)


def test_a_proxy_that_should_speak_tls(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "https://proxy:3128")
    error = translated(NotSentError(NO_TLS), URL)
    assert error.kind == "connection"
    assert "the proxy to https://etl01:9261 failed" in error.message


def test_plain_http_goes_through_no_proxy(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://proxy:3128")
    error = translated(by_requests(caused(NewConnectionError(None, NEW), REFUSED)), "http://etl01:9261")
    assert "no connection to" in error.message


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("[SSL: UNSUPPORTED_PROTOCOL] unsupported protocol (_ssl.c:1129)", "TLS 1.2 or newer"),
        ("[SSL: SSLV3_ALERT_HANDSHAKE_FAILURE] sslv3 alert handshake failure (_ssl.c:1129)", "modern ciphers"),
        ("[SSL: WRONG_VERSION_NUMBER] wrong version number (_ssl.c:1129)", "may not use TLS"),
        ("[SSL] record layer failure (_ssl.c:1006)", "may not use TLS"),
        ("certificate verify failed: certificate has expired (_ssl.c:1006)", "Renew the certificate"),
        ("certificate verify failed: self signed certificate (_ssl.c:1006)", "Set ca_path to the CA certificate"),
        ("certificate verify failed: unable to get local issuer certificate", "only if REQUESTS_CA_BUNDLE names"),
        ("IP address mismatch, certificate is not valid for '10.0.0.1'. (_ssl.c:1006)", "server_url"),
    ],
)
def test_words_of_openssl(words, hint):
    error = translated(NotSentError(ssl.SSLError(1, words)), URL)
    assert error.kind == "tls"
    assert hint in error.hint
    assert "_ssl.c" not in error.message
