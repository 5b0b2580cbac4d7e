# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bringing deployments to their states, with uploads. Private: may change in any release."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Callable

from ..._data.paths import MISSING, get_field, put_field
from ..._engine.bulk import Bulk
from ..._engine.extra_fields import OPTIONS, ExtraFields
from ..._engine.field import argument_options, desired_values, text
from ..._engine.lookup import ListCache, update_id
from ..._engine.plan import Change, Plan, make_plan
from ..._engine.reconcile import run_named
from ..._engine.resource import AbsentResource, NamedResource
from ..._engine.result import Result
from ..._errors import input_error
from ..._http.client import Client
from ..._http.local_file import LocalFile, local_file, windows_name
from ..._http.openapi import DELETE_DEPLOYMENT, Discovery
from ..._http.upload import upload
from ..._runner.argument_spec import Spec, bulk_spec, single_spec
from .read import ACTIVE, ARCHIVE, CONFIG, FIELDS, NAME, PATH, SETTINGS, deployments_of, show

PLANNED = (NAME, ARCHIVE, CONFIG, *SETTINGS)

#: Per upload option: the API's file type, the field of the stored path, the API's field of where it came from.
UPLOADS = {
    "archive": ("Car", ARCHIVE, "userArchiveFilePath"),
    "config": ("Cfg", CONFIG, "userConfigFilePath"),
}

ITEM_SPEC = Spec(
    options={
        **argument_options(FIELDS),
        "new_name": {"type": "str"},
        "archive": {"type": "path"},
        "config": {"type": "path"},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        DELETE_DEPLOYMENT.option: {"type": "str"},
        **OPTIONS,
    },
    required_one_of=[("name", "id")],
    mutually_exclusive=[("archive", "archive_path"), ("config", "config_path")],
)
SPEC = single_spec(ITEM_SPEC)
#: What a release changes: for a task that takes one entry of a list and deploys another archive with it.
OVERRIDES = {name: ITEM_SPEC.options[name] for name in ("archive", "config", "comment")}
BULK_SPEC = bulk_spec(
    "deployment",
    ITEM_SPEC,
    only={"type": "list", "elements": "str"},
    overrides={"type": "dict", "options": OVERRIDES},
)


def run(client: Client, params: dict[str, Any]) -> Result:
    """Bring one deployment to the given state; returns ``deployment`` and ``uploads``."""
    make = _resource_factory(client, deployments_of(client), params["openapi_path"])
    result = run_named(make(params), check_mode=client.check_mode)
    result.returned.setdefault("uploads", [])
    return result


def run_bulk(client: Client, params: dict[str, Any], deployments: ListCache | None = None) -> Result:
    """Bring many deployments to their states; returns ``results``.

    In check mode, ``deployments`` knows afterwards what is planned.
    """
    cache = deployments or deployments_of(client)
    make = _resource_factory(client, cache, params["openapi_path"])
    return Bulk(client, "deployment", cache, make).ensure({**params, "deployments": _chosen(params)})


def _chosen(params: dict[str, Any]) -> list[dict[str, Any]]:
    """The entries that ``only`` names, with the ``overrides`` laid over them; all entries without it."""
    items: list[dict[str, Any]] = params["deployments"]
    overrides = {name: value for name, value in (params.get("overrides") or {}).items() if value is not None}
    if params.get("only") is None:
        if overrides:
            raise input_error("overrides needs only", "Set only to the names of the deployments to override.")
        return items
    if params["unlisted"] != "keep":
        raise input_error(
            "only and unlisted exclude each other", "Remove one of them: unlisted is about the whole list."
        )
    if not params["only"] or not all(params["only"]):
        raise input_error(
            "only must name at least one deployment, and none without a name",
            "Leave it out to deploy all entries of the list.",
        )
    chosen = []
    for name in params["only"]:
        entries = [item for item in items if text(name) in (text(item.get("name")), text(item.get("new_name")))]
        if any(item["state"] == "absent" for item in entries):
            raise input_error(f"only: the entry {name!r} has state: absent, so there is nothing to deploy")
        if not entries and "archive" not in overrides:
            raise input_error(
                f"only: there is no entry {name!r} in deployments, and no overrides.archive",
                "Give overrides.archive (astera_deploy_archive of the playbook deploy), the path of a .car,"
                " or add the entry.",
            )
        defaults = {option: rule.get("default") for option, rule in ITEM_SPEC.options.items()}
        chosen += entries or [{**defaults, "name": name}]
    # An uploaded file replaces the path of one that is on the server.
    replaced = {UPLOADS[option][1].option: None for option in UPLOADS if option in overrides}
    return [{**item, **replaced, **overrides} for item in chosen]


