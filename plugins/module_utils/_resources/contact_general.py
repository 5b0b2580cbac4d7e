# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Assumptions about TLS, forms of answers, and the login. Private: may change in any release."""

from __future__ import annotations

import contextlib
from typing import Any

from .._answers import claims_in, json_in, seconds_in
from .._connection import DEFAULT_PORT
from .._members import MISSING, get_member, member_name
from .._shapes import safe_name
from .contact_assumption import CONFIRMED, DIFFERS, UNDECIDED, Assumption, Finding, decided, listed
from .contact_evidence import Evidence, NotSeenError
from .contact_members import DOCUMENTED, any_object, leaves_out_nulls

GENERAL, LOGIN = "In general", "Login"
#: Names of the claims that a token of version 8 had.
_CLAIM = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
_LONG_CLAIMS = {f"{_CLAIM}{name}" for name in ("nameidentifier", "emailaddress", "name")}
SEEN_CLAIMS = frozenset({"sub", "jti", "iat", "rol", "id", "nbf", "exp", *_LONG_CLAIMS})
THIRTY_DAYS = 30 * 24 * 60 * 60
#: Where the token may stand in the login's answer, the likeliest first.
TOKEN_NAMES = ("access_token", "accessToken", "token", "auth_token")


def _port(evidence: Evidence) -> Finding:
    return decided(evidence.port == DEFAULT_PORT, f"port {evidence.port}")


def _self_signed(evidence: Evidence) -> Finding:
    facts = evidence.certificate
    if "self_signed" not in facts:
        raise NotSeenError(f"{facts.get('tls', 'no TLS was seen')}; {facts.get('trouble', 'no certificate')}")
    signed = "its own issuer" if facts["self_signed"] else "issued by another authority"
    names = listed(f"{count} of kind {kind}" for kind, count in facts["names"].items())
    found = f"{facts['tls']}; {signed}; alternative names: {names}; valid for {facts['days']} days"
    # Somebody may have replaced the one of the fresh server.
    return Finding(CONFIRMED if facts["self_signed"] else UNDECIDED, found)


def _web_server(evidence: Evidence) -> Finding:
    calls = (evidence.seen.get(name) for name in ("info", "info without token"))
    names = [seen.answer.headers.get("server") for seen in calls if seen is not None and seen.answer is not None]
    if not names:
        raise NotSeenError("no answer")
    if not any(names):
        return Finding(UNDECIDED, "no header Server")
    return decided(all("kestrel" in str(name).lower() for name in names), f"Server: {str(names[0])[:60]}")


def _camel_case(evidence: Evidence) -> Finding:
    cases = set()
    for kind, names in DOCUMENTED.items():
        with contextlib.suppress(NotSeenError):
            obj = any_object(evidence, kind)
            for path in names:
                name = path.partition(".")[0]
                if get_member(obj, name) is not MISSING:
                    cases.add(_casing(member_name(obj, name), name))
    if not cases:
        raise NotSeenError("no object with a documented member was answered")
    return decided(cases == {"camelCase"}, listed(cases))


def _casing(shown: str, documented: str) -> str:
    pascal = documented[:1].upper() + documented[1:]
    return {documented: "camelCase", pascal: "PascalCase"}.get(shown, "another casing")


def _paths_without_case(evidence: Evidence) -> Finding:
    seen = evidence.call("cluster in small letters")
    evidence.data("cluster")
    return decided(seen.status == 200, seen.told())


def _nulls(evidence: Evidence) -> Finding:
    obj = evidence.object("cluster")
    shown = [get_member(obj, name) for name in ("pauseServersFrom", "pauseServersTo")]
    if None in shown:
        return Finding(CONFIRMED, "members that are null are shown")
    if leaves_out_nulls(evidence):
        return Finding(DIFFERS, "pauseServersFrom and pauseServersTo are absent")
    return Finding(UNDECIDED, "both times of the pause have a value")


def _errors(evidence: Evidence) -> Finding:
    answer = evidence.call("schedule that is none").answer
    if answer is None or answer.status < 400:
        raise NotSeenError("no error was answered to a schedule that does not exist")
    text = answer.text.strip()
    data = json_in(text)
    form = "plain text"
    if not text:
        form = "empty"
    elif isinstance(data, dict):
        form = f"a JSON object with {listed(map(safe_name, data))}"
    elif data is not MISSING:
        form = "JSON, but no object"
    elif text.startswith("<"):
        form = "a page"
    return decided(form == "plain text", f"{form}, {answer.content_type or 'no content type'}")


