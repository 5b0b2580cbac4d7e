# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Collect the responses for a compatibility report: a login and reads only. Private: may change in any release."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .._data.json_text import decoded
from .._engine.lookup import object_id
from .._errors import AsteraError
from .._http import openapi
from .._http.client import LOGIN, Client
from .._http.transport import Request, Response
from .._resources import cluster, server_config, server_info
from .._resources.deployment import read as deployment
from .._resources.schedule import read as schedule

#: Single schedules that are read where the list does not show whole ones.
MAX_SCHEDULES = 20
#: Name and path of each read after the first. The id of the job is one that no job has.
REQUESTS = (
    ("config", server_config.PATH),
    ("cluster", cluster.PATH),
    ("deployments", deployment.LIST_PATH),
    ("schedules", schedule.LIST_PATH),
    ("unknown job", "/api/Job/2147483646/Status"),
)


class NotSeenError(Exception):
    """Nothing was received that decides an assumption. The text is the reason."""


@dataclass(frozen=True)
class Exchange:
    """A request and its response. ``data`` is the JSON or the text of the response.

    ``status`` is the kind of the error where no response could be read.
    """

    path: str
    status: int | str
    data: Any = None
    method: str = "GET"

    def __str__(self) -> str:
        return f"{self.method} {self.path}: {self.status}"

    @property
    def objects(self) -> list[dict[str, Any]]:
        """The objects of a successful response: one, or those of a list."""
        items = self.data if isinstance(self.data, list) else [self.data]
        return [item for item in items if isinstance(item, dict)] if self.status == 200 else []


@dataclass
class Responses:
    """All that was received: exchanges by name, and those for the OpenAPI document."""

    exchanges: dict[str, Exchange]
    documents: list[Exchange]

    def received(self, name: str) -> Exchange:
        """An exchange that shows something of the endpoint: no fault, no lack of rights, no request to come later."""
        found = self.exchanges.get(name)
        if found is None or isinstance(found.status, str) or found.status in (401, 403, 429) or found.status >= 500:
            raise NotSeenError(str(found or "not requested"))
        return found

    def objects(self, name: str) -> list[dict[str, Any]]:
        """The objects of an endpoint, at least one."""
        exchange = self.received(name)
        if not exchange.objects:
            raise NotSeenError(f"{exchange}, without an object")
        return exchange.objects


def collect(client: Client, openapi_path: str | None) -> Responses:
    """Send all requests. AsteraError when the login or the token is rejected, or the server does not respond."""
    places = openapi.places(openapi_path)
    responses = Responses({}, [])
    response = client.ask(Request("GET", server_info.PATH))
    if response.status == 401:
        raise client.error_of("GET", server_info.PATH, response)
    if client.login_response is not None:
        responses.exchanges["login"] = _exchange("POST", LOGIN, client.login_response)
    responses.exchanges["info"] = _exchange("GET", server_info.PATH, response)
    for name, path in REQUESTS:
        responses.exchanges[name] = _read(client, path)
    for index, found in enumerate(_ids_of_schedules(responses), 1):
        responses.exchanges[f"schedule {index}"] = _read(client, f"{schedule.PATH}/{found}")
    for place in places:
        responses.documents.append(_read(client, place))
        if openapi.is_document(responses.documents[-1].data):
            break
    return responses


def _exchange(method: str, path: str, response: Response) -> Exchange:
    return Exchange(path, response.status, decoded(response.text), method)


def _read(client: Client, path: str) -> Exchange:
    """Send one request, which is not retried."""
    try:
        return _exchange("GET", path, client.ask(Request("GET", path, timeout=client.connection.request_timeout)))
    except AsteraError as error:
        return Exchange(path, error.kind)


def _ids_of_schedules(responses: Responses) -> list[int]:
    """The first schedule, and more where the list does not show whole ones."""
    listed = responses.exchanges["schedules"].objects
    ids = [found for item in listed if isinstance(found := object_id(item), int)]
    return ids[: 1 if all(map(schedule.is_whole, listed)) else MAX_SCHEDULES]
