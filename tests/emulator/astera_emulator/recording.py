"""The requests to the server, in the order of arrival."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

_WRITES = ("POST", "PUT", "PATCH", "DELETE")
_KEPT_REQUESTS = 10_000
LOGIN_PATH = "/api/account/login"


@dataclass
class Request:
    """One request. `size`: bytes of body received. `status`: 0 until the response, and when the connection was cut."""

    method: str
    path: str
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 0
    authenticated: bool = False
    size: int = 0
    json: Any = None
    started: float = field(default_factory=time.time, repr=False)
    seconds: float = 0.0

    @property
    def is_login(self) -> bool:
        """Whether this is the login."""
        return self.path.casefold() == LOGIN_PATH

    @property
    def is_write(self) -> bool:
        """Whether the request could change the server; the login cannot."""
        return self.method in _WRITES and not self.is_login

    def log_line(self) -> str:
        """Return the request as one line of JSON without secrets: no body, no query, no headers."""
        moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(self.started))
        return json.dumps(
            {
                "time": moment,
                "method": self.method,
                "path": self.path,
                "status": self.status,
                "authenticated": self.authenticated,
                "size": self.size,
                "milliseconds": round(self.seconds * 1000, 1),
            }
        )


def from_scope(scope: Any) -> Request:
    """Make the record of an ASGI request; the Authorization header is left out, as it is a secret."""
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    headers.pop("authorization", None)
    query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
    return Request(scope["method"], scope["path"], query, headers)


class Journal:
    """The latest requests; a test reads it while the server writes it."""

    def __init__(self, on_finished: Iterable[Callable[[Request], None]] = ()) -> None:
        """Take what is to be called with each finished request."""
        self._lock = threading.Lock()
        self._requests: deque[Request] = deque(maxlen=_KEPT_REQUESTS)
        self._on_finished = tuple(on_finished)

    def add(self, request: Request) -> None:
        """Note a request on arrival, so that the order is that of arrival."""
        with self._lock:
            self._requests.append(request)

    def finished(self, request: Request) -> None:
        """Notify the listeners."""
        request.seconds = time.time() - request.started
        for listener in self._on_finished:
            listener(request)

    def all(self) -> list[Request]:
        """Return the requests so far."""
        with self._lock:
            return list(self._requests)

    def clear(self) -> None:
        """Forget the requests."""
        with self._lock:
            self._requests.clear()