def _token_key(evidence: Evidence) -> Finding:
    data = _login_data(evidence)
    if not isinstance(data, dict):
        return Finding(DIFFERS, "the answer is no object but a text")
    name = next((name for name in TOKEN_NAMES if isinstance(get_member(data, name), str)), "")
    return decided(member_name(data, name) == TOKEN_NAMES[0], f"the token is in {member_name(data, name)}")


def _login_members(evidence: Evidence) -> Finding:
    data = _login_data(evidence)
    others = [safe_name(name) for name in data if name not in TOKEN_NAMES] if isinstance(data, dict) else []
    return decided(others, f"beside the token: {listed(others)}")


def _login_data(evidence: Evidence) -> Any:
    if evidence.login is None:
        raise NotSeenError("there was no login with username and password that succeeded")
    return json_in(evidence.login.text)


def _is_jwt(evidence: Evidence) -> Finding:
    token = next(iter(evidence.tokens.values()), None)
    if token is None:
        raise NotSeenError("there was no login with username and password that succeeded")
    if claims_in(token) is None:
        return Finding(DIFFERS, "it cannot be read as a JWT")
    return decided(seconds_in(evidence.claims(True), "exp") is not None, "a JWT")


def _claims(evidence: Evidence) -> Finding:
    names = set(evidence.claims(True))
    if names == SEEN_CLAIMS:
        return Finding(CONFIRMED, "the names of the ten claims are those seen with version 8")
    further, missing = (listed(map(safe_name, some)) for some in (names - SEEN_CLAIMS, SEEN_CLAIMS - names))
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


def _refused(name: str) -> Any:
    def judge(evidence: Evidence) -> Finding:
        seen = evidence.call(name)
        answer = seen.answer
        if answer is None or seen.status != 401:
            return Finding(DIFFERS, seen.told())
        body = "an empty body" if not answer.text.strip() else "a body"
        scheme = answer.headers.get("www-authenticate", "").partition(" ")[0]
        is_usual = body == "an empty body" and scheme.lower() == "bearer"
        return decided(
            is_usual,
            f"401 with {body} and {f'WWW-Authenticate: {safe_name(scheme)}' if scheme else 'no WWW-Authenticate'}",
        )

    return judge


ASSUMPTIONS = (
    Assumption(
        "port",
        GENERAL,
        "documented",
        "The server listens on port 9261.",
        "Name the port in server_url. Tell us which release it is, so that the hint in errors can say so.",
        _port,
    ),
    Assumption(
        "certificate",
        GENERAL,
        "inferred",
        "The certificate of a fresh server is self-signed.",
        "Nothing changes: certificates are checked in any case, and errors name the cure.",
        _self_signed,
    ),
    Assumption(
        "web-server",
        GENERAL,
        "inferred",
        "The server is built on ASP.NET Core, whose web server calls itself Kestrel.",
        "What was inferred from the habits of ASP.NET Core (forms of errors, limits, casing) is less sure.",
        _web_server,
    ),
    Assumption(
        "casing",
        GENERAL,
        "inferred",
        "Names in answers are camelCase.",
        "Nothing changes: names are read in any casing and sent back as they came.",
        _camel_case,
    ),
    Assumption(
        "path-case",
        GENERAL,
        "inferred",
        "Paths are taken without regard to case.",
        "Nothing changes: paths are sent as they are documented.",
        _paths_without_case,
    ),
    Assumption(
        "nulls",
        GENERAL,
        "unknown",
        "Members that are null stand in answers.",
        "Nothing changes: an absent member counts as null.",
        _nulls,
    ),
    Assumption(
        "error-body",
        GENERAL,
        "unknown",
        "The body of an error is plain text.",
        "Nothing changes for the forms that are read (text, JSON, pages). For any other, errors would quote little.",
        _errors,
    ),
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
        "Nothing changes: they are not used.",
        _login_members,
    ),
    Assumption(
        "token-form",
        LOGIN,
        "seen",
        "The token is a JWT that says when it expires.",
        "expires_at of astera_login is null; all else works.",
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
        "With another status than 401, modules would not log in again when a token has expired: please report it.",
        _refused("info without token"),
    ),
    Assumption(
        "wrong-token",
        LOGIN,
        "inferred",
        "A call with a token that is none answers the same.",
        "With another status than 401, modules would not log in again when a token has expired: please report it.",
        _refused("info with wrong token"),
    ),
)
