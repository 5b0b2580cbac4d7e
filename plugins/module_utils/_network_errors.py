# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the exceptions of requests mean: kind, whether the request may have arrived, what to do. Private."""

from __future__ import annotations

import re
import socket
import ssl
from typing import Any

from ._errors import AsteraError, Kind

try:
    import requests
    from urllib3.exceptions import ConnectTimeoutError, ProxyError, ReadTimeoutError
except ImportError:
    # _transport tells the user; nothing here is called then.
    pass

#: What to do about a server that is not there.
IS_IT_THERE = (
    "Check that the server runs and which port it uses: "
    "9261 is documented for version 10, 9260 was seen with version 8."
)


def translated(exc: Any, method: str, path: str, base_url: str) -> AsteraError:
    """Turn an exception of requests into ours: what happened, whether the request may have arrived, what to do."""
    cause = exc.args[0] if exc.args else exc
    reason = getattr(cause, "reason", None) or cause
    attempts = max([1] + [getattr(layer, "attempts", 0) for layer in (exc, cause, reason)])
    unsent = isinstance(reason, ConnectTimeoutError)
    kind, message, hint, arrived = _meaning(exc, reason, unsent, base_url)
    return AsteraError(kind, message, method=method, path=path, attempts=attempts, hint=hint, arrived=arrived)


def _meaning(exc: Any, reason: Any, unsent: bool, base_url: str) -> tuple[Kind, str, str | None, bool]:
    """Kind, message, hint, and whether the request may have arrived."""
    innermost = _layers(reason)[-1]
    words = _words(innermost)
    # A server that takes a connection and drops it in the handshake is starting; that says nothing of its certificate.
    dropped = isinstance(innermost, (ssl.SSLEOFError, ssl.SSLZeroReturnError))
    by_proxy = isinstance(exc, requests.exceptions.ProxyError) or isinstance(reason, ProxyError)
    unsent = unsent or ((by_proxy or isinstance(exc, requests.exceptions.SSLError)) and _before_sending(reason))
    if isinstance(exc, requests.exceptions.SSLError) and unsent and not dropped:
        message = f"the server's certificate or the TLS handshake with {base_url} was refused: {words}"
        return "tls", message, _tls_hint(words), False
    if by_proxy and unsent:
        hint = "Check HTTPS_PROXY and NO_PROXY in the environment of the task."
        return "connection", f"the proxy between here and {base_url} failed: {words}", hint, False
    if isinstance(exc, requests.exceptions.Timeout) or isinstance(reason, ReadTimeoutError):
        what = "accept a connection" if unsent else "answer"
        hint = "Raise request_timeout if the server is merely slow."
        return "timeout", f"{base_url} did not {what} in time", hint, not unsent
    if isinstance(exc, requests.exceptions.InvalidURL):
        return "input", f"server_url cannot be used: {words}", None, False
    if unsent:
        unknown = isinstance(innermost, socket.gaierror) or "resolve" in words
        hint = "Check the host in server_url: its name is not known here." if unknown else IS_IT_THERE
        return "connection", f"no connection to {base_url}: {words}", hint, False
    message = f"the connection to {base_url} broke before the answer was complete: {words}"
    return "connection", message, None, True


def _before_sending(reason: Any) -> bool:
    """Whether an error came while the connection was made. The same errors may come later, when all was sent."""
    for layer in _layers(reason):
        trace = layer.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_name in ("connect", "ssl_wrap_socket", "do_handshake"):
                return True
            trace = trace.tb_next
    return False


def _tls_hint(words: str) -> str:
    """What to do about a refused handshake, by the words of OpenSSL."""
    if "ostname mismatch" in words or "IP address mismatch" in words or "doesn't match" in words:
        return "Use the name that the certificate is for in server_url."
    if "expired" in words:
        return "The certificate must be renewed on the server."
    if "PEM" in words or "no certificate or crl found" in words.lower():
        return "ca_path must be a file of certificates in PEM format."
    if "WRONG_VERSION_NUMBER" in words or "wrong version number" in words or "RECORD" in words:
        return "What listens there does not speak TLS; check the port."
    return "Give the authority that signed it as ca_path; a fresh server very likely has a self-signed certificate."


def _layers(reason: Any) -> list[BaseException]:
    """An exception and those inside of it, the innermost last."""
    layers = [reason]
    while getattr(layers[-1], "args", None) and isinstance(layers[-1].args[-1], BaseException):
        layers.append(layers[-1].args[-1])
    return layers


def _words(reason: Any) -> str:
    """What an exception says, without object addresses."""
    text = str(reason).strip() or type(reason).__name__
    return re.sub(r"^(<.*?>|HTTPS?Connection(Pool)?\(.*?\)): ", "", text).replace("\n", " ")
