"""The page of the compatibility report lists the very assumptions that the playbook judges, with their marks."""

from __future__ import annotations

import re
from pathlib import Path

from ansible_collections.astera.data_stack.plugins.module_utils import _version
from ansible_collections.astera.data_stack.plugins.module_utils._compatibility.evidence import CALLS, MAX_SCHEDULES
from ansible_collections.astera.data_stack.plugins.module_utils._compatibility.report import ASSUMPTIONS

DOCS = Path(_version.__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "compatibility-report.md").read_text(encoding="utf-8")
FACTS = (DOCS / "server-api.md").read_text(encoding="utf-8")
HEADINGS = re.findall(r"^## (.*)$", FACTS, re.MULTILINE)
MARKS = ("documented", "seen", "inferred", "unknown")


def anchor(heading):
    return heading.lower().replace(" ", "-")


def row(one):
    place = f"[{one.section}](server-api.md#{anchor(one.section)})"
    return f"| `{one.key}` | {place} | {one.mark} | {one.claim} | {one.otherwise} |"


def test_the_page_lists_what_is_judged():
    """To mend it, put the rows that are told into the table, in their order."""
    rows = [line for line in PAGE.splitlines() if line.startswith("| `") and "server-api.md#" in line]
    assert rows == [row(one) for one in ASSUMPTIONS]


def test_assumptions_are_well_formed():
    assert len({one.key for one in ASSUMPTIONS}) == len(ASSUMPTIONS)
    for one in ASSUMPTIONS:
        assert one.mark in MARKS
        assert one.section in HEADINGS
        assert "|" not in one.claim + one.otherwise
        assert one.claim.endswith(".")
        assert one.otherwise.endswith(".")


def test_the_page_names_every_call():
    for _name, path, _who in CALLS:
        assert f"`GET {path}`" in PAGE, path
    assert str(MAX_SCHEDULES) in PAGE or "twenty" in PAGE
