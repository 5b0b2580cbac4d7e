# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Deployments: ``GET /api/Deployments``, ``POST /api/Deployment``, uploads. Private: may change in any release.

Documented: id 0 creates, another id updates; a duplicate name and an outdated stamp answer 400; the archive is uploaded
first. Unknown: what the POST answers, so we read back by name. The content of a stored archive cannot be read, so its
name on the server carries the SHA-256 of its bytes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .._arguments import Spec
from .._client import Client
from .._errors import bad_input
from .._field import Field, argument_options, shown_object, wanted_values, windows_path
from .._lookup import Search, refuse_removal, selected, update_id
from .._members import MISSING, get_member, put_member
from .._outcome import Outcome
from .._plan import Plan, make_plan
from .._resource import Resource, checked_extra, converge
from .._upload import LocalFile, local_file, windows_name

LIST_PATH = "/api/Deployments"
PATH = "/api/Deployment"

ID = Field("id", "id", "int")
NAME = Field("name", "name")
ARCHIVE = Field("archive_path", "clusterArchiveFilePath", compare=windows_path)
CONFIG = Field("config_path", "clusterConfigFilePath", compare=windows_path, create="")
SETTINGS = (
    Field("encrypt_files", "encryptFiles", "bool", create=False),
    Field("comment", "comment", create=""),
    # The prose lists an activation state, the table of members does not: the name is inferred from the schedules.
    Field("active", "isActive", "bool", when_shown=True),
)
FIELDS = (ID, NAME, ARCHIVE, CONFIG, *SETTINGS)
PLANNED = (NAME, ARCHIVE, CONFIG, *SETTINGS)

#: Per upload option: the API's file type, the field of the stored path, the member that tells where it came from.
UPLOADS = {
    "archive": ("Car", ARCHIVE, "userArchiveFilePath"),
    "config": ("Cfg", CONFIG, "userConfigFilePath"),
}

SPEC = Spec(
    options={
        **argument_options(FIELDS),
        "new_name": {"type": "str"},
        "archive": {"type": "path"},
        "config": {"type": "path"},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "extra_fields": {"type": "dict"},
    },
    required_one_of=[("name", "id")],
    mutually_exclusive=[("archive", "archive_path"), ("config", "config_path")],
)
INFO_SPEC = Spec(options={"name": {"type": "str"}, "id": {"type": "int"}})


def show(obj: dict[str, Any] | None) -> dict[str, Any] | None:
    """The server's object in the shape of the options."""
    return shown_object(FIELDS, obj)


def ensure(client: Client, params: dict[str, Any]) -> Outcome:
    """Bring one deployment to the given state; returns ``deployment`` and ``uploads``."""
    search = Search("deployment", params)
    if params["state"] == "absent":
        return _ensure_absent(client, search)
    task = _Task(client, search, params)
    resource = Resource(
        noun=search.title,
        show=show,
        read=lambda: search.find(client.get_list(LIST_PATH)),
        write=task.write,
        plan=task.plan,
    )
    outcome, current = converge(resource, check_mode=client.check_mode)
    outcome.warnings += task.warnings
    if params.get("active") is not None and not client.check_mode and get_member(current, "isActive") is MISSING:
        outcome.warnings.append("This server does not show whether a deployment is active, so active was not sent.")
    outcome.returned = {"deployment": show(current), "uploads": task.uploads_of(outcome)}
    return outcome


def _ensure_absent(client: Client, search: Search) -> Outcome:
    if not search.exists_in(client.get_list(LIST_PATH)):
        return Outcome(changes=[], title=search.title, returned={"deployment": None, "uploads": []})
    raise refuse_removal(search.title, "set active: false where the server shows that member")


class _Task:
    """One deployment's wanted values and its uploads, each of which is sent at most once."""

    def __init__(self, client: Client, search: Search, params: dict[str, Any]) -> None:
        self.warnings: list[str] = []
        self._client = client
        self._title = search.title
        self._extra = checked_extra(params.get("extra_fields"))
        self._wanted = wanted_values(PLANNED, {**params, "name": search.final_name})
        self._files = {
            option: local_file(params[option], kind, option)
            for option, (kind, _field, _source) in UPLOADS.items()
            if params.get(option)
        }
        self._stored: dict[str, str] = {}

    def plan(self, current: dict[str, Any] | None) -> Plan:
        """The plan for the object as it is; a file that is stored already is left out."""
        wanted = dict(self._wanted)
        for option, file in self._files.items():
            field = UPLOADS[option][1]
            if not file.is_stored_as(get_member(current, field.api)):
                wanted[field.option] = self._stored.get(option, file.file_name)
        if current is None and not wanted.get(ARCHIVE.option):
            raise bad_input(
                "a new deployment needs its archive",
                "Give archive, a .car on the machine where the task runs, or archive_path, one that is on the server.",
            )
        plan = make_plan(PLANNED, current, wanted, self._extra)
        plan.changes = [self._named(change) for change in plan.changes]
        return plan

    def _named(self, change: Any) -> Any:
        """Show an upload by its file names: the folder on the server is known only once it is stored."""
        for option, file in self._files.items():
            if change.field is UPLOADS[option][1]:
                before = windows_name(change.before) if isinstance(change.before, str) else change.before
                return replace(change, path=option, before=before, after=file.file_name)
        return change

    def write(self, plan: Plan) -> None:
        put_member(plan.body, "id", 0 if plan.creates else update_id(plan.body, self._title))
        for _kind, _field, source in UPLOADS.values():
            if get_member(plan.body, source) is MISSING:
                put_member(plan.body, source, "")
        for option, file in self._files.items():
            _kind, field, source = UPLOADS[option]
            if any(change.field is field for change in plan.changes):
                put_member(plan.body, field.api, self._upload(option, file))
                put_member(plan.body, source, file.source)
        self._client.post(PATH, plan.body)

    def _upload(self, option: str, file: LocalFile) -> str:
        if option not in self._stored:
            path = self._client.upload(file)
            if not file.is_stored_as(path):
                self.warnings.append(
                    f"The server stored {file.file_name} under a name of its own, {path!r}: "
                    "the next run cannot recognise it and will upload and deploy it again."
                )
            self._stored[option] = path
        return self._stored[option]

    def uploads_of(self, outcome: Outcome) -> list[dict[str, Any]]:
        """What was uploaded; in check mode what would be, with an unknown path."""
        planned = {change.path for change in outcome.changes or []} if self._client.check_mode else set(self._stored)
        return [
            {"source": file.source, "path": self._stored.get(option), "sha256": file.sha256, "size": file.size}
            for option, file in self._files.items()
            if option in planned
        ]


def info(client: Client, params: dict[str, Any]) -> Outcome:
    """List the deployments; returns ``deployments``."""
    items = selected(client.get_list(LIST_PATH), params.get("name"), params.get("id"))
    return Outcome(returned={"deployments": [show(item) for item in items]})


def id_of_deployment(deployments: list[dict[str, Any]], name: str) -> int | None:
    """The id that belongs to a deployment's name; None when there is none."""
    found = Search("deployment", {"name": name}).find(deployments)
    return None if found is None else update_id(found, f"the deployment {name!r}")
