"""The pages of the compatibility report: the table of assumptions is generated, and the guide names every request."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from ansible_collections.astera.data_stack.plugins.module_utils import _version
from ansible_collections.astera.data_stack.plugins.module_utils._compatibility.assumptions import ASSUMPTIONS
from ansible_collections.astera.data_stack.plugins.module_utils._compatibility.collect import MAX_SCHEDULES, REQUESTS

ROOT = Path(_version.__file__).resolve().parents[2]
GUIDE = (ROOT / "docs/compatibility-report.md").read_text(encoding="utf-8")
PAGE = (ROOT / "docs/server-api.md").read_text(encoding="utf-8")
HEADINGS = re.findall(r"^## (.*)$", PAGE, re.MULTILINE)
MARKS = ("documented", "seen", "inferred", "unknown")
# Not runpy, which takes a file for a folder where ansible-test has its import hooks.
SPEC = importlib.util.spec_from_file_location("compatibility_table", ROOT / "tests/tools/compatibility_table.py")
TOOL = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(TOOL)


def test_the_table_is_up_to_date():
    """`make generate` writes it."""
    assert TOOL.updated(PAGE) == PAGE
    for one in ASSUMPTIONS:
        assert f"\n| `{one.key}` |" in PAGE


def test_a_stale_table_is_replaced():
    stale = PAGE.replace(ASSUMPTIONS[0].claim, "Something else.")
    assert stale != PAGE
    assert TOOL.updated(stale) == PAGE


@pytest.mark.parametrize("page", ["", PAGE + PAGE], ids=["none", "two"])
def test_the_lines_around_the_table_must_be_there(page):
    with pytest.raises(ValueError, match="must hold once"):
        TOOL.updated(page)


@pytest.mark.parametrize(("word", "status"), [("", 0), ("Something else. ", 1)])
def test_the_check_fails_for_a_stale_page(tmp_path, monkeypatch, capsys, word, status):
    path = tmp_path / "page.md"
    path.write_text(PAGE.replace(ASSUMPTIONS[0].claim, word + ASSUMPTIONS[0].claim), encoding="utf-8")
    before = path.read_text(encoding="utf-8")
    monkeypatch.setattr("sys.argv", ["compatibility_table.py", "--check"])
    assert TOOL.main(path) == status
    assert ("Out of date" in capsys.readouterr().out) is bool(status)
    assert path.read_text(encoding="utf-8") == before


def test_assumptions_are_well_formed():
    assert len({one.key for one in ASSUMPTIONS}) == len(ASSUMPTIONS)
    for one in ASSUMPTIONS:
        assert one.mark in MARKS
        assert one.section in HEADINGS
        assert "|" not in one.claim + one.affects + one.otherwise
        assert one.claim.endswith(".")
        assert one.otherwise.endswith(".")


def test_the_page_names_every_request():
    for _name, path in REQUESTS:
        assert f"`GET {path}`" in GUIDE, path
    assert f"first {MAX_SCHEDULES}" in GUIDE
