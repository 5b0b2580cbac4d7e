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
IS_IT_THERE = "Check the host and port in server_url (9261 is documented, 9260 was seen), and that the server runs."
_LATE = (
    f"If the server is merely slow, raise request_timeout. {IS_IT_THERE} A firewall may drop the packets, or the "
    "service there may not use TLS."
)
_PROXY = (
    "Check HTTPS_PROXY, ALL_PROXY and NO_PROXY in the environment of the task. A proxy has the form "
    "http://user:password@proxy:port, each special character as %XX, and must allow CONNECT to this host and port. "
    "A SOCKS proxy needs PySocks where the module runs: pip install 'requests[socks]'."
)
_CA_FILE = (
    "ca_path (astera_ca_path in roles), or without it REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE in the environment of the "
    "task, must be a file of certificates in PEM format: text with the line -----BEGIN CERTIFICATE-----."
)
#: What to do about a failed handshake: the first expression that is found in the words of OpenSSL.
_TLS_HINTS = {
    "mismatch|doesn't match|empty subject alternative name": (
        "Set server_url to a name in the certificate. Only its subject alternative names count; "
        "replace a certificate that has none."
    ),
    "has expired|not yet valid": (
        "Renew the certificate on the server. If it is valid, correct the clock where the task runs."
    ),
    "protocol|version|handshake.failure|no.shared.cipher|record|http.request|unexpected.message": (
        "Check the port: the service there may not use TLS. Enable TLS 1.2 or newer on the server, with modern ciphers "
        "(on Windows in the settings of Schannel)."
    ),
    "": (
        "Set ca_path to the CA certificate that signed the server's, with intermediates. "
        "For a self-signed certificate, use that certificate. "
        "The CA certificates of the system are trusted only if REQUESTS_CA_BUNDLE names their file."
    ),
}


def translated(exc: Exception, base_url: str) -> AsteraError:
    """Turn an exception of requests or urllib3 into ours, without method, path and attempts."""
    layers = _layers(exc)
    words = _words(layers[-1])
    not_sent = _has(layers, NotSentError, ConnectTimeoutError)
    proxy = _proxy_for(base_url)
    if _has(layers, *_INVALID):
        # Without the library's words: they may hold a header, and with it the token, or the password for the proxy.
        via = " through the proxy that the environment names" if proxy else ""
        hint = _PROXY if proxy else "Check the host in server_url, and username, password and token."
        return input_error(f"no request can be made to {base_url}{via}", hint)
    # A bare OSError: requests did not find the file of certificates.
    is_missing_file = exc.__class__ is OSError and exc.errno is None
    if is_missing_file or (not_sent and _has(layers, SSLError)):
        return input_error(f"the certificates to trust cannot be read: {words}", _CA_FILE)
    if _is_rejected_handshake(layers[-1], not_sent) and not proxy.startswith("https:"):
        message = f"the server's certificate or the TLS handshake with {base_url} was rejected: {words}"
        hint = next(hint for pattern, hint in _TLS_HINTS.items() if re.search(pattern, words, re.IGNORECASE))
        return AsteraError("tls", message, hint=hint)
    if not_sent and proxy:
        return AsteraError("connection", f"the proxy to {base_url} failed: {words}", hint=_PROXY)
    if _has(layers, ReadTimeoutError, socket.timeout):
        message = f"{base_url} did not {'accept a connection' if not_sent else 'respond'} in time"
        return AsteraError("timeout", message, hint=_LATE, may_have_been_applied=not not_sent)
    if not_sent:
        return AsteraError("connection", f"no connection to {base_url}: {words}", hint=IS_IT_THERE)
    message = f"the connection to {base_url} broke before the response was complete: {words}"
    hint = "Check the server, the network and the scheme in server_url, then run the task again."
    return AsteraError("connection", message, hint=hint, may_have_been_applied=True)


def _layers(exc: BaseException) -> list[BaseException]:
    """An exception and those that it was made from, the innermost last."""
    layers: list[BaseException] = []
    inner: Any = exc
    while isinstance(inner, BaseException):
        layers.append(inner)
        if isinstance(inner, ConnectTimeoutError):
            inner = inner.__cause__ or inner.__context__
        else:
            inner = getattr(inner, "reason", None) or next(reversed(inner.args), None)
    return layers


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
