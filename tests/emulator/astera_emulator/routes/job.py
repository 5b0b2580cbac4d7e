"""Jobs: start one (seen in a public sample) and ask for its status (documented)."""

from __future__ import annotations

from starlette.responses import JSONResponse, PlainTextResponse, Response

from ..context import Call
from ..errors import ApiError
from ..jobs import INVALID, UNKNOWN
from ..routing import Operation
from ..shapes import JOB_ANSWER, JOB_REQUEST, JOB_STATUS


async def start_job(call: Call) -> Response:
    """Start a flow at once; the status is to be asked for. Each call starts a job, also when its answer gets lost."""
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
    return call.answer(JOB_ANSWER, {"jobId": job_id, "filePath": path})


async def read_status(call: Call) -> Response:
    """Answer with the status word, seen as a bare JSON string."""
    number = call.number("jobId")
    word = call.context.jobs.poll(number)
    unknown = word in (UNKNOWN, INVALID) and call.context.store.get("job", number) is None
    if unknown and call.settings.unknown_job == "404":
        raise ApiError(404, f"There is no job with id {number}.")
    if call.settings.status_form == "text":
        return PlainTextResponse(word)
    if call.settings.status_form == "object":
        return call.answer(JOB_STATUS, {"status": word})
    return JSONResponse(word)


OPERATIONS = (
    Operation("POST", "/api/CommandLineProcessor", start_job, content="json", body=JOB_REQUEST),
    Operation("GET", "/api/Job/{jobId}/Status", read_status),
)
