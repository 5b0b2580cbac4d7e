"""A real Chromium without a window, for the tests of pages and for screenshots."""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

#: Nothing but this machine can be found, whatever a page or the browser itself asks for.
_NOWHERE = "MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"
_FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",  # it does not start as root otherwise
    f"--host-resolver-rules={_NOWHERE}",
]


class NoBrowser(Exception):
    """There is no browser on this machine; the text has what to do."""


def find() -> str:
    """The path of a browser."""
    script = Path(__file__).parent / "tools" / "find_chromium"
    found = subprocess.run([str(script)], text=True, capture_output=True, check=False)
    if found.returncode:
        raise NoBrowser(found.stderr.strip())
    return found.stdout.strip()


@contextlib.contextmanager
def chromium(path: str) -> Iterator[Browser]:
    """Start it with an empty profile and an empty home folder, so that nobody's own is touched."""
    with (
        tempfile.TemporaryDirectory(prefix="astera-browser-", ignore_cleanup_errors=True) as home,
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=path, args=_FLAGS, env={"HOME": home, "PATH": "/usr/bin:/bin"})
        try:
            yield browser
        finally:
            browser.close()
