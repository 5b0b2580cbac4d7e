# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files on their way to the server, streamed from the disk. Private: may change in any release."""

from __future__ import annotations

import io
import time
import uuid
from collections.abc import Iterator
from typing import Callable

from .._errors import AsteraError, input_error
from .client import Client
from .local_file import BLOCK, LocalFile, version_of
from .unexpected import unexpected
from .upload_path import path_in

#: Documented: this endpoint takes files of both kinds, and the name of the stored file.
PATH = "/api/UploadFile"
#: Documented too: this one takes archives only, and no name. That it goes by the file name of the part is inferred.
CAR_PATH = "/api/UploadCarFile"
#: What a server responds to an endpoint that it does not have.
_LACKING = (404, 405)
#: Bytes.
MIB = 2**20
_WHEN_COMPLETE = "Run the task again when the file is complete."


class MultipartFile:
    """One file as a multipart/form-data body that is read from the disk while it is sent.

    Has ``__len__``, so that Content-Length is right, and ``seek``, so that the body can be sent from its start again.
    ``requests`` itself would hold the file in memory twice. ``report`` gets the bytes that were read so far.
    """

    def __init__(self, part: str, file: LocalFile, report: Callable[[int], None], file_name: str = "") -> None:
        boundary = uuid.uuid4().hex
        self.content_type = f"multipart/form-data; boundary={boundary}"
        self._head = (
            f"--{boundary}\r\n"
            f'Content-Disposition: form-data; name="{part}"; filename="{file_name or file.file_name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode()
        self._tail = f"\r\n--{boundary}--\r\n".encode()
        self._file = file
        self._report = report
        self._stream = file.open()
        self._size = len(self._head) + file.size + len(self._tail)
        self._position = 0

    def __len__(self) -> int:
        return self._size

    def __iter__(self) -> Iterator[bytes]:
        while block := self.read(BLOCK):
            yield block

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Only to the start (to send again) or the end (to be measured)."""
        position = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence] + offset
        if position == 0:
            self._stream.seek(0)
        self._position = position
        return position

    def read(self, size: int = -1) -> bytes:
        """The next block, which may be longer than ``size``: HTTP libraries ask for little but take what they get."""
        size = max(size, BLOCK)
        start, body_start, body_end = self._position, len(self._head), len(self._head) + self._file.size
        if start < body_start:
            end = start + size
            data = self._head[start:end]
        elif start < body_end:
            data = self._stream.read(min(size, body_end - start))
            if not data:
                raise input_error(f"{self._file.source!r} became shorter during the upload", _WHEN_COMPLETE)
        else:
            start -= body_end
            end = start + size
            data = self._tail[start:end]
        self._position += len(data)
        self._report(self._position)
        return data

    @property
    def is_what_was_digested(self) -> bool:
        """False when the file changed since its digest was taken. To take it once more would slow the upload down."""
        return self._file.content is not None or version_of(self._stream) == self._file.version

    def close(self) -> None:
        self._stream.close()


class Uploader:
    """Streams files to the server, with the endpoint that it has; which one that is, is found out once."""

    def __init__(self, client: Client) -> None:
        self._client = client
        #: The error that says that the server has no ``PATH``.
        self._lacking: AsteraError | None = None

    def upload(self, file: LocalFile) -> str:
        """Stream a file to the server and return its path there.

        A stored file has no effect until a deployment names it, so a failed upload may be tried again. What the server
        does with a name that it has already is unknown: where it rejects it, another name with the same digest is used.
        """
        try:
            return self._upload_as(file, file.target)
        except AsteraError as error:
            if error.status not in (400, 409):
                raise error.with_(may_have_been_applied=False) from None
        return self._upload_as(file, f"{file.target}-{uuid.uuid4().hex[:8]}")

    def _upload_as(self, file: LocalFile, target: str) -> str:
        if self._lacking is None:
            try:
                return self._send(PATH, "ArchiveFile", file, target, {"FileTypes": file.kind, "TargetFileName": target})
            except AsteraError as error:
                if error.status not in _LACKING:
                    raise
                self._lacking = error
        if file.kind != "Car":
            raise _unsupported(self._lacking, f"and {CAR_PATH} takes archives only", "config_path")
        try:
            return self._send(CAR_PATH, "Archive", file, target, None)
        except AsteraError as error:
            if error.status not in _LACKING:
                raise
            raise _unsupported(self._lacking, f"nor {CAR_PATH}", "archive_path") from None

    def _send(self, path: str, part: str, file: LocalFile, target: str, query: dict[str, str] | None) -> str:
        """Send a file to one endpoint. Without a query the file name of the part is all that names it."""
        body = self._body(part, file, f"{target}.{file.kind.lower()}")
        try:
            response = self._client.post_raw(path, body.content_type, body, query)
            unchanged = body.is_what_was_digested
        finally:
            body.close()
        if not unchanged:
            raise AsteraError(
                "input",
                f"{file.source!r} changed after its digest was taken; the uploaded file is not used",
                hint=_WHEN_COMPLETE,
            )
        stored = path_in(response)
        if stored is None or not file.may_be_at(stored):
            raise unexpected("POST", path, "the path of the stored file", response)
        return stored

    def _body(self, part: str, file: LocalFile, file_name: str) -> MultipartFile:
        started = time.monotonic()

        def report(sent: int) -> None:
            done, seconds = sent / MIB, time.monotonic() - started
            numbers = (done, file.size / MIB, seconds, done / max(seconds, 0.001))
            self._client.report("uploading {}: {:.0f} of {:.0f} MiB, {:.0f} s, {:.1f} MiB/s", file.source, *numbers)

        try:
            return MultipartFile(part, file, report, file_name)
        except OSError as exc:
            raise input_error(f"{file.source!r} can no longer be read: {exc.strerror}") from None


def _unsupported(lacking: AsteraError, rest: str, option: str) -> AsteraError:
    """The error for a file that no endpoint of the server takes."""
    return AsteraError(
        "unsupported",
        f"the server has no {PATH}, {rest}: {lacking.message}",
        method="POST",
        path=PATH,
        status=lacking.status,
        attempts=lacking.attempts,
        hint=f"Copy the file to the server by other means and give its path there as {option}.",
    )
