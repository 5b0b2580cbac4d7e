# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Jobs: ``POST /api/CommandLineProcessor``, ``GET /api/Job/{id}/Status``. Private: may change in any release.

The start call and its answer were seen in a public sample. Seven status words are documented, without meanings: that
four of them mean "in progress" and only ``Completed`` means success is inferred; the words for failure and termination
are unknown. So any other word ends the wait as a failure that says the word.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .._answers import job_id_in, status_word_in
from .._arguments import Spec
from .._client import Client
from .._errors import AsteraError, bad_input
from .._outcome import Outcome
from .._plan import Change
from .._wait import Deadline, is_passing

START_PATH = "/api/CommandLineProcessor"

IN_PROGRESS = frozenset({"notstarted", "queued", "initializing", "running"})
SUCCEEDED = frozenset({"completed"})
#: What the server may say of a job that it does not know, or not yet.
UNKNOWN = frozenset({"unknown", "invalid"})
#: Looks during which an unknown job may still turn up.
PATIENCE_FOR_UNKNOWN = 5
#: Looks that must agree before a word that nobody documented ends the wait.
PATIENCE_FOR_NEW_WORD = 2

SPEC = Spec(
    options={
        "path": {"type": "str"},
        "parameters": {"type": "dict"},
        "job_id": {"type": "int"},
        "wait": {"type": "bool", "default": True},
        "wait_timeout": {"type": "float", "default": 3600.0},
        "wait_interval": {"type": "float", "default": 2.0},
    },
    required_one_of=[("path", "job_id")],
    mutually_exclusive=[("path", "job_id"), ("parameters", "job_id")],
)
INFO_SPEC = Spec(options={"job_ids": {"type": "list", "elements": "int", "required": True}})


@dataclass
class Job:
    """A job as the last look showed it. ``elapsed`` is in seconds since this task began to follow it."""

    id: int | None
    status: str | None = None
    elapsed: float = 0.0

    @property
    def word(self) -> str:
        return (self.status or "").casefold()

    @property
    def succeeded(self) -> bool:
        return self.word in SUCCEEDED

    @property
    def finished(self) -> bool:
        """Whether nothing more is to be expected. An undocumented word counts as an end."""
        return self.status is not None and self.word not in IN_PROGRESS and self.word not in UNKNOWN

    def as_result(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "status": self.status,
            "finished": self.finished,
            "succeeded": self.succeeded,
            "elapsed": round(self.elapsed, 3),
        }


def ensure(client: Client, params: dict[str, Any]) -> Outcome:
    """Start a job, or follow one that runs; returns ``job``. A job that does not complete is an error."""
    if params["wait_interval"] <= 0:
        raise bad_input("wait_interval must be more than 0 seconds")
    if params.get("job_id") is not None:
        return _outcome(_followed(client, Job(_checked_id(params["job_id"])), params), started=None)
    body = _start_body(params)
    change = Change("job", None, {"path": body["FilePath"]}, True)
    if client.check_mode:
        return _outcome(Job(None), started=change)
    job = Job(_start(client, body))
    return _outcome(_followed(client, job, params) if params["wait"] else job, started=change)


def _checked_id(job_id: int) -> int:
    if job_id < 1:
        raise bad_input(f"job ids are 1 or more, not {job_id}")
    return job_id


def _start_body(params: dict[str, Any]) -> dict[str, Any]:
    path = (params["path"] or "").strip()
    if not path:
        raise bad_input("path must not be empty", "It is the path of a .df or .wf file as the server sees it.")
    body: dict[str, Any] = {"FilePath": path}
    parameters = list(_parameters(params.get("parameters") or {}))
    if parameters:
        body["Parameters"] = parameters
    return body


def _parameters(parameters: dict[str, Any]) -> Iterable[dict[str, str]]:
    """The API's list: one entry for each value, with the object in the flow and the name of its input."""
    for action, values in parameters.items():
        if not isinstance(values, dict):
            raise bad_input(
                f"parameters.{action} must be a dictionary of names and values",
                "For example {Variables: {sourceFilePath: /in/orders.csv}}.",
            )
        for name, value in values.items():
            yield {"ActionName": str(action), "ParameterName": str(name), "Value": _as_text(value, f"{action}.{name}")}


