"""The table of operations and how a request finds its own."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Literal

from starlette.responses import Response

from .context import Call
from .errors import ApiError
from .schema import Shape

# What a body is. A text may be of the type text/plain, a JSON string, or either.
Content = Literal["none", "json", "text", "json text", "any text", "form"]


@dataclass(frozen=True)
class Operation:
    """One operation of the API; `path` in the documentation's casing, with {name} for a piece of the path.

    `content`: what the body is. `body`: the shape of a JSON body. `part`: the file part of a form. `query` are texts in
    the query, `numbers` are integers there.
    """

    method: str
    path: str
    handler: Callable[[Call], Awaitable[Response]]
    content: Content = "none"
    body: Shape | None = None
    part: str = ""
    query: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    anonymous: bool = False
    _pattern: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Compile the path."""
        pieces = re.split(r"\{(\w+)\}", self.path)
        pattern = "".join(
            f"(?P<{piece}>[^/]+)" if index % 2 else re.escape(piece) for index, piece in enumerate(pieces)
        )
        object.__setattr__(self, "_pattern", re.compile(pattern, re.IGNORECASE))

    @property
    def tag(self) -> str:
        """The controller's name: the piece after /api/."""
        return self.path.split("/")[2]

    def match(self, path: str, *, exact: bool) -> dict[str, str] | None:
        """Return the pieces of the path by name, or None when it is another path. `exact`: the casing counts."""
        found = self._pattern.fullmatch(path)
        if not found:
            return None
        arguments = found.groupdict()
        documented = re.sub(r"\{(\w+)\}", lambda piece: arguments[piece[1]], self.path)
        return None if exact and documented != path else arguments


def find(operations: Iterable[Operation], method: str, path: str, *, exact: bool) -> tuple[Operation, dict[str, str]]:
    """Return the operation and the pieces of its path; 404 or 405 without a body, as from ASP.NET's routing."""
    allowed = []
    for operation in operations:
        arguments = operation.match(path, exact=exact)
        if arguments is not None:
            if operation.method == method:
                return operation, arguments
            allowed.append(operation.method)
    if not allowed:
        raise ApiError(404)
    raise ApiError(405, headers={"Allow": ", ".join(sorted(set(allowed)))})
