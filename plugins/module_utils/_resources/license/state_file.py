# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state file of a license, because the server's license cannot be read. Private: may change in any release."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import hmac
import json
import os
import tempfile
from collections.abc import Iterator
from typing import Any

from ..._errors import input_error

#: Characters. A state file has a few hundred; a larger file is not one.
MAX_SIZE = 65536
#: What makes the digest slow, so that a stolen file does not give away a key by guessing. Written into the file.
#: PBKDF2 because every OpenSSL has it; in FIPS mode it has no scrypt. A license key is made by a machine, so it needs
#: fewer iterations than a password: every plan of every host computes one digest, and 50,000 cost some 15 ms.
PBKDF2: dict[str, Any] = {"algorithm": "pbkdf2-hmac-sha256", "iterations": 50_000}
#: A file with more is not ours, and would take minutes.
MAX_ITERATIONS = 10_000_000
#: Files of format 1 do not name their algorithm. It was always this.
SCRYPT = {"n": 2**14, "r": 8, "p": 1}


class StateFile:
    """A JSON file of mode 0600 with a salt, a digest of secret values, and a few flags. Without a path: nothing.

    ``identity`` are the values whose flags it holds; the first one is the address of the server, which is no secret and
    stands in the file. The file is replaced atomically, and so is a link in its place: whatever that points to is never
    written to.
    """

    def __init__(self, path: str | None, identity: list[str]) -> None:
        self.path = os.path.abspath(os.path.expanduser(path)) if path else None
        #: Why the file could not be used.
        self.warnings: list[str] = []
        self._server = identity[0] if identity else None
        self._identity = json.dumps(identity).encode()
        #: The next contents, on the disk already.
        self._pending: list[str] = []

    @property
    def exists(self) -> bool:
        return self.path is not None and os.path.exists(self.path)

    def reject_other_server(self) -> None:
        """An input error when the file is that of another server: both would register their keys on every run."""
        try:
            server = self._content()["server"]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return
        if isinstance(server, str) and server != self._server:
            raise input_error(
                f"marker: {self.path!r} belongs to the server {server}, not to {self._server}",
                "Give each server a marker of its own. If it is the same server at a new address, delete the file.",
            )

    def _content(self) -> Any:
        with open(self.path or "", encoding="utf-8") as stream:
            return json.loads(stream.read(MAX_SIZE))

    def read(self) -> dict[str, Any]:
        """The flags of exactly these values; empty for others, and for a file that is absent or not ours."""
        try:
            stored = self._content()
            expected, flags = stored["digest"].encode("ascii"), stored["state"]
            digest = self._digest_for(stored, bytes.fromhex(stored["salt"]))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return {}
        if digest is None or not isinstance(flags, dict):
            return {}
        return flags if hmac.compare_digest(expected, digest.encode()) else {}

    def _digest_for(self, stored: dict[str, Any], salt: bytes) -> str | None:
        """The digest of the values with the algorithm of the file; None where it cannot be computed here."""
        if stored["format"] == 2 and stored["algorithm"] == PBKDF2["algorithm"]:
            iterations = stored["iterations"]
            return self._pbkdf2(salt, iterations) if 0 < iterations <= MAX_ITERATIONS else None
        if stored["format"] != 1:
            return None
        try:
            return hashlib.scrypt(self._identity, salt=salt, **SCRYPT).hex()
        except (AttributeError, ValueError):
            # In FIPS mode OpenSSL rejects it, and some Pythons are built without it.
            self.warnings.append(
                f"The marker {self.path} was written with scrypt, which the Python of this machine does not offer, so "
                "it cannot be compared. The key counts as not registered; registering it writes one without scrypt."
            )
            return None

    def _pbkdf2(self, salt: bytes, iterations: int) -> str:
        return _digest(self._identity, salt, iterations)

    def reject_unwritable(self) -> None:
        """An input error, before anything is sent, when the file could not be written afterwards."""
        if self.path is None:
            return
        folder = os.path.dirname(self.path)
        try:
            os.stat(self.path)
        except FileNotFoundError:
            pass
        except (OSError, ValueError) as exc:
            # Too long, with a null character, or no access.
            raise input_error(f"marker: {self.path!r} cannot be used: {exc}") from None
        if os.path.isdir(self.path):
            raise input_error(f"marker: {self.path!r} is a folder", "Name a file in it.")
        if not os.path.isdir(folder):
            raise input_error(
                f"marker: there is no folder {folder!r}", "Create it first, on the machine where the task runs."
            )
        if not os.access(folder, os.W_OK):
            raise input_error(f"marker: the folder {folder!r} is not writable")

    @contextlib.contextmanager
    def prepared(self, states: list[dict[str, bool]]) -> Iterator[None]:
        """Write all states to temporary files, so that ``record`` needs no space; remove those left at the end.

        An input error when that cannot be done.
        """
        try:
            self._prepare(states if self.path else [])
            yield
        finally:
            for path in self._pending:
                with contextlib.suppress(OSError):
                    os.unlink(path)
            self._pending = []

    def _prepare(self, states: list[dict[str, bool]]) -> None:
        if not states:
            return
        salt = os.urandom(16)
        digest = self._pbkdf2(salt, PBKDF2["iterations"])
        try:
            for state in states:
                content = {
                    "format": 2,
                    "server": self._server,
                    **PBKDF2,
                    "salt": salt.hex(),
                    "digest": digest,
                    "state": state,
                }
                handle, path = tempfile.mkstemp(dir=os.path.dirname(self.path or ""), prefix=".astera-marker-")
                self._pending.append(path)
                with os.fdopen(handle, "w", encoding="utf-8") as stream:
                    json.dump(content, stream)
                    stream.flush()
                    # Or else a crash could leave the new name with nothing in it.
                    os.fsync(stream.fileno())
        except OSError as exc:
            raise input_error(
                f"marker: {self.path!r} cannot be written: {exc.strerror}",
                "Nothing was sent. Fix that, or every run would register the key again.",
            ) from None

    def record(self) -> OSError | None:
        """Replace the file by the next state, atomically; returns the error if that fails."""
        if self.path is None:
            return None
        path = self._pending.pop(0)
        try:
            os.replace(path, self.path)
        except OSError as exc:
            # It is removed at the end.
            self._pending.append(path)
            return exc
        return None


@functools.lru_cache(maxsize=4)
def _digest(identity: bytes, salt: bytes, iterations: int) -> str:
    """Kept, because it is slow on purpose and a plan needs it more than once."""
    return hashlib.pbkdf2_hmac("sha256", identity, salt, iterations).hex()
