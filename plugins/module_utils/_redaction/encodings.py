# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The forms in which a server may write a secret. Private: may change in any release."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from functools import lru_cache

#: Letters of base64. Fewer stand in too many texts by chance. A secret of five bytes has as many. Of a long secret
#: the first ones are enough.
MIN_BASE64 = 6
MAX_BASE64 = 30
#: Characters at the start of a secret that are redacted where a text breaks off after them.
MIN_PREFIX = 8
#: Where a text breaks off: before dots or at its end, maybe after a quote or a bracket.
_BREAK = re.compile(r"\W*(?:\.\.|\u2026|\Z)")
#: HTML has a name for these, and a form has a sign for a blank.
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;", " ": "+"}

Span = tuple[int, int]


def occurrences(secret: str, text: str) -> Iterator[Span]:
    """Where a text has a secret in a usual encoding, or the start of it where the text breaks off."""
    for match in _pattern_of(secret).finditer(text):
        yield match.span(1)
    if len(secret) > MIN_PREFIX:
        for match in re.finditer(re.escape(secret[:MIN_PREFIX]), text, re.IGNORECASE):
            start, end = match.span()
            for one, other in zip(text[end:], secret[MIN_PREFIX:]):
                if one.lower() != other.lower():
                    break
                end += 1
            if _BREAK.match(text, end):
                yield start, end


@lru_cache(maxsize=256)
def _pattern_of(secret: str) -> re.Pattern[str]:
    """Finds a secret as its group 1, also where two occurrences overlap."""
    return re.compile(f"(?=({'|'.join(_forms(secret))}))", re.IGNORECASE)


def _forms(secret: str) -> Iterator[str]:
    yield "".join(_escaped(unit) for unit in re.findall(r"\\+|[^\\]", secret))
    yield re.escape(secret)
    for codec in ("utf-8", "utf-16-le"):
        yield from _in_base64(secret.encode(codec, "replace"))


def _escaped(unit: str) -> str:
    """A character as it may read in JSON, Python, HTML or a URL. Libraries differ in which ones they escape.

    A row of backslashes counts as one, or else there were endless ways to read it.
    """
    if unit.isascii() and unit.isalnum():
        return unit
    character, number = unit[0], len(unit)
    forms = {
        json.dumps(character)[1:-1],
        repr(character)[1:-1],
        f"\\{character}",
        re.sub("(.{4})", r"\\u\1", character.encode("utf-16-be", "replace").hex()),
        _NAMED.get(character, character),
        f"&#{ord(character)};",
        f"&#x{ord(character):x};",
        re.sub("(.{2})", r"%\1", character.encode("utf-8", "replace").hex()),
    }
    escaped = sorted(forms - {character}, key=len, reverse=True)
    rows = [f"(?:{re.escape(form)}){{{number}}}" for form in escaped]
    by_itself = rf"\\{{{number}}}(?!\\)" if character == "\\" else re.escape(character)
    return f"(?:{'|'.join([*rows, by_itself])})"


def _in_base64(data: bytes) -> Iterator[str]:
    """The letters that only the secret decides, at each of the three places that it can have among other bytes.

    What follows them is redacted, too: the rest of a long secret, and a letter that only depends on it.
    """
    for offset in range(3):
        letters = base64.b64encode(bytes(offset) + data).decode()
        own = letters[-(-offset * 8 // 6) : (offset + len(data)) * 8 // 6]
        if len(own) >= MIN_BASE64:
            yield own[:MAX_BASE64].replace("+", "[+-]").replace("/", "[/_]") + "[a-z0-9+/_=-]*"
