"""``make fault-matrix``: turns the records of an exhaustive run into ``docs/fault-matrix.md``."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
RECORDS = ROOT / "tests" / "output" / "faults"
DOCUMENT = ROOT / "docs" / "fault-matrix.md"
#: Between these two lines of the document stands what is measured.
BEGIN, END = "<!-- made by make fault-matrix -->", "<!-- end -->"


def main() -> int:
    """Write the tables. Fails when a cell is bad, or when nothing was tried."""
    lines = [line for file in sorted(RECORDS.glob("*.jsonl")) for line in file.read_text().splitlines()]
    # Of a cell that was tried more than once, as when a run is taken up again, the last one counts.
    cells = list({(cell["subject"], cell["point"], cell["fault"]): cell for cell in map(json.loads, lines)}.values())
    before, _begin, rest = DOCUMENT.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    tried = [cell for cell in cells if cell["result"] != "not reached" or cell["bad"]]
    bad = sum(bool(cell["bad"]) for cell in tried)
    summary = f"{len(tried)} cells, {bad} bad."
    tables = [summary, "", *_table("fault", "fault", tried), "", *_table("what is run", "subject", tried)]
    DOCUMENT.write_text("\n".join([f"{before}{BEGIN}\n", *tables, "", f"{END}{after}"]))
    sys.stdout.write(f"{summary} {DOCUMENT.relative_to(ROOT)} is written.\n")
    return 0 if tried and not bad else 1


def _table(title: str, key: str, cells: Iterable[dict[str, Any]]) -> list[str]:
    """How the cells came out, by one of their fields, in the order in which they were first tried."""
    counts: dict[str, Counter[str]] = {}
    for cell in cells:
        result = "bad" if cell["bad"] else cell["result"]
        counts.setdefault(cell[key], Counter())[result] += 1
    rows = [
        f"| {title} | cells | succeeded | failed, fixed by a re-run | bad |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for name in sorted(counts):
        count = counts[name]
        rows.append(f"| {name} | {count.total()} | {count['succeeded']} | {count['failed']} | {count['bad']} |")
    return rows


if __name__ == "__main__":
    sys.exit(main())
