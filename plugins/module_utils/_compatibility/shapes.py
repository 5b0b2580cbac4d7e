# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The shape of responses without their values: names, types and forms. Private: may change in any release.

Values are left out, as they may be secret or about people. Only words that a program has made for programs stay:
versions, and names of Astera's own types.
"""

from __future__ import annotations

import re
from typing import Any

from .._redaction.names import is_mask, is_secret_name

#: No dot, colon, slash or hyphen: in a dictionary the name of a field may be a host, an address or a path.
_NAME = re.compile(r"[A-Za-z_$@][A-Za-z0-9_$]{0,99}")
_OWN_TYPE = re.compile(r"Astera(?:\.[A-Za-z][A-Za-z0-9]*){1,9}")
_VERSION = re.compile(r"v?\d{1,5}(?:\.\d{1,9}){1,3}")
_DATE_TIME = r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?"
_FORMS = {
    "date-time with an offset": re.compile(_DATE_TIME + r"(?:Z|[+-]\d\d:?\d\d)"),
    "date-time without an offset": re.compile(_DATE_TIME),
    "time of day": re.compile(r"\d\d?:\d\d(?::\d\d(?:\.\d+)?)?"),
    "number as text": re.compile(r"-?\d+(?:\.\d+)?"),
}
_TYPES = {type(None): "null", bool: "boolean", int: "whole number", float: "number", list: "list", dict: "object"}


def form_of(value: Any, name: str = "") -> str:
    """The form of a value in the field ``name``."""
    if not isinstance(value, str):
        return _TYPES[type(value)]
    if not value:
        return "empty text"
    if is_mask(value):
        return "mask"
    if is_secret_name(name):
        return "secret text"
    if "version" in name.lower() and _VERSION.fullmatch(value):
        return f"version {value}"
    if _OWN_TYPE.fullmatch(value):
        return value
    return next((form for form, pattern in _FORMS.items() if pattern.fullmatch(value)), "text")


def shape_of(data: Any) -> dict[str, str]:
    """The forms of the values at each path, such as ``[].schedule.typeName``. The items of a list share a path."""
    forms_by_path: dict[str, set[str]] = {}
    _add(forms_by_path, "", data)
    return {path or "(response)": " or ".join(sorted(forms)) for path, forms in forms_by_path.items()}


def safe_name(name: str) -> str:
    """The name of a field, if a program would choose it."""
    return name if _NAME.fullmatch(name) else "(another name)"


def _add(forms: dict[str, set[str]], path: str, value: Any) -> None:
    forms.setdefault(path, set()).add(form_of(value, path.rpartition(".")[2]))
    if isinstance(value, list):
        for item in value:
            _add(forms, f"{path}[]", item)
    if isinstance(value, dict):
        for name, inner in value.items():
            _add(forms, f"{path}.{safe_name(name)}".lstrip("."), inner)
