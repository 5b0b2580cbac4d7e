"""Errors of the API and the forms their bodies can take."""

from __future__ import annotations

import html
from http import HTTPStatus

from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response


class ApiError(Exception):
    """A response that is not 200. `fields` maps JSON paths to what is wrong there, as ASP.NET's validation does."""

    def __init__(
        self,
        status: int,
        message: str = "",
        fields: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        """Take the HTTP status and the message; without a message the body is empty, as in ASP.NET's own errors."""
        super().__init__(message)
        self.status = status
        self.message = message
        self.fields = fields or {}
        self.headers = headers or {}

    def response(self, form: str) -> Response:
        """Render the body as `form`: text, problem, html or empty. The real form is unknown."""
        if form == "empty" or not self.message:
            return Response(status_code=self.status, headers=self.headers)
        if form == "problem":
            return self._problem()
        text = " ".join(filter(None, (self.message, *(f"{path}: {problem}" for path, problem in self.fields.items()))))
        if form == "html":
            title = f"{self.status} {HTTPStatus(self.status).phrase}"
            body = f"<body><h1>{title}</h1><p>{html.escape(text)}</p></body>"
            return HTMLResponse(f"<html><head><title>{title}</title></head>{body}</html>", self.status)
        return PlainTextResponse(text, self.status)

    def _problem(self) -> Response:
        """Render as problem details (RFC 7807) the way ASP.NET Core does."""
        body: dict[str, object] = {
            "type": "https://tools.ietf.org/html/rfc7231#section-6.5.1",
            "title": "One or more validation errors occurred." if self.fields else self.message,
            "status": self.status,
        }
        if self.fields:
            body["errors"] = {path: [problem] for path, problem in self.fields.items()}
        return JSONResponse(body, self.status, media_type="application/problem+json")


def validation_error(fields: dict[str, str]) -> ApiError:
    """Return the 400 for a body that does not bind."""
    return ApiError(400, "One or more validation errors occurred.", fields)
