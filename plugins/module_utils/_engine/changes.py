# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The two sides of a diff as a list of changes, in the names of the options. Private: may change in any release."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

#: Options whose value is a dictionary of the API. It is one value.
WHOLE = frozenset({"body", "query", "schedule"})
#: Values that are the same to the server: no text.
_NOTHING = (None, "")


def changes_between(
    before: dict[str, Any] | None, after: dict[str, Any] | None, whole: Collection[str] = WHOLE
) -> list[dict[str, Any]]:
    """One entry for each option that differs: ``path``, ``action`` (add, change, remove), ``before``, ``after``.

    An empty side is an object that does not exist. Null and an empty text are the same, and as good as absent.
    """
    if before and not after:
        return [{"path": "state", "action": "remove", "before": "present", "after": "absent"}]
    return list(_differences(before or {}, after or {}, "", whole))


def _differences(
    before: dict[str, Any], after: dict[str, Any], where: str, whole: Collection[str]
) -> Iterator[dict[str, Any]]:
    for name in [*after, *(name for name in before if name not in after)]:
        old, new = before.get(name), after.get(name)
        if old == new or (old in _NOTHING and new in _NOTHING):
            continue
        path = f"{where}{name}"
        nested = path not in whole and all(value is None or isinstance(value, dict) for value in (old, new))
        if nested:
            yield from _differences(old or {}, new or {}, f"{path}.", whole)
        else:
            action = "change" if name in before and old is not None else "add"
            yield {"path": path, "action": action, "before": old, "after": new}
