"""Everything that must survive a restart, in one SQLite file.

A store of JSON documents by kind and id. It does not know what the documents mean, so a field that nobody
documented is kept as it came.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from pathlib import Path
from typing import Any

Document = dict[str, Any]
SINGLE = 1  # the id under which config, cluster and license are stored; documented for the cluster

_TABLES = """
CREATE TABLE IF NOT EXISTS document (kind TEXT NOT NULL, id INTEGER NOT NULL, body TEXT NOT NULL,
                                     PRIMARY KEY (kind, id)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS note (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


class Store:
    """Documents and notes (named texts). Safe to use from several threads."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        """Open the file, making it unless `read_only`; another process may read while this one writes (WAL)."""
        mode = "ro" if read_only else "rwc"
        self._lock = threading.RLock()
        self._db = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False
        )
        if not read_only:
            # synchronous=OFF: the file survives a killed process, which is all that a test double needs.
            self._db.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; {_TABLES}")

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._db.executescript("BEGIN; DELETE FROM document; DELETE FROM note; COMMIT;")

    def get(self, kind: str, number: int) -> Document | None:
        """Return a document, or None."""
        if not -(2**63) <= number < 2**63:
            return None
        rows = self._run("SELECT body FROM document WHERE kind = ? AND id = ?", kind, number)
        return json.loads(rows[0][0]) if rows else None

    def all(self, kind: str) -> list[Document]:
        """Return the documents of a kind in the order of their ids."""
        return [json.loads(body) for (body,) in self._run("SELECT body FROM document WHERE kind = ? ORDER BY id", kind)]

    def put(self, kind: str, number: int, document: Document) -> None:
        """Insert or replace a document."""
        with self._lock:
            if number > self._last(kind):
                self.set_note(f"last {kind}", str(number))
            body = json.dumps(document, ensure_ascii=False)
            self._run("INSERT OR REPLACE INTO document VALUES (?, ?, ?)", kind, number, body)

    def remove(self, kind: str, number: int) -> None:
        """Delete a document; its id is not used again."""
        self._run("DELETE FROM document WHERE kind = ? AND id = ?", kind, number)

    def next_id(self, kind: str) -> int:
        """Return an id never used before, also not by a document that is gone."""
        return self._last(kind) + 1

    def note(self, name: str) -> str | None:
        """Return a named text, or None."""
        rows = self._run("SELECT value FROM note WHERE name = ?", name)
        return rows[0][0] if rows else None

    def set_note(self, name: str, value: str) -> None:
        """Keep a named text."""
        self._run("INSERT OR REPLACE INTO note VALUES (?, ?)", name, value)

    def _last(self, kind: str) -> int:
        return int(self.note(f"last {kind}") or 0)

    def _run(self, sql: str, *values: Any) -> list[Any]:
        with self._lock:
            return self._db.execute(sql, values).fetchall()


def single(store: Store, kind: str) -> Document:
    """Return the one document of a kind that has just one."""
    document = store.get(kind, SINGLE)
    assert document is not None, f"the store has no {kind}"
    return document
