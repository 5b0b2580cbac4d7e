"""Reads one file out of a multipart form straight to disk, with constant memory."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request as HttpRequest

from .errors import ApiError, validation_error


@dataclass(frozen=True)
class ReceivedFile:
    """The file part: the name the client gave it, its size in bytes and its SHA-256 digest in hex."""

    name: str
    size: int
    sha256: str


async def receive_file(request: HttpRequest, part: str, target: Path, limit: int) -> ReceivedFile:
    """Write the first file part named `part` to `target`; `limit` is for the whole body in bytes, 0 for none.

    400 when the part is missing or the form ends early, 413 over the limit, 415 when the body is no form.
    """
    kind, options = parse_options_header(request.headers.get("content-type"))
    if kind != b"multipart/form-data":
        raise ApiError(415, "Unsupported Media Type")
    boundary = options.get(b"boundary")
    if not boundary:
        raise ApiError(400, "Missing content-type boundary.")
    if limit and int(request.headers.get("content-length") or 0) > limit:
        raise ApiError(413, "Request body too large.")
    with target.open("wb") as file:
        form = _Form(part, file)
        await _feed(request, MultipartParser(boundary, form.callbacks()), limit)
    return form.result()


async def _feed(request: HttpRequest, parser: MultipartParser, limit: int) -> None:
    """Pass the body through the parser piece by piece."""
    size = 0
    try:
        async for piece in request.stream():
            size += len(piece)
            if limit and size > limit:
                raise ApiError(413, "Request body too large.")
            parser.write(piece)
    except MultipartParseError as error:
        raise ApiError(400, f"Failed to read the request form. {error}") from error


class _Form:
    """Takes the parser's events; only the requested file part is kept."""

    def __init__(self, part: str, file: BinaryIO) -> None:
        self._part = part.casefold()
        self._file = file
        self._digest = hashlib.sha256()
        self._size = 0
        self._field = b""
        self._value = b""
        self._disposition = ""
        self._writing = False
        self._name: str | None = None
        self._complete = False

    def callbacks(self) -> Any:
        """Return the parser's callbacks by event."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._add_field,
            "on_header_value": self._add_value,
            "on_header_end": self._end_header,
            "on_headers_finished": self._end_headers,
            "on_part_data": self._add_data,
            "on_part_end": self._end,
            "on_end": self._finish,
        }

    def result(self) -> ReceivedFile:
        """Return what was received once the body is over."""
        if not self._complete:
            raise ApiError(400, "Failed to read the request form. Unexpected end of Stream.")
        if self._name is None:
            raise validation_error({self._part: "The file part is required."})
        return ReceivedFile(self._name, self._size, self._digest.hexdigest())

    def _begin(self) -> None:
        self._field = self._value = b""
        self._disposition = ""

    def _add_field(self, data: bytes, start: int, end: int) -> None:
        self._field += data[start:end]

    def _add_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _end_header(self) -> None:
        if self._field.lower() == b"content-disposition":
            self._disposition = self._value.decode("utf-8", "replace")
        self._field = self._value = b""

    def _end_headers(self) -> None:
        """Decide whether this part is the requested file. A part without a file name is a plain field, not a file."""
        options = _options(self._disposition)
        matches = options.get("name", "").casefold() == self._part and "filename" in options
        self._writing = matches and self._name is None
        if self._writing:
            self._name = options["filename"]

    def _add_data(self, data: bytes, start: int, end: int) -> None:
        if self._writing:
            piece = memoryview(data)[start:end]
            self._file.write(piece)
            self._digest.update(piece)
            self._size += len(piece)

    def _end(self) -> None:
        self._writing = False

    def _finish(self) -> None:
        self._complete = True


def _options(disposition: str) -> dict[str, str]:
    """Return the parameters of a Content-Disposition header; the parser's own function knows Latin-1 only."""
    latin = disposition.encode("utf-8").decode("latin-1")
    _value, options = parse_options_header(latin)
    return {key.decode(): value.decode("utf-8", "replace") for key, value in options.items()}
