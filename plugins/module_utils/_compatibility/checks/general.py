# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Assumptions about TLS and forms of answers. Private: may change in any release."""

from __future__ import annotations

import contextlib

from ..._data.json_text import parse_json
from ..._data.paths import MISSING, field_name, get_field
from ..._http.connection import DEFAULT_PORT
from ..assumption import CONFIRMED, DIFFERS, UNDECIDED, Assumption, Finding, decided, listed
from ..evidence import Evidence, NotSeenError
from ..shapes import safe_name
from .members import DOCUMENTED, any_object, leaves_out_nulls

GENERAL = "In general"


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
                if get_field(obj, name) is not MISSING:
                    cases.add(_casing(field_name(obj, name), name))
    if not cases:
        raise NotSeenError("no object with a documented member was answered")
    return decided(cases == {"camelCase"}, listed(cases))


def _casing(shown: str, documented: str) -> str:
    pascal = documented[:1].upper() + documented[1:]
    return {documented: "camelCase", pascal: "PascalCase"}.get(shown, "another casing")


def _paths_without_case(evidence: Evidence) -> Finding:
    seen = evidence.allowed("cluster in small letters")
    evidence.data("cluster")
    return decided(seen.status == 200, seen.told())


def _nulls(evidence: Evidence) -> Finding:
    obj = evidence.object("cluster")
    shown = [get_field(obj, name) for name in ("pauseServersFrom", "pauseServersTo")]
    if None in shown:
        return Finding(CONFIRMED, "members that are null are shown")
    if leaves_out_nulls(evidence):
        return Finding(DIFFERS, "pauseServersFrom and pauseServersTo are absent")
    return Finding(UNDECIDED, "both times of the pause have a value")


def _errors(evidence: Evidence) -> Finding:
    answer = evidence.allowed("schedule that is none").answer
    if answer is None or answer.status < 400:
        raise NotSeenError("no error was answered to a schedule that does not exist")
    text = answer.text.strip()
    data = parse_json(text)
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
)
