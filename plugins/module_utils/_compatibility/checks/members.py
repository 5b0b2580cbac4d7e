# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Documented members of the server's objects, compared with those that it shows. Private: may change in any release."""

from __future__ import annotations

import contextlib
from typing import Any

from ..._data.paths import MISSING, get_field, leaves
from ..._resources import cluster, server_config_fields
from ..._resources.deployment import read as deployment
from ..._resources.schedule import read as schedule
from ..assumption import UNDECIDED, Finding, decided, listed
from ..evidence import Evidence, NotSeenError
from ..shapes import safe_name

_STAMPS = ("updateDtTm", "createdDtTm")
_DAILY = ("schedule.typeName", "schedule.dailyScheduleBase.typeName", "schedule.dailyScheduleBase.startTime")
#: Paths of the members that the documentation names, by the kind of object.
DOCUMENTED: dict[str, tuple[str, ...]] = {
    "config": tuple(field.api for field in server_config_fields.FIELDS),
    "cluster": ("id", *(field.api for field in cluster.FIELDS)),
    "deployments": (*(field.api for field in deployment.FIELDS), "userArchiveFilePath", "userConfigFilePath", *_STAMPS),
    "schedules": (*(field.api for field in schedule.FIELDS), schedule.IS_FILE.api, *_DAILY, *_STAMPS),
}
#: Members whose absence has an assumption of its own, or a reason.
_MAY_LACK = frozenset(
    {
        "serverDbInfo.password",
        "isActive",
        "pauseServersFrom",
        "pauseServersTo",
        # One or the other, by what is run.
        "deploymentId",
        "archiveStartItem",
        "filePathResolved.path",
        *_DAILY,
    }
)


def objects_of(evidence: Evidence, kind: str) -> list[dict[str, Any]]:
    """Objects of a kind, of schedules the whole ones."""
    if kind == "schedules":
        found = [item for item in [*evidence.singles, *evidence.objects(kind)] if schedule.is_whole(item)]
        if not found:
            raise NotSeenError("no whole schedule was answered")
        return found
    return evidence.objects(kind) if kind == "deployments" else [evidence.object(kind)]


def any_object(evidence: Evidence, kind: str) -> dict[str, Any]:
    return objects_of(evidence, kind)[0]


def leaves_out_nulls(evidence: Evidence) -> bool:
    """Whether members that are null do not stand in answers, as far as the cluster settings show it."""
    obj = evidence.object("cluster")
    return all(get_field(obj, name) is MISSING for name in ("pauseServersFrom", "pauseServersTo"))


def missing_members(kind: str) -> Any:
    """A judge: do the documented members stand in the objects?"""

    def judge(evidence: Evidence) -> Finding:
        objects = objects_of(evidence, kind)
        lacking = {path for obj in objects for path in DOCUMENTED[kind] if path not in _MAY_LACK and _lacks(obj, path)}
        found = f"documented members that are missing: {listed(lacking)}"
        with contextlib.suppress(NotSeenError):
            if lacking and leaves_out_nulls(evidence):
                return Finding(UNDECIDED, f"{found}; they may be null, as this server leaves such members out")
        return decided(not lacking, found)

    return judge


def _lacks(obj: dict[str, Any], path: str) -> bool:
    """Whether a member is not there. In an object that is null it need not be."""
    parent, _dot, _name = path.rpartition(".")
    return get_field(obj, path) is MISSING and (not parent or get_field(obj, parent) is not None)


def further_members(kind: str) -> Any:
    """A judge: are there members that are not documented?"""
    known = {path.lower() for path in DOCUMENTED[kind]}
    parents = {path.rpartition(".")[0] for path in known}

    def is_known(path: str) -> bool:
        # What is in a frequency depends on its type.
        return path in known or path in parents or path.startswith("schedule.")

    def judge(evidence: Evidence) -> Finding:
        further = {
            ".".join(map(safe_name, path))
            for obj in objects_of(evidence, kind)
            for path, _value in leaves(obj)
            if not is_known(".".join(path).lower())
        }
        return decided(further, f"members that are not documented: {listed(further)}")

    return judge
