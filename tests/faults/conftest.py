"""Where the matrix is run, and the record of what came of its cells."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from astera_emulator import Emulator

from .place import Place, Stranger
from .selection import ALL

if TYPE_CHECKING:
    # Imported before the collection can be found.
    from .cells import Verdict

#: One file per process; ``python -m faults`` makes the documentation of them.
RECORDS = Path(__file__).resolve().parents[1] / "output" / "faults"


@pytest.fixture(scope="session")
def stranger() -> Iterator[Stranger]:
    stranger = Stranger()
    yield stranger
    stranger.close()


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory, stranger: Stranger) -> Iterator[Place]:
    with Emulator(tmp_path_factory.mktemp("emulator")) as emulator:
        yield Place(emulator, tmp_path_factory.mktemp("samples"), stranger)


@pytest.fixture(scope="session")
def record() -> Callable[[str, str, Verdict], list[str]]:
    """Keeps what came of a cell of the exhaustive run. Returns what is bad, for people."""
    RECORDS.mkdir(parents=True, exist_ok=True)
    file = RECORDS / f"{os.environ.get('PYTEST_XDIST_WORKER', 'main')}.jsonl"

    def recorder(subject: str, point: str, fault: str, verdict: Verdict) -> list[str]:
        line = {"subject": subject, "point": point, "fault": fault, "result": verdict.result, "kind": verdict.kind}
        if ALL:
            with file.open("a") as stream:
                stream.write(json.dumps({**line, "bad": verdict.bad}) + "\n")
        return [f"{subject}, {point}, {fault}: {bad}" for bad in verdict.bad]

    return recorder
