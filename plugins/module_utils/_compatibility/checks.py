# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of the assumptions: each takes the responses and returns a verdict. Private: may change in any release."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any, Callable

from .._data.paths import MISSING, get_field
from .._http.openapi import WELL_KNOWN, Purpose, base_path, candidates_in, is_document
from .._resources.deployment.read import ACTIVE
from .._resources.job.responses import extract_status
from .._resources.job.status import UNKNOWN
from .collect import Exchange, NotSeenError, Responses
from .shapes import form_of

_METHODS = ("get", "post", "put", "patch", "delete")
_PATH = re.compile(r"/[A-Za-z0-9_/{}.~-]{0,150}")
#: Whether an assumption holds, and what was found.
Finding = tuple[bool, str]
Check = Callable[[Responses], Finding]


def joined(names: Iterable[str]) -> str:
    """Names, sorted, for a sentence."""
    return ", ".join(sorted(names)) or "none"


def operations_in(document: dict[str, Any]) -> Iterator[str]:
    """Method and path of each operation, where the path is one that a program would choose."""
    base = base_path(document) or ""
    for template, item in document["paths"].items():
        if isinstance(item, dict) and _PATH.fullmatch(base + template):
            yield from (f"{method.upper()} {base}{template}" for method in _METHODS if method in item)


def document_in(responses: Responses) -> Exchange:
    """The request that returned the OpenAPI document, which is the last one for it."""
    if not is_document(responses.documents[-1].data):
        raise NotSeenError("; ".join(map(str, responses.documents)))
    return responses.documents[-1]


def openapi_path(responses: Responses) -> Finding:
    """Is the document at one of the default paths?"""
    path = document_in(responses).path
    return path in WELL_KNOWN, f"at {path}"


def operation(purpose: Purpose) -> Check:
    """A check: does the document name exactly one operation for a purpose?"""

    def check(responses: Responses) -> Finding:
        candidates = candidates_in(document_in(responses).data, purpose)
        matches = [str(found) for found, is_match in candidates.items() if is_match]
        if len(matches) == 1:
            return True, matches[0]
        return False, f"not exactly one; candidates: {joined(matches or map(str, candidates))}"

    return check


def fields(name: str, *required: str) -> Check:
    """A check: do the objects of an endpoint have these fields? Others may be absent as null."""

    def check(responses: Responses) -> Finding:
        objects = responses.objects(name)
        missing = {path for path in required for obj in objects if get_field(obj, path) is MISSING}
        return not missing, f"missing: {joined(missing)}"

    return check


def config_password(responses: Responses) -> Finding:
    """Does a mask stand for the password of the repository?"""
    value = get_field(responses.objects("config")[0], "serverDbInfo.password")
    form = "absent" if value is MISSING else form_of(value, "password")
    return form == "mask", form


def activation(responses: Responses) -> Finding:
    """Is the activation state of deployments where it is expected?"""
    names = (ACTIVE.api, *ACTIVE.other_names)
    found = {
        name for item in responses.objects("deployments") for name in names if get_field(item, name) is not MISSING
    }
    return found == {ACTIVE.api}, joined(found)


def job_status(responses: Responses) -> Finding:
    """Is the status of a job that does not exist a documented one?"""
    exchange = responses.received("unknown job")
    status = (extract_status(exchange.data) or "").casefold()
    is_known = exchange.status == 200 and status in UNKNOWN
    return is_known, status if is_known else f"{exchange}, {form_of(exchange.data)}"
