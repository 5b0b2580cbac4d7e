# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Secret names, and the redaction of what stands under them. Private: may change in any release."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

MASK = "********"

_SECRET_NAME = re.compile(
    r"pass(phrase|wd)?$|pwd$|password|secret|token$|credential|^(proxy[-_]?)?authorization$"
    r"|(api|access|private|license|encryption|account|product|shared)[-_]?key$",
    re.IGNORECASE,
)
#: The halves of a pair, such as ``ParameterName`` and ``Value``.
_PAIR_NAME = re.compile(r".*name|key", re.IGNORECASE)
_PAIR_VALUE = re.compile(r".*value", re.IGNORECASE)
_MASK = re.compile(r"\*+|\u2022+|\u25cf+|x{4,}|<[^<>]*>|\[[^][]*\]", re.IGNORECASE)


def is_secret_name(name: str) -> bool:
    """Whether a name reads like that of a secret. For fields that no field list knows."""
    return bool(_SECRET_NAME.search(name))


def is_secret_field(obj: dict[str, Any], name: str) -> bool:
    """Whether a field holds a secret: by its own name, or as the value beside a text that is a secret name."""
    if is_secret_name(name):
        return True
    return bool(_PAIR_VALUE.fullmatch(name)) and any(
        isinstance(text, str) and is_secret_name(text) and _PAIR_NAME.fullmatch(str(key)) for key, text in obj.items()
    )


def is_secret_path(obj: Any, path: Sequence[str]) -> bool:
    """Whether one of the fields on a path holds a secret, or the name is secret where there is no such object."""
    for name in path:
        if not isinstance(obj, dict):
            return is_secret_name(name)
        if is_secret_field(obj, name):
            return True
        obj = obj.get(name)
    return False


def is_mask(value: Any) -> bool:
    """Whether a value reads like a mask: what a server shows in place of a secret."""
    return isinstance(value, str) and bool(_MASK.fullmatch(value.strip()))


def texts_in(value: Any) -> Iterator[str]:
    """Every text and number in ``value``, at every depth, as text. Booleans and empty texts are left out."""
    if isinstance(value, (dict, list, tuple)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from texts_in(item)
    elif isinstance(value, (str, int, float)) and not isinstance(value, bool) and value != "":
        yield str(value)


def secret_values(value: Any) -> Iterator[str]:
    """Every text and number below the secret names in ``value``."""
    if isinstance(value, dict):
        for key, item in value.items():
            if is_secret_field(value, str(key)):
                # A boolean stands in every result, also as a text.
                yield from (text for text in texts_in(item) if text not in ("true", "false"))
            else:
                yield from secret_values(item)
    elif isinstance(value, list):
        for item in value:
            yield from secret_values(item)


def redact_fields(value: Any) -> Any:
    """A copy of a value without a field list, in which all that stands below secret names is redacted."""
    if isinstance(value, dict):
        return {
            key: redact_all(item) if is_secret_field(value, str(key)) else redact_fields(item)
            for key, item in value.items()
        }
    return [redact_fields(item) for item in value] if isinstance(value, list) else value


def redact_all(value: Any) -> Any:
    """A copy in which all is redacted but the names of fields and what is empty."""
    if isinstance(value, dict):
        return {key: redact_all(item) for key, item in value.items()}
    if isinstance(value, list):
        return [redact_all(item) for item in value]
    return value if value in (None, "") else MASK
