# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Removal of secrets from texts. Private: may change in any release.

It works as in the runners of CI systems: each secret is registered in its usual encodings, and every occurrence is
replaced. Nothing is decoded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from .encodings import encoded_forms, lower_case
from .names import MASK, is_mask, texts_in

#: Characters. A shorter secret would blank out half of every text.
MIN_REDACTED = 3
#: Characters at the start of a secret that are redacted where a text breaks off after them.
MIN_PREFIX = 8
#: Fields of a result that are sentences of ours and may quote the server.
SENTENCES = frozenset({"msg", "message", "hint"})
#: Fields of a result that hold numbers as text. A secret that reads like one is not redacted there.
_NUMBERS = frozenset({"elapsed", "id", "job_id", "path", "status", "table"})
_LIKE_NUMBER = re.compile(r"[0-9.eE+-]+")
#: Characters of a secret that reads like a number and is longer than ids, times and counts are.
_LONG_NUMBER = 6
#: A text such as a time or a version, in which a short number would be found by chance.
_DIGITS_ONLY = re.compile(r"[0-9\s:.,TZ+/-]+")
#: A secret that is not known here, such as one in the connection string of a database.
_ASSIGNED = re.compile(r"(?:password|passwd|pwd|secret|token)\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s;,&\"']+)", re.IGNORECASE)
#: Where a text breaks off: before dots or at its end, maybe after a quote or a bracket.
_BREAK = re.compile(r"\W*(?:\.\.|\u2026|\Z)")

Span = tuple[int, int]


class Redactor:
    """Secrets of one task."""

    def __init__(self, secrets: Iterable[Any] = ()) -> None:
        #: Each secret with the forms that texts of the server are searched for.
        self._forms: dict[str, list[str]] = {}
        #: Those that are searched for in every value, and not only in texts of the server.
        self._own: set[str] = set()
        self.add(*secrets)

    def add(self, *values: Any) -> None:
        """Add secrets: texts, numbers, and all of these in lists and dictionaries."""
        self._own.update(self._register(values))

    def add_from_server(self, *values: Any) -> None:
        """Add the server's value of a secret field. It may not be a secret: a kind of secret, or a mask.

        So it is redacted in texts of the server only. Elsewhere it might be a part of a path that a later task needs.
        """
        self._register([value for value in values if not is_mask(value)])

    def _register(self, values: Iterable[Any]) -> list[str]:
        # A server or a header need not keep the blanks around it.
        texts = [text.strip() for value in values for text in texts_in(value)]
        found = [text for text in texts if len(text) >= MIN_REDACTED]
        self._forms.update({text: encoded_forms(text) for text in found if text not in self._forms})
        return found

    def redact(self, value: Any) -> Any:
        """A copy of a result without the secrets.

        Sentences may quote the server, so they are redacted in every encoding. All other texts are redacted letter by
        letter, as Ansible does it.
        """
        own = sorted(self._own, key=len, reverse=True)
        return self._redacted(value, own, [secret for secret in own if not is_ambiguous(secret)])

    def _redacted(self, value: Any, secrets: list[str], clear: list[str]) -> Any:
        """``clear`` are those of the secrets that are not ambiguous."""
        if isinstance(value, dict):
            return {
                key: self.redact_sentence(item)
                if key in SENTENCES and isinstance(item, str)
                else self._redacted(item, clear if key in _NUMBERS else secrets, clear)
                for key, item in value.items()
            }
        if isinstance(value, (list, tuple)):
            return [self._redacted(item, secrets, clear) for item in value]
        if not isinstance(value, str):
            return value
        if value in secrets:
            return MASK
        for secret in clear if _DIGITS_ONLY.fullmatch(value) else secrets:
            value = value.replace(secret, MASK)
        return value

    def redact_sentence(self, text: str) -> str:
        """A sentence of ours without the secrets. What it quotes of the server is without them already.

        So its ids, times and counts stay, whatever the secrets are.
        """
        searched = [secret for secret in self._forms if len(secret) >= _LONG_NUMBER or not is_ambiguous(secret)]
        return self._without(text, searched)

    def redact_text(self, text: str) -> str:
        """A text of the server without the secrets, in every usual encoding."""
        return self._without(text, self._forms)

    def redact_deep(self, value: Any) -> Any:
        """The same for every text below a value, and for the names of fields."""
        if isinstance(value, dict):
            return {self.redact_text(str(key)): self.redact_deep(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.redact_deep(item) for item in value]
        return self.redact_text(value) if isinstance(value, str) else value

    def _without(self, text: str, secrets: Iterable[str]) -> str:
        spans = [match.span(1) for match in _ASSIGNED.finditer(text)]
        lower = lower_case(text)
        for secret in secrets:
            forms = self._forms[secret]
            # Few texts hold a secret. For all others this test is the quickest.
            for form in forms:
                if form in lower:
                    spans += _occurrences(lower, form)
            if forms[0][:MIN_PREFIX] in lower:
                spans += _cut_off(lower, forms[0])
        return _redacted_at(text, spans) if spans else text


def is_ambiguous(text: str) -> bool:
    """Whether a secret reads like a number, which results contain for other reasons."""
    return bool(_LIKE_NUMBER.fullmatch(text))


def assigned_in(text: str) -> list[str]:
    """What follows ``password=`` and the like, without quotes."""
    return [match[1].strip("\"'") for match in _ASSIGNED.finditer(text)]


def _occurrences(text: str, form: str) -> Iterator[Span]:
    """All of them, also those that overlap."""
    for match in re.finditer(f"(?=({re.escape(form)}))", text):
        yield match.span(1)


def _cut_off(text: str, secret: str) -> Iterator[Span]:
    """Where a text ends inside a secret, because the server has cut its quotation."""
    if len(secret) > MIN_PREFIX:
        for start, after in _occurrences(text, secret[:MIN_PREFIX]):
            end = after
            while end < start + len(secret) and text.startswith(secret[end - start], end):
                end += 1
            if _BREAK.match(text, end):
                yield start, end


def _redacted_at(text: str, spans: list[Span]) -> str:
    """The text with a mask in each of the places. Those that touch or overlap have one together."""
    pieces: list[str] = []
    done = 0
    for start, end in sorted(spans):
        if start > done or not pieces:
            pieces += (text[done:start], MASK)
        done = max(done, end)
    return "".join((*pieces, text[done:]))
