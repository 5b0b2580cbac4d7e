# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one exception of the collection, which knows how to render itself. Private: may change in any release."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Literal, get_args

Kind = Literal[
    "connection",
    "tls",
    "auth",
    "forbidden",
    "not_found",
    "conflict",
    "rejected",
    "server",
    "timeout",
    "job_failed",
    "unsupported",
    "input",
]
KINDS = get_args(Kind)

#: Failures that a message for several tells.
TOLD = 3
#: Characters of a message. It may quote names and words of the server, which have no end by themselves.
MAX_MESSAGE = 4000

_KIND_OF_STATUS: dict[int, Kind] = {
    401: "auth",
    403: "forbidden",
    404: "not_found",
    405: "unsupported",
    408: "timeout",
    409: "conflict",
    412: "conflict",
    429: "server",
    501: "unsupported",
}


def kind_of_status(status: int) -> Kind:
    """The error kind for an HTTP status that is not a success."""
    if status in _KIND_OF_STATUS:
        return _KIND_OF_STATUS[status]
    return "server" if status >= 500 else "rejected"


class AsteraError(Exception):
    """What went wrong, where, what the server said and what to do about it.

    ``kind`` is one of ``KINDS``. ``attempts`` counts the requests that were tried, 0 when none was sent.
    ``may_have_been_applied`` says that the server may have done the work although no answer tells so.
    """

    def __init__(
        self,
        kind: Kind,
        message: str,
        *,
        method: str | None = None,
        path: str | None = None,
        status: int | None = None,
        attempts: int = 0,
        hint: str | None = None,
        may_have_been_applied: bool = False,
    ) -> None:
        super().__init__(message)
        self.kind: Kind = kind
        self.message = message
        self.method = method
        self.path = path
        self.status = status
        self.attempts = attempts
        self.hint = hint
        self.may_have_been_applied = may_have_been_applied
        #: Told instead of the sentence by an error that stands for several.
        self.summary: str | None = None

    def __str__(self) -> str:
        return self.sentence()

    @property
    def is_server_wide(self) -> bool:
        """Whether it is about the server or the way there, so that any other call would meet it too."""
        return self.kind in ("connection", "tls", "auth", "timeout") or self.status in (429, 502, 503, 504)

    def sentence(self) -> str:
        """One line: method, path, what happened, the server's own words, what to do."""
        where = f"{self.method} {self.path}: " if self.method else ""
        text = where + self.message.rstrip(". ")
        if self.may_have_been_applied and self.method not in (None, "GET") and "may have been" not in text:
            text += "; it may have been done all the same"
        if self.attempts > 1:
            text += f" (after {self.attempts} attempts)"
        text += "."
        return f"{text} {self.hint}" if self.hint else text

    def to_result(self) -> dict[str, Any]:
        """The members ``msg`` and ``error`` of a failed task."""
        return {
            "msg": one_line(self.summary or self.sentence()),
            "error": {
                "kind": self.kind,
                "status": self.status,
                "method": self.method,
                "path": self.path,
                "message": one_line(self.message),
                "attempts": self.attempts,
            },
        }


def printable(text: str) -> str:
    """The text with a blank for each character that could steer a terminal, or that has no form there."""
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else " " for character in text)


def one_line(text: str) -> str:
    """A text for a screen: what a server says must neither steer a terminal nor flood it."""
    text = printable(text)
    return text if len(text) <= MAX_MESSAGE else text[: MAX_MESSAGE - 3] + "..."


def bulk_error(noun: str, failed: list[tuple[str, AsteraError]], total: int, left: int) -> AsteraError | None:
    """The first of several failures, by label, which tells of the others too; ``left`` were not tried at all."""
    if not failed:
        return None
    first = failed[0][1]
    told = " ".join(f"{label!r}: {error}" for label, error in failed[:TOLD])
    more = f" And {len(failed) - TOLD} more, see results." if len(failed) > TOLD else ""
    skipped = f", and {left} were not tried" if left else ""
    first.summary = f"{len(failed)} of {total} {noun}s failed{skipped}. {told}{more}"
    return first


def input_error(message: str, hint: str | None = None) -> AsteraError:
    """An error of kind ``input``: found before anything was written, by the options or by what the server shows."""
    return AsteraError("input", message, hint=hint)


def status_phrase(status: int) -> str:
    """``404 Not Found``; the bare number when the code has no name."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
