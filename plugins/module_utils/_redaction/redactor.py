# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Values that must not be shown, and taking them out of texts. Private: may change in any release.

A server that echoes a secret need not do so letter by letter: it may stand in JSON, in a page, in a form, in a Basic
header, in capitals, or be cut off. So what a server says is searched as it stands, and as what it means once decoded.
Only the places that were found are masked; the rest stays as the server wrote it.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any, Callable
from urllib.parse import unquote

from .names import MASK, is_mask, texts_in

#: A shorter secret would blank out half of every text.
MIN_REDACTED = 3
#: Members of a result that are sentences of ours, with words of the server in them.
SENTENCES = frozenset({"msg", "message"})
#: Fields of a result that hold numbers and statuses as text. A secret that reads like one is not looked for there.
_NUMBERS = frozenset({"elapsed", "id", "job_id", "path", "status", "table"})
_LIKE_NUMBER = re.compile(r"[0-9.eE+-]+")
#: The documented statuses of jobs.
_STATUSES = frozenset({"unknown", "invalid", "notstarted", "queued", "initializing", "running", "completed"})
#: Characters of a secret that reads like a number and is longer than ids, times and counts are.
_LONG_NUMBER = 6
#: A text such as a time or a version, in which a short number would be found by chance.
_DIGITS_ONLY = re.compile(r"[0-9\s:.,TZ+/-]+")
#: Characters of a secret that are taken for a secret that was cut off, where the text breaks off after them.
MIN_PIECE = 4
#: How often a text may have been encoded, like JSON within a form.
DEPTH = 3

_BLANKS = re.compile(r"\s{2,}|[^\S ]")
_ESCAPES = re.compile(
    r"(?:\\u[0-9a-f]{4})+|\\[\"'\\/bfnrt]|&(?:#[0-9]{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});|(?:%[0-9a-f]{2})+",
    re.IGNORECASE,
)
_CONTROLS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
#: Where a text breaks off: at its end or before dots, maybe with half an escape.
_BREAK = re.compile(
    r"(?:\\(?:u[0-9a-f]{0,3})?|%[0-9a-f]?|&#?\w{0,6})?[\"'\s)\]}>]*(?:\.{2,}|\u2026|\Z|\.[\"'\s)\]}>]*\Z)",
    re.IGNORECASE,
)
#: The base64 of six bytes has eight letters. In fewer, too much would be taken for it.
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")
#: A secret that nobody here knows, as in the connection string of a database.
_ASSIGNED = re.compile(r"(?:password|passwd|pwd|secret|token)\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s;,&\"']+)", re.IGNORECASE)

Span = tuple[int, int]


