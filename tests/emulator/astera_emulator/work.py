"""What is done for a job, from its first action or from the one at which it was interrupted."""

from __future__ import annotations

import time
from collections.abc import Callable

from . import dataflow, transfer
from .flows import Action, Flow, JobError, Parameters, read
from .run import Run
from .store import Document

QUEUED, INITIALIZING, RUNNING, COMPLETED = "Queued", "Initializing", "Running", "Completed"
# How long a job is Initializing: this share of its seconds, but no longer than that; both invented.
_INITIALIZING_SHARE = 0.1
_INITIALIZING_SECONDS = 0.5

Step = Callable[[], None]


def carry_out(run: Run) -> tuple[str, str]:
    """Do the job; return its last status and, when it failed, why."""
    settings = run.place.settings
    try:
        return _carry_out(run)
    except JobError as failure:
        return settings.job_failure_word, run.clean(str(failure))


def _carry_out(run: Run) -> tuple[str, str]:
    """Do the steps, then let the job's seconds go by. Time in which the service was down counts as well."""
    job = run.change()
    began = time.monotonic() - max(0.0, time.time() - job["beganAt"])
    flow, steps = _steps(run, job)
    seconds = run.place.settings.job_seconds if flow is None or flow.seconds is None else flow.seconds
    if job["status"] == INITIALIZING:
        initializing = min(seconds * _INITIALIZING_SHARE, _INITIALIZING_SECONDS)
        run.wait(began + initializing - time.monotonic())
        run.change("running", status=RUNNING)
    for index, step in enumerate(steps):
        if index >= job["done"]:
            step()
            run.change(done=index + 1)
    run.wait(began + seconds - time.monotonic())
    return _last_status(run, flow.result if flow else COMPLETED)


def _steps(run: Run, job: Document) -> tuple[Flow | None, list[Step]]:
    """Return the job's document (None: an archive, which nobody here can read) and what is to be done."""
    if job["archive"]:
        return None, [lambda: _run_archive(run, job)]
    flow = _open(run, job["filePath"], job["parameters"])
    if flow.tag == "Dataflow":
        return flow, [lambda: dataflow.carry_out(run, flow)]
    return flow, [_step(run, action) for action in flow.actions]


def _open(run: Run, path: str, parameters: Parameters) -> Flow:
    """Read a document of the server."""
    if not run.place.files.exists(path):
        raise JobError("the flow file is not on the server")
    flow = read(run.local(path).read_bytes(), parameters)
    run.redact(flow.secrets())
    return flow


def _step(run: Run, action: Action) -> Step:
    """Return what an action of a workflow does."""
    if action.tag == "FileTransferTask":
        return lambda: transfer.fetch(run, action)
    if action.tag == "RunDataflow":
        return lambda: _run_dataflow(run, action)
    return lambda: None  # variables were read with the document


def _run_dataflow(run: Run, action: Action) -> None:
    """Run another document. It must be a dataflow, which runs nothing itself: documents nest no deeper."""
    path = action.attributes["path"]
    run.change(f"{action.name}: running {path}")
    parameters: Parameters = [
        {"actionName": "Variables", "parameterName": name, "value": value} for name, value in action.items.items()
    ]
    try:
        flow = _open(run, path, parameters)
        if flow.tag != "Dataflow":
            raise JobError("it is not a Dataflow")
        dataflow.carry_out(run, flow)
    except JobError as failure:
        raise JobError(f"{action.name}: {path}: {failure}") from failure


def _run_archive(run: Run, job: Document) -> None:
    """Do what can be done for a deployment's schedule: see that there is something to run."""
    number, item = job["archive"]["deploymentId"], job["archive"]["startItem"]
    if run.place.store.get("deployment", number) is None:
        raise JobError(f"there is no deployment with id {number}")
    run.local(job["filePath"])
    run.change(f"the emulator cannot read archives; the start item was {item!r}")


def _last_status(run: Run, result: str) -> tuple[str, str]:
    """Return the last status; the server's statuses for failure and termination are unknown, hence settings."""
    settings = run.place.settings
    if result.casefold() == "failed":
        return settings.job_failure_word, 'the flow file sets outcome="failed"'
    statuses = {"completed": COMPLETED, "terminated": settings.job_termination_word}
    return statuses.get(result.casefold(), result), ""
