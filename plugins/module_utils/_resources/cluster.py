# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cluster settings: ``GET`` and ``POST /api/Cluster``. Private: may change in any release.

The path and the fields are documented; the methods are inferred from the other resources. There is one settings
object, its ``id`` is always 1. It has more fields than are documented, so they are all sent back.
"""

from __future__ import annotations

from typing import Any

from .._data.paths import put_field
from .._engine.extra_fields import OPTIONS, ExtraFields
from .._engine.field import Field, argument_options, desired_values, show_object, validate_name, windows_path
from .._engine.plan import Plan, make_plan
from .._engine.reconcile import Reconciliation
from .._engine.resource import Resource
from .._engine.result import Result
from .._http.client import Client
from .._runner.argument_spec import Spec

PATH = "/api/Cluster"
ID = 1

FIELDS = (
    Field("name", "name", description="Name of the server group. V(DEFAULT) on a new server.", sample="DEFAULT"),
    Field(
        "send_error_info",
        "sendErrorInfoToAstera",
        "bool",
        description="Whether to send anonymous usage and error information to Astera.",
        sample=True,
    ),
    Field(
        "purge_job_info_after",
        "purgeJobInfoAfter",
        "int",
        minimum=0,
        description="Days after which finished jobs are purged. The status of a purged job cannot be read.",
        sample=7,
    ),
    Field(
        "purge_event_info_after",
        "purgeEventInfoAfter",
        "int",
        minimum=0,
        description="Days after which events are purged from the Server Monitor.",
        sample=7,
    ),
    Field(
        "staging_directory",
        "stagingDirectory.path",
        compare=windows_path,
        description="Folder on the server for temporary files. Case and the kind of slash do not matter.",
        sample="C:\\Staging",
    ),
    Field(
        "deployment_directory",
        "deploymentDirectory.path",
        compare=windows_path,
        description="Folder on the server for uploaded archives. Set it before you deploy anything.",
        sample="C:\\Deployment",
    ),
    Field(
        "pause_all_servers",
        "pauseAllServers",
        "bool",
        description="Whether all servers of the cluster pause.",
        sample=False,
    ),
    Field(
        "pause_servers_from",
        "pauseServersFrom",
        time=True,
        description='Start of the pause, in the server\'s own form and in quotes, such as V("22:00"). '
        "An empty text removes it.",
    ),
    Field(
        "pause_servers_to",
        "pauseServersTo",
        time=True,
        description="End of the pause, in the same form as O(pause_servers_from).",
    ),
    Field(
        "share_file_system",
        "clientAndServersShareTheSameFileSystem",
        "bool",
        description="Whether the clients and the servers share one file system.",
        sample=False,
    ),
)

SPEC = Spec(options={**argument_options(FIELDS), **OPTIONS})

INFO_SPEC = Spec(options={})


def show(obj: dict[str, Any] | None) -> dict[str, Any] | None:
    """The server's object in the shape of the options."""
    return show_object(FIELDS, obj)


def run_info(client: Client, _params: dict[str, Any]) -> Result:
    """Read the cluster settings; returns ``cluster``."""
    return Result(returned={"cluster": show(client.get_object(PATH))})


def run(client: Client, params: dict[str, Any]) -> Result:
    """Bring the cluster settings to the given values; returns ``cluster``."""
    result, current = Reconciliation(ClusterResource(client, params)).run(check_mode=client.check_mode)
    result.returned = {"cluster": show(current)}
    return result


class ClusterResource(Resource):
    """The one settings object of the cluster."""

    label = "the cluster settings"

    def __init__(self, client: Client, params: dict[str, Any]) -> None:
        super().__init__()
        self._client = client
        self._extra = ExtraFields(params, client.redactor).reject_identity()
        self._desired = desired_values(FIELDS, params)
        if "name" in self._desired:
            # Whether it has blanks at its ends matters only for a new name.
            validate_name(self._desired["name"].strip(), "name")
        # Null switches a pause off; the option is the empty text then.
        for option in ("pause_servers_from", "pause_servers_to"):
            if self._desired.get(option) == "":
                self._desired[option] = None

    def read(self) -> dict[str, Any]:
        return self._client.get_object(PATH)

    def plan(self, current: dict[str, Any] | None) -> Plan:
        plan = make_plan(FIELDS, current, self._desired, self._extra)
        if any(change.path == "name" for change in plan.changes):  # one that is there may be anything
            validate_name(self._desired["name"], "name")
        return plan

    def write(self, plan: Plan) -> None:
        put_field(plan.body, "id", ID)
        self._client.post(PATH, plan.body)
