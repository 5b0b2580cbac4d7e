# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bringing deployments to their states, with uploads. Private: may change in any release."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

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

#: Per field with a stored path: the option that uploads, the API's file type, its field of where the file came from.
UPLOADS = {
    ARCHIVE: ("archive", "Car", "userArchiveFilePath"),
    CONFIG: ("config", "Cfg", "userConfigFilePath"),
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
    mutually_exclusive=[("archive", "archive_path"), ("config", "config_path")],
)
SPEC = single_spec(ITEM_SPEC)
BULK_SPEC = bulk_spec(
    "deployment",
    ITEM_SPEC,
    only={"type": "list", "elements": "str"},
    # What a release changes: for a task that takes one entry of a list and deploys another archive with it.
    overrides={"type": "dict", "options": {name: ITEM_SPEC.options[name] for name in ("archive", "config", "comment")}},
)


def run(client: Client, params: dict[str, Any]) -> Result:
    """Bring one deployment to the given state; returns ``deployment`` and ``uploads``."""
    resource = _resource(client, deployments_of(client), {}, Discovery(client, params["openapi_path"]), params)
    result = run_named(resource, check_mode=client.check_mode)
    result.returned.setdefault("uploads", [])
    return result


def run_bulk(client: Client, params: dict[str, Any], deployments: ListCache | None = None) -> Result:
    """Bring many deployments to their states; returns ``results``.

    In check mode, ``deployments`` knows afterwards what is planned.
    """
    cache = deployments or deployments_of(client)
    make = partial(_resource, client, cache, {}, Discovery(client, params["openapi_path"]))
    return Bulk(client, "deployment", cache, make).ensure({**params, "deployments": _chosen(params)})


def _chosen(params: dict[str, Any]) -> list[dict[str, Any]]:
    """The entries that ``only`` names, with the ``overrides`` laid over them; all entries without it."""
    items: list[dict[str, Any]] = params["deployments"]
    only: list[str] | None = params.get("only")
    overrides = {name: value for name, value in (params.get("overrides") or {}).items() if value is not None}
    if only is None and not overrides:
        return items
    if not only or not all(only) or params["unlisted"] != "keep":
        raise input_error(
            "only must name at least one deployment, and none without a name; overrides needs it, unlisted excludes it",
            "Leave only and overrides out to deploy all entries of the list.",
        )
    # An uploaded file replaces the path of one that is on the server.
    replaced = {field.option: None for field, (option, _kind, _source) in UPLOADS.items() if option in overrides}
    chosen = []
    for name in only:
        entries = [item for item in items if text(name) in (text(item.get("name")), text(item.get("new_name")))]
        if any(item["state"] == "absent" for item in entries):
            raise input_error(f"only: the entry {name!r} has state: absent, so there is nothing to deploy")
        if not entries and "archive" not in overrides:
            raise input_error(
                f"only: there is no entry {name!r} in deployments, and no overrides.archive",
                "Give overrides.archive, a .car (astera_deploy_archive of the playbook deploy), or add the entry.",
            )
        chosen += entries or [{"name": name, "state": "present"}]
    return [{**item, **replaced, **overrides} for item in chosen]


def _resource(
    client: Client, cache: ListCache, stored: dict[str, str], discovery: Discovery, params: dict[str, Any]
) -> NamedResource:
    """What brings one deployment to its state. All but its options is shared with the others of the task."""
    ITEM_SPEC.check(params)
    if params["state"] == "absent":
        return AbsentResource(client, params, cache, discovery, DELETE_DEPLOYMENT)
    return DeploymentResource(client, params, cache, stored)


class DeploymentResource(NamedResource):
    """One deployment's desired values, and its files.

    ``stored`` has the path on the server of each file that was sent, also for other deployments. In check mode nothing
    is sent, and the path stays unknown.
    """

    # Documented.
    guards_names = True

    def __init__(self, client: Client, params: dict[str, Any], cache: ListCache, stored: dict[str, str]) -> None:
        super().__init__("deployment", params, cache)
        self._client = client
        self._extra = ExtraFields(params, client.redactor).reject_identity()
        self._desired = desired_values(PLANNED, {**params, "name": self.selector.final_name})
        self._files = {
            field: local_file(params[option], kind, option, client.decrypt)
            for field, (option, kind, _source) in UPLOADS.items()
            if params.get(option)
        }
        self._stored = stored

    def plan(self, current: dict[str, Any] | None) -> Plan:
        """The plan for the object as it is; a file that is stored already is left out."""
        desired = dict(self._desired)
        for field, file in self._files.items():
            if not file.is_stored_as(get_field(current, field.api)):
                desired[field.option] = self._stored.get(file.file_name, file.file_name)
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
        readable = []
        for change in changes:
            if change.field in self._files:
                before = change.before and windows_name(str(change.before))
                after = self._files[change.field].file_name
                readable.append(replace(change, path=UPLOADS[change.field][0], before=before, after=after))
            else:
                readable.append(change)
        return readable

    def prepare(self, plan: Plan) -> None:
        """Send the files. That may take long, so what was read before it is old by then."""
        for change in plan.changes:
            if change.field in self._files:
                self._stored_path(self._files[change.field])

    def _stored_path(self, file: LocalFile) -> str:
        """The file's path on the server. It is sent if it is not there yet."""
        if file.file_name not in self._stored:
            path = self._stored[file.file_name] = upload(self._client, file)
            if not file.is_stored_as(path):
                self.warnings.append(
                    f"The server stored {file.file_name} under a name of its own, {path!r}: "
                    "the next run cannot recognise it and will upload and deploy it again."
                )
        return self._stored[file.file_name]

    def write(self, plan: Plan) -> None:
        put_field(plan.body, "id", 0 if plan.creates else update_id(plan.body, self.label))
        planned = [change.field for change in plan.changes]
        for field, (_option, _kind, source) in UPLOADS.items():
            if field in self._files and field in planned:
                put_field(plan.body, field.api, self._stored_path(self._files[field]))
                put_field(plan.body, source, self._files[field].source)
            elif get_field(plan.body, source) is MISSING:
                put_field(plan.body, source, "")
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
                "path": self._stored.get(file.file_name),
                "sha256": file.sha256,
                "size": file.size,
            }
            for field, file in self._files.items()
            if UPLOADS[field][0] in changed
        ]
        return super().finished(result, current)
