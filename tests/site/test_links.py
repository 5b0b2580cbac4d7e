"""The built site: every link in it leads somewhere, and opening a page asks nobody else for anything."""

from __future__ import annotations

from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

SITE = Path(__file__).resolve().parents[2] / "docs" / "site"
PAGES = sorted(str(path.relative_to(SITE)) for path in SITE.rglob("*.html"))
#: What a browser loads by itself, not only when somebody clicks.
LOADED = {("script", "src"), ("img", "src"), ("link", "href"), ("iframe", "src"), ("source", "src"), ("object", "data")}
#: Only names for the page, which no browser loads.
NAMES = {"search", "index", "next", "prev", "canonical", "author", "help"}


class Page(HTMLParser):
    """What a page links to, what it loads, and what others may link to."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.loaded: set[str] = set()
        self.anchors: set[str] = set()
        self.feed(path.read_text())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.anchors |= {given[name] or "" for name in ("id", "name") if name in given}
        for name in ("href", "src", "data"):
            if given.get(name) and (tag, name) in LOADED | {("a", "href")}:
                self.links.add(given[name] or "")
                if (tag, name) in LOADED and given.get("rel") not in NAMES:
                    self.loaded.add(given[name] or "")


@cache
def read(path: Path) -> Page:
    return Page(path)


def test_there_is_a_site():
    for name in ("index.html", "searchindex.js", "docs/quick-start.html", "reference/astera_job_module.html"):
        assert (SITE / name).exists(), f"{name} is missing; `make docs` builds the site"


@pytest.mark.parametrize("name", PAGES)
def test_a_page(name):
    page = read(SITE / name)
    broken = set()
    for link in page.links:
        parts = urlsplit(link)
        if parts.scheme in ("http", "https", "mailto", "data"):
            continue
        target = (SITE / name).parent / unquote(parts.path) if parts.path else SITE / name
        anchor = unquote(parts.fragment)
        if not target.is_file() or (anchor and target.suffix == ".html" and anchor not in read(target).anchors):
            broken.add(link)
    assert not broken
    assert not {link for link in page.loaded if urlsplit(link).netloc}
