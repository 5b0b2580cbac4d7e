# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two sides of a diff as a list of changes, in the names of the options. Private: may change in any release."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

#: Options whose value is a dictionary of the API. It is one value.
WHOLE = frozenset({"body", "query", "schedule"})
#: Values that are the same to the server: no text.
_NOTHING = (None, "")


def changes_between(before: dict[str, Any] | None, after: dict[str, Any] | None) -> list[dict[str, Any]]:
    """One entry for each option that differs: ``path``, ``action`` (add, change, remove), ``before``, ``after``.

    An empty side is an object that does not exist. Null and an empty text are the same, and as good as absent.
    """
    if before and not after:
        return [{"path": "state", "action": "remove", "before": "present", "after": "absent"}]
    return [
        {"path": ".".join(way), "action": "add" if old is None else "change", "before": old, "after": new}
        for way, old, new in _differences(before or {}, after or {}, ())
    ]


def differing(before: dict[str, Any] | None, after: dict[str, Any] | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both sides without what is the same on both, and without nulls."""
    sides: tuple[dict[str, Any], dict[str, Any]] = ({}, {})
    for way, *values in _differences(before or {}, after or {}, ()):
        for side, value in zip(sides, values):
            if value is not None:
                _put(side, way, value)
    return sides


def _put(side: dict[str, Any], way: tuple[str, ...], value: Any) -> None:
    for name in way[:-1]:
        side = side.setdefault(name, {})
    side[way[-1]] = value


def _differences(
    before: dict[str, Any], after: dict[str, Any], where: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Any, Any]]:
    for name in [*after, *(name for name in before if name not in after)]:
        old, new = before.get(name), after.get(name)
        if old == new or (old in _NOTHING and new in _NOTHING):
            continue
        way = (*where, name)
        if ".".join(way) not in WHOLE and all(value is None or isinstance(value, dict) for value in (old, new)):
            yield from _differences(old or {}, new or {}, way)
        else:
            yield way, old, new
