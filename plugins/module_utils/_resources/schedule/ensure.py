# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bringing schedules to their states. Private: may change in any release."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import partial
from typing import Any

from ..._data.paths import MISSING, get_field, put_field
from ..._engine.bulk import Bulk
from ..._engine.extra_fields import OPTIONS, ExtraFields
from ..._engine.field import argument_options, desired_values, text
from ..._engine.lookup import ListCache, Selector, object_id, object_name, update_id
from ..._engine.plan import Change, Plan, make_plan
from ..._engine.reconcile import run_named
from ..._engine.resource import AbsentResource, NamedResource
from ..._engine.result import Result
from ..._errors import input_error
from ..._http.client import Client
from ..._http.openapi import DELETE_SCHEDULE, Discovery
from ..._runner.argument_spec import Spec, bulk_spec, given, single_spec
from ..deployment.read import deployments_of
from .frequency import TIMES, desired_frequency, readable_frequency
from .read import DEPLOYMENT_ID, FIELDS, FREQUENCY, IS_FILE, LIST_PATH, PATH, SETTINGS, is_whole, show, single, whole

PLANNED = (*SETTINGS, IS_FILE, FREQUENCY)

ITEM_SPEC = Spec(
    options={
        **argument_options((*FIELDS, *TIMES)),
        "new_name": {"type": "str"},
        "deployment": {"type": "str"},
        "schedule": {"type": "dict"},
        "like": {"type": "str"},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        DELETE_SCHEDULE.option: {"type": "str"},
        **OPTIONS,
    },
    mutually_exclusive=[
        ("deployment", "deployment_id", "file"),
        ("start_item", "file"),
        ("daily", "schedule", "like"),
    ],
)
SPEC = single_spec(ITEM_SPEC)
BULK_SPEC = bulk_spec("schedule", ITEM_SPEC)


def run(client: Client, params: dict[str, Any]) -> Result:
    """Bring one schedule to the given state; returns ``schedule``."""
    discovery = Discovery(client, params["openapi_path"])
    resource = _resource(client, schedules_of(client), DeploymentNames(client), discovery, params)
    return run_named(resource, check_mode=client.check_mode)


def run_bulk(
    client: Client,
    params: dict[str, Any],
    schedules: ListCache | None = None,
    deployments: DeploymentNames | None = None,
) -> Result:
    """Bring many schedules to their states; returns ``results``."""
    cache = schedules or schedules_of(client)
    discovery = Discovery(client, params["openapi_path"])
    make = partial(_resource, client, cache, deployments or DeploymentNames(client), discovery)
    return Bulk(client, "schedule", cache, make).ensure(params)


def schedules_of(client: Client) -> ListCache:
    return ListCache(lambda: client.get_list(LIST_PATH))


class DeploymentNames:
    """The ids of deployments by their names.

    ``planned`` are the names that a list of deployments is about to make, with ``cache`` as it will be. Then a name
    that is not among them is an error in check mode, too. Without it, an earlier task may be about to make it.
    """

    def __init__(self, client: Client, cache: ListCache | None = None, planned: Collection[str] | None = None) -> None:
        self._cache = cache or deployments_of(client)
        self._planned = planned or ()
        #: Whether an earlier task may be about to make what is not there yet.
        self.may_be_missing = client.check_mode and planned is None

    def id_of(self, name: str, warnings: list[str]) -> int:
        """The id, 0 for one that does not exist yet. AsteraError when it neither exists nor is planned."""
        number = object_id(Selector("deployment", {"name": name}).find(self._cache))
        if number is None and self.may_be_missing:
            warnings.append(_not_yet("deployment", name))
        elif number is None and text(name) not in self._planned:
            raise input_error(
                f"deployment: there is no deployment named {name!r}",
                "Deploy it first, list it in astera_deployments, or correct the name.",
            )
        return number or 0

    def name_of(self, number: Any) -> str | None:
        """The name of the deployment with this id."""
        return object_name(self._cache.with_id(number)) if isinstance(number, int) else None


def _not_yet(noun: str, name: str) -> str:
    return f"There is no {noun} named {name!r} yet; unless an earlier task makes it, a real run fails here."


