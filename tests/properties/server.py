"""A server in memory in the place of the network: it keeps what it is sent, or returns whatever a test makes up."""

from __future__ import annotations

import contextlib
import copy
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from astera_emulator import schema, shapes

from ansible_collections.astera.data_stack.plugins.module_utils._http.connection import Connection
from ansible_collections.astera.data_stack.plugins.module_utils._http.transport import Request, Response

LOGIN = "/api/account/login"
#: Endpoints that bodies are posted to, with the shapes that the documentation gives them.
SHAPES = {
    LOGIN: shapes.LOGIN,
    "/api/Server/Config": shapes.CONFIG,
    "/api/License/Key": shapes.LICENSE_WRAPPER,
    "/api/Cluster": shapes.CLUSTER,
    "/api/Deployment": shapes.DEPLOYMENT,
    "/api/Schedule": shapes.SCHEDULE,
    "/api/CommandLineProcessor": shapes.JOB_REQUEST,
}
#: More requests than any task with a few objects needs; who sends them goes in circles.
MAX_REQUESTS = 3000
DOCUMENT = {
    "openapi": "3.0.1",
    "paths": {
        f"/api/{noun}/{{id}}": {verb: {"parameters": [{"name": "id", "in": "path", "schema": {"type": "integer"}}]}}
        for noun, verb in (("Deployment", "delete"), ("Schedule", "delete"), ("Job/Terminate", "post"))
    },
}


class Clock:
    """Time that passes only in pauses, each at least as long as all before together: every wait comes to its end."""

    def __init__(self) -> None:
        self.now = 1000.0
        self._step = 0.001

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        assert seconds < 2**33, "time.sleep takes no more"
        self._step *= 2
        self.now += max(seconds, self._step)

    def reset(self) -> None:
        self.__init__()


@dataclass
class Sent:
    method: str
    path: str
    query: dict[str, str] | None
    body: bytes
    content_type: str | None

    @property
    def writes(self) -> bool:
        return self.method != "GET" and self.path != LOGIN


@dataclass(repr=False)
class Server:
    """What it has, what was sent to it, and ``odd``: statuses and texts that it returns instead, by path."""

    config: dict[str, Any] = field(default_factory=lambda: copy.deepcopy(shapes.DEFAULT_CONFIG))
    cluster: dict[str, Any] = field(default_factory=lambda: copy.deepcopy(shapes.DEFAULT_CLUSTER))
    deployments: list[dict[str, Any]] = field(default_factory=list)
    schedules: list[dict[str, Any]] = field(default_factory=list)
    statuses: tuple[str, ...] = ("Completed",)
    document: Any = None
    odd: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    sent: list[Sent] = field(default_factory=list)

    def __repr__(self) -> str:
        """What an example has chosen; the rest is as ever."""
        usual = Server()
        odd = {name: value for name, value in vars(self).items() if value != getattr(usual, name)}
        return f"Server({', '.join(f'{name}={value!r}' for name, value in odd.items())})"

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        printer.text(repr(self))

    def objects(self) -> Iterator[dict[str, Any]]:
        """Every object that a read could have shown."""
        bodies: list[Any] = [self.config, self.cluster, self.deployments, self.schedules]
        for _status, text in (response for odd in self.odd.values() for response in odd):
            with contextlib.suppress(ValueError, RecursionError):
                bodies.append(json.loads(text.removeprefix("\ufeff")))
        for body in bodies:
            yield from (item for item in (body if isinstance(body, list) else [body]) if isinstance(item, dict))

    @property
    def writes(self) -> list[Sent]:
        return [one for one in self.sent if one.writes]

    def send(self, request: Request) -> Response:
        method, path, query, body = request.method, request.path, request.query, request.body
        content = b"" if body is None else body if isinstance(body, bytes) else b"".join(body)
        self.sent.append(Sent(method, path, query, content, request.content_type))
        assert len(self.sent) < MAX_REQUESTS
        status, text = self._odd(path) or self._respond(method, path, content, query)
        return Response(status, "application/json", text, 1)

    def _odd(self, path: str) -> tuple[int, str] | None:
        responses = self.odd.get(kind_of(path))
        if not responses:
            return None
        # The last one goes on for ever.
        return responses.pop(0) if len(responses) > 1 else responses[0]

    def _respond(self, method: str, path: str, content: bytes, query: Any) -> tuple[int, str]:
        if path == "/api/UploadFile":
            return 200, json.dumps(f"C:\\Deployment\\{query['TargetFileName']}.{query['FileTypes'].lower()}")
        if path == "/api/License/Activate":
            return (400, "not empty") if content else (200, "")
        endpoint = getattr(self, f"_{method.lower()}_{kind_of(path)}", None)
        if endpoint is None:
            return 404, ""
        try:
            result = endpoint(path, json.loads(content) if content else None)
        except (AttributeError, TypeError, ValueError):
            # A body or a number that no module but astera_api sends.
            return 400, "nonsense"
        return result if isinstance(result, tuple) else (200, json.dumps(result))

    def _post_login(self, _path: str, _data: Any) -> Any:
        return {"access_token": "a.b.c"}

    def _get_serverinfo(self, _path: str, _data: Any) -> Any:
        return {"serverName": "etl"}

    def _get_config(self, _path: str, _data: Any) -> Any:
        return self.config

    def _post_config(self, _path: str, data: Any) -> Any:
        self.config = data
        return {}

    def _get_cluster(self, _path: str, _data: Any) -> Any:
        return self.cluster

    def _post_cluster(self, _path: str, data: Any) -> Any:
        self.cluster = data
        return {}

    def _get_deployments(self, _path: str, _data: Any) -> Any:
        return self.deployments

    def _get_schedules(self, _path: str, _data: Any) -> Any:
        return self.schedules

    def _get_schedule(self, path: str, _data: Any) -> Any:
        return _with_id(self.schedules, _number(path)) or (404, "")

    def _post_deployment(self, _path: str, data: Any) -> Any:
        return _kept(self.deployments, data, unique=True)

    def _post_schedule(self, _path: str, data: Any) -> Any:
        return _kept(self.schedules, data, unique=False)

    def _delete_deployment(self, path: str, _data: Any) -> Any:
        return _removed(self.deployments, _number(path))

    def _delete_schedule(self, path: str, _data: Any) -> Any:
        return _removed(self.schedules, _number(path))

    def _post_key(self, _path: str, _data: Any) -> Any:
        return {}

    def _post_commandlineprocessor(self, _path: str, _data: Any) -> Any:
        return {"jobId": 1 + sum(one.path.endswith("Processor") for one in self.sent)}

    def _get_status(self, _path: str, _data: Any) -> Any:
        status = self.statuses[0]
        self.statuses = self.statuses[1:] or self.statuses
        return status

    def _get_swagger(self, _path: str, _data: Any) -> Any:
        return (404, "") if self.document is None else self.document

    def _post_terminate(self, _path: str, _data: Any) -> Any:
        self.statuses = ("Terminated",)
        return {}


