"""Uploads of archives and config files into the cluster's deployment directory."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from starlette.responses import JSONResponse, PlainTextResponse, Response

from .. import files
from ..context import Call, Context
from ..errors import ApiError
from ..multipart import receive_file
from ..routing import Operation
from ..shapes import UPLOAD_RESPONSE
from ..store import single

_EXTENSIONS = {"car": ".car", "cfg": ".cfg"}


async def upload_file(call: Call) -> Response:
    """Take the part ArchiveFile under the name that the query gives (documented)."""
    extension = _EXTENSIONS.get(call.query("FileTypes").casefold())
    if extension is None:
        raise ApiError(400, "FileTypes must be Car or Cfg.")
    name = call.query("TargetFileName")
    _check_file_name(name)
    target = name + extension if call.settings.upload_extension == "append" else name
    return await _receive(call, "ArchiveFile", lambda given: target)


async def upload_car_file(call: Call) -> Response:
    """Take the part Archive. Its target's name is unknown, and inferred to be that of the form."""
    return await _receive(call, "Archive", lambda given: given)


async def _receive(call: Call, part: str, name_of: Callable[[str], str]) -> Response:
    """Write the file beside the file system first, so that half an upload leaves nothing behind."""
    context = call.context
    temporary = context.incoming / uuid.uuid4().hex
    try:
        received = await receive_file(call.http, part, temporary, call.settings.max_upload_bytes)
        if received.size == 0 and call.settings.empty_upload == "refuse":
            raise ApiError(400, "The file is empty.")
        name = name_of(received.name)
        _check_file_name(name)
        path = _place(context, name)
        context.files.adopt(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
    number = context.store.next_id("upload")
    context.store.put("upload", number, {"path": path, "size": received.size, "sha256": received.sha256})
    return _response(call, path)


def _check_file_name(name: str) -> None:
    """Reject a target that Windows would not take as a plain file name, above all one with a path in it."""
    try:
        files.check_name(name)
    except ValueError as error:
        raise ApiError(400, f"TargetFileName: {error}.") from error


def _place(context: Context, name: str) -> str:
    """Return the file's path in the deployment directory; what happens when it exists is unknown."""
    folder = (single(context.store, "cluster").get("deploymentDirectory") or {}).get("path") or ""
    try:
        path = files.join(folder, name)
        stem, dot, extension = name.rpartition(".")
        number = 1
        while context.files.exists(path) and context.settings.upload_collision != "overwrite":
            if context.settings.upload_collision == "refuse":
                raise ApiError(400, f"The file {path} already exists.")
            renamed = f"{stem} ({number}).{extension}" if dot else f"{name} ({number})"
            path = files.join(folder, renamed)
            number += 1
    except ValueError as error:
        raise ApiError(400, f"The deployment directory cannot take the file: {error}.") from error
    return path


def _response(call: Call, path: str) -> Response:
    """Return the file's path; the form is unknown."""
    form = call.settings.upload_answer
    if form == "text":
        return PlainTextResponse(path)
    if form == "json_string":
        return JSONResponse(path)
    return call.response(UPLOAD_RESPONSE, {"path" if form == "object" else "filePath": path})


OPERATIONS = (
    Operation(
        "POST",
        "/api/UploadFile",
        upload_file,
        content="form",
        part="ArchiveFile",
        query=("FileTypes", "TargetFileName"),
    ),
    Operation("POST", "/api/UploadCarFile", upload_car_file, content="form", part="Archive"),
)
