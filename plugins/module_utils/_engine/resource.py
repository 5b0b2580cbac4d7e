# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What brings one object of the server to its desired state. Private: may change in any release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Callable

from .extra_fields import Extra
from .field import Field
from .plan import Plan, make_plan

#: Makes the plan for the object as it is now; None for one that is to be created.
Planner = Callable[["dict[str, Any] | None"], Plan]


@dataclass
class Resource:
    """One object of the server. ``write`` sends a plan's body; ``read_back`` looks afterwards (default: ``read``).

    ``show`` gives an object the shape of the module's options, without secrets. ``prepare`` does what takes long and
    must come before the write. ``forget`` drops what ``read`` keeps from earlier looks, and ``is_outdated`` says
    whether that is to be done before a write that the server does not guard; both where ``read`` keeps anything.
    """

    noun: str
    show: Callable[[dict[str, Any] | None], dict[str, Any] | None]
    read: Callable[[], dict[str, Any] | None]
    write: Callable[[Plan], Any]
    plan: Planner
    read_back: Callable[[], dict[str, Any] | None] | None = None
    prepare: Callable[[Plan], None] | None = None
    forget: Callable[[], None] | None = None
    is_outdated: Callable[[Plan], bool] | None = None
    #: Whether the server refuses to create a second object of the same name.
    guards_names: bool = False

    def look_again(self) -> dict[str, Any] | None:
        return (self.read_back or self.read)()


def planner(fields: Sequence[Field], wanted: dict[str, Any], extra: Extra | None) -> Planner:
    """The usual planner, for wanted values that do not depend on what the server has."""
    return lambda current: make_plan(fields, current, wanted, extra)
