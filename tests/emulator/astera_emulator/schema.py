"""Shapes of the API's JSON objects: one list of fields serves binding, merging, casing and the OpenAPI document."""

from __future__ import annotations

import dataclasses
from typing import Any, Literal

from . import timestamps

FieldKind = Literal["string", "integer", "boolean", "date-time", "object", "any"]
Json = Any

_MAX_INTEGER = 2**31 - 1


@dataclasses.dataclass(frozen=True)
class Field:
    """One documented field. Text, objects and lists may be null, as in .NET; numbers, booleans and times may not."""

    name: str
    kind: FieldKind
    shape: Shape | None = None
    many: bool = False
    choices: tuple[str, ...] = ()
    managed: bool = False  # set by the server; a body's value never replaces it

    @property
    def nullable(self) -> bool:
        """Whether null binds."""
        return self.many or self.kind in ("string", "object", "any")


@dataclasses.dataclass(frozen=True)
class Shape:
    """A documented object. `whole`: an update replaces it as a whole, as its type decides which fields it has."""

    name: str
    fields: tuple[Field, ...]
    whole: bool = False
    _index: dict[str, Field] = dataclasses.field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index the fields without case: ASP.NET binds names that way, and the documentation mixes casings."""
        object.__setattr__(self, "_index", {field.name.casefold(): field for field in self.fields})

    def find(self, name: str) -> Field | None:
        """Return the documented field of that name in any casing."""
        return self._index.get(name.casefold())

    def renamed(self, old: str, new: str) -> Shape:
        """Return the same object with another name for one of its fields."""
        fields = (dataclasses.replace(field, name=new) if field.name == old else field for field in self.fields)
        return dataclasses.replace(self, fields=tuple(fields))


def bind(shape: Shape, value: dict[str, Json], path: str = "$") -> tuple[dict[str, Json], dict[str, str]]:
    """Bind a body: documented fields get their documented names, all others stay as they came.

    Returns the bound object and the type errors, by JSON path as ASP.NET names it ("$.serverDbInfo.port").
    """
    bound: dict[str, Json] = {}
    errors: dict[str, str] = {}
    for name, content in value.items():
        field = shape.find(name)
        if field is None:
            bound[name] = content
        else:
            bound[field.name], problems = _bind_field(field, content, f"{path}.{field.name}")
            errors.update(problems)
    return bound, errors


def _bind_field(field: Field, value: Json, path: str) -> tuple[Json, dict[str, str]]:
    """Bind one field's value."""
    if value is None and field.nullable:
        return None, {}
    if not field.many:
        return _bind_value(field, value, path)
    if not isinstance(value, list):
        return value, {path: f"The JSON value could not be converted to a list of {field.kind}."}
    items, errors = [], {}
    for index, item in enumerate(value):
        bound, problems = _bind_value(field, item, f"{path}[{index}]")
        items.append(bound)
        errors.update(problems)
    return items, errors


def _bind_value(field: Field, value: Json, path: str) -> tuple[Json, dict[str, str]]:
    """Bind a value that is not a list."""
    if not _CHECKS[field.kind](value):
        return value, {path: f"The JSON value could not be converted to {field.kind}."}
    if field.choices and value not in field.choices:
        return value, {path: f"The value {value!r} is not valid; there are: {', '.join(field.choices)}."}
    if field.shape is not None:
        return bind(field.shape, value, path)
    return value, {}


def _is_integer(value: Json) -> bool:
    """A JSON number without fraction that fits in 32 bits. Python counts booleans among the integers."""
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return is_whole and -_MAX_INTEGER - 1 <= value <= _MAX_INTEGER


def _is_date_time(value: Json) -> bool:
    """A text that is an ISO 8601 date-time."""
    try:
        timestamps.to_ticks(value)
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
    """Give documented fields their documented names without checking types (for another administrator's work)."""
    return bind(shape, value)[0]


def to_output(shape: Shape, value: Json, casing: str, *, omit_null: bool = False) -> Json:
    """Return an object or a list of objects with documented names in the casing of responses: camel or pascal."""
    if isinstance(value, list):
        return [to_output(shape, item, casing, omit_null=omit_null) for item in value]
    if not isinstance(value, dict):
        return value
    result = {}
    for name, content in value.items():
        field = shape.find(name)
        if field and content is None and omit_null:
            continue
        if field and field.shape:
            content = to_output(field.shape, content, casing, omit_null=omit_null)
        result[pascal(name) if field and casing == "pascal" else name] = content
    return result


def pascal(name: str) -> str:
    """Return `updateDtTm` as `UpdateDtTm`."""
    return name[:1].upper() + name[1:]
