# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shape of responses without their values: names, types, lengths, forms. Private: may change in any release.

Values are left out, as they may be secret or about people. Only words that a program has made for programs stay:
versions, and names of Astera's own types.
"""

from __future__ import annotations

import re
from typing import Any

from .._redaction.names import is_mask, is_secret_name

#: Levels, fields of an object and paths in all. They bound the report of a hostile response.
MAX_LEVELS = 8
MAX_FIELDS = 200
MAX_PATHS = 2000
#: Items of a list that are described.
MAX_ITEMS = 500

#: No dot, colon, slash or hyphen: in a dictionary the name of a field may be a host, an address or a path.
_NAME = re.compile(r"[A-Za-z_$@][A-Za-z0-9_$]{0,99}")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,99}")
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*(?:"|$)')
_SCHEME = re.compile(r"(?:^|,)\s*([A-Za-z][A-Za-z0-9-]{0,29})(?=\s*(?:,|$)|\s+[^\s=])")
_PARAMETER = re.compile(r"([A-Za-z][A-Za-z0-9_-]{0,29})\s*=\s*[^\s=,]")
_OWN_TYPE = re.compile(r"Astera(?:\.[A-Za-z][A-Za-z0-9]*){1,9}")
_VERSION = re.compile(r"v?\d{1,5}(?:\.\d{1,9}){1,3}")
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.(\d+))?)?(Z|[+-]\d\d:?\d\d)?")
_FORMS = (
    # Three parts alone are no token.
    ("JSON web token", re.compile(r"(?=.{61})[\w-]+\.[\w-]+\.[\w-]*")),
    ("GUID", re.compile(r"\{?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}?", re.IGNORECASE)),
    ("date", re.compile(r"\d{4}-\d\d-\d\d")),
    ("time of day", re.compile(r"\d\d?:\d\d(?::\d\d(?:\.\d+)?)?")),
    ("number as text", re.compile(r"-?\d+(?:\.\d+)?")),
    ("boolean as text", re.compile(r"true|false", re.IGNORECASE)),
    ("Windows path", re.compile(r"(?:[A-Za-z]:|\\)\\.*", re.DOTALL)),
    ("URL", re.compile(r"https?://\S*")),
    ("markup", re.compile(r"<.*", re.DOTALL)),
)


def form_of(text: str, name: str = "") -> str:
    """The form of a text in the field ``name``."""
    if not text:
        return "empty"
    if is_mask(text):
        return "mask"
    if is_secret_name(name):
        return "secret"
    if "version" in name.lower() and _VERSION.fullmatch(text):
        return f"version {text}"
    return own_type(text) or _date_form(text) or next((form for form, some in _FORMS if some.fullmatch(text)), "text")


def own_type(text: str) -> str | None:
    """The name of one of Astera's types."""
    return text if _OWN_TYPE.fullmatch(text) else None


def _date_form(text: str) -> str | None:
    match = _DATE_TIME.fullmatch(text)
    if not match:
        return None
    digits = f"{len(match[1])} fraction digits" if match[1] else "no fraction"
    zone = {"Z": "Z", None: "no offset"}.get(match[2], "an offset")
    return f"date-time with {digits} and {zone}"


def shape_of(value: Any) -> dict[str, str]:
    """A description for each path in a value, such as ``[].schedule.typeName``. The items of a list share a path."""
    shape: dict[str, str] = {}
    _describe(shape, [value], "", MAX_LEVELS)
    return shape


def safe_name(name: Any) -> str:
    """The name of a field, if a program would choose it."""
    return _matching(_NAME, name)


def safe_header(name: Any) -> str:
    """The name of a header, if a program would choose it."""
    return _matching(_HEADER, name)


def challenge_form(value: str) -> str:
    """Schemes and names of parameters of a header WWW-Authenticate. A realm often names the host."""
    bare = _QUOTED.sub("text", value)
    schemes = ", ".join(_SCHEME.findall(bare)) or "(another scheme)"
    names = _PARAMETER.findall(bare)
    return f"{schemes} with {', '.join(names)}" if names else schemes


def _matching(pattern: re.Pattern[str], name: Any) -> str:
    return str(name) if pattern.fullmatch(str(name)) else "(another name)"


def _describe(shape: dict[str, str], values: list[Any], path: str, levels: int, of: int = 0) -> None:
    """Describe the values of one path, and all below it. ``of`` counts the objects that could hold one."""
    if len(shape) >= MAX_PATHS or levels < 0:
        return
    name = path.rpartition(".")[2]
    description = " or ".join(sorted({_kind(value, name) for value in values[:MAX_ITEMS]}))
    # The length of a secret is a part of it.
    sized = list if is_secret_name(name) else (list, str)
    lengths = sorted(len(value) for value in values if isinstance(value, sized))
    if lengths:
        low, high = lengths[0], lengths[-1]
        description += f", length {low}" if low == high else f", length {low} to {high}"
    shape[path or "(response)"] = description + (f", in {len(values)} of {of}" if len(values) < of else "")
    items = [item for value in values if isinstance(value, list) for item in value][:MAX_ITEMS]
    if items:
        _describe(shape, items, f"{path}[]", levels - 1)
    objects = [value for value in values if isinstance(value, dict)]
    for field, found in list(_fields(objects).items())[:MAX_FIELDS]:
        _describe(shape, found, f"{path}.{field}" if path else field, levels - 1, len(objects))


def _fields(objects: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """The values of objects by the names of their fields."""
    found: dict[str, list[Any]] = {}
    for obj in objects:
        for name, value in obj.items():
            found.setdefault(safe_name(name), []).append(value)
    return found


def _kind(value: Any, name: str) -> str:
    if isinstance(value, str):
        form = form_of(value, name)
        return form if form == "text" else f"text ({form})"
    kinds = {type(None): "null", bool: "boolean", int: "whole number", float: "number", list: "list", dict: "object"}
    return kinds.get(type(value), "other")
