# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of documented fields against those that the server shows. Private: may change in any release."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Callable

from ..._data.json_text import single_object
from ..._data.paths import MISSING, get_field, leaves
from ..._resources import cluster, server_config_fields
from ..._resources.deployment import read as deployment
from ..._resources.schedule import read as schedule
from ..findings import DIFFERS, UNDECIDED, Finding, decided, joined
from ..responses import NotSeenError, Responses
from ..shapes import safe_name

_TIMESTAMPS = ("updateDtTm", "createdDtTm")
_DAILY = ("schedule.typeName", "schedule.dailyScheduleBase.typeName", "schedule.dailyScheduleBase.startTime")
#: Paths of the fields that the documentation names, by the name of the request.
DOCUMENTED: dict[str, tuple[str, ...]] = {
    "config": tuple(field.api for field in server_config_fields.FIELDS),
    "cluster": ("id", *(field.api for field in cluster.FIELDS)),
    "deployments": (
        *(field.api for field in deployment.FIELDS),
        "userArchiveFilePath",
        "userConfigFilePath",
        *_TIMESTAMPS,
    ),
    "schedule 1": (*(field.api for field in schedule.FIELDS), "schedule", schedule.IS_FILE.api, *_DAILY, *_TIMESTAMPS),
}
#: Fields without which an object cannot be found or updated. They are never null.
_REQUIRED = frozenset({"id", "name", "updateDtTm", "schedule", "isFile"})
#: Fields that may be absent: they have an assumption of their own, or depend on what a schedule runs.
_OPTIONAL = frozenset(
    {
        "serverDbInfo.password",
        "isActive",
        "pauseServersFrom",
        "pauseServersTo",
        "deploymentId",
        "archiveStartItem",
        "filePathResolved.path",
        *_DAILY,
    }
)


def documented_fields(name: str) -> Callable[[Responses], Finding]:
    """A check: does the endpoint return objects with the documented fields?"""

    def check(responses: Responses) -> Finding:
        objects = _objects(responses, name)
        return objects if isinstance(objects, Finding) else _compared(responses, DOCUMENTED[name], objects)

    return check


def schedule_list(responses: Responses) -> Finding:
    """Does the list hold what is needed to find a schedule?"""
    items = _objects(responses, "schedules")
    if isinstance(items, Finding):
        return items
    lacking = {path for item in items for path in ("id", "name", "updateDtTm") if get_field(item, path) is MISSING}
    return decided(not lacking, f"a list of {len(items)}; missing: {joined(lacking)}")


def whole_schedules(responses: Responses) -> list[dict[str, Any]]:
    """The schedules of the list and of single reads that are whole, at least one."""
    found = list(filter(schedule.is_whole, [*responses.single_schedules(), *responses.objects("schedules")]))
    if not found:
        raise NotSeenError("no whole schedule was returned")
    return found


def _objects(responses: Responses, name: str) -> list[dict[str, Any]] | Finding:
    """The objects of an endpoint; the finding where it does not exist, or returns something else."""
    exchange = responses.allowed(name)
    if exchange.status in (404, 405, 501):
        return Finding(DIFFERS, str(exchange))
    data = responses.data(name)
    if name not in ("deployments", "schedules"):
        found = single_object(data)
        return Finding(DIFFERS, "not an object") if found is None else [found]
    if isinstance(data, list) and all(isinstance(item, dict) for item in data):
        return data or Finding(UNDECIDED, "an empty list")
    names = f"an object with {joined(map(safe_name, data))}" if isinstance(data, dict) else "something else"
    return Finding(DIFFERS, f"not a list of objects but {names}")


def _compared(responses: Responses, documented: tuple[str, ...], objects: list[dict[str, Any]]) -> Finding:
    lacking = {path for obj in objects for path in documented if path not in _OPTIONAL and _lacks(obj, path)}
    further = {".".join(map(safe_name, path)) for obj in objects for path in _undocumented(obj, documented)}
    found = f"missing: {joined(lacking)}; undocumented: {joined(further)}"
    if lacking and not lacking & _REQUIRED and _omits_nulls(responses):
        return Finding(UNDECIDED, f"{found}. The missing ones may be null: this server omits such fields")
    return decided(not lacking, found)


def _lacks(obj: dict[str, Any], path: str) -> bool:
    """Whether a field is absent. In an object that is null it may be."""
    parent, _dot, _name = path.rpartition(".")
    return get_field(obj, path) is MISSING and (not parent or get_field(obj, parent) is not None)


def _undocumented(obj: dict[str, Any], documented: tuple[str, ...]) -> list[tuple[str, ...]]:
    """The paths of fields that are not documented. The fields of a frequency depend on its type."""
    known = {path.lower() for path in documented}
    known |= {path.rpartition(".")[0] for path in known}
    found = [path for path, _value in leaves(obj) if ".".join(path).lower() not in known]
    return [path for path in found if path[0].lower() != "schedule"]


def _omits_nulls(responses: Responses) -> bool:
    """Whether fields that are null are absent, as far as the cluster settings show it."""
    with suppress(NotSeenError):
        obj = responses.object("cluster")
        return all(get_field(obj, name) is MISSING for name in ("pauseServersFrom", "pauseServersTo"))
    return False
