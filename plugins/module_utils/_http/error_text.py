# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server's error text in a body, in every form that is known or thinkable.

Private: may change in any release.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from .._data.json_text import decoded
from .._data.paths import MISSING, get_field
from .._errors import one_line, printable

MAX_WORDS = 500


#: Characters of a page that are read for its first words.
MAX_READ = 16_384


_TAG = re.compile(r"<(script|style)\b.*?</\1\s*>|<[^<>]*>", re.IGNORECASE | re.DOTALL)


def error_text(text: str, hide: Callable[[str], str] = str) -> str:
    """The server's error text in a body: plain text, a JSON string, problem details, model state or HTML.

    ``hide`` redacts secrets before texts are joined or cut.
    """
    data = decoded(text)
    if isinstance(data, str) and data.lstrip().startswith("<"):
        import html  # large, and seldom needed

        # A tag may be part of a secret.
        sentences = [html.unescape(_TAG.sub(" ", hide(data)[:MAX_READ]))]
    else:
        sentences = _sentences(data)
    cleaned = (" ".join(printable(hide(sentence)).split()) for sentence in sentences)
    return one_line("; ".join(filter(None, cleaned)), MAX_WORDS)


def _sentences(data: Any) -> list[str]:
    """Every piece of text in a JSON error body that is meant for people, the most informative fields first."""
    if isinstance(data, dict):
        names = ("detail", "message", "title", "error_description", "error", "errors")
        found = [sentence for name in names for sentence in _sentences(get_field(data, name))]
        if found:
            return list(dict.fromkeys(found))
        return [f"{name}: {sentence}" for name, value in data.items() for sentence in _sentences(value)]
    if isinstance(data, list):
        return [sentence for value in data for sentence in _sentences(value)]
    return [] if data is None or data is MISSING else [str(data)]
