"""What every part of the benchmark is given: options, a work folder, playbooks, a voice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from .playbook import Playbooks

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


class BenchError(Exception):
    """Something that was to be measured did not work, so there is no figure."""


@dataclass(frozen=True)
class Options:
    """How much is measured. Sizes of files are in MiB."""

    repeat: int = 5
    tasks: int = 40
    items: int = 50
    hosts: int = 20
    tasks_per_host: int = 4
    schedules: Sequence[int] = (10, 100, 1000, 5000)
    schedules_repeat: int = 3
    loop_limit: int = 100
    uri_limit: int = 100
    uploads: Sequence[int] = (64, 256, 1024)
    uploads_repeat: int = 3
    uri_upload_limit: int = 64
    imports_repeat: int = 25
    fleets: Sequence[int] = (1, 20, 100)
    fleets_repeat: int = 3


QUICK = Options(
    repeat=2,
    tasks=10,
    items=10,
    hosts=4,
    tasks_per_host=2,
    schedules=(10, 30, 100),
    schedules_repeat=1,
    loop_limit=30,
    uri_limit=30,
    uploads=(64,),
    uploads_repeat=1,
    imports_repeat=5,
    fleets=(1, 4),
    fleets_repeat=1,
)


@dataclass(frozen=True)
class Bench:
    """One run of the benchmark."""

    options: Options
    folder: Path
    playbooks: Playbooks


def say(text: str = "") -> None:
    """Show a line at once, also in a pipe."""
    print(text, flush=True)  # noqa: T201  # this is what people watch for minutes
