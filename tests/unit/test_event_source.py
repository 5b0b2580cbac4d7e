"""The event source, its documentation, its guide and its rulebooks say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from ansible_collections.astera.data_stack.extensions.eda.plugins.event_source.server import DOCUMENTATION, EXAMPLES
from ansible_collections.astera.data_stack.plugins.doc_fragments.connection import ModuleDocFragment as Connection
from ansible_collections.astera.data_stack.plugins.doc_fragments.job import ModuleDocFragment as Job
from ansible_collections.astera.data_stack.plugins.plugin_utils._eda import snapshot, tracker
from ansible_collections.astera.data_stack.plugins.plugin_utils._eda.options import (
    DEFAULTS,
    SPEC,
    argument_options,
    options_from,
)

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "eda.md").read_text()
RULEBOOKS = sorted((ROOT / "extensions" / "eda" / "rulebooks").glob("*.yml"))


def section(title: str) -> str:
    return re.split(r"^## ", PAGE.split(f"\n## {title}\n")[1], flags=re.MULTILINE)[0]


def events() -> set[str]:
    """The names that the code gives to events."""
    texts = [Path(module.__file__).read_text() for module in (tracker, snapshot)]
    return set(re.findall(r'Event\("(\w+)"', "".join(texts))) | set(re.findall(r'"(object_\w+)"', texts[1]))


def test_the_documented_options_are_those_of_the_code():
    documented = {}
    for text in (Connection.DOCUMENTATION, Job.STATUSES, DOCUMENTATION):
        documented.update(yaml.safe_load(text)["options"])
    keys = ("type", "elements", "choices", "default", "required")
    options = argument_options()
    assert {
        name: {key: value for key, value in option.items() if key in keys} for name, option in documented.items()
    } == {name: {key: value for key, value in option.items() if key in keys} for name, option in options.items()}


def test_the_guide_has_every_option_with_its_default():
    rows = re.findall(r"^\| (`.*?) \|(.*?)\|", section("Options"), re.MULTILINE)
    shown = {name: default.strip() for names, default in rows for name in re.findall(r"`(\w+)`", names)}
    options = argument_options()
    assert set(shown) == {*SPEC.options, *DEFAULTS}
    for name, text in shown.items():
        default = options[name].get("default")
        if name == "watch":
            assert text == "all"
        elif isinstance(default, bool):
            assert text == f"`{str(default).lower()}`"
        else:
            assert text == (f"{default:g}" if default not in (None, []) else "")


def test_the_guide_has_every_event():
    named = re.findall(r"^\| `(\w+)` \|", section("Events").split("\n| key |")[0], re.MULTILINE)
    assert set(named) == events()


@pytest.mark.parametrize("path", RULEBOOKS, ids=lambda path: path.stem)
def test_conditions_name_events_that_there_are(path):
    (rules,) = [ruleset["rules"] for ruleset in yaml.safe_load(path.read_text())]
    text = " ".join(rule["condition"] for rule in rules)
    named = set(re.findall(r'"(\w+)"', text))
    assert named == events(), "and leave none to chance"


def test_the_examples_take_options_that_there_are():
    sources = [source for ruleset in yaml.safe_load(EXAMPLES) for source in ruleset["sources"]]
    sources += [
        source
        for block in re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
        if isinstance(rulebook := yaml.safe_load(block), list)
        for ruleset in rulebook
        for source in ruleset.get("sources", ())
    ]
    assert len(sources) >= 2
    for source in sources:
        options_from({"server_url": "https://etl01", "token": "x", **source["astera.data_stack.server"]})
