# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Operations that no documentation names, learned from the server's own OpenAPI document. Private.

The server's client and command line tool can end jobs, show their traces, and delete; the methods and paths are
unknown. That the server has an OpenAPI document is documented, where it lies is inferred. Nothing is guessed here: an
operation is used only if the document names it, its words leave no doubt, and it needs nothing but one number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .._errors import AsteraError, input_error, status_phrase
from .client import Client

#: Where ASP.NET Core's usual tools put the document; the second has the name that an import of it shows (documented).
WELL_KNOWN = (
    "/swagger/v1/swagger.json",
    "/swagger/Centerprise_Server/swagger.json",
    "/swagger/docs/v1",
    "/openapi/v1.json",
)

#: Words of a path that say nothing about what is done.
_FILLERS = frozenset({"api", "by", "id"})
_METHODS = ("get", "post", "put", "delete")
_TEMPLATE = re.compile(r"(?:/(?:[A-Za-z0-9_~-]+|\{[A-Za-z0-9_]+\}))+")
_BASE = re.compile(r"(?:/[A-Za-z0-9_~-][A-Za-z0-9_.~-]*)*/?")
_VERSION = re.compile(r"/v\d+(?:\.\d+)?(?=/)")
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")


@dataclass(frozen=True)
class Purpose:
    """What an operation is wanted for: ``verbs`` are the words for it, the most telling first.

    A path with no verb at all serves with the methods ``without_verb``.
    """

    what: str
    nouns: frozenset[str]
    verbs: tuple[str, ...]
    methods: tuple[str, ...]
    without_verb: tuple[str, ...] = ()

    def rank(self, method: str, words: list[str]) -> int | None:
        """How well a method and the words of a path fit, 0 best; None when they do not, or say something more."""
        verbs = [self.verbs.index(word) for word in words if word in self.verbs]
        others = [word for word in words if word not in self.verbs and word not in _FILLERS]
        if not others or any(word not in self.nouns for word in others):
            return None
        if not verbs:
            return len(self.verbs) if method in self.without_verb else None
        return min(verbs) if method in self.methods else None

    def names_number(self, parameter: str) -> bool:
        """Whether a parameter of this name is the object's own number: id, or the noun and id."""
        words = [word.lower() for word in _WORD.findall(parameter)]
        return "id" in words and all(word == "id" or word in self.nouns for word in words)


_JOBS = frozenset({"job", "jobs"})
TERMINATE = Purpose("ends a job", _JOBS, ("terminate", "cancel", "abort", "stop", "kill"), ("post", "put", "delete"))
TRACE = Purpose("shows the trace of a job", _JOBS, ("trace", "traces", "log", "logs"), ("get",))


def deletion(noun: str) -> Purpose:
    """The purpose of deleting one object of a kind."""
    return Purpose(
        f"deletes a {noun}", frozenset({noun, f"{noun}s"}), ("delete", "remove"), ("post", "put", "delete"), ("delete",)
    )


def places(path: str | None) -> tuple[str, ...]:
    """Where to look for the document: at the option ``openapi_path``, or where it may be."""
    if path and not path.startswith("/"):
        raise input_error("openapi_path must begin with /", f"It is a path on the server, such as {WELL_KNOWN[0]}.")
    return (path,) if path else WELL_KNOWN


@dataclass(frozen=True)
class Operation:
    """One operation with one number. ``parameter`` is the number's name in the path, or in the query."""

    method: str
    path: str
    parameter: str

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def call(self, client: Client, number: int, timeout: float | None = None) -> Any:
        """Carry it out; the decoded answer. With a ``timeout``, in seconds, it is tried once only."""
        placeholder = f"{{{self.parameter}}}"
        if placeholder in self.path:
            return client.request(self.method, self.path.replace(placeholder, str(number)), timeout=timeout)
        return client.request(self.method, self.path, {self.parameter: str(number)}, timeout=timeout)


class Discovery:
    """The server's OpenAPI document, read when it is first needed. ``path`` says where it lies, None: try."""

    def __init__(self, client: Client, path: str | None) -> None:
        self._client = client
        self._places = places(path)
        self._found: tuple[str, dict[str, Any]] | None = None
        self._error: AsteraError | None = None

    def operation(self, purpose: Purpose, timeout: float | None = None) -> Operation:
        """The one operation for a purpose. AsteraError of kind ``unsupported`` when the document names none.

        ``timeout``, in seconds, is for reading the document, which then is tried once only.
        """
        return operation_in(*self._document(timeout), purpose)

    def _document(self, timeout: float | None) -> tuple[str, dict[str, Any]]:
        """Where the document lies, and the document. What went wrong is kept too: whoever asks next is told at once."""
        if self._error is not None:
            raise self._error
        if self._found is None:
            try:
                self._found = self._search(timeout)
            except AsteraError as error:
                self._error = error
                raise
        return self._found

    def _search(self, timeout: float | None) -> tuple[str, dict[str, Any]]:
        tried = []
        for place in self._places:
            document, reason = self._read(place, timeout)
            if document is not None:
                return place, document
            tried.append(f"{place} ({reason})")
        raise AsteraError(
            "unsupported",
            f"the server's own OpenAPI document was not found: {', '.join(tried)}",
            hint="Give its path as openapi_path; only an operation that it names is used.",
        )

    def _read(self, place: str, timeout: float | None) -> tuple[dict[str, Any] | None, str]:
        """The document at a place, or why there is none. A server or a login that fails is an error."""
        try:
            data = self._client.get(place, patient=timeout is None, timeout=timeout)
        except AsteraError as error:
            if error.status is None or error.is_server_wide:
                raise
            return None, status_phrase(error.status)
        return (data, "") if is_document(data) else (None, "something else")


