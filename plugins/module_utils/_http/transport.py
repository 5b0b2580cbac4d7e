# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The only file that knows ``requests``: session, redirects, TLS. Private: may change in any release."""

from __future__ import annotations

import ssl
import sys
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, Union

from .._errors import AsteraError, input_error
from .response_limits import MAX_ERROR, ResponseBudget, bound
from .retry import policy

try:
    import requests
    from requests.adapters import HTTPAdapter
    from requests.utils import DEFAULT_CA_BUNDLE_PATH
    from urllib3 import disable_warnings
    from urllib3.exceptions import HTTPError, InsecureRequestWarning
    from urllib3.util.ssl_ import create_urllib3_context
except ImportError:
    REQUESTS_IMPORT_ERROR: str | None = traceback.format_exc()
    Session: Any = object
    HTTPAdapter = object  # type: ignore[assignment,misc]
else:
    REQUESTS_IMPORT_ERROR = None
    Session = requests.Session

#: Seconds. A server that does not even accept a connection by then is not there.
CONNECT_TIMEOUT = 10.0
#: More than any sane server needs.
MAX_REDIRECTS = 10
#: What follows the question mark: a text, or several, for each name.
Query = Mapping[str, Union[str, "list[str]"]]


class Stream(Protocol):
    """A body that is read while it is sent. It can go back to its start, to be sent once more."""

    def __len__(self) -> int: ...

    def read(self, size: int = -1) -> bytes: ...

    def seek(self, offset: int, whence: int = 0) -> int: ...


@dataclass(frozen=True)
class Request:
    """One request. ``path`` is absolute on the server and may carry a query of its own.

    ``idempotent`` allows a retry although the request may have been applied; a read allows it in any case.
    Without ``retry`` it is tried once only, for callers that wait by themselves. ``timeout`` is in seconds and never
    longer than the session's own.
    """

    method: str
    path: str
    query: Query | None = None
    body: bytes | Stream | None = field(default=None, repr=False)
    content_type: str | None = None
    idempotent: bool = False
    retry: bool = True
    timeout: float | None = None

    @property
    def is_read(self) -> bool:
        return self.method == "GET"

    def rewind(self) -> None:
        """Let the next attempt send the body from its start."""
        if self.body is not None and not isinstance(self.body, bytes):
            self.body.seek(0)


@dataclass(frozen=True, repr=False, eq=False)
class Response:
    """An HTTP answer read to its end. ``attempts`` counts the requests it took.

    Names of ``headers`` are in small letters.
    """

    status: int
    content_type: str
    text: str
    attempts: int
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300


class _PlainSession(Session):
    """Follows no redirect by itself: ``Transport`` does, within the origin only.

    Even when it is not to follow, requests would prepare the next request, and fail where the address is none.
    """

    def get_redirect_target(self, _resp: Any) -> str | None:
        return None


class _Adapter(HTTPAdapter):
    """Speaks TLS 1.2 or newer, whatever the defaults of this Python, urllib3 and OpenSSL are.

    Reads every answer, a proxy's too, through a meter.
    """

    def __init__(self, verify: bool | str, meter: ResponseBudget) -> None:
        required = ssl.CERT_NONE if verify is False else ssl.CERT_REQUIRED
        self._context = create_urllib3_context(cert_reqs=required)
        self._context.minimum_version = max(self._context.minimum_version, ssl.TLSVersion.TLSv1_2)
        self._meter = meter
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, ssl_context=self._context)
        bound(self.poolmanager, self._meter)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        known = proxy in self.proxy_manager
        manager = super().proxy_manager_for(proxy, **kwargs, ssl_context=self._context)
        if not known:
            bound(manager, self._meter)
        return manager

    def send(self, *args: Any, **how: Any) -> Any:
        if how["verify"] is True:
            # With True, requests 2.32.2 would take a context of its own.
            how["verify"] = DEFAULT_CA_BUNDLE_PATH
        return super().send(*args, **how)


class _BearerAuth:
    """Sets the header itself: with ``auth`` set, requests does not look into the user's .netrc."""

    def __init__(self, token: str | None) -> None:
        self.token = token

    def __call__(self, request: Any) -> Any:
        if self.token:
            request.headers["Authorization"] = f"Bearer {self.token}"
        return request


