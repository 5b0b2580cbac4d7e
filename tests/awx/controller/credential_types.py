"""Credential types: what inputs and injectors may hold, and what a job gets of a credential."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from .errors import field_error
from .kinds import is_a

FIELD_KEYS = {
    *("id", "label", "type", "help_text", "multiline", "secret", "ask_at_runtime", "format", "choices", "default"),
}
IDENTIFIER = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]*")
FILE = re.compile(r"template(\.[a-zA-Z_][a-zA-Z0-9_]*)?")
#: Some of the names that AWX lets no credential set; besides, none may begin with ANSIBLE_.
FORBIDDEN = {"PATH", "HOME", "PYTHONPATH", "LD_PRELOAD", "INVENTORY_ID", "JOB_ID", "VIRTUAL_ENV"}


class Files:
    """``tower.filename`` of a template: the path of the only file, or those of several by their names."""

    def __init__(self, paths: dict[str, str]) -> None:
        for label, path in paths.items():
            setattr(self, label, path)


def check_type(kind: dict[str, Any]) -> None:
    """Reject inputs and injectors that AWX would not take, and fill in what it fills in."""
    ids = _check_inputs(kind["inputs"])
    injectors = kind["injectors"]
    if set(injectors) - {"file", "env", "extra_vars"} or not all(isinstance(of, dict) for of in injectors.values()):
        raise field_error("injectors", "Only file, env and extra_vars may be injected, and each is an object.")
    labels = list(injectors.get("file", {}))
    if any(not FILE.fullmatch(label) for label in labels):
        raise field_error("injectors", "A file is called template or template.NAME.")
    if "template" in labels and len(labels) > 1:
        raise field_error("injectors", "Must use multi-file syntax when using multiple files")
    for name, template in [*injectors.get("env", {}).items(), *injectors.get("file", {}).items()]:
        if not isinstance(template, str):
            raise field_error("injectors", f"{template!r} of {name} is not of type 'string'.")
    for name, template in injectors.get("env", {}).items():
        if not IDENTIFIER.fullmatch(name) or name.startswith("ANSIBLE_") or name in FORBIDDEN:
            raise field_error("injectors", f"Environment variable {name} is not allowed in credentials.")
        if not template.isascii():
            raise field_error("injectors", f"{template!r} of {name} holds more than ASCII.")
    _check_templates(injectors, {**dict.fromkeys(ids, "EXAMPLE"), "tower": _tower(dict.fromkeys(labels, "EXAMPLE"))})


def _check_templates(injectors: dict[str, Any], example: dict[str, Any]) -> None:
    environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined)
    for kind, templates in injectors.items():
        for name, template in _texts(templates):
            try:
                environment.from_string(template).render(**example)
            except TemplateError as error:  # noqa: PERF203
                raise field_error("injectors", f"{name} of {kind} uses an undefined field ({error})") from None


def _texts(node: Any, name: str = "") -> Iterator[tuple[str, str]]:
    """All texts in an injector, which may be nested in ``extra_vars``, with their names."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from _texts(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value, name)
    elif isinstance(node, str):
        yield name, node
    else:
        raise field_error("injectors", f"{node!r} of {name} is not of type 'string'.")


def _check_inputs(inputs: dict[str, Any]) -> list[str]:
    if set(inputs) - {"fields", "required"}:
        raise field_error("inputs", "Only fields and required are known.")
    ids: list[str] = []
    for field in inputs.get("fields", []):
        if set(field) - FIELD_KEYS or not {"id", "label"} <= set(field):
            raise field_error("inputs", f"Not the keys of a field: {sorted(field)}")
        # AWX writes down what it assumes, so the next run of a playbook finds a difference.
        field.setdefault("type", "string")
        _check_field(field, ids)
        ids.append(field["id"])
    # AWX does not ask whether the fields that are required exist.
    if any(not isinstance(name, str) for name in inputs.get("required", [])):
        raise field_error("inputs", "required must be a list of strings.")
    return ids


def _check_field(field: dict[str, Any], before: list[str]) -> None:
    name = field["id"]
    if not IDENTIFIER.fullmatch(name) or name == "tower" or name in before:
        raise field_error("inputs", f"{name} is reserved, used twice or not an identifier.")
    if field["type"] not in ("string", "boolean"):
        raise field_error("inputs", f"{field['type']} is not one of string, boolean.")
    if field["type"] == "boolean" and {"choices", "multiline", "format", "secret"} & set(field):
        raise field_error("inputs", f"{name} is a boolean and has keys for strings.")
    if any(not isinstance(choice, str) for choice in field.get("choices", [])):
        raise field_error("inputs", f"The choices of {name} must be strings.")


def check_inputs(inputs: dict[str, Any], type_inputs: dict[str, Any]) -> None:
    """Reject the values of a credential that do not suit its type."""
    fields = {field["id"]: field for field in type_inputs.get("fields", [])}
    if set(inputs) - set(fields):
        raise field_error("inputs", f"Additional properties are not allowed: {sorted(set(inputs) - set(fields))}")
    for name, value in inputs.items():
        kind = bool if fields[name]["type"] == "boolean" else str
        if not is_a(value, kind):
            raise field_error("inputs", f"{value!r} of {name} is not of type {fields[name]['type']}.")
        if value and value not in fields[name].get("choices", [value]):
            raise field_error("inputs", f"{value!r} of {name} is not one of the choices.")
    for name in type_inputs.get("required", []):
        if not inputs.get(name):
            raise field_error("inputs", f"required for {name}")


def shown(inputs: dict[str, Any], type_inputs: dict[str, Any]) -> dict[str, Any]:
    """The values as the API shows them."""
    secret = {field["id"] for field in type_inputs.get("fields", []) if field.get("secret")}
    return {name: "$encrypted$" if name in secret and value else value for name, value in inputs.items()}


def injected(inputs: dict[str, Any], kind: dict[str, Any], folder: Path) -> dict[str, str]:
    """The environment that a job gets of a credential. Files go to a folder, readable for their owner."""
    # An empty text is as good as none to AWX, and so is nothing at all to its templates.
    values = {name: value for name, value in inputs.items() if value != ""}
    for field in kind["inputs"].get("fields", []):
        if field["type"] == "boolean":
            values.setdefault(field["id"], False)
    environment = ImmutableSandboxedEnvironment()
    paths = {}
    for label, template in kind["injectors"].get("file", {}).items():
        path = folder / f"credential-{label}"
        path.touch(mode=0o600)
        path.write_text(environment.from_string(template).render(**values))
        paths[label] = str(path)
    tower = _tower(paths)
    env = kind["injectors"].get("env", {})
    return {name: environment.from_string(template).render(**values, tower=tower) for name, template in env.items()}


def _tower(paths: dict[str, str]) -> dict[str, Any]:
    if "template" in paths:
        return {"filename": paths["template"]}
    return {"filename": Files({label.partition(".")[2]: path for label, path in paths.items()})} if paths else {}
