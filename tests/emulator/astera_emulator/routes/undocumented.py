"""What must exist but is documented nowhere: ending a job, a job's trace, deleting. Served only if a setting has them.

The command line tool and the client can do these things, so operations for them exist; their methods and paths are
unknown. A setting such as `terminate_operation=POST /api/Job/{jobId}/Terminate` makes up one. A client can learn of it
from the OpenAPI document only.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.responses import JSONResponse, PlainTextResponse, Response

from ..context import Call
from ..errors import ApiError
from ..forms import made_up_operation
from ..routing import Operation
from ..settings import Settings


async def terminate_job(call: Call) -> Response:
    """End a queued or running job."""
    number = call.only_number()
    try:
        ended = call.context.jobs.terminate(number)
    except KeyError:
        raise ApiError(404, f"There is no job with id {number}.") from None
    if not ended and call.settings.ended_job == "refuse":
        raise ApiError(400, f"The job {number} has ended already.")
    return Response()


async def read_trace(call: Call) -> Response:
    """Return what the job noted."""
    number = call.only_number()
    try:
        entries = call.context.jobs.trace(number)
    except KeyError:
        raise ApiError(404, f"There is no job with id {number}.") from None
    messages = [entry["message"] for entry in entries]
    if call.settings.trace_form == "text":
        return PlainTextResponse("\r\n".join(messages))
    return JSONResponse(messages if call.settings.trace_form == "lines" else entries)


def _deletion(kind: str) -> Callable[[Call], Awaitable[Response]]:
    async def delete(call: Call) -> Response:
        number = call.only_number()
        if call.context.store.get(kind, number) is None:
            raise ApiError(call.settings.unknown_id_error, f"There is no {kind} with id {number}.")
        call.context.store.remove(kind, number)
        return Response()

    return delete


_HANDLERS = {
    "terminate_operation": terminate_job,
    "trace_operation": read_trace,
    "delete_deployment_operation": _deletion("deployment"),
    "delete_schedule_operation": _deletion("schedule"),
}


def operations(settings: Settings) -> tuple[Operation, ...]:
    """Return the operations that the settings make up."""
    found = []
    for name, handler in _HANDLERS.items():
        made_up = made_up_operation(getattr(settings, name))
        if made_up:
            method, path, query = made_up
            found.append(Operation(method, path, handler, numbers=(query,) if query else ()))
    return tuple(found)
