# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Removal of secrets from texts. Private: may change in any release.

It works as in the runners of CI systems: each secret is registered in its usual encodings, and every occurrence is
replaced. Nothing is decoded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from .encodings import occurrences
from .names import MASK, is_mask, secret_values

#: Characters. A shorter secret would blank out half of every text.
MIN_REDACTED = 3
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


class Redactor:
    """Secrets of one task."""

    def __init__(self, secrets: Iterable[Any] = ()) -> None:
        #: Those that are searched for in texts of the server.
        self._known: set[str] = set()
        #: Those that are searched for in every value, the longest first.
        self._own: list[str] = []
        self.add(*secrets)

    def add(self, *values: Any) -> None:
        """Add secrets: texts, numbers, and all of these in lists and dictionaries."""
        self._own = sorted({*self._own, *self._register(values)}, key=len, reverse=True)

    def add_from_server(self, *values: Any) -> None:
        """Add the server's value of a secret field. It may not be a secret: a kind of secret, or a mask.

        So it is redacted in texts of the server only. Elsewhere it might be a part of a path that a later task needs.
        """
        self._register([value for value in values if not is_mask(value)])

    def _register(self, values: Any) -> set[str]:
        # A server or a header need not keep the blanks around it.
        found = {text.strip() for text in secret_values(values, is_secret=True) if len(text.strip()) >= MIN_REDACTED}
        self._known |= found
        return found

    def redact(self, value: Any, key: str = "") -> Any:
        """A copy of a result without the secrets; ``key`` is the field that holds the value.

        Sentences may quote the server, so they are redacted in every encoding. All other texts are redacted letter by
        letter, as Ansible does it.
        """
        if isinstance(value, dict):
            return {name: self.redact(item, name) for name, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.redact(item, key) for item in value]
        if not isinstance(value, str):
            return value
        if key in SENTENCES:
            return self.redact_sentence(value)
        is_number = key in _NUMBERS or (_DIGITS_ONLY.fullmatch(value) and value not in self._own)
        for secret in self._own:
            if not (is_number and is_ambiguous(secret)):
                value = value.replace(secret, MASK)
        return value

    def redact_sentence(self, text: str) -> str:
        """A sentence of ours without the secrets. What it quotes of the server is without them already.

        So its ids, times and counts stay, whatever the secrets are.
        """
        return self.redact_text(text, (one for one in self._known if len(one) >= _LONG_NUMBER or not is_ambiguous(one)))

    def redact_text(self, text: str, secrets: Iterable[str] | None = None) -> str:
        """A text of the server without the secrets (default: all), in every usual encoding."""
        spans = [match.span(1) for match in _ASSIGNED.finditer(text)]
        for secret in self._known if secrets is None else secrets:
            spans += occurrences(secret, text)
        pieces: list[str] = []
        done = 0
        # Those that touch or overlap have one mask together.
        for start, end in sorted(spans):
            if start > done or not pieces:
                pieces += [text[done:start], MASK]
            done = max(done, end)
        return "".join([*pieces, text[done:]])

    def redact_deep(self, value: Any) -> Any:
        """The same for every text below a value, and for the names of fields."""
        if isinstance(value, dict):
            return {self.redact_text(str(key)): self.redact_deep(item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.redact_deep(item) for item in value]
        return self.redact_text(value) if isinstance(value, str) else value


def is_ambiguous(text: str) -> bool:
    """Whether a secret reads like a number, which results contain for other reasons."""
    return bool(_LIKE_NUMBER.fullmatch(text))


def assigned_in(text: str) -> list[str]:
    """What follows ``password=`` and the like, without quotes."""
    return [match[1].strip("\"'") for match in _ASSIGNED.finditer(text)]
