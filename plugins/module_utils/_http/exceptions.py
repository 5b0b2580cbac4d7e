# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the exceptions of requests mean: kind, whether the request may have arrived, what to do. Private."""

from __future__ import annotations

import http.client
import re
import socket
import ssl
from collections.abc import Iterator
from typing import Any

from .._errors import AsteraError, input_error

try:
    import requests
    from urllib3.exceptions import ConnectTimeoutError, HTTPError, ProxyError, ReadTimeoutError
except ImportError:
    # transport.py tells the user; nothing here is called then.
    pass

#: What to do about a server that is not there.
IS_IT_THERE = (
    "Check that the server runs and which port it uses: "
    "9261 is documented for version 10, 9260 was seen with version 8."
)
_PROXY = "Check HTTPS_PROXY, ALL_PROXY and NO_PROXY in the environment of the task."
#: Functions of the libraries in which a connection is made. What fails there was before the request was sent.
_CONNECTING = frozenset({"cert_verify", "connect", "do_handshake", "ssl_wrap_socket"})
#: Functions in which an answer is read. What fails there was after the request was sent.
_ANSWERING = frozenset({"getresponse", "_read"})

#: What to do about a refused handshake: the first expression that is found in the words of OpenSSL.
_TLS_CURES = {
    "mismatch|doesn't match|empty subject alternative name": (
        "Use the name that the certificate is for in server_url. Only its subject alternative names count; "
        "one that has none must be issued anew."
    ),
    "has expired": "The certificate must be renewed on the server; if it is still valid, set the clock here right.",
    "not yet valid": "Compare the clocks of the server and of the machine where the task runs.",
    "protocol|unsupported.version|wrong.ssl.version": (
        "TLS 1.2 or newer is needed: enable it on the server (on Windows in the settings of Schannel)."
    ),
    "wrong.version.number|record|http.request|unexpected.message": (
        "What listens there does not speak TLS; check the port."
    ),
    "handshake.failure|no.shared.cipher|insufficient.security": (
        "Server and client have no cipher in common: enable the modern ones on the server (on Windows in the settings "
        "of Schannel)."
    ),
    "too.weak|too.small|legacy.sigalg|missing|basic.constraints|key.usage": (
        "The certificate breaks a rule that is checked here; it must be issued anew."
    ),
    "": (
        "Give the authority that signed it as ca_path, with those between if the server does not send them; of a "
        "self-signed certificate, as a fresh server very likely has, the certificate itself."
    ),
}
_NOT_ALLOWED = "The proxy must allow CONNECT to this host and port; or name the host in NO_PROXY to go past it."
_NOT_REACHED = "The proxy does not reach the server: check server_url; or name the host in NO_PROXY to go past it."
#: What to do about a proxy that answers CONNECT with these statuses.
_PROXY_CURES = {
    "403": _NOT_ALLOWED,
    "405": _NOT_ALLOWED,
    "407": (
        "The proxy wants a user and a password: HTTPS_PROXY=http://user:password@proxy:port, each special character "
        "as %XX."
    ),
    "502": _NOT_REACHED,
    "503": _NOT_REACHED,
    "504": _NOT_REACHED,
}


def translated(exc: Any, method: str, path: str, base_url: str) -> AsteraError:
    """Turn an exception of requests into ours: what happened, whether the request may have arrived, what to do."""
    cause = exc.args[0] if exc.args else exc
    reason = getattr(cause, "reason", None) or cause
    if not isinstance(reason, BaseException):
        reason = exc
    error = _meaning(exc, reason, base_url)
    attempts = max([1] + [getattr(layer, "attempts", 0) for layer in (exc, cause, reason)])
    return error.with_(method=method, path=path, attempts=0 if error.kind == "input" else attempts)


def _meaning(exc: Any, reason: Any, base_url: str) -> AsteraError:
    """What happened and what to do about it."""
    places = _places(exc, reason)
    unsent = isinstance(reason, ConnectTimeoutError) or bool(_CONNECTING & places)
    if _is_refused_by_a_library(exc, reason) and not _ANSWERING & places:
        return _unusable(exc, base_url)
    if unsent and "cert_verify" in places:
        return _unreadable_authorities(_words(exc))
    if unsent and isinstance(exc, requests.exceptions.SSLError):
        refusal = _refused_handshake(reason, base_url)
        if refusal is not None:
            return refusal
    if unsent and ("_prepare_proxy" in places or isinstance(reason, ProxyError) or "SOCKS" in str(reason)):
        return _failed_proxy(_words(_layers(reason)[-1]), base_url)
    if isinstance(exc, requests.exceptions.Timeout) or isinstance(reason, ReadTimeoutError):
        return _too_late(places, unsent, base_url)
    return _no_connection(reason, base_url) if unsent else _broken(reason, base_url)


def _is_refused_by_a_library(exc: Any, reason: Any) -> bool:
    """Whether a library did not even try: an address, a proxy or a header that it does not take."""
    refusals = (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema)
    # All exceptions of requests are an OSError.
    if isinstance(exc, refusals) or not isinstance(exc, OSError):
        return True
    return isinstance(_layers(reason)[-1], http.client.InvalidURL)


