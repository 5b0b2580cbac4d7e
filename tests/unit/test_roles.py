"""Roles hand their variables to the modules whole, so that no option can be lost on the way."""

from __future__ import annotations

import pathlib
import re
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from ansible_collections.astera.data_stack.plugins.module_utils import _version
from ansible_collections.astera.data_stack.plugins.module_utils._http.connection import CONNECTION_OPTIONS
from ansible_collections.astera.data_stack.plugins.module_utils._server.sections import SECTIONS, Section
from ansible_collections.astera.data_stack.plugins.module_utils._server.validate import VARIABLES

ROLES = pathlib.Path(_version.__file__).resolve().parents[2] / "roles"
#: Options of a module for which a playbook has variables of its own.
ELSEWHERE = {"astera_deployments": {"only", "overrides"}}


def role_file(section: Section, path: str) -> Any:
    return yaml.safe_load((ROLES / section.variable.removeprefix("astera_") / path).read_text(encoding="utf-8"))


def settings_of(section: Section) -> list[Any]:
    """The option ``settings`` of the role's one task with a module of the collection."""
    folder = ROLES / section.variable.removeprefix("astera_") / "tasks"
    tasks = [task for path in folder.glob("*.yml") for task in yaml.safe_load(path.read_text(encoding="utf-8"))]
    (found,) = (task[key] for task in tasks for key in task if key.startswith("astera.data_stack."))
    assert list(found) == ["settings"]
    return found["settings"]


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.variable)
def test_every_option_of_the_module_is_passed_on(section):
    *_defaults, own = settings_of(section)
    assert "{{ astera_connection }}" in _defaults
    if not section.option:
        assert own == f"{{{{ {section.variable} | default(omit) }}}}"
        further = [{option: f"{{{{ {name} | default(omit) }}}}"} for name, option in (section.further or {}).items()]
        assert _defaults == ["{{ astera_connection }}", *further]
        return
    assert own == f"{{{{ {section.variable}_settings }}}}"
    variables = role_file(section, "vars/main.yml")[f"{section.variable}_settings"]
    assert set(variables) == set(section.spec.options) - ELSEWHERE.get(section.variable, set())
    names = {option: name for name, option in (section.further or {}).items()}
    entries = {section.option: f"{{{{ {section.variable} | default(omit) }}}}"}
    others = {option: f"{{{{ {names[option]} }}}}" for option in variables if option != section.option}
    assert variables == {**others, **entries}


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.variable)
def test_every_variable_has_its_default_in_one_place(section):
    """An empty answer means the role's default, so the module must have the same one, or the task says it."""
    defaults = role_file(section, "defaults/main.yml")
    (given, *_more) = settings_of(section)
    given = given if isinstance(given, dict) else {}
    for name, option in (section.further or {}).items():
        if name == "astera_license_marker":
            # A role knows the inventory, which a module does not.
            assert defaults[name] == "{{ astera_license_marker_of_host }}"
            continue
        own = section.spec.options[option].get("default")
        assert given.get(option, own) in (defaults[name], defaults[name] or None), name


def test_every_role_takes_the_connection():
    paths = list(ROLES.glob("*/meta/argument_specs.yml"))
    assert len(paths) >= 12
    for path in paths:
        options = yaml.safe_load(path.read_text(encoding="utf-8"))["argument_specs"]["main"]["options"]
        assert {f"astera_{name}" for name in CONNECTION_OPTIONS} <= set(options), path


def test_the_connection_is_all_of_it():
    assert handed_on("connection", "astera_connection") == {name: f"astera_{name}" for name in CONNECTION_OPTIONS}


def handed_on(role: str, variable: str) -> dict[str, str]:
    """Keys of a dictionary that a role makes, and the variables behind them, each of which may be undefined.

    It is one expression, because Ansible compiles each expression in every task.
    """
    text = yaml.safe_load((ROLES / role / "vars/main.yml").read_text(encoding="utf-8"))[variable]
    entries = re.fullmatch(r"{{ {(.*)} }}", text.rstrip(), re.DOTALL)
    assert entries is not None
    pairs = [re.fullmatch(r"'(\w+)': (\w+) \| default\(omit\)", entry.strip()) for entry in entries[1].split(",")]
    return {pair[1]: pair[2] for pair in pairs if pair is not None}


@pytest.mark.parametrize("role", ["bootstrap", "drift_report"])
def test_the_plan_gets_the_variables_of_all_sections(role):
    short = role.partition("_")[0]
    given = handed_on(role, f"astera_{short}_configuration")
    assert given == {name: name for name in given}
    left_out = {"astera_jobs", "astera_continue_on_error", "astera_ready_timeout", "astera_throttle"}
    if role == "bootstrap":
        assert set(given) == set(VARIABLES)
    else:
        # It neither writes nor starts anything.
        assert set(given) == {
            name for name in VARIABLES if name not in left_out and not name.startswith("astera_jobs_")
        }


def test_a_step_that_includes_a_role_is_not_called_like_one_of_its_tasks():
    """Otherwise the output shows the same name twice in a row."""
    paths = [*ROLES.glob("*/tasks/*.yml"), *ROLES.parent.glob("playbooks/**/*.yml")]
    names = {path: list(named_steps(yaml.safe_load(path.read_text(encoding="utf-8")))) for path in paths}
    included = [
        (name, keywords["ansible.builtin.include_role"]["name"].rpartition(".")[2])
        for steps in names.values()
        for name, keywords in steps
        if "ansible.builtin.include_role" in keywords
    ]
    assert {role for _name, role in included} >= {"cluster", "deployments", "schedules", "jobs"}
    for name, role in included:
        assert name not in [step for step, _keywords in names[ROLES / role / "tasks" / "main.yml"]], name


def named_steps(content: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """All steps of a file of tasks or plays, with their keywords."""
    for step in content if isinstance(content, list) else []:
        yield step["name"], step
        for part in ("tasks", "block", "rescue", "always"):
            yield from named_steps(step.get(part))
