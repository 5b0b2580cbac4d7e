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
from .._data.paths import MISSING, merged
from .._engine.extra_fields import reject_clash
from .._engine.plan import Change
from .._engine.result import Result
from .._errors import AsteraError, input_error, status_phrase
from .._http.client import Client
from .._http.transport import Request, Response
from .._redaction.names import MASK, is_secret_name, redact_fields
from .._redaction.redactor import Redactor
from .._runner.argument_spec import Spec
from .job.responses import maybe_started

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
#: The endpoint that starts a job, which must not start twice.
START_PATH = "/api/commandlineprocessor"
#: Printable ASCII without blanks; neither a query nor a fragment; not the form that names a host.
_PATH = re.compile(r"/(?!/)(?:(?![?#\\])[!-~])*")

SPEC = Spec(
    options={
        "method": {"type": "str", "choices": list(METHODS), "default": "GET"},
        "path": {"type": "str", "required": True},
        "query": {"type": "dict"},
        "body": {"type": "raw"},
        "secret_body": {"type": "raw", "no_log": True},
        "status_code": {"type": "list", "elements": "int"},
        "authenticate": {"type": "bool", "default": True},
    }
)


def run(client: Client, params: dict[str, Any]) -> Result:
    """Send the request; returns ``status``, ``json``, ``text``, ``content_type`` and ``headers``."""
    method, path = params["method"], _checked_path(params["path"])
    request = Request(method, path, _query(params.get("query") or {}) or None)
    body = _body(params)
    if body is not MISSING:
        request = replace(request, body=json_bytes(body), content_type="application/json")
    result = Result()
    if method != "GET":
        query, body = redact_fields(params.get("query")), _shown(params)
        sent = {"method": method, "path": path, "query": query, "body": body}
        changes = [Change(name, None, value) for name, value in sent.items() if value not in (None, "")]
        result = Result(changed=True, changes=changes, title=f"the request to {path}")
        if client.check_mode:
            result.returned = {"status": None, "json": None, "text": None, "content_type": None, "headers": {}}
            return result
    result.returned = _returned(_send(client, request, params.get("status_code")), client.redactor)
    return result


def _send(client: Client, request: Request, accepted: list[int] | None) -> Response:
    """The response, if its status is one of the accepted ones."""
    method, path = request.method, request.path
    try:
        response = client.ask(request)
        is_success = 200 <= response.status < 300
        if response.status in accepted if accepted else is_success:
            return response
        error = client.error_of(method, path, response)
        if is_success:
            message = f"the server responded with {status_phrase(response.status)}, which is not in status_code"
            error = error.with_(message=message, may_have_been_applied=True)
        raise error
    except AsteraError as error:
        if error.may_have_been_applied and unquote(path).rstrip("/").lower() == START_PATH:
            raise maybe_started(error) from None
        raise


def _checked_path(path: str) -> str:
    if not _PATH.fullmatch(path):
        raise input_error(
            "path must begin with one / and be printable ASCII without blanks, ?, # and \\",
            "It is a path on the server, such as /api/ServerInfo; server_url says which server. What follows a "
            "question mark goes in query. Write other characters as %XX, as the filter urlencode does.",
        )
    if any(unquote(name) in (".", "..") for name in path.split("/")):
        raise input_error("path must not contain . and .. as names", "Write the resolved path.")
    return path


def _query(given: dict[str, Any]) -> dict[str, list[str]]:
    """The names and texts of the query."""
    return {
        str(name): [_text(f"query.{name}", one) for one in (value if isinstance(value, list) else [value])]
        for name, value in given.items()
    }


def _text(where: str, value: Any) -> str:
    """A value as .NET reads it from a query."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, (str, int, float)):
        raise input_error(f"{where} must be a text, a number, a boolean, or a list of these")
    return str(value)


def _body(params: dict[str, Any]) -> Any:
    """The data to send; ``MISSING`` when there is no body."""
    given, secret = (_data(name, params) for name in ("body", "secret_body"))
    if given is MISSING and secret is MISSING:
        return MISSING
    if params["method"] == "GET":
        raise input_error("a GET has no body", "Set method, or use query.")
    if given is MISSING or secret is MISSING:
        return secret if given is MISSING else given
    if not isinstance(given, dict) or not isinstance(secret, dict):
        raise input_error(
            "body and secret_body can be combined only as dictionaries", "Set the whole body in secret_body."
        )
    reject_clash("body", given, "secret_body", secret)
    return merged(given, secret)


def _data(name: str, params: dict[str, Any]) -> Any:
    """An option as it is to be sent. Null counts as not given, as everywhere."""
    value = params.get(name)
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        value = parse_json(value)
        if value is MISSING:
            raise input_error(f"{name} begins like JSON but is invalid", "Set the data themselves.")
    return MISSING if value is None else value


def _shown(params: dict[str, Any]) -> Any:
    """The body with secrets redacted."""
    given, secret = (_data(name, params) for name in ("body", "secret_body"))
    if secret is MISSING:
        return None if given is MISSING else redact_fields(given)
    secret = redact_fields(secret, is_secret=True)
    return secret if given is MISSING else merged(redact_fields(given), secret)


def _returned(response: Response, redactor: Redactor) -> dict[str, Any]:
    """The return values, without secrets."""
    data, text = parse_json(response.text), response.text
    shown = MISSING if data is MISSING else redactor.redact_deep(redact_fields(data))
    return {
        "status": response.status,
        "json": None if shown is MISSING else shown,
        # Redacted data are serialized again: in the server's own text the ends of fields are unknown.
        "text": redactor.redact_text(text) if shown == data else json.dumps(shown),
        "content_type": response.content_type,
        "headers": {
            name: MASK if name == "set-cookie" or is_secret_name(name) else redactor.redact_text(value)
            for name, value in response.headers.items()
        },
    }
