# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan of a whole server: what each section would change, before anything is written. Private.

The variables of all sections are checked first. Then the server is read once, and each section is planned as it will
be when those before it are carried out. Nothing is ever written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from .._data.paths import get_field
from .._engine.bulk import ACTIVE
from .._engine.field import text
from .._engine.lookup import ListCache, object_id, object_name
from .._engine.result import Result
from .._errors import AsteraError
from .._http.client import Client
from .._http.polling import check_wait
from .._resources import server_config
from .._resources.deployment.read import deployments_of
from .._resources.job.bulk import chosen_labels, labels_of
from .._resources.schedule import read as schedule
from .._resources.schedule.ensure import DeploymentNames, schedules_of
from .._resources.server_info import info_of, wait_until_ready
from .._runner.argument_spec import Spec
from .sections import SECTIONS, Section
from .validate import VARIABLES, combined_error, validated_sections

SPEC = Spec(
    options={
        "configuration": {"type": "dict", "required": True},
        "wait": {"type": "bool", "default": False},
        "wait_timeout": {"type": "float", "default": 300.0},
        "wait_interval": {"type": "float", "default": 2.0},
        "report": {"type": "bool", "default": False},
    },
    details={"configuration": {"type": "dict", "options": VARIABLES}},
)

#: Names with which a server calls its own machine.
_LOCAL = ("localhost", "127.0.0.1", "::1", ".", "(local)", "(localdb)")

#: Options whose change may connect the server to other data, so that the sections after it will see other objects.
_MOVES = ("server_profile", "repository")


def run(client: Client, params: dict[str, Any]) -> Result:
    """Plan every section that is given; returns ``plan``, ``in_sync``, ``sections`` and ``unlisted``."""
    check_wait(params["wait_timeout"], params["wait_interval"])
    values, given = validated_sections(client, params["configuration"])
    seconds = values.get("astera_ready_timeout") or (params["wait_timeout"] if params["wait"] else 0)
    if seconds:
        wait_until_ready(client, seconds, params["wait_interval"])
    planner = _Planner(client, values, given)
    planner.plan_all()
    if planner.mistakes and not params["report"]:
        raise combined_error(planner.mistakes)
    returned = planner.returned()
    if params["report"]:
        returned.update(planner.report())
    return Result(parts=planner.parts, returned=returned, warnings=list(dict.fromkeys(planner.warnings)))


