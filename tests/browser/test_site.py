"""The documentation site in a browser, without a network. `make docs` builds it and runs this."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

SITE = Path(__file__).resolve().parents[2] / "docs" / "site"
#: One page of each kind.
PAGES = (
    "index.html",
    "docs/benchmark.html",
    "docs/deploy.html",
    "docs/server-api.html",
    "reference/index.html",
    "reference/astera_schedule_module.html",
    "reference/jobs_role.html",
    "search.html?q=schedule",
)
WINDOWS = {
    "light": {"color_scheme": "light", "viewport": {"width": 1300, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1300, "height": 900}},
    "phone": {"color_scheme": "light", "viewport": {"width": 320, "height": 640}},
}

pytestmark = [
    pytest.mark.any_core,
    pytest.mark.skipif(
        not (SITE / "index.html").exists(), reason="there is no site in docs/site; `make docs` builds it"
    ),
]


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_what: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """Served, as axe may not read the style sheets of a page on the disk."""
    handler = functools.partial(Handler, directory=str(SITE))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("name", PAGES)
def test_a_page(site, visit, hindrances, name, window):
    page = visit(f"{site}/{name}", **WINDOWS[window])
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it must be moved sideways to be read"
    assert hindrances(page) == []


def search(page):
    page.get_by_role("textbox", name="Search").fill("roll back")
    page.keyboard.press("Enter")
    page.locator("#search-results").get_by_role("link", name="Deploy, promote, roll back").first.click()
    assert page.locator("h1").inner_text().startswith("Deploy, promote, roll back")


def test_search(site, visit):
    search(visit(f"{site}/index.html", viewport={"width": 1300, "height": 900}))


def test_search_from_the_disk(chromium):
    """Needs no server. The results show no text then: a page from the disk may not read others, and complains."""
    with chromium.new_context(viewport={"width": 1300, "height": 900}) as context:
        page = context.new_page()
        page.goto((SITE / "index.html").as_uri())
        search(page)


def test_the_name_of_a_module_leads_to_its_reference(visit):
    page = visit((SITE / "docs" / "jobs.html").as_uri())
    page.get_by_role("link", name="astera.data_stack.astera_job", exact=True).first.click()
    assert page.locator("h1").inner_text().startswith("astera.data_stack.astera_job module")


def test_the_reader_may_choose_the_dark(visit):
    page = visit((SITE / "index.html").as_uri(), color_scheme="light", viewport={"width": 1300, "height": 900})
    colour = "getComputedStyle(document.body).backgroundColor"
    before = page.evaluate(colour)
    page.locator(".theme-toggle-content button").click()
    page.wait_for_function(f"{colour} !== '{before}'")


def test_a_phone_opens_the_list_of_pages(visit):
    page = visit((SITE / "index.html").as_uri(), **WINDOWS["phone"])
    link = page.locator(".sidebar-drawer").get_by_role("link", name="Quick start")
    assert not link.is_visible() or (link.bounding_box() or {"x": -1})["x"] < 0
    page.locator(".mobile-header .nav-overlay-icon").click()
    page.wait_for_timeout(500)
    link.click()
    assert page.locator("h1").inner_text().startswith("Quick start")
