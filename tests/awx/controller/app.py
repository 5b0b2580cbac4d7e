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
LOGIN = "Authentication credentials were not provided. To establish a login session, visit /api/login/."


class Api:
    """Responds to requests from a store, and records them."""

    def __init__(self, token: str) -> None:
        self.token = token
        self.reset()

    def reset(self) -> None:
        """Forget everything."""
        self.store = Store()
        #: The jobs that were launched, and how a job ends that is asked for: nobody runs it here.
        self.jobs: dict[int, dict[str, Any]] = {}
        self.job_status = "successful"
        self.requests: list[tuple[str, str, int]] = []

    def app(self) -> Starlette:
        paths: list[tuple[str, Callable[[Request, Any], Any], list[str]]] = [
            ("/jobs/{job:int}/", self._job, ["GET"]),
            ("/workflow_jobs/{job:int}/", self._job, ["GET"]),
            ("/{resource}/", self._list, ["GET", "POST"]),
            ("/{resource}/{key}/", self._one, ["GET", "PATCH", "DELETE"]),
            ("/{resource}/{key}/survey_spec/", self._survey, ["GET", "POST"]),
            ("/{resource}/{key}/launch/", self._launch, ["POST"]),
            ("/workflow_job_template_nodes/{key}/create_approval_template/", self._approval, ["POST"]),
            ("/{resource}/{key}/{association}/", self._association, ["GET", "POST"]),
        ]
        return Starlette(routes=[Route(BASE + path, self._handler(does), methods=how) for path, does, how in paths])

    def _handler(self, does: Callable[[Request, Any], Any]) -> Handler:
        async def handler(request: Request) -> Response:
            try:
                self._authenticate(request)
                body = await request.body()
                status, content = does(request, _parsed(body) if request.method in ("POST", "PATCH") else None)
            except Rejection as rejection:
                status, content = rejection.status, rejection.body
            self.requests.append((request.method, request.url.path, status))
            if content is None:
                return Response(status_code=status, headers=HEADERS)
            return JSONResponse(content, status_code=status, headers=HEADERS)

        return handler

    def _authenticate(self, request: Request) -> None:
        if request.headers.get("authorization") != f"Bearer {self.token}":
            raise Rejection({"detail": LOGIN}, 401)

    def _found(self, request: Request) -> tuple[str, int]:
        """The kind of object and its number, which a named URL may stand for."""
        resource = _known(request.path_params["resource"])
        number = self.store.number(resource, request.path_params["key"])
        self.store.find(resource, number)
        return resource, number

    def _list(self, request: Request, body: Any) -> tuple[int, Any]:
        resource = request.path_params["resource"]
        if request.method == "POST":
            _known(resource)
            return 201, self.store.shown(resource, self.store.write(resource, body))
        if resource != "unified_job_templates":
            _known(resource)
        return 200, _page(self.store.listed(resource, dict(request.query_params)))

    def _one(self, request: Request, body: Any) -> tuple[int, Any]:
        resource, number = self._found(request)
        if request.method == "DELETE":
            self.store.delete(resource, number)
            return 204, None
        if request.method == "PATCH":
            self.store.write(resource, body, number)
        return 200, self.store.shown(resource, number)

    def _survey(self, request: Request, body: Any) -> tuple[int, Any]:
        resource, number = self._found(request)
        if "survey_enabled" not in self.store.find(resource, number):
            raise not_found()
        if request.method == "GET":
            return 200, self.store.survey(number)
        surveys.check_spec(body)
        self.store.surveys[number] = body
        return 200, {}

    def _launch(self, request: Request, body: Any) -> tuple[int, Any]:
        resource, number = self._found(request)
        job = max(self.jobs, default=0) + 1
        if resource == "job_templates":
            self.jobs[job], ignored = launching.launch(self.store, number, body)
            # A template with slices starts a workflow with a job for each.
            kind = "workflow_job" if self.jobs[job]["job_slice_count"] > 1 else "job"
        elif resource == "workflow_job_templates":
            variables, ignored = launching.launch_workflow(self.store, number, body)
            self.jobs[job], kind = {"variables": variables}, "workflow_job"
        else:
            raise not_found()
        return 201, {kind: job, "ignored_fields": ignored, **_shown_job(job, kind, "pending")}

    def _job(self, request: Request, body: Any) -> tuple[int, Any]:
        number = request.path_params["job"]
        if number not in self.jobs:
            raise not_found()
        kind = request.url.path.removeprefix(f"{BASE}/").partition("s/")[0]
        return 200, _shown_job(number, kind, self.job_status)

    def _approval(self, request: Request, body: Any) -> tuple[int, Any]:
        made = self.store.create_approval(int(request.path_params["key"]), body)
        return 201, self.store.shown("workflow_approval_templates", made)

    def _association(self, request: Request, body: Any) -> tuple[int, Any]:
        resource, number = self._found(request)
        name = request.path_params["association"]
        if name not in RESOURCES[resource].associations:
            raise not_found()
        if request.method == "POST":
            self.store.associate(resource, number, name, body)
            return 204, None
        held = RESOURCES[resource].associations[name]
        found = [self.store.shown(held, other) for other in self.store.associated(resource, number, name)]
        return 200, _page(found)


def _shown_job(number: int, kind: str, status: str) -> dict[str, Any]:
    ended = status != "pending"
    return {
        "id": number,
        "type": kind,
        "url": f"{BASE}/{kind}s/{number}/",
        "status": status,
        "failed": status not in ("pending", "successful"),
        "elapsed": 1.0,
        "started": "2026-01-01T03:00:00Z",
        "finished": "2026-01-01T03:00:01Z" if ended else None,
        "event_processing_finished": ended,
    }


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
