"""The objects of the API: which fields they have, of which types, and what they refer to."""

from __future__ import annotations

import dataclasses
from typing import Any

from .errors import field_error


@dataclasses.dataclass(frozen=True)
class Field:
    """A field of an object that a client may write."""

    kind: type | tuple[type, ...] = str
    default: Any = ""
    required: bool = False
    choices: tuple[Any, ...] = ()
    #: The resource that its number points into.
    refers: str = ""


@dataclasses.dataclass(frozen=True)
class Resource:
    """One kind of object."""

    type: str
    fields: dict[str, Field]
    #: Fields that a client may send although the API does not read them.
    read_only: tuple[str, ...] = ()
    #: Fields that together occur once.
    unique: tuple[str, ...] = ("name",)
    #: Lists of other objects, by name: what they hold.
    associations: dict[str, str] = dataclasses.field(default_factory=dict)


def text(default: str = "", **how: Any) -> Field:
    return Field(str, default, **how)


def flag(default: bool = False) -> Field:
    return Field(bool, default)


def number(default: int = 0) -> Field:
    return Field(int, default)


def table(**how: Any) -> Field:
    return Field(dict, {}, **how)


def link(resource: str, *, required: bool = False) -> Field:
    return Field((int, type(None)), None, required=required, refers=resource)


NAME = text(required=True)
ASK = (
    *("scm_branch", "diff_mode", "variables", "limit", "tags", "skip_tags", "job_type", "verbosity", "inventory"),
    *("credential", "execution_environment", "forks", "instance_groups", "job_slice_count", "labels", "timeout"),
)
NOTIFIED = {f"notification_templates_{when}": "notification_templates" for when in ("started", "success", "error")}
NODES = {f"{when}_nodes": "workflow_job_template_nodes" for when in ("success", "failure", "always")}

RESOURCES = {
    "organizations": Resource("organization", {"name": NAME, "description": text()}),
    "inventories": Resource(
        "inventory",
        {"name": NAME, "organization": link("organizations", required=True)},
        unique=("name", "organization"),
    ),
    "projects": Resource(
        "project",
        {"name": NAME, "organization": link("organizations"), "scm_type": text(), "scm_url": text()},
        unique=("name", "organization"),
    ),
    "execution_environments": Resource(
        "execution_environment",
        {
            "name": NAME,
            "description": text(),
            "image": text(required=True),
            "pull": text(choices=("", "always", "missing", "never")),
            "organization": link("organizations"),
            "credential": link("credentials"),
        },
    ),
    "credential_types": Resource(
        "credential_type",
        {
            "name": NAME,
            "description": text(),
            # Only these two can be made.
            "kind": text(required=True, choices=("cloud", "net")),
            "inputs": table(),
            "injectors": table(),
        },
        read_only=("managed",),
        unique=("name", "kind"),
    ),
    "credentials": Resource(
        "credential",
        {
            "name": NAME,
            "description": text(),
            "organization": link("organizations"),
            "credential_type": link("credential_types", required=True),
            "inputs": table(),
        },
        unique=("name", "organization", "credential_type"),
    ),
    "notification_templates": Resource(
        "notification_template",
        {
            "name": NAME,
            "description": text(),
            "organization": link("organizations", required=True),
            "notification_type": text(required=True, choices=("webhook",)),
            "notification_configuration": table(required=True),
            "messages": Field((dict, type(None)), None),
        },
        unique=("name", "organization"),
    ),
    "job_templates": Resource(
        "job_template",
        {
            "name": NAME,
            "description": text(),
            "job_type": text("run", choices=("run", "check")),
            "inventory": link("inventories"),
            "project": link("projects", required=True),
            "playbook": text(required=True),
            "execution_environment": link("execution_environments"),
            "forks": number(),
            "limit": text(),
            "verbosity": Field(int, 0, choices=(0, 1, 2, 3, 4, 5)),
            "extra_vars": text(),
            "timeout": number(),
            "survey_enabled": flag(),
            "become_enabled": flag(),
            "diff_mode": flag(),
            "allow_simultaneous": flag(),
            **{f"ask_{what}_on_launch": flag() for what in ASK},
        },
        # That of the project.
        read_only=("organization",),
        unique=("name", "organization"),
        associations={"credentials": "credentials", **NOTIFIED},
    ),
    "workflow_job_templates": Resource(
        "workflow_job_template",
        {
            "name": NAME,
            "description": text(),
            "organization": link("organizations"),
            "inventory": link("inventories"),
            "limit": Field((str, type(None)), None),
            "extra_vars": text(),
            "survey_enabled": flag(),
            "allow_simultaneous": flag(),
            **{
                f"ask_{what}_on_launch": flag() for what in ASK if what in ("variables", "inventory", "limit", "labels")
            },
        },
        unique=("name", "organization"),
        associations={**NOTIFIED, "notification_templates_approvals": "notification_templates"},
    ),
    "workflow_job_template_nodes": Resource(
        "workflow_job_template_node",
        {
            "identifier": NAME,
            "workflow_job_template": link("workflow_job_templates", required=True),
            "unified_job_template": link("unified_job_templates"),
            "extra_data": table(),
            "all_parents_must_converge": flag(),
        },
        read_only=("type",),
        unique=("identifier", "workflow_job_template"),
        associations=NODES,
    ),
    "workflow_approval_templates": Resource(
        "workflow_approval_template",
        {"name": NAME, "description": text(), "timeout": number()},
        unique=(),
    ),
    "schedules": Resource(
        "schedule",
        {
            "name": NAME,
            "description": text(),
            "rrule": text(required=True),
            "unified_job_template": link("unified_job_templates", required=True),
            "extra_data": table(),
            "enabled": flag(True),
        },
        unique=("name", "unified_job_template"),
    ),
}
#: What a node or a schedule may start; they are found as one list too, and their numbers differ.
UNIFIED = ("job_templates", "projects", "workflow_job_templates", "workflow_approval_templates")


def complete(resource: str, given: dict[str, Any], old: dict[str, Any] | None) -> dict[str, Any]:
    """The fields of an object after a write, each of the right type. Others are rejected."""
    spec = RESOURCES[resource]
    unknown = set(given) - set(spec.fields) - set(spec.read_only)
    if unknown:
        raise field_error(sorted(unknown)[0], "There is no such field.")
    result = dict(old) if old else {name: field.default for name, field in spec.fields.items()}
    for name, value in given.items():
        if name in spec.fields:
            _check(name, spec.fields[name], value)
            result[name] = value
    for name, field in spec.fields.items():
        if field.required and result[name] in ("", None, {}):
            raise field_error(name, "This field is required.")
    return result


def _check(name: str, field: Field, value: Any) -> None:
    kinds = field.kind if isinstance(field.kind, tuple) else (field.kind,)
    # To Python a bool is an int, to the API it is not.
    if type(value) not in kinds:
        raise field_error(name, f"Not a valid value: {value!r}.")
    if field.choices and value not in field.choices:
        raise field_error(name, f'"{value}" is not a valid choice.')
