# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole server as the variables of the roles: reads what the info modules read. Private: may change in any release.

There is no section for the license, since no call is known that reads it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .._data.paths import MISSING, get_field, leaves
from .._engine.lookup import object_id
from .._engine.result import Result
from .._errors import AsteraError, one_line
from .._http.client import Client
from .._http.local_file import uploaded_name
from .._redaction.names import texts_in
from .._resources import cluster, server_config, server_config_fields
from .._resources.deployment import read as deployment
from .._resources.schedule import read as schedule
from .._resources.schedule.frequency import START, is_daily
from .._runner.argument_spec import Spec
from .placeholders import Placeholder, name_secrets, places, plain
from .serialize import Book, Place, normal_start

SECTIONS = ("server_config", "cluster", "deployments", "schedules")
SPEC = Spec(
    options={
        "sections": {"type": "list", "elements": "str", "choices": list(SECTIONS), "default": list(SECTIONS)},
    }
)

#: The variable with the folder in which the operator keeps archives and configurations.
ARCHIVES = "astera_archives"
#: Option for a local file, its kind, the field of the path on the server.
_FILES = (("archive", "Car", deployment.ARCHIVE), ("config", "Cfg", deployment.CONFIG))
#: Where a file once came from: informational by the documentation, and written anew by each upload.
_SOURCES = ("userArchiveFilePath", "userConfigFilePath")
_TARGETS = ("deployment_id", "start_item", "file")


def run(client: Client, params: dict[str, Any]) -> Result:
    """Read the sections; returns ``configuration`` and what is to be known about it."""
    job = _Export(client, params["sections"] or SECTIONS)
    configuration = {f"astera_{section}": getattr(job, section)() for section in SECTIONS if section in job.wanted}
    name_secrets(configuration)
    returned = {
        "configuration": plain(configuration),
        "placeholders": [
            {"variable": one.variable, "path": list(path), "secret": one.secret} for path, one in places(configuration)
        ],
        "archives": job.archives,
        "notes": job.book.notes,
    }
    _refuse_masking(client, returned)
    warnings = [
        f"{note['variable']}: {', '.join(map(repr, note['objects']))} not exported: {note['reason']}."
        for note in job.book.notes
        if note["member"] is None
    ]
    return Result(returned=returned, warnings=warnings)