def _resource(
    client: Client, cache: ListCache, names: DeploymentNames, discovery: Discovery, params: dict[str, Any]
) -> NamedResource:
    """What brings one schedule to its state. All but its options is shared with the others of the task."""
    ITEM_SPEC.check(params)
    if params["state"] == "absent":
        return AbsentResource(client, params, cache, discovery, DELETE_SCHEDULE)
    return ScheduleResource(client, params, cache, names)


class ScheduleResource(NamedResource):
    """One schedule's desired values, with the names of deployments and other schedules resolved."""

    def __init__(self, client: Client, params: dict[str, Any], cache: ListCache, deployments: DeploymentNames) -> None:
        super().__init__("schedule", params, cache)
        self._client = client
        self._deployments = deployments
        self._extra = ExtraFields(params, client.redactor).reject_identity()
        self._desired = desired_values(SETTINGS, {**params, "name": self.selector.final_name})
        self._when: dict[str, Any] = {name: params.get(name) for name in ("daily", "schedule", "like")}
        desired_frequency(self._when, MISSING)  # rejects invalid times
        self._deployment: str | None = params.get("deployment")
        self._target = next(iter(given(params, ("deployment", "deployment_id", "file"))), "")
        if self._target:
            self._desired[IS_FILE.option] = self._target == "file"

    def read(self) -> dict[str, Any] | None:
        """The schedule by the list, and by itself where the list is incomplete or something is to change."""
        if self._deployment is not None and DEPLOYMENT_ID.option not in self._desired:
            self._desired[DEPLOYMENT_ID.option] = self._deployments.id_of(self._deployment, self.warnings)
        found = super().read()
        if self._when["like"] is not None and self._when["schedule"] is None:
            self._when["schedule"] = self._copied(self._when["like"])
        return found if found is None or (is_whole(found) and not self.plan(found)) else single(self._client, found)

    def _copied(self, name: str) -> dict[str, Any]:
        """The frequency of another schedule. In check mode that one may be the work of a task before."""
        source = Selector("schedule", {"name": name}).find(self.cache)
        if source is None and self._deployments.may_be_missing:
            self.warnings.append(_not_yet("schedule", name))
            return {"like": name}
        schedule = None if source is None else get_field(whole(self._client, source), FREQUENCY.api)
        if not isinstance(schedule, dict):
            raise input_error(
                f"like: there is no schedule named {name!r} on the server, or it does not show when it runs",
                "Correct the name, create it, or set schedule.",
            )
        return schedule

    def plan(self, current: dict[str, Any] | None) -> Plan:
        desired = dict(self._desired)
        frequency = desired_frequency(self._when, get_field(current, FREQUENCY.api))
        if frequency is not None:
            desired[FREQUENCY.option] = frequency
        if current is None and IS_FILE.option not in desired:
            raise input_error(
                "a new schedule needs something to run", "Give deployment (with start_item), deployment_id or file."
            )
        if current is None and FREQUENCY.option not in desired:
            raise input_error("a new schedule needs a frequency", "Give daily, schedule or like.")
        return make_plan(PLANNED, current, desired, self._extra)

    def readable(self, changes: list[Change]) -> list[Change]:
        """With the names of deployments, and with start times where a schedule runs daily."""
        readable = []
        for change in changes:
            if change.field is DEPLOYMENT_ID and self._deployment:
                before = self._deployments.name_of(change.before) or change.before
                readable.append(replace(change, path="deployment", before=before, after=self._deployment))
            elif change.field is FREQUENCY:
                readable.append(readable_frequency(change, self._when["daily"]))
            elif change.field is not IS_FILE:
                readable.append(change)
            elif self._target not in [one.path for one in readable]:
                # The server may still show what it ran before it ran a file, or the other way round.
                after = self._deployment or self._desired[self._target]
                readable.append(replace(change, path=self._target, before=None, after=after))
        return readable

    def write(self, plan: Plan) -> None:
        put_field(plan.body, "id", 0 if plan.creates else update_id(plan.body, self.label))
        self._client.post(PATH, plan.body)

    def show(self, obj: dict[str, Any] | None) -> dict[str, Any] | None:
        return show(obj, {self._desired.get(DEPLOYMENT_ID.option): self._deployment})
