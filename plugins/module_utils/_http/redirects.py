# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where a redirect may lead: to another path of the same origin. Private: may change in any release."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urljoin, urlsplit

from .._errors import AsteraError

#: What no address may hold; programs differ in what they make of it, and then in the host that they see.
_ODD = re.compile(r"[\x00-\x20\x7f\\]")
_DEFAULT_PORTS = {"https": 443, "http": 80}


def path_after(method: str, url: str, status: int, location: str) -> str:
    """The path, with its query, to which a request for ``url`` is redirected. AsteraError if it must not follow.

    Only the path is returned, so whatever form an address has, credentials cannot go to another server.
    """
    # 307 and 308 ask to send it elsewhere. The others may also follow work that is done: 303 means just that.
    changes_method = method != "GET" and status not in (307, 308)
    try:
        text = location.encode("latin-1").decode("utf-8")
        here, there = urlsplit(url), urlsplit(urljoin(url, text))
        is_odd = bool(_ODD.search(text)) or "@" in there.netloc
        is_here = _origin(here) == _origin(there)
    except ValueError:
        is_odd = True
    if is_odd:
        raise AsteraError(
            "server",
            "the server redirects to an invalid or unsafe address",
            hint="Check the redirects of the server and its proxy, and set server_url to the final address.",
            may_have_been_applied=changes_method,
        )
    if not is_here:
        raise AsteraError(
            "connection",
            f"the server redirects to another origin, {there.scheme}://{there.netloc}",
            hint="Credentials are never sent there; set server_url to the address that you trust.",
            may_have_been_applied=changes_method,
        )
    if changes_method:
        raise AsteraError(
            "connection",
            f"the server redirects this write to {there.path} with {status}, which would drop its body",
            hint="Check whether the server applied it, and set server_url to the final address.",
            may_have_been_applied=True,
        )
    return (there.path or "/") + (f"?{there.query}" if there.query else "")


def _origin(parts: Any) -> tuple[Any, ...]:
    """Scheme, host and port. ValueError when the port is invalid."""
    port = _DEFAULT_PORTS.get(parts.scheme) if parts.port is None else parts.port
    return parts.scheme, parts.hostname, port
