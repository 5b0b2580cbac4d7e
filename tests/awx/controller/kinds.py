"""Types as JSON knows them."""

from __future__ import annotations

from typing import Any


def is_a(value: Any, kind: type) -> bool:
    """Whether a value is of this very type: to Python a boolean is an integer as well, to JSON it is not."""
    return isinstance(value, kind) and isinstance(value, bool) == (kind is bool)
