"""The paths of the API."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from . import launching, surveys
from .errors import Rejection, not_found
from .resources import RESOURCES
from .store import BASE, Store

#: As AWX 24.6.1 names itself; the modules compare it with their own release.
HEADERS = {"X-API-Product-Name": "AWX", "X-API-Product-Version": "24.6.1"}
Handler = Callable[[Request], Awaitable[Response]]


class Api:
    """Responds to requests from a store, and records them."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.store = Store()
        self.jobs: dict[int, dict[str, Any]] = {}
        self.requests: list[tuple[str, str, int]] = []

    def app(self) -> Starlette:
        paths: list[tuple[str, Callable[[Request, Any], Any], list[str]]] = [
            ("/{resource}/", self._list, ["GET", "POST"]),
            ("/{resource}/{number:int}/", self._one, ["GET", "PATCH"]),
            ("/{resource}/{number:int}/survey_spec/", self._survey, ["GET", "POST"]),
            ("/job_templates/{number:int}/launch/", self._launch, ["POST"]),
            ("/workflow_job_template_nodes/{number:int}/create_approval_template/", self._approval, ["POST"]),
            ("/{resource}/{number:int}/{association}/", self._association, ["GET", "POST"]),
        ]
        return Starlette(routes=[Route(BASE + path, self._handler(does), methods=how) for path, does, how in paths])

    def _handler(self, does: Callable[[Request, Any], Any]) -> Handler:
        async def handler(request: Request) -> Response:
            try:
                self._authenticate(request)
                body = await request.body()
                status, content = does(request, _parsed(body) if request.method != "GET" else None)
            except Rejection as rejection:
                status, content = rejection.status, rejection.body
            self.requests.append((request.method, request.url.path, status))
            if content is None:
                return Response(status_code=status, headers=HEADERS)
            return JSONResponse(content, status_code=status, headers=HEADERS)

        return handler

    def _authenticate(self, request: Request) -> None:
        if request.headers.get("authorization") != f"Bearer {self.token}":
            raise Rejection({"detail": "Authentication credentials were not provided."}, 401)

    def _list(self, request: Request, body: Any) -> tuple[int, Any]:
        resource = request.path_params["resource"]
        if resource != "unified_job_templates":
            _known(resource)
        if request.method == "POST":
            _known(resource)
            return 201, self.store.shown(resource, self.store.write(resource, body))
        found = self.store.listed(resource, dict(request.query_params))
        return 200, _page(found)

    def _one(self, request: Request, body: Any) -> tuple[int, Any]:
        resource, number = _known(request.path_params["resource"]), request.path_params["number"]
        self.store.find(resource, number)
        if request.method == "PATCH":
            self.store.write(resource, body, number)
        return 200, self.store.shown(resource, number)

    def _survey(self, request: Request, body: Any) -> tuple[int, Any]:
        resource, number = _known(request.path_params["resource"]), request.path_params["number"]
        if "survey_enabled" not in self.store.find(resource, number):
            raise not_found()
        if request.method == "GET":
            return 200, self.store.surveys.get(number, {})
        surveys.check_spec(body)
        self.store.surveys[number] = body
        return 200, {}

    def _launch(self, request: Request, body: Any) -> tuple[int, Any]:
        number = max(self.jobs, default=0) + 1
        self.jobs[number] = launching.job(self.store, request.path_params["number"], body)
        return 201, {"job": number, "id": number, "type": "job", "status": "pending"}

    def _approval(self, request: Request, body: Any) -> tuple[int, Any]:
        made = self.store.create_approval(request.path_params["number"], body)
        return 201, self.store.shown("workflow_approval_templates", made)

    def _association(self, request: Request, body: Any) -> tuple[int, Any]:
        resource, number = _known(request.path_params["resource"]), request.path_params["number"]
        name = request.path_params["association"]
        self.store.find(resource, number)
        if name not in RESOURCES[resource].associations:
            raise not_found()
        if request.method == "POST":
            self.store.associate(resource, number, name, body)
            return 204, None
        held = RESOURCES[resource].associations[name]
        found = [self.store.shown(held, other) for other in self.store.associated(resource, number, name)]
        return 200, _page(found)


def _page(found: list[dict[str, Any]]) -> dict[str, Any]:
    return {"count": len(found), "next": None, "previous": None, "results": found}


def _known(resource: str) -> str:
    if resource not in RESOURCES:
        raise not_found()
    return resource


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        parsed = json.loads(body)
    except ValueError:
        raise Rejection({"detail": "JSON parse error."}) from None
    if not isinstance(parsed, dict):
        raise Rejection({"non_field_errors": ["Invalid data. Expected a dictionary."]})
    return parsed
