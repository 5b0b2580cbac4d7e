"""The objects of the controller: found, made, changed and shown, by the rules of each kind."""

from __future__ import annotations

import itertools
from typing import Any

from . import credential_types, surveys
from .errors import Refusal, refuse
from .kinds import is_a
from .resources import RESOURCES, UNIFIED, complete

BASE = "/api/v2"
#: What AWX fills in where a webhook says nothing; None must be given.
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
        """The members of an object."""
        for name in UNIFIED if resource == "unified_job_templates" else (resource,):
            if number in self.objects[name]:
                return self.objects[name][number]
        raise Refusal({"detail": "Not found."}, 404)

    def resource_of(self, number: int) -> str:
        """Which of those that may be started has this number."""
        return next(name for name in UNIFIED if number in self.objects[name])

    def listed(self, resource: str, filters: dict[str, str]) -> list[dict[str, Any]]:
        """Objects whose members have these values, as shown."""
        found = []
        # Approvals belong to their nodes and are not listed.
        for name in UNIFIED[:-1] if resource == "unified_job_templates" else (resource,):
            for number, members in self.objects[name].items():
                if all(_matches({**members, "id": number}, key, value) for key, value in filters.items()):
                    found.append(self.shown(name, number))
        return found

    def shown(self, resource: str, number: int) -> dict[str, Any]:
        """An object as the API shows it."""
        spec, members = RESOURCES[resource], dict(self.objects[resource][number])
        url = f"{BASE}/{resource}/{number}/"
        related = {name: f"{url}{name}/" for name in spec.associations}
        if "survey_enabled" in members:
            related.update(survey_spec=f"{url}survey_spec/", launch=f"{url}launch/")
        if resource == "workflow_job_template_nodes" and members["unified_job_template"]:
            started = members["unified_job_template"]
            related["unified_job_template"] = f"{BASE}/{self.resource_of(started)}/{started}/"
        if resource == "credential_types":
            members["managed"] = False
        if resource == "credentials":
            kind = self.find("credential_types", members["credential_type"])
            members["inputs"] = credential_types.shown(members["inputs"], kind["inputs"])
        if resource == "notification_templates" and members["notification_configuration"]["password"]:
            members["notification_configuration"] = {
                **members["notification_configuration"],
                "password": "$encrypted$",
            }
        return {"id": number, "type": spec.type, "url": url, "related": related, "summary_fields": {}, **members}

    def write(self, resource: str, given: dict[str, Any], number: int | None = None) -> int:
        """Make an object, or change one."""
        old = self.find(resource, number) if number else None
        members = complete(resource, given, old)
        for name, member in RESOURCES[resource].members.items():
            if member.refers and members[name] is not None:
                self._check_reference(name, member.refers, members[name])
        check = getattr(self, f"_check_{resource}", None)
        if check:
            check(members)
        self._check_unique(resource, members, number)
        number = number or next(self._ids)
        self.objects[resource][number] = members
        return number

    def associate(self, resource: str, number: int, name: str, given: dict[str, Any]) -> None:
        """Put an object on a list of another one, or take it off."""
        if set(given) - {"id", "disassociate"} or not is_a(given.get("id"), int):
            raise Refusal({"msg": '"id" field must be an integer.'})
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
            raise Refusal({"error": "Cannot assign multiple credentials of one type."})
        return result

    def nodes(self, workflow: int) -> dict[str, int]:
        """The nodes of a workflow by their identifiers."""
        nodes = self.objects["workflow_job_template_nodes"]
        return {node["identifier"]: key for key, node in nodes.items() if node["workflow_job_template"] == workflow}

    def create_approval(self, node: int, given: dict[str, Any]) -> int:
        members = self.find("workflow_job_template_nodes", node)
        if members["unified_job_template"]:
            raise Refusal({"msg": "The node has something to start already."})
        members["unified_job_template"] = self.write("workflow_approval_templates", given)
        return members["unified_job_template"]

    def _check_reference(self, name: str, resource: str, number: int) -> None:
        try:
            self.find(resource, number)
        except Refusal:
            raise refuse(name, f'Invalid pk "{number}" - object does not exist.') from None

    def _check_unique(self, resource: str, members: dict[str, Any], number: int | None) -> None:
        names = RESOURCES[resource].unique
        for other, theirs in self.objects[resource].items():
            if names and other != number and all(theirs.get(name) == members.get(name) for name in names):
                raise Refusal({"__all__": [f"{resource} with this {' and '.join(names)} already exists."]})

    def _check_credential_types(self, members: dict[str, Any]) -> None:
        credential_types.check_type(members)

    def _check_credentials(self, members: dict[str, Any]) -> None:
        kind = self.find("credential_types", members["credential_type"])
        credential_types.check_inputs(members["inputs"], kind["inputs"])

    def _check_notification_templates(self, members: dict[str, Any]) -> None:
        configuration = members["notification_configuration"]
        if set(configuration) - set(WEBHOOK):
            raise refuse("notification_configuration", f"Unknown: {sorted(set(configuration) - set(WEBHOOK))}")
        for name, default in WEBHOOK.items():
            configuration.setdefault(name, default)
            if configuration[name] is None:
                raise refuse("notification_configuration", f"Missing required field: {name}.")
        if not configuration["url"].startswith(("http://", "https://")):
            raise refuse("notification_configuration", "url is no address.")

    def _check_job_templates(self, members: dict[str, Any]) -> None:
        if members["inventory"] is None and not members["ask_inventory_on_launch"]:
            raise refuse("inventory", "Job Template must provide 'inventory' or allow prompting for it.")
        project = self.find("projects", members["project"])
        # A playbook of a collection is in no project, so AWX doesn't take its name.
        if members["playbook"] not in self.playbooks.get(project["name"], []):
            raise refuse("playbook", "Playbook not found for project.")
        members["organization"] = project["organization"]

    def _check_workflow_job_template_nodes(self, members: dict[str, Any]) -> None:
        if members["unified_job_template"] is not None:
            self._check_extra_data(members)

    def _check_schedules(self, members: dict[str, Any]) -> None:
        if not members["rrule"].startswith("DTSTART") or "RRULE:" not in members["rrule"]:
            raise refuse("rrule", "Valid DTSTART and RRULE required.")
        if "INTERVAL" not in members["rrule"]:
            raise refuse("rrule", "INTERVAL required in rrule.")
        self._check_extra_data(members)

    def _check_extra_data(self, members: dict[str, Any]) -> None:
        """Only what a survey asks for may be given; what is required may come later."""
        survey = self.surveys.get(members["unified_job_template"], {})
        asked = [question for question in survey.get("spec", []) if question["variable"] in members["extra_data"]]
        surveys.answered({"spec": asked}, members["extra_data"])

    def _check_link(self, number: int, name: str, other: int) -> None:
        nodes = self.objects["workflow_job_template_nodes"]
        if nodes[number]["workflow_job_template"] != nodes[other]["workflow_job_template"]:
            raise Refusal({"error": "The nodes belong to two workflows."})
        kinds = RESOURCES["workflow_job_template_nodes"].associations
        if any(other in self.associated("workflow_job_template_nodes", number, kind) for kind in kinds if kind != name):
            raise Refusal({"Error": "Relationship not allowed."})
        ahead, seen = [other], set()
        while ahead:
            at = ahead.pop()
            if at == number:
                raise Refusal({"Error": "Cycle detected."})
            seen.add(at)
            for kind in kinds:
                ahead += [to for to in self.associated("workflow_job_template_nodes", at, kind) if to not in seen]


def _matches(members: dict[str, Any], key: str, value: str) -> bool:
    key = key.removeprefix("or__")
    if key not in members:
        raise Refusal({"detail": f"Cannot filter by {key}."})
    return str(members[key]) == value
