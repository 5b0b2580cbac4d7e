# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Any request to the API that no other module sends. Private: may change in any release.

Only the method has a meaning: GET reads and may be retried, all others write and may not.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from .._data.json_text import json_bytes, parse_json
from .._data.paths import MISSING
from .._engine.plan import Change
from .._engine.result import Result
from .._errors import AsteraError, input_error
from .._http.client import Client
from .._http.transport import Request, Response
from .._redaction.names import redact_fields
from .._redaction.redactor import Redactor
from .._runner.argument_spec import Spec
from .job.follow import START_PATH
from .job.responses import maybe_started

#: Printable ASCII without blanks; neither a query nor a fragment; not the form that names a host.
_PATH = re.compile(r"/(?!/)(?:(?![?#\\])[!-~])*")

SPEC = Spec(
    options={
        "method": {"type": "str", "choices": ["GET", "POST", "PUT", "PATCH", "DELETE"], "default": "GET"},
        "path": {"type": "str", "required": True},
        "query": {"type": "dict"},
        "body": {"type": "raw"},
        "secret_body": {"type": "raw", "no_log": True},
        "authenticate": {"type": "bool", "default": True},
    },
    mutually_exclusive=[("body", "secret_body")],
)


def run(client: Client, params: dict[str, Any]) -> Result:
    """Send the request; returns ``status``, ``json`` and ``text``."""
    method, path = params["method"], params["path"]
    if not _PATH.fullmatch(path) or any(unquote(name) in (".", "..") for name in path.split("/")):
        raise input_error(
            "path must begin with one / and be printable ASCII, without blanks, ?, # and \\, or . and .. as names",
            "The server is in server_url. What follows a question mark goes in query. Write other characters as %XX.",
        )
    query = params.get("query") or {}
    for name, value in query.items():
        if any(isinstance(one, (dict, list)) for one in (value if isinstance(value, list) else [value])):
            raise input_error(f"query.{name} must be a text, a number, a boolean, or a list of these")
    body, secret = (_body(name, params) for name in ("body", "secret_body"))
    sent = body if secret is None else secret
    if method == "GET" and sent is not None:
        raise input_error("a GET has no body", "Set method, or use query.")
    request = Request(method, path, query or None)
    if sent is not None:
        request = replace(request, body=json_bytes(sent), content_type="application/json")
    result = Result()
    if method != "GET":
        shown = redact_fields(body) if secret is None else redact_fields(secret, is_secret=True)
        parts = {"method": method, "path": path, "query": redact_fields(query), "body": shown}
        changes = [Change(name, None, value) for name, value in parts.items() if value not in (None, "", {})]
        result = Result(changed=True, changes=changes, title=f"the request to {path}")
        if client.check_mode:
            result.returned = {"status": None, "json": None, "text": None}
            return result
    try:
        response = client.ask(request)
        if not response.is_success:
            raise client.error_of(method, path, response)
    except AsteraError as error:
        is_start = error.may_have_been_applied and unquote(path).rstrip("/").lower() == START_PATH.lower()
        raise (maybe_started(error) if is_start else error) from None
    result.returned = _returned(response, client.redactor)
    return result


def _body(name: str, params: dict[str, Any]) -> Any:
    """An option as it is to be sent. Null counts as not given, as everywhere."""
    value = params.get(name)
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        value = parse_json(value)
        if value is MISSING:
            raise input_error(f"{name} begins like JSON but is invalid", "Set the data themselves.")
    return value


def _returned(response: Response, redactor: Redactor) -> dict[str, Any]:
    """The return values, without secrets."""
    data, text = parse_json(response.text), response.text
    shown = MISSING if data is MISSING else redactor.redact_deep(redact_fields(data))
    return {
        "status": response.status,
        "json": None if shown is MISSING else shown,
        # Redacted data are serialized again: in the server's own text the ends of fields are unknown.
        "text": redactor.redact_text(text) if shown == data else json.dumps(shown),
    }
