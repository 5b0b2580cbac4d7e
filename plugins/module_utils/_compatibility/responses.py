# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The responses that a compatibility report is made of. Private: may change in any release."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import Any

from .._data.json_text import parse_json, single_object
from .._data.paths import MISSING
from .._errors import status_phrase
from .._http.retry import RETRYABLE_STATUSES
from .._http.token import jwt_claims
from .._http.transport import Response

NO_LOGIN = "no login with username and password succeeded"


class NotSeenError(Exception):
    """Nothing was received that decides an assumption. The text is the reason."""


@dataclass
class Exchange:
    """One ``GET`` and its response, or in ``trouble`` the reason why there is none. ``who`` is the kind of token."""

    path: str
    who: str
    response: Response | None = None
    trouble: str = ""

    def __str__(self) -> str:
        return f"GET {self.path} {self.who}: {self.trouble or status_phrase(self.status or 0)}"

    @functools.cached_property
    def json(self) -> Any:
        """The data of a response that is JSON, else ``MISSING``."""
        return MISSING if self.response is None else parse_json(self.response.text)

    @property
    def status(self) -> int | None:
        return None if self.response is None else self.response.status


@dataclass
class Responses:
    """All that was received. ``tokens`` are those of the logins, by ``RememberMe``.

    ``place`` is the path where the OpenAPI document was found.
    """

    port: int = 0
    login: Response | None = None
    tokens: dict[bool, str] = field(default_factory=dict)
    exchanges: dict[str, Exchange] = field(default_factory=dict)
    place: str | None = None
    document: dict[str, Any] = field(default_factory=dict)

    def received(self, name: str) -> Exchange:
        """An exchange with a response that is more than a request to come back later."""
        found = self.exchanges.get(name)
        if found is None or found.status is None or found.status in RETRYABLE_STATUSES:
            raise NotSeenError(str(found or "not requested"))
        return found

    def allowed(self, name: str) -> Exchange:
        """The same, if the account has the right: a rejection shows nothing of the endpoint."""
        found = self.received(name)
        if found.status in (401, 403):
            raise NotSeenError(str(found))
        return found

    def data(self, name: str) -> Any:
        """The JSON data of a successful response."""
        found = self.received(name)
        if not 200 <= (found.status or 0) < 300:
            raise NotSeenError(str(found))
        if found.json is MISSING:
            raise NotSeenError(f"{found}, not JSON")
        return found.json

    def object(self, name: str) -> dict[str, Any]:
        """The object of a response, also where it is the only one of a list."""
        found = single_object(self.data(name))
        if found is None:
            raise NotSeenError(f"{self.exchanges[name]}, not an object")
        return found

    def objects(self, name: str) -> list[dict[str, Any]]:
        """The objects of a list, at least one."""
        data = self.data(name)
        found = [item for item in data if isinstance(item, dict)] if isinstance(data, list) else []
        if not found:
            raise NotSeenError(f"{self.exchanges[name]}, not a list with objects")
        return found

    def single_schedules(self) -> list[dict[str, Any]]:
        """The schedules that were read one by one."""
        data = [
            single_object(exchange.json) for name, exchange in self.exchanges.items() if name.startswith("schedule ")
        ]
        return [item for item in data if item is not None]

    def claims(self, remembered: bool) -> dict[str, Any]:
        """The claims of a token."""
        if remembered not in self.tokens:
            raise NotSeenError(NO_LOGIN)
        claims = jwt_claims(self.tokens[remembered])
        if claims is None:
            raise NotSeenError("the token is not a JWT")
        return claims
