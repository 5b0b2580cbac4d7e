"""``make bench``: measure, print, and write ``docs/benchmark.md``."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import tempfile
import time
from pathlib import Path
from types import ModuleType
from typing import Any

from . import bootstrap, fleet, imports, machine, report, schedules, tasks, uploads
from .context import QUICK, ROOT, Bench, BenchError, Options, say
from .playbook import Playbooks

PARTS: dict[str, ModuleType] = {"a": tasks, "b": schedules, "c": uploads, "d": imports, "e": bootstrap, "f": fleet}
OUTPUT = ROOT / "tests" / "output" / "bench"
DOCS = ROOT / "docs"


def main() -> int:
    """Run the parts that were asked for. The document is rewritten only by a whole run."""
    given = _arguments()
    options = _options(given)
    OUTPUT.mkdir(parents=True, exist_ok=True)
    results: dict[str, Any] = {"machine": machine.description(), "options": dataclasses.asdict(options), "parts": {}}
    sections = {}
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="astera-bench-") as name:
        bench = Bench(options, Path(name), Playbooks(Path(name) / "play"))
        for letter in given.only:
            part = PARTS[letter]
            say(f"{letter}: {(part.__doc__ or '').partition(': ')[2]}")
            results["parts"][letter] = raw = part.measure(bench)
            sections[letter] = part.section(raw)
            report.show(sections[letter])
    results["minutes"] = (time.monotonic() - started) / 60
    whole = len(sections) == len(PARTS) and not given.quick
    document = (DOCS if whole else OUTPUT) / "benchmark.md"
    (OUTPUT / "results.json").write_text(json.dumps(results, indent=1))
    report.write(document, results, sections)
    say(f"{results['minutes']:.1f} minutes. Written: {document.relative_to(ROOT)}; raw figures: tests/output/bench")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench BENCH_ARGS=...", description=__doc__)
    add = parser.add_argument
    add("--only", type=_letters, default=list(PARTS), metavar="a,c", help="only these parts (default: all)")
    add("--quick", action="store_true", help="small and few: to try the benchmark itself, not for figures")
    add("--repeat", type=int, metavar="N", help="rounds of part a (default: 5)")
    add("--loop-limit", type=int, metavar="N", help="schedules up to which the loop is measured (default: 100)")
    add("--uri-limit", type=int, metavar="N", help="the same for the loops with uri (default: 100)")
    add("--uri-upload-limit", type=int, metavar="MIB", help="largest upload with uri (default: 64)")
    add("--fleets", type=_numbers, metavar="1,20", help="hosts of part f (default: 1,20,100)")
    add("--fleets-repeat", type=int, metavar="N", help="rounds of part f (default: 3)")
    return parser.parse_args()


def _letters(text: str) -> list[str]:
    letters = text.split(",")
    if not set(letters) <= set(PARTS):
        raise argparse.ArgumentTypeError(f"parts are {', '.join(PARTS)}")
    return letters


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",")]


def _options(given: argparse.Namespace) -> Options:
    """The defaults, or the quick ones, with what was given laid over."""
    names = {field.name for field in dataclasses.fields(Options)}
    chosen = {name: value for name, value in vars(given).items() if name in names and value is not None}
    return dataclasses.replace(QUICK if given.quick else Options(), **chosen)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (BenchError, RuntimeError) as error:
        sys.exit(f"bench: {error}")
