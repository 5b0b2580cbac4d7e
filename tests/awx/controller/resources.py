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
#: What a launch may set, and how the template's switch for it is called: ``ask_..._on_launch``.
PROMPTS = {
    "scm_branch": "scm_branch",
    "diff_mode": "diff_mode",
    "extra_vars": "variables",
    "limit": "limit",
    "job_tags": "tags",
    "skip_tags": "skip_tags",
    "job_type": "job_type",
    "verbosity": "verbosity",
    "inventory": "inventory",
    "credentials": "credential",
    "execution_environment": "execution_environment",
    "forks": "forks",
    "instance_groups": "instance_groups",
    "job_slice_count": "job_slice_count",
    "labels": "labels",
    "timeout": "timeout",
}
WORKFLOW_PROMPTS = ("scm_branch", "extra_vars", "limit", "job_tags", "skip_tags", "inventory", "labels")
NOTIFIED = {f"notification_templates_{when}": "notification_templates" for when in ("started", "success", "error")}
NODES = {f"{when}_nodes": "workflow_job_template_nodes" for when in ("success", "failure", "always")}
VERBOSITY = (0, 1, 2, 3, 4, 5)


def switch(prompt: str) -> str:
    """The field of a template that lets a launch set something."""
    return f"ask_{PROMPTS[prompt]}_on_launch"


def nullable(kind: type, **how: Any) -> Field:
    return Field((kind, type(None)), None, **how)


#: What a node or a schedule may set for the job that it starts, as far as these are fields and not lists.
SAVED = {
    **{name: nullable(str) for name in ("scm_branch", "limit", "job_tags", "skip_tags")},
    **{name: nullable(int) for name in ("forks", "job_slice_count", "timeout")},
    "job_type": nullable(str, choices=("run", "check")),
    "verbosity": nullable(int, choices=VERBOSITY),
    "diff_mode": nullable(bool),
    "inventory": link("inventories"),
    "execution_environment": link("execution_environments"),
    "extra_data": table(),
}
SAVED_LISTS = {name: name for name in ("credentials", "labels", "instance_groups")}

RESOURCES = {
    "organizations": Resource("organization", {"name": NAME, "description": text()}),
    "labels": Resource(
        "label",
        {"name": NAME, "organization": link("organizations", required=True)},
        unique=("name", "organization"),
    ),
    "instance_groups": Resource("instance_group", {"name": NAME}),
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
            "messages": nullable(dict),
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
            **{
                name: text() for name in ("limit", "job_tags", "skip_tags", "start_at_task", "scm_branch", "extra_vars")
            },
            **{name: number() for name in ("forks", "timeout")},
            "job_slice_count": number(1),
            "verbosity": Field(int, 0, choices=VERBOSITY),
            # Whoever knows this key may launch the template from a machine of the inventory.
            "host_config_key": text(),
            "webhook_service": text(choices=("", "github", "gitlab")),
            **{
                name: flag()
                for name in (
                    *("survey_enabled", "become_enabled", "diff_mode", "allow_simultaneous", "force_handlers"),
                    *("use_fact_cache", "prevent_instance_group_fallback"),
                    *map(switch, PROMPTS),
                )
            },
        },
        # That of the project.
        read_only=("organization",),
        unique=("name", "organization"),
        associations={**SAVED_LISTS, **NOTIFIED},
    ),
    "workflow_job_templates": Resource(
        "workflow_job_template",
        {
            "name": NAME,
            "description": text(),
            "organization": link("organizations"),
            "inventory": link("inventories"),
            **{name: nullable(str) for name in ("limit", "scm_branch", "job_tags", "skip_tags")},
            "extra_vars": text(),
            "webhook_service": text(choices=("", "github", "gitlab")),
            "survey_enabled": flag(),
            "allow_simultaneous": flag(),
            **{switch(name): flag() for name in WORKFLOW_PROMPTS},
        },
        unique=("name", "organization"),
        associations={"labels": "labels", **NOTIFIED, "notification_templates_approvals": "notification_templates"},
    ),
    "workflow_job_template_nodes": Resource(
        "workflow_job_template_node",
        {
            "identifier": NAME,
            "workflow_job_template": link("workflow_job_templates", required=True),
            "unified_job_template": link("unified_job_templates"),
            "all_parents_must_converge": flag(),
            **SAVED,
        },
        read_only=("type",),
        unique=("identifier", "workflow_job_template"),
        associations={**NODES, **SAVED_LISTS},
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
            "enabled": flag(True),
            **SAVED,
        },
        unique=("name", "unified_job_template"),
        associations=SAVED_LISTS,
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
            result[name] = _checked(name, spec.fields[name], value)
    for name, field in spec.fields.items():
        if field.required and result[name] in ("", None, {}):
            raise field_error(name, "This field is required.")
    return result


def _checked(name: str, field: Field, value: Any) -> Any:
    kinds = field.kind if isinstance(field.kind, tuple) else (field.kind,)
    if value is None and type(None) in kinds:
        return value
    if field.choices:
        # A choice may come as text, and is stored as what it is.
        found = [choice for choice in field.choices if str(choice) == str(value) and not isinstance(value, bool)]
        if not found:
            raise field_error(name, f'"{value}" is not a valid choice.')
        return found[0]
    # To Python a bool is an int, to the API it is not.
    if type(value) not in kinds:
        raise field_error(name, f"Not a valid value: {value!r}.")
    return value
