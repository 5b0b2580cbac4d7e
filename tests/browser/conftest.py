"""Opens pages in a real browser. One that asks for something elsewhere, or complains in its console, fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page

import browsing

HERE = ("", "localhost", "127.0.0.1")
#: What axe tests: the rules of WCAG 2.2 up to level AA, and what is good practice.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    try:
        path = browsing.find()
    except browsing.NoBrowser as reason:
        pytest.skip(str(reason))
    with browsing.chromium(path) as browser:
        yield browser


@pytest.fixture
def visit(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open an address in a window of its own. Keywords are those of ``new_context``."""
    contexts = []
    elsewhere: list[str] = []
    complaints: list[str] = []

    def ask(request: Any) -> None:
        if urlsplit(request.url).scheme not in ("file", "data", "blob") and urlsplit(request.url).hostname not in HERE:
            elsewhere.append(request.url)

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            complaints.append(message.text)

    def open_page(address: str, **how: Any) -> Page:
        context = chromium.new_context(**how)
        contexts.append(context)
        context.on("request", ask)
        context.on("console", hear)
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        page = context.new_page()
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not elsewhere
    assert not complaints


@pytest.fixture(scope="session")
def hindrances() -> Callable[[Page], list[str]]:
    """What axe finds on a page, one line for each rule and element."""
    axe = Axe()

    def find(page: Page) -> list[str]:
        found = axe.run(page, options={"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": RULES}})
        return [
            f"{rule['id']}: {rule['help']}: {node['html'][:200]}: {node.get('failureSummary', '')}"
            for rule in found.response["violations"]
            for node in rule["nodes"]
        ]

    return find
