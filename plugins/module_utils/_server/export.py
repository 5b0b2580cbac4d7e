# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole server as the variables of the roles: reads what the info modules read. Private: may change in any release.

There is no section for the license, since no endpoint is known that reads it.
"""

from __future__ import annotations

import json
from functools import cached_property
from typing import Any

from .._data.paths import get_field, leaves
from .._data.timestamps import parse_timestamp
from .._engine.lookup import object_id
from .._engine.result import Result
from .._errors import input_error
from .._http.client import Client
from .._http.local_file import uploaded_name
from .._redaction.names import secret_values
from .._resources import cluster, server_config, server_config_fields
from .._resources.deployment import read as deployment
from .._resources.schedule import read as schedule
from .._resources.schedule.frequency import START, is_daily
from .._runner.argument_spec import Spec
from .serialize import ExportContext, Location, Placeholder, name_secrets, places, secret_placeholder

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
_SCHEDULE = {field.option: field for field in schedule.SETTINGS}


def run(client: Client, params: dict[str, Any]) -> Result:
    """Read the sections; returns ``configuration`` and notes about it."""
    job = _Export(client)
    sections = params["sections"] or SECTIONS
    configuration = {f"astera_{section}": getattr(job, section)() for section in SECTIONS if section in sections}
    name_secrets(configuration)
    returned = {
        "configuration": configuration,
        "placeholders": [
            {"variable": one.variable, "path": list(path), "secret": bool(one.words)}
            for path, one in places(configuration)
        ],
        "archives": job.archives,
        # The files that entries name by their paths: another server needs them there, too.
        "server_files": [
            {"path": path, "option": option, "object": entry["name"]}
            for variable in ("astera_deployments", "astera_schedules")
            for entry in configuration.get(variable, [])
            for option in ("archive_path", "config_path", "file")
            # A path that contains a secret is a placeholder.
            if isinstance(path := entry.get(option), str)
        ],
    }
    returned = json.loads(json.dumps(returned, default=str))
    if any(client.redactor.redact(text) != text for text in secret_values(returned, is_secret=True)):
        raise input_error(
            "the export contains the password or the token of this task",
            "Ansible would redact them and spoil the export. Use an account with another password.",
        )
    warnings = [
        f"{note['variable']}: {', '.join(map(repr, note['objects']))} not exported: {note['reason']}."
        for note in job.context.notes
        if note["member"] is None
    ]
    return Result(returned={**returned, "notes": job.context.notes}, warnings=warnings)


class _Export:
    """One run. Each section is read once, the deployments also for the schedules."""

    def __init__(self, client: Client) -> None:
        self.context = ExportContext(client.redactor)
        self.archives: list[dict[str, Any]] = []
        self._client = client

    def server_config(self) -> dict[str, Any]:
        obj = self._client.get_object(server_config.PATH)
        location = Location("astera_server_config", None, ())
        entry = self.context.entry(location, obj, server_config_fields.FIELDS, server_config_fields.FIELDS)
        # A server may leave the password out of what it shows.
        is_needed = server_config.uses_password(obj) or get_field(obj, server_config_fields.PASSWORD.api)
        if "repository" in entry and is_needed:
            entry["repository"]["password"] = secret_placeholder(("repository", "password"))
        return entry

    def cluster(self) -> dict[str, Any]:
        obj = self._client.get_object(cluster.PATH)
        location = Location("astera_cluster", None, ("cluster",))
        return self.context.entry(location, obj, cluster.FIELDS, cluster.FIELDS)

    def deployments(self) -> list[dict[str, Any]]:
        return [self._deployment(*one) for one in self._deployments]

    @cached_property
    def _deployments(self) -> list[tuple[Location, dict[str, Any]]]:
        items = self._client.get_list(deployment.LIST_PATH)
        return self.context.named("astera_deployments", "deployment", items)

    @cached_property
    def _names(self) -> dict[Any, str | None]:
        """The names of the exported deployments, by id."""
        return {object_id(item): location.owner for location, item in self._deployments}

    def _deployment(self, location: Location, obj: dict[str, Any]) -> dict[str, Any]:
        files: dict[str, Any] = {}
        for option, kind, field in _FILES:
            path = field.read(obj)
            own = uploaded_name(path, kind) if isinstance(path, str) else None
            if own is None:
                files.update(self.context.options(location, [field], obj))
                continue
            name, sha256 = own
            files[option] = Placeholder(ARCHIVES, f"/{name}")
            self.archives.append(
                {"deployment": location.owner, "option": option, "name": name, "sha256": sha256, "path": path}
            )
        return {
            "name": location.owner,
            **files,
            **self.context.entry(location, obj, deployment.SETTINGS, deployment.FIELDS),
        }

    def schedules(self) -> list[dict[str, Any]]:
        items = [schedule.whole(self._client, item) for item in self._client.get_list(schedule.LIST_PATH)]
        found = self.context.named("astera_schedules", "schedule", items)
        return [entry for one in found if (entry := self._schedule(*one))]

    def _schedule(self, location: Location, obj: dict[str, Any]) -> dict[str, Any] | None:
        target = self._target(location, obj)
        frequency = self._frequency(location, get_field(obj, schedule.FREQUENCY.api))
        if not target or not frequency:
            self.context.note(
                location, None, "its deployment is not exported, or the server does not show what or when it runs"
            )
            return None
        targets = ("name", "deployment_id", "start_item", "file")
        settings = [field for option, field in _SCHEDULE.items() if option not in targets]
        described = (*schedule.FIELDS, schedule.IS_FILE, schedule.FREQUENCY)
        return {
            "name": location.owner,
            **target,
            **frequency,
            **self.context.entry(location, obj, settings, described),
        }

    def _target(self, location: Location, obj: dict[str, Any]) -> dict[str, Any] | None:
        """The options for what a schedule runs; None if there are none. Call it after the deployments."""
        if schedule.IS_FILE.read(obj) is True:
            return self.context.options(location, [_SCHEDULE["file"]], obj) or None
        number = schedule.DEPLOYMENT_ID.read(obj)
        if not isinstance(number, int) or number not in self._names:
            return None
        return {"deployment": self._names[number], **self.context.options(location, [_SCHEDULE["start_item"]], obj)}

    def _frequency(self, location: Location, value: Any) -> dict[str, Any] | None:
        """The documented form as ``daily``, all others, and one with more fields, as the server shows it."""
        start = parse_timestamp(get_field(value, START))
        if is_daily(value) and start and start.offset is not None and len(list(leaves(value))) == 3:
            return {"daily": {"start_time": start.text()}}
        raw = self.context.export_value(location, ("schedule",), value, raw=True) if isinstance(value, dict) else None
        return {"schedule": raw} if raw else None
