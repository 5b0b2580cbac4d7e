# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The forms in which a server may write a secret. Private: may change in any release."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from urllib.parse import quote, quote_plus

#: Letters of base64. Fewer stand in too many texts by chance. A secret of five bytes has as many.
MIN_BASE64 = 6

#: What JSON of ASCII letters only escapes.
_NOT_ASCII = re.compile(r"[^\x00-\x7e]+")
_JSON_TEXT = {code: json.dumps(chr(code), ensure_ascii=False)[1:-1] for code in range(128)}
#: JSON as every library writes it; then with ``\u0026`` for the characters that PowerShell, Newtonsoft.Json and
#: System.Text.Json escape, too.
_JSON = [
    {**_JSON_TEXT, **{ord(character): f"\\u{ord(character):04x}" for character in escaped}}
    for escaped in ("", "'&<>", "\"'&<>", "\"'&<>+`")
]
_HTML_TEXT = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
#: HTML of a text; then of an attribute by XML, WebUtility, Python and HtmlEncoder.
_HTML = [
    str.maketrans({**_HTML_TEXT, **quotes})
    for quotes in (
        {},
        {'"': "&quot;", "'": "&apos;"},
        {'"': "&quot;", "'": "&#39;"},
        {'"': "&quot;", "'": "&#x27;"},
        {'"': "&quot;", "'": "&#x27;", "+": "&#x2b;", "`": "&#x60;"},
    )
]
#: Characters that a URL keeps: none; those of a path, of HttpUtility.UrlEncode, encodeURIComponent and encodeURI.
_URL = ("", "/", "!()*", "!'()*", "!#$&'()*+,/:;=?@[]")


def encoded_forms(secret: str) -> list[str]:
    """The secret itself and how it reads in each usual encoding, all in lower case. Search in ``lower_case`` texts."""
    forms = [secret, repr(secret)[1:-1], repr('"' + secret)[2:-1], *_in_json(secret), *_in_html(secret)]
    data = secret.encode(errors="replace")
    for kept in _URL:
        forms += (quote(data, kept), quote_plus(data, kept))
    forms += (*_in_base64(data), *_in_base64(secret.encode("utf-16-le", errors="replace")))
    return list(dict.fromkeys(map(lower_case, forms)))


def lower_case(text: str) -> str:
    """The text in lower case, each character on its own, so that places in both are the same."""
    # These two are the only ones that become two characters, and that depend on what follows.
    return text.replace("\u0130", "i").replace("\u03a3", "\u03c3").lower()


def _in_json(secret: str) -> Iterator[str]:
    for table in _JSON:
        unescaped = secret.translate(table)
        for text in (unescaped, _NOT_ASCII.sub(lambda match: json.dumps(match[0])[1:-1], unescaped)):
            yield text
            yield text.replace("/", "\\/")


def _in_html(secret: str) -> Iterator[str]:
    for table in _HTML:
        text = secret.translate(table)
        yield text
        yield text.encode("ascii", "xmlcharrefreplace").decode()
        yield "".join(letter if letter.isascii() else f"&#x{ord(letter):x};" for letter in text)


def _in_base64(data: bytes) -> Iterator[str]:
    """The letters that only the secret decides, at each of the three places that it can have among other bytes.

    The last letter is one of them where the secret is the end of the data, as in a Basic header.
    """
    for offset in range(3):
        letters = base64.b64encode(bytes(offset) + data).decode().rstrip("=")
        first, end = -(-offset * 8 // 6), (offset + len(data)) * 8 // 6
        for own in (letters[first:end], letters[first:]):
            if len(own) >= MIN_BASE64:
                yield own
                yield own.replace("+", "-").replace("/", "_")
