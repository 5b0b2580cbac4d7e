# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Starting jobs, following them, ending them: ``POST /api/CommandLineProcessor``. Private: may change in any release.

The start call and its answer were seen in a public sample. No call is documented that ends a job.
"""

from __future__ import annotations

from typing import Any

from ..._engine.field import has_control_characters
from ..._engine.plan import Change
from ..._engine.result import Outcome
from ..._errors import AsteraError, input_error
from ..._http.client import Client
from ..._http.openapi import TERMINATE, Discovery
from ..._http.polling import Deadline
from ..._runner.argument_spec import OPENAPI_OPTION, Spec
from .follow import OPTIONS as FOLLOW_OPTIONS
from .follow import JobPoller
from .parameters import all_parameters
from .responses import extract_job_id, maybe_started
from .status import STATUS_OPTIONS, Following, Job, Words, checked_id, job_error, no_such_job, words_from
from .terminate import TERMINATION, JobTerminator

START_PATH = "/api/CommandLineProcessor"
_ESCAPES = (
    "A backslash was read as an escape: write the path without quotes or in single quotes in YAML, "
    "and as JSON in extra variables of the command line."
)

#: What is said of one job, alone or in a list.
ITEM_SPEC = Spec(
    options={
        "path": {"type": "str"},
        "parameters": {"type": "dict"},
        "secret_parameters": {"type": "dict", "no_log": True},
        "list_separator": {"type": "str", "default": ","},
        "job_id": {"type": "int"},
        **STATUS_OPTIONS,
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
    """What is to become a job, checked before anything is sent: a flow to start, or the id of a job that runs."""

    def __init__(self, params: dict[str, Any], following: Following) -> None:
        ITEM_SPEC.check(params)
        words: Words = words_from(params)
        given: int | None = params.get("job_id")
        self.job = Job(None if given is None else checked_id(given), words, following)
        self.follows_only = given is not None
        self._body, self._secrets = ({}, []) if self.follows_only else _start_body(params)

    @property
    def change(self) -> Change | None:
        """What starting it changes."""
        return None if self.follows_only else Change("job", None, {"path": self._body["FilePath"]}, "add")

    def carry_out(self, client: Client) -> None:
        """Start the job, unless it runs already, with exactly one request that may have arrived."""
        if self.follows_only:
            return
        # As the texts that they became.
        client.hidden.add(*self._secrets)
        try:
            job_id = extract_job_id(client.post(START_PATH, self._body))
        except AsteraError as error:
            raise maybe_started(error) if error.may_have_been_applied else error from None
        if job_id is None:
            problem = "the server took the start call but named no job id"
            raise maybe_started(
                AsteraError(
                    "server",
                    problem,
                    method="POST",
                    path=START_PATH,
                    status=200,
                    attempts=1,
                    may_have_been_applied=True,
                )
            )
        self.job.id = job_id

    def announce(self, client: Client) -> None:
        """Tell the id of a job just started: who interrupts the task a moment later needs it."""
        if not self.follows_only:
            client.announce("started job {}: {}", self.job.id, self._body["FilePath"])


def _start_body(params: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The body of the start call, and the texts in it that are secret."""
    path = (params["path"] or "").strip()
    if not path:
        raise input_error(
            "path must not be empty", "It is the path of a flow, such as a .df, .wf or .wfs, as the server sees it."
        )
    if has_control_characters(path):
        raise input_error(f"path must not contain control characters: {path!r}", _ESCAPES)
    body: dict[str, Any] = {"FilePath": path}
    if not params["list_separator"]:
        raise input_error("list_separator must not be empty")
    parameters, secrets = all_parameters(params)
    if parameters:
        body["Parameters"] = parameters
    return body, secrets


def run(client: Client, params: dict[str, Any]) -> Outcome:
    """Start a job, follow one that runs, or end one; returns ``job``. A job that does not end well is an error."""
    discovery = Discovery(client, params["openapi_path"])
    start = Start(params, Following.from_params(params))
    if params["state"] == "terminated":
        return _ended(client, discovery, start, params)
    follower = JobPoller(client, discovery, [start.job])
    changes = [start.change] if start.change else []
    if changes and client.check_mode:
        return _outcome(start.job, changes)
    start.carry_out(client)
    if start.job.following.wait:
        start.announce(client)
        follower.follow([start.job])
    elif start.follows_only:
        start.job.look(client)
    if start.job.id in follower.told_to_end:
        changes.append(TERMINATION)
    outcome = _outcome(start.job, changes)
    outcome.error = follower.errors.get(start.job.id)
    return outcome


def _outcome(job: Job, changes: list[Change]) -> Outcome:
    outcome = Outcome(changed=bool(changes), returned={"job": job.to_result()}, changes=changes, title="the job")
    outcome.before = {change.path: change.before for change in changes if change.before is not None}
    outcome.after = {change.path: change.after for change in changes}
    return outcome


def _ended(client: Client, discovery: Discovery, start: Start, params: dict[str, Any]) -> Outcome:
    """End a job that goes on. One that has ended, in whatever way, is as wanted."""
    job = start.job
    if not start.follows_only:
        raise input_error("state=terminated needs job_id", "It is in the result of the task that started the job.")
    _look_until_clear(client, job, params)
    if not job.known:
        raise job_error("not_found", job, *no_such_job(job))
    if job.finished:
        outcome = _outcome(job, [])
        if job.is_odd:
            outcome.warnings.append(
                f"Nobody knows the status {job.status!r} of job {job.id}; it was taken for an end. "
                "If it means that the job goes on, name it in running_statuses."
            )
        return outcome
    operation = discovery.operation(TERMINATE)
    if client.check_mode:
        return _outcome(job, [TERMINATION])
    termination = JobTerminator(client, operation, params["wait_interval"], params["wait_timeout"])
    termination.carry_out([job], wait=params["wait"])
    outcome = _outcome(job, [] if job.succeeded or not termination.told else [TERMINATION])
    outcome.error = termination.problems.get(job.id)
    if job.succeeded:
        outcome.warnings.append(f"Job {job.id} ended as {job.status} before it could be terminated.")
    return outcome


def _look_until_clear(client: Client, job: Job, params: dict[str, Any]) -> None:
    """Look at a job; again at one that is not known yet, or that shows a new word, which may be a passing one."""
    deadline = Deadline(params["wait_timeout"])
    for _number in deadline.looks(params["wait_interval"]):
        job.look(client, elapsed=deadline.elapsed)
        if job.word in job.words.running or job.succeeded or job.failed:
            return