class Redactor:
    """Secrets of one task."""

    def __init__(self, secrets: Iterable[Any] = ()) -> None:
        self._secrets: dict[str, _Secret] = {}
        #: Those that are looked for in every value, and not in what the server says only.
        self._own: set[str] = set()
        self.add(*secrets)

    def add(self, *values: Any) -> None:
        """Name values that must not be shown: texts, numbers, and all of these in lists and dictionaries."""
        self._own.update(self._added(values))

    def add_from_server(self, *values: Any) -> None:
        """Name what the server itself shows in a secret's place. It may be none: the word for a kind of secret, a mask.

        So it is looked for in the server's words only: elsewhere it might be a part of a path that a later task needs.
        """
        self._added([value for value in values if not is_mask(value)])

    def _added(self, values: Iterable[Any]) -> list[str]:
        found = [text for value in values for text in texts_in(value) if len(text) >= MIN_REDACTED]
        self._secrets.update({text: _Secret(text) for text in found if text not in self._secrets})
        return found

    def redact(self, value: Any) -> Any:
        """A copy of a result without the secrets: in sentences, which may quote the server, however they are written;
        in all other texts letter by letter, as Ansible does it."""
        return self._replaced(value, sorted(self._own, key=len, reverse=True))

    def _replaced(self, value: Any, own: list[str]) -> Any:
        if isinstance(value, dict):
            words = [secret for secret in own if not is_ambiguous(secret)]
            return {
                key: self.redact_sentence(item)
                if key in SENTENCES and isinstance(item, str)
                else self._replaced(item, words if key in _NUMBERS else own)
                for key, item in value.items()
            }
        if isinstance(value, (list, tuple)):
            return [self._replaced(item, own) for item in value]
        if isinstance(value, str):
            by_chance = _DIGITS_ONLY.fullmatch(value)
            for secret in own:
                if value == secret or not (by_chance and is_ambiguous(secret)):
                    value = value.replace(secret, MASK)
        return value

    def redact_sentence(self, text: str) -> str:
        """A sentence of ours without the secrets. What it quotes of the server is without them already.

        So its ids, times and statuses stay, whatever the secrets are.
        """
        return self._out_of(text, [secret for key, secret in self._secrets.items() if not _is_in_sentences(key)])

    def redact_text(self, text: str) -> str:
        """What the server says with the secrets masked, however they are written."""
        return self._out_of(text, list(self._secrets.values()))

    def _out_of(self, text: str, secrets: list[_Secret]) -> str:
        spans = [match.span(1) for match in _ASSIGNED.finditer(text)]
        view = _View(text, range(len(text)), range(1, len(text) + 1))
        for _level in range(DEPTH):
            view = view.replaced(_BLANKS, lambda _blanks: " ")
            spans += [view.origin(*span) for span in _found(view.text, secrets)]
            decoded = view.replaced(_ESCAPES, _unescaped)
            if decoded.text == view.text:
                break
            view = decoded
        return _masked_at(text, spans)

    def redact_deep(self, value: Any) -> Any:
        """The same for every text below a value, and for the names of members."""
        if isinstance(value, dict):
            return {self.redact_text(str(key)): self.redact_deep(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.redact_deep(item) for item in value]
        return self.redact_text(value) if isinstance(value, str) else value


def is_ambiguous(text: str) -> bool:
    """Whether a secret reads like a number or a status, so that results are full of what it would be taken for."""
    return bool(_LIKE_NUMBER.fullmatch(text)) or text.casefold() in _STATUSES


def _is_in_sentences(text: str) -> bool:
    """Whether our own sentences have such a text without a secret: a status, or a number of few digits."""
    return is_ambiguous(text) and not (_LIKE_NUMBER.fullmatch(text) and len(text) >= _LONG_NUMBER)


def assigned_in(text: str) -> list[str]:
    """What follows ``password=`` and the like, without quotes."""
    return [match[1].strip("\"'") for match in _ASSIGNED.finditer(text)]


class _Secret:
    """A secret in the forms that it is looked for."""

    def __init__(self, text: str) -> None:
        self.text = _BLANKS.sub(" ", text).strip()
        self.head = self.text[:MIN_PIECE] if len(self.text) > MIN_PIECE else None
        self.bytes = (text.encode(errors="replace"), text.encode("utf-16-le", errors="replace"))
        # What it would be decoded to itself, if it holds what looks like an escape.
        self.folded: list[str] = []
        form = self.text
        for _level in range(DEPTH):
            if len(form) >= MIN_REDACTED:
                self.folded.append(_folded(form))
            form, before = _BLANKS.sub(" ", _ESCAPES.sub(lambda match: _unescaped(match[0]), form)).strip(), form
            if form == before:
                break


class _View:
    """A text, and for each of its characters where it comes from in the text that was there at first."""

    def __init__(self, text: str, starts: Any, ends: Any) -> None:
        self.text = text
        self._starts = starts
        self._ends = ends

    def origin(self, start: int, end: int) -> Span:
        return self._starts[start], self._ends[end - 1]

    def replaced(self, pattern: re.Pattern[str], new: Callable[[str], str]) -> _View:
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        last = 0
        for match in pattern.finditer(self.text):
            start, end = match.span()
            piece = new(match[0])
            pieces += (self.text[last:start], piece)
            starts += (*self._starts[last:start], *[self._starts[start]] * len(piece))
            ends += (*self._ends[last:start], *[self._ends[end - 1]] * len(piece))
            last = end
        if not pieces:
            return self
        return _View("".join((*pieces, self.text[last:])), [*starts, *self._starts[last:]], [*ends, *self._ends[last:]])


def _unescaped(escape: str) -> str:
    """What an escape of JSON, HTML or a URL stands for."""
    if escape.startswith("%"):
        return unquote(escape, errors="replace")
    if escape.startswith("&"):
        import html  # large, and seldom needed

        return html.unescape(escape)
    if escape[1] in "uU":
        return str(json.loads(f'"{escape.lower()}"'))
    return _CONTROLS.get(escape[1], escape[1])


def _found(text: str, secrets: Iterable[_Secret]) -> Iterator[Span]:
    """Where the secrets stand in a text whose blanks are squeezed."""
    folded = _folded(text)
    # As a form writes a blank.
    spaced = folded.replace("+", " ")
    for secret in secrets:
        for wanted in secret.folded:
            yield from _occurrences(folded, wanted)
            if " " in wanted:
                yield from _occurrences(spaced, wanted.replace("+", " "))
        yield from _cut_off(text, secret)
    for match in _BASE64.finditer(text):
        if _holds_encoded(match[0], secrets):
            yield match.span()


def _occurrences(text: str, wanted: str) -> Iterator[Span]:
    at = text.find(wanted)
    while at >= 0:
        yield at, at + len(wanted)
        at = text.find(wanted, at + 1)


def _folded(text: str) -> str:
    """In small letters, without a change of length."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(small if len(small := letter.lower()) == 1 else letter for letter in text)


def _cut_off(text: str, secret: _Secret) -> Iterator[Span]:
    """Where the text breaks off within a secret. Its case is kept by whoever cuts, and words end texts too often."""
    at = -1 if secret.head is None else text.find(secret.head)
    while at >= 0:
        end = at + len(secret.text)
        piece = text[at:end]
        same = next((n for n, (left, right) in enumerate(zip(piece, secret.text)) if left != right), len(piece))
        if _BREAK.match(text, at + same):
            yield at, at + same
        at = text.find(secret.head or "", at + 1)


def _holds_encoded(run: str, secrets: Iterable[_Secret]) -> bool:
    """Whether a run of letters is the base64 of something with a secret in it, as in a Basic header."""
    run = run.rstrip("=").replace("-", "+").replace("_", "/")
    # What stands right before it, as in a path, may belong to the run as well.
    pieces = [run[offset:] for offset in range(4)]
    decoded = [base64.b64decode(piece + "===" if len(piece) % 4 != 1 else piece[:-1]) for piece in pieces]
    joined = b"\n".join(decoded)
    for secret in secrets:
        if any(form in joined for form in secret.bytes):
            return True
        begun = secret.head is not None and secret.head.encode(errors="replace") in joined
        if begun and any(any(_cut_off(piece.decode("latin-1"), secret)) for piece in decoded):
            return True
    return False


def _masked_at(text: str, spans: list[Span]) -> str:
    """The text with a mask in each of the places, those that touch or overlap as one."""
    pieces: list[str] = []
    done = 0
    for start, end in sorted(spans):
        if start > done or not pieces:
            pieces += (text[done:start], MASK)
        done = max(done, end)
    return "".join((*pieces, text[done:]))
