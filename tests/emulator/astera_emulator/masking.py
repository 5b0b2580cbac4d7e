"""Which members hold secrets, and how they are hidden from people."""

from __future__ import annotations

from typing import Any

MASK = "********"
_SECRET_NAMES = ("password", "secret", "token", "licensekey", "apikey", "credential")


def is_secret(name: str) -> bool:
    """Whether a member of this name may hold a secret; `key` alone is the license's."""
    folded = name.casefold()
    return folded == "key" or any(part in folded for part in _SECRET_NAMES)


def masked(value: Any) -> Any:
    """Return a copy in which secrets are masked: by member name, and the value of a job's parameter by its name."""
    if isinstance(value, list):
        return [masked(item) for item in value]
    if not isinstance(value, dict):
        return value
    named = str(value.get("parameterName") or "")
    return {
        name: MASK if item and (is_secret(name) or (name == "value" and is_secret(named))) else masked(item)
        for name, item in value.items()
    }
