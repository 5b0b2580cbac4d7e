# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sections of a server: which module takes which variables of the roles. Private: may change in any release."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .._engine.result import Result
from .._resources import cluster, server_config
from .._resources.deployment import ensure as deployment_state
from .._resources.job import bulk as job_list
from .._resources.license import license
from .._resources.schedule import ensure as schedule_state
from .._runner.argument_spec import Spec


@dataclass(frozen=True, repr=False, eq=False)
class Section:
    """One section. ``variable`` is that of the role, ``further`` are others, each with the option it stands for.

    ``option`` is the name of the option that takes a list. Without it the variable holds all options, and ``further``
    give those that it leaves out.
    """

    variable: str
    spec: Spec
    function: Callable[..., Result]
    option: str = ""
    further: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The section's name, as in ``sections`` of the modules."""
        return self.variable.partition("_")[2]

    @property
    def variables(self) -> dict[str, dict[str, Any]]:
        """An argument spec for the variables."""
        options = self.spec.options
        own = {**options[self.option], "required": False} if self.option else {"type": "dict", "options": options}
        return {self.variable: own, **{name: options[option] for name, option in self.further.items()}}

    def params(self, values: dict[str, Any]) -> dict[str, Any] | None:
        """The parameters of the module, from validated variables; None for a section that is not given."""
        value = values.get(self.variable)
        if value is None:
            return None
        given = {option: values.get(name) for name, option in self.further.items()}
        if not self.option:
            return {**given, **{name: item for name, item in value.items() if item is not None or name not in given}}
        defaults = {name: option.get("default") for name, option in self.spec.options.items()}
        return {**defaults, **given, self.option: value}


_LIST_OPTIONS = ("unlisted", "continue_on_error", "openapi_path")
_JOB_OPTIONS = ("only", "together", "wait", "wait_timeout", "wait_interval", "on_timeout", "openapi_path")
#: Options with one variable for all lists.
_SHARED = ("continue_on_error", "openapi_path")


def _of_list(noun: str, spec: Spec, function: Callable[..., Result], options: Iterable[str]) -> Section:
    further = {f"astera_{option}" if option in _SHARED else f"astera_{noun}_{option}": option for option in options}
    return Section(f"astera_{noun}", spec, function, noun, further)


#: In the order in which a bootstrap goes through them.
SECTIONS = (
    Section("astera_server_config", server_config.SPEC, server_config.run),
    Section("astera_cluster", cluster.SPEC, cluster.run),
    Section("astera_license", license.SPEC, license.run, further={"astera_license_marker": "marker"}),
    _of_list("deployments", deployment_state.BULK_SPEC, deployment_state.run_bulk, _LIST_OPTIONS),
    _of_list("schedules", schedule_state.BULK_SPEC, schedule_state.run_bulk, _LIST_OPTIONS),
    _of_list("jobs", job_list.BULK_SPEC, job_list.run_bulk, _JOB_OPTIONS),
)
