"""The collection keeps every rule, and every rule finds what it is there for."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable

import pytest

from . import rules
from .collection import Collection, load


@pytest.fixture(scope="module")
def collection() -> Collection:
    loaded = load()
    assert len(loaded.modules) >= 15
    assert len(loaded.roles) >= 8
    return loaded


@pytest.mark.parametrize("name", rules.RULES)
def test_the_collection_keeps(collection, name):
    assert rules.RULES[name](collection) == []


def file(path: str, text: str = "---\n") -> Callable[[Collection], None]:
    """Adds a file, or puts another in its place."""
    return lambda collection: collection.files.update({path: text})


def without(path: str) -> Callable[[Collection], None]:
    return lambda collection: collection.files.pop(path)


def edit(path: str, old: str, new: str) -> Callable[[Collection], None]:
    def change(collection: Collection) -> None:
        assert old in collection.files[path], f"{old!r} is no longer in {path}: write this case again"
        collection.files[path] = collection.files[path].replace(old, new)

    return change


def doc(name: str, *keys: str, to: object) -> Callable[[Collection], None]:
    """Sets, or with None removes, a part of a module's documentation."""

    def change(collection: Collection) -> None:
        place = collection.modules[name]
        for key in keys[:-1]:
            place = place[key]
        place[keys[-1]] = to
        if to is None:
            del place[keys[-1]]

    return change


def renamed(old: str, new: str) -> Callable[[Collection], None]:
    return lambda collection: collection.modules.update({new: collection.modules.pop(old)})


SPDX_LINE = f"# {rules.SPDX}\n"
CLUSTER_SPEC = "roles/cluster/meta/argument_specs.yml"
#: Rule, what spoils the collection, and a part of what the rule then reports.
SPOILED = [
    ("plugins_lie_in_known_folders", file("plugins/helpers/_x.py", SPDX_LINE), "plugins/helpers"),
    ("private_code_has_private_names", file("plugins/module_utils/helper.py", SPDX_LINE), "helper.py"),
    ("private_code_has_private_names", file("plugins/module_utils/sub/_helper.py", SPDX_LINE), "sub/_helper.py"),
    ("plugins_are_under_the_gpl", file("plugins/action/new.py", '"""No licence."""\n'), "new.py"),
    ("plugins_are_under_the_gpl", file("plugins/action/new.py", "\n" * 9 + SPDX_LINE), "new.py"),
    ("license_texts_agree", file("LICENSE", "MIT\n"), "differ"),
    ("no_sanity_test_is_ignored", file("tests/sanity/ignore-2.21.txt", "plugins/x.py pep8\n"), "ignore-2.21"),
    (
        "states_name_the_desired_state",
        doc("astera_cluster", "doc", "options", "state", to={"choices": ["list"]}),
        "state=list",
    ),
    ("info_modules_only_read", renamed("astera_cluster_info", "astera_cluster_facts"), "_facts"),
    ("info_modules_only_read", doc("astera_cluster_info", "doc", "attributes", "check_mode", to={}), "check mode"),
    ("info_modules_only_read", doc("astera_cluster_info", "doc", "options", "state", to={}), "option state"),
    ("modules_document_their_attributes", doc("astera_cluster", "doc", "attributes", to=None), "check_mode"),
    (
        "modules_document_their_attributes",
        doc("astera_job", "doc", "attributes", "idempotent", to={"support": "none"}),
        "details",
    ),
    (
        "additions_document_their_version",
        doc("astera_cluster", "doc", "version_added", to=None),
        "module astera_cluster",
    ),
    ("additions_document_their_version", doc("astera_cluster", "doc", "version_added", to="1.0"), "'1.0'"),
    ("additions_document_their_version", edit(CLUSTER_SPEC, "version_added", "since"), "role cluster, main"),
    (
        "examples_use_full_names",
        doc("astera_cluster", "examples", to="- name: X\n  astera_cluster:\n    name: A\n"),
        "astera_c",
    ),
    (
        "examples_use_full_names",
        file(
            "docs/new.md", "```yaml\n- hosts: all\n  tasks:\n    - block:\n        - name: X\n          debug:\n```\n"
        ),
        "debug",
    ),
    ("role_options_are_described", edit(CLUSTER_SPEC, "type: raw", "kind: raw"), "no type"),
    (
        "role_options_are_described",
        edit("roles/provision/meta/argument_specs.yml", "elements: int", "x: 1"),
        "no elements",
    ),
    ("role_options_are_described", edit(CLUSTER_SPEC, "short_description", "title"), "short_description"),
    ("roles_are_complete", without("roles/cluster/README.md"), "roles/cluster/README.md"),
    ("roles_are_complete", file("roles/new/tasks/main.yml"), "roles/new/meta/argument_specs.yml"),
    ("the_readme_names_everything", file("playbooks/unheard_of.yml"), "unheard_of"),
    ("the_readme_names_everything", renamed("astera_cluster", "astera_unheard_of"), "astera_unheard_of"),
    ("the_readme_has_the_sections", edit("README.md", "## License", "## Legal"), "no section License"),
    ("the_readme_has_the_sections", edit("README.md", "## License", "`pip install ansible-core`"), "with pip"),
    (
        "the_readme_leads_to_the_rest",
        edit("README.md", "](CODE_OF_CONDUCT.md", "](https://example.com"),
        "CODE_OF_CONDUCT",
    ),
    ("the_readme_leads_to_the_rest", file("CODE_OF_CONDUCT.md", "Be kind.\n"), "no link"),
    ("versions_claimed_are_tested", file("meta/runtime.yml", "requires_ansible: '>=2.15.0'\n"), "runtime.yml"),
    ("versions_claimed_are_tested", edit("tests/tools/cores.txt", "\n2.16 ", "\n2.14 "), "tested from 2.14"),
    ("versions_claimed_are_tested", edit("README.md", "| 3.9 or newer", "| 3.8 or newer"), "3.8"),
    ("requirements_leave_room", file("requirements.txt", "requests==2.32.0\n"), "requests"),
    ("requirements_leave_room", file("requirements.txt", "requests\n"), "lower bound"),
    ("requirements_leave_room", file("requirements.txt", "ansible-core>=2.16\n"), "ansible-core"),
    ("nothing_else_is_needed", edit("galaxy.yml", "dependencies: {}", "dependencies: {a.b: '*'}"), "a.b"),
    ("galaxy_shows_the_way", edit("galaxy.yml", "issues: https", "issues: http"), "issues"),
    ("ci_checks_every_core", edit(".github/workflows/ci.yml", "make certify", "make demo"), "make certify"),
    ("ci_checks_every_core", edit(".github/workflows/ci.yml", "  schedule:", "  dispatch:"), "schedule"),
]


@pytest.mark.parametrize(("name", "spoil", "text"), SPOILED, ids=[f"{name}-{text}" for name, _spoil, text in SPOILED])
def test_a_rule_finds(collection, name, spoil, text):
    spoiled = copy.deepcopy(collection)
    spoil(spoiled)
    assert re.search(re.escape(text), "\n".join(rules.RULES[name](spoiled)))


def test_every_rule_has_been_seen_to_fail():
    assert {name for name, _spoil, _text in SPOILED} == set(rules.RULES)
