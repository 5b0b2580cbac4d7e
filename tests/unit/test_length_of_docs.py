"""How long the documentation of a module is in a terminal of 120 columns and 60 rows."""

from __future__ import annotations

import functools
import importlib
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.astera.data_stack.plugins import modules

PLUGINS = "ansible_collections.astera.data_stack.plugins"
MODULES = sorted(file.stem for folder in modules.__path__ for file in Path(folder).glob("[!_]*.py"))
#: What ansible-doc uses of 120 columns.
WIDTH = 96
#: Four screens. Some modules have too many options for that, at four lines each; the keys of an error take 26.
BUDGET = 240
LONGER = {
    "astera_api": 255,
    "astera_deployment": 250,
    "astera_deployments": 330,
    "astera_job": 285,
    "astera_jobs": 315,
    "astera_plan": 285,
    "astera_schedule": 275,
    "astera_schedules": 330,
    "astera_server_config": 295,
    "astera_server_info": 275,
}
#: Lines of a description.
MAX_DESCRIPTION = 2


@pytest.mark.parametrize("module", MODULES)
def test_a_module_fits_its_screens(module):
    assert lines_of(module) <= LONGER.get(module, BUDGET)


@pytest.mark.parametrize("module", MODULES)
def test_an_option_or_result_is_described_in_two_lines(module):
    doc, plugin = documentation(module), importlib.import_module(f"{PLUGINS}.modules.{module}")
    found = [*entries(doc.get("options", {})), *entries(load(plugin.RETURN))]
    assert [name for name, entry, depth in found if described(name, entry, depth) > MAX_DESCRIPTION] == []


@functools.cache
def load(text: str) -> Any:
    return yaml.safe_load(text)


def documentation(module: str) -> dict[str, Any]:
    """The documentation with its fragments, as ansible-doc merges them."""
    doc = dict(load(importlib.import_module(f"{PLUGINS}.modules.{module}").DOCUMENTATION))
    for name in doc.get("extends_documentation_fragment", []):
        file, _dot, block = name.removeprefix("astera.data_stack.").partition(".")
        fragment = importlib.import_module(f"{PLUGINS}.doc_fragments.{file}").ModuleDocFragment
        for key, value in load(getattr(fragment, block.upper() or "DOCUMENTATION")).items():
            if key == "attributes":
                own = doc.get(key, {})
                doc[key] = {name: {**value.get(name, {}), **own.get(name, {})} for name in {**value, **own}}
            else:
                doc[key] = {**value, **doc.get(key, {})} if isinstance(value, dict) else [*doc.get(key, []), *value]
    return doc


def entries(found: dict[str, Any], depth: int = 0) -> Iterator[tuple[str, dict[str, Any], int]]:
    """Name, entry and depth of options or return values."""
    for name, entry in found.items():
        yield name, entry, depth
        for inner in ("suboptions", "contains"):
            yield from entries(entry.get(inner, {}), depth + 1)


def texts(description: Any) -> list[str]:
    """The paragraphs, without the letter of a markup: V(x) is shown as `x'."""
    paragraphs = [description] if isinstance(description, str) else description
    return [re.sub(r"\b[A-Z]\(", "(", text) for text in paragraphs]


def described(name: str, entry: dict[str, Any], depth: int) -> int:
    """The lines of a description, to the right of the name."""
    width = WIDTH - len(name) - 5 - 2 * depth
    return sum(len(textwrap.wrap(text, width)) for text in texts(entry["description"]))


def lines_of_entries(found: dict[str, Any], returned: bool) -> int:
    """One for a blank line, those of the description, and one for each key; for a sample those of its YAML."""
    count = 0
    for name, entry, depth in entries(found):
        keys = [key for key in entry if key not in ("description", "required", "suboptions", "contains", "sample")]
        count += 1 + described(name, entry, depth) + len(keys)
        count += 2 * ("suboptions" in entry or "contains" in entry)
        count += not returned and not entry.get("required") and "default" not in entry
        if isinstance(entry.get("sample"), dict):
            count += 1 + len(yaml.safe_dump(entry["sample"]).splitlines())
        elif "sample" in entry:
            count += 1 + len(str(entry["sample"])) // WIDTH
    return count


def lines_of(module: str) -> int:
    """About as many lines as ansible-doc prints."""
    plugin = importlib.import_module(f"{PLUGINS}.modules.{module}")
    doc = documentation(module)
    paragraphs = [*doc["description"], *doc.get("notes", [])]
    attributes = doc["attributes"].values()
    return (
        24
        + sum(len(textwrap.wrap(text, WIDTH - 6)) for text in texts(paragraphs))
        + sum(4 + 2 * bool(one.get("details")) for one in attributes)
        + 3 * len(doc.get("seealso", []))
        + plugin.EXAMPLES.count("\n")
        + lines_of_entries(doc.get("options", {}), returned=False)
        + lines_of_entries(load(plugin.RETURN), returned=True)
    )
