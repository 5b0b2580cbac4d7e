# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Assumptions about the login and its token. Private: may change in any release."""

from __future__ import annotations

from typing import Any

from ..._data.json_text import parse_json
from ..._data.paths import field_name
from ..._http.token import TOKEN_NAMES, jwt_claims, seconds_in, token_field
from ..assumption import CONFIRMED, DIFFERS, Assumption, Finding, decided, listed
from ..evidence import Evidence, NotSeenError, Seen
from ..shapes import safe_claim, safe_header, safe_name

LOGIN = "Login"
#: Names of the claims that a token of version 8 had.
_CLAIM = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
_LONG_CLAIMS = {f"{_CLAIM}{name}" for name in ("nameidentifier", "emailaddress", "name")}
SEEN_CLAIMS = frozenset({"sub", "jti", "iat", "rol", "id", "nbf", "exp", *_LONG_CLAIMS})
THIRTY_DAYS = 30 * 24 * 60 * 60


def _token_key(evidence: Evidence) -> Finding:
    data = _login_data(evidence)
    if not isinstance(data, dict):
        return Finding(DIFFERS, "the answer is no object but a text")
    name = token_field(data) or ""
    return decided(field_name(data, name) == TOKEN_NAMES[0], f"the token is in {field_name(data, name)}")


def _login_members(evidence: Evidence) -> Finding:
    data = _login_data(evidence)
    names = {name.lower() for name in TOKEN_NAMES}
    others = [safe_name(name) for name in data if name.lower() not in names] if isinstance(data, dict) else []
    return decided(others, f"beside the token: {listed(others)}")


def _login_data(evidence: Evidence) -> Any:
    if evidence.login is None:
        raise NotSeenError("there was no login with username and password that succeeded")
    return parse_json(evidence.login.text)


def _is_jwt(evidence: Evidence) -> Finding:
    token = next(iter(evidence.tokens.values()), None)
    if token is None:
        raise NotSeenError("there was no login with username and password that succeeded")
    if jwt_claims(token) is None:
        return Finding(DIFFERS, "it cannot be read as a JWT")
    return decided(seconds_in(evidence.claims(True), "exp") is not None, "a JWT")


def _claims(evidence: Evidence) -> Finding:
    names = set(evidence.claims(True))
    if names == SEEN_CLAIMS:
        return Finding(CONFIRMED, "the names of the ten claims are those seen with version 8")
    further, missing = (listed(map(safe_claim, some)) for some in (names - SEEN_CLAIMS, SEEN_CLAIMS - names))
    return Finding(DIFFERS, f"further claims: {further}; missing: {missing}")


def _life(evidence: Evidence, remembered: bool) -> int:
    claims = evidence.claims(remembered)
    begin, end = (seconds_in(claims, name) for name in ("iat", "exp"))
    if begin is None or end is None:
        raise NotSeenError("the token does not say from when to when it is valid")
    return end - begin


def _remembered(evidence: Evidence) -> Finding:
    life = _life(evidence, True)
    return decided(life == THIRTY_DAYS, f"{life} s")


def _unremembered(evidence: Evidence) -> Finding:
    life, other = _life(evidence, False), _life(evidence, True)
    return decided(life == other, f"{life} s, and {other} s with RememberMe")


def _refusal(seen: Seen) -> tuple[str, str]:
    """What the body of a refusal is, and the scheme in its header."""
    answer = seen.answer
    text, headers = (answer.text, answer.headers) if answer is not None else ("", {})
    words = headers.get("www-authenticate", "").replace(",", " ").split()
    return "a body" if text.strip() else "an empty body", safe_header(words[0]) if words else ""


def _told_refusal(body: str, scheme: str) -> str:
    return f"401 with {body} and {f'WWW-Authenticate: {scheme}' if scheme else 'no WWW-Authenticate'}"


def _without_token(evidence: Evidence) -> Finding:
    seen = evidence.settled("info without token")
    if seen.status != 401:
        return Finding(DIFFERS, seen.told())
    body, scheme = _refusal(seen)
    return decided(body == "an empty body" and scheme.lower() == "bearer", _told_refusal(body, scheme))


def _with_wrong_token(evidence: Evidence) -> Finding:
    seen = evidence.settled("info with wrong token")
    if seen.status != 401:
        return Finding(DIFFERS, seen.told())
    other = evidence.settled("info without token")
    told = _told_refusal(*_refusal(seen))
    if other.status != 401:
        return Finding(DIFFERS, f"{told}; {other.told()}")
    without = _told_refusal(*_refusal(other))
    return decided(told == without, told if told == without else f"{told}; without a token {without}")


ASSUMPTIONS = (
    Assumption(
        "token-key",
        LOGIN,
        "seen",
        "The token stands in the login's answer as access_token.",
        "Nothing changes for the other names that are read: accessToken, token, auth_token, and a bare text.",
        _token_key,
    ),
    Assumption(
        "login-members",
        LOGIN,
        "documented",
        "Beside the token the login's answer holds facts about the user.",
        "Nothing changes: only expires_in is used, where the token itself does not show when it expires.",
        _login_members,
    ),
    Assumption(
        "token-form",
        LOGIN,
        "seen",
        "The token is a JWT that says when it expires.",
        "expires_at of astera_login comes from expires_in of the login's response, or is null; all else works.",
        _is_jwt,
    ),
    Assumption(
        "token-claims",
        LOGIN,
        "seen",
        "The token holds the claims that one of version 8 held.",
        "Nothing changes: only the expiry is read.",
        _claims,
    ),
    Assumption(
        "token-life",
        LOGIN,
        "seen",
        "With RememberMe a token lives for 30 days.",
        "Nothing changes: when a token is refused, modules with username and password log in again. A token that is "
        "handed on must be fresher than its life.",
        _remembered,
    ),
    Assumption(
        "token-life-unremembered",
        LOGIN,
        "unknown",
        "Without RememberMe a token lives as long.",
        "Keep remember_me of astera_login on where a play takes long.",
        _unremembered,
    ),
    Assumption(
        "no-token",
        LOGIN,
        "inferred",
        "A call without a token answers 401, with an empty body and WWW-Authenticate: Bearer.",
        "With another status than 401, modules would not log in again when a token has expired: please report it. "
        "Another form changes nothing.",
        _without_token,
    ),
    Assumption(
        "wrong-token",
        LOGIN,
        "inferred",
        "A call with a token that is none answers 401 too, as one without a token does.",
        "With another status than 401, modules would not log in again when a token has expired: please report it. "
        "Another form changes nothing.",
        _with_wrong_token,
    ),
)
