"""The forms of settings that are more than a word or a number: each is read, or rejected with ValueError."""

from __future__ import annotations

import re


def split_operations(value: str) -> list[tuple[str, str]]:
    """Read a comma list of "METHOD /path" into (METHOD, /path in lower case) pairs; ValueError when it isn't one."""
    pairs = []
    for item in filter(None, (part.strip() for part in value.split(","))):
        method, _blank, path = item.partition(" ")
        if not path.strip().startswith("/"):
            raise ValueError(value)
        pairs.append((method.upper(), path.strip().lower()))
    return pairs


_OPERATION = re.compile(r"(GET|POST|PUT|PATCH|DELETE) (/api/[\w/]*?(?:\{\w+\}[\w/]*)?)(?:\?(\w+)=\{\w+\})?")


def made_up_operation(value: str) -> tuple[str, str, str] | None:
    """Read "METHOD /path", with {name} in the path or as a query's value, into method, path and the query's name.

    None for the empty text; ValueError when it is neither.
    """
    if not value:
        return None
    match = _OPERATION.fullmatch(value)
    if not match or ("{" in match[2]) == bool(match[3]):
        raise ValueError(value)
    return match[1], match[2], match[3] or ""


def split_profiles(value: str) -> dict[str, int | None]:
    """Read a comma list of NAME[=LIMIT] into limits by name (None: no limit); ValueError when it isn't one."""
    profiles: dict[str, int | None] = {}
    for item in value.split(","):
        name, equals, limit = (part.strip() for part in item.partition("="))
        if not name or (equals and int(limit) < 1):
            raise ValueError(value)
        profiles[name] = int(limit) if equals else None
    return profiles


def split_names(value: str) -> frozenset[str]:
    """Read a comma list of JSON field names into a set of them in lower case; ValueError when it isn't one."""
    names = [part.strip() for part in value.split(",")] if value.strip() else []
    if not all(name.isidentifier() for name in names):
        raise ValueError(value)
    return frozenset(name.casefold() for name in names)


def starts_with_slash(value: str) -> None:
    """ValueError unless it is a path."""
    if not value.startswith("/"):
        raise ValueError(value)
