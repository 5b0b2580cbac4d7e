# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starting jobs, following them, ending them: ``POST /api/CommandLineProcessor``. Private: may change in any release.

The endpoint and its response were seen in a public sample. No operation is documented that ends a job.
"""

from __future__ import annotations

from typing import Any

from ..._engine.field import reject_control_characters
from ..._engine.plan import Change
from ..._engine.result import Result
from ..._errors import AsteraError, input_error
from ..._http.client import Client
from ..._http.openapi import TERMINATE, TRACE, Discovery
from ..._http.polling import Deadline
from ..._runner.argument_spec import OPENAPI_OPTION, Spec
from .follow import OPTIONS as FOLLOW_OPTIONS
from .follow import JobPoller
from .parameters import all_parameters
from .responses import extract_job_id, maybe_started
from .status import STATUS_OPTIONS, Job, Wait, checked_id, no_such_job, statuses_from

START_PATH = "/api/CommandLineProcessor"

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
SPEC = Spec(
    options={
        **ITEM_SPEC.options,
        "state": {"type": "str", "choices": ["started", "terminated"], "default": "started"},
        **FOLLOW_OPTIONS,
        **OPENAPI_OPTION,
    },
    required_one_of=ITEM_SPEC.required_one_of,
    mutually_exclusive=ITEM_SPEC.mutually_exclusive,
)


class Start:
    """What is to become a job, checked before anything is sent: a flow to start, or the id of a job that runs.

    ``options`` are those of ``SPEC``, by their names. ``begun``: it was started, or is one that ran already.
    """

    title = "the job"

    def __init__(self, options: dict[str, Any]) -> None:
        job_id = options["job_id"]
        self.follows_only = job_id is not None
        self.begun = False
        self.job = Job(
            None if job_id is None else checked_id(job_id),
            statuses_from(options),
            Wait(*(options[name] for name in FOLLOW_OPTIONS)),
            TERMINATE.named(options[TERMINATE.option]),
            TRACE.named(options[TRACE.option]),
            flow=options["path"],
        )
        self._body, self._secrets = ({}, []) if self.follows_only else _start_body(options)

    def carry_out(self, client: Client) -> None:
        """Start the job, unless it runs already, with exactly one request that may have been applied.

        Its id is shown at once: who interrupts the task a moment later needs it.
        """
        if not self.follows_only:
            # As the texts that they became.
            client.redactor.add(*self._secrets)
            self.job.id = _started_id(client, self._body)
            entry = f"{self.job.name}: " if self.job.name else ""
            client.announce("{}started job {}: {}", entry, self.job.id, self._body["FilePath"])
        self.begun = True

    def result(self, check_mode: bool) -> Result:
        """What was done, or would be, in the shape of ``astera_job``."""
        changes = []
        if not self.follows_only and (self.begun or check_mode):
            changes.append(Change("job.path", None, self._body["FilePath"]))
        if self.job.asked_to_end:
            changes.append(Change("state", "started", "terminated"))
        return Result(bool(changes), {"job": self.job.to_result()}, changes, title=self.title)


def _start_body(options: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The body that starts the job, and the texts in it that are secret."""
    path = (options["path"] or "").strip()
    if not path:
        raise input_error(
            "path must not be empty", "It is the path of a flow, such as a .df, .wf or .wfs, as the server sees it."
        )
    reject_control_characters(path, "path")
    parameters, secrets = all_parameters(options["parameters"] or {}, options["secret_parameters"] or {})
    return {"FilePath": path, **({"Parameters": parameters} if parameters else {})}, secrets


def _started_id(client: Client, body: dict[str, Any]) -> int:
    """Send the request that starts a job; returns the job's id."""
    try:
        job_id = extract_job_id(client.post(START_PATH, body))
        if job_id is None:
            message = "the server accepted the start request but returned no job id"
            lost = AsteraError("server", message, method="POST", path=START_PATH, status=200, attempts=1)
            raise lost.with_(may_have_been_applied=True)
    except AsteraError as error:
        if not error.may_have_been_applied:
            raise
        raise maybe_started(error) from None
    return job_id


def run(client: Client, params: dict[str, Any]) -> Result:
    """Start a job, follow one that runs, or end one; returns ``job``. A job that does not end well is an error."""
    discovery = Discovery(client, params["openapi_path"])
    start = Start(params)
    if params["state"] == "started":
        return _started(client, discovery, start)
    if not start.follows_only:
        raise input_error("state=terminated needs job_id", "It is in the result of the task that started the job.")
    return _terminated(client, discovery, start)


def _started(client: Client, discovery: Discovery, start: Start) -> Result:
    poller = JobPoller(client, discovery, [start.job])
    if start.follows_only or not client.check_mode:
        start.carry_out(client)
        if start.job.wait.enabled:
            poller.follow([start.job])
        elif start.follows_only:
            poller.poll_once([start.job])
    result = start.result(client.check_mode)
    result.error = start.job.error
    return result


def _terminated(client: Client, discovery: Discovery, start: Start) -> Result:
    """End a job that goes on. One that has ended, in whatever way, is as desired."""
    job = start.job
    deadline = Deadline(job.wait.timeout)
    # A job may not be known yet, and a new status may be a transient one.
    for _number in deadline.polls(job.wait.interval):
        job.poll(client, elapsed=deadline.elapsed)
        if job.goes_on or not job.is_open:
            break
    if not job.known:
        raise no_such_job(job)
    warnings = []
    if job.is_odd:
        warnings.append(
            f"Nobody knows the status {job.status!r} of job {job.id}; it was taken for an end. "
            "If it means that the job goes on, name it in running_statuses."
        )
    if not job.finished:
        discovery.operation(TERMINATE, job.terminate_operation)  # fails if there is none
        if client.check_mode:
            job.asked_to_end = True
        else:
            JobPoller(client, discovery).end([job], job.wait)
            if job.succeeded:
                warnings.append(f"Job {job.id} ended as {job.status} before it could be terminated.")
    result = start.result(client.check_mode)
    result.warnings, result.error = warnings, job.error
    return result
