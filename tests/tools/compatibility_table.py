#!/usr/bin/env python
"""Write the table of docs/server-api.md from the assumptions that the compatibility report checks.

Usage: compatibility_table.py [--check]. With --check nothing is written, and a difference is an error.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs/server-api.md"
BEGIN = "<!-- Begin of the table that tests/tools/compatibility_table.py writes; do not edit. -->"
END = "<!-- End of the table. -->"
HEAD = """
| key | affects | mark | assumption | when it differs |
| --- | --- | --- | --- | --- |
"""


def updated(page: str) -> str:
    """The page with the current rows between ``BEGIN`` and ``END``. ValueError where one of these is missing."""
    from ansible_collections.astera.data_stack.plugins.module_utils._compatibility.assumptions import ASSUMPTIONS

    rows = [
        f"| `{one.key}` | {one.affects} | [{one.mark}](#{one.section.lower().replace(' ', '-')}) "
        f"| {one.claim} | {one.otherwise} |\n"
        for one in ASSUMPTIONS
    ]
    before, _begin, rest = _parted(page, BEGIN)
    _table, _end, after = _parted(rest, END)
    return "".join((before, BEGIN, "\n", HEAD, *rows, "\n", END, after))


def _parted(text: str, line: str) -> tuple[str, str, str]:
    if text.count(line) != 1:
        raise ValueError(f"the page must hold once: {line}")
    return text.partition(line)


def main(path: Path = PAGE) -> int:
    page = path.read_text(encoding="utf-8")
    new = updated(page)
    if "--check" not in sys.argv:
        path.write_text(new, encoding="utf-8")
    elif page != new:
        print(f"Out of date, run tests/tools/compatibility_table.py: {path}")
        return 1
    return 0


if __name__ == "__main__":
    # Where the checkout is a collection that can be imported.
    tree = subprocess.run([ROOT / "tests/tools/tree"], check=True, capture_output=True, text=True).stdout.strip()
    sys.path.insert(0, f"{tree}/link")
    sys.exit(main())
