# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fields of the server's JSON objects, found by path and without regard to case. Private: may change in any release.

The documentation writes some names in camelCase and some in PascalCase, and the casing of real responses is unknown.
So fields are read in any casing and written back under the very name that the server used.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any, Union

#: The value of an absent field, since ``None`` is a value of its own.
MISSING: Any = type("Missing", (), {"__repr__": lambda self: "MISSING", "__bool__": lambda self: False})()


#: A dotted path, or a tuple of names where a name may hold a dot.
Path = Union[str, "tuple[str, ...]"]


def _names(path: Path) -> Sequence[str]:
    return path.split(".") if isinstance(path, str) else path


def is_deeper(value: Any, levels: int) -> bool:
    """Whether lists and objects are nested in more levels than that."""
    if not isinstance(value, (dict, list)):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(is_deeper(item, levels - 1) for item in inner)


def field_name(obj: dict[str, Any], name: str) -> str:
    """The object's own spelling of ``name``, or ``name`` where the object has no such field."""
    if name in obj:
        return name
    lowered = name.lower()
    return next((key for key in obj if key.lower() == lowered), name)


def get_field(obj: Any, path: Path) -> Any:
    """The value at a path, or ``MISSING``."""
    for name in _names(path):
        if not isinstance(obj, dict):
            return MISSING
        obj = obj.get(field_name(obj, name), MISSING)
    return obj


def put_field(obj: dict[str, Any], path: Path, value: Any) -> None:
    """Set the value at a path, making the objects on the way where they are absent or null."""
    *parents, last = _names(path)
    for name in parents:
        key = field_name(obj, name)
        if not isinstance(obj.get(key), dict):
            obj[key] = {}
        obj = obj[key]
    obj[field_name(obj, last)] = value


def leaves(obj: dict[str, Any], prefix: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Path and value of everything below ``obj`` that is not itself a filled object. Lists count as values."""
    for key, value in obj.items():
        path = (*prefix, str(key))
        if isinstance(value, dict) and value:
            yield from leaves(value, path)
        else:
            yield path, value


def merged(base: Any, extra: dict[str, Any]) -> dict[str, Any]:
    """A copy of ``base`` with the fields of ``extra`` laid over it at every depth. Lists are replaced whole."""
    result: dict[str, Any] = copy.deepcopy(base) if isinstance(base, dict) else {}
    for name, value in extra.items():
        key = field_name(result, str(name))
        result[key] = merged(result.get(key), value) if isinstance(value, dict) else copy.deepcopy(value)
    return result
