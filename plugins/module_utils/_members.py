# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Members of the server's JSON objects, found without regard to case. Private: may change in any release.

The documentation writes some names in camelCase and some in PascalCase, and the casing of real answers is unknown.
So members are read in any casing and written back under the very name that the server used.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

#: What an absent member reads as, since ``None`` is a value of its own.
MISSING: Any = type("Missing", (), {"__repr__": lambda self: "MISSING", "__bool__": lambda self: False})()

MASK = "********"
_SECRET_NAME = re.compile(
    r"pass(word|phrase|wd)?$|pwd$|secret|token$|credential|(api|access|private|license)_?key$", re.IGNORECASE
)


def looks_secret(path: str) -> bool:
    """Whether the last name of a dotted path reads like a secret. For members that no field list knows."""
    return bool(_SECRET_NAME.search(path.rsplit(".", 1)[-1]))


def member_name(obj: dict[str, Any], name: str) -> str:
    """The object's own spelling of ``name``, or ``name`` where the object has no such member."""
    if name in obj:
        return name
    lowered = name.lower()
    return next((key for key in obj if key.lower() == lowered), name)


def get_member(obj: Any, path: str) -> Any:
    """The value at a dotted path, or ``MISSING``."""
    for name in path.split("."):
        if not isinstance(obj, dict):
            return MISSING
        obj = obj.get(member_name(obj, name), MISSING)
    return obj


def put_member(obj: dict[str, Any], path: str, value: Any) -> None:
    """Set the value at a dotted path, making the objects on the way where they are absent or null."""
    *parents, last = path.split(".")
    for name in parents:
        key = member_name(obj, name)
        if not isinstance(obj.get(key), dict):
            obj[key] = {}
        obj = obj[key]
    obj[member_name(obj, last)] = value


def drop_member(obj: dict[str, Any], path: str) -> None:
    """Remove the member at a dotted path if it is there."""
    parent, _dot, last = path.rpartition(".")
    holder = get_member(obj, parent) if parent else obj
    if isinstance(holder, dict):
        holder.pop(member_name(holder, last), None)


def leaves(obj: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted path and value of everything below ``obj`` that is not itself a filled object. Lists count as values."""
    for key, value in obj.items():
        path = f"{prefix}{key}"
        if isinstance(value, dict) and value:
            yield from leaves(value, path + ".")
        else:
            yield path, value


def merged(base: Any, extra: dict[str, Any]) -> dict[str, Any]:
    """A copy of ``base`` with the members of ``extra`` laid over it at every depth. Lists are replaced whole."""
    result: dict[str, Any] = copy.deepcopy(base) if isinstance(base, dict) else {}
    for name, value in extra.items():
        key = member_name(result, name)
        result[key] = merged(result.get(key), value) if isinstance(value, dict) else copy.deepcopy(value)
    return result


def masked(value: Any, name: str = "") -> Any:
    """A copy of an undescribed value in which every member with a secret-looking name is hidden."""
    if isinstance(value, dict):
        return {key: masked(item, str(key)) for key, item in value.items()}
    if isinstance(value, list):
        return [masked(item, name) for item in value]
    return MASK if looks_secret(name) and value not in (None, "") else value
