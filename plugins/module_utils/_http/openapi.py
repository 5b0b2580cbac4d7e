# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations that no documentation names: deleting, ending a job, reading its trace. Private.

An option names such an operation outright, or the server's own OpenAPI document names it. That the server publishes
such a document is documented, its path is inferred. The patterns below are not facts about the server: a request is
sent only if the option or the document names its operation.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from .._errors import AsteraError, input_error
from .client import Client

#: Where ASP.NET Core's usual tools put the document; the second has the name that an import of it shows (documented).
WELL_KNOWN = (
    "/swagger/v1/swagger.json",
    "/swagger/Centerprise_Server/swagger.json",
    "/swagger/docs/v1",
    "/openapi/v1.json",
)
#: Candidates that an error lists.
MAX_CANDIDATES = 10

#: One placeholder in braces. No host, no query, no fragment, no escapes, and none of the steps ``.`` and ``..``.
_PATH = re.compile(r"(?=[^{}]*\{\w+\}[^{}]*\Z)(?:/[\w~({][\w.~(){}-]*)+", re.ASCII)
_PLACEHOLDER = re.compile(r"\{\w+\}")


@dataclass(frozen=True)
class Operation:
    """A method, and a path with one placeholder that stands for an id."""

    method: str
    path: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def call(self, client: Client, number: int) -> Any:
        """Send the request for an id; returns the decoded response."""
        return client.request(self.method, _PLACEHOLDER.sub(str(number), self.path))


@dataclass(frozen=True)
class Purpose:
    """What an operation is for, to what kind of object. ``option`` names it outright, with one of the ``methods``.

    ``objects`` and ``verbs`` are what its path may hold in the document: regular expressions without regard to case.
    A method that is such a verb needs none in the path.
    """

    what: str
    noun: str
    option: str
    objects: str
    verbs: str
    methods: tuple[str, ...] = ("POST", "PUT", "DELETE")

    def named(self, text: str | None) -> Operation | None:
        """The operation that the option's value names, if it has one. AsteraError of kind ``input`` for any other."""
        if not text:
            return None
        method, _blank, path = text.partition(" ")
        if method in self.methods and _PATH.fullmatch(path):
            return Operation(method, path)
        # The text is not quoted: it may be an address with a password.
        raise input_error(
            f"{self.option} must be a method and a path, such as {self.methods[-1]} /path/{{id}}",
            f"The method is {' or '.join(self.methods)}. The path begins with / and has exactly one placeholder in "
            "braces, for the id. It has no host, no query and no special characters.",
        )

    def matches(self, method: str, path: str) -> bool:
        """Whether the path has the verb before or after the id, or needs none."""
        # The placeholder has the name id, or the noun and id: the id of another thing may mean many objects.
        number = rf"\{{({self.noun})?id\}}"
        forms = [f"{number}/({self.verbs})", f"({self.verbs})/{number}"]
        if re.fullmatch(self.verbs, method, re.IGNORECASE):
            forms.append(number)
        return any(re.fullmatch(f"/api/({self.objects})/{form}", path, re.IGNORECASE) for form in forms)


TERMINATE = Purpose("ends a job", "job", "terminate_operation", "Jobs?", "Terminate|Cancel|Abort|Stop|Kill")
#: Check mode reads traces too, so nothing but a read will do.
TRACE = Purpose("shows the trace of a job", "job", "trace_operation", "Jobs?", "Traces?|Logs?", ("GET",))
DELETE_DEPLOYMENT = Purpose("deletes a deployment", "deployment", "delete_operation", "Deployments?", "Delete|Remove")
DELETE_SCHEDULE = Purpose("deletes a schedule", "schedule", "delete_operation", "Schedule(dJob)?s?", "Delete|Remove")


def places(path: str | None) -> tuple[str, ...]:
    """Where the document is to be read: at the option ``openapi_path``, or where it may be."""
    if path and not path.startswith("/"):
        raise input_error("openapi_path must begin with /", f"It is a path on the server, such as {WELL_KNOWN[0]}.")
    return (path,) if path else WELL_KNOWN


class Discovery:
    """The server's OpenAPI document, read when it is first needed. ``path`` is where it is; None to try."""

    def __init__(self, client: Client, path: str | None) -> None:
        self._client = client
        self._places = places(path)
        self._found: tuple[str, dict[str, Any]] | None = None

    def operation(self, purpose: Purpose, named: Operation | None) -> Operation:
        """The operation ``named`` for a purpose, else the one in the document.

        AsteraError of kind ``unsupported`` when the document does not name exactly one.
        """
        if named is not None:
            return named
        if self._found is None:
            self._found = self._search()
        place, document = self._found
        candidates = candidates_in(document, purpose)
        matches = [operation for operation, matched in candidates.items() if matched]
        if len(matches) == 1:
            return matches[0]
        problem = "lists several" if matches else "lists none that can be used"
        listed = ", ".join(map(str, (matches or list(candidates))[:MAX_CANDIDATES])) or "none"
        reason = f"at {place} {problem}; candidates: {listed}" if document else f"was not found: {place}"
        raise AsteraError(
            "unsupported",
            f"no operation that {purpose.what} is documented, and the server's OpenAPI document {reason}",
            hint=f"Set {purpose.option} to the operation, or openapi_path to the path of the document, "
            "or do it in the Astera client.",
        )

    def _search(self) -> tuple[str, dict[str, Any]]:
        """Where the document is, and the document; all places and an empty one if it is nowhere."""
        for place in self._places:
            try:
                data = self._client.get(place)
            except AsteraError as error:
                # A redirect may lead to a page for people. Any other error that concerns the server decides nothing.
                if error.status is None or (error.is_server_wide and error.status >= 400):
                    raise
                continue
            if is_document(data):
                return place, data
        return ", ".join(self._places), {}


def is_document(data: Any) -> bool:
    """Whether it is an OpenAPI document, in its form 3 or 2."""
    has_paths = isinstance(data, dict) and isinstance(data.get("paths"), dict)
    return has_paths and any(name in data for name in ("openapi", "swagger"))


def candidates_in(document: dict[str, Any], purpose: Purpose) -> dict[Operation, bool]:
    """The operations that the option of a purpose could name; True for those that match its patterns."""
    base = base_path(document)
    candidates = {}
    for template, item in document.get("paths", {}).items():
        path = f"{base}{template}"
        is_near = purpose.noun in _PLACEHOLDER.sub("", template).lower()
        if is_near and isinstance(item, dict) and _PATH.fullmatch(path):
            for method in [method for method in purpose.methods if method.lower() in item]:
                matches = purpose.matches(method, template) or purpose.matches(method, path)
                candidates[Operation(method, path)] = matches
    return candidates


def base_path(document: dict[str, Any]) -> str:
    """The path before all paths. A host in the document is never used: the credentials are for server_url."""
    try:
        base = document["servers"][0]["url"]
    except (KeyError, IndexError, TypeError):
        base = document.get("basePath", "")
    return re.sub(r"^https?://[^/]*", "", str(base)).rstrip("/")