class _Planner:
    """Plans one server; ``entries`` are what is to be done, in the order of a bootstrap."""

    def __init__(self, client: Client, values: dict[str, Any], given: dict[Section, dict[str, Any]]) -> None:
        self.client = client
        self.values = values
        self.given = given
        self.entries: list[dict[str, Any]] = []
        self.parts: list[Result] = []
        self.warnings: list[str] = []
        self.mistakes: list[tuple[str, AsteraError]] = []
        self._unlisted: dict[str, Any] = {}
        self._license: dict[str, Any] | None = None
        self._not_read: list[dict[str, Any]] = []
        #: Sections that cannot be planned before the properties of the server are set.
        self._not_planned: list[str] = []
        self._deployments = deployments_of(client)
        self._schedules = schedules_of(client)

    def plan_all(self) -> None:
        """Plan the sections in order, and collect what goes wrong. Raises AsteraError for what concerns the server."""
        for section, options in self.given.items():
            if self._not_planned or section.name == "jobs":
                continue
            try:
                self._plan(section, options)
            except AsteraError as error:
                if error.is_server_wide:
                    raise
                self.mistakes.append((section.variable, error))
        if not self.given:
            self.warnings.append(
                "No section of this server has a variable, so nothing was compared. If the inventory has them, check "
                "the names of its groups and of the files in group_vars."
            )

    def _plan(self, section: Section, options: dict[str, Any]) -> None:
        if section.name == "deployments":
            self._plan_list(section, options, self._deployments)
        elif section.name == "schedules":
            names = DeploymentNames(self.client, self._deployments, self._planned_names())
            self._plan_list(section, options, self._schedules, names)
        elif options.get("authenticate") is False:
            # A server that may have no accounts yet: then nothing else can be read.
            client = Client(self.client.connection, check_mode=True, authenticate=False, redactor=self.client.redactor)
            with closing(client):
                self._plan_object(section, section.function(client, options))
            if self.entries:
                self._not_planned = [later.name for later in self.given if later is not section]
        else:
            self._plan_object(section, section.function(self.client, options))

    def _plan_object(self, section: Section, result: Result) -> None:
        self.warnings += result.warnings
        if result.error is not None:
            raise result.error
        if section.name == "license":
            self._license = {"marker": bool(result.returned.get("marker_exists")), **result.returned["license"]}
        self._note(section, None, result, result.action)
        moves = [one.path for one in result.changes or [] if one.path.startswith(_MOVES)]
        if section.name == "server_config" and moves:
            self.warnings.append(
                f"{moves[0]} is to be changed. All else is planned against what the server shows now; "
                "the bootstrap plans again after the change."
            )

    def _plan_list(self, section: Section, options: dict[str, Any], cache: ListCache, *names: DeploymentNames) -> None:
        """Plan a list. ``cache`` is afterwards as the server will show it."""
        shown = cache.load()
        result = section.function(self.client, {**options, "continue_on_error": True}, cache, *names)
        self.warnings += result.warnings
        entries = result.returned["results"]
        for number, (entry, part) in enumerate(zip(entries, result.parts or []), 1):
            is_listed = entry.get("listed", True)
            if part.error:
                place = f"[{number}]" if is_listed else f": {entry['name']}"
                self.mistakes.append((f"{section.variable}{place}", part.error))
            else:
                self._note(section, entry["name"], part, part.action if is_listed else "deactivate")
        listed = {entry["id"] for entry in entries if entry.get("listed", True)}
        self._unlisted[section.name] = [_in_short(item) for item in shown if object_id(item) not in listed]

    def _planned_names(self) -> frozenset[str]:
        """The names that the listed deployments will have."""
        entries = self.values.get("astera_deployments") or []
        present = [entry for entry in entries if entry["state"] == "present"]
        return frozenset(text(entry.get("new_name") or entry.get("name")) for entry in present)

    def _note(self, section: Section, name: str | None, result: Result, action: str | None) -> None:
        """Add what is to be done to one object, if there is something."""
        if result.changed:
            self.parts.append(result)
            changes, time = result.changed_values(), result.changed_on_server
            entry = {"section": section.name, "name": name, "action": action}
            self.entries.append({**entry, "changes": changes, "changed_on_server": time})

    def returned(self) -> dict[str, Any]:
        """What is to be done, and the jobs that a bootstrap would start."""
        when = self.values["astera_jobs_run"]
        if when == "on_deploy" and self.values.get("astera_jobs_only"):
            # Who names jobs wants them to run.
            when = "always"
        left = self._plan_jobs(when)
        sections = list(dict.fromkeys(entry["section"] for entry in self.entries))
        compared = [section.name for section in self.given if section.name not in ("jobs", *self._not_planned)]
        return {
            "plan": self.entries,
            "in_sync": set(sections) <= {"jobs"},
            "sections": sections,
            "repository": self._repository() if sections else None,
            "jobs_run": when,
            "compared": compared,
            "not_planned": self._not_planned,
            "unlisted": self._unlisted,
            "summary": self._summary(compared, left),
        }

    def _plan_jobs(self, when: str) -> str:
        """Add the jobs that a bootstrap would start; returns a sentence about those that it would not start."""
        names = chosen_labels(labels_of(self.values.get("astera_jobs") or []), self.values.get("astera_jobs_only"))
        deployed = any(entry["section"] in ("deployments", "schedules") for entry in self.entries)
        if when == "always" or (when == "on_deploy" and deployed):
            entry: dict[str, Any] = {"section": "jobs", "action": "start", "changes": [], "changed_on_server": None}
            self.entries += [{**entry, "name": name} for name in names]
            return ""
        why = "astera_jobs_run is never" if when == "never" else "this run deploys nothing new"
        return f"Jobs not run: {len(names)}, as {why} (-e astera_jobs_run=always runs them)." if names else ""

    def report(self) -> dict[str, Any]:
        """What a report shows besides the plan. What cannot be read is null, with the reason in ``not_read``."""
        server = self._observe("server", partial(info_of, self.client))
        deployments = self._observe("deployments", self._deployments.load)
        schedules = self._observe("schedules", self._shown_schedules)
        for name, items in (("deployments", deployments), ("schedules", schedules)):
            self._unlisted.setdefault(name, None if items is None else list(map(_in_short, items)))
        problems = [_problem(place.partition("_")[2], error) for place, error in self.mistakes]
        observed = {"server": server, "schedules": schedules}
        return {"observed": observed, "problems": problems, "not_read": self._not_read, "license": self._license}

    def _observe(self, name: str, read: Callable[[], Any]) -> Any:
        try:
            return read()
        except AsteraError as error:
            self._not_read.append(_problem(name, error))
            return None

    def _shown_schedules(self) -> list[dict[str, Any] | None]:
        items = self._schedules.load()
        names = {object_id(item): object_name(item) for item in self._deployments.load()}
        return [schedule.show(schedule.whole(self.client, item), names) for item in items]

    def _repository(self) -> str | None:
        """The repository that the server uses now, so that hosts of one cluster can take turns; None if it hides it."""
        try:
            shown = server_config.show(self.client.get_object(server_config.PATH)) or {}
        except AsteraError:
            return None
        host, database = (str(shown["repository"][name] or "").casefold() for name in ("server", "database"))
        if not host or not database:
            return None
        # The same local name on another machine is another database.
        where = urlsplit(self.client.server_url).hostname if host.partition("\\")[0] in _LOCAL else ""
        return f"{where}/{host}/{database}"

    def _summary(self, compared: list[str], jobs_left: str) -> str:
        """One line: what was compared, what is to be done, what was left out."""
        actions = Counter((entry["section"], entry["action"]) for entry in self.entries)
        to_do = ", ".join(f"{section} ({action} {count})" for (section, action), count in actions.items())
        parts = [f"Compared {', '.join(compared) or 'nothing'}.", f"Changes: {to_do or 'none'}.", jobs_left]
        if self._not_planned:
            parts.append(f"Not planned before the properties are set: {', '.join(self._not_planned)}.")
        left_out = [section.name for section in SECTIONS if section not in self.given and section.name != "jobs"]
        if left_out:
            parts.append(f"Without variables: {', '.join(left_out)}.")
        return " ".join(filter(None, parts))


def _in_short(item: Any) -> dict[str, Any]:
    """An object of the server, or one in the shape of the options, in three words."""
    return {"id": get_field(item, "id") or None, "name": get_field(item, "name") or None, "active": ACTIVE.read(item)}


def _problem(place: str, error: AsteraError) -> dict[str, Any]:
    return {"place": place, "kind": error.kind, "message": str(error)}
