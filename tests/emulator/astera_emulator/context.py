"""What every handler works with: the emulated server, and one request to it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response

from .errors import ApiError, validation_error
from .files import FileSystem
from .jobs import Jobs
from .scheduler import Scheduler
from .schema import Json, Shape, bind, to_output
from .settings import Settings
from .store import Store
from .timestamps import Timestamps
from .tokens import Tokens

# The body limit of ASP.NET's web server (inferred); uploads have a setting of their own.
_MAX_JSON_BYTES = 30_000_000


@dataclass
class Context:
    """The parts of the emulated server.

    `restart(seconds, delay)` orders a restart of the service. `refuse()` ends listening at once, for a response after
    which no new connection may come. `show_foreign_certificate(seconds)` is what new connections see then.
    """

    settings: Settings
    store: Store
    files: FileSystem
    incoming: Path
    timestamps: Timestamps
    tokens: Tokens
    jobs: Jobs
    scheduler: Scheduler
    restart: Callable[[float, float], None]
    refuse: Callable[[], None]
    show_foreign_certificate: Callable[[float], None]
    failed_logins: int = 0
    new_port: int = 0  # the port to listen on after the next restart; 0: the same


@dataclass
class Call:
    """One request for an operation. `afterwards` is done once the response is sent."""

    context: Context
    http: HttpRequest
    arguments: dict[str, str] = field(default_factory=dict)
    afterwards: list[Callable[[], None]] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        """The settings in force."""
        return self.context.settings

    def query(self, name: str) -> str:
        """Return a query parameter by its name in any casing, as ASP.NET does; "" when it isn't there."""
        values = [value for key, value in self.http.query_params.items() if key.casefold() == name.casefold()]
        return values[-1] if values else ""

    def number(self, name: str) -> int:
        """Return an integer of the path."""
        return self._integer(name, self.arguments[name])

    def only_number(self) -> int:
        """Return the one integer that the path has, or else the query."""
        for name, value in self.arguments.items():
            return self._integer(name, value)
        return self._integer("id", next(iter(self.http.query_params.values()), ""))

    def _integer(self, name: str, value: str) -> int:
        """Read an integer."""
        if not re.fullmatch(r"-?[0-9]{1,18}", value):
            raise validation_error({name: f"The value '{value}' is not valid."})
        return int(value)

    async def body(self, limit: int = _MAX_JSON_BYTES) -> bytes:
        """Return the body; 413 when it is longer than `limit` bytes."""
        pieces, size = [], 0
        async for piece in self.http.stream():
            size += len(piece)
            if size > limit:
                raise ApiError(413, "Request body too large.")
            pieces.append(piece)
        return b"".join(pieces)

    async def json(self, shape: Shape) -> dict[str, Json]:
        """Return the JSON body bound to `shape`; 415 or 400 when it cannot be bound, as from ASP.NET."""
        media_type = self.http.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type not in ("application/json", "text/json") and not media_type.endswith("+json"):
            raise ApiError(415, "Unsupported Media Type")
        bound, problems = bind(shape, parse_object(await self.body()))
        if problems:
            raise validation_error(problems)
        return bound

    def response(self, shape: Shape, value: Json) -> Response:
        """Return an object or list as JSON, its documented names in the casing that is set."""
        omit_null = self.settings.null_members == "omitted"
        return JSONResponse(to_output(shape, value, self.settings.output_casing, omit_null=omit_null))

    def nothing_there(self, noun: str, number: int) -> Response:
        """Return the response to a GET of what does not exist; raise one that is an error."""
        return absence(self.settings.unknown_id, f"There is no {noun} with id {number}.")

    def saved(self, shape: Shape, document: dict[str, Json]) -> Response:
        """Return the response to a write that succeeded; what it holds is unknown."""
        form = self.settings.post_answer
        if form == "object":
            return self.response(shape, document)
        if form == "id" and "id" in document:
            return JSONResponse(document["id"])
        return Response()


def absence(form: int | str, message: str) -> Response:
    """Return the response for what does not exist: as ASP.NET does for null, or an error."""
    if form in (204, "204"):
        return Response(status_code=204)
    if form == "null":
        return JSONResponse(None)
    raise ApiError(int(form), message)


def parse_object(body: bytes) -> dict[str, Any]:
    """Read a JSON object from a body; 400 when it isn't one."""
    if not body.strip():
        raise validation_error({"$": "A non-empty request body is required."})
    try:
        value = json.loads(body.decode("utf-8"), parse_constant=_reject_constant)
    except (ValueError, RecursionError) as error:
        raise validation_error({"$": f"The body is not valid JSON: {error}"}) from error
    if not isinstance(value, dict):
        raise validation_error({"$": "The JSON value could not be converted to an object."})
    return value


def _reject_constant(name: str) -> None:
    """Reject NaN and Infinity, which Python would read although JSON has no such thing."""
    raise ValueError(f"{name} is not JSON")
