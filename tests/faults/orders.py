"""The faults, each as it is ordered from the emulator."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import requests
from astera_emulator import Emulator

#: Seconds. Longer than a client of the matrix waits for a response.
TOO_LONG = 0.9
#: Seconds. A server that is down for this long is down for the whole run.
FOR_GOOD = 3600.0
#: How many requests a fault hits that lasts.
ALWAYS = 10_000

HTML = "<!DOCTYPE html><html><body><h1>Server Error in '/' Application.</h1><p>Runtime Error</p></body></html>"
SIGN_IN = "<!DOCTYPE html><html><body><form action='/signin'>Sign in to the proxy</form></body></html>"


@dataclass(frozen=True)
class Fault:
    """One kind of fault. ``lasts``: it hits every request from there on, not only that one.

    A fault ``between`` two requests is what the next one meets when it makes its connection. ``options`` are those of
    the task, where the usual ones would leave no time to get over it.
    """

    name: str
    order: dict[str, Any]
    lasts: bool = False
    between: bool = False
    options: dict[str, Any] = field(default_factory=dict)

    def place(self, emulator: Emulator, index: int, elsewhere: str) -> None:
        """Order it for the request ``index``, from 1, of those to come. ``elsewhere`` is the address of a stranger."""
        order = dict(self.order)
        if "headers" in order:
            order["headers"] = {name: text.format(elsewhere=elsewhere) for name, text in order["headers"].items()}
        if not self.between:
            emulator.add_fault(**order, nth=index, times=ALWAYS if self.lasts else 1)
            return
        emulator.add_fault(**order, nth=max(1, index - 1))
        if index == 1:
            # There is no request before the first one, so we make it.
            requests.get(f"{emulator.url}/api/ServerInfo", verify=emulator.ca_path, timeout=10)


def _status(status: int, body: str = "", **headers: str) -> dict[str, Any]:
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return {"action": "status", "status": status, "body": body, "headers": named}


def _after(order: dict[str, Any]) -> dict[str, Any]:
    """The same response, when the work is done."""
    return {**order, "action": "status_after"}


_AWAY = {"Location": "{elsewhere}/api/account/login"}

#: What may happen to one request.
ONCE = (
    Fault("connection refused", {"action": "restart", "delay": FOR_GOOD}, between=True),
    Fault("restarting for a second", {"action": "restart", "delay": 1.0}, between=True, options={"retries": 3}),
    Fault("foreign certificate", {"action": "certificate"}, between=True),
    Fault("reset before the work", {"action": "reset_before"}),
    Fault("reset after the work", {"action": "reset_after"}),
    Fault("timeout, work not done", {"action": "reset_before", "delay": TOO_LONG}),
    Fault("timeout, work done", {"action": "reset_after", "delay": TOO_LONG}),
    Fault("500 as HTML", _status(500, HTML, Content_Type="text/html")),
    Fault("500 as HTML after the work", _after(_status(500, HTML, Content_Type="text/html"))),
    Fault("502", _status(502)),
    Fault("502 after the work", _after(_status(502))),
    Fault("503", _status(503)),
    Fault("503 with Retry-After", _status(503, Retry_After="1")),
    Fault("503 after the work", _after(_status(503))),
    Fault("429 with Retry-After", _status(429, Retry_After="1")),
    Fault("401, token expired", {"action": "expire_token"}),
    Fault("403", _status(403, "admin:Admin123 and admin&#58;&#65;dmin123 lack the right")),
    Fault("503 with odd Retry-After", _status(503, Retry_After="Fri, 31 Dec 99999999999999999999 23:59:59 GMT")),
    Fault("invalid JSON", _after(_status(200, '{"id": 1,', Content_Type="application/json"))),
    Fault("HTML page with 200", _after(_status(200, SIGN_IN, Content_Type="text/html"))),
    Fault("empty response", _after(_status(200))),
    Fault("truncated body", {"action": "truncate"}),
    Fault("oversized body", {"action": "endless"}, options={"request_timeout": 10}),
    Fault("wrong content type", {"action": "relabel", "headers": {"Content-Type": "application/octet-stream"}}),
    Fault("redirect to another origin", {**_status(307), "headers": _AWAY}),
    Fault("redirect to another origin after the work", _after({**_status(303), "headers": _AWAY})),
)

#: What may go on from one request to the end of the run.
LASTING = tuple(
    Fault(f"{fault.name}, from then on", fault.order, lasts=True)
    for fault in ONCE
    if fault.name
    in (
        "reset before the work",
        "reset after the work",
        "timeout, work done",
        "500 as HTML",
        "503",
        "429 with Retry-After",
        "401, token expired",
        "403",
        "invalid JSON",
    )
)

FAULTS = ONCE + LASTING
