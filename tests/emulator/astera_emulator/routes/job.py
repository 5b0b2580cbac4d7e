"""Jobs: start one (seen in a public sample) and read its status (documented)."""

from __future__ import annotations

from starlette.responses import JSONResponse, PlainTextResponse, Response

from ..context import Call, absence
from ..errors import ApiError
from ..jobs import INVALID, UNKNOWN
from ..routing import Operation
from ..shapes import JOB_REQUEST, JOB_RESPONSE, JOB_STATUS
from ..work import COMPLETED, INITIALIZING, QUEUED, RUNNING

_STATUSES = (UNKNOWN, INVALID, "NotStarted", QUEUED, INITIALIZING, RUNNING, COMPLETED)


async def start_job(call: Call) -> Response:
    """Start a flow at once; the status is to be polled. Each request starts a job, also when its response gets lost."""
    body = await call.json(JOB_REQUEST)
    path = body.get("filePath") or ""
    if not path.strip():
        raise ApiError(400, "FilePath is required.")
    if call.settings.missing_file == "http_error" and not call.context.files.exists(path):
        raise ApiError(400, f"There is no file at '{path}'.")
    parameters = body.get("parameters") or []
    if not all(parameters):
        raise ApiError(400, "A parameter is empty.")
    number = call.context.jobs.start(path, parameters)["id"]
    job_id = str(number) if call.settings.job_id_form == "text" else number
    return call.response(JOB_RESPONSE, {"jobId": job_id, "filePath": path})


async def read_status(call: Call) -> Response:
    """Return the status, seen as a bare JSON string."""
    number = call.number("jobId")
    status = call.context.jobs.poll(number)
    unknown = status in (UNKNOWN, INVALID) and call.context.store.get("job", number) is None
    if unknown and call.settings.unknown_job != "word":
        return absence(call.settings.unknown_job, f"There is no job with id {number}.")
    if call.settings.status_form == "text":
        return PlainTextResponse(status)
    if call.settings.status_form == "object":
        return call.response(JOB_STATUS, {"status": status})
    return JSONResponse(status_number(status) if call.settings.status_form == "number" else status)


def status_number(status: str) -> int:
    """Return the place of a status in its enumeration. Of the documented seven it is inferred, of others invented."""
    return _STATUSES.index(status) if status in _STATUSES else len(_STATUSES)


OPERATIONS = (
    Operation("POST", "/api/CommandLineProcessor", start_job, content="json", body=JOB_REQUEST),
    Operation("GET", "/api/Job/{jobId}/Status", read_status),
)
