# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Turns a server's objects into the options that create them. Private: may change in any release.

Left out is what belongs to one server only (ids, timestamps), what is empty, and what no option takes; secrets become
placeholders. Everything else must come out as it is, also fields that no documentation names.

A server may show a text that looks like a placeholder. So the two are distinguished by the list of placeholders in the
export, not by the text.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from .._data.paths import MISSING, leaves, put_field
from .._data.timestamps import parse_timestamp
from .._engine.field import Field
from .._engine.lookup import object_id, object_name
from .._errors import one_line
from .._redaction.names import MASK, is_mask, is_secret_field
from .._redaction.redactor import Redactor, assigned_in

#: Fields that identify the object, the times of its writes, and where its files once came from (informational by the
#: documentation, and replaced by each upload).
_OWN_FIELDS = ("id", "updateDtTm", "createdDtTm", "userArchiveFilePath", "userConfigFilePath")

SERVERS_OWN = "an id, a time or an author, which belongs to this server only"
A_SECRET = "a secret that is a number, or of which the server shows only a mask; to set it, use secret_extra_fields"
A_SECRET_NAME = "its name seems to contain a secret"
BAD_NAME = "it has no name, or one that others have, too; rename it in the client"
PARTIAL_LIST = "a list is written as a whole, and a part of this one cannot be exported, such as an id or a secret"

_GUID = re.compile(r"\{?[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\}?", re.IGNORECASE)
#: Who wrote the object, and times in no usual form: createdBy, lastModifiedByUserName, changedDtTm.
_WRITTEN = re.compile(
    r"creator.*|(?:last_?)?(?:created?|creation|updated?|modified|changed|edited)_?(?:by|user|on|at|time|date)"
    r"(?:_?(?:user|name|id|time|utc))*|.*dttm",
    re.IGNORECASE,
)
_ID_NAME = re.compile(r"[Ii][Dd]|.*(?:[a-z]I[Dd]|_id)")
_CREDENTIALS = re.compile(
    r"://[^/\s:@]*:([^/\s@]+)@|-----BEGIN [A-Z ]*PRIVATE KEY"
    r"|\beyJ[\w-]{8,}\.[\w-]+\.[\w-]+|\bAuthorization\W+(?:Bearer|Basic) (\S{8,})"
)


@dataclass(eq=False)
class Placeholder:
    """Stands for the value of a variable and the text after it. ``words`` say which secret it is, if it is one."""

    variable: str
    rest: str = ""
    words: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{{{{ {self.variable} }}}}{self.rest}"


def secret_placeholder(words: tuple[str, ...]) -> Placeholder:
    return Placeholder("_".join(["vault_astera", *filter(None, map(identifier, words))]), words=words)


def name_secrets(value: Any) -> None:
    """Make the names of all variables for secrets below a value differ, and none depend on the order of objects.

    Or else one object more would make the secrets of others change places, and nobody would notice.
    """
    secrets = [one for _path, one in places(value) if one.words]
    counts = Counter(one.variable for one in secrets)
    for one in secrets:
        # Two names in another script would share an identifier, maybe in two exports.
        if counts[one.variable] > 1 or not all(word.isascii() and identifier(word) for word in one.words):
            one.variable += "_" + hashlib.sha256(json.dumps(one.words).encode()).hexdigest()[:8]


