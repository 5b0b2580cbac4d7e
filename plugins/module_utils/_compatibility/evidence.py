# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a compatibility report asks of a server: a login and reads, nothing else. Private: may change in any release."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .._data.json_text import parse_json, single_object
from .._data.paths import MISSING
from .._engine.lookup import object_id
from .._errors import AsteraError, status_phrase
from .._http.client import Client
from .._http.connection import Connection
from .._http.openapi import is_document, places
from .._http.retry import RETRYABLE_STATUSES
from .._http.token import jwt_claims
from .._http.transport import Response
from .._resources import cluster, server_config, server_info
from .._resources.deployment import read as deployment
from .._resources.schedule import read as schedule

#: An id that surely nothing has: the last but one of a whole number in .NET.
NO_SUCH = 2**31 - 2
#: Single schedules that are read where the list does not show whole ones.
MAX_SCHEDULES = 20
#: Calls in a row that got no answer, or were only put off, before nothing more is asked.
MAX_SILENT = 3
#: Why nothing more is asked. What was put off tells nothing, and a server that is asked too often is left alone.
PUT_OFF = ", ".join(map(str, sorted(RETRYABLE_STATUSES)))
STOPPED = f"not asked, as {MAX_SILENT} calls in a row had no answer, or only one of {PUT_OFF}"
#: A token that no server has given: the header, a body without claims, no signature.
WRONG_TOKEN = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.d3Jvbmc"

ACCOUNT, NOBODY, STRANGER = "with a token", "without a token", "with a wrong token"
#: Name of a call, its path, and as whom it is made.
#: Calls that may meet the same silence do not follow one another.
CALLS = (
    ("info", server_info.PATH, ACCOUNT),
    ("info without token", server_info.PATH, NOBODY),
    ("config", server_config.PATH, ACCOUNT),
    ("cluster", cluster.PATH, ACCOUNT),
    ("config without token", server_config.PATH, NOBODY),
    ("deployments", deployment.LIST_PATH, ACCOUNT),
    ("schedules", schedule.LIST_PATH, ACCOUNT),
    ("info with wrong token", server_info.PATH, STRANGER),
    ("schedule that is none", f"{schedule.PATH}/{NO_SUCH}", ACCOUNT),
    ("cluster in small letters", cluster.PATH.lower(), ACCOUNT),
    ("job that is none", f"/api/Job/{NO_SUCH}/Status", ACCOUNT),
)


class NotSeenError(Exception):
    """What would decide was not answered, or not in a form that can be read."""


@dataclass
class Seen:
    """One call and what came of it: an answer, or the trouble that prevented one."""

    path: str
    who: str
    answer: Response | None = None
    trouble: str = ""

    @functools.cached_property
    def data(self) -> Any:
        """The data of an answer that is JSON, else ``MISSING``."""
        return MISSING if self.answer is None else parse_json(self.answer.text)

    @property
    def status(self) -> int | None:
        return None if self.answer is None else self.answer.status

    def told(self) -> str:
        """What happened, for a report."""
        return f"GET {self.path} {self.who}: {self.trouble or status_phrase(self.status or 0)}"


@dataclass
class Evidence:
    """All that was seen. ``tokens`` are kept by whether they were to be remembered."""

    port: int = 0
    certificate: dict[str, Any] = field(default_factory=dict)
    seen: dict[str, Seen] = field(default_factory=dict)
    login: Response | None = None
    tokens: dict[bool, str] = field(default_factory=dict)
    singles: list[dict[str, Any]] = field(default_factory=list)
    place: str | None = None
    document: dict[str, Any] = field(default_factory=dict)

    def call(self, name: str) -> Seen:
        """A call that was answered."""
        seen = self.seen.get(name)
        if seen is None or seen.answer is None:
            raise NotSeenError(seen.told() if seen else "not asked for")
        return seen

    def settled(self, name: str) -> Seen:
        """A call that was answered, and not only put off."""
        seen = self.call(name)
        if seen.status in RETRYABLE_STATUSES:
            raise NotSeenError(seen.told())
        return seen

    def allowed(self, name: str) -> Seen:
        """A call that was neither put off nor refused: of what lies behind it, a refusal tells nothing."""
        seen = self.settled(name)
        if seen.status in (401, 403):
            raise NotSeenError(seen.told())
        return seen

    def data(self, name: str) -> Any:
        """The data of a call that succeeded."""
        seen = self.call(name)
        if not 200 <= (seen.status or 0) < 300:
            raise NotSeenError(seen.told())
        if seen.data is MISSING:
            raise NotSeenError(f"GET {seen.path}: the answer is no JSON")
        return seen.data

    def object(self, name: str) -> dict[str, Any]:
        """An object that was answered, perhaps as the only one of a list."""
        found = single_object(self.data(name))
        if found is None:
            raise NotSeenError(f"GET {self.seen[name].path}: the answer is no object")
        return found

    def objects(self, name: str) -> list[dict[str, Any]]:
        """The objects of a list, at least one."""
        data = self.data(name)
        found = [item for item in data if isinstance(item, dict)] if isinstance(data, list) else []
        if not found:
            raise NotSeenError(f"GET {self.seen[name].path}: the list holds no object")
        return found

    def claims(self, remembered: bool) -> dict[str, Any]:
        """The claims of a token."""
        if remembered not in self.tokens:
            raise NotSeenError("there was no login with username and password that succeeded")
        claims = jwt_claims(self.tokens[remembered])
        if claims is None:
            raise NotSeenError("the token is no JWT that can be read")
        return claims


