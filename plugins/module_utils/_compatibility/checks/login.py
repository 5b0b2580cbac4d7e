# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of the port, the login and its token. Private: may change in any release."""

from __future__ import annotations

from typing import Callable

from ..._http.connection import DEFAULT_PORT
from ..._http.token import jwt_claims, seconds_in
from ..findings import DIFFERS, Finding, decided
from ..responses import NO_LOGIN, NotSeenError, Responses

THIRTY_DAYS = 30 * 24 * 60 * 60


def port(responses: Responses) -> Finding:
    """Is it the default port?"""
    return decided(responses.port == DEFAULT_PORT, f"port {responses.port}")


def token_expiry(responses: Responses) -> Finding:
    """Does the token hold its expiry?"""
    if not responses.tokens:
        raise NotSeenError(NO_LOGIN)
    claims = jwt_claims(next(iter(responses.tokens.values())))
    if claims is None:
        return Finding(DIFFERS, "the token is not a JWT")
    has_expiry = seconds_in(claims, "exp") is not None
    return decided(has_expiry, "a JWT with exp" if has_expiry else "a JWT without exp")


def token_life(remembered: bool) -> Callable[[Responses], Finding]:
    """A check: does a token live for 30 days?"""

    def check(responses: Responses) -> Finding:
        claims = responses.claims(remembered)
        begin, end = (seconds_in(claims, name) for name in ("iat", "exp"))
        if begin is None or end is None:
            raise NotSeenError("the token lacks iat or exp")
        return decided(end - begin == THIRTY_DAYS, f"{end - begin} s")

    return check


def unauthorized(responses: Responses) -> Finding:
    """Does the server reject requests without a valid token with 401?"""
    found = [responses.received(f"info {token}") for token in ("without token", "with invalid token")]
    return decided(all(exchange.status == 401 for exchange in found), "; ".join(map(str, found)))