def identifier(text: str) -> str:
    """The text in small letters, digits and underscores; empty if nothing of it can be written so."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", letters)
    return re.sub(r"[^a-z0-9]+", "_", parted.lower()).strip("_")


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Placeholder]]:
    """The placeholders in a value, each with its keys and list positions."""
    if isinstance(value, Placeholder):
        yield path, value
    elif isinstance(value, (dict, list)):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(item, (*path, key))


@dataclass(frozen=True)
class Location:
    """What is being exported: a variable, and in a list the name of the object."""

    variable: str
    owner: str | None
    #: The first words in names of placeholders.
    words: tuple[str, ...]


class ExportContext:
    """One export: makes placeholders, and keeps what was left out and why."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._notes: dict[tuple[str, str | None, str], dict[str, Any]] = {}

    @property
    def notes(self) -> list[dict[str, Any]]:
        """What was left out, one note for the same field of several objects."""
        return list(self._notes.values())

    def note(self, location: Location, path: Iterable[str] | None, reason: str) -> None:
        joined = None if path is None else one_line(".".join(path))
        new: dict[str, Any] = {"variable": location.variable, "member": joined, "objects": [], "reason": reason}
        objects = self._notes.setdefault((location.variable, joined, reason), new)["objects"]
        if location.owner is not None:
            objects.append(one_line(self._redactor.redact_text(location.owner)))

    def named(self, variable: str, noun: str, items: list[dict[str, Any]]) -> list[tuple[Location, dict[str, Any]]]:
        """The objects of a list that can be selected by name, sorted by name."""
        names = [object_name(item) or "" for item in items]
        counts = Counter(names)
        found = []
        for name, item in sorted(zip(names, items), key=lambda pair: (pair[0].casefold(), pair[0])):
            location = Location(variable, name, (noun, name))
            if any(self._secrets_in(name)):
                self.note(Location(variable, f"id {object_id(item)}", ()), None, A_SECRET_NAME)
            elif counts[name] > 1 or not name.strip():
                self.note(location, None, BAD_NAME)
            else:
                found.append((location, item))
        return found

    def entry(
        self, location: Location, obj: dict[str, Any], settings: Iterable[Field], described: Iterable[Field]
    ) -> dict[str, Any]:
        """All of an object: the options of ``settings``, and what none of the ``described`` fields covers."""
        return {**self.options(location, settings, obj), **self.extras(location, described, obj)}

    def options(self, location: Location, fields: Iterable[Field], obj: dict[str, Any]) -> dict[str, Any]:
        """The options for what the object shows, in the order of the fields. No secrets."""
        result: dict[str, Any] = {}
        for field in fields:
            value, path = field.read(obj), tuple(field.option.split("."))
            if location.owner is not None and value in (None, "") and field.type == "str":
                # An empty value is the default of a new object, unless we would send another one.
                value = "" if field.create else None
            if value is None:
                continue
            exported = self.export_value(location, path, value)
            if exported is not MISSING:
                put_field(result, path, exported)
        return result

    def extras(self, location: Location, fields: Iterable[Field], obj: dict[str, Any]) -> dict[str, Any]:
        """``extra_fields`` and ``secret_extra_fields`` with the fields that no option covers and that are not null."""
        covered = [path for field in fields for path in (field.api, field.path_in(obj))]
        described = [path.lower().split(".") for path in (*covered, *_OWN_FIELDS)]
        unknown: dict[str, Any] = {}
        for path, value in leaves(obj):
            own = [name.lower() for name in path]
            if value is not None and not any(own[: len(one)] == one[: len(own)] for one in described):
                put_field(unknown, path, value)
        result: dict[str, Any] = {}
        for path, value in leaves(self.export_value(location, (), unknown) or {}):
            option = "secret_extra_fields" if isinstance(value, Placeholder) else "extra_fields"
            put_field(result, (option, *path), value)
        return dict(sorted(result.items()))

    def export_value(
        self, location: Location, path: tuple[str, ...], value: Any, *, secret: bool = False, raw: bool = False
    ) -> Any:
        """A value as it may be exported, MISSING if it may not. ``raw``: its ids and times are settings."""
        if isinstance(value, list):
            trial = ExportContext(self._redactor)
            items = [trial.export_value(location, path, item, secret=secret, raw=raw) for item in value]
            if trial.notes or any(places(items)):
                self.note(location, path, PARTIAL_LIST)
                return MISSING
            return items
        if not isinstance(value, dict):
            return self._leaf(location, path, value, secret)
        result = {}
        for name, inner in sorted(value.items()):
            if any(self._secrets_in(name)):
                self.note(location, (*path, MASK), A_SECRET_NAME)
            elif not raw and _is_servers_own(name, inner):
                self.note(location, (*path, name), SERVERS_OWN)
            else:
                is_secret = secret or is_secret_field(value, name)
                exported = self.export_value(location, (*path, name), inner, secret=is_secret, raw=raw)
                if exported is not MISSING:
                    result[name] = exported
        return result if result or not value else MISSING

    def _leaf(self, location: Location, path: tuple[str, ...], value: Any, secret: bool) -> Any:
        if isinstance(value, str):
            secrets = list(filter(None, [value] if secret else self._secrets_in(value)))
            if not secrets:
                return value
            if not any(map(is_mask, secrets)):
                return secret_placeholder((*location.words, *path))
        elif not secret or value is None or isinstance(value, bool):
            return value
        self.note(location, path, A_SECRET)
        return MISSING

    def _secrets_in(self, text: str) -> Iterator[str]:
        """The recognisable secrets; the whole text if it contains one of this task, which Ansible would redact."""
        if self._redactor.redact(text) != text:
            yield text
        yield from assigned_in(text)
        for match in _CREDENTIALS.finditer(text):
            yield match[match.lastindex or 0]


def _is_servers_own(name: str, value: Any) -> bool:
    """Whether a field is an id, a time or an author, judged by its name and its kind of value."""
    values = value if isinstance(value, list) and value else [value]
    if all(isinstance(one, str) and (_GUID.fullmatch(one) or parse_timestamp(one)) for one in values):
        return True
    is_number = isinstance(value, int) or (isinstance(value, str) and value.isdigit())
    return not isinstance(value, bool) and bool(_WRITTEN.fullmatch(name) or (is_number and _ID_NAME.fullmatch(name)))
