# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Local files on their way to the server: digest, upload name, streamed body. Private: may change in any release."""

from __future__ import annotations

import hashlib
import io
import os
import re
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any, Callable

from ._answers import path_in
from ._client import Client
from ._errors import AsteraError, bad_input
from ._unexpected import unexpected

#: Documented: this endpoint takes files of both kinds, and the name of the stored file.
PATH = "/api/UploadFile"
#: Documented too: this one takes archives only, and no name. That it goes by the file name of the part is inferred.
CAR_PATH = "/api/UploadCarFile"
#: What a server responds to an endpoint that it does not have.
_LACKING = (404, 405)
#: Bytes.
MIB = 2**20
BLOCK = MIB
#: Characters of the local name kept in the upload's name: the digest takes 64, and Windows paths end at 260.
LONGEST_STEM = 60
#: The name of an upload of ours: the stem, the digest, and maybe what keeps it apart from another.
_OWN_NAME = re.compile(r"([A-Za-z0-9._-]+?)-([0-9a-f]{64})(?![0-9a-f]).*", re.IGNORECASE)
#: What Windows takes for a device, whatever follows the dot.
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)\.", re.IGNORECASE)


@dataclass(frozen=True)
class LocalFile:
    """A file as it was when its digest was taken. ``kind`` is the API's file type, ``Car`` or ``Cfg``."""

    source: str
    kind: str
    sha256: str
    size: int
    #: What tells whether it has changed since: see ``_version_of``.
    version: tuple[int, ...]

    @property
    def key(self) -> tuple[str, str]:
        """Kind and name on the server; uploads that share both are sent once."""
        return self.kind, self.target

    @property
    def target(self) -> str:
        """Name on the server, without extension. The digest ties it to the content, so nothing is overwritten."""
        stem = os.path.splitext(os.path.basename(self.source))[0]
        if stem.lower().endswith(f"-{self.sha256}"):
            # A file that was fetched from a server, under the name that it has there.
            stem = stem[: -len(self.sha256) - 1]
        safe = re.sub(r"[^A-Za-z0-9._-]+|\.{2,}", "_", stem)[:LONGEST_STEM].strip("._-") or "file"
        return f"{'_' if _DEVICE.match(safe) else ''}{safe}-{self.sha256}"

    @property
    def file_name(self) -> str:
        return f"{self.target}.{self.kind.lower()}"

    def may_be_at(self, path: str) -> bool:
        """Whether an upload's answer can be a path: not a page, and with a folder or this file's digest in it."""
        return not re.search(r"[<>\r\n]", path) and ("\\" in path or "/" in path or self.sha256 in path.lower())

    def is_stored_as(self, server_path: Any) -> bool:
        """Whether a path on the server carries this file's digest in its name."""
        return isinstance(server_path, str) and self.sha256 in windows_name(server_path).lower()


def windows_name(path: str) -> str:
    """The last part of a Windows path, whichever slash it uses."""
    return re.split(r"[\\/]", path)[-1]


def uploaded_name(path: str, kind: str) -> tuple[str, str] | None:
    """Name and digest of the local file whose upload would be found at a path of the server; None if none would."""
    match = _OWN_NAME.fullmatch(windows_name(path))
    if match is None:
        return None
    stem, sha256 = match[1], match[2].lower()
    file = LocalFile(f"{stem}-{sha256}.{kind}", kind, sha256, 0, ())
    return (file.file_name, sha256) if file.target == f"{stem}-{sha256}" else None


def local_file(source: str, kind: str, option: str) -> LocalFile:
    """Look at a local file and take its digest in one pass. Missing, unreadable or empty files are input errors."""
    path = os.path.expanduser(source)
    if not os.path.exists(path):
        raise bad_input(
            f"{option}: there is no file {source!r}", "The path is one of the machine on which the task runs."
        )
    if not os.path.isfile(path):
        raise bad_input(f"{option}: {source!r} is not a file")
    digest, size = hashlib.sha256(), 0
    try:
        with open(path, "rb") as stream:
            version = _version_of(stream)
            while block := stream.read(BLOCK):
                digest.update(block)
                size += len(block)
    except OSError as exc:
        raise bad_input(f"{option}: {source!r} cannot be read: {exc.strerror}") from None
    if not size:
        raise bad_input(f"{option}: {source!r} is empty")
    return LocalFile(source=path, kind=kind, sha256=digest.hexdigest(), size=size, version=version)


def _version_of(stream: IO[bytes]) -> tuple[int, ...]:
    """Which file it is, and when it was last written. No program can set the time of change (ctime) at will."""
    status = os.fstat(stream.fileno())
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


class MultipartFile:
    """One file as a multipart/form-data body that is read from the disk while it is sent.

    Has ``__len__``, so that Content-Length is right, and ``seek``, so that the body can be sent from its start again.
    ``requests`` itself would hold the file in memory twice. ``report`` is told the bytes that were read so far.
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
        self._stream = open(file.source, "rb")  # noqa: SIM115  # closed by close()
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
        """Only to the start (to send again) or the end (to be measured): nobody needs more."""
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
                raise bad_input(f"{self._file.source!r} became shorter while it was uploaded")
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
        return _version_of(self._stream) == self._file.version

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
        does with a name that it has already is unknown: where it refuses it, another name with the same digest is used.
        """
        try:
            return self._upload_as(file, file.target)
        except AsteraError as error:
            error.arrived = False
            if error.status not in (400, 409):
                raise
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
                f"{file.source!r} changed after its digest was taken; what arrived is not used",
                hint="Run the task again when the file is complete.",
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
            raise bad_input(f"{file.source!r} can no longer be read: {exc.strerror}") from None


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
