# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Collect the responses for a compatibility report: logins and reads only. Private: may change in any release."""

from __future__ import annotations

import dataclasses
from contextlib import closing, suppress
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
#: A token that no server has issued: a header, a body without claims, no signature.
INVALID_TOKEN = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.d3Jvbmc"

VALID, NONE, INVALID = "with a token", "without a token", "with an invalid token"
#: Name, path and token of each request. The id of the job is one that no job has.
REQUESTS = (
    ("config", server_config.PATH, VALID),
    ("config without token", server_config.PATH, NONE),
    ("info with invalid token", server_info.PATH, INVALID),
    ("cluster", cluster.PATH, VALID),
    ("deployments", deployment.LIST_PATH, VALID),
    ("schedules", schedule.LIST_PATH, VALID),
    ("unknown job", "/api/Job/2147483646/Status", VALID),
)


class NotSeenError(Exception):
    """Nothing was received that decides an assumption. The text is the reason."""


@dataclass(frozen=True)
class Exchange:
    """A request and its response. ``who`` is the kind of token, ``data`` the JSON or the text of the response.

    ``status`` is the kind of the error where no response could be read.
    """

    path: str
    who: str
    status: int | str
    data: Any = None
    method: str = "GET"

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.who}: {self.status}"

    @property
    def objects(self) -> list[dict[str, Any]]:
        """The objects of a successful response: one, or those of a list."""
        items = self.data if isinstance(self.data, list) else [self.data]
        return [item for item in items if isinstance(item, dict)] if self.status == 200 else []


@dataclass
class Responses:
    """All that was received: tokens by ``RememberMe``, exchanges by name, those for the OpenAPI document."""

    tokens: dict[bool, str]
    exchanges: dict[str, Exchange]
    documents: list[Exchange]

    def received(self, name: str) -> Exchange:
        """An exchange with a response that is more than a request to come back later, or a fault."""
        found = self.exchanges.get(name)
        if found is None:
            raise NotSeenError("not requested")
        if isinstance(found.status, str) or found.status == 429 or found.status >= 500:
            raise NotSeenError(str(found))
        return found

    def allowed(self, name: str) -> Exchange:
        """The same, if the account has the right: a rejection shows nothing of the endpoint."""
        found = self.received(name)
        if found.status in (401, 403):
            raise NotSeenError(str(found))
        return found

    def objects(self, name: str) -> list[dict[str, Any]]:
        """The objects of an endpoint, at least one."""
        exchange = self.allowed(name)
        if not exchange.objects:
            raise NotSeenError(f"{exchange}, without an object")
        return exchange.objects

    @property
    def schedules(self) -> list[dict[str, Any]]:
        """The schedules of the list and of single reads, at least one."""
        singles = [exchange for name, exchange in self.exchanges.items() if name.startswith("schedule ")]
        return [*self.objects("schedules"), *(item for exchange in singles for item in exchange.objects)]


def collect(client: Client, openapi_path: str | None) -> Responses:
    """Send all requests. AsteraError when the login or the token is rejected, or the server does not respond."""
    places = openapi.places(openapi_path)
    responses = Responses({}, {}, [])
    if client.connection.can_log_in:
        _log_in(client, responses)
    response = client.ask(Request("GET", server_info.PATH))
    if response.status == 401:
        raise client.error_of("GET", server_info.PATH, response)
    responses.exchanges["info"] = _exchange(server_info.PATH, VALID, response)
    # The latest token: a login may end the one before it.
    valid = responses.tokens.get(False) or responses.tokens.get(True) or client.connection.token
    tokens = {VALID: valid, NONE: None, INVALID: INVALID_TOKEN}
    for name, path, who in REQUESTS:
        responses.exchanges[name] = _read(client, path, who, tokens[who])
    for index, found in enumerate(_ids_of_schedules(responses), 1):
        responses.exchanges[f"schedule {index}"] = _read(client, f"{schedule.PATH}/{found}", VALID, valid)
    for place in places:
        responses.documents.append(_read(client, place, VALID, valid))
        if openapi.is_document(responses.documents[-1].data):
            break
    return responses


def _log_in(client: Client, responses: Responses) -> None:
    """Log in with and without ``RememberMe``. Only the first login must succeed."""
    responses.tokens[True] = client.login()
    if client.login_response is not None:
        login = _exchange(LOGIN, "with username and password", client.login_response)
        responses.exchanges["login"] = dataclasses.replace(login, method="POST")
    with suppress(AsteraError):
        responses.tokens[False] = client.login(remember_me=False)


def _exchange(path: str, who: str, response: Response) -> Exchange:
    return Exchange(path, who, response.status, decoded(response.text))


def _read(client: Client, path: str, who: str, token: str | None) -> Exchange:
    """Send one request once, with just this token: a client with a password would log in again after each 401."""
    connection = dataclasses.replace(client.connection, username=None, password=None, token=token)
    reader = Client(connection, check_mode=client.check_mode, redactor=client.redactor, authenticate=token is not None)
    with closing(reader):
        try:
            return _exchange(path, who, reader.ask(Request("GET", path, timeout=client.connection.request_timeout)))
        except AsteraError as error:
            return Exchange(path, who, error.kind)


def _ids_of_schedules(responses: Responses) -> list[int]:
    """The first schedule, and more where the list does not show whole ones."""
    listed = responses.exchanges["schedules"].objects
    ids = [found for item in listed if isinstance(found := object_id(item), int)]
    return ids[: 1 if all(map(schedule.is_whole, listed)) else MAX_SCHEDULES]