def gather(client: Client, openapi_path: str | None) -> Evidence:
    """Ask all there is to ask. AsteraError when the login is refused, or when nothing at all was answered."""
    wanted = places(openapi_path)
    evidence = Evidence(port=int(client.server_url.rpartition(":")[2]), certificate=client.certificate())
    trouble = _log_in(client, evidence)
    with _Asker(client, evidence, trouble) as asker:
        for name, path, who in CALLS:
            asker.get(name, path, who)
        _ask_for_schedules(asker, evidence)
        _ask_for_document(asker, evidence, wanted)
        if all(seen.answer is None for seen in evidence.seen.values()):
            raise asker.last or trouble or AsteraError("connection", "the server answered nothing")
    _refuse_dead_token(client, evidence)
    return evidence


def _refuse_dead_token(client: Client, evidence: Evidence) -> None:
    """Raise when every call with the token was refused: then there is nothing to report on."""
    asked = [(seen.path, seen.answer) for seen in evidence.seen.values() if seen.who == ACCOUNT]
    answers = [(path, answer) for path, answer in asked if answer is not None]
    if answers and all(answer.status == 401 for _path, answer in answers):
        raise client.error_of("GET", *answers[0])


def _log_in(client: Client, evidence: Evidence) -> AsteraError | None:
    """Log in twice, if there are credentials: first for a token that is not to be remembered."""
    if not client.connection.can_log_in:
        return None
    trouble = None
    for remembered in (False, True):
        trouble = _login_trouble(client, evidence, remembered)
        if trouble is not None and trouble.status is None:
            break
    return trouble


def _login_trouble(client: Client, evidence: Evidence, remembered: bool) -> AsteraError | None:
    try:
        evidence.tokens[remembered] = client.login(remember_me=remembered)
    except AsteraError as error:
        # Whoever gave the wrong password wants to know at once.
        if error.kind == "auth":
            raise
        return error
    evidence.login = client.login_answer
    return None


class _Asker:
    """Makes the calls, each on its own: that one fails says nothing of the next. A silent server is left alone."""

    def __init__(self, client: Client, evidence: Evidence, trouble: AsteraError | None) -> None:
        self._evidence = evidence
        self._silent = 0
        self._without_login = trouble
        self.last: AsteraError | None = None
        token = evidence.tokens.get(True) or evidence.tokens.get(False) or client.connection.token
        self._clients = {
            # Without credentials: a client that has them logs in again at each refusal.
            ACCOUNT: _with_token(client, token),
            NOBODY: _another(client, client.connection, authenticate=False),
            STRANGER: _with_token(client, WRONG_TOKEN),
        }

    def __enter__(self) -> _Asker:
        return self

    def __exit__(self, *unused: object) -> None:
        for client in self._clients.values():
            client.close()

    def get(self, name: str, path: str, who: str = ACCOUNT) -> Seen:
        """Make a call and keep what came of it."""
        seen = self._evidence.seen[name] = Seen(path, who)
        if self._silent >= MAX_SILENT:
            seen.trouble = STOPPED
        elif who == ACCOUNT and self._without_login is not None:
            seen.trouble = f"not asked, as the login failed: {self._without_login.kind}"
        else:
            self._ask(seen)
        return seen

    def _ask(self, seen: Seen) -> None:
        try:
            seen.answer = self._clients[seen.who].ask("GET", seen.path)
        except AsteraError as error:
            self.last = error
            seen.trouble = f"no answer that could be read: {error.kind}"
            self._silent += error.is_server_wide
        else:
            self._silent = self._silent + 1 if seen.status in RETRYABLE_STATUSES else 0


def _with_token(client: Client, token: str | None) -> Client:
    return _another(client, dataclasses.replace(client.connection, username=None, password=None, token=token))


def _another(client: Client, connection: Connection, **how: Any) -> Client:
    return Client(connection, check_mode=client.check_mode, hidden=client.hidden, **how)


def _ask_for_schedules(asker: _Asker, evidence: Evidence) -> None:
    """Read the first schedule, and where the list does not show whole ones, some more."""
    with contextlib.suppress(NotSeenError):
        listed = evidence.objects("schedules")
        numbers = [number for item in listed if isinstance(number := object_id(item), int)]
        wanted = 1 if all(map(schedule.is_whole, listed)) else MAX_SCHEDULES
        for index, number in enumerate(numbers[:wanted], 1):
            asker.get(f"schedule {index}", f"{schedule.PATH}/{number}")
            with contextlib.suppress(NotSeenError):
                evidence.singles.append(evidence.object(f"schedule {index}"))


def _ask_for_document(asker: _Asker, evidence: Evidence, wanted: tuple[str, ...]) -> None:
    """Look for the OpenAPI document, first without a token."""
    for place in wanted:
        for who in (NOBODY, ACCOUNT):
            seen = asker.get(f"OpenAPI at {place} {who}", place, who)
            if seen.status == 200 and is_document(seen.data):
                evidence.place, evidence.document = place, seen.data
                return


def documents_asked_for(evidence: Evidence) -> Iterator[Seen]:
    """The calls for the OpenAPI document."""
    return (seen for name, seen in evidence.seen.items() if name.startswith("OpenAPI at"))
