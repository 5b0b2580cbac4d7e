# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reading what the server answers, in every form that is known or thinkable. Private: may change in any release."""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
from collections.abc import Callable
from typing import Any

from ._errors import printable
from ._members import MISSING, get_member, is_deeper

LONGEST_WORDS = 500
#: Characters of a text that are looked at when its first words are wanted.
LONGEST_READ = 16_384
#: Levels of lists and objects. .NET's own readers and writers end at 64; with some hundreds more, ours would fail.
DEEPEST = 100
#: Where the token may stand in the login's answer: the first was seen, the others are allowed for.
TOKEN_NAMES = ("access_token", "accessToken", "token", "auth_token")
_TAG = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^<>]*>", re.IGNORECASE | re.DOTALL)
_TOKEN = re.compile(r"[!-;=?-~]+")


def decoded(text: str) -> Any:
    """JSON where the text is JSON, the stripped text itself otherwise, None when it is empty."""
    data = json_in(text)
    return (text.strip() or None) if data is MISSING else data


def json_in(text: str) -> Any:
    """The data of a text that is JSON; ``MISSING`` for any other text.

    What could not be sent back does not count as JSON: words and numbers that only Python reads, and endless nesting.
    """
    try:
        data = json.loads(text.strip(), parse_constant=_refused, parse_float=_finite)
    except (ValueError, RecursionError):
        return MISSING
    return MISSING if is_deeper(data, DEEPEST) else data


def object_in(data: Any) -> dict[str, Any] | None:
    """The object of an answer. A list of just one object is taken for that object."""
    if isinstance(data, list) and len(data) == 1:
        data = data[0]
    return data if isinstance(data, dict) else None


def _refused(word: str) -> Any:
    raise ValueError(word)


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refused(text)


def words_of(text: str, hide: Callable[[str], str] = str) -> str:
    """The server's own words in an error body: plain text, a JSON string, problem details, model state or HTML.

    ``hide`` takes secrets out, before anything is joined or cut.
    """
    data = decoded(text)
    if isinstance(data, str) and data.lstrip().startswith("<"):
        import html  # large, and seldom needed

        # What looks like a tag may be part of a secret.
        sentences = [html.unescape(_TAG.sub(" ", hide(data[:LONGEST_READ])))]
    else:
        sentences = _sentences(data)
    words = ""
    for sentence in sentences:
        told = " ".join(printable(hide(sentence[:LONGEST_READ])).split())
        words = f"{words}; {told}" if words else told
        if len(words) > LONGEST_WORDS:
            return words[: LONGEST_WORDS - 3] + "..."
    return words


def _sentences(data: Any) -> list[str]:
    """Every piece of text in a JSON error body that is meant for people, the most telling members first."""
    if isinstance(data, dict):
        told = [
            get_member(data, name) for name in ("detail", "message", "title", "error_description", "error", "errors")
        ]
        found = [sentence for value in told if value is not MISSING for sentence in _sentences(value)]
        if found:
            return list(dict.fromkeys(found))
        return [f"{name}: {sentence}" for name, value in data.items() for sentence in _sentences(value)]
    if isinstance(data, list):
        return [sentence for value in data for sentence in _sentences(value)]
    return [] if data is None else [str(data)]


def is_token(text: str) -> bool:
    """Whether a text can go into a header: printable ASCII without blanks, and no markup."""
    return bool(_TOKEN.fullmatch(text))


def token_name_in(data: Any) -> str | None:
    """Which of ``TOKEN_NAMES`` holds the token of a login answer."""
    for name in TOKEN_NAMES:
        value = get_member(data, name)
        if isinstance(value, str) and is_token(value):
            return name
    return None


def token_in(data: Any) -> str | None:
    """The token of a login answer: in a member, or a bare text."""
    name = token_name_in(data)
    token = data if name is None else get_member(data, name)
    return token if isinstance(token, str) and is_token(token) else None


def claims_in(token: str) -> dict[str, Any] | None:
    """What a JWT says; None when it cannot be read."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, RecursionError, binascii.Error):
        return None
    return claims if isinstance(claims, dict) else None


def expiry_in(token: str) -> int | None:
    """Seconds since 1970 at which a JWT says it expires; None when it cannot be read."""
    return seconds_in(claims_in(token) or {}, "exp")


def seconds_in(claims: dict[str, Any], name: str) -> int | None:
    """A moment that a JWT tells, in seconds since 1970."""
    moment = claims.get(name)
    if isinstance(moment, float) and not math.isfinite(moment):
        return None
    return int(moment) if isinstance(moment, (int, float)) else None


def lifetime_in(data: Any) -> int | None:
    """Seconds that a token lives, as the login's response says beside it; None where it does not."""
    value = get_member(data, "expires_in")
    if isinstance(value, str) and re.fullmatch(r"\s*[0-9]{1,18}\s*", value):
        value = int(value)
    if isinstance(value, bool) or (isinstance(value, float) and not math.isfinite(value)):
        return None
    return int(value) if isinstance(value, (int, float)) and value > 0 else None


def path_in(data: Any) -> str | None:
    """The path in an upload's answer: plain text, a JSON string, or a member whose name ends in ``path``."""
    if isinstance(data, str):
        return data or None
    if isinstance(data, dict):
        named = [
            value for name, value in data.items() if name.lower().endswith("path") and isinstance(value, str) and value
        ]
        nested = [path for value in data.values() if isinstance(value, dict) and (path := path_in(value))]
        return next(iter(named + nested), None)
    return None


def status_word_in(data: Any, hide: Callable[[str], str] = str) -> str | None:
    """The status in a job's response: a bare JSON string was seen; plain text, a number and an object are read too.

    A number is the place in an enumeration that nobody documents, so it is shown as it came.
    ``hide`` takes secrets out, before anything is cut.
    """
    if isinstance(data, dict):
        data = next(
            (value for name in ("status", "jobStatus", "state") if (value := get_member(data, name)) is not MISSING),
            None,
        )
    if isinstance(data, (int, float)) and not isinstance(data, bool):
        data = str(data)
    word = data.strip() if isinstance(data, str) else ""
    # A page of a proxy or of a server that starts is no word, and neither is JSON that was cut short.
    if not word or word[0] in '{["' or "<" in word or not word.isprintable():
        return None
    return hide(word[:LONGEST_READ])[:LONGEST_WORDS]


def trace_text_in(data: Any) -> str:
    """The text of a job's trace, whose form is unknown: text, or a list of texts or of objects, maybe in an object."""
    if isinstance(data, dict):
        data = next((value for value in data.values() if isinstance(value, list) and value), [data])
    if not isinstance(data, list):
        return "" if data is None else str(data)
    return "\n".join(_trace_line(entry) for entry in data)


def _trace_line(entry: Any) -> str:
    """One entry of a trace: all that an object says, in its order."""
    values = entry.values() if isinstance(entry, dict) else [entry]
    told = [value for value in values if value not in (None, "", [], {})]
    return " ".join(json.dumps(value) if isinstance(value, (dict, list)) else str(value) for value in told)


def job_id_in(data: Any) -> int | None:
    """The job's number: ``jobId`` as a number was seen; text and a bare number are allowed for."""
    if isinstance(data, dict):
        data = get_member(data, "jobId")
    if isinstance(data, str) and re.fullmatch(r"\s*[0-9]{1,18}\s*", data):
        data = int(data)
    return data if isinstance(data, int) and not isinstance(data, bool) and data > 0 else None