class Transport:
    """One keep-alive session to one server. Knows HTTP, neither JSON nor the API."""

    def __init__(self, base_url: str, *, verify: bool | str, timeout: float, retries: int, user_agent: str) -> None:
        if REQUESTS_IMPORT_ERROR is not None:
            raise input_error(
                f"the Python library requests is not installed for {sys.executable}, which runs this module",
                "Install it there with pip install requests, or choose another Python with ansible_python_interpreter: "
                "on the controller, '{{ ansible_playbook_python }}' is the one that runs Ansible.",
            )
        self.base_url = base_url
        self._verify = verify
        self._timeout = timeout
        if verify is False:
            # The user said so in words; a warning at each request would only hide the ones that matter.
            disable_warnings(InsecureRequestWarning)
        self._meter = ResponseBudget()
        self._adapter = _Adapter(verify, self._meter)
        self._patient = policy(retries, None)
        self._careful = policy(retries, frozenset({"GET"}))
        self._session = _PlainSession()
        self._session.mount(base_url.partition("//")[0] + "//", self._adapter)
        # To a proxy, plain HTTP would be readable as well; so it never goes through one.
        self._session.trust_env = not base_url.startswith("http:")
        self._session.headers["User-Agent"] = user_agent
        # What is unpacked could fill the memory, see _reading.
        self._session.headers["Accept-Encoding"] = "identity"
        self._session.headers["Accept"] = "application/json, text/plain;q=0.9, */*;q=0.1"

    def send(self, request: Request, token: str | None = None) -> Response:
        """Send a request and read the whole response, whatever its status. AsteraError when there is none."""
        self._adapter.max_retries = self._retries_for(request)
        limit = self._timeout if request.timeout is None else min(request.timeout, self._timeout)
        try:
            return self._followed(request, token, max(0.05, limit))
        except AsteraError as error:
            changed = {"method": request.method, "path": request.path, "attempts": max(1, error.attempts)}
            raise error.with_(**changed) from None
        except (HTTPError, OSError, ValueError) as exc:
            # All exceptions of requests are an OSError.
            raise _translated(exc, request.method, request.path, self.base_url) from None

    def _followed(self, request: Request, token: str | None, limit: float) -> Response:
        """The first response that is no redirect. Another path of the same server may follow, never another server."""
        for _hop in range(MAX_REDIRECTS + 1):
            response, answer = self._read_whole(request, token, limit)
            if not response.is_redirect:
                return answer
            request = replace(request, path=_redirected(request.method, response), query=None)
            request.rewind()
        raise AsteraError(
            "server",
            f"the server redirects in a circle, or more than {MAX_REDIRECTS} times",
            hint="Look at the rules of the server, or of the proxy before it, and set server_url to the final address.",
        )

    def _read_whole(self, request: Request, token: str | None, limit: float) -> tuple[Any, Response]:
        """One response and its body. If the body is cut off, the request is sent again if the policy allows it.

        urllib3 itself retries only until it has the head.
        """
        while True:
            self._meter.expect(limit)
            response = self._session.request(
                request.method,
                self.base_url + request.path,
                params=request.query,
                data=request.body,
                headers={"Content-Type": request.content_type} if request.content_type else None,
                auth=_BearerAuth(token),
                verify=self._verify,
                timeout=(min(limit, CONNECT_TIMEOUT), limit),
                stream=True,
                allow_redirects=False,
            )
            try:
                return response, _read(response)
            except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ConnectionError) as exc:
                self._adapter.max_retries = response.raw.retries.after_cut(request.method, request.path, exc)
            self._adapter.max_retries.sleep()

    def _retries_for(self, request: Request) -> Any:
        if not request.retry:
            return policy(0, None)
        return self._patient if request.idempotent or request.is_read else self._careful

    def certificate(self) -> dict[str, Any]:
        """What can be told of the server's certificate without telling whose it is. No request is sent."""
        from .certificate import facts_of

        return facts_of(self.base_url, self._verify, min(self._timeout, CONNECT_TIMEOUT))

    def close(self) -> None:
        self._session.close()


def _redirected(method: str, response: Any) -> str:
    # Imported here like the next one: a server that redirects is an exception too.
    from .redirects import path_after

    return path_after(method, response.url, response.status_code, response.headers["Location"])


def _translated(exc: Exception, *where: str) -> AsteraError:
    # Imported here since most tasks meet no such error, and every import costs a module time.
    from .exceptions import translated

    return translated(exc, *where)


def _read(response: Any) -> Response:
    """The answer's text; of one that tells an error not more than its beginning."""
    largest = None if 200 <= response.status_code < 300 else MAX_ERROR
    chunks: list[bytes] = []
    size = 0
    # Before its version 2, urllib3 takes the end of the connection for the end of the body.
    response.raw.enforce_content_length = True
    with response:
        for chunk in response.iter_content(65536):
            chunks.append(chunk)
            size += len(chunk)
            if largest is not None and size >= largest:
                break
    retries = getattr(response.raw, "retries", None)
    return Response(
        status=response.status_code,
        content_type=response.headers.get("Content-Type", "").partition(";")[0].strip().lower(),
        text=b"".join(chunks)[:largest].decode("utf-8-sig", "replace"),
        attempts=len(retries.history) + 1 if retries is not None else 1,
        headers={name.lower(): value for name, value in response.headers.items()},
    )
