"""What AWX checks when an object is written or linked, beyond the types of its fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import credential_types, launching, notifications, schedules
from .errors import Rejection, field_error
from .resources import NODES, PROMPTS, SAVED_LISTS, switch

if TYPE_CHECKING:
    from .store import Store

Fields = dict[str, Any]


def check(store: Store, resource: str, given: Fields, fields: Fields, number: int | None) -> None:
    """Reject what AWX would not store, and fill in what it fills in. ``fields`` are complete."""
    rule = RULES.get(resource)
    if rule:
        rule(store, given, fields, number)


def _credential_type(store: Store, given: Fields, fields: Fields, number: int | None) -> None:
    credential_types.check_type(fields)


def _credential(store: Store, given: Fields, fields: Fields, number: int | None) -> None:
    kind = store.find("credential_types", fields["credential_type"])
    credential_types.check_inputs(fields["inputs"], kind["inputs"])


def _environment(store: Store, given: Fields, fields: Fields, number: int | None) -> None:
    old = store.find("execution_environments", number)["organization"] if number else None
    if number and given.get("organization") and given["organization"] != old:
        raise field_error("organization", "Cannot change the organization of an execution environment")


def _notification(store: Store, given: Fields, fields: Fields, number: int | None) -> None:
    notifications.check_configuration(fields["notification_configuration"])
    notifications.check_messages(fields["messages"])
    if number:
        old = store.find("notification_templates", number)["messages"]
        fields["messages"] = notifications.merged(old, fields["messages"])


def _job_template(store: Store, given: Fields, fields: Fields, number: int | None) -> None:
    if fields["inventory"] is None and not fields["ask_inventory_on_launch"]:
        raise field_error("inventory", "Job Template must provide 'inventory' or allow prompting for it.")
    project = store.find("projects", fields["project"])
    # A playbook of a collection is in no project, so AWX doesn't take its name.
    if fields["playbook"] not in store.playbooks.get(project["name"], []):
        raise field_error("playbook", "Playbook not found for project.")
    fields["organization"] = project["organization"]
    launching.variables(fields["extra_vars"])


def _workflow(store: Store, given: Fields, fields: Fields, number: int | None) -> None:
    launching.variables(fields["extra_vars"])


def _node(store: Store, given: Fields, fields: Fields, number: int | None) -> None:
    # What is required may come from the survey of the workflow.
    _saved(store, "workflow_job_template_nodes", given, fields, number, ignoring=("required",))


def _schedule(store: Store, given: Fields, fields: Fields, number: int | None) -> None:
    schedules.check(fields["rrule"])
    template = fields["unified_job_template"]
    if store.resource_of(template) == "projects" and not store.find("projects", template)["scm_type"]:
        raise field_error("unified_job_template", "Manual Project cannot have a schedule set.")
    # Each required value, also one with a default.
    _saved(store, "schedules", given, fields, number)


def _saved(
    store: Store, resource: str, given: Fields, fields: Fields, number: int | None, ignoring: tuple[str, ...] = ()
) -> None:
    """What a node or a schedule wants to set must be asked for by the template. A change of others is not checked."""
    template = fields["unified_job_template"]
    if template is None or (number and not {*PROMPTS, "extra_data"} & set(given)):
        return
    decision = launching.decide(store, template, launching.saved(store, resource, fields, number), ignoring=ignoring)
    if "extra_vars" in decision.errors:
        decision.errors["extra_data"] = decision.errors.pop("extra_vars")
    if decision.errors:
        raise Rejection(decision.errors)


RULES = {
    "credential_types": _credential_type,
    "credentials": _credential,
    "execution_environments": _environment,
    "notification_templates": _notification,
    "job_templates": _job_template,
    "workflow_job_templates": _workflow,
    "workflow_job_template_nodes": _node,
    "schedules": _schedule,
}


def check_association(store: Store, resource: str, number: int, name: str, other: int) -> None:
    """Reject an object on a list of another one."""
    if name in NODES:
        _check_link(store, number, name, other)
    elif name == "credentials" and resource == "job_templates":
        store.by_type([*store.associated(resource, number, name), other])
    elif name in SAVED_LISTS and resource != "job_templates":
        template = store.find(resource, number).get("unified_job_template")
        if resource != "workflow_job_templates":
            _check_saved_list(store, resource, number, name, other, template)


def _check_saved_list(store: Store, resource: str, number: int, name: str, other: int, template: int | None) -> None:
    if template is None:
        raise Rejection({"msg": "Cannot assign credential when related template is null."})
    if store.resource_of(template) != "job_templates":
        raise Rejection({"msg": f"Related template cannot accept {name} on launch."})
    if not store.find("job_templates", template)[switch(name)]:
        raise Rejection({"msg": f"Related template is not configured to accept {name} on launch."})
    if name == "credentials":
        store.by_type([*store.associated(resource, number, name), other])
        if other in store.associated("job_templates", template, name):
            raise Rejection({"msg": "Related template already uses this credential."})


def _check_link(store: Store, number: int, name: str, other: int) -> None:
    nodes = store.objects["workflow_job_template_nodes"]
    workflow = nodes[number]["workflow_job_template"]
    if workflow != nodes[other]["workflow_job_template"]:
        raise Rejection({"error": "The nodes belong to two workflows."})
    if number == other:
        raise Rejection({"Error": "Cycle detected."})
    if any(other in store.associated("workflow_job_template_nodes", number, kind) for kind in NODES if kind != name):
        raise Rejection({"Error": "Relationship not allowed."})
    links = {key: store.children(key) for key in store.nodes(workflow).values()}
    links[number] = [*links[number], other]
    if _has_cycle(links):
        raise Rejection({"Error": "Cycle detected."})


def _has_cycle(links: dict[int, list[int]]) -> bool:
    """As AWX looks for it: from the nodes that none points to."""
    pointed = {other for others in links.values() for other in others}
    ahead = [node for node in links if node not in pointed]
    if not ahead:
        return True
    done: set[int] = set()
    path: set[int] = set()
    while ahead:
        node = ahead.pop()
        further = [other for other in links[node] if other not in done]
        if not further:
            done.add(node)
            path.discard(node)
            continue
        if node in path:
            return True
        path.add(node)
        ahead += [node, *further]
    return False