def _unusable(exc: Any, base_url: str) -> AsteraError:
    """Without the library's words: they may hold a header, and with it the token, or the password for the proxy."""
    proxies = requests.utils.get_environ_proxies(base_url) if base_url.startswith("https:") else {}
    if not requests.utils.select_proxy(base_url, proxies):
        hint = "Check the host in server_url, and username, password and token."
        return input_error(f"no request can be made from {base_url} and these credentials", hint)
    if "SOCKS" in str(exc):
        hint = f"For a SOCKS proxy PySocks is needed where the module runs: pip install 'requests[socks]'. {_PROXY}"
    else:
        hint = f"{_PROXY} A proxy has the form http://user:password@proxy:port, each special character as %XX."
    return input_error(f"no request to {base_url} can be made through the proxy that the environment names", hint)


def _unreadable_authorities(words: str) -> AsteraError:
    return input_error(
        f"the certificates to trust cannot be read: {words}",
        "ca_path, or without it REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE in the environment of the task, must be a file of "
        "certificates in PEM format.",
    )


def _refused_handshake(reason: Any, base_url: str) -> AsteraError | None:
    """None when the connection was merely dropped in the handshake.

    A server that does so is starting; that says nothing of its certificate.
    """
    innermost = _layers(reason)[-1]
    if isinstance(innermost, (ssl.SSLEOFError, ssl.SSLZeroReturnError)):
        return None
    words = _words(innermost)
    unreadable = isinstance(innermost, OSError) and not isinstance(innermost, ssl.SSLError)
    if unreadable or re.search("PEM lib|NO_CERTIFICATE_OR_CRL_FOUND", words):
        return _unreadable_authorities(words)
    message = f"the server's certificate or the TLS handshake with {base_url} was refused: {words}"
    cure = next(cure for pattern, cure in _TLS_CURES.items() if re.search(pattern, words, re.IGNORECASE))
    return AsteraError("tls", message, hint=cure)


def _failed_proxy(words: str, base_url: str) -> AsteraError:
    status = re.search(r"Tunnel connection failed: (\d+)", words)
    cure = _PROXY_CURES.get(status.group(1)) if status else None
    message = f"the proxy between here and {base_url} failed: {words}"
    return AsteraError("connection", message, hint=cure or _PROXY)


def _too_late(places: set[str], unsent: bool, base_url: str) -> AsteraError:
    hint = "Raise request_timeout if the server is merely slow."
    what = "answer in time"
    if places & {"do_handshake", "ssl_wrap_socket"}:
        what = "finish the TLS handshake in time"
        hint = f"Check the port: what listens there may not speak TLS. {hint}"
    elif unsent:
        what = "accept a connection in time"
        hint = f"{IS_IT_THERE} A firewall may drop what comes from here. {hint}"
    return AsteraError("timeout", f"{base_url} did not {what}", hint=hint, may_have_been_applied=not unsent)


def _no_connection(reason: Any, base_url: str) -> AsteraError:
    innermost = _layers(reason)[-1]
    words = _words(innermost)
    unknown = isinstance(innermost, socket.gaierror) or "resolve" in words
    hint = "Check the host in server_url: its name is not known here." if unknown else IS_IT_THERE
    return AsteraError("connection", f"no connection to {base_url}: {words}", hint=hint)


def _broken(reason: Any, base_url: str) -> AsteraError:
    words = _words(_layers(reason)[-1])
    message = f"the connection to {base_url} broke before the answer was complete: {words}"
    hint = "Look at the server and at what lies between here and there, then run the task again."
    if base_url.startswith("http:"):
        hint = f"If the server speaks TLS there, server_url must begin with https://. {hint}"
    return AsteraError("connection", message, hint=hint, may_have_been_applied=True)


def _places(*exceptions: Any) -> set[str]:
    """The names of the functions in which exceptions, and those inside of them, arose.

    An error that looks the same may come before a request was sent, or after.
    """
    places = set()
    for exception in exceptions:
        for layer in _origins(exception):
            trace = layer.__traceback__
            while trace is not None:
                places.add(trace.tb_frame.f_code.co_name)
                trace = trace.tb_next
    return places


def _origins(exc: BaseException) -> Iterator[BaseException]:
    """The layers of an exception of urllib3, and what it was made from."""
    for layer in _layers(exc):
        yield layer
        # Not further: what the caller was handling when it sent this request is no part of it.
        inner = layer.__cause__ or layer.__context__
        if isinstance(layer, HTTPError) and inner is not None:
            yield from _layers(inner)


def _layers(reason: Any) -> list[BaseException]:
    """An exception and those inside of it, the innermost last."""
    layers = [reason]
    while getattr(layers[-1], "args", None) and isinstance(layers[-1].args[-1], BaseException):
        layers.append(layers[-1].args[-1])
    return layers


def _words(reason: Any) -> str:
    """What an exception says, without object addresses and lines of source."""
    text = str(reason).strip() or type(reason).__name__
    text = re.sub(r"^(<.*?>|(SOCKS)?HTTPS?Connection(Pool)?\(.*?\)): ", "", text)
    # Old releases of urllib3 show a tuple, and Python shows where in its source it failed.
    text = re.sub(r"^\(\"|\",\)$| \(_ssl\.c:\d+\)|^_ssl\.c:\d+: ", "", text)
    return text.replace("\n", " ")
