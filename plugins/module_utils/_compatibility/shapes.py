# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What answers look like, without what they say: names, types, lengths, forms. Private: may change in any release.

Values are left out, as they may be secret or about people. Kept are only words that a program has made for programs:
versions, and names of Astera's own types.
"""

from __future__ import annotations

import re
from typing import Any

from .._redaction.names import is_mask, is_secret_name

#: Levels, members of an object and descriptions in all: a hostile answer makes no endless report.
DEEPEST = 8
MAX_MEMBERS = 200
MOST = 2000
#: Items of a list that are looked at.
SAMPLES = 500

#: No dot, colon, slash or hyphen: a host, an address or a path may be the name of a member, in a dictionary.
_NAME = re.compile(r"[A-Za-z_$@][A-Za-z0-9_$]{0,99}")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,99}")
#: Names of claims that begin like an address: only the name spaces that .NET knows.
_CLAIM = re.compile(r"http://schemas\.(?:xmlsoap\.org|microsoft\.com)/[A-Za-z0-9_/.-]{0,99}")
_QUOTED = re.compile(r'"(?:\\.|[^"\\])*(?:"|$)')
_SCHEME = re.compile(r"(?:^|,)\s*([A-Za-z][A-Za-z0-9-]{0,29})(?=\s*(?:,|$)|\s+[^\s=])")
_PARAMETER = re.compile(r"([A-Za-z][A-Za-z0-9_-]{0,29})\s*=\s*[^\s=,]")
_OWN_TYPE = re.compile(r"Astera(?:\.[A-Za-z][A-Za-z0-9]*){1,9}")
_VERSION = re.compile(r"v?\d{1,5}(?:\.\d{1,9}){1,3}")
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.(\d+))?)?(Z|[+-]\d\d:?\d\d)?")
_FORMS = (
    ("JSON web token", re.compile(r"[\w-]+\.[\w-]+\.[\w-]*")),
    ("GUID", re.compile(r"\{?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\}?", re.IGNORECASE)),
    ("date", re.compile(r"\d{4}-\d\d-\d\d")),
    ("time of day", re.compile(r"\d\d?:\d\d(?::\d\d(?:\.\d+)?)?")),
    ("number as text", re.compile(r"-?\d+(?:\.\d+)?")),
    ("boolean as text", re.compile(r"true|false", re.IGNORECASE)),
    ("Windows path", re.compile(r"(?:[A-Za-z]:|\\)\\.*", re.DOTALL)),
    ("address of the web", re.compile(r"https?://\S*")),
    ("markup", re.compile(r"<.*", re.DOTALL)),
)


def form_of(text: str, name: str = "") -> str:
    """What kind of text it is."""
    if not text:
        return "empty"
    if is_mask(text):
        return "mask"
    if is_secret_name(name):
        return "secret"
    return own_type(text) or version_in(text, name) or date_form(text) or _plain_form(text)


def _plain_form(text: str) -> str:
    # Whether a text has three parts is not enough to be a token.
    forms = (form for form, pattern in _FORMS if pattern.fullmatch(text) and (form != _FORMS[0][0] or len(text) > 60))
    return next(forms, "text")


def own_type(text: str) -> str | None:
    """The name of one of Astera's types."""
    return text if _OWN_TYPE.fullmatch(text) else None


def version_in(text: str, name: str) -> str | None:
    """A version, where the name says that there is one."""
    return f"version {text}" if "version" in name.lower() and _VERSION.fullmatch(text) else None


def date_form(text: str) -> str | None:
    """The form of a date with a time, None when it is none."""
    match = _DATE_TIME.fullmatch(text)
    if not match:
        return None
    digits = f"{len(match[1])} fraction digits" if match[1] else "no fraction"
    zone = {"Z": "Z", None: "no offset"}.get(match[2], "an offset")
    return f"date-time with {digits} and {zone}"


def shape_of(value: Any) -> dict[str, str]:
    """What a value looks like: for each path in it, such as ``[].schedule.typeName``, what stands there.

    The items of a list are taken together.
    """
    shape: dict[str, str] = {}
    _describe(shape, [value], "", DEEPEST)
    return shape


def safe_name(name: Any) -> str:
    """A name of a member, if it looks as a program would choose it."""
    return _if_matching(_NAME, name)


def safe_claim(name: Any) -> str:
    """A name of a claim. Those of .NET begin like an address."""
    return str(name) if _CLAIM.fullmatch(str(name)) else safe_name(name)


def safe_header(name: Any) -> str:
    """A name of a header."""
    return _if_matching(_HEADER, name)


def challenge_form(value: str) -> str:
    """Schemes and names of parameters of a header WWW-Authenticate. A realm often names the host."""
    bare = _QUOTED.sub("text", value)
    told = ", ".join(_SCHEME.findall(bare)) or "(another scheme)"
    names = _PARAMETER.findall(bare)
    return f"{told} with {', '.join(names)}" if names else told


def _if_matching(pattern: re.Pattern[str], name: Any) -> str:
    return str(name) if pattern.fullmatch(str(name)) else "(another name)"


def _describe(shape: dict[str, str], values: list[Any], path: str, levels: int, of: int = 0) -> None:
    """Describe the values of one path, and all below it. ``of`` counts the objects that could hold one."""
    if len(shape) >= MOST or levels < 0:
        return
    name = path.rpartition(".")[2]
    kinds = sorted({_kind(value, name) for value in values[:SAMPLES]})
    lengths = [len(value) for value in values if isinstance(value, list) or _is_open(value, name)]
    told = " or ".join(kinds)
    if lengths:
        told += f", length {_range(lengths)}"
    shape[path or "(answer)"] = told + (f", in {len(values)} of {of}" if len(values) < of else "")
    items = [item for value in values if isinstance(value, list) for item in value][:SAMPLES]
    if items:
        _describe(shape, items, f"{path}[]", levels - 1)
    objects = [value for value in values if isinstance(value, dict)]
    for member, found in list(_members(objects).items())[:MAX_MEMBERS]:
        _describe(shape, found, f"{path}.{member}" if path else member, levels - 1, len(objects))


def _members(objects: list[dict[str, Any]]) -> dict[str, list[Any]]:
    """The values of objects by the names of their members."""
    found: dict[str, list[Any]] = {}
    for obj in objects:
        for name, value in obj.items():
            found.setdefault(safe_name(name), []).append(value)
    return found


def _kind(value: Any, name: str) -> str:
    if isinstance(value, str):
        form = form_of(value, name)
        return form if form == "text" else f"text ({form})"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    kinds = {int: "whole number", float: "number", list: "list", dict: "object"}
    return kinds.get(type(value), "other")


def _is_open(value: Any, name: str) -> bool:
    """Whether the length of a text tells nothing that it should not."""
    return isinstance(value, str) and not is_secret_name(name)


def _range(numbers: list[int]) -> str:
    low, high = min(numbers), max(numbers)
    return str(low) if low == high else f"{low} to {high}"
