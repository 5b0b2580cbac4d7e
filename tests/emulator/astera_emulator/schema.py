"""Shapes of the API's JSON objects: one list of members serves binding, merging, casing and the OpenAPI document."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

from . import stamps

MemberKind = Literal["string", "integer", "boolean", "date-time", "object", "any"]
Json = Any

_LARGEST_INTEGER = 2**31 - 1


@dataclass(frozen=True)
class Member:
    """One documented member. Text, objects and lists may be null, as in .NET; numbers, booleans and times may not."""

    name: str
    kind: MemberKind
    shape: Shape | None = None
    many: bool = False
    words: tuple[str, ...] = ()
    managed: bool = False  # set by the server; a body's value never replaces it

    @property
    def nullable(self) -> bool:
        """Whether null binds."""
        return self.many or self.kind in ("string", "object", "any")


@dataclass(frozen=True)
class Shape:
    """A documented object. `whole`: an update replaces it as a whole, as its type decides which members it has."""

    name: str
    members: tuple[Member, ...]
    whole: bool = False
    _index: dict[str, Member] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the members without case: ASP.NET binds names that way, and the documentation mixes casings."""
        object.__setattr__(self, "_index", {member.name.casefold(): member for member in self.members})

    def find(self, name: str) -> Member | None:
        """Return the documented member of that name in any casing."""
        return self._index.get(name.casefold())

    def renamed(self, old: str, new: str) -> Shape:
        """Return the same object with another name for one of its members."""
        members = (replace(member, name=new) if member.name == old else member for member in self.members)
        return replace(self, members=tuple(members))


def bind(shape: Shape, value: dict[str, Json], path: str = "$") -> tuple[dict[str, Json], dict[str, str]]:
    """Bind a body: documented members get their documented names, all others stay as they came.

    Returns the bound object and the type errors, by JSON path as ASP.NET names it ("$.serverDbInfo.port").
    """
    bound: dict[str, Json] = {}
    errors: dict[str, str] = {}
    for name, content in value.items():
        member = shape.find(name)
        if member is None:
            bound[name] = content
        else:
            bound[member.name], problems = _bind_member(member, content, f"{path}.{member.name}")
            errors.update(problems)
    return bound, errors


def _bind_member(member: Member, value: Json, path: str) -> tuple[Json, dict[str, str]]:
    """Bind one member's value."""
    if value is None and member.nullable:
        return None, {}
    if not member.many:
        return _bind_value(member, value, path)
    if not isinstance(value, list):
        return value, {path: f"The JSON value could not be converted to a list of {member.kind}."}
    items, errors = [], {}
    for index, item in enumerate(value):
        bound, problems = _bind_value(member, item, f"{path}[{index}]")
        items.append(bound)
        errors.update(problems)
    return items, errors


def _bind_value(member: Member, value: Json, path: str) -> tuple[Json, dict[str, str]]:
    """Bind a value that is not a list."""
    if not _CHECKS[member.kind](value):
        return value, {path: f"The JSON value could not be converted to {member.kind}."}
    if member.words and value not in member.words:
        return value, {path: f"The value {value!r} is not valid; there are: {', '.join(member.words)}."}
    if member.shape is not None:
        return bind(member.shape, value, path)
    return value, {}


def _is_integer(value: Json) -> bool:
    """A JSON number without fraction that fits in 32 bits. Python counts booleans among the integers."""
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return is_whole and -_LARGEST_INTEGER - 1 <= value <= _LARGEST_INTEGER


def _is_date_time(value: Json) -> bool:
    """A text that is an ISO 8601 date-time."""
    try:
        stamps.to_ticks(value)
    except (TypeError, ValueError, OverflowError):
        return False
    return True


_CHECKS = {
    "string": lambda value: isinstance(value, str),
    "integer": _is_integer,
    "boolean": lambda value: isinstance(value, bool),
    "date-time": _is_date_time,
    "object": lambda value: isinstance(value, dict),
    "any": lambda value: True,
}


def rename(shape: Shape, value: dict[str, Json]) -> dict[str, Json]:
    """Give documented members their documented names without checking types (for another administrator's work)."""
    return bind(shape, value)[0]


def to_output(shape: Shape, value: Json, casing: str, *, omit_null: bool = False) -> Json:
    """Return an object or a list of objects with documented names in the casing of answers: camel or pascal."""
    if isinstance(value, list):
        return [to_output(shape, item, casing, omit_null=omit_null) for item in value]
    if not isinstance(value, dict):
        return value
    result = {}
    for name, content in value.items():
        member = shape.find(name)
        if member and content is None and omit_null:
            continue
        if member and member.shape:
            content = to_output(member.shape, content, casing, omit_null=omit_null)
        result[pascal(name) if member and casing == "pascal" else name] = content
    return result


def pascal(name: str) -> str:
    """Return `updateDtTm` as `UpdateDtTm`."""
    return name[:1].upper() + name[1:]