def _resource_factory(
    client: Client, cache: ListCache, openapi_path: str | None
) -> Callable[[dict[str, Any]], NamedResource]:
    """Makes resources that share the list and the uploads, from the options of each."""
    uploads = _Uploads(client)
    discovery = Discovery(client, openapi_path)

    def make(params: dict[str, Any]) -> NamedResource:
        ITEM_SPEC.check(params)
        if params["state"] == "absent":
            return AbsentResource(client, params, cache, discovery, DELETE_DEPLOYMENT)
        return DeploymentResource(client, params, cache, uploads)

    return make


class DeploymentResource(NamedResource):
    """One deployment's desired values, and its files."""

    # Documented.
    guards_names = True

    def __init__(self, client: Client, params: dict[str, Any], cache: ListCache, uploads: _Uploads) -> None:
        super().__init__("deployment", params, cache)
        self._client = client
        self._extra = ExtraFields(params, client.redactor).reject_identity()
        self._desired = desired_values(PLANNED, {**params, "name": self.selector.final_name})
        self._files = {
            option: local_file(params[option], kind, option, client.decrypt)
            for option, (kind, _field, _source) in UPLOADS.items()
            if params.get(option)
        }
        self._uploads = uploads

    def plan(self, current: dict[str, Any] | None) -> Plan:
        """The plan for the object as it is; a file that is stored already is left out."""
        desired = dict(self._desired)
        for option, file in self._files.items():
            field = UPLOADS[option][1]
            if not file.is_stored_as(get_field(current, field.api)):
                desired[field.option] = self._uploads.stored.get(file.file_name, file.file_name)
        if current is None and not desired.get(ARCHIVE.option):
            raise input_error(
                "a new deployment needs its archive",
                "Give archive, a .car on the machine where the task runs, or archive_path, one that is on the server.",
            )
        plan = make_plan(PLANNED, current, desired, self._extra)
        if plan and current is not None:
            update_id(current, self.label)
        return plan

    def readable(self, changes: list[Change]) -> list[Change]:
        """With an upload by its file names: the folder on the server is known only once it is stored."""
        readable = changes
        for option, file in self._files.items():
            readable = [
                replace(one, path=option, before=one.before and windows_name(str(one.before)), after=file.file_name)
                if one.field is UPLOADS[option][1]
                else one
                for one in readable
            ]
        return readable

    def prepare(self, plan: Plan) -> None:
        """Send the files. That may take long, so what was read before it is old by then."""
        for _option, file in self._planned_files(plan):
            self._uploads.path_of(file, self)

    def _planned_files(self, plan: Plan) -> list[tuple[str, LocalFile]]:
        planned = [change.field for change in plan.changes]
        return [(option, file) for option, file in self._files.items() if UPLOADS[option][1] in planned]

    def write(self, plan: Plan) -> None:
        put_field(plan.body, "id", 0 if plan.creates else update_id(plan.body, self.label))
        for _kind, _field, source in UPLOADS.values():
            if get_field(plan.body, source) is MISSING:
                put_field(plan.body, source, "")
        for option, file in self._planned_files(plan):
            _kind, field, source = UPLOADS[option]
            put_field(plan.body, field.api, self._uploads.path_of(file, self))
            put_field(plan.body, source, file.source)
        self._client.post(PATH, plan.body)

    def show(self, obj: dict[str, Any] | None) -> dict[str, Any] | None:
        return show(obj)

    def finished(self, result: Result, current: dict[str, Any] | None) -> Result:
        asked = self._desired.get("active") is not None and self.is_activation_asked
        if asked and not self._client.check_mode and ACTIVE.value_in(current) is MISSING:
            result.warnings.append("This server does not show whether a deployment is active, so active was not sent.")
        changed = {change.path for change in result.changes or []}
        result.returned["uploads"] = [
            {
                "source": file.source,
                "path": self._uploads.stored.get(file.file_name),
                "sha256": file.sha256,
                "size": file.size,
            }
            for option, file in self._files.items()
            if option in changed
        ]
        return super().finished(result, current)


class _Uploads:
    """The files of all deployments, each of which is sent once: ``stored`` has the path of each on the server.

    In check mode nothing is sent, and the path stays unknown.
    """

    def __init__(self, client: Client) -> None:
        self.stored: dict[str, str] = {}
        self._client = client

    def path_of(self, file: LocalFile, resource: NamedResource) -> str:
        """The file's path on the server. Sent on behalf of this resource if it is not there yet."""
        if file.file_name not in self.stored:
            path = upload(self._client, file)
            if not file.is_stored_as(path):
                resource.warnings.append(
                    f"The server stored {file.file_name} under a name of its own, {path!r}: "
                    "the next run cannot recognise it and will upload and deploy it again."
                )
            self.stored[file.file_name] = path
        return self.stored[file.file_name]
