"""What an update does to members that its body leaves out: the two readings of an unknown."""

from __future__ import annotations

from .schema import Json, Member, Shape


def keep(shape: Shape, old: dict[str, Json], new: dict[str, Json]) -> dict[str, Json]:
    """Lay `new` over `old`; documented objects are merged at every depth, all else is replaced as a whole.

    An undocumented name that is stored already keeps its first casing: one member must not become two.
    """
    result = dict(old)
    stored_names = {name.casefold(): name for name in old}
    for name, value in new.items():
        member = shape.find(name)
        stored = old.get(name)
        if _is_merged(member) and isinstance(stored, dict) and isinstance(value, dict):
            value = keep(_shape_of(member), stored, value)
        result[stored_names.get(name.casefold(), name)] = value
    return result


def complete(shape: Shape, new: dict[str, Json], missing_text: str | None) -> dict[str, Json]:
    """Return `new` with each documented member that it lacks at .NET's zero value; `missing_text` is that of texts."""
    result = dict(new)
    for member in shape.members:
        if member.managed:
            continue
        value = result.setdefault(member.name, zero(member, missing_text))
        if _is_merged(member) and isinstance(value, dict):
            result[member.name] = complete(_shape_of(member), value, missing_text)
    return result


def zero(member: Member, missing_text: str | None) -> Json:
    """Return the value of a member that nobody set."""
    if member.many:
        return None
    zeros: dict[str, Json] = {"integer": 0, "boolean": False, "string": missing_text}
    return zeros.get(member.kind)


def _is_merged(member: Member | None) -> bool:
    """Whether the member is a documented object whose members are looked at one by one."""
    return member is not None and member.shape is not None and not member.many and not member.shape.whole


def _shape_of(member: Member | None) -> Shape:
    """Return the shape of a member known to have one."""
    assert member is not None and member.shape is not None
    return member.shape
