"""Faults that a test orders: which requests they hit and what happens to those."""

from __future__ import annotations

import json
import shlex
import threading
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from starlette.responses import Response

ACTIONS = (
    "status",
    "status_after",
    "reset_before",
    "reset_after",
    "delay",
    "expire_token",
    "restart",
    "truncate",
    "relabel",
    "endless",
    "certificate",
    "edit",
    "remove",
)


@dataclass
class Fault:
    """One ordered fault. `nth` counts matching requests from 1; `times` of them from there on are hit.

    `path` is compared without case and may hold `*`. `delay` is in seconds: before the response, or for `restart` how
    long connections are refused. `body` of `edit` and `remove` is what another administrator does first.
    """

    method: str | None = None
    path: str | None = None
    nth: int = 1
    times: int = 1
    action: str = "status"
    status: int = 503
    body: Any = ""
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    seen: int = 0

    def __post_init__(self) -> None:
        """Reject what could never happen."""
        if self.action not in ACTIONS:
            raise ValueError(f"fault action {self.action!r} is not one of: {', '.join(ACTIONS)}")
        if self.nth < 1 or self.times < 1 or self.delay < 0:
            raise ValueError("a fault's nth and times start at 1, its delay at 0")
        if not 200 <= self.status <= 599:
            raise ValueError(f"fault status {self.status} is not between 200 and 599")
        if self.action in ("edit", "remove"):
            self.body = _kinds(self.action, self.body)

    def concerns(self, method: str, path: str) -> bool:
        """Whether a request is of the kind that this fault counts."""
        return (self.method is None or self.method.upper() == method) and (
            self.path is None or fnmatchcase(path.casefold(), self.path.casefold())
        )

    def relabelled(self, response: Response) -> Response:
        """Lay the ordered headers over a response."""
        for name, value in self.headers.items():
            response.headers[name] = value
        return response

    def response(self) -> Response:
        """Return the ordered response; a body that is not text is sent as JSON."""
        is_text = isinstance(self.body, str | bytes)
        body = self.body if is_text else json.dumps(self.body)
        media_type: str | None = "text/plain" if is_text else "application/json"
        if any(name.casefold() == "content-type" for name in self.headers) or not body:
            media_type = None
        return Response(body, self.status, dict(self.headers), media_type)


def _kinds(action: str, body: Any) -> dict[str, Any]:
    """Return a body like `{"schedule": …}`, which a command line gives as JSON."""
    kinds: Any = json.loads(body) if isinstance(body, str) and body else body
    if not isinstance(kinds, dict) or not kinds:
        raise ValueError(f"the body of {action} is an object with a field for each kind, like schedule")
    return kinds


class FaultPlan:
    """The faults that are still to come."""

    def __init__(self) -> None:
        """Start without faults."""
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Add a fault; it counts requests from now on."""
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        """Forget all faults."""
        with self._lock:
            self._faults.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """Count a request for every fault that it concerns; return the first one that hits it."""
        hit = None
        with self._lock:
            for fault in [item for item in self._faults if item.concerns(method, path)]:
                fault.seen += 1
                if hit is None and fault.nth <= fault.seen < fault.nth + fault.times:
                    hit = fault
                if fault.seen >= fault.nth + fault.times - 1:
                    self._faults.remove(fault)
        return hit


def parse_fault(text: str) -> Fault:
    """Read a fault from the command line: `POST /api/Deployment action=status status=503 nth=1`.

    Method and path may be `*` (any) or left out; `header.NAME=VALUE` adds a header to the response.
    """
    values: dict[str, Any] = {"headers": {}}
    for index, word in enumerate(shlex.split(text)):
        name, equals, value = word.partition("=")
        if not equals:
            if index > 1:
                raise ValueError(f"in a fault, {word!r} is not NAME=VALUE")
            values["path" if index or word.startswith("/") else "method"] = None if word == "*" else word
        elif name.startswith("header."):
            values["headers"][name.removeprefix("header.")] = value
        elif name in _CONVERT:
            values[name] = _CONVERT[name](value)
        else:
            raise ValueError(f"a fault has no {name!r}; there are: {', '.join(_CONVERT)}, header.NAME")
    return Fault(**values)


_CONVERT: dict[str, Any] = {"action": str, "status": int, "nth": int, "times": int, "body": str, "delay": float}
