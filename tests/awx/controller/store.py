"""The objects of the controller: found, made, changed, linked, deleted and shown."""

from __future__ import annotations

import copy
import itertools
from typing import Any

from . import credential_types, rules
from .errors import Rejection, field_error, not_found
from .kinds import is_a
from .naming import named_url
from .resources import NODES, RESOURCES, UNIFIED, complete

BASE = "/api/v2"


class Store:
    """All objects. ``playbooks`` are the files that AWX has found in each project, by the project's name."""

    def __init__(self) -> None:
        self.objects: dict[str, dict[int, dict[str, Any]]] = {name: {} for name in RESOURCES}
        self.surveys: dict[int, dict[str, Any]] = {}
        self.associations: dict[tuple[str, int, str], list[int]] = {}
        self.playbooks: dict[str, list[str]] = {}
        #: How many hosts an inventory has.
        self.hosts: dict[int, int] = {}
        self._ids = itertools.count(1)

    def find(self, resource: str, number: int) -> dict[str, Any]:
        """The fields of an object."""
        for name in UNIFIED if resource == "unified_job_templates" else (resource,):
            if number in self.objects[name]:
                return self.objects[name][number]
        raise not_found()

    def number(self, resource: str, key: str) -> int:
        """The number of an object by that number or by its named URL."""
        if key.isdigit():
            return int(key)
        for number, fields in self.objects[resource].items():
            if named_url(self.objects, resource, fields) == key:
                return number
        raise not_found()

    def resource_of(self, number: int) -> str:
        """Which of those that may be started has this number."""
        return next(name for name in UNIFIED if number in self.objects[name])

    def survey(self, number: int) -> dict[str, Any]:
        return self.surveys.get(number, {})

    def listed(self, resource: str, filters: dict[str, str]) -> list[dict[str, Any]]:
        """Objects whose fields have these values, as shown."""
        # Approvals belong to their nodes and are not listed.
        names = UNIFIED[:-1] if resource == "unified_job_templates" else (resource,)
        return [
            self.shown(name, number)
            for name in names
            for number in self.objects[name]
            if self._matches(name, number, filters)
        ]

    def _matches(self, resource: str, number: int, filters: dict[str, str]) -> bool:
        """Whether all filters apply. Of those that begin with ``or__``, one is enough; ``not__`` reverses one."""
        either, every = [], []
        for key, value in filters.items():
            kind, _separator, name = key.partition("__") if key.startswith(("or__", "not__")) else ("", "", key)
            found = self._value(resource, number, name) == value
            (either if kind == "or" else every).append(found is not (kind == "not"))
        return all(every) and (any(either) or not either)

    def _value(self, resource: str, number: int, key: str) -> str:
        """The value of a field, or of a field of what it refers to: ``organization__name``."""
        name, _separator, rest = key.partition("__")
        fields = {**self.find(resource, number), "id": number}
        known = RESOURCES[resource].fields.get(name)
        # That of a job template is not among those that a client may write.
        refers = "organizations" if name == "organization" else known.refers if known else ""
        if name not in fields or (rest and not refers):
            raise Rejection({"detail": f"Cannot filter by {key}."})
        if not rest:
            return str(fields[name])
        return self._value(refers, fields[name], rest) if fields[name] else ""

    def shown(self, resource: str, number: int) -> dict[str, Any]:
        """An object as the API shows it."""
        spec, fields = RESOURCES[resource], copy.deepcopy(self.objects[resource][number])
        url = f"{BASE}/{resource}/{number}/"
        related = {name: f"{url}{name}/" for name in spec.associations}
        if "survey_enabled" in fields:
            related.update(survey_spec=f"{url}survey_spec/", launch=f"{url}launch/")
        if resource == "workflow_job_template_nodes":
            started = fields["unified_job_template"]
            if started:
                related["unified_job_template"] = f"{BASE}/{self.resource_of(started)}/{started}/"
            fields.update({kind: self.associated(resource, number, kind) for kind in NODES})
        if resource == "credential_types":
            fields["managed"] = False
        if resource == "credentials":
            kind = self.find("credential_types", fields["credential_type"])
            fields["inputs"] = credential_types.shown(fields["inputs"], kind["inputs"])
        if resource == "notification_templates" and fields["notification_configuration"]["password"]:
            fields["notification_configuration"]["password"] = "$encrypted$"
        return {"id": number, "type": spec.type, "url": url, "related": related, "summary_fields": {}, **fields}

    def write(self, resource: str, given: dict[str, Any], number: int | None = None) -> int:
        """Make an object, or change one."""
        given = copy.deepcopy(given)
        fields = complete(resource, given, self.find(resource, number) if number else None)
        for name, field in RESOURCES[resource].fields.items():
            if field.refers and fields[name] is not None:
                self._check_reference(name, field.refers, fields[name])
        rules.check(self, resource, given, fields, number)
        self._check_unique(resource, fields, number)
        number = number or next(self._ids)
        self.objects[resource][number] = fields
        return number

    def delete(self, resource: str, number: int) -> None:
        """Remove an object, with what belongs to it, and its name from all lists."""
        fields = self.find(resource, number)
        if resource == "credential_types" and any(
            credential["credential_type"] == number for credential in self.objects["credentials"].values()
        ):
            raise Rejection({"detail": "Credential types that are in use cannot be deleted"}, 403)
        if resource == "workflow_job_template_nodes":
            started = fields["unified_job_template"]
            self.objects["workflow_approval_templates"].pop(started, None)
        for node in list(self.nodes(number).values()):
            self.delete("workflow_job_template_nodes", node)
        del self.objects[resource][number]
        self.surveys.pop(number, None)
        self._forget(number)

    def _forget(self, number: int) -> None:
        """Take a number off all objects; a schedule ends with what it starts. All objects have different numbers."""
        for schedule, fields in list(self.objects["schedules"].items()):
            if fields["unified_job_template"] == number:
                del self.objects["schedules"][schedule]
        for resource, spec in RESOURCES.items():
            names = [name for name, field in spec.fields.items() if field.refers]
            for fields in self.objects[resource].values():
                fields.update({name: None for name in names if fields[name] == number})
        kept = {key: others for key, others in self.associations.items() if key[1] != number}
        self.associations = {key: [one for one in others if one != number] for key, others in kept.items()}

    def associate(self, resource: str, number: int, name: str, given: dict[str, Any]) -> None:
        """Put an object on a list of another one, or take it off."""
        if set(given) - {"id", "disassociate"} or not is_a(given.get("id"), int):
            raise Rejection({"msg": '"id" field must be an integer.'})
        self._check_reference("id", RESOURCES[resource].associations[name], given["id"])
        ids = self.associations.setdefault((resource, number, name), [])
        if given.get("disassociate"):
            ids.remove(given["id"])
            return
        rules.check_association(self, resource, number, name, given["id"])
        ids.append(given["id"])

    def associated(self, resource: str, number: int, name: str) -> list[int]:
        return self.associations.get((resource, number, name), [])

    def children(self, node: int) -> list[int]:
        return [other for kind in NODES for other in self.associated("workflow_job_template_nodes", node, kind)]

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
