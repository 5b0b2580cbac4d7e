# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cluster settings: ``GET`` and ``POST /api/Cluster``. Private: may change in any release.

The path and the fields are documented; the methods are inferred from the other resources. There is one settings
object, its ``id`` is always 1. It surely has more members than are documented, so they are all sent back.
"""

from __future__ import annotations

from typing import Any

from .._data.paths import put_member
from .._engine.extra_fields import OPTIONS, Extra
from .._engine.field import (
    Field,
    argument_options,
    checked_name,
    searched_name,
    shown_object,
    wanted_values,
    windows_path,
)
from .._engine.plan import Plan
from .._engine.reconcile import converge
from .._engine.resource import Resource, planner
from .._engine.result import Outcome
from .._http.client import Client
from .._runner.argument_spec import Spec

PATH = "/api/Cluster"
ID = 1

FIELDS = (
    Field("name", "name"),
    Field("send_error_info", "sendErrorInfoToAstera", "bool"),
    Field("purge_job_info_after", "purgeJobInfoAfter", "int", minimum=0),
    Field("purge_event_info_after", "purgeEventInfoAfter", "int", minimum=0),
    Field("staging_directory", "stagingDirectory.path", compare=windows_path),
    Field("deployment_directory", "deploymentDirectory.path", compare=windows_path),
    Field("pause_all_servers", "pauseAllServers", "bool"),
    Field("pause_servers_from", "pauseServersFrom", time=True),
    Field("pause_servers_to", "pauseServersTo", time=True),
    Field("share_file_system", "clientAndServersShareTheSameFileSystem", "bool"),
)

SPEC = Spec(options={**argument_options(FIELDS), **OPTIONS})

#: Null switches a pause off again; a playbook says so with the empty text.
_NULLABLE = ("pause_servers_from", "pause_servers_to")

INFO_SPEC = Spec(options={})


def show(obj: dict[str, Any] | None) -> dict[str, Any] | None:
    """The server's object in the shape of the options."""
    return shown_object(FIELDS, obj)


def run_info(client: Client, _params: dict[str, Any]) -> Outcome:
    """Read the cluster settings; returns ``cluster``."""
    return Outcome(returned={"cluster": show(client.get_object(PATH))})


def run(client: Client, params: dict[str, Any]) -> Outcome:
    """Bring the cluster settings to the given values; returns ``cluster``."""
    wanted = wanted_values(FIELDS, params)
    if "name" in wanted:
        wanted["name"] = searched_name(wanted["name"], "name")
    for option in _NULLABLE:
        if wanted.get(option) == "":
            wanted[option] = None

    def write(plan: Plan) -> None:
        put_member(plan.body, "id", ID)
        client.post(PATH, plan.body)

    plan_of = planner(FIELDS, wanted, Extra(params, client.hidden).refuse_identity())

    def plan(current: dict[str, Any] | None) -> Plan:
        planned = plan_of(current)
        if any(change.path == "name" for change in planned.changes):
            checked_name(wanted["name"], "name")
        return planned

    resource = Resource(
        noun="the cluster settings",
        show=show,
        read=lambda: client.get_object(PATH),
        write=write,
        plan=plan,
    )
    outcome, current = converge(resource, check_mode=client.check_mode)
    outcome.returned = {"cluster": show(current)}
    return outcome
