# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The only file that knows ``requests``: session, retries, redirects, TLS. Private: may change in any release."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from ._errors import AsteraError, bad_input
from ._reading import LARGEST_ERROR, Meter, bound

try:
    import requests
    from requests.adapters import HTTPAdapter
    from urllib3 import disable_warnings
    from urllib3.exceptions import HTTPError, InsecureRequestWarning, InvalidHeader
    from urllib3.util.retry import Retry
except ImportError:
    REQUESTS_IMPORT_ERROR: str | None = traceback.format_exc()
    Session: Any = object
    Adapter: Any = object
    Retry = object  # type: ignore[assignment,misc]
else:
    REQUESTS_IMPORT_ERROR = None
    Session = requests.Session
    Adapter = HTTPAdapter

#: Seconds. The longest pause that a server may ask for with Retry-After, so that no header can stop a play.
LONGEST_PAUSE = 30
#: Seconds. A server that does not even accept a connection by then is not there.
CONNECT_TIMEOUT = 10.0
#: Answers of a proxy or of a server that is starting; asking again may help.
PASSING_STATUSES = frozenset({429, 502, 503, 504})


@dataclass(frozen=True, repr=False, eq=False)
class Answer:
    """An HTTP answer read to its end. ``attempts`` counts the requests it took."""

    status: int
    content_type: str
    text: str
    attempts: int


