"""Everything stored, as one dictionary; for tests and for `--show-state`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from . import jobs
from .editing import single
from .store import Document, Store

DATABASE = "state.sqlite3"
_MASK = "********"
_SECRET_NAMES = ("password", "secret", "token", "licensekey", "apikey", "credential")


def snapshot(store: Store, status: Callable[[Document], str] = jobs.status_by_clock) -> dict[str, Any]:
    """Return the real values, in documented camelCase names; reading changes nothing."""
    return {
        "config": single(store, "config"),
        "cluster": single(store, "cluster"),
        "license": single(store, "license"),
        "deployments": store.all("deployment"),
        "schedules": store.all("schedule"),
        "jobs": [jobs.described(job, status(job)) for job in store.all("job")],
        "uploads": store.all("upload"),
    }


def masked_snapshot(state_dir: Path) -> dict[str, Any]:
    """Return the state kept in a folder, secrets masked; the server that works in it may be running."""
    path = state_dir / DATABASE
    if not path.is_file():
        raise FileNotFoundError(f"{path} does not exist")
    store = Store(path, read_only=True)
    try:
        return masked(snapshot(store))
    finally:
        store.close()


def masked(value: Any) -> Any:
    """Return a copy in which secrets are masked: by member name, and the value of a job's parameter by its name."""
    if isinstance(value, list):
        return [masked(item) for item in value]
    if not isinstance(value, dict):
        return value
    named = str(value.get("parameterName") or "")
    return {
        name: _MASK if item and (_is_secret(name) or (name == "value" and _is_secret(named))) else masked(item)
        for name, item in value.items()
    }


def _is_secret(name: str) -> bool:
    """Whether a member of this name may hold a secret; `key` alone is the license's."""
    folded = name.casefold()
    return folded == "key" or any(part in folded for part in _SECRET_NAMES)
