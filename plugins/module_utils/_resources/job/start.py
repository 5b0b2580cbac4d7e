# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starting jobs, following them, ending them: ``POST /api/CommandLineProcessor``. Private: may change in any release.

The endpoint and its response were seen in a public sample. No operation is documented that ends a job.
"""

from __future__ import annotations

from dataclasses import dataclass
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
from .terminate import TERMINATION, JobTerminator

START_PATH = "/api/CommandLineProcessor"

#: What is given for one job, alone or in a list.
ITEM_SPEC = Spec(
    options={
        "path": {"type": "str"},
        "parameters": {"type": "dict"},
        "secret_parameters": {"type": "dict", "no_log": True},
        "list_separator": {"type": "str", "default": ","},
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


@dataclass(frozen=True)
class JobRequest:
    """The options of ``ITEM_SPEC``, by their names."""

    path: str | None
    parameters: dict[str, Any] | None
    secret_parameters: dict[str, Any] | None
    list_separator: str
    job_id: int | None
    success_statuses: list[str] | None
    failure_statuses: list[str] | None
    running_statuses: list[str] | None
    terminate_operation: str | None
    trace_operation: str | None


class Start:
    """What is to become a job, checked before anything is sent: a flow to start, or the id of a job that runs."""

    def __init__(self, request: JobRequest, wait: Wait) -> None:
        statuses = statuses_from((request.success_statuses, request.failure_statuses, request.running_statuses))
        self.follows_only = request.job_id is not None
        self.job = Job(None if request.job_id is None else checked_id(request.job_id), statuses, wait)
        self.job.terminate_operation = TERMINATE.named(request.terminate_operation)
        self.job.trace_operation = TRACE.named(request.trace_operation)
        self.job.flow = request.path
        self._body, self._secrets = ({}, []) if self.follows_only else _start_body(request)

    @property
    def change(self) -> Change | None:
        """What starting it changes."""
        return None if self.follows_only else Change("job.path", None, self._body["FilePath"])

    def carry_out(self, client: Client) -> None:
        """Start the job, unless it runs already, with exactly one request that may have been applied."""
        if self.follows_only:
            return
        # As the texts that they became.
        client.hidden.add(*self._secrets)
        try:
            job_id = extract_job_id(client.post(START_PATH, self._body))
        except AsteraError as error:
            raise maybe_started(error) if error.may_have_been_applied else error from None
        if job_id is None:
            raise maybe_started(
                AsteraError(
                    "server",
                    "the server accepted the start request but returned no job id",
                    method="POST",
                    path=START_PATH,
                    status=200,
                    attempts=1,
                    may_have_been_applied=True,
                )
            )
        self.job.id = job_id

    def announce(self, client: Client) -> None:
        """Show the id of a job just started: who interrupts the task a moment later needs it."""
        if not self.follows_only:
            entry = f"{self.job.name}: " if self.job.name else ""
            client.announce("{}started job {}: {}", entry, self.job.id, self._body["FilePath"])


def _start_body(request: JobRequest) -> tuple[dict[str, Any], list[str]]:
    """The body that starts the job, and the texts in it that are secret."""
    path = (request.path or "").strip()
    if not path:
        raise input_error(
            "path must not be empty", "It is the path of a flow, such as a .df, .wf or .wfs, as the server sees it."
        )
    reject_control_characters(path, "path")
    if not request.list_separator:
        raise input_error("list_separator must not be empty")
    parameters, secrets = all_parameters(
        request.parameters or {}, request.secret_parameters or {}, request.list_separator
    )
    body: dict[str, Any] = {"FilePath": path}
    if parameters:
        body["Parameters"] = parameters
    return body, secrets


def run(client: Client, params: dict[str, Any]) -> Result:
    """Start a job, follow one that runs, or end one; returns ``job``. A job that does not end well is an error."""
    discovery = Discovery(client, params["openapi_path"])
    request = JobRequest(**{name: params[name] for name in ITEM_SPEC.options})
    start = Start(request, Wait(*(params[name] for name in FOLLOW_OPTIONS)))
    if params["state"] == "started":
        return _started(client, discovery, start)
    if not start.follows_only:
        raise input_error("state=terminated needs job_id", "It is in the result of the task that started the job.")
    return _terminated(client, discovery, start.job)


def _started(client: Client, discovery: Discovery, start: Start) -> Result:
    job = start.job
    poller = JobPoller(client, discovery, [job])
    changes = [start.change] if start.change else []
    if changes and client.check_mode:
        return result_of(job, changes)
    start.carry_out(client)
    if job.wait.enabled:
        start.announce(client)
        poller.follow([job])
    elif start.follows_only:
        job.poll(client)
    if job.asked_to_end:
        changes.append(TERMINATION)
    result = result_of(job, changes)
    result.error = job.error
    return result


def _terminated(client: Client, discovery: Discovery, job: Job) -> Result:
    """End a job that goes on. One that has ended, in whatever way, is as desired."""
    _poll_until_clear(client, job)
    if not job.known:
        raise no_such_job("not_found", job)
    if job.finished:
        result = result_of(job, [])
        if job.is_odd:
            result.warnings.append(
                f"Nobody knows the status {job.status!r} of job {job.id}; it was taken for an end. "
                "If it means that the job goes on, name it in running_statuses."
            )
        return result
    discovery.operation(TERMINATE, job.terminate_operation)  # fails if there is none
    if client.check_mode:
        return result_of(job, [TERMINATION])
    termination = JobTerminator(client, discovery, job.wait)
    termination.carry_out([job])
    result = result_of(job, [TERMINATION] if job.asked_to_end and not job.succeeded else [])
    result.error = termination.problems.get(job.id)
    if job.succeeded:
        result.warnings.append(f"Job {job.id} ended as {job.status} before it could be terminated.")
    return result


def _poll_until_clear(client: Client, job: Job) -> None:
    """Poll a job; again while it is not known yet, or shows a new status, which may be a transient one."""
    deadline = Deadline(job.wait.timeout)
    for _number in deadline.polls(job.wait.interval):
        job.poll(client, elapsed=deadline.elapsed)
        if job.goes_on or job.succeeded or job.failed:
            return


def result_of(job: Job, changes: list[Change]) -> Result:
    """The result of one job, with what was done to it."""
    return Result(changed=bool(changes), returned={"job": job.to_result()}, changes=changes, title="the job")
