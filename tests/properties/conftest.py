"""Property tests: how many examples, from which seed, and how many there were.

Each run takes a slice of fixed examples, so that it is never red by bad luck. `make properties` takes fifty times as
many at random; PROPERTIES_SEED repeats such a run.
"""

from __future__ import annotations

import functools
import importlib
from collections import Counter
from collections.abc import Iterator
from typing import Any
from unittest import mock

import pytest

# The collection can be imported only when pytest is set up, so what is imported from it is imported where it is used.
PACKAGE = "ansible_collections.astera.data_stack."

#: Examples that ran to their end, by test.
_COUNTS: Counter[str] = Counter()
_WRAPPED: set[int] = set()
_current: list[str] = []


def description() -> str:
    return str(importlib.import_module(PACKAGE + "tests.properties.profiles").DESCRIPTION)


def pytest_report_header() -> str:
    return f"properties: {description()}"


def pytest_itemcollected(item: Any) -> None:
    """Count the examples of each property. The handle is what Hypothesis documents for wrappers like this one."""
    handle = getattr(getattr(item, "obj", None), "hypothesis", None)
    if handle is None or id(handle) in _WRAPPED:
        return
    _WRAPPED.add(id(handle))
    inner = handle.inner_test

    @functools.wraps(inner)
    def counted(*args: Any, **kwargs: Any) -> Any:
        inner(*args, **kwargs)
        _COUNTS[_current[-1]] += 1

    handle.inner_test = counted


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: Any) -> Any:
    _current.append(item.nodeid)
    try:
        return (yield)
    finally:
        _current.pop()
        if item.nodeid in _COUNTS:
            # What is noted here reaches the terminal also from another process.
            item.user_properties.append(("examples", _COUNTS[item.nodeid]))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    counts = {
        report.nodeid.partition("tests/properties/")[2]: number
        for category in ("passed", "failed")
        for report in terminalreporter.getreports(category)
        for name, number in report.user_properties
        if name == "examples" and getattr(report, "when", "") == "call"
    }
    if not counts:
        return
    terminalreporter.section("examples of each property")
    for test, number in sorted(counts.items()):
        terminalreporter.write_line(f"{number:7d}  {test}")
    terminalreporter.write_line(f"{sum(counts.values()):7d}  in all; {description()}")


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Paths for options: files that can be read, and what cannot be one."""
    folder = tmp_path_factory.mktemp("files")
    found = {"none": str(folder / "none.car"), "folder": str(folder), "nul": f"{folder}/a\0b", "long": "x" * 300}
    found["missing_folder"] = str(folder / "none" / "marker.json")
    found["marker"] = str(folder / "marker.json")
    for number, name in enumerate(("orders.car", "CON.x.car", "-rf 'ä\r\n\".car", "empty.car")):
        path = folder / name
        path.write_bytes(b"x" * number if name != "empty.car" else b"")
        found[name] = str(path)
    (folder / "orders.car").write_bytes(b"orders")
    return found


@pytest.fixture
def fast() -> Iterator[Any]:
    """The modules without network, without pauses, and without the work that makes a digest expensive."""
    utils = PACKAGE + "plugins.module_utils."
    server = importlib.import_module(PACKAGE + "tests.properties.server")
    deadline = importlib.import_module(utils + "_http.polling").Deadline
    clock = server.Clock()
    with (
        mock.patch(utils + "_http.client.Transport", server.Transport),
        mock.patch.object(deadline.__init__, "__defaults__", (clock, clock.sleep)),
        mock.patch("time.sleep", clock.sleep),
        mock.patch(utils + "_resources.license.state_file.ITERATIONS", 1),
    ):
        yield clock
