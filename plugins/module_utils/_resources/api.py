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

from .._data.json_text import parse_json
from .._data.paths import MISSING, merged
from .._engine.extra_fields import reject_clash
from .._engine.plan import Change
from .._engine.result import Result
from .._errors import AsteraError, input_error, status_phrase
from .._http.client import Client
from .._http.transport import Request, Response
from .._redaction.names import MASK, is_secret_name, redact_all, redact_fields
from .._redaction.redactor import Redactor
from .._runner.argument_spec import Spec
from .job.responses import maybe_started

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
#: The endpoint that starts a job, which must not start twice.
START_PATH = "/api/commandlineprocessor"
#: Printable ASCII without blanks; neither a query nor a fragment; not the form that names a host.
_PATH = re.compile(r"/(?!/)[!-~]*")
_CONTENT_TYPES = {"json": "application/json", "text": "text/plain"}

SPEC = Spec(
    options={
        "method": {"type": "str", "choices": list(METHODS), "default": "GET"},
        "path": {"type": "str", "required": True},
        "query": {"type": "dict"},
        "secret_query": {"type": "dict", "no_log": True},
        "body": {"type": "raw"},
        "secret_body": {"type": "raw", "no_log": True},
        "body_format": {"type": "str", "choices": list(_CONTENT_TYPES), "default": "json"},
        "status_code": {"type": "list", "elements": "int"},
        "answer": {"type": "str", "choices": ["masked", "whole"], "default": "masked"},
        "authenticate": {"type": "bool", "default": True},
    }
)


def run(client: Client, params: dict[str, Any]) -> Result:
    """Send the request; returns ``status``, ``json``, ``text``, ``content_type`` and ``headers``."""
    method, path = params["method"], _checked_path(params["path"])
    request = Request(method, path, _query(params) or None)
    body = _body(params)
    if body is not MISSING:
        body_format = params["body_format"]
        request = replace(request, body=_bytes(body, body_format), content_type=_CONTENT_TYPES[body_format])
    _reject_odd_statuses(params.get("status_code") or [])
    result = _planned(params, path)
    if method != "GET" and client.check_mode:
        result.returned = {"status": None, "json": None, "text": None, "content_type": None, "headers": {}}
        return result
    response = _send(client, request, params.get("status_code"))
    if params["answer"] == "whole":
        result.secrets = _returned(response)
    else:
        result.returned = _returned(response, client.hidden)
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
            "path must begin with one / and be printable ASCII without blanks",
            "It is a path on the server, such as /api/ServerInfo; server_url says which server. Write other characters "
            "as %XX, as the filter urlencode does.",
        )
    if re.search(r"[?#\\]", path):
        raise input_error("path must not contain ?, # and \\", "What follows a question mark goes in query.")
    if any(unquote(name) in (".", "..") for name in path.split("/")):
        raise input_error("path must not contain . and .. as names", "Write the resolved path.")
    return path


def _query(params: dict[str, Any]) -> dict[str, list[str]]:
    """The names and texts of the query."""
    given, secret = params.get("query") or {}, params.get("secret_query") or {}
    reject_clash("query", given, "secret_query", secret)
    texts = {}
    for option, values in (("query", given), ("secret_query", secret)):
        for name, value in values.items():
            many = value if isinstance(value, list) else [value]
            texts[str(name)] = [_text(f"{option}.{name}", one) for one in many]
    return texts


def _text(where: str, value: Any) -> str:
    """A value as .NET reads it from a query."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, (str, int, float)):
        raise input_error(f"{where} must be a text, a number, a boolean, or a list of these")
    return _encodable(where, str(value))


def _encodable(where: str, text: str) -> str:
    """The text. Half a character is an error, because it cannot be sent."""
    try:
        text.encode()
    except UnicodeError:
        raise input_error(f"{where} is not valid text: it contains half of a character") from None
    return text


def _body(params: dict[str, Any]) -> Any:
    """What is sent: data, or a text; ``MISSING`` when there is no body."""
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
    if value is None:
        return MISSING
    if params["body_format"] == "text":
        if isinstance(value, (dict, list)):
            raise input_error(f"{name} must be a text with body_format text", "Use body_format json for data.")
        return _text(name, value)
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        value = parse_json(value)
        if value is MISSING:
            raise input_error(
                f"{name} begins like JSON but is invalid", "Set the data themselves, or use body_format text."
            )
    return value


def _bytes(body: Any, body_format: str) -> bytes:
    if body_format == "text":
        return str(body).encode()
    try:
        return json.dumps(body, allow_nan=False).encode("ascii")
    except ValueError:
        raise input_error("body contains a number that JSON cannot represent: infinity or NaN") from None


def _reject_odd_statuses(codes: list[int]) -> None:
    for code in codes:
        if not 100 <= code <= 599:
            raise input_error(f"status_code contains {code}, which is not an HTTP status")


def _planned(params: dict[str, Any], path: str) -> Result:
    """The result as far as it is known beforehand: of a write, what is sent."""
    method = params["method"]
    if method == "GET":
        return Result()
    sent = {"method": method, "path": path, "query": _shown(params, "query"), "body": _shown(params, "body")}
    changes = [Change(name, None, value) for name, value in sent.items() if value not in (None, "")]
    return Result(changed=True, changes=changes, title=f"the request to {path}")


def _shown(params: dict[str, Any], name: str) -> Any:
    """The values of an option and its secret counterpart, with secrets redacted."""
    given, secret = params.get(name), redact_all(params.get(f"secret_{name}"))
    if isinstance(given, str) and given.lstrip()[:1] in ("{", "["):
        data = parse_json(given)
        given = given if data is MISSING else data
    given = redact_fields(given)
    if secret is None or given is None:
        return given if secret is None else secret
    return merged(given, secret) if isinstance(given, dict) and isinstance(secret, dict) else MASK


def _returned(response: Response, hidden: Redactor | None = None) -> dict[str, Any]:
    """The return values; with ``hidden``, without secrets."""
    data, text, headers = parse_json(response.text), response.text, response.headers
    is_json = data is not MISSING
    if hidden is not None:
        shown = hidden.redact_deep(redact_fields(data)) if is_json else MISSING
        # Redacted data are serialized again: in the server's own text the ends of fields are unknown.
        text = hidden.redact_text(text) if shown == data else json.dumps(shown)
        data = shown
        headers = {
            name: MASK if name == "set-cookie" or is_secret_name(name) else hidden.redact_text(value)
            for name, value in headers.items()
        }
    return {
        "status": response.status,
        "json": data if is_json else None,
        "text": text,
        "content_type": response.content_type,
        "headers": headers,
    }
