# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Schedules: ``/api/Schedules``, ``/api/Schedule/{id}``, ``/api/Schedule``. Private: may change in any release.

Documented: the fields, and that the response of the single GET is the body of an update. Unknown: whether the list
holds whole objects, and whether names are unique. So the list serves to find a schedule, and what is incomplete there
or is going to be changed is read once more by itself.
"""

from __future__ import annotations

from typing import Any

from ..._data.paths import MISSING, get_field
from ..._engine.field import ACTIVE_NAMES, NAME_RULES, Field, show_object, windows_path
from ..._engine.lookup import object_id, object_name, selected, update_id
from ..._engine.result import Result
from ..._http.client import Client
from ..._runner.argument_spec import Spec
from ..deployment.read import LIST_PATH as DEPLOYMENTS_PATH
from .frequency import show_frequency

LIST_PATH = "/api/Schedules"
PATH = "/api/Schedule"

ID = Field(
    "id",
    "id",
    "int",
    description="The server's id of the schedule. Selects it instead of O(name), or among several of that name.",
    sample=7,
)
DEPLOYMENT_ID = Field(
    "deployment_id",
    "deploymentId",
    "int",
    minimum=1,
    description="Id of the deployment to run, instead of O(deployment).",
)
SETTINGS = (
    Field("name", "name", description=f"Name of the schedule. {NAME_RULES}", sample="Orders, every morning"),
    Field(
        "active",
        "isActive",
        "bool",
        create=True,
        other_names=ACTIVE_NAMES,
        description="Whether the schedule is active. A new schedule is active by default.",
        sample=True,
    ),
    DEPLOYMENT_ID,
    Field(
        "start_item",
        "archiveStartItem",
        description="Flow in the archive of the deployment to start, a C(.df), C(.wf) or C(.wfs).",
        sample="LoadOrders.wf",
    ),
    Field(
        "file",
        "filePathResolved.path",
        compare=windows_path,
        description="Path of a flow on the server to run without a deployment. "
        "In a cluster, every server must be able to read it.",
    ),
    # Documented: "Job" is tracked in the Job Monitor, anything else is not. Other values are unknown.
    Field(
        "trace_level",
        "traceLevel",
        create="Job",
        description="Trace level. Only V(Job) shows the runs in the Job Monitor; a new schedule takes V(Job).",
        sample="Job",
    ),
    Field(
        "skip_if_running",
        "skipIfRunning",
        "bool",
        create=False,
        description="Whether to skip a run while the last one is queued or running. A new schedule takes V(false).",
        sample=True,
    ),
    Field(
        "pushdown",
        "jobOptions.usePushdownOptimization",
        "bool",
        description="Whether the job runs in pushdown mode.",
    ),
)
FIELDS = (ID, *SETTINGS)
#: Set by the options above, not options themselves.
IS_FILE = Field("is_file", "isFile", "bool")
FREQUENCY = Field("schedule", "schedule", "dict")

INFO_SPEC = Spec(options={"name": {"type": "str"}, "id": {"type": "int"}})


def show(obj: dict[str, Any] | None, deployment_names: dict[Any, Any]) -> dict[str, Any] | None:
    """The server's object in the shape of the options; the id of a deployment whose name is known is left out."""
    shown = show_object(FIELDS, obj)
    if shown is None:
        return None
    if IS_FILE.read(obj) is True:
        shown.update(deployment_id=None, deployment=None, start_item=None)
    else:
        found = shown["deployment_id"]
        name = deployment_names.get(found) if isinstance(found, int) else None
        shown.update(file=None, deployment=name, deployment_id=None if name else shown["deployment_id"])
    shown.update(show_frequency(get_field(obj, FREQUENCY.api)))
    return shown


def run_info(client: Client, params: dict[str, Any]) -> Result:
    """List the schedules; returns ``schedules``. Deployments are called by their names."""
    items = [whole(client, item) for item in selected(client.get_list(LIST_PATH), params.get("name"), params.get("id"))]
    names = {}
    if any(IS_FILE.read(item) is not True for item in items):
        names = {object_id(item): object_name(item) for item in client.get_list(DEPLOYMENTS_PATH)}
    return Result(returned={"schedules": [show(item, names) for item in items]})


def is_whole(item: dict[str, Any]) -> bool:
    return get_field(item, FREQUENCY.api) is not MISSING and get_field(item, IS_FILE.api) is not MISSING


def single(client: Client, item: dict[str, Any]) -> dict[str, Any]:
    title = f"the schedule {object_name(item)!r}"
    return client.get_object_by_id(f"{PATH}/{update_id(item, title)}")


def whole(client: Client, item: dict[str, Any]) -> dict[str, Any]:
    return item if is_whole(item) else single(client, item)
