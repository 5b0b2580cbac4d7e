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


def secret_values(value: Any, is_secret: bool = False) -> Iterator[str]:
    """Every text and number below the secret names in ``value``, as text; with ``is_secret`` all that it holds.

    A boolean is left out, also as a text: it stands in every result.
    """
    if isinstance(value, dict):
        for key, item in value.items():
            yield from secret_values(item, is_secret or is_secret_field(value, str(key)))
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from secret_values(item, is_secret)
    elif is_secret and isinstance(value, (str, int, float)) and str(value).lower() not in ("", "true", "false"):
        yield str(value)


def redact_fields(value: Any, is_secret: bool = False) -> Any:
    """A copy of a value without a field list, in which all that stands below secret names is redacted.

    With ``is_secret``, all is redacted but the names of fields and what is empty.
    """
    if isinstance(value, dict):
        return {key: redact_fields(item, is_secret or is_secret_field(value, str(key))) for key, item in value.items()}
    if isinstance(value, list):
        return [redact_fields(item, is_secret) for item in value]
    return MASK if is_secret and value not in (None, "") else value
