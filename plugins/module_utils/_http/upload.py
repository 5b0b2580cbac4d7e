# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files on their way to the server, streamed from the disk. Private: may change in any release."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any, Callable

from .._errors import AsteraError
from .client import Client
from .local_file import LocalFile
from .unexpected import unexpected

#: Documented: this endpoint takes files of both kinds, and the name of the stored file.
PATH = "/api/UploadFile"
#: Bytes.
MIB = 2**20


class MultipartFile:
    """One file as a multipart/form-data body that is read from the disk while it is sent.

    Each attempt iterates over it again. It has ``__len__``, so that Content-Length is right. ``requests`` itself would
    hold the file in memory twice. ``report`` gets the bytes of the file that were read so far.
    """

    def __init__(self, file: LocalFile, report: Callable[[int], None]) -> None:
        boundary = uuid.uuid4().hex
        self.content_type = f"multipart/form-data; boundary={boundary}"
        self._head = (
            f"--{boundary}\r\n"
            f'Content-Disposition: form-data; name="ArchiveFile"; filename="{file.file_name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode()
        self._tail = f"\r\n--{boundary}--\r\n".encode()
        self._file = file
        self._report = report

    def __len__(self) -> int:
        return len(self._head) + self._file.size + len(self._tail)

    def __iter__(self) -> Iterator[bytes]:
        yield self._head
        sent = 0
        for block in self._file.blocks():
            sent += len(block)
            self._report(sent)
            yield block
        yield self._tail


def upload(client: Client, file: LocalFile) -> str:
    """Stream a file to the server and return its path there.

    A stored file has no effect until a deployment names it, so a failed upload may be tried again. What the server
    does with a name that it has already is unknown: where it rejects it, another name with the same digest is used.
    """
    try:
        return _upload_as(client, file, file.target)
    except AsteraError as error:
        if error.status not in (400, 409):
            raise error.with_(may_have_been_applied=False) from None
    return _upload_as(client, file, f"{file.target}-{uuid.uuid4().hex[:8]}")


def _upload_as(client: Client, file: LocalFile, target: str) -> str:
    def report(sent: int) -> None:
        client.report("uploading {}: {:.0f} of {:.0f} MiB", file.source, sent / MIB, file.size / MIB)

    body = MultipartFile(file, report)
    response = client.post_raw(PATH, body.content_type, body, {"FileTypes": file.kind, "TargetFileName": target})
    stored = path_in(response) or ""
    # A path has a folder, or the digest in its name; HTML is none.
    if re.search(r"[<>\r\n]", stored) or not ("\\" in stored or "/" in stored or file.is_stored_as(stored)):
        raise unexpected("POST", PATH, "the path of the stored file")
    return stored


def path_in(data: Any) -> str | None:
    """The path in an upload's response: plain text, a JSON string, or a field whose name ends in ``path``."""
    if isinstance(data, str):
        return data or None
    fields = data.items() if isinstance(data, dict) else ()
    paths = (value for name, value in fields if name.lower().endswith("path"))
    return next((path for path in paths if isinstance(path, str) and path), None)