def kind_of(path: str) -> str:
    """The last name of a path, which distinguishes the endpoints: ``schedule`` for ``/api/Schedule/7``."""
    if "swagger" in path or "openapi" in path:
        return "swagger"
    names = [name for name in path.lower().split("/") if not name.isdigit()]
    return re.sub(r"\W", "_", names[-1])


def _number(path: str) -> int:
    return int(path.rpartition("/")[2])


def value_of(obj: dict[str, Any], name: str) -> Any:
    """The value of a field by its name in any casing; None without it."""
    return next((value for key, value in obj.items() if key.lower() == name.lower()), None)


def _with_id(items: list[dict[str, Any]], number: int) -> dict[str, Any] | None:
    return next((item for item in items if value_of(item, "id") == number), None)


def _removed(items: list[dict[str, Any]], number: int) -> Any:
    items[:] = [item for item in items if value_of(item, "id") != number]
    return {}


def _kept(items: list[dict[str, Any]], data: dict[str, Any], *, unique: bool) -> Any:
    """Create or update, guarded by the version timestamp, as is documented."""
    number = value_of(data, "id")
    old = _with_id(items, number) if number else None
    taken = any(item is not old and value_of(item, "name") == value_of(data, "name") for item in items)
    if (number and old is None) or (unique and taken):
        return 400, "no such id, or a name that is taken"
    if old is not None and value_of(data, "updateDtTm") != value_of(old, "updateDtTm"):
        return 400, "outdated"
    new = dict(data) if old is not None else {**data, "id": 1 + max([0, *(value_of(item, "id") for item in items)])}
    timestamp = next((key for key in new if key.lower() == "updatedttm"), "updateDtTm")
    new[timestamp] = f"{new.get(timestamp) or ''}+"
    if old is None:
        items.append(new)
    else:
        items[items.index(old)] = new
    return {}


class Transport:
    """What the client takes for the network. ``server`` is set for each example."""

    server: Server

    def __init__(self, connection: Connection) -> None:
        self.base_url = connection.server_url

    def send(self, request: Request, _token: str | None = None) -> Response:
        return self.server.send(request)

    def close(self) -> None:
        """Nothing is open."""


def wrong_types(sent: Sent) -> Iterator[tuple[str, Any]]:
    """JSON path and value of each documented field of a posted body that has another type than is documented."""
    shape = SHAPES.get(sent.path)
    if shape is None or not sent.writes:
        return
    body = json.loads(sent.body)
    for path, problem in schema.bind(shape, body)[1].items():
        if "could not be converted" in problem:
            yield path.removeprefix("$."), at(body, path.removeprefix("$."))


def at(value: Any, path: str) -> Any:
    """The value at a JSON path such as ``parameters[0].value``, in any casing; None where there is none."""
    for name in re.findall(r"[^.\[\]]+", path):
        if isinstance(value, list) and name.isdigit():
            value = value[int(name)] if int(name) < len(value) else None
        else:
            value = value_of(value, name) if isinstance(value, dict) else None
    return value
