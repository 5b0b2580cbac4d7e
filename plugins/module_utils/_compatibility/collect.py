# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Collect the responses for a compatibility report: logins and reads only. Private: may change in any release."""

from __future__ import annotations

import dataclasses
from contextlib import closing, suppress

from .._engine.lookup import object_id
from .._errors import AsteraError
from .._http.client import Client
from .._http.exceptions import IS_IT_THERE
from .._http.retry import RETRYABLE_STATUSES
from .._http.transport import Request
from .._resources import cluster, server_config, server_info
from .._resources.deployment import read as deployment
from .._resources.schedule import read as schedule
from .checks import openapi
from .responses import Exchange, NotSeenError, Responses

#: An id that no object has: the last but one of a whole number in .NET.
UNKNOWN_ID = 2**31 - 2
#: Single schedules that are read where the list does not show whole ones.
MAX_SCHEDULES = 20
#: Requests in a row without a response, or with one of ``RETRYABLE_STATUSES``, that end the reading.
MAX_FAILURES = 3
STATUSES = ", ".join(map(str, sorted(RETRYABLE_STATUSES)))
STOPPED = f"not requested, as {MAX_FAILURES} requests in a row had no response, or only one of {STATUSES}"
#: A token that no server has issued: a header, a body without claims, no signature.
INVALID_TOKEN = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.d3Jvbmc"

VALID, NONE, INVALID = "with a token", "without a token", "with an invalid token"
#: Name, path and token of each request. Requests to one endpoint do not follow each other: they may fail alike.
REQUESTS = (
    ("info", server_info.PATH, VALID),
    ("info without token", server_info.PATH, NONE),
    ("config", server_config.PATH, VALID),
    ("cluster", cluster.PATH, VALID),
    ("config without token", server_config.PATH, NONE),
    ("deployments", deployment.LIST_PATH, VALID),
    ("schedules", schedule.LIST_PATH, VALID),
    ("info with invalid token", server_info.PATH, INVALID),
    ("unknown schedule", f"{schedule.PATH}/{UNKNOWN_ID}", VALID),
    ("unknown job", f"/api/Job/{UNKNOWN_ID}/Status", VALID),
)


def collect(client: Client, openapi_path: str | None) -> Responses:
    """Send all requests. AsteraError when the login is rejected, or when no request had a response."""
    places = openapi.places(openapi_path)
    responses = Responses(port=int(client.server_url.rpartition(":")[2]))
    login_error = _log_in(client, responses)
    with closing(_Reader(client, responses, login_error)) as reader:
        for name, path, who in REQUESTS:
            reader.get(name, path, who)
        _reject_invalid_token(client, responses)
        _read_schedules(reader, responses)
        _read_document(reader, responses, places)
        if all(exchange.response is None for exchange in responses.exchanges.values()):
            lost = AsteraError("connection", "no request had a response", hint=IS_IT_THERE)
            raise reader.error or login_error or lost
    return responses


def _log_in(client: Client, responses: Responses) -> AsteraError | None:
    """Log in with and without ``RememberMe``, if there are credentials. The error, if no login succeeded."""
    try:
        for remembered in (True, False) if client.connection.can_log_in else ():
            responses.tokens[remembered] = client.login(remember_me=remembered)
            responses.login = client.login_response
    except AsteraError as error:
        if responses.tokens:
            return None
        # A wrong password is reported at once.
        if error.kind == "auth":
            raise
        return error
    return None


class _Reader:
    """Sends each request, whatever became of the others. It stops at a server that no longer responds."""

    def __init__(self, client: Client, responses: Responses, login_error: AsteraError | None) -> None:
        self._exchanges = responses.exchanges
        self._login_error = login_error
        self._failures = 0
        self.error: AsteraError | None = None
        # The latest token: a login may end the one before it.
        valid = responses.tokens.get(False) or responses.tokens.get(True) or client.connection.token
        tokens = {VALID: valid, NONE: None, INVALID: INVALID_TOKEN}
        # Without username and password: a client that has them logs in again after each 401.
        self._clients = {
            who: Client(
                dataclasses.replace(client.connection, username=None, password=None, token=token),
                check_mode=client.check_mode,
                hidden=client.hidden,
                authenticate=who != NONE,
            )
            for who, token in tokens.items()
        }

    def close(self) -> None:
        for client in self._clients.values():
            client.close()

    def get(self, name: str, path: str, who: str = VALID) -> Exchange:
        """Send a request and keep the exchange."""
        exchange = self._exchanges[name] = Exchange(path, who)
        if self._failures >= MAX_FAILURES:
            exchange.trouble = STOPPED
        elif who == VALID and self._login_error is not None:
            exchange.trouble = f"not requested, as the login failed: {self._login_error.kind}"
        else:
            self._send(exchange)
        return exchange

    def _send(self, exchange: Exchange) -> None:
        try:
            exchange.response = self._clients[exchange.who].ask(Request("GET", exchange.path))
        except AsteraError as error:
            self.error = error
            exchange.trouble = f"no response that can be read: {error.kind}"
            self._failures += error.is_server_wide
        else:
            self._failures = self._failures + 1 if exchange.status in RETRYABLE_STATUSES else 0


def _read_schedules(reader: _Reader, responses: Responses) -> None:
    """Read the first schedule, and more where the list does not show whole ones."""
    with suppress(NotSeenError):
        listed = responses.objects("schedules")
        ids = [found for item in listed if isinstance(found := object_id(item), int)]
        count = 1 if all(map(schedule.is_whole, listed)) else MAX_SCHEDULES
        for index, found in enumerate(ids[:count], 1):
            reader.get(f"schedule {index}", f"{schedule.PATH}/{found}")


def _read_document(reader: _Reader, responses: Responses, places: tuple[str, ...]) -> None:
    for place in places:
        exchange = reader.get(f"{openapi.DOCUMENT} at {place}", place)
        if exchange.status == 200 and openapi.is_document(exchange.json):
            responses.place, responses.document = place, exchange.json
            return


def _reject_invalid_token(client: Client, responses: Responses) -> None:
    """Raise when the server rejected every request with the token: then there is nothing to report."""
    sent = [(one.path, one.response) for one in responses.exchanges.values() if one.who == VALID and one.response]
    if sent and all(response.status == 401 for _path, response in sent):
        raise client.error_of("GET", *sent[0])
