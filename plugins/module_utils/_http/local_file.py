# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Local files that are to be uploaded: digest and name on the server. Private: may change in any release."""

from __future__ import annotations

import hashlib
import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, Any, Callable

from .._errors import input_error

#: Bytes that are read at a time.
BLOCK = 2**20
#: Characters of the local name kept in the upload's name: the digest takes 64, and Windows paths end at 260.
MAX_STEM = 60
#: The name of one of our uploads: the stem, the digest, and maybe a suffix that makes it unique.
_OWN_NAME = re.compile(r"([A-Za-z0-9._-]+?)-([0-9a-f]{64})(?![0-9a-f]).*", re.IGNORECASE)
#: Names that Windows treats as devices, whatever follows the dot.
_DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)\.", re.IGNORECASE)
#: The first bytes of a file of ansible-vault.
_VAULT = b"$ANSIBLE_VAULT;"
#: Reads and decrypts the file at a path, or raises ValueError with the reason.
Decrypt = Callable[[str], bytes]


@dataclass(frozen=True)
class LocalFile:
    """A file as it was when its digest was taken. ``kind`` is the API's file type, ``Car`` or ``Cfg``."""

    source: str
    kind: str
    sha256: str
    size: int
    #: Changes with each write of the file, see ``_version_of``.
    version: tuple[int, ...]
    #: The decrypted file, which is sent instead of the file on the disk.
    content: bytes | None = field(default=None, repr=False)

    def blocks(self) -> Iterator[bytes]:
        """The content, piece by piece. An input error after the last one if it is not what the digest was taken of.

        To take it once more would slow the upload down.
        """
        left = self.size
        try:
            with open(self.source, "rb") as file:
                stream = file if self.content is None else io.BytesIO(self.content)
                while block := stream.read(min(BLOCK, left)):
                    left -= len(block)
                    yield block
                if left or _version_of(file) != self.version:
                    raise input_error(
                        f"{self.source!r} changed after its digest was taken; the uploaded file is not used",
                        "Run the task again when the file is complete.",
                    )
        except OSError as exc:
            raise input_error(f"{self.source!r} can no longer be read: {exc.strerror}") from None

    @property
    def target(self) -> str:
        """Name on the server, without extension. The digest ties it to the content, so nothing is overwritten."""
        stem = os.path.splitext(os.path.basename(self.source))[0]
        if stem.lower().endswith(f"-{self.sha256}"):
            # A file that was fetched from a server, under the name that it has there.
            stem = stem[: -len(self.sha256) - 1]
        safe = re.sub(r"[^A-Za-z0-9._-]+|\.{2,}", "_", stem)[:MAX_STEM].strip("._-") or "file"
        return f"{'_' if _DEVICE.match(safe) else ''}{safe}-{self.sha256}"

    @property
    def file_name(self) -> str:
        """Uploads that share it are sent once."""
        return f"{self.target}.{self.kind.lower()}"

    def is_stored_as(self, server_path: Any) -> bool:
        """Whether a path on the server carries this file's digest in its name."""
        return isinstance(server_path, str) and self.sha256 in windows_name(server_path).lower()


def windows_name(path: str) -> str:
    """The last part of a Windows path, whichever slash it uses."""
    return re.split(r"[\\/]", path)[-1]


def uploaded_name(path: str, kind: str) -> tuple[str, str] | None:
    """Name and digest of the local file that was uploaded to a path of the server; None for other files."""
    match = _OWN_NAME.fullmatch(windows_name(path))
    return (f"{match[1]}-{match[2].lower()}.{kind.lower()}", match[2].lower()) if match else None


def local_file(source: str, kind: str, option: str, decrypt: Decrypt | None = None) -> LocalFile:
    """Read a local file and take its digest in one pass. Missing, unreadable or empty files are input errors.

    ``decrypt`` is for a configuration that is encrypted with ansible-vault.
    """
    if not os.path.isfile(source):
        raise input_error(f"{option}: file not found: {source!r}", "The path is on the machine that runs the task.")
    digest, size, content = hashlib.sha256(), 0, None
    try:
        with open(source, "rb") as stream:
            version = _version_of(stream)
            if stream.read(len(_VAULT)) == _VAULT:
                content = _decrypted(source, kind, option, decrypt)
            plain = stream if content is None else io.BytesIO(content)
            plain.seek(0)
            while block := plain.read(BLOCK):
                digest.update(block)
                size += len(block)
    except OSError as exc:
        raise input_error(f"{option}: {source!r} cannot be read: {exc.strerror}") from None
    if not size:
        raise input_error(f"{option}: {source!r} is empty")
    return LocalFile(source, kind, digest.hexdigest(), size, version, content)


def _decrypted(path: str, kind: str, option: str, decrypt: Decrypt | None) -> bytes:
    """The content of a file of ansible-vault. It is never sent encrypted, since the server could not read it."""
    if kind != "Cfg" or decrypt is None:
        raise input_error(
            f"{option}: {path!r} is encrypted with ansible-vault, and is not decrypted here",
            "Only a configuration is, and only by a task that runs on the controller without environment, async and "
            f"become. Decrypt it first: ansible-vault decrypt --output NEW {os.path.basename(path)}",
        )
    try:
        return decrypt(path)
    except ValueError as exc:
        raise input_error(f"{option}: {path!r} is encrypted with ansible-vault: {exc}") from None


def _version_of(stream: IO[bytes]) -> tuple[int, ...]:
    """Which file it is, and when it was last written. No program can set the time of change (ctime) at will."""
    status = os.fstat(stream.fileno())
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns
