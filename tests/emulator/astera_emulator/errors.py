"""Errors of the API and the forms their bodies can take."""

from __future__ import annotations

import html
from http import HTTPStatus

from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response


class ApiError(Exception):
    """An answer that is not 200. `members` maps JSON paths to what is wrong there, as ASP.NET's validation does."""

    def __init__(
        self,
        status: int,
        message: str = "",
        members: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        """Take the HTTP status and what the server says; without words the body is empty, as ASP.NET's own errors."""
        super().__init__(message)
        self.status = status
        self.message = message
        self.members = members or {}
        self.headers = headers or {}

    def response(self, form: str) -> Response:
        """Render the body as `form`: text, problem, html or empty. The real form is unknown."""
        if form == "empty" or not self.message:
            return Response(status_code=self.status, headers=self.headers)
        if form == "problem":
            return self._problem()
        words = " ".join(filter(None, (self.message, *(f"{path}: {text}" for path, text in self.members.items()))))
        if form == "html":
            title = f"{self.status} {HTTPStatus(self.status).phrase}"
            body = f"<body><h1>{title}</h1><p>{html.escape(words)}</p></body>"
            return HTMLResponse(f"<html><head><title>{title}</title></head>{body}</html>", self.status)
        return PlainTextResponse(words, self.status)

    def _problem(self) -> Response:
        """Render as problem details (RFC 7807) the way ASP.NET Core does."""
        body: dict[str, object] = {
            "type": "https://tools.ietf.org/html/rfc7231#section-6.5.1",
            "title": "One or more validation errors occurred." if self.members else self.message,
            "status": self.status,
        }
        if self.members:
            body["errors"] = {path: [text] for path, text in self.members.items()}
        return JSONResponse(body, self.status, media_type="application/problem+json")


def validation_error(members: dict[str, str]) -> ApiError:
    """Return the 400 for a body that does not bind."""
    return ApiError(400, "One or more validation errors occurred.", members)
