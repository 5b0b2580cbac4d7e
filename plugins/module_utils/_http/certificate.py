# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Facts about a server's certificate. Private: may change in any release."""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
from typing import Any
from urllib.parse import urlsplit

with contextlib.suppress(ImportError):
    # transport.py reports that it is missing; nothing here is used then.
    from requests.utils import DEFAULT_CA_BUNDLE_PATH, get_environ_proxies, select_proxy

_DAY = 24 * 60 * 60


def facts_of(base_url: str, verify: bool | str, timeout: float) -> dict[str, Any]:
    """``tls``, and of a certificate that was checked ``self_signed``, ``names`` and ``days``; or ``trouble``.

    Python shows nothing of a certificate that was not checked.
    """
    parts = urlsplit(base_url)
    if parts.scheme != "https":
        return {"trouble": "plain HTTP"}
    if select_proxy(base_url, get_environ_proxies(base_url)):
        return {"trouble": "a proxy stands between here and the server"}
    try:
        context = _context(verify)
        with (
            socket.create_connection((parts.hostname or "", parts.port or 443), timeout) as connection,
            context.wrap_socket(connection, server_hostname=parts.hostname) as channel,
        ):
            return {"tls": channel.version(), **_shown(channel.getpeercert() or {})}
    except (OSError, ValueError) as error:
        return {"trouble": type(error).__name__}


def _context(verify: bool | str) -> ssl.SSLContext:
    if verify is False:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context
    path = verify if isinstance(verify, str) else _usual_certificates()
    is_folder = os.path.isdir(path)
    return ssl.create_default_context(cafile=None if is_folder else path, capath=path if is_folder else None)


def _usual_certificates() -> str:
    named = (os.environ.get(name) for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"))
    return next(filter(None, named), DEFAULT_CA_BUNDLE_PATH)


def _shown(certificate: dict[str, Any]) -> dict[str, Any]:
    if not certificate:
        return {"trouble": "the certificate was not checked"}
    kinds = [kind for kind, _name in certificate.get("subjectAltName", ())]
    begin, end = (ssl.cert_time_to_seconds(certificate[name]) for name in ("notBefore", "notAfter"))
    return {
        "self_signed": certificate.get("issuer") == certificate.get("subject"),
        "names": {kind: kinds.count(kind) for kind in sorted(set(kinds))},
        "days": round((end - begin) / _DAY),
    }
