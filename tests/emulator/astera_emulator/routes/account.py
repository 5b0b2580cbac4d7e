"""Login (documented; the response's key was seen in a public sample)."""

from __future__ import annotations

import secrets
from typing import Any

from starlette.responses import JSONResponse, Response

from ..context import Call
from ..errors import ApiError, validation_error
from ..recording import LOGIN_PATH
from ..routing import Operation
from ..shapes import LOGIN
from ..tokens import user_id

_REJECTED = "Invalid username or password."


async def login(call: Call) -> Response:
    """Respond with a token.

    Beside it `id` and `expires_in` are inferred: servers of the family with `access_token` have them.
    """
    body = await call.json(LOGIN)
    remember = _remember(call, body)
    settings, context = call.settings, call.context
    locked = settings.lockout_after and context.failed_logins >= settings.lockout_after
    if locked or not _matches(body, settings.username, settings.password):
        context.failed_logins += 1
        return _rejection(call)
    context.failed_logins = 0
    token = context.tokens.issue(settings.username, remember=remember)
    # The key stays as it is in every casing: it was seen mapped by name, beside camelCase and PascalCase fields.
    if settings.login_answer == "text":
        return JSONResponse(token)
    facts = {"id": user_id(settings.username), "expires_in": context.tokens.lifetime(remember=remember)}
    return JSONResponse({settings.login_answer: token, **(facts if settings.login_facts == "shown" else {})})


def _remember(call: Call, body: dict[str, Any]) -> bool:
    """Return RememberMe. The documentation has it as true and as 1, so both bind unless a setting forbids one."""
    if "rememberMe" not in body:
        return False
    value, accepted = body["rememberMe"], call.settings.remember_me
    is_boolean = isinstance(value, bool)
    is_flag = not is_boolean and isinstance(value, int) and value in (0, 1)
    if (is_boolean and accepted != "integer") or (is_flag and accepted != "boolean"):
        return bool(value)
    raise validation_error({"$.rememberMe": "The JSON value could not be converted."})


def _matches(body: dict[str, Any], username: str, password: str) -> bool:
    """Compare the credentials exactly."""
    given = (body.get("user") or "", body.get("password") or "")
    return all(
        secrets.compare_digest(one.encode(), other.encode())
        for one, other in zip(given, (username, password), strict=True)
    )


def _rejection(call: Call) -> Response:
    """Reject wrong credentials; the 400 with a model state is inferred from the family of servers this one is of.

    204: Astera's own client library yields nothing for them, and that is how ASP.NET responds with nothing.
    """
    status = call.settings.login_failure
    if status == 204:
        return Response(status_code=204)
    if status == 400:
        return JSONResponse({"login_failure": [_REJECTED]}, 400)
    return ApiError(status, _REJECTED).response(call.settings.error_body)


OPERATIONS = (Operation("POST", LOGIN_PATH, login, content="json", body=LOGIN, anonymous=True),)
