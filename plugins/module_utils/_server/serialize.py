# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns a server's objects into the options that create them. Private: may change in any release.

Left out is what belongs to one server only (ids, timestamps), what is empty, and what no option takes; secrets become
placeholders. Everything else must come out as it is, also fields that no documentation names.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from .._data.paths import MISSING, put_field
from .._data.timestamps import parse_timestamp
from .._engine.field import Field, searched_name, text
from .._engine.lookup import object_id, object_name
from .._errors import AsteraError, one_line
from .._redaction.names import MASK, is_mask, is_secret_field, is_secret_name
from .._redaction.redactor import Redactor, assigned_in
from .placeholders import SecretPlaceholder, holds_placeholder, mark_items

#: Fields that identify the object, and those with the times of its writes.
IDENTITY = frozenset({("id",), ("updatedttm",), ("createddttm",)})

AN_ID = "an id, which means something else on another server"
A_TIME = "a time that the server seems to keep by itself"
A_MASK = "the server shows only a mask instead of a secret; to set the secret, use secret_extra_fields"
A_NUMBER = "a number under the name of a secret"
NO_OPTION = "a value that no option takes"
A_SECRET_NAME = "its name seems to contain a secret"
PARTIAL_LIST = "a list is written as a whole, and a part of this one cannot be exported, such as the ids of its items"

_IDENTIFIER = re.compile(r"id|guid|uid|uuid", re.IGNORECASE)
_GUID = re.compile(r"\{?[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\}?", re.IGNORECASE)
#: Who wrote the object, and when: createdBy, lastModifiedByUserName, creationTime, updateDtTm.
_WRITTEN = re.compile(
    r"(?:last_?)?(?:created?|creation|updated?|modif(?:y|ied)|changed|edited)_?(?:by|user)(?:_?user)?(?:_?(?:name|id))?"
    r"|(?:last_?(?:update|modification|change|edit)|created|creation|(?:last_?)?(?:updated|modified|changed|edited))"
    r"(?:_?(?:on|at|date|time|date_?time|timestamp)(?:_?utc)?)?"
    r"|creator(?:_?(?:name|id))?|.*dttm",
    re.IGNORECASE,
)
_REFERENCE_NAME = re.compile(r".*(?:[a-z](?:Id|ID)|_id)")
_CREDENTIALS = re.compile(
    r"://[^/\s:@]*:([^/\s@]+)@|-----BEGIN [A-Z ]*PRIVATE KEY"
    r"|\beyJ[\w-]{8,}\.[\w-]+\.[\w-]+|\bAuthorization\W+(?:Bearer|Basic) (\S{8,})"
)


@dataclass(frozen=True)
class Location:
    """What is being exported: a variable, and in a list the name of the object."""

    variable: str
    owner: str | None
    #: The first words in names of placeholders.
    words: tuple[str, ...]