class _Export:
    """One run. Each section is read once, the deployments also for the schedules."""

    def __init__(self, client: Client, sections: Sequence[str]) -> None:
        self.wanted = set(sections)
        self.book = Book(client.hidden)
        self.archives: list[dict[str, Any]] = []
        self._client = client
        self._deployments: list[tuple[Place, dict[str, Any]]] | None = None
        self._names: dict[Any, str] = {}

    def server_config(self) -> dict[str, Any]:
        obj = self._client.get_object(server_config.PATH)
        place = Place("astera_server_config", None, ())
        options = self.book.options(place, server_config_fields.FIELDS, obj)
        if _has_password(obj):
            password = self.book.placeholder(place, ("repository", "password"))
            options.setdefault("repository", {})["password"] = password
        return {**options, **self.book.extras(place, server_config_fields.FIELDS, obj)}

    def cluster(self) -> dict[str, Any]:
        obj = self._client.get_object(cluster.PATH)
        place = Place("astera_cluster", None, ("cluster",))
        return {
            **self.book.options(place, cluster.FIELDS, obj),
            **self.book.extras(place, cluster.FIELDS, obj),
        }

    def deployments(self) -> list[dict[str, Any]]:
        entries = [self._deployment(place, obj) for place, obj in self._named_deployments()]
        return [entry for entry in entries if entry is not None]

    def _named_deployments(self) -> list[tuple[Place, dict[str, Any]]]:
        if self._deployments is None:
            items = self._client.get_list(deployment.LIST_PATH)
            # Without their section, what is left out of it is nobody's concern.
            book = self.book if "deployments" in self.wanted else Book(self._client.hidden)
            self._deployments = book.named("astera_deployments", "deployment", items)
            self._names = {object_id(item): place.owner or "" for place, item in self._deployments}
        return self._deployments

    def _deployment(self, place: Place, obj: dict[str, Any]) -> dict[str, Any] | None:
        files: dict[str, Any] = {}
        for option, kind, field in _FILES:
            path = field.read(obj)
            own = uploaded_name(path, kind) if isinstance(path, str) else None
            if own is None:
                files.update(self.book.options(place, [field], obj))
                continue
            name, sha256 = own
            files[option] = Placeholder(ARCHIVES, f"/{name}")
            self.archives.append(
                {"deployment": place.owner, "option": option, "name": name, "sha256": sha256, "path": path}
            )
        if not {"archive", "archive_path"} & set(files):
            self.book.note(place, None, "the server shows no archive of it")
            # A schedule of it could not be made on another server.
            self._names.pop(object_id(obj), None)
            return None
        return {
            "name": place.owner,
            **files,
            **self.book.options(place, deployment.SETTINGS, obj),
            **self.book.extras(place, deployment.FIELDS, obj, *_SOURCES),
        }

    def schedules(self) -> list[dict[str, Any]]:
        items = [schedule.whole(self._client, item) for item in self._client.get_list(schedule.LIST_PATH)]
        entries = [self._schedule(place, obj) for place, obj in self.book.named("astera_schedules", "schedule", items)]
        return [entry for entry in entries if entry is not None]

    def _schedule(self, place: Place, obj: dict[str, Any]) -> dict[str, Any] | None:
        target = self._target(place, obj)
        if target is None:
            self.book.note(place, None, "what it runs is not shown by the server, or is not exported itself")
            return None
        frequency = self._frequency(place, get_field(obj, schedule.FREQUENCY.api))
        if frequency is None:
            self.book.note(place, None, "the server does not show when it runs")
            return None
        settings = [field for field in schedule.SETTINGS if field.option not in ("name", *_TARGETS)]
        described = (*schedule.FIELDS, schedule.IS_FILE, schedule.FREQUENCY)
        return {
            "name": place.owner,
            **target,
            **frequency,
            **self.book.options(place, settings, obj),
            **self.book.extras(place, described, obj),
        }

    def _target(self, place: Place, obj: dict[str, Any]) -> dict[str, Any] | None:
        """The options that say what a schedule runs; None if they cannot. To be asked after the deployments."""
        fields = {field.option: field for field in schedule.SETTINGS}
        if schedule.IS_FILE.read(obj) is True:
            return self.book.options(place, [fields["file"]], obj) or None
        self._named_deployments()
        number = schedule.DEPLOYMENT_ID.read(obj)
        if not isinstance(number, int) or number not in self._names:
            return None
        return {"deployment": self._names[number], **self.book.options(place, [fields["start_item"]], obj)}

    def _frequency(self, place: Place, value: Any) -> dict[str, Any] | None:
        """The documented form as ``daily``, all others, and what has more members, as the server shows it."""
        if not isinstance(value, dict) or not value:
            return None
        start = normal_start(get_field(value, START))
        if is_daily(value) and start is not None and len(list(leaves(value))) == 3:
            return {"daily": {"start_time": start}}
        raw = self.book.told(place, ("schedule",), value, raw=True)
        return None if raw is MISSING else {"schedule": raw}


def _has_password(obj: dict[str, Any]) -> bool:
    """Whether the repository needs a password, as far as one can see: a server may leave it out of what it shows."""
    if not isinstance(get_field(obj, "serverDbInfo"), dict):
        return False
    return server_config.uses_password(obj) or bool(get_field(obj, server_config_fields.PASSWORD.api))


def _refuse_masking(client: Client, returned: dict[str, Any]) -> None:
    """Ansible masks the password of the task wherever it stands; a configuration full of masks is worse than none."""
    for part in ("configuration", "placeholders", "archives"):
        for path, value in leaves({part: returned[part]}):
            for text in texts_in(value):
                if client.hidden.redact(text) != text:
                    raise AsteraError(
                        "input",
                        f"{one_line('.'.join(path))} holds the very letters of the password or the token of this task",
                        hint="Ansible would mask them and spoil the export. Use an account with another password.",
                    )
