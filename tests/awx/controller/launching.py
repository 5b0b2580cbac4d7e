"""Launches: what a template, the answers of its survey and its prompts come to, by the rules of AWX 24.6.1.

The rules are those of ``_accept_or_ignore_job_kwargs`` and ``_accept_or_ignore_variables`` in AWX.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import yaml

from . import surveys
from .errors import Rejection, field_error
from .resources import PROMPTS, WORKFLOW_PROMPTS, switch

if TYPE_CHECKING:
    from .store import Store

NOT_PROMPTED = "Field is not configured to prompt on launch."


@dataclasses.dataclass
class Decision:
    """What a launch takes, what it leaves, and what is against it."""

    accepted: dict[str, Any] = dataclasses.field(default_factory=dict)
    rejected: dict[str, Any] = dataclasses.field(default_factory=dict)
    errors: dict[str, Any] = dataclasses.field(default_factory=dict)


def variables(given: Any) -> dict[str, Any]:
    """Variables as AWX reads them: a dictionary, or JSON or YAML text of one."""
    if isinstance(given, str):
        try:
            given = yaml.safe_load(given) if given.strip() else {}
        except yaml.YAMLError:
            given = None
    if not isinstance(given, dict):
        raise field_error("extra_vars", "Cannot parse as JSON or YAML.")
    return given


def decide(store: Store, number: int, given: dict[str, Any], *, ignoring: tuple[str, ...] = ()) -> Decision:
    """What a template takes of what is given. ``ignoring`` names errors that do not count: prompts, required."""
    resource = store.resource_of(number)
    if resource not in ("job_templates", "workflow_job_templates"):
        return Decision(rejected=given, errors={name: ["Field is not allowed on launch."] for name in given})
    template = store.find(resource, number)
    decision = Decision()
    _decide_variables(store, number, variables(given.get("extra_vars") or {}), decision, ignoring)
    for name in PROMPTS if resource == "job_templates" else WORKFLOW_PROMPTS:
        if given.get(name) is None or name == "extra_vars":
            continue
        old, value = template.get(name, store.associated(resource, number, name)), given[name]
        if name == "credentials":
            value = [credential for credential in value if credential not in old] or old
        if value == old:
            continue
        if not template[switch(name)]:
            decision.rejected[name] = value
            if "prompts" not in ignoring:
                decision.errors[name] = [NOT_PROMPTED]
        elif name == "job_slice_count" and value > 1 >= store.hosts[template["inventory"]]:
            decision.errors[name] = ["Job inventory does not have enough hosts for slicing"]
        else:
            decision.accepted[name] = value
    return decision


def _decide_variables(
    store: Store, number: int, given: dict[str, Any], decision: Decision, ignoring: tuple[str, ...]
) -> None:
    template = store.find(store.resource_of(number), number)
    left, accepted, rejected, errors = dict(given), {}, {}, []
    for question in surveys.questions(store.survey(number)) if template["survey_enabled"] else ():
        name = question["variable"]
        found = surveys.wrong(question, given, required="required" not in ignoring)
        errors += found
        if name in left:
            (rejected if found else accepted)[name] = left.pop(name)
    if errors:
        decision.errors["variables_needed_to_start"] = errors
    if template["ask_variables_on_launch"]:
        accepted.update(left)
        left = {}
    own = variables(template["extra_vars"])
    left = {name: value for name, value in left.items() if name not in own or own[name] != value}
    rejected.update(left)
    if left and "prompts" not in ignoring:
        text = f"Variables {', '.join(left)} are not allowed on launch. Check the Prompt on Launch setting."
        decision.errors["extra_vars"] = [text]
    if accepted:
        decision.accepted["extra_vars"] = accepted
    if rejected:
        decision.rejected["extra_vars"] = rejected


def _complete(store: Store, number: int, given: dict[str, Any]) -> dict[str, Any]:
    """The variables of a job: those of the template, over them the defaults of the survey, over them what was given."""
    template = store.find(store.resource_of(number), number)
    defaults = surveys.defaults(store.survey(number)) if template["survey_enabled"] else {}
    return {**variables(template["extra_vars"]), **defaults, **given}


def launch(store: Store, number: int, given: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A job that somebody launches from a job template, and what was ignored."""
    decision = decide(store, number, given, ignoring=("prompts",))
    decision.errors.update(_credential_errors(store, number, given, decision.accepted.get("credentials", [])))
    if decision.errors:
        raise Rejection(decision.errors)
    return _job(store, number, decision.accepted), decision.rejected


def launch_workflow(store: Store, number: int, given: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The variables of a workflow that somebody launches, and what was ignored.

    Fields that it does not know, such as ``credentials``, are dropped without a word.
    """
    decision = decide(store, number, {name: given[name] for name in WORKFLOW_PROMPTS if name in given})
    if decision.errors:
        raise Rejection(decision.errors)
    return _complete(store, number, decision.accepted.get("extra_vars", {})), decision.rejected


def node_job(store: Store, node: int, workflow: dict[str, Any], published: dict[str, Any]) -> dict[str, Any]:
    """The job of a node: its own prompts, over them what earlier jobs published, over that the workflow's variables."""
    fields = store.find("workflow_job_template_nodes", node)
    number = fields["unified_job_template"]
    decision = decide(store, number, saved(store, "workflow_job_template_nodes", fields, node))
    job = _job(store, number, decision.accepted)
    return {**job, "variables": {**job["variables"], **published, **workflow}}


def saved(store: Store, resource: str, fields: dict[str, Any], number: int | None) -> dict[str, Any]:
    """What a node or a schedule prompts for, in the form of a launch."""
    lists = ("credentials", "labels", "instance_groups")
    given = {name: fields[name] for name in PROMPTS if fields.get(name) is not None}
    given.update({name: found for name in lists if number and (found := store.associated(resource, number, name))})
    return {**given, "extra_vars": fields["extra_data"]} if fields["extra_data"] else given


def _job(store: Store, number: int, accepted: dict[str, Any]) -> dict[str, Any]:
    template = store.find("job_templates", number)
    prompted = ("job_type", "limit", "verbosity", "diff_mode", "forks", "job_slice_count")
    credentials = store.by_type(store.associated("job_templates", number, "credentials"))
    credentials.update(store.by_type(accepted.get("credentials", [])))
    return {
        **{name: template[name] for name in ("name", "playbook")},
        **{name: accepted.get(name, template[name]) for name in prompted},
        "credentials": list(credentials.values()),
        "variables": _complete(store, number, accepted.get("extra_vars", {})),
    }


def _credential_errors(store: Store, number: int, given: dict[str, Any], accepted: list[int]) -> dict[str, list[str]]:
    """A launch may replace a credential by one of the same type and add others, but not take one off."""
    own = store.associated("job_templates", number, "credentials")
    types = [store.find("credentials", credential)["credential_type"] for credential in accepted]
    errors = ["Cannot assign multiple credentials of one type."] if len(set(types)) < len(types) else []
    if "credentials" in given:
        chosen = {store.find("credentials", credential)["credential_type"] for credential in given["credentials"]}
        removed = [one for one in own if store.find("credentials", one)["credential_type"] not in chosen]
        errors += ["Removing a credential at launch time without replacement is not supported." for _one in removed]
    return {"credentials": errors} if errors else {}
