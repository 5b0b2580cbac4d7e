"""What inclusion and certification ask of a collection, each rule as a function that returns what is wrong.

Here is only what no tool in use finds: `ansible-test sanity`, `ansible-lint`, `antsibull-docs`, `galaxy-importer` and
`reuse` see to the rest. "Inclusion" means the requirements for Ansible's community package, "certification" those of
Automation Hub, "ours" what this project asks of itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import yaml
from ansible.playbook.play import Play
from ansible.playbook.task import Task
from ansible.utils.version import SemanticVersion

from .collection import Collection

Rule = Callable[[Collection], list[str]]
RULES: dict[str, Rule] = {}

# REUSE-IgnoreStart
SPDX = "SPDX-License-Identifier: GPL-3.0-or-later"
# REUSE-IgnoreEnd
# fmt: off
PLUGIN_FOLDERS = {
    "action", "become", "cache", "callback", "cliconf", "connection", "doc_fragments", "filter", "httpapi", "inventory",
    "lookup", "module_utils", "modules", "netconf", "plugin_utils", "shell", "strategy", "terminal", "test", "vars",
}
# fmt: on
READING = {"fetched", "gathered", "get", "info", "list", "query", "read", "show"}
#: By any of these names.
README_SECTIONS = [("Requirements",), ("Installation",), ("Changelog", "Release notes"), ("Support",), ("License",)]
SUPPORTED = {"full", "partial", "none", "N/A"}
_YAML_BLOCK = re.compile(r"^```ya?ml\n(.*?)^```", re.MULTILINE | re.DOTALL)


def rule(function: Rule) -> Rule:
    RULES[function.__name__] = function
    return function


@rule
def plugins_lie_in_known_folders(collection: Collection) -> list[str]:
    """Inclusion: only folders below plugins/ that Ansible knows."""
    folders = {path.split("/")[1] for path in collection.below("plugins/")}
    return [f"plugins/{folder}: Ansible knows no such folder" for folder in sorted(folders - PLUGIN_FOLDERS)]


@rule
def private_code_has_private_names(collection: Collection) -> list[str]:
    """Inclusion: what others may not rely on begins with an underscore."""
    code = {**collection.below("plugins/module_utils/"), **collection.below("plugins/plugin_utils/")}
    return [f"{path}: the name needs a leading underscore" for path in code if not path.split("/")[2].startswith("_")]


@rule
def plugins_are_under_the_gpl(collection: Collection) -> list[str]:
    """Inclusion: plugins that import GPL code are GPL-3.0-or-later, and each states that, as it may be read alone."""
    return [
        f"{path}: the first lines lack '# {SPDX}'"
        for path, text in collection.below("plugins/", ".py").items()
        if text.strip() and SPDX not in "\n".join(text.splitlines()[:5])
    ]


@rule
def license_texts_agree(collection: Collection) -> list[str]:
    """Ours: LICENSE is for people and Galaxy, the copy in LICENSES/ for `reuse`."""
    same = collection.files["LICENSE"] == collection.files["LICENSES/GPL-3.0-or-later.txt"]
    return [] if same else ["LICENSE and LICENSES/GPL-3.0-or-later.txt differ"]


@rule
def no_sanity_test_is_ignored(collection: Collection) -> list[str]:
    """Certification: ignored tests must be explained. Ours: there are none."""
    return [f"{path}: fix what it ignores" for path in collection.below("tests/sanity/") if "/ignore" in path]


@rule
def states_name_the_desired_state(collection: Collection) -> list[str]:
    """Inclusion: no `state: get`, `list` and the like; an _info module reads."""
    problems = []
    for name, module in collection.modules.items():
        choices = set(module["doc"].get("options", {}).get("state", {}).get("choices", []))
        problems += [f"{name}: state={choice} goes in an _info module" for choice in sorted(choices & READING)]
    return problems


@rule
def info_modules_only_read(collection: Collection) -> list[str]:
    """Inclusion: modules that read are called _info, support check mode and have no state."""
    problems = [f"{name}: call it _info" for name in collection.modules if name.endswith("_facts")]
    for name, module in collection.modules.items():
        if name.endswith("_info"):
            if module["doc"].get("attributes", {}).get("check_mode", {}).get("support") != "full":
                problems.append(f"{name}: does not state that it supports check mode")
            if "state" in module["doc"].get("options", {}):
                problems.append(f"{name}: has an option state")
    return problems


@rule
def modules_document_their_attributes(collection: Collection) -> list[str]:
    """Ours: each module states how far it supports check mode, diff, idempotence and the action group."""
    problems = []
    for name, module in collection.modules.items():
        attributes = module["doc"].get("attributes", {})
        for attribute in ("check_mode", "diff_mode", "idempotent", "action_group"):
            stated = attributes.get(attribute, {})
            if stated.get("support") not in SUPPORTED:
                problems.append(f"{name}: does not document its attribute {attribute}")
            elif stated["support"] in ("partial", "none") and not stated.get("details"):
                problems.append(f"{name}: gives no details why {attribute} is {stated['support']}")
    return problems


@rule
def additions_document_their_version(collection: Collection) -> list[str]:
    """Inclusion: version_added, by which the changelog finds new modules and roles too."""
    added = {f"module {name}": module["doc"].get("version_added") for name, module in collection.modules.items()}
    added.update({f"role {role}, {entry}": spec.get("version_added") for role, entry, spec in collection.role_specs()})
    return [f"{name}: version_added is {version!r}" for name, version in added.items() if not _is_semantic(version)]


def _is_semantic(version: Any) -> bool:
    try:
        SemanticVersion(version)
    except ValueError:
        return False
    return isinstance(version, str)


@rule
def examples_use_full_names(collection: Collection) -> list[str]:
    """Inclusion: fully qualified names, in the examples of modules and in the documentation."""
    texts = {name: [module["examples"] or ""] for name, module in collection.modules.items()}
    for path, text in collection.files.items():
        if path.endswith(".md") and not path.startswith("tests/"):
            texts[path] = _YAML_BLOCK.findall(text)
    problems = []
    for place, blocks in texts.items():
        used = {name for block in blocks for name in _actions(_parsed(block))}
        problems += [f"{place}: {name} is not a full name" for name in sorted(used) if name.count(".") < 2]
    return problems


def _parsed(block: str) -> Any:
    try:
        return yaml.load(block, Loader=_AnyTag)  # noqa: S506 - a safe loader
    except yaml.YAMLError:
        return None  # part of a file, or meant for people


class _AnyTag(yaml.SafeLoader):
    """Takes !vault and other tags of Ansible for nothing."""


_AnyTag.add_multi_constructor("!", lambda loader, suffix, node: None)


def _actions(tasks: Any) -> Iterator[str]:
    """The names of the modules in a list of tasks or plays."""
    for task in tasks if isinstance(tasks, list) else []:
        if not isinstance(task, dict) or not _looks_like_a_task(task):
            continue
        for key, value in task.items():
            if key in ("block", "rescue", "always", "pre_tasks", "tasks", "post_tasks", "handlers"):
                yield from _actions(value)
            elif key not in Task.fattributes and key not in Play.fattributes and not key.startswith("with_"):
                yield key


def _looks_like_a_task(item: dict[str, Any]) -> bool:
    """A list of anything else, entries of a role's variable for instance, holds no module. Nor do rules for events."""
    if "sources" in item:
        return False
    if "hosts" in item or "block" in item:
        return True
    rest = [key for key in item if key not in Task.fattributes]
    return len(rest) == 1 and isinstance(item[rest[0]], (dict, str, type(None)))


