"""Lines about work that takes long."""

from __future__ import annotations

import pytest

from ansible_collections.astera.data_stack.plugins.module_utils._http import progress as _progress
from ansible_collections.astera.data_stack.plugins.module_utils._http.progress import INTERVAL, MAX_LINE, Progress


class Clock:
    now = 100.0

    def monotonic(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    """The time, as it is seen there."""
    made = Clock()
    monkeypatch.setattr(_progress, "time", made)
    return made


def report(progress, line):
    if progress.due:
        progress.show(line)


def test_one_line_in_an_interval_and_none_in_the_first(clock):
    lines = []
    progress = Progress(lines.append)
    for _number in range(40):
        report(progress, f"{clock.now - 100:.0f} s")
        clock.now += 0.5
    assert lines == [f"{INTERVAL * number:.0f} s" for number in (1, 2, 3)]


def test_a_line_is_one_line(clock):
    lines = []
    progress = Progress(lines.append)
    clock.now += INTERVAL
    report(progress, "job\r\n\x1b[31m is " + "x" * 1000)
    assert lines[0].startswith("job   [31m is xx")
    assert len(lines[0]) == MAX_LINE


def test_nobody_listens():
    Progress().show("lost")
