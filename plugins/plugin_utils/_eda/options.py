# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The options of the event source. Private: may change in any release."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.astera.data_stack.plugins.module_utils._errors import input_error
from ansible_collections.astera.data_stack.plugins.module_utils._http.connection import Connection, connection_from
from ansible_collections.astera.data_stack.plugins.module_utils._http.polling import MAX_INTERVAL
from ansible_collections.astera.data_stack.plugins.module_utils._redaction.options import secret_texts
from ansible_collections.astera.data_stack.plugins.module_utils._resources.job.status import (
    STATUS_OPTIONS,
    Statuses,
    checked_id,
    statuses_from,
)
from ansible_collections.astera.data_stack.plugins.module_utils._runner.argument_spec import Spec, full_options
from ansible_collections.astera.data_stack.plugins.module_utils._runner.module import filled_env
from ansible_collections.astera.data_stack.plugins.module_utils._runner.settings import prepared_options
from ansible_collections.astera.data_stack.plugins.plugin_utils._eda.snapshot import KINDS

#: Seconds. A shorter interval only adds load to the server.
MIN_INTERVAL = 1.0

SPEC = Spec(
    options={
        "interval": {"type": "float", "default": 30.0},
        "watch": {"type": "list", "elements": "str", "choices": list(KINDS), "default": list(KINDS)},
        "host": {"type": "str"},
        "down_after": {"type": "int", "default": 3},
        "job_ids": {"type": "list", "elements": "int", "default": []},
        "jobs_after": {"type": "int"},
        **STATUS_OPTIONS,
        "state_file": {"type": "path"},
        "feedback": {"type": "bool", "default": False},
        "feedback_timeout": {"type": "float", "default": 120.0},
    }
)
#: Defaults that differ from those of the modules: the next poll is the retry.
DEFAULTS = {"request_timeout": 10.0, "retries": 0}


def argument_options() -> dict[str, dict[str, Any]]:
    """The argument spec of the source: the connection as in the modules, and what is watched."""
    options = full_options(SPEC, filled_env)
    for name, default in DEFAULTS.items():
        options[name]["default"] = default
    return options


@dataclass(frozen=True, repr=False, eq=False)
class Options:
    """The checked options. Times are in seconds; ``secrets`` are texts that no event may show."""

    connection: Connection
    secrets: list[str]
    interval: float
    watch: list[str]
    host: str | None
    down_after: int
    job_ids: list[int]
    jobs_after: int | None
    statuses: Statuses
    state_file: str | None
    feedback: bool
    feedback_timeout: float


def options_from(given: dict[str, Any]) -> Options:
    """Check options as the modules do. AsteraError of kind ``input`` for those that can never work."""
    prepared = prepared_options(SPEC.detailed, given)
    validation = ArgumentSpecValidator(argument_options()).validate(prepared)
    if validation.error_messages:
        raise input_error("; ".join(validation.error_messages))
    params = validation.validated_parameters
    SPEC.check(params)
    if not MIN_INTERVAL <= params["interval"] <= MAX_INTERVAL:
        raise input_error(f"interval must be {MIN_INTERVAL:g} to {MAX_INTERVAL:.0f} seconds")
    if params["down_after"] < 1:
        raise input_error("down_after must be 1 or more")
    if not params["feedback_timeout"] > 0:
        raise input_error("feedback_timeout must be more than 0 seconds")
    if (params["jobs_after"] or 0) < 0:
        raise input_error("jobs_after must be 0 or more")
    return Options(
        connection=connection_from(params),
        secrets=list(secret_texts(SPEC.detailed, params)),
        interval=params["interval"],
        watch=[name for name in KINDS if name in params["watch"]],
        host=params["host"] or None,
        down_after=params["down_after"],
        job_ids=[checked_id(number) for number in params["job_ids"]],
        jobs_after=params["jobs_after"],
        statuses=statuses_from(params),
        state_file=params["state_file"],
        feedback=params["feedback"],
        feedback_timeout=params["feedback_timeout"],
    )
