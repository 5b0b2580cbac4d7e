"""Which fields hold secrets, and how people see them redacted."""

from __future__ import annotations

from typing import Any

REDACTED = "********"
_SECRET_NAMES = ("password", "secret", "token", "licensekey", "apikey", "credential")


def is_secret(name: str) -> bool:
    """Whether a field of this name may hold a secret; `key` alone is the license's."""
    folded = name.casefold()
    return folded == "key" or any(part in folded for part in _SECRET_NAMES)


def redacted(value: Any) -> Any:
    """Return a copy in which secrets are redacted: by field name, and the value of a job's parameter by its name."""
    if isinstance(value, list):
        return [redacted(item) for item in value]
    if not isinstance(value, dict):
        return value
    named = str(value.get("parameterName") or "")
    return {
        name: REDACTED if item and (is_secret(name) or (name == "value" and is_secret(named))) else redacted(item)
        for name, item in value.items()
    }
