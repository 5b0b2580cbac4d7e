# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One job: to be started, followed or ended. Private: may change in any release."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..._engine.field import reject_control_characters
from ..._engine.plan import Change
from ..._engine.result import Result
from ..._errors import input_error
from ..._http.client import Client
from ..._http.openapi import TERMINATE, TRACE, Discovery
from ..._runner.argument_spec import OPENAPI_OPTION, Spec
from .follow import JobRunner
from .parameters import all_parameters
from .status import STATUS_OPTIONS, WAIT_OPTIONS, Job, Start, Wait, checked_id, statuses_from

#: What is given for one job, alone or in a list.
ITEM_SPEC = Spec(
    options={
        "path": {"type": "str"},
        "parameters": {"type": "dict"},
        "secret_parameters": {"type": "dict", "no_log": True},
        "job_id": {"type": "int"},
        **STATUS_OPTIONS,
        TERMINATE.option: {"type": "str"},
        TRACE.option: {"type": "str"},
    },
    required_one_of=[("path", "job_id")],
    mutually_exclusive=[("path", "job_id"), ("parameters", "job_id"), ("secret_parameters", "job_id")],
)
_STATE = {"type": "str", "choices": ["started", "terminated"], "default": "started"}
SPEC = replace(ITEM_SPEC, options={**ITEM_SPEC.options, "state": _STATE, **WAIT_OPTIONS, **OPENAPI_OPTION})


def job_from(options: dict[str, Any], label: str = "") -> Job:
    """The job that the options of ``ITEM_SPEC`` and ``WAIT_OPTIONS`` ask for, checked before anything is sent."""
    job_id = options["job_id"]
    return Job(
        0 if job_id is None else checked_id(job_id),
        statuses_from(options),
        Wait(*(options[name] for name in WAIT_OPTIONS)),
        _start_from(options) if job_id is None else None,
        TERMINATE.named(options[TERMINATE.option]),
        TRACE.named(options[TRACE.option]),
        label,
    )


def _start_from(options: dict[str, Any]) -> Start:
    path = (options["path"] or "").strip()
    if not path:
        hint = "It is the path of a flow, such as a .df, .wf or .wfs, as the server sees it."
        raise input_error("path must not be empty", hint)
    reject_control_characters(path, "path")
    return Start(path, *all_parameters(options["parameters"] or {}, options["secret_parameters"] or {}))


def result_of(job: Job, check_mode: bool) -> Result:
    """What was done, or would be, in the shape of ``astera_job``."""
    changes = []
    if job.start and (job.id or check_mode):
        changes.append(Change("job.path", None, job.start.path))
    # One that completed just then was not ended by that.
    if job.asked_to_end and not job.succeeded:
        changes.append(Change("state", "started", "terminated"))
    title = f"the job {job.label}" if job.label else "the job"
    return Result(bool(changes), {"job": job.to_result()}, changes, title=title, error=job.error)


def run(client: Client, params: dict[str, Any]) -> Result:
    """Start a job, follow one that runs, or end one; returns ``job``. A job that does not end well is an error."""
    job = job_from(params)
    if params["state"] == "terminated" and job.start:
        raise input_error("state=terminated needs job_id", "It is in the result of the task that started the job.")
    runner = JobRunner(client, Discovery(client, params["openapi_path"]), [job])
    if params["state"] == "terminated":
        runner.end(job)
    else:
        runner.run([job])
    result = result_of(job, client.check_mode)
    if params["state"] == "terminated" and not (job.is_over or job.asked_to_end or job.error):
        result.warnings.append(
            f"Nobody knows the status {job.status!r} of job {job.id}; it was taken for an end. "
            "If it means that the job goes on, name it in running_statuses."
        )
    return result
