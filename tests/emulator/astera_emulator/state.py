"""Everything stored, as one dictionary; for tests and for `--show-state`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from . import jobs
from .redaction import redacted
from .store import Store, single

DATABASE = "state.sqlite3"


def snapshot(store: Store) -> dict[str, Any]:
    """Return the real values, in documented camelCase names; reading changes nothing."""
    return {
        "config": single(store, "config"),
        "cluster": single(store, "cluster"),
        "license": single(store, "license"),
        "deployments": store.all("deployment"),
        "schedules": store.all("schedule"),
        "jobs": [jobs.described(job) for job in store.all("job")],
        "uploads": store.all("upload"),
    }


def redacted_snapshot(state_dir: Path) -> dict[str, Any]:
    """Return the state kept in a folder, secrets redacted; the server that works in it may be running."""
    path = state_dir / DATABASE
    if not path.is_file():
        raise FileNotFoundError(f"{path} does not exist")
    store = Store(path, read_only=True)
    try:
        return redacted(snapshot(store))
    finally:
        store.close()
