"""What ``playbooks/awx_register.yml`` registers, read from its files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "extensions" / "awx"
REGISTER = ROOT / "playbooks" / "awx_register.yml"
TASKS = sorted((FOLDER / "tasks").glob("*.yml"))
#: The playbooks that are job templates, by the names of their files.
TEMPLATES = ("bootstrap", "deploy", "run_job", "export", "drift_report")


class Loader(yaml.SafeLoader):
    """Knows Ansible's tag for texts that are not templates."""


Loader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))


def load(path: Path) -> Any:
    return yaml.load(path.read_text(), Loader)  # noqa: S506


def variable(name: str) -> dict[str, Any]:
    """The variable ``astera_awx_NAME`` of the file of this name."""
    return load(FOLDER / "vars" / f"{name}.yml")[f"astera_awx_{name}"]


def templates() -> dict[str, dict[str, Any]]:
    """The job templates by their playbooks."""
    return {name: variable(name) for name in TEMPLATES}


def questions(template: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The questions of a survey by their variables."""
    return {question["variable"]: question for question in template["survey_spec"]["spec"]}


def settings() -> dict[str, Any]:
    """The defaults of the playbook."""
    (play,) = load(REGISTER)
    return {name: value for name, value in play["vars"].items() if name.startswith("astera_")}


def tasks(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Tasks that use modules of awx.awx, also those in blocks."""
    inner = [task for block in found for task in tasks(block.get("block", []))]
    return [task for task in found if any(key.startswith("awx.awx.") for key in task)] + inner
