# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Schedules: ``/api/Schedules``, ``/api/Schedule/{id}``, ``/api/Schedule``. Private: may change in any release.

Documented: the members, and that the answer of the single GET is the body of an update. Unknown: whether the list holds
whole objects, and whether names are unique. So the list serves to find a schedule, and what is incomplete there or is
going to be changed is read once more by itself.
"""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import Any

from .._arguments import Spec
from .._client import Client
from .._errors import AsteraError, bad_input
from .._field import Field, argument_options, shown_object, wanted_values, windows_path
from .._frequency import DAILY_OPTION, Frequency, frequency_from, shown_frequency
from .._lookup import Search, object_id, object_name, refuse_removal, selected, update_id
from .._members import MISSING, contains, get_member, put_member
from .._outcome import Outcome
from .._plan import Plan, make_plan
from .._resource import Resource, checked_extra, converge
from .deployment import LIST_PATH as DEPLOYMENTS_PATH
from .deployment import id_of_deployment

LIST_PATH = "/api/Schedules"
PATH = "/api/Schedule"

ID = Field("id", "id", "int")
DEPLOYMENT_ID = Field("deployment_id", "deploymentId", "int", minimum=1)
SETTINGS = (
    Field("name", "name"),
    Field("active", "isActive", "bool", create=True),
    DEPLOYMENT_ID,
    Field("start_item", "archiveStartItem"),
    Field("file", "filePathResolved.path", compare=windows_path),
    # Documented: "Job" is tracked in the Job Monitor, anything else is not. Other values are unknown.
    Field("trace_level", "traceLevel", create="Job"),
    Field("skip_if_running", "skipIfRunning", "bool", create=False),
    Field("pushdown", "jobOptions.usePushdownOptimization", "bool"),
)
FIELDS = (ID, *SETTINGS)
#: Set by the options above, not options themselves.
IS_FILE = Field("is_file", "isFile", "bool")
FREQUENCY = Field("schedule", "schedule", "dict", matches=contains)
PLANNED = (*SETTINGS, IS_FILE, FREQUENCY)

SPEC = Spec(
    options={
        **argument_options(FIELDS),
        "new_name": {"type": "str"},
        "deployment": {"type": "str"},
        "daily": DAILY_OPTION,
        "schedule": {"type": "dict"},
        "like": {"type": "str"},
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "extra_fields": {"type": "dict"},
    },
    required_one_of=[("name", "id")],
    mutually_exclusive=[
        ("deployment", "deployment_id", "file"),
        ("start_item", "file"),
        ("daily", "schedule", "like"),
    ],
)
INFO_SPEC = Spec(options={"name": {"type": "str"}, "id": {"type": "int"}})


def ensure(client: Client, params: dict[str, Any]) -> Outcome:
    """Bring one schedule to the given state; returns ``schedule``."""
    search = Search("schedule", params)
    if params["state"] == "absent":
        return _ensure_absent(client, search)
    task = _Task(client, search, params)
    resource = Resource(noun=search.title, show=task.show, read=task.read, write=task.write, plan=task.plan)
    outcome, current = converge(resource, check_mode=client.check_mode)
    outcome.warnings += task.warnings
    outcome.returned = {"schedule": task.show(current)}
    return outcome


def _ensure_absent(client: Client, search: Search) -> Outcome:
    if not search.exists_in(client.get_list(LIST_PATH)):
        return Outcome(changes=[], title=search.title, returned={"schedule": None})
    raise refuse_removal(search.title, "switch it off with active: false")


class _Task:
    """One schedule's wanted values, with the names of deployments and other schedules resolved."""

    def __init__(self, client: Client, search: Search, params: dict[str, Any]) -> None:
        self.warnings: list[str] = []
        self._client = client
        self._search = search
        self._extra = checked_extra(params.get("extra_fields"))
        self._wanted = wanted_values(SETTINGS, {**params, "name": search.final_name})
        self._frequency: Frequency | None = frequency_from(params)
        self._like: str | None = params.get("like")
        self._deployment: str | None = params.get("deployment")
        self._unborn = False
        if self._deployment is not None:
            self._resolve_deployment(self._deployment)
        if any(params.get(option) is not None for option in ("deployment", "deployment_id", "file")):
            self._wanted[IS_FILE.option] = params.get("file") is not None

    def _resolve_deployment(self, name: str) -> None:
        """Find the deployment's id. In check mode it may be the work of a task before, which did not really run."""
        found = id_of_deployment(self._client.get_list(DEPLOYMENTS_PATH), name)
        if found is None and not self._client.check_mode:
            raise bad_input(
                f"deployment: there is no deployment named {name!r} on the server",
                "Deploy it first with astera_deployment.",
            )
        self._wanted[DEPLOYMENT_ID.option] = found
        if found is None:
            self._unborn = True
            self.warnings.append(
                f"There is no deployment named {name!r} yet; unless an earlier task makes it, a real run fails here."
            )

    def read(self) -> dict[str, Any] | None:
        """The schedule by the list, and by itself where the list is incomplete or something is to change."""
        items = self._client.get_list(LIST_PATH)
        found = self._search.find(items)
        if self._like is not None and self._frequency is None:
            self._frequency = self._copied(items, self._like)
        if found is None or (_is_whole(found) and not self.plan(found)):
            return found
        return _single(self._client, found)

    def _copied(self, items: list[dict[str, Any]], name: str) -> Frequency:
        """The frequency of another schedule. In check mode that one may be the work of a task before."""
        source = Search("schedule", {"name": name}).find(items)
        if source is None and self._client.check_mode:
            self.warnings.append(
                f"There is no schedule named {name!r} yet; unless an earlier task makes it, a real run fails here."
            )
            return lambda current: {"like": name}
        if source is None:
            raise bad_input(f"like: there is no schedule named {name!r} on the server")
        schedule = get_member(_whole(self._client, source), FREQUENCY.api)
        if not isinstance(schedule, dict):
            raise AsteraError("server", f"like: the server does not show when the schedule {name!r} runs")
        return lambda current: copy.deepcopy(schedule)

    def plan(self, current: dict[str, Any] | None) -> Plan:
        wanted = dict(self._wanted)
        if self._frequency is not None:
            wanted[FREQUENCY.option] = self._frequency(_none_if_missing(get_member(current, FREQUENCY.api)))
        if current is None:
            _refuse_incomplete(wanted)
        plan = make_plan(PLANNED, current, wanted, self._extra)
        if self._unborn:
            plan.changes = [
                replace(change, path="deployment", after=self._deployment) if change.field is DEPLOYMENT_ID else change
                for change in plan.changes
            ]
        return plan

    def write(self, plan: Plan) -> None:
        put_member(plan.body, "id", 0 if plan.creates else update_id(plan.body, self._search.title))
        self._client.post(PATH, plan.body)

    def show(self, obj: dict[str, Any] | None) -> dict[str, Any] | None:
        if self._unborn and obj is not None and get_member(obj, DEPLOYMENT_ID.api) is None:
            return {**(show(obj, {}) or {}), "deployment": self._deployment}
        known = self._wanted.get(DEPLOYMENT_ID.option)
        return show(obj, {known: self._deployment} if self._deployment and isinstance(known, int) else {})


