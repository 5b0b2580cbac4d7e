"""The ASGI application: records, applies faults, checks rights, calls the handler, responds."""

from __future__ import annotations

import asyncio
import logging
from fnmatch import fnmatchcase
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from . import editing, openapi
from .context import Call, Context
from .errors import ApiError
from .exchange import Exchange
from .faults import Fault, FaultPlan
from .forms import split_operations
from .recording import Journal, from_scope
from .routes import served
from .routes.server import CONFIG_PATH
from .routing import Operation, find

_log = logging.getLogger("astera_emulator")
_AFTER_THE_WORK = frozenset({"status_after", "reset_after", "truncate", "restart", "relabel", "endless", "certificate"})


class Application:
    """Serves the API of one context."""

    def __init__(self, context: Context, journal: Journal, faults: FaultPlan) -> None:
        """Take the server's parts, where to record requests, and the faults to apply."""
        self._context = context
        self._journal = journal
        self._faults = faults

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one HTTP request."""
        exchange = Exchange(scope, receive, send, from_scope(scope))
        record = exchange.record
        record.authenticated = self._is_authenticated(exchange)
        self._journal.add(record)
        call = Call(self._context, exchange.http)
        fault = self._faults.take(record.method, record.path)
        try:
            await (self._fail(fault, exchange, call) if fault else self._serve(exchange, call))
        except ClientDisconnect:
            record.status = 0
        finally:
            self._journal.finished(record)
            for action in call.afterwards:
                action()

    async def _serve(self, exchange: Exchange, call: Call) -> None:
        """Do the work and respond."""
        response = await self._work(exchange, call)
        await asyncio.sleep(self._context.settings.latency)
        await exchange.respond(response)

    async def _fail(self, fault: Fault, exchange: Exchange, call: Call) -> None:
        """Do what the fault orders instead of, or besides, the work."""
        works_first = fault.action in _AFTER_THE_WORK
        response = await self._work(exchange, call) if works_first else Response()
        if fault.action == "restart":
            self._context.refuse()
            call.afterwards.append(lambda: self._context.restart(fault.delay, 0.0))
        elif fault.action == "certificate":
            response.headers["Connection"] = "close"
            call.afterwards.append(lambda: self._context.show_foreign_certificate(fault.delay))
        else:
            await asyncio.sleep(fault.delay)
        if fault.action in ("status", "status_after"):
            await exchange.respond(fault.response())
        elif fault.action in ("reset_before", "reset_after"):
            await exchange.cut()
        elif fault.action == "truncate":
            await exchange.respond_truncated(response)
        elif fault.action == "expire_token":
            self._context.tokens.revoke_all()
            exchange.record.authenticated = False
            await exchange.respond(_UNAUTHORIZED.response("empty"))
        elif fault.action == "endless":
            await exchange.respond_endlessly(response)
        elif fault.action in ("restart", "relabel", "certificate"):
            await exchange.respond(fault.relabelled(response))
        else:
            if fault.action != "delay":
                self._meddle(fault)
            await self._serve(exchange, call)

    def _meddle(self, fault: Fault) -> None:
        """Do what another administrator does while a request is on its way."""
        act = editing.administer if fault.action == "edit" else editing.remove
        for kind, what in fault.body.items():
            act(self._context, kind, what)

    async def _work(self, exchange: Exchange, call: Call) -> Response:
        """Do what is requested; every error becomes a response."""
        settings = self._context.settings
        record = exchange.record
        try:
            operations = served(settings)
            if record.method == "GET" and self._is_openapi(record.path):
                if settings.openapi_access == "token" and not record.authenticated:
                    raise _UNAUTHORIZED
                return JSONResponse(openapi.document(operations, settings.openapi_version))
            operation, call.arguments = find(
                operations, record.method, record.path, exact=settings.path_casing == "exact"
            )
            self._check_rights(operation, exchange)
            return await operation.handler(call)
        except ApiError as error:
            response = error.response(settings.error_body)
            response.headers.update(error.headers)
            return response
        except ClientDisconnect:
            raise
        except Exception:
            _log.exception("%s %s failed", record.method, record.path)
            return Response("Internal Server Error", 500)

    def _check_rights(self, operation: Operation, exchange: Exchange) -> None:
        """Raise 401 without a valid token, 403 for what the settings forbid."""
        settings, record = self._context.settings, exchange.record
        free = operation.path == CONFIG_PATH and settings.config_without_token == "yes"
        if not operation.anonymous and not free and not record.authenticated:
            raise _UNAUTHORIZED
        for method, path in split_operations(settings.forbidden):
            if method == record.method and fnmatchcase(record.path.lower(), path):
                raise ApiError(403)

    def _is_authenticated(self, exchange: Exchange) -> bool:
        """Whether the request carries a valid token."""
        return self._context.tokens.accepts(exchange.http.headers.get("authorization"))

    def _is_openapi(self, path: str) -> bool:
        """Whether the path is that of the OpenAPI document."""
        known = self._context.settings.openapi_path
        return path == known or (
            self._context.settings.path_casing == "ignored" and path.casefold() == known.casefold()
        )


# ASP.NET's default for a missing, malformed or expired token (inferred): no body.
_UNAUTHORIZED = ApiError(401, headers={"WWW-Authenticate": "Bearer"})
