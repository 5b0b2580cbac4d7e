# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The compatibility report with a real server: what was assumed, and what is. Private: may change in any release.

Nothing of what the server says leaves here but what its answers look like, see ``_shapes``.
"""

from __future__ import annotations

from typing import Any

from .._data.paths import MISSING
from .._engine.result import Outcome
from .._http.client import Client
from .._runner.argument_spec import OPENAPI_OPTION, Spec
from .._version import VERSION
from .assumption import VERDICTS, Assumption
from .checks import general as contact_general
from .checks import lists as contact_lists
from .checks import login as contact_login
from .checks import openapi as contact_openapi
from .checks import settings as contact_settings
from .evidence import Evidence, Seen, gather
from .shapes import challenge_form, safe_header, shape_of

SPEC = Spec(options=OPENAPI_OPTION)

#: In the order of docs/server-api.md.
ASSUMPTIONS: tuple[Assumption, ...] = (
    *contact_openapi.ASSUMPTIONS,
    *contact_general.ASSUMPTIONS,
    *contact_login.ASSUMPTIONS,
    *contact_settings.ASSUMPTIONS,
    *contact_lists.ASSUMPTIONS,
)
#: Headers whose values a program makes, and not the one who set it up.
TOLD_HEADERS = (
    "content-type",
    "server",
    "x-powered-by",
    "api-supported-versions",
    "transfer-encoding",
)
MAX_HEADER = 100


def run_info(client: Client, params: dict[str, Any]) -> Outcome:
    """Log in and read; returns ``report``."""
    evidence = gather(client, params.get("openapi_path"))
    judged = [assumption.judged(evidence) for assumption in ASSUMPTIONS]
    hide = client.hidden.redact_deep
    for one in judged:
        one["found"] = hide(one["found"])
    operations = [name for name, _what in contact_openapi.operations_in(evidence.document)]
    report = {
        "collection": VERSION,
        "port": evidence.port,
        "tls": evidence.certificate,
        "summary": {verdict: sum(one["verdict"] == verdict for one in judged) for verdict in VERDICTS},
        "assumptions": judged,
        "answers": hide(list(_answers(evidence))),
        "operations": hide(operations[: contact_openapi.MAX_OPERATIONS]),
    }
    return Outcome(returned={"report": report})


def _answers(evidence: Evidence) -> Any:
    """What each call came to."""
    if evidence.login is not None:
        login = Seen("/api/account/login", "with username and password", evidence.login)
        yield {**_answer("login", login), "method": "POST"}
    for name, seen in evidence.seen.items():
        yield _answer(name, seen)


def _answer(name: str, seen: Seen) -> dict[str, Any]:
    told: dict[str, Any] = {"name": name, "method": "GET", "path": seen.path, "who": seen.who, "status": seen.status}
    if seen.answer is None:
        return {**told, "trouble": seen.trouble}
    headers = {safe_header(header): _told_header(header, value) for header, value in seen.answer.headers.items()}
    is_json = seen.data is not MISSING
    # The document's own shape says nothing that the list of operations does not.
    shape = shape_of(seen.data if is_json else seen.answer.text) if "OpenAPI" not in name else None
    return {**told, "json": is_json, "size": len(seen.answer.text), "headers": headers, "shape": shape}


def _told_header(name: str, value: str) -> str | None:
    if name == "www-authenticate":
        value = challenge_form(value)
    elif name not in TOLD_HEADERS:
        return None
    return value[:MAX_HEADER]