@rule
def role_options_are_described(collection: Collection) -> list[str]:
    """Ours: each option of a role has a type and a description, as those of modules must have."""
    problems = []
    for role, entry, spec in collection.role_specs():
        if not spec.get("short_description"):
            problems.append(f"role {role}, {entry}: no short_description")
        problems += [f"role {role}, {entry}: {problem}" for problem in _undescribed(spec.get("options", {}))]
    return problems


def _undescribed(options: dict[str, Any], above: str = "") -> Iterator[str]:
    for name, option in options.items():
        for key in ("type", "description", *(["elements"] if option.get("type") == "list" else [])):
            if not option.get(key):
                yield f"{above}{name} has no {key}"
        yield from _undescribed(option.get("options", {}), f"{above}{name}.")


@rule
def roles_are_complete(collection: Collection) -> list[str]:
    """Certification: each role has a README and its metadata; ours: its arguments are checked."""
    needed = [f"roles/{role}/{file}" for role in collection.roles for file in _ROLE_FILES]
    return [f"{path}: missing" for path in needed if path not in collection.files]


_ROLE_FILES = ("README.md", "meta/main.yml", "meta/argument_specs.yml", "tasks/main.yml")


@rule
def the_readme_names_everything(collection: Collection) -> list[str]:
    """Certification: the README names what is in the collection."""
    playbooks = re.findall(r"^playbooks/(\w+)\.yml$", "\n".join(collection.files), re.MULTILINE)
    named = [f"`{module}`" for module in collection.modules]
    named += [f"](roles/{role}/README.md" for role in collection.roles]
    named += [f"astera.data_stack.{playbook}`" for playbook in playbooks]
    return [f"README.md: does not mention {text}" for text in named if text not in collection.files["README.md"]]


