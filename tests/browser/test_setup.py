"""The browser, and what watches over the pages: a good page passes, and each kind of bad one is found."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

FIND = Path(__file__).resolve().parents[1] / "tools" / "find_chromium"
GOOD = "<!doctype html><html lang='en'><title>Good</title><main><h1>Good</h1>{}</main></html>"

pytestmark = pytest.mark.any_core


@pytest.fixture
def page_file(tmp_path):
    def write(text=""):
        path = tmp_path / "page.html"
        path.write_text(GOOD.format(text))
        return path.as_uri()

    return write


def test_a_good_page(visit, hindrances, page_file):
    page = visit(page_file("<p>Fine</p>"), color_scheme="dark")
    assert page.title() == "Good"
    assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    assert hindrances(page) == []


def test_axe_finds_what_hinders(visit, hindrances, page_file):
    page = visit(page_file("<p style='color: #bbb; background: #fff'>Pale</p><img src='data:,'>"))
    assert {finding.split(":")[0] for finding in hindrances(page)} == {"color-contrast", "image-alt"}


def test_complaints_and_requests_are_noticed(chromium, page_file):
    """What ``visit`` listens to is really reported, and the network is out of reach."""
    asked, reported, failed = [], [], []
    page = chromium.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("requestfailed", lambda request: failed.append(request.failure))
    page.on("console", lambda message: reported.append(message.type))
    page.context.on("weberror", lambda error: reported.append("thrown"))
    page.goto(page_file("<img alt='' src='https://example.com/x.png'><script>console.error('no'); throw 1</script>"))
    page.close()
    assert "https://example.com/x.png" in asked
    assert failed == ["net::ERR_NAME_NOT_RESOLVED"]
    assert {"error", "thrown"} <= set(reported)


def test_a_browser_that_is_not_there_is_named():
    found = subprocess.run(
        [FIND, "--install"],
        env={**os.environ, "ASTERA_TEST_BROWSER": "/no/such/browser"},
        text=True,
        capture_output=True,
        check=False,
    )
    assert found.returncode == 1
    assert "/no/such/browser" in found.stderr
