# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare a server with what the collection assumes of it. Private: may change in any release.

The values of the server's responses stay here, see ``shapes``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .._data.paths import MISSING
from .._engine.result import Result
from .._http.client import Client
from .._runner.argument_spec import OPENAPI_OPTION, Spec
from .._version import VERSION
from .assumptions import ASSUMPTIONS
from .checks import openapi
from .collect import collect
from .findings import VERDICTS
from .responses import Exchange, Responses
from .shapes import challenge_form, safe_header, shape_of

SPEC = Spec(options=OPENAPI_OPTION)

#: Headers whose values a program sets. The values of others may name people or hosts.
SAFE_HEADERS = ("content-type", "server", "x-powered-by", "api-supported-versions", "transfer-encoding")
MAX_HEADER = 100


def run_info(client: Client, params: dict[str, Any]) -> Result:
    """Log in and read; returns ``report``."""
    responses = collect(client, params.get("openapi_path"))
    redacted = client.hidden.redact_deep
    judged = [assumption.judged(responses) for assumption in ASSUMPTIONS]
    for one in judged:
        one["found"] = redacted(one["found"])
    operations = list(openapi.operations_in(responses.document))
    report = {
        "collection": VERSION,
        "port": responses.port,
        "summary": {verdict: sum(one["verdict"] == verdict for one in judged) for verdict in VERDICTS},
        "assumptions": judged,
        "answers": redacted(list(_response_entries(responses))),
        "operations": redacted(operations[: openapi.MAX_OPERATIONS]),
    }
    return Result(returned={"report": report})


def _response_entries(responses: Responses) -> Iterator[dict[str, Any]]:
    """Each request with the shape of its response."""
    if responses.login is not None:
        login = Exchange("/api/account/login", "with username and password", responses.login)
        yield _response_entry("login", "POST", login)
    for name, exchange in responses.exchanges.items():
        yield _response_entry(name, "GET", exchange)


def _response_entry(name: str, method: str, exchange: Exchange) -> dict[str, Any]:
    request = {"name": name, "method": method, "path": exchange.path, "who": exchange.who, "status": exchange.status}
    response = exchange.response
    if response is None:
        return {**request, "trouble": exchange.trouble}
    is_json = exchange.json is not MISSING
    # The shape of the OpenAPI document shows no more than the list of operations.
    shape = None if name.startswith(openapi.DOCUMENT) else shape_of(exchange.json if is_json else response.text)
    headers = {safe_header(header): _header(header, value) for header, value in response.headers.items()}
    return {**request, "json": is_json, "size": len(response.text), "headers": headers, "shape": shape}


def _header(name: str, value: str) -> str | None:
    """The value of a header that can be shown."""
    if name == "www-authenticate":
        return challenge_form(value)[:MAX_HEADER]
    return value[:MAX_HEADER] if name in SAFE_HEADERS else None