def is_document(data: Any) -> bool:
    """Whether it is an OpenAPI document, in its form 3 or 2."""
    has_paths = isinstance(data, dict) and isinstance(data.get("paths"), dict)
    return has_paths and any(name in data for name in ("openapi", "swagger"))


def operation_in(place: str, document: dict[str, Any], purpose: Purpose) -> Operation:
    """The one operation for a purpose that a document names. AsteraError of kind ``unsupported`` when it names none."""
    ranked: dict[int, list[Operation]] = {}
    for method, path, parameter, words in _numbered(document):
        rank = purpose.rank(method, words)
        if rank is not None and purpose.names_number(parameter):
            ranked.setdefault(rank, []).append(Operation(method.upper(), path, parameter))
    if not ranked:
        raise _unsupported(f"the server's OpenAPI document at {place} names none that can be used", purpose)
    best = ranked[min(ranked)]
    if len(best) > 1:
        several = " and ".join(map(str, best))
        raise _unsupported(f"the server's OpenAPI document at {place} leaves open which it is: {several}", purpose)
    return best[0]


def _unsupported(reason: str, purpose: Purpose) -> AsteraError:
    return AsteraError(
        "unsupported",
        f"no call is documented that {purpose.what}, and {reason}",
        hint="Do it in the client of Astera.",
    )


def _numbered(document: dict[str, Any]) -> Iterator[tuple[str, str, str, list[str]]]:
    """Method, path, name of the number, and words of every operation that needs one number and nothing else."""
    base = base_path(document)
    for template, item in document["paths"].items():
        if base is None or not isinstance(item, dict) or not _TEMPLATE.fullmatch(template):
            continue
        words = [word.lower() for word in _WORD.findall(_VERSION.sub("", re.sub(r"\{.*?\}", "", template)))]
        for method in _METHODS:
            operation = item.get(method)
            if isinstance(operation, dict) and _is_plain(item) and _is_plain(operation):
                parameter = _only_number(template, _parameters(document, item) + _parameters(document, operation))
                if parameter is not None:
                    yield method, base + template, parameter, words


def _is_plain(part: dict[str, Any]) -> bool:
    """Whether a path or an operation goes to this server and has no body."""
    return not any(name in part for name in ("requestBody", "servers"))


def base_path(document: dict[str, Any]) -> str | None:
    """The path before all paths; None when it cannot be told.

    A host that the document names is never used: the credentials are for server_url.
    """
    servers = document.get("servers")
    first = servers[0].get("url") if isinstance(servers, list) and servers and isinstance(servers[0], dict) else None
    base = document.get("basePath", "") if first is None else first
    if not isinstance(base, str):
        return None
    path = re.sub(r"^https?://[^/]*", "", base)
    return path.rstrip("/") if _BASE.fullmatch(path) else None


def _parameters(document: dict[str, Any], owner: dict[str, Any]) -> list[dict[str, Any]]:
    """The parameters of a path or an operation, references followed. What cannot be read counts as a body."""
    parameters = owner.get("parameters", [])
    if not isinstance(parameters, list):
        return [{"in": "body"}]
    found = []
    for parameter in parameters:
        reference = parameter.get("$ref") if isinstance(parameter, dict) else None
        resolved = _at(document, reference) if isinstance(reference, str) else parameter
        known = isinstance(resolved, dict) and resolved.get("in") in ("path", "query", "header", "cookie")
        found.append(resolved if known else {"in": "body"})
    return found


def _at(document: dict[str, Any], reference: str) -> Any:
    """What a reference within the document points to."""
    place: Any = document
    for name in reference.removeprefix("#/").split("/"):
        place = place.get(name) if isinstance(place, dict) else None
    return place


def _only_number(template: str, parameters: list[dict[str, Any]]) -> str | None:
    """The name of the one parameter that is needed, if it is a number in the path or the query."""
    placeholders = re.findall(r"\{(\w+)\}", template)
    needed = [
        parameter for parameter in parameters if parameter.get("required") or parameter.get("in") in ("path", "body")
    ]
    if len(needed) != 1 or len(placeholders) > 1:
        return None
    name, place = needed[0].get("name"), needed[0].get("in")
    schema = needed[0].get("schema")
    kind = (schema if isinstance(schema, dict) else needed[0]).get("type")
    fits = placeholders == [name] if place == "path" else place == "query" and not placeholders
    return name if fits and isinstance(name, str) and kind == "integer" else None
