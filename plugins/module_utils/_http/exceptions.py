# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the exceptions of requests mean: kind, whether the request may have been applied, what to do. Private.

Nothing was sent after an error that our connection marks (``NotSentError``), or urllib3 (``ConnectTimeoutError``).
After any other the request may have been applied.
"""

from __future__ import annotations

import contextlib
import http.client
import re
import socket
import ssl
from typing import Any

from .._errors import AsteraError, input_error
from .session import NotSentError

with contextlib.suppress(ImportError):
    # transport.py reports that they are missing; nothing here is used then.
    import requests
    from requests.exceptions import InvalidSchema, InvalidURL
    from urllib3.connection import CertificateError  # type: ignore[attr-defined]
    from urllib3.exceptions import ConnectTimeoutError, LocationValueError, ReadTimeoutError, SSLError

    #: An address, a proxy or a header that a library rejects before it connects.
    _INVALID = (InvalidSchema, InvalidURL, LocationValueError, UnicodeError, http.client.InvalidURL)

#: What to do about a server that is not there.
IS_IT_THERE = (
    "Check that the server runs, and its port: 9261 is documented for version 10, 9260 was seen with version 8."
)
_PROXY = "Check HTTPS_PROXY, ALL_PROXY and NO_PROXY in the environment of the task."
_CA_FILE = (
    "ca_path, or without it REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE in the environment of the task, must be a file of "
    "certificates in PEM format."
)
#: What to do about a failed handshake: the first expression that is found in the words of OpenSSL.
_TLS_HINTS = {
    "mismatch|doesn't match|empty subject alternative name": (
        "Set server_url to a name in the certificate. Only its subject alternative names count; "
        "replace a certificate that has none."
    ),
    "has expired": "Renew the certificate on the server. If it is still valid, correct the clock where the task runs.",
    "not yet valid": "Compare the clocks of the server and of the machine that runs the task.",
    "protocol|unsupported.version|wrong.ssl.version": (
        "Enable TLS 1.2 or newer on the server (on Windows in the settings of Schannel)."
    ),
    "wrong.version.number|record|http.request|unexpected.message": (
        "Check the port: the service there does not use TLS."
    ),
    "handshake.failure|no.shared.cipher|insufficient.security": (
        "Enable modern ciphers on the server (on Windows in the settings of Schannel): it has none in common with "
        "this machine."
    ),
    "too.weak|too.small|legacy.sigalg|missing|basic.constraints|key.usage": (
        "Replace the certificate: it breaks a rule that OpenSSL checks on this machine."
    ),
    "": (
        "Set ca_path to the CA certificate that signed the server's, with intermediates. "
        "For a self-signed certificate, use that certificate. "
        "The CA certificates of the system are trusted only if REQUESTS_CA_BUNDLE names their file."
    ),
}
#: What to do about a proxy that responds to CONNECT with these statuses.
_PROXY_HINTS = {
    "failed: 40[35]": "The proxy must allow CONNECT to this host and port; or name the host in NO_PROXY to go past it.",
    "failed: 407": (
        "The proxy requires a user and a password: HTTPS_PROXY=http://user:password@proxy:port, each special character "
        "as %XX."
    ),
    "failed: 50[234]": (
        "The proxy does not reach the server: check server_url; or name the host in NO_PROXY to go past it."
    ),
    "": _PROXY,
}


def _is_missing_file(exc: Exception) -> bool:
    """Whether requests did not find the file of certificates: a bare OSError, which no other failure is."""
    return exc.__class__ is OSError and exc.errno is None


def translated(exc: Exception, base_url: str) -> AsteraError:
    """Turn an exception of requests or urllib3 into ours, without method, path and attempts."""
    layers = _layers(exc)
    words = _words(layers[-1])
    not_sent = _has(layers, NotSentError, ConnectTimeoutError)
    proxy = _proxy_for(base_url)
    if _has(layers, *_INVALID):
        return _invalid(exc, base_url, proxy)
    if _is_missing_file(exc) or (not_sent and _has(layers, SSLError)):
        return input_error(f"the certificates to trust cannot be read: {words}", _CA_FILE)
    if _is_rejected_handshake(layers[-1], not_sent) and not proxy.startswith("https:"):
        message = f"the server's certificate or the TLS handshake with {base_url} was rejected: {words}"
        return AsteraError("tls", message, hint=_hint(_TLS_HINTS, words))
    if not_sent and proxy:
        message = f"the proxy to {base_url} failed: {words}"
        return AsteraError("connection", message, hint=_hint(_PROXY_HINTS, words))
    if _has(layers, ReadTimeoutError, socket.timeout):
        return _too_late(not_sent, _has(layers, ConnectTimeoutError), base_url)
    if not_sent:
        unknown = isinstance(layers[-1], socket.gaierror)
        hint = "Check the host in server_url: its name cannot be resolved." if unknown else IS_IT_THERE
        return AsteraError("connection", f"no connection to {base_url}: {words}", hint=hint)
    return _broken(words, base_url)


def _layers(exc: BaseException) -> list[BaseException]:
    """An exception and those that it was made from, the innermost last."""
    layers = [exc]
    while True:
        last = layers[-1]
        inner: Any = getattr(last, "reason", None)
        if isinstance(last, ConnectTimeoutError):
            inner = last.__cause__ or last.__context__
        elif not isinstance(inner, BaseException) and last.args:
            inner = last.args[-1]
        if not isinstance(inner, BaseException):
            return layers
        layers.append(inner)


def _has(layers: list[BaseException], *kinds: type[BaseException]) -> bool:
    return any(isinstance(layer, kinds) for layer in layers)


def _words(innermost: BaseException) -> str:
    """The text of an exception, without lines of source. What a ValueError quotes may be a header, and so a secret."""
    may_quote = isinstance(innermost, ValueError) and not isinstance(innermost, (OSError, CertificateError))
    text = ("" if may_quote else str(innermost).strip()) or type(innermost).__name__
    # A mismatch of names is a tuple with urllib3 1.26.
    return re.sub(r" \(_ssl\.c:\d+\)|^_ssl\.c:\d+: |^\(\"|\",\)$", "", text).replace("\n", " ")


def _proxy_for(base_url: str) -> str:
    """The proxy that the environment names for a server; empty if none."""
    proxies = requests.utils.get_environ_proxies(base_url) if base_url.startswith("https:") else {}
    return requests.utils.select_proxy(base_url, proxies) or ""


def _is_rejected_handshake(innermost: BaseException, not_sent: bool) -> bool:
    """Whether TLS failed before the request was sent.

    A server that only drops the connection then is starting; its certificate may be valid.
    """
    if isinstance(innermost, (ssl.SSLCertVerificationError, CertificateError)):
        return True
    is_dropped = isinstance(innermost, (ssl.SSLEOFError, ssl.SSLZeroReturnError))
    return not_sent and isinstance(innermost, ssl.SSLError) and not is_dropped


def _hint(hints: dict[str, str], words: str) -> str:
    return next(hint for pattern, hint in hints.items() if re.search(pattern, words, re.IGNORECASE))


def _invalid(exc: Exception, base_url: str, proxy: str) -> AsteraError:
    """Without the library's words: they may hold a header, and with it the token, or the password for the proxy."""
    if not proxy:
        hint = "Check the host in server_url, and username, password and token."
        return input_error(f"no request can be made from {base_url} and these credentials", hint)
    if "SOCKS" in str(exc):
        hint = f"For a SOCKS proxy PySocks is needed where the module runs: pip install 'requests[socks]'. {_PROXY}"
    else:
        hint = f"{_PROXY} A proxy has the form http://user:password@proxy:port, each special character as %XX."
    return input_error(f"no request to {base_url} can be made through the proxy that the environment names", hint)


def _too_late(not_sent: bool, connecting: bool, base_url: str) -> AsteraError:
    what, hint = "respond in time", "Raise request_timeout if the server is merely slow."
    if connecting:
        what = "accept a connection in time"
        hint = f"{IS_IT_THERE} A firewall may drop the packets. {hint}"
    elif not_sent:
        what = "finish the TLS handshake in time"
        hint = f"Check the port: the service there may not use TLS. {hint}"
    return AsteraError("timeout", f"{base_url} did not {what}", hint=hint, may_have_been_applied=not not_sent)


def _broken(words: str, base_url: str) -> AsteraError:
    message = f"the connection to {base_url} broke before the response was complete: {words}"
    hint = "Check the server and the network, then run the task again."
    if base_url.startswith("http:"):
        hint = f"If the server uses TLS there, server_url must begin with https://. {hint}"
    return AsteraError("connection", message, hint=hint, may_have_been_applied=True)
