"""The kinds of setting: how a value is declared, checked and described."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

# How sure the behaviour is: Documented, Seen in a public sample, Inferred, Unknown; T is a knob for tests only.
MARKS = "DSIUT"


@dataclass(frozen=True)
class Kind:
    """What a setting accepts and what it means; kept in the metadata of the dataclass field."""

    default: Any
    mark: str
    meaning: str
    strict: Any
    accepts: str
    check: Callable[[Any], Any]

    def convert(self, name: str, value: Any) -> Any:
        """Return `value` in its own type; ValueError names what would have been right."""
        try:
            return self.check(value)
        except (ValueError, TypeError) as error:
            raise ValueError(f"setting {name}: {value!r} is not one of: {self.accepts}") from error


def choice(*choices: Any, mark: str, meaning: str, strict: Any = None) -> Any:
    """One of the given words or numbers, of which the first is the default."""

    def check(value: Any) -> Any:
        for allowed in choices:
            if str(allowed) == str(value):
                return allowed
        raise ValueError(value)

    return _declare(choices[0], mark, meaning, strict, " | ".join(str(item) for item in choices), check)


def number(default: int | float, *, mark: str, meaning: str, strict: Any = None) -> Any:
    """A number of at least 0, of the type of its default."""
    number_type = type(default)

    def check(value: Any) -> Any:
        if isinstance(value, bool) or (number_type is int and isinstance(value, float)):
            raise ValueError(value)
        converted = number_type(value)
        if not 0 <= converted < float("inf"):
            raise ValueError(value)
        return converted

    accepts = "an integer >= 0" if number_type is int else "seconds >= 0"
    return _declare(default, mark, meaning, strict, accepts, check)


def text(default: str, *, mark: str, meaning: str, accepts: str = "any text", check: Any = None) -> Any:
    """Free text, or text of a form that `check` verifies (it raises ValueError)."""

    def is_text(value: Any) -> str:
        if not isinstance(value, str):
            raise TypeError(value)
        if check:
            check(value)
        return value

    return _declare(default, mark, meaning, None, accepts, is_text)


def _declare(default: Any, mark: str, meaning: str, strict: Any, accepts: str, check: Callable[[Any], Any]) -> Any:
    """Make the dataclass field; typed Any because a field's declared type is that of its value."""
    kind = Kind(default, mark, meaning, default if strict is None else strict, accepts, check)
    return field(default=default, metadata={"kind": kind})  # pylint: disable=invalid-field-call
