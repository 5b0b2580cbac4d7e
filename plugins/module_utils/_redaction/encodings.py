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
#: Characters at the start of a secret that are redacted, with what follows, where a text breaks off soon after them.
MIN_PREFIX = 8
#: What follows: up to dots or the end of the text, maybe after a quote or a bracket.
_CUT_OFF = r"\S{0,99}?(?=\W{0,3}(?:\.\.|\u2026|\Z))"
#: HTML has a name for these, and a form has a sign for a blank.
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;", " ": "+"}


@lru_cache(maxsize=2)
def pattern_of(secrets: frozenset[str]) -> re.Pattern[str]:
    """What finds the secrets in every usual encoding. Of those that begin at one place it finds the longest."""
    longest_first = sorted(secrets, key=len, reverse=True)
    return re.compile("|".join(form for secret in longest_first for form in _forms(secret)), re.IGNORECASE)


def _forms(secret: str) -> Iterator[str]:
    letters = [_escaped(character) for character in secret]
    start, rest = "".join(letters[:MIN_PREFIX]), "".join(letters[MIN_PREFIX:])
    yield f"{start}(?:{rest}|{_CUT_OFF})" if rest else start
    yield re.escape(secret)
    for codec in ("utf-8", "utf-16-le"):
        yield from _in_base64(secret.encode(codec, "replace"))


def _escaped(character: str) -> str:
    """A character as it may read in JSON, Python, HTML or a URL. Libraries differ in which ones they escape."""
    if character.isascii() and character.isalnum():
        return character
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
    # Half of an escaped backslash is no backslash, or else there were endless ways to read a row of them.
    by_itself = r"\\(?!\\)" if character == "\\" else re.escape(character)
    return f"(?:{'|'.join([*map(re.escape, sorted(forms - {character}, key=len, reverse=True)), by_itself])})"


def _in_base64(data: bytes) -> Iterator[str]:
    """The letters that only the secret decides, at each of the three places that it can have among other bytes.

    What follows them is redacted, too: the rest of a long secret, and a letter that only depends on it.
    """
    for offset in range(3):
        letters = base64.b64encode(bytes(offset) + data).decode()
        own = letters[-(-offset * 8 // 6) : (offset + len(data)) * 8 // 6]
        if len(own) >= MIN_BASE64:
            yield own[:MAX_BASE64].replace("+", "[+-]").replace("/", "[/_]") + "[a-z0-9+/_=-]*"
