"""The objects of the controller: found, made, changed and shown, by the rules of each kind."""

from __future__ import annotations

import itertools
from typing import Any

from . import credential_types, surveys
from .errors import Rejection, field_error, not_found
from .kinds import is_a
from .resources import RESOURCES, UNIFIED, complete

BASE = "/api/v2"
#: What AWX fills in where a webhook sets nothing; None must be given.
WEBHOOK = {
    "url": None,
    "http_method": "POST",
    "headers": None,
    "username": "",
    "password": "",
    "disable_ssl_verification": False,
}


class Store:
    """All objects. ``playbooks`` are the files that AWX has found in each project, by the project's name."""

    def __init__(self) -> None:
        self.objects: dict[str, dict[int, dict[str, Any]]] = {name: {} for name in RESOURCES}
        self.surveys: dict[int, dict[str, Any]] = {}
        self.associations: dict[tuple[str, int, str], list[int]] = {}
        self.playbooks: dict[str, list[str]] = {}
        self._ids = itertools.count(1)

    def find(self, resource: str, number: int) -> dict[str, Any]:
        """The fields of an object."""
        for name in UNIFIED if resource == "unified_job_templates" else (resource,):
            if number in self.objects[name]:
                return self.objects[name][number]
        raise not_found()

    def resource_of(self, number: int) -> str:
        """Which of those that may be started has this number."""
        return next(name for name in UNIFIED if number in self.objects[name])

    def listed(self, resource: str, filters: dict[str, str]) -> list[dict[str, Any]]:
        """Objects whose fields have these values, as shown."""
        found = []
        # Approvals belong to their nodes and are not listed.
        for name in UNIFIED[:-1] if resource == "unified_job_templates" else (resource,):
            for number, fields in self.objects[name].items():
                if all(_matches({**fields, "id": number}, key, value) for key, value in filters.items()):
                    found.append(self.shown(name, number))
        return found

    def shown(self, resource: str, number: int) -> dict[str, Any]:
        """An object as the API shows it."""
        spec, fields = RESOURCES[resource], dict(self.objects[resource][number])
        url = f"{BASE}/{resource}/{number}/"
        related = {name: f"{url}{name}/" for name in spec.associations}
        if "survey_enabled" in fields:
            related.update(survey_spec=f"{url}survey_spec/", launch=f"{url}launch/")
        if resource == "workflow_job_template_nodes" and fields["unified_job_template"]:
            started = fields["unified_job_template"]
            related["unified_job_template"] = f"{BASE}/{self.resource_of(started)}/{started}/"
        if resource == "credential_types":
            fields["managed"] = False
        if resource == "credentials":
            kind = self.find("credential_types", fields["credential_type"])
            fields["inputs"] = credential_types.shown(fields["inputs"], kind["inputs"])
        if resource == "notification_templates" and fields["notification_configuration"]["password"]:
            fields["notification_configuration"] = {
                **fields["notification_configuration"],
                "password": "$encrypted$",
            }
        return {"id": number, "type": spec.type, "url": url, "related": related, "summary_fields": {}, **fields}

    def write(self, resource: str, given: dict[str, Any], number: int | None = None) -> int:
        """Make an object, or change one."""
        old = self.find(resource, number) if number else None
        fields = complete(resource, given, old)
        for name, field in RESOURCES[resource].fields.items():
            if field.refers and fields[name] is not None:
                self._check_reference(name, field.refers, fields[name])
        check = getattr(self, f"_check_{resource}", None)
        if check:
            check(fields)
        self._check_unique(resource, fields, number)
        number = number or next(self._ids)
        self.objects[resource][number] = fields
        return number

    def associate(self, resource: str, number: int, name: str, given: dict[str, Any]) -> None:
        """Put an object on a list of another one, or take it off."""
        if set(given) - {"id", "disassociate"} or not is_a(given.get("id"), int):
            raise Rejection({"msg": '"id" field must be an integer.'})
        held = RESOURCES[resource].associations[name]
        self._check_reference("id", held, given["id"])
        ids = self.associations.setdefault((resource, number, name), [])
        if given.get("disassociate"):
            ids.remove(given["id"])
            return
        if held == "credentials":
            self.by_type([*ids, given["id"]])
        if held == "workflow_job_template_nodes":
            self._check_link(number, name, given["id"])
        ids.append(given["id"])

    def associated(self, resource: str, number: int, name: str) -> list[int]:
        return self.associations.get((resource, number, name), [])

    def by_type(self, credentials: list[int]) -> dict[int, int]:
        """Credentials by the number of their type, of which a job may have one each."""
        result = {self.find("credentials", number)["credential_type"]: number for number in credentials}
        if len(result) != len(credentials):
            raise Rejection({"error": "Cannot assign multiple credentials of one type."})
        return result

    def nodes(self, workflow: int) -> dict[str, int]:
        """The nodes of a workflow by their identifiers."""
        nodes = self.objects["workflow_job_template_nodes"]
        return {node["identifier"]: key for key, node in nodes.items() if node["workflow_job_template"] == workflow}

    def create_approval(self, node: int, given: dict[str, Any]) -> int:
        fields = self.find("workflow_job_template_nodes", node)
        if fields["unified_job_template"]:
            raise Rejection({"msg": "The node has something to start already."})
        fields["unified_job_template"] = self.write("workflow_approval_templates", given)
        return fields["unified_job_template"]

    def _check_reference(self, name: str, resource: str, number: int) -> None:
        try:
            self.find(resource, number)
        except Rejection:
            raise field_error(name, f'Invalid pk "{number}" - object does not exist.') from None

    def _check_unique(self, resource: str, fields: dict[str, Any], number: int | None) -> None:
        names = RESOURCES[resource].unique
        for other, theirs in self.objects[resource].items():
            if names and other != number and all(theirs.get(name) == fields.get(name) for name in names):
                raise Rejection({"__all__": [f"{resource} with this {' and '.join(names)} already exists."]})

    def _check_credential_types(self, fields: dict[str, Any]) -> None:
        credential_types.check_type(fields)

    def _check_credentials(self, fields: dict[str, Any]) -> None:
        kind = self.find("credential_types", fields["credential_type"])
        credential_types.check_inputs(fields["inputs"], kind["inputs"])

    def _check_notification_templates(self, fields: dict[str, Any]) -> None:
        configuration = fields["notification_configuration"]
        if set(configuration) - set(WEBHOOK):
            raise field_error("notification_configuration", f"Unknown: {sorted(set(configuration) - set(WEBHOOK))}")
        for name, default in WEBHOOK.items():
            configuration.setdefault(name, default)
            if configuration[name] is None:
                raise field_error("notification_configuration", f"Missing required field: {name}.")
        if not configuration["url"].startswith(("http://", "https://")):
            raise field_error("notification_configuration", "url is not an address.")

    def _check_job_templates(self, fields: dict[str, Any]) -> None:
        if fields["inventory"] is None and not fields["ask_inventory_on_launch"]:
            raise field_error("inventory", "Job Template must provide 'inventory' or allow prompting for it.")
        project = self.find("projects", fields["project"])
        # A playbook of a collection is in no project, so AWX doesn't take its name.
        if fields["playbook"] not in self.playbooks.get(project["name"], []):
            raise field_error("playbook", "Playbook not found for project.")
        fields["organization"] = project["organization"]

    def _check_workflow_job_template_nodes(self, fields: dict[str, Any]) -> None:
        if fields["unified_job_template"] is not None:
            self._check_extra_data(fields)

    def _check_schedules(self, fields: dict[str, Any]) -> None:
        if not fields["rrule"].startswith("DTSTART") or "RRULE:" not in fields["rrule"]:
            raise field_error("rrule", "Valid DTSTART and RRULE required.")
        if "INTERVAL" not in fields["rrule"]:
            raise field_error("rrule", "INTERVAL required in rrule.")
        self._check_extra_data(fields)

    def _check_extra_data(self, fields: dict[str, Any]) -> None:
        """Only what a survey asks for may be given; what is required may come later."""
        survey = self.surveys.get(fields["unified_job_template"], {})
        asked = [question for question in survey.get("spec", []) if question["variable"] in fields["extra_data"]]
        surveys.answered({"spec": asked}, fields["extra_data"])

    def _check_link(self, number: int, name: str, other: int) -> None:
        nodes = self.objects["workflow_job_template_nodes"]
        if nodes[number]["workflow_job_template"] != nodes[other]["workflow_job_template"]:
            raise Rejection({"error": "The nodes belong to two workflows."})
        kinds = RESOURCES["workflow_job_template_nodes"].associations
        if any(other in self.associated("workflow_job_template_nodes", number, kind) for kind in kinds if kind != name):
            raise Rejection({"Error": "Relationship not allowed."})
        ahead, seen = [other], set()
        while ahead:
            at = ahead.pop()
            if at == number:
                raise Rejection({"Error": "Cycle detected."})
            seen.add(at)
            for kind in kinds:
                ahead += [to for to in self.associated("workflow_job_template_nodes", at, kind) if to not in seen]


def _matches(fields: dict[str, Any], key: str, value: str) -> bool:
    key = key.removeprefix("or__")
    if key not in fields:
        raise Rejection({"detail": f"Cannot filter by {key}."})
    return str(fields[key]) == value
