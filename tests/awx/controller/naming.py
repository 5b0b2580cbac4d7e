"""Names that AWX takes in the place of a number, as in /api/v2/inventories/Astera++Default/."""

from __future__ import annotations

from typing import Any


def named_url(objects: dict[str, dict[int, dict[str, Any]]], resource: str, fields: dict[str, Any]) -> str:
    """The name of an object, with those of what it belongs to. Without an organization, nothing follows the ``++``."""

    def name_of(kind: str, number: int | None) -> str:
        return objects[kind][number]["name"] if number else ""

    if resource == "credential_types":
        return f"{fields['name']}+{fields['kind']}"
    if resource == "workflow_job_template_nodes":
        workflow = objects["workflow_job_templates"][fields["workflow_job_template"]]
        return f"{fields['identifier']}++{workflow['name']}++{name_of('organizations', workflow['organization'])}"
    if resource == "credentials":
        kind = objects["credential_types"][fields["credential_type"]]
        organization = name_of("organizations", fields["organization"])
        return f"{fields['name']}++{kind['name']}+{kind['kind']}++{organization}"
    # The names of execution environments are unique in the whole of AWX.
    if "organization" in fields and resource != "execution_environments":
        return f"{fields['name']}++{name_of('organizations', fields['organization'])}"
    return fields["name"]
