# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of the server's own OpenAPI document. Private: may change in any release.

Here is all that the report uses of ``_http.openapi``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Callable

from ..._http.openapi import (
    DELETE_DEPLOYMENT,
    DELETE_SCHEDULE,
    TERMINATE,
    TRACE,
    WELL_KNOWN,
    Purpose,
    base_path,
    candidates_in,
    is_document,
    places,
)
from ..findings import CONFIRMED, DIFFERS, Finding, decided, joined
from ..responses import Exchange, NotSeenError, Responses

__all__ = ("DOCUMENT", "MAX_OPERATIONS", "endpoints", "is_document", "operation", "operations_in", "path", "places")

#: The names of the requests for the document begin so.
DOCUMENT = "OpenAPI document"
#: Operations of a report: a document may name many more.
MAX_OPERATIONS = 500
_METHODS = ("get", "post", "put", "patch", "delete")
_PATH = re.compile(r"/[A-Za-z0-9_/{}.~-]{0,150}")
#: The requests of the collection, as the documentation or a sample names them.
_USED = (
    "POST /api/account/login",
    "GET /api/Server/Config",
    "POST /api/Server/Config",
    "GET /api/ServerInfo",
    "POST /api/License/Key",
    "POST /api/License/Activate",
    "GET /api/Cluster",
    "POST /api/Cluster",
    "POST /api/UploadFile",
    "GET /api/Deployments",
    "POST /api/Deployment",
    "GET /api/Schedules",
    "GET /api/Schedule/{}",
    "POST /api/Schedule",
    "POST /api/CommandLineProcessor",
    "GET /api/Job/{}/Status",
)
#: The operations that no documentation names.
_PURPOSES: dict[str, Purpose] = {
    "terminate": TERMINATE,
    "trace": TRACE,
    "delete deployment": DELETE_DEPLOYMENT,
    "delete schedule": DELETE_SCHEDULE,
}


def operations_in(document: dict[str, Any]) -> Iterator[str]:
    """Method and path of each operation, where the path is one that a program would choose."""
    base = base_path(document)
    paths = document.get("paths")
    for template, item in paths.items() if isinstance(paths, dict) else ():
        if isinstance(item, dict) and _PATH.fullmatch(base + template):
            yield from (
                f"{method.upper()} {base}{template}" for method in _METHODS if isinstance(item.get(method), dict)
            )


def path(responses: Responses) -> Finding:
    """Is the document at one of the default paths?"""
    if responses.place is not None:
        return decided(responses.place in WELL_KNOWN, f"at {responses.place}")
    requests = _requests(responses)
    found = "; ".join(map(str, requests))
    if not requests or any(request.status != 404 for request in requests):
        raise NotSeenError(found or "not requested")
    return Finding(DIFFERS, found)


def endpoints(responses: Responses) -> Finding:
    """Does the document name every request of the collection?"""
    named = set(map(_folded, _operations(responses)))
    return decided(
        named.issuperset(map(_folded, _USED)),
        f"not in the document: {joined(used for used in _USED if _folded(used) not in named)}",
    )


def operation(purpose: str) -> Callable[[Responses], Finding]:
    """A check: does the document name exactly one operation for a purpose?"""

    def check(responses: Responses) -> Finding:
        _operations(responses)
        candidates = candidates_in(responses.document, _PURPOSES[purpose])
        matches = [str(found) for found, matched in candidates.items() if matched]
        if len(matches) == 1:
            return Finding(CONFIRMED, matches[0])
        return Finding(DIFFERS, f"not exactly one; candidates: {joined(matches or map(str, candidates))}")

    return check


def _requests(responses: Responses) -> list[Exchange]:
    return [exchange for name, exchange in responses.exchanges.items() if name.startswith(DOCUMENT)]


def _operations(responses: Responses) -> list[str]:
    if responses.place is None:
        raise NotSeenError("; ".join(map(str, _requests(responses))) or "not requested")
    return list(operations_in(responses.document))


def _folded(name: str) -> str:
    """An operation in lower case, without the names of its parameters."""
    return re.sub(r"\{.*?\}", "{}", name).lower()
