"""Links in the Markdown pages of the repository: files and headings are there, addresses elsewhere look like such.

What lies elsewhere is asked only by ``make linkcheck``, as a test must not depend on the network.
"""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import pytest

import pages

#: The start page of the site also links to pages that only the site has; tests/site looks at them.
PAGES = [name for name in pages.all_pages() if name != "docs/docsite/index.md"]

pytestmark = pytest.mark.any_core


def test_there_are_pages():
    assert {"README.md", "docs/server-api.md", "roles/jobs/README.md", "tests/emulator/README.md"} <= set(PAGES)


@pytest.mark.parametrize("name", PAGES)
def test_the_links_of_a_page(name):
    assert [link for link in pages.links((pages.ROOT / name).read_text()) if not leads_somewhere(name, link)] == []


def leads_somewhere(name: str, link: str) -> bool:
    parts = urlsplit(link)
    if parts.scheme:
        return parts.scheme in ("http", "https") and "." in (parts.hostname or "")
    target = (pages.ROOT / name).parent / unquote(parts.path) if parts.path else pages.ROOT / name
    if not target.is_file():
        return False
    return not parts.fragment or (target.suffix == ".md" and parts.fragment in pages.anchors(target.read_text()))


@pytest.mark.parametrize(
    "link",
    ["missing.md", "server-api.md#missing", "#missing", "../roles", "../LICENSE#x", "https://nowhere", "ftp://a.b"],
)
def test_a_bad_link_is_found(link):
    assert not leads_somewhere("docs/network.md", link)


def test_anchors_are_those_of_a_forge():
    text = "# A `b_c`: *d*, e/f\n\n## Twice\n\n## Twice\n\n### Ten & and\n"
    assert pages.anchors(text) == {"a-b_c-d-ef", "twice", "twice-1", "ten--and"}
