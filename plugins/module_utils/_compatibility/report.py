# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare a server with what the collection assumes of it. Private: may change in any release.

The values of the server's responses stay here, see ``shapes``.
"""

from __future__ import annotations

from typing import Any

from .._engine.result import Result
from .._http.client import Client
from .._http.openapi import is_document
from .._runner.argument_spec import OPENAPI_OPTION, Spec
from .._version import VERSION
from .assumptions import ASSUMPTIONS, Assumption
from .checks import operations_in
from .collect import Exchange, NotSeenError, Responses, collect
from .shapes import shape_of

SPEC = Spec(options=OPENAPI_OPTION)
CONFIRMED, DIFFERS, NOT_SEEN = VERDICTS = ("confirmed", "differs", "not_seen")


def run_info(client: Client, params: dict[str, Any]) -> Result:
    """Read; returns ``report``."""
    responses = collect(client, params.get("openapi_path"))
    redacted = client.redactor.redact_deep
    judged = [judge(assumption, responses) for assumption in ASSUMPTIONS]
    answers = [{**_described(exchange), "shape": shape_of(exchange.data)} for exchange in responses.exchanges.values()]
    # The shape of the OpenAPI document shows no more than the list of operations.
    answers += map(_described, responses.documents)
    document = responses.documents[-1].data
    report = {
        "collection": VERSION,
        "port": int(client.server_url.rpartition(":")[2]),
        "summary": {verdict: sum(row["verdict"] == verdict for row in judged) for verdict in VERDICTS},
        "assumptions": redacted(judged),
        "answers": redacted(answers),
        "operations": redacted(list(operations_in(document)) if is_document(document) else []),
    }
    return Result(returned={"report": report})


def judge(assumption: Assumption, responses: Responses) -> dict[str, Any]:
    """The row of an assumption with its verdict."""
    row = assumption._asdict()
    check = row.pop("check")
    try:
        holds, found = check(responses)
        verdict = CONFIRMED if holds else DIFFERS
    except NotSeenError as error:
        verdict, found = NOT_SEEN, str(error)
    except Exception as error:
        # Access to a real server is rare: a defect here must not cost the other findings.
        verdict, found = NOT_SEEN, f"a defect of this collection, please report it: {type(error).__name__}"
    return {**row, "verdict": verdict, "found": found}


def _described(exchange: Exchange) -> dict[str, Any]:
    return {"method": exchange.method, "path": exchange.path, "status": exchange.status}
