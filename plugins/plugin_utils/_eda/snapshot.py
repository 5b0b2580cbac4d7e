# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a poll shows of a server, and the difference between two polls as events. Private: may change in any release."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

#: What can be watched, by the choice of the option ``watch``, and what an event calls one such object.
KINDS = {
    "deployments": "deployment",
    "schedules": "schedule",
    "cluster": "cluster",
    "server_config": "server_config",
}
#: The key of an object that a server has only one of.
SINGLE = 0


@dataclass(frozen=True)
class Event:
    """A transition. ``identity`` distinguishes it from other events of the same time."""

    name: str
    fields: dict[str, Any] = field(default_factory=dict)
    identity: str = ""


@dataclass(frozen=True)
class Item:
    """One object of a server in the names of the options, without secrets.

    ``timestamp`` is the text of its version timestamp. It is only compared, never parsed.
    """

    kind: str
    id: int | None
    name: str | None
    active: bool | None
    timestamp: str | None
    values: dict[str, Any]

    @property
    def key(self) -> int:
        return SINGLE if self.id is None else self.id

    def digest(self, salt: bytes) -> str:
        """What a state file remembers of it."""
        content = json.dumps([self.name, self.timestamp, self.values], sort_keys=True, default=str)
        return hashlib.blake2b(content.encode("utf-8", "replace"), key=salt, digest_size=16).hexdigest()

    def to_event(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "id": self.id,
            "name": self.name,
            "active": self.active,
            "timestamp": self.timestamp,
        }


@dataclass(frozen=True)
class Known:
    """An object as it was last reported. After a restart only its digest is known."""

    digest: str
    item: Item | None = None

    @classmethod
    def of(cls, item: Item, salt: bytes) -> Known:
        return cls(item.digest(salt), item)

    def shows(self, item: Item, salt: bytes) -> bool:
        """Whether the object is still the same."""
        return self.digest == item.digest(salt) if self.item is None else self.item == item


Objects = dict[int, Known]


def remembered(items: Mapping[int, Item], salt: bytes) -> Objects:
    """Objects to compare the next poll with."""
    return {key: Known.of(item, salt) for key, item in items.items()}


def object_events(kind: str, known: Objects, items: Mapping[int, Item], salt: bytes) -> Iterator[Event]:
    """The events that lead from what was known to what a poll showed, which is known afterwards."""
    for key in sorted(known.keys() - items.keys()):
        yield _event("object_removed", kind, key, known.pop(key), None)
    for key, item in sorted(items.items()):
        before = known.get(key)
        if before is not None and before.shows(item, salt):
            # The object of the first poll stays, so that an unchanged server costs no memory.
            known[key] = before if before.item else Known(before.digest, item)
            continue
        known[key] = Known.of(item, salt)
        yield _event("object_changed" if before else "object_added", kind, key, before, known[key])


def _event(name: str, kind: str, key: int, before: Known | None, after: Known | None) -> Event:
    known = after or before
    shown = known.item if known else None
    unknown = {"kind": kind, "id": key or None, "name": None, "active": None, "timestamp": None}
    fields: dict[str, Any] = {"object": shown.to_event() if shown else unknown}
    if name == "object_changed":
        fields["changes"] = _changes(before, after)
    return Event(name, fields, f"{kind}|{key}|{after.digest if after else ''}")


def _changes(before: Known | None, after: Known | None) -> list[dict[str, Any]] | None:
    """The fields that differ; None when the values before are not known."""
    if before is None or after is None or before.item is None or after.item is None:
        return None
    old, new = _by_path(before.item.values), _by_path(after.item.values)
    return [
        {
            "path": path,
            "action": "add" if old.get(path) is None else "change",
            "before": old.get(path),
            "after": new.get(path),
        }
        for path in {**new, **old}
        if old.get(path) != new.get(path)
    ]


def _by_path(values: Mapping[str, Any]) -> dict[str, Any]:
    """The options of an object by their paths. A frequency in the API's own form is one value."""
    paths: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, dict) and name != "schedule":
            paths.update({f"{name}.{inner}": one for inner, one in value.items()})
        else:
            paths[name] = value
    return paths