def _as_text(value: Any, name: str) -> str:
    """Values are strings in the API. Booleans are written as .NET and JSON readers both take them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (str, int, float)):
        return str(value)
    raise bad_input(f"parameters.{name} must be a text, a number or a boolean")


def _start(client: Client, body: dict[str, Any]) -> int:
    """Start the job with exactly one request that may have arrived."""
    try:
        job_id = job_id_in(client.post(START_PATH, body))
    except AsteraError as error:
        if error.arrived:
            error.message += "; the job may have been started"
            error.hint = "It is not started again. Look into the Job Monitor before you do so."
        raise
    if job_id is None:
        raise AsteraError(
            "server",
            "the server took the start call but named no job id",
            method="POST",
            path=START_PATH,
            status=200,
            attempts=1,
            hint="The job may run; look into the Job Monitor before you start it again.",
        )
    return job_id


def _status_path(job: Job) -> str:
    return f"/api/Job/{job.id}/Status"


def _look(client: Client, job: Job, *, patient: bool = True, timeout: float | None = None) -> None:
    path = _status_path(job)
    job.status = status_word_in(client.get(path, patient=patient, timeout=timeout))
    if job.status is None:
        raise AsteraError(
            "server", f"the server shows no status for job {job.id}", method="GET", path=path, status=200, attempts=1
        )


def _followed(client: Client, job: Job, params: dict[str, Any]) -> Job:
    """Look until the job has ended, however often the connection hiccups, but no longer than the deadline."""
    if not params["wait"]:
        _look(client, job)
        return job
    deadline = Deadline(params["wait_timeout"])
    same = _Repeats()
    trouble: AsteraError | None = None
    for _number in deadline.looks(params["wait_interval"]):
        try:
            _look(client, job, patient=False, timeout=deadline.request_timeout)
        except AsteraError as error:
            if not is_passing(error):
                error.message += f"; job {job.id} is no longer followed"
                raise
            trouble = error
            client.report("job {} cannot be seen, {:.0f} s: {}", job.id, deadline.elapsed, error)
            continue
        finally:
            job.elapsed = deadline.elapsed
        trouble = None
        client.report("job {} is {}, {:.0f} s", job.id, job.status, deadline.elapsed)
        if job.succeeded:
            return job
        if same.count(job.word) >= _patience_for(job):
            raise _failed(job)
    raise _late(job, deadline, trouble)


class _Repeats:
    """How many times in a row the same word was seen."""

    def __init__(self) -> None:
        self._word = ""
        self._count = 0

    def count(self, word: str) -> int:
        self._count = self._count + 1 if word == self._word else 1
        self._word = word
        return self._count


def _patience_for(job: Job) -> float:
    """Looks in a row with the present word that end the wait."""
    if job.word in IN_PROGRESS:
        return float("inf")
    return PATIENCE_FOR_UNKNOWN if job.word in UNKNOWN else PATIENCE_FOR_NEW_WORD


def _failed(job: Job) -> AsteraError:
    if job.word in UNKNOWN:
        message = f"the server says {job.status!r} of job {job.id}, which very likely means that there is no such job"
        hint = "Old jobs are purged after the days set in the cluster settings; check the id."
    else:
        message = f"job {job.id} ended as {job.status!r} after {job.elapsed:.1f} s"
        hint = "Only Completed counts as success; the Job Monitor of the client has the job's trace."
    return AsteraError("job_failed", message, method="GET", path=_status_path(job), status=200, attempts=1, hint=hint)


def _late(job: Job, deadline: Deadline, trouble: AsteraError | None) -> AsteraError:
    said = f"last status {job.status!r}" if job.status else "no status was seen"
    blips = f"; the last look failed: {trouble.message}" if trouble else ""
    return AsteraError(
        "timeout",
        f"job {job.id} did not end within {deadline.seconds:g} s ({said}{blips})",
        method="GET",
        path=_status_path(job),
        hint=f"The job goes on; follow it with job_id: {job.id}, or raise wait_timeout.",
    )


def _outcome(job: Job, started: Change | None) -> Outcome:
    changes = [started] if started else []
    after = {"job": started.after} if started else {}
    return Outcome(
        changed=bool(changes), returned={"job": job.as_result()}, changes=changes, after=after, title="the job"
    )


def info(client: Client, params: dict[str, Any]) -> Outcome:
    """The status of several jobs; returns ``jobs`` in the order asked for."""
    jobs = [Job(_checked_id(job_id)) for job_id in params["job_ids"]]
    for job in jobs:
        _look(client, job)
    return Outcome(returned={"jobs": [job.as_result() for job in jobs]})
