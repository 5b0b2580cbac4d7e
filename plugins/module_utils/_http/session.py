# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A session of ``requests``: TLS, proxies, no retries, no redirects. Private: may change in any release."""

from __future__ import annotations

import ssl
import sys
from http.client import HTTPException
from typing import Any

from .._version import VERSION

try:
    import requests
    from requests.adapters import HTTPAdapter
    from urllib3 import HTTPSConnectionPool, disable_warnings
    from urllib3.connection import HTTPSConnection
    from urllib3.exceptions import HTTPError, InsecureRequestWarning
    from urllib3.util.ssl_ import create_urllib3_context
except ImportError:
    HAS_REQUESTS = False
    HTTPAdapter = HTTPSConnection = HTTPSConnectionPool = object  # type: ignore[assignment,misc]
    HTTPError = Exception  # type: ignore[assignment,misc]
else:
    HAS_REQUESTS = True

#: What the libraries raise for a request besides HTTPError. All exceptions of requests are an OSError.
OTHER_ERRORS = (HTTPException, OSError, ValueError)


class NotSentError(HTTPError):
    """The connection could not be made, so nothing of the request was sent. Its argument is the library's error."""


class _Connection(HTTPSConnection):
    """Marks what fails before a request is sent.

    For urllib3, a failed TLS handshake or a proxy that hangs up is like a response that was lost.
    """

    def connect(self) -> None:
        try:
            super().connect()
        except (HTTPError, *OTHER_ERRORS) as exc:
            raise NotSentError(exc) from exc


class _Pool(HTTPSConnectionPool):
    ConnectionCls = _Connection


class _Adapter(HTTPAdapter):
    """Speaks TLS 1.2 or newer, whatever the defaults of this Python, urllib3 and OpenSSL are."""

    def __init__(self, verify: bool | str) -> None:
        required = ssl.CERT_NONE if verify is False else ssl.CERT_REQUIRED
        self._context = create_urllib3_context(cert_reqs=required)
        self._context.minimum_version = max(self._context.minimum_version, ssl.TLSVersion.TLSv1_2)
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, ssl_context=self._context)
        _use_own_connections(self.poolmanager)

    def proxy_manager_for(self, proxy: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **kwargs, ssl_context=self._context)
        _use_own_connections(manager)
        return manager


def _use_own_connections(manager: Any) -> None:
    """Let a pool manager make our connections. One for SOCKS keeps its own kind."""
    pools = manager.pool_classes_by_scheme
    if pools["https"] is HTTPSConnectionPool:
        manager.pool_classes_by_scheme = {**pools, "https": _Pool}


def new_session(base_url: str, verify: bool | str) -> Any:
    """A session for one origin."""
    if verify is False:
        # The user said so in words; a warning at each request would only hide the ones that matter.
        disable_warnings(InsecureRequestWarning)
    session: Any = requests.Session()
    # No redirect is followed, so credentials go to server_url only. requests would prepare the next request all the
    # same, and fail where the address is invalid.
    session.get_redirect_target = lambda _response: None
    # Or else requests reads the user's .netrc. The token is a header of each request.
    session.auth = lambda request: request
    session.mount(base_url.partition("//")[0] + "//", _Adapter(verify))
    # A proxy could read plain HTTP as well; so it never goes through one.
    session.trust_env = not base_url.startswith("http:")
    python = sys.version.split()[0]
    session.headers["User-Agent"] = f"astera.data_stack/{VERSION} (Ansible collection; Python {python})"
    # A few compressed bytes could become gigabytes.
    session.headers["Accept-Encoding"] = "identity"
    session.headers["Accept"] = "application/json, text/plain;q=0.9, */*;q=0.1"
    return session
