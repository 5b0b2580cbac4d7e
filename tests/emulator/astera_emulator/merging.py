"""What an update does to fields that its body leaves out: the two variants of an unknown."""

from __future__ import annotations

from .schema import Field, Json, Shape


def keep(shape: Shape, old: dict[str, Json], new: dict[str, Json]) -> dict[str, Json]:
    """Lay `new` over `old`; documented objects are merged at every depth, all else is replaced as a whole.

    An undocumented name that is stored already keeps its first casing: one field must not become two.
    """
    result = dict(old)
    stored_names = {name.casefold(): name for name in old}
    for name, value in new.items():
        stored = old.get(name)
        inner = _merged_shape(shape.find(name))
        if inner and isinstance(stored, dict) and isinstance(value, dict):
            value = keep(inner, stored, value)
        result[stored_names.get(name.casefold(), name)] = value
    return result


def complete(shape: Shape, new: dict[str, Json], missing_text: str | None) -> dict[str, Json]:
    """Return `new` with each documented field that it lacks at .NET's zero value; `missing_text` is that of texts."""
    result = dict(new)
    for field in shape.fields:
        if field.managed:
            continue
        value = result.setdefault(field.name, zero(field, missing_text))
        inner = _merged_shape(field)
        if inner and isinstance(value, dict):
            result[field.name] = complete(inner, value, missing_text)
    return result


def zero(field: Field, missing_text: str | None) -> Json:
    """Return the value of a field that nobody set."""
    if field.many:
        return None
    zeros: dict[str, Json] = {"integer": 0, "boolean": False, "string": missing_text}
    return zeros.get(field.kind)


def _merged_shape(field: Field | None) -> Shape | None:
    """Return the shape of a documented object whose fields are merged one by one; None for anything else."""
    if field is None or field.many or field.shape is None or field.shape.whole:
        return None
    return field.shape
