# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one exception of the collection, which knows how to render itself. Private: may change in any release."""

from __future__ import annotations

from dataclasses import dataclass, replace
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

#: Failures that the message of several quotes, and the characters of each.
MAX_QUOTED = 3
MAX_QUOTE = 300
#: Characters of a message. It may quote names and words of the server, which have no end by themselves.
MAX_MESSAGE = 4000

#: By the status, or else by its first digit.
_KIND_OF_STATUS: dict[int, Kind] = {
    3: "connection",
    5: "server",
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
    """The error kind for an HTTP status that is not a success, or not the one that was asked for."""
    return _KIND_OF_STATUS.get(status, _KIND_OF_STATUS.get(status // 100, "rejected"))


@dataclass(frozen=True, eq=False, repr=False)
class _Facts:
    """What an error holds. It is a class of its own, since Python must be able to set ``__traceback__`` of an error."""

    kind: Kind
    message: str
    method: str | None = None
    path: str | None = None
    status: int | None = None
    attempts: int = 0
    hint: str | None = None
    may_have_been_applied: bool = False
    doubt: str = "the server may have applied it anyway"
    summary: str | None = None

    def __post_init__(self) -> None:
        # An error that stands for several may begin with a read, and have a write among the others.
        if self.method == "GET" and self.summary is None:
            vars(self)["may_have_been_applied"] = False


class AsteraError(_Facts, Exception):
    """What went wrong, where, what the server's words were and what to do about it. It never changes: see ``with_``.

    ``kind`` is one of ``KINDS``. ``attempts`` counts the requests that were tried, 0 when none was sent.
    ``may_have_been_applied``: the server may have done the work although no response reports it; never so for a read.
    ``doubt`` is how the message puts that. ``summary`` replaces the message of an error that stands for several.
    """

    def with_(self, **changes: Any) -> AsteraError:
        """A copy with other attributes, for a caller that knows more.

        It keeps the traceback, so ``raise error.with_(...) from None`` still shows where it went wrong.
        """
        return replace(self, **changes).with_traceback(self.__traceback__)

    def __str__(self) -> str:
        return self.summary or self.sentence()

    @property
    def is_server_wide(self) -> bool:
        """Whether it is about the server or the way there, so that any other request would meet it too."""
        return self.kind in ("connection", "tls", "auth", "timeout") or self.status in (429, 502, 503, 504)

    def sentence(self) -> str:
        """One line: what happened, method and path, the server's own words, what to do."""
        text = self.statement if self.statement.endswith("?") else f"{self.statement}."
        return f"{text} {self.hint}" if self.hint else text

    @property
    def statement(self) -> str:
        """The same without a full stop and what to do. The server's words are what the message quotes at its end."""
        text = self.message.rstrip(". ")
        where = [f"{self.method} {self.path}"] if self.method else []
        where += [f"after {self.attempts} attempts"] if self.attempts > 1 else []
        if where:
            before, quote, words = text.partition(': "') if text.endswith('"') else (text, "", "")
            text = f"{before} ({', '.join(where)}){quote}{words}"
        return f"{text}; {self.doubt}" if self.may_have_been_applied and self.method else text

    def to_result(self) -> dict[str, Any]:
        """The keys ``msg`` and ``error`` of a failed task."""
        shown = {key: value for key, value in vars(self).items() if key not in ("doubt", "summary")}
        return {
            "msg": one_line(str(self)),
            "error": {key: one_line(value) if isinstance(value, str) else value for key, value in shown.items()},
        }


def printable(text: str) -> str:
    """The text with a blank for each character that could steer a terminal, or that has no form there."""
    return "".join(character if character.isprintable() else " " for character in text)


def one_line(text: str, length: int = MAX_MESSAGE) -> str:
    """A text for a screen: what a server sends must neither steer a terminal nor flood it."""
    line = printable(text)
    return line if len(line) <= length else line[: length - 3] + "..."


def bulk_error(
    noun: str, failed: list[tuple[str, AsteraError]], total: int, left: int, hint: str | None = None
) -> AsteraError | None:
    """One error for several failures, by label: what the first one is, and a message that quotes the others too.

    ``left`` were not tried at all. What several have in common is quoted once. ``hint`` is for all of them together.
    None when nothing failed.
    """
    if not failed:
        return None
    first = failed[:MAX_QUOTED]
    labels: dict[str, list[str]] = {}
    for label, error in first:
        labels.setdefault(one_line(f"{error.statement}.", MAX_QUOTE), []).append(f"'{label}'")
    quoted = [f"{', '.join(those)}: {statement}" for statement, those in labels.items()]
    more = [f"And {len(failed) - MAX_QUOTED} more, see results."] if len(failed) > MAX_QUOTED else []
    hints = dict.fromkeys(filter(None, [*(error.hint for _label, error in first), hint]))
    head = f"{len(failed)} of {total} {noun}s failed" + (f", and {left} were not tried" if left else "")
    return failed[0][1].with_(
        message=head,
        hint=hint,
        summary=" ".join([f"{head}.", *quoted, *more, *hints]),
        may_have_been_applied=any(error.may_have_been_applied for _label, error in failed),
    )


def input_error(message: str, hint: str | None = None) -> AsteraError:
    """An error of kind ``input``: found before anything was written, by the options or by what the server shows."""
    return AsteraError("input", message, hint=hint)


def status_phrase(status: int) -> str:
    """``404 Not Found``; the bare number when the code has no name."""
    phrase = next((known.phrase for known in HTTPStatus if known == status), "")
    return f"{status} {phrase}".rstrip()
