# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JSON as a server may send it: what could not be sent back does not count as such.

Private: may change in any release.
"""

from __future__ import annotations

import json
import math
from typing import Any

from .._errors import input_error
from .paths import MISSING, is_deeper

#: Levels of lists and objects. .NET's own readers and writers end at 64; with some hundreds more, ours would fail.
MAX_JSON_DEPTH = 100


def decoded(text: str) -> Any:
    """JSON where the text is JSON, the stripped text itself otherwise, None when it is empty."""
    data = parse_json(text)
    return (text.strip() or None) if data is MISSING else data


def parse_json(text: str) -> Any:
    """The data of a text that is JSON; ``MISSING`` for any other text.

    What could not be sent back does not count as JSON: words and numbers that only Python reads, and endless nesting.
    """
    try:
        data = json.loads(text.strip(), parse_constant=_finite, parse_float=_finite)
    except (ValueError, RecursionError):
        return MISSING
    return MISSING if is_deeper(data, MAX_JSON_DEPTH) else data


def json_bytes(data: Any) -> bytes:
    """Data as JSON. An input error for what JSON does not have: infinity, NaN, and objects of Python's own."""
    try:
        return json.dumps(data, allow_nan=False).encode("ascii")
    except (TypeError, ValueError):
        raise input_error(
            "a value in the options cannot be written as JSON", "Replace infinity or NaN, which JSON does not have."
        ) from None


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number
