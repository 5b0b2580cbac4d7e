# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Assumptions about the server's own OpenAPI document. Private: may change in any release."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..._errors import AsteraError
from ..._http.openapi import TERMINATE, TRACE, WELL_KNOWN, Purpose, base_path, deletion, operation_in
from ..assumption import CONFIRMED, DIFFERS, UNDECIDED, Assumption, Finding, decided, listed
from ..evidence import ACCOUNT, NOBODY, Evidence, NotSeenError, documents_asked_for

SECTION = "What only the server itself can tell"
#: Operations of a report: a document may name many more.
MAX_OPERATIONS = 500
METHODS = ("get", "post", "put", "patch", "delete")
_MEDIA_TYPE = re.compile(r"[\w.+*/-]{1,60}")
_PATH = re.compile(r"/[A-Za-z0-9_/{}.~-]{0,150}")
#: What the collection calls, as the documentation or a sample names it.
CALLED = (
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


def operations_in(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Method and path of each operation, with its description."""
    base = base_path(document) or ""
    paths = document.get("paths")
    for path, item in paths.items() if isinstance(paths, dict) else ():
        if isinstance(item, dict) and _PATH.fullmatch(base + path):
            for method in METHODS:
                if isinstance(item.get(method), dict):
                    yield f"{method.upper()} {base}{path}", item[method]


def _operations(evidence: Evidence) -> dict[str, dict[str, Any]]:
    if evidence.place is None:
        asked = [seen.told() for seen in documents_asked_for(evidence)]
        raise NotSeenError("; ".join(asked) or "no OpenAPI document was asked for")
    return dict(operations_in(evidence.document))


def _folded(operation: str) -> str:
    """An operation without the names of its parameters, and without regard to case."""
    return re.sub(r"\{.*?\}", "{}", operation).lower()


def _place(evidence: Evidence) -> Finding:
    _operations(evidence)
    return decided(evidence.place == WELL_KNOWN[0], f"at {evidence.place}")


def _access(evidence: Evidence) -> Finding:
    _operations(evidence)
    needs_token = f"OpenAPI at {evidence.place} {ACCOUNT}" in evidence.seen
    before = evidence.settled(f"OpenAPI at {evidence.place} {NOBODY}")
    return decided(not needs_token, before.told() if needs_token else "read without a token")


def _version(evidence: Evidence) -> Finding:
    _operations(evidence)
    version = str(evidence.document.get("openapi") or evidence.document.get("swagger"))
    shown = version if re.fullmatch(r"[0-9.]{1,10}", version) else "another version"
    return decided(version.startswith("3") and "openapi" in evidence.document, shown)


def _title(evidence: Evidence) -> Finding:
    _operations(evidence)
    info = evidence.document.get("info")
    title = info.get("title") if isinstance(info, dict) else None
    return decided(
        title == "Centerprise_Server", "Centerprise_Server" if title == "Centerprise_Server" else "another one"
    )


def _called(evidence: Evidence) -> Finding:
    named = set(map(_folded, _operations(evidence)))
    lacking = [operation for operation in CALLED if _folded(operation) not in named]
    return decided(not lacking, f"not in the document: {listed(lacking)}")


def _activation(evidence: Evidence) -> Finding:
    path = "POST /api/License/Activate"
    found = next((what for name, what in _operations(evidence).items() if _folded(name) == _folded(path)), None)
    if found is None:
        raise NotSeenError(f"the document does not name {path}")
    body = found.get("requestBody")
    content = body.get("content") if isinstance(body, dict) else None
    types = [name for name in content if _MEDIA_TYPE.fullmatch(name)] if isinstance(content, dict) else []
    if not types:
        return Finding(UNDECIDED, "the document describes no body")
    return decided("application/json" in types, listed(types))


def _purpose(purpose: Purpose) -> Any:
    """A judge: does the document name an operation for a purpose, without doubt?"""

    def judge(evidence: Evidence) -> Finding:
        operations = _operations(evidence)
        try:
            return Finding(CONFIRMED, str(operation_in(str(evidence.place), evidence.document, purpose)))
        except AsteraError:
            near = [name for name in operations if _is_near(name, purpose)]
            return Finding(DIFFERS, f"none that can be used; near: {listed(near)}")

    return judge


def _is_near(operation: str, purpose: Purpose) -> bool:
    """Whether an operation speaks of the noun and of the deed, though something in it leaves a doubt."""
    words = {word.lower() for word in re.findall(r"[A-Z]?[a-z]+", operation.partition(" ")[2])}
    method = operation.partition(" ")[0].lower()
    return bool(words & purpose.nouns) and (bool(words & set(purpose.verbs)) or method in purpose.without_verb)


def _job_lists(evidence: Evidence) -> Finding:
    names = [
        name
        for name in _operations(evidence)
        if name.startswith("GET ") and re.search("jobs|queue|history", name, re.I)
    ]
    return decided(names, f"operations that may list jobs: {listed(names)}")


def _found_operation(key: str, what: str, option: str, purpose: Purpose) -> Assumption:
    return Assumption(
        key,
        SECTION,
        "unknown",
        f"The document names an operation that {what}, and its words leave no doubt.",
        f"{option} stays unsupported. If one is listed as near, please report it: a rule could be added.",
        _purpose(purpose),
    )


ASSUMPTIONS = (
    Assumption(
        "openapi-place",
        SECTION,
        "inferred",
        f"The server's OpenAPI document is at {WELL_KNOWN[0]}.",
        f"Nothing changes for {', '.join(WELL_KNOWN[1:])}, which are tried too; else give openapi_path. The client of "
        "Astera shows the address as Server API Path.",
        _place,
    ),
    Assumption(
        "openapi-access",
        SECTION,
        "inferred",
        "The document can be read without a token.",
        "Nothing changes: the modules send one.",
        _access,
    ),
    Assumption(
        "openapi-version",
        SECTION,
        "inferred",
        "The document is in the form of OpenAPI 3.",
        "Nothing changes: Swagger 2 is read too.",
        _version,
    ),
    Assumption(
        "openapi-title",
        SECTION,
        "inferred",
        "The document is titled Centerprise_Server.",
        "Nothing changes: the title is not used.",
        _title,
    ),
    Assumption(
        "openapi-calls",
        SECTION,
        "inferred",
        "The document names all calls that the collection makes.",
        "A call that is not there may have another path in this release: please report it.",
        _called,
    ),
    Assumption(
        "openapi-activate",
        "License",
        "inferred",
        "The activation of the license takes application/json.",
        "Nothing changes: where the server denies it, astera_license sends text/plain of no length.",
        _activation,
    ),
    _found_operation("openapi-terminate", "ends a job", "state: terminated and on_timeout: terminate", TERMINATE),
    _found_operation("openapi-trace", "shows the trace of a job", "job.trace", TRACE),
    _found_operation(
        "openapi-delete-deployment", "deletes a deployment", "state: absent of deployments", deletion("deployment")
    ),
    _found_operation(
        "openapi-delete-schedule", "deletes a schedule", "state: absent of schedules", deletion("schedule")
    ),
    Assumption(
        "openapi-jobs",
        SECTION,
        "unknown",
        "The document names an operation that lists jobs.",
        "Jobs can only be asked for by their ids.",
        _job_lists,
    ),
)