@rule
def the_readme_has_the_sections(collection: Collection) -> list[str]:
    """Certification: every README has these, and none installs ansible-core, which comes with the platform."""
    readme = collection.files["README.md"]
    headings = set(re.findall(r"^## (.*?) *$", readme, re.MULTILINE))
    problems = [f"README.md: no section {' or '.join(names)}" for names in README_SECTIONS if not headings & set(names)]
    if re.search(r"pip3? install [^\n`]*\bansible(-core)?\b(?!\.)", readme):
        problems.append("README.md: installs Ansible with pip")
    return problems


@rule
def the_readme_leads_to_the_rest(collection: Collection) -> list[str]:
    """Inclusion: the README links changelog, licence, code of conduct and the scheme of versions."""
    targets = ["CHANGELOG.md", "LICENSE", "CODE_OF_CONDUCT.md", "CONTRIBUTING.md", "SECURITY.md", "https://semver.org"]
    problems = [
        f"README.md: no link to {target}" for target in targets if f"]({target}" not in collection.files["README.md"]
    ]
    if "docs.ansible.com/ansible/latest/community/code_of_conduct" not in collection.files["CODE_OF_CONDUCT.md"]:
        problems.append("CODE_OF_CONDUCT.md: no link to Ansible's, to which inclusion binds")
    return problems


@rule
def versions_claimed_are_tested(collection: Collection) -> list[str]:
    """Inclusion: the versions in metadata and README are those that the tests cover."""
    core = re.findall(r"^(\d+\.\d+) ", collection.files["tests/tools/cores.txt"], re.MULTILINE)[0]
    python = collection.yaml("tests/config.yml")["modules"]["python_requires"].removeprefix(">=")
    claims = {"meta/runtime.yml": (collection.yaml("meta/runtime.yml")["requires_ansible"], f">={core}.0")}
    for role in collection.roles:
        meta = f"roles/{role}/meta/main.yml"
        if meta in collection.files:
            claims[meta] = (str(collection.yaml(meta)["galaxy_info"]["min_ansible_version"]), core)
    for thing, version in (("ansible-core", core), ("Python where modules run", python)):
        row = re.search(rf"^\| {thing} \| ([\d.]+) or newer", collection.files["README.md"], re.MULTILINE)
        claims[f"README.md, {thing}"] = (row[1] if row else "missing", version)
    return [
        f"{place}: {claim}, but tested from {tested} on" for place, (claim, tested) in claims.items() if claim != tested
    ]


@rule
def requirements_leave_room(collection: Collection) -> list[str]:
    """Certification: Python libraries are not pinned, and never ansible-core."""
    problems = []
    for line in collection.files["requirements.txt"].splitlines():
        requirement = line.partition("#")[0].strip()
        if requirement and (re.search(r"==|~=", requirement) or ">=" not in requirement):
            problems.append(f"requirements.txt: {requirement} needs a lower bound, and no pin")
        if re.match(r"ansible(-core|-base)?\b", requirement, re.IGNORECASE):
            problems.append(f"requirements.txt: {requirement} is what the collection runs in")
    return problems


@rule
def nothing_else_is_needed(collection: Collection) -> list[str]:
    """Inclusion: dependencies only on included collections. Ours: on none."""
    dependencies = collection.yaml("galaxy.yml").get("dependencies") or {}
    return [f"galaxy.yml: depends on {name}" for name in dependencies]


@rule
def galaxy_shows_the_way(collection: Collection) -> list[str]:
    """Inclusion: public repository and issues; Galaxy links to both and to the documentation."""
    galaxy = collection.yaml("galaxy.yml")
    keys = ("repository", "documentation", "homepage", "issues")
    return [
        f"galaxy.yml: {key} is not an https address" for key in keys if not str(galaxy.get(key)).startswith("https://")
    ]


@rule
def ci_checks_every_core(collection: Collection) -> list[str]:
    """Inclusion: sanity tests with each supported ansible-core for each pull request, and at least once a week."""
    workflow = yaml.load(collection.files[".github/workflows/ci.yml"], Loader=yaml.BaseLoader)  # noqa: S506 - `on` is a key
    problems = [f"ci.yml: not run on {event}" for event in ("pull_request", "schedule") if event not in workflow["on"]]
    steps = [step.get("run", "") for job in workflow["jobs"].values() for step in job["steps"]]
    if "make certify" not in steps:
        problems.append("ci.yml: no job runs `make certify`")
    return problems
