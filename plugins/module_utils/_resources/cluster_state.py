# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Bringing the cluster settings to a state. Private: may change in any release."""

from __future__ import annotations

from typing import Any

from .._arguments import Spec
from .._client import Client
from .._extra import OPTIONS, Extra
from .._field import argument_options, checked_name, searched_name, wanted_values
from .._members import put_member
from .._outcome import Outcome
from .._plan import Plan
from .._resource import Resource, converge, planner
from .cluster import FIELDS, ID, PATH, show

SPEC = Spec(options={**argument_options(FIELDS), **OPTIONS})

#: Null switches a pause off again; a playbook says so with the empty text.
_NULLABLE = ("pause_servers_from", "pause_servers_to")


def ensure(client: Client, params: dict[str, Any]) -> Outcome:
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
