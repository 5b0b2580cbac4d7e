"""What becomes of the README in the tarball; `make tarball` checks the rest of it."""

from __future__ import annotations

import importlib.machinery
import importlib.util
from types import ModuleType

import pytest

from .collection import ROOT

GALAXY = {"repository": "https://example.com/repo", "version": "1.2.3"}
PAGE = "https://example.com/repo/blob/1.2.3"
RAW = "https://example.com/repo/raw/1.2.3"


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    loader = importlib.machinery.SourceFileLoader("build_tarball", str(ROOT / "tests/tools/build_tarball"))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("build_tarball", loader))
    loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a](docs/b.md#c)", f"[a]({PAGE}/docs/b.md#c)"),
        ("see [two\nlines](LICENSE), [x](y)", f"see [two\nlines]({PAGE}/LICENSE), [x]({PAGE}/y)"),
        ("![shot](docs/a.png)", f"![shot]({RAW}/docs/a.png)"),
        ("[![badge](a.svg)](CHANGELOG.md)", f"[![badge]({RAW}/a.svg)]({PAGE}/CHANGELOG.md)"),
        ("[a](#here)", "[a](#here)"),
        ("[a](https://x.org/y) [b](mailto:a@b)", "[a](https://x.org/y) [b](mailto:a@b)"),
        ("items[0] (none) `a[b]`", "items[0] (none) `a[b]`"),
    ],
)
def test_links_lead_to_the_repository(tool, text, expected):
    assert tool.with_full_links(text, GALAXY) == expected