class _CountingRetry(Retry):
    """urllib3's policy, which also bounds Retry-After and leaves the number of attempts on the exception."""

    def get_retry_after(self, response: Any) -> float | None:
        try:
            pause = super().get_retry_after(response)
        except InvalidHeader:
            return None
        return None if pause is None else min(pause, LONGEST_PAUSE)

    def increment(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().increment(*args, **kwargs)
        except Exception as exc:
            exc.attempts = len(self.history) + 1  # type: ignore[attr-defined]
            raise


class _BoundedAdapter(Adapter):
    """Reads every answer, a proxy's too, through a meter."""

    def __init__(self, meter: Meter) -> None:
        super().__init__()
        self._meter = meter
        bound(self.poolmanager, meter)

    def proxy_manager_for(self, proxy: Any, **how: Any) -> Any:
        known = proxy in self.proxy_manager
        manager = super().proxy_manager_for(proxy, **how)
        if not known:
            bound(manager, self._meter)
        return manager


class _SameOriginSession(Session):
    """Follows a redirect only within the origin, and never turns a write into a read."""

    def get_redirect_target(self, resp: Any) -> str | None:
        # 307 and 308 ask to send it elsewhere. The others may also follow work that is done: 303 means just that.
        changes_method = resp.request.method != "GET" and resp.status_code not in (307, 308)
        try:
            target: str | None = super().get_redirect_target(resp)
            there = urlsplit(urljoin(resp.url, target or ""))
        except ValueError:
            there = None
        else:
            if target is None:
                return None
        here = urlsplit(resp.url)
        if there is None:
            raise AsteraError("server", "the server redirects to an address that is none", arrived=changes_method)
        if _origin(here) != _origin(there):
            raise AsteraError(
                "connection",
                f"the server redirects to another origin, {there.scheme}://{there.netloc.rpartition('@')[2]}",
                hint="Credentials are never sent there; set server_url to the address that you trust.",
                arrived=changes_method,
            )
        if changes_method:
            raise AsteraError(
                "connection",
                f"the server redirects this write to {there.path} with {resp.status_code}, which would drop its body",
                hint="Look whether it was done, and set server_url to the final address.",
                arrived=True,
            )
        return target

    def rebuild_auth(self, prepared_request: Any, response: Any) -> None:
        """Keep the header as it is: the origin is the same, and a .netrc must not replace the token."""


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
            raise bad_input(
                "the Python library requests is not installed where this module runs", "Run: pip install requests."
            )
        self.base_url = base_url
        self._verify = verify
        self._timeout = timeout
        if verify is False:
            # The user said so in words; a warning at each request would only hide the ones that matter.
            disable_warnings(InsecureRequestWarning)
        self._meter = Meter()
        self._adapter = _BoundedAdapter(self._meter)
        self._patient = _retry(retries, None)
        self._careful = _retry(retries, frozenset({"GET"}))
        self._session = _SameOriginSession()
        self._session.mount("https://", self._adapter)
        self._session.headers["User-Agent"] = user_agent
        # What is unpacked could fill the memory, see _reading.
        self._session.headers["Accept-Encoding"] = "identity"
        self._session.headers["Accept"] = "application/json, text/plain;q=0.9, */*;q=0.1"

    def send(
        self,
        method: str,
        path: str,
        *,
        token: str | None = None,
        body: Any = None,
        content_type: str | None = None,
        query: dict[str, str] | None = None,
        repeatable: bool = False,
        patient: bool = True,
        timeout: float | None = None,
    ) -> Answer:
        """Send one request and read the whole answer, whatever its status.

        ``repeatable`` allows to send it again although it may have arrived; what surely never arrived is always sent
        again. ``patient=False`` tries once only (for callers that wait by themselves). ``timeout`` is in seconds and
        only ever shortens the session's own.
        """
        self._adapter.max_retries = self._retries_for(repeatable, patient)
        limit = max(0.05, self._timeout if timeout is None else min(timeout, self._timeout))
        self._meter.expect(limit)
        try:
            response = self._session.request(
                method,
                self.base_url + path,
                params=query,
                data=body,
                headers={"Content-Type": content_type} if content_type else None,
                auth=_BearerAuth(token),
                verify=self._verify,
                timeout=(min(limit, CONNECT_TIMEOUT), limit),
                stream=True,
            )
            return _read(response)
        except AsteraError as error:
            error.method, error.path, error.attempts = method, path, max(1, error.attempts)
            raise
        except requests.RequestException as exc:
            raise _translated(exc, method, path, self.base_url) from None
        except (HTTPError, ValueError):
            if self._meter.answering:
                raise _garbled(method, path) from None
            # Refused by a library below before it was sent. Its words may hold a header, and with it the token.
            raise bad_input(f"no request can be made from {self.base_url} and these credentials") from None

    def _retries_for(self, repeatable: bool, patient: bool) -> Any:
        if not patient:
            return _retry(0, None)
        return self._patient if repeatable else self._careful

    def close(self) -> None:
        self._session.close()


def _translated(exc: Exception, *where: str) -> AsteraError:
    # Imported here since most tasks meet no such error, and every import costs a module time.
    from ._network_errors import translated

    return translated(exc, *where)


def _retry(retries: int, methods: frozenset[str] | None) -> Any:
    """``methods`` may be repeated after they arrived (None: all). Refused connections are retried for every method."""
    return _CountingRetry(
        total=retries,
        redirect=False,
        # A certificate does not get better by asking again.
        other=0,
        status_forcelist=PASSING_STATUSES,
        allowed_methods=methods,
        backoff_factor=0.5,
        raise_on_status=False,
    )


def _garbled(method: str, path: str) -> AsteraError:
    problem = "the server's answer breaks the rules of HTTP and could not be read"
    return AsteraError("connection", problem, method=method, path=path, attempts=1, arrived=True)


def _read(response: Any) -> Answer:
    """The answer's text; of one that tells an error not more than its beginning."""
    largest = None if 200 <= response.status_code < 300 else LARGEST_ERROR
    chunks: list[bytes] = []
    size = 0
    with response:
        for chunk in response.iter_content(65536):
            chunks.append(chunk)
            size += len(chunk)
            if largest is not None and size >= largest:
                break
    retries = getattr(response.raw, "retries", None)
    return Answer(
        status=response.status_code,
        content_type=response.headers.get("Content-Type", "").partition(";")[0].strip().lower(),
        text=b"".join(chunks)[:largest].decode("utf-8-sig", "replace"),
        attempts=len(retries.history) + 1 if retries is not None else 1,
    )


def _origin(parts: Any) -> tuple[Any, ...]:
    """Scheme, host and port; a port that is none is an origin of its own."""
    try:
        return parts.scheme, parts.hostname, parts.port
    except ValueError:
        return (parts.scheme, parts.netloc)
