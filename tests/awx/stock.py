"""A controller that holds what the playbook registers, without the playbook.

Tests of jobs need neither awx.awx nor the time that it takes. ``test_register.py`` compares it with what
the playbook makes.
"""

from __future__ import annotations

import copy
from typing import Any

from . import data
from .controller import Controller
from .controller.kinds import is_a
from .controller.store import Store

LINKS = ("success_nodes", "failure_nodes", "always_nodes")
ASKED = ("credential", "diff_mode", "job_type", "verbosity")
#: The playbooks that a launch may divide into slices.
SLICED = ("bootstrap", "deploy", "export", "drift_report")


def stock(controller: Controller) -> None:
    """Put everything into a controller that is prepared."""
    store = controller.api.store
    place = {
        "inventory": controller.named("inventories", "Astera")["id"],
        "project": controller.named("projects", "Astera")["id"],
        "extra_vars": "{}",
    }
    store.write("credential_types", data.variable("credential_type"))
    for name, template in data.templates().items():
        fields = {key: value for key, value in template.items() if key != "survey_spec"}
        prompts = {f"ask_{what}_on_launch": True for what in ASKED}
        prompts["ask_job_slice_count_on_launch"] = name in SLICED
        number = store.write(
            "job_templates", {"allow_simultaneous": True, **fields, **place, **prompts, "survey_enabled": True}
        )
        store.surveys[number] = template["survey_spec"]
    _workflow(store, controller.named("organizations", "Default")["id"], data.variable("promote"))


def _workflow(store: Store, organization: int, template: dict[str, Any]) -> None:
    fields = {"name": template["name"], "description": template["description"], "organization": organization}
    empty = dict.fromkeys(("limit", "job_tags", "skip_tags", "scm_branch"), "")
    workflow = store.write("workflow_job_templates", {**fields, **empty, "survey_enabled": True, "extra_vars": "{}"})
    store.surveys[workflow] = template["survey_spec"]
    for node in template["nodes"]:
        given = {"identifier": node["identifier"], "workflow_job_template": workflow}
        if "unified_job_template" in node:
            (found,) = store.listed("unified_job_templates", {"name": node["unified_job_template"]})
            given["unified_job_template"] = found["id"]
            given["extra_data"] = node.get("extra_data", {})
        number = store.write("workflow_job_template_nodes", given)
        if "approval_node" in node:
            store.create_approval(number, node["approval_node"])
    numbers = store.nodes(workflow)
    for node in template["nodes"]:
        for kind in LINKS:
            for other in node.get(kind, []):
                start = numbers[node["identifier"]]
                store.associate("workflow_job_template_nodes", start, kind, {"id": numbers[other]})


def contents(store: Store) -> dict[str, Any]:
    """All that a store holds, with names in the place of numbers, so that two stores can be compared."""
    names = {
        number: fields.get("name") or fields["identifier"]
        for objects in store.objects.values()
        for number, fields in objects.items()
    }
    objects = {
        f"{resource} {names[number]}": {
            name: names[value] if is_a(value, int) and value in names and name in REFERENCES else value
            for name, value in fields.items()
        }
        for resource, found in store.objects.items()
        for number, fields in found.items()
    }
    links = {
        f"{resource} {names[number]} {kind}": sorted(names[other] for other in others)
        for (resource, number, kind), others in store.associations.items()
        if others
    }
    surveys = {names[key]: spec for key, spec in store.surveys.items()}
    return copy.deepcopy({"objects": objects, "links": links, "surveys": surveys})


REFERENCES = {
    *("organization", "inventory", "project", "credential_type", "credential", "execution_environment"),
    *("workflow_job_template", "unified_job_template"),
}