class ExportContext:
    """One export: makes placeholders, and keeps what was left out and why."""

    def __init__(self, hidden: Redactor) -> None:
        self._hidden = hidden
        self._notes: dict[tuple[str, str | None, str], list[str]] = {}

    @property
    def notes(self) -> list[dict[str, Any]]:
        """What was left out, one note for the same field of several objects."""
        return [
            {"variable": variable, "member": path, "objects": owners, "reason": reason}
            for (variable, path, reason), owners in self._notes.items()
        ]

    def note(self, location: Location, path: Iterable[str] | None, reason: str) -> None:
        joined = None if path is None else one_line(".".join(path))
        owners = self._notes.setdefault((location.variable, joined, reason), [])
        if location.owner is not None:
            owners.append(one_line(self._hidden.redact_text(location.owner)))

    def placeholder(self, location: Location, path: Iterable[str]) -> SecretPlaceholder:
        return SecretPlaceholder((*location.words, *path))

    def named(self, variable: str, noun: str, items: list[dict[str, Any]]) -> list[tuple[Location, dict[str, Any]]]:
        """The objects of a list that can be selected by name, sorted by name."""
        counts: dict[Any, int] = {}
        for item in items:
            counts[_key(item)] = counts.get(_key(item), 0) + 1
        found = []
        for item in sorted(items, key=lambda item: (_key(item).casefold(), _key(item))):
            name = _key(item)
            location, trouble = Location(variable, name, (noun, name)), _trouble_with_name(name, counts[name])
            if any(self._secrets_in(name)):
                self.note(Location(variable, _without_name(item, items), ()), None, A_SECRET_NAME)
            elif trouble:
                self.note(location, None, trouble)
            else:
                found.append((location, item))
        return found

    def options(self, location: Location, fields: Iterable[Field], obj: dict[str, Any]) -> dict[str, Any]:
        """The options for what the object shows, in the order of the fields. No ids, and no secrets."""
        result: dict[str, Any] = {}
        for field in fields:
            value = MISSING if field.secret or field.option == "id" else self._option(location, field, obj)
            if value is not MISSING:
                put_field(result, field.option, value)
        return result

    def _option(self, location: Location, field: Field, obj: dict[str, Any]) -> Any:
        value = field.read(obj)
        if location.owner is not None and value in (None, "") and field.type == "str":
            # An empty value is the default of a new object, unless we would send another one.
            return "" if isinstance(field.create, str) and field.create else MISSING
        if value is None:
            return MISSING
        if not _fits(field, value):
            self.note(location, field.option.split("."), NO_OPTION)
            return MISSING
        return self.export_value(location, tuple(field.option.split(".")), value)

    def extras(self, location: Location, fields: Iterable[Field], obj: dict[str, Any], *known: str) -> dict[str, Any]:
        """``extra_fields`` and ``secret_extra_fields`` with the fields that no option covers."""
        paths = [path for field in fields for path in (field.api, field.path_in(obj))]
        described = {tuple(path.lower().split(".")) for path in (*paths, *known)}
        unknown = _unknown(obj, described | IDENTITY)
        uncovered = self.export_value(location, (), unknown) if unknown else MISSING
        extra, secret = _split(uncovered or {})
        return {**({"extra_fields": extra} if extra else {}), **({"secret_extra_fields": secret} if secret else {})}

    def export_value(
        self, location: Location, path: tuple[str, ...], value: Any, *, secret: bool = False, raw: bool = False
    ) -> Any:
        """A value as it may be exported, MISSING if it may not. ``raw``: its ids and times are settings."""
        secret = secret or bool(path and is_secret_name(path[-1]))
        if isinstance(value, dict):
            return self._export_fields(location, path, value, secret, raw)
        if isinstance(value, list):
            items = [self.export_value(location, path, item, secret=secret, raw=raw) for item in value]
            if not _is_whole(items, value):
                self.note(location, path, PARTIAL_LIST)
                return MISSING
            if len(items) > 1:
                mark_items(items)
            return items
        return self._leaf(location, path, value, secret)

    def _export_fields(
        self, location: Location, path: tuple[str, ...], value: dict[str, Any], secret: bool, raw: bool
    ) -> Any:
        result = {}
        for name in sorted(value):
            if not raw and _is_identity(name, value[name]):
                continue
            if any(self._secrets_in(name)):
                self.note(location, (*path, MASK), A_SECRET_NAME)
                continue
            reason = None if raw else _skip_reason(name, value[name])
            if reason:
                self.note(location, (*path, name), reason)
                continue
            is_secret = secret or is_secret_field(value, name)
            inner = self.export_value(location, (*path, name), value[name], secret=is_secret, raw=raw)
            if inner is not MISSING:
                result[name] = inner
        return result if result or not value else MISSING

    def _leaf(self, location: Location, path: tuple[str, ...], value: Any, secret: bool) -> Any:
        reason = None
        if isinstance(value, str):
            secrets = list(filter(None, [value] if secret else self._secrets_in(value)))
            if any(map(is_mask, secrets)):
                reason = A_MASK
            elif secrets:
                return self.placeholder(location, path)
            elif any("\ud800" <= letter <= "\udfff" for letter in value):
                reason = NO_OPTION
        elif isinstance(value, (int, float)) and not isinstance(value, bool):
            reason = A_NUMBER if secret else None if math.isfinite(value) else NO_OPTION
        if reason:
            self.note(location, path, reason)
            return MISSING
        return value

    def _secrets_in(self, text: str) -> Iterator[str]:
        """The recognisable secrets; the whole text if it contains one of this task, which Ansible would redact."""
        if self._hidden.redact(text) != text:
            yield text
        yield from assigned_in(text)
        for match in _CREDENTIALS.finditer(text):
            yield match[match.lastindex or 0]