def _none_if_missing(value: Any) -> Any:
    return None if value is MISSING else value


def _is_whole(item: dict[str, Any]) -> bool:
    return get_member(item, FREQUENCY.api) is not MISSING and get_member(item, IS_FILE.api) is not MISSING


def _single(client: Client, item: dict[str, Any]) -> dict[str, Any]:
    title = f"the schedule {object_name(item)!r}"
    return client.get_object(f"{PATH}/{update_id(item, title)}")


def _whole(client: Client, item: dict[str, Any]) -> dict[str, Any]:
    return item if _is_whole(item) else _single(client, item)


def _refuse_incomplete(wanted: dict[str, Any]) -> None:
    if IS_FILE.option not in wanted:
        raise bad_input(
            "a new schedule needs something to run", "Give deployment (with start_item), deployment_id or file."
        )
    if FREQUENCY.option not in wanted:
        raise bad_input("a new schedule needs a frequency", "Give daily, schedule or like.")


def show(obj: dict[str, Any] | None, deployment_names: dict[Any, Any]) -> dict[str, Any] | None:
    """The server's object in the shape of the options; the id of a deployment whose name is known is left out."""
    shown = shown_object(FIELDS, obj)
    if shown is None:
        return None
    if IS_FILE.read(obj) is True:
        shown.update(deployment_id=None, deployment=None, start_item=None)
    else:
        found = shown["deployment_id"]
        name = deployment_names.get(found) if isinstance(found, int) else None
        shown.update(file=None, deployment=name, deployment_id=None if name else shown["deployment_id"])
    shown.update(shown_frequency(get_member(obj, FREQUENCY.api)))
    return shown


def info(client: Client, params: dict[str, Any]) -> Outcome:
    """List the schedules; returns ``schedules``. Deployments are called by their names."""
    items = [
        _whole(client, item) for item in selected(client.get_list(LIST_PATH), params.get("name"), params.get("id"))
    ]
    names = {}
    if any(IS_FILE.read(item) is not True for item in items):
        deployments = client.get_list(DEPLOYMENTS_PATH)
        names = {number: object_name(item) for item in deployments if isinstance(number := object_id(item), int)}
    return Outcome(returned={"schedules": [show(item, names) for item in items]})