def _key(item: dict[str, Any]) -> str:
    name = object_name(item)
    return name if isinstance(name, str) else ""


def _without_name(item: dict[str, Any], items: list[dict[str, Any]]) -> str:
    """A label for an object whose name is a secret."""
    number = object_id(item)
    return f"id {number}" if isinstance(number, int) else f"number {items.index(item) + 1} of the server's list"


def _trouble_with_name(name: str, count: int) -> str | None:
    """Why an object cannot be selected by its name; None if it can."""
    if count > 1:
        return "several have this name, so none of them could be found by it; rename them in the client"
    try:
        searched_name(name, "name")
    except AsteraError as error:
        return f"its name cannot be used in a playbook: {error.message}"
    return None


def _fits(field: Field, value: Any) -> bool:
    """Whether the option takes the value."""
    kind = {"int": int, "bool": bool}.get(field.type, str)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        return False
    try:
        field.check(value)
    except AsteraError:
        return False
    return True


def _is_identity(name: str, value: Any) -> bool:
    """Whether a field identifies the object, or shows who wrote it and when. No note is made of those."""
    if _WRITTEN.fullmatch(name):
        return not isinstance(value, bool)
    if isinstance(value, (dict, list)) or not _IDENTIFIER.fullmatch(name):
        return False
    return not isinstance(value, str) or value.isdigit() or not value or bool(_GUID.fullmatch(value))


def _skip_reason(name: str, value: Any) -> str | None:
    """Why a field is left out, judged by its name and its kind of value; None if it is not."""
    items = value if isinstance(value, list) else [value]
    if items and all(isinstance(one, str) and _GUID.fullmatch(one) for one in items):
        return AN_ID
    if isinstance(value, int) and not isinstance(value, bool) and _REFERENCE_NAME.fullmatch(name):
        return AN_ID
    return A_TIME if parse_timestamp(value) is not None else None


def _is_whole(exported: Any, value: Any) -> bool:
    """Whether nothing was left out, at any depth."""
    if isinstance(value, dict):
        if not isinstance(exported, dict) or len(exported) != len(value):
            return False
        return all(_is_whole(exported[name], value[name]) for name in exported)
    if isinstance(value, list):
        return isinstance(exported, list) and all(_is_whole(*pair) for pair in zip(exported, value))
    return exported is not MISSING


def _unknown(obj: dict[str, Any], described: Iterable[tuple[str, ...]], at: tuple[str, ...] = ()) -> dict[str, Any]:
    """The fields, at every depth, that are not described. Nulls count as not being there."""
    result = {}
    for name, value in obj.items():
        path = (*at, name.lower())
        if value is None or path in described:
            continue
        if isinstance(value, dict) and value:
            inner = _unknown(value, described, path)
            if inner:
                result[name] = inner
        elif not any(one[: len(path)] == path for one in described):
            result[name] = value
    return result


def _split(uncovered: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Fields without and with placeholders. A list goes with what is in it: lists are replaced whole."""
    plain: dict[str, Any] = {}
    secret: dict[str, Any] = {}
    for name, value in uncovered.items():
        if isinstance(value, dict) and value:
            inner, hidden = _split(value)
            if inner:
                plain[name] = inner
            if hidden:
                secret[name] = hidden
        elif holds_placeholder(value):
            secret[name] = value
        else:
            plain[name] = value
    return plain, secret


def normal_start(value: Any) -> str | None:
    """The start of a daily schedule in the form in which it is sent; None if no option takes it."""
    timestamp = parse_timestamp(text(value))
    return None if timestamp is None or timestamp.offset is None else timestamp.text()
