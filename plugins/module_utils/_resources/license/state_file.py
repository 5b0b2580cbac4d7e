# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The state file of a license, because the server's license cannot be read. Private: may change in any release."""

from __future__ import annotations

import hashlib
import json
import os
from typing import Any

from ..._data.replace_file import replace_file
from ..._errors import input_error

#: What makes the digest slow, so that a stolen file does not give away a key by guessing. PBKDF2 because every OpenSSL
#: has it; in FIPS mode it has no scrypt. A license key is made by a machine, so it needs fewer iterations than a
#: password: every plan of every host computes one digest, and 50,000 cost some 15 ms.
ITERATIONS = 50_000


class StateFile:
    """A JSON file of mode 0600 with a salt, a digest of secret values, and a few flags. Without a path: nothing.

    ``identity`` are the values whose flags it holds; the first one is the address of the server, which is no secret and
    stands in the file. The file is replaced atomically, and so is a link in its place: whatever that points to is never
    written to. A path where no file can be, and the file of another server, are input errors: two servers with one file
    would both register their keys on every run.
    """

    def __init__(self, path: str | None, identity: list[str]) -> None:
        self.path = os.path.abspath(os.path.expanduser(path)) if path else None
        self._identity = identity
        self._stored = _content(self.path) if self.path else {}
        if self.path and (os.path.isdir(self.path) or not os.access(os.path.dirname(self.path), os.W_OK)):
            raise input_error(
                f"marker: {self.path!r} cannot be written",
                "Name a file in a folder that exists on the machine where the task runs, and give its user the right.",
            )
        server = self._stored.get("server", identity[0])
        if server != identity[0]:
            raise input_error(
                f"marker: {self.path!r} belongs to the server {server}, not to {identity[0]}",
                "Give each server a marker of its own. If it is the same server at a new address, delete the file.",
            )

    def read(self) -> dict[str, Any]:
        """The flags of exactly these values; empty for others, and for a file that is absent or not ours."""
        salt = self._stored.get("salt")
        is_ours = isinstance(salt, str) and self._stored.get("digest") == self._digest(salt)
        return self._stored["state"] if is_ours else {}

    def _digest(self, salt: str) -> str:
        identity = json.dumps(self._identity).encode()
        return hashlib.pbkdf2_hmac("sha256", identity, salt.encode(errors="replace"), ITERATIONS).hex()

    def write(self, **flags: bool) -> None:
        """Replace the file, atomically. An input error when that fails."""
        if self.path is None:
            return
        salt = os.urandom(16).hex()
        content = {"format": 2, "server": self._identity[0], "salt": salt, "digest": self._digest(salt), "state": flags}
        try:
            replace_file(self.path, json.dumps(content), 0o600)
        except OSError as error:
            raise input_error(
                f"marker: {self.path!r} cannot be written: {error.strerror}",
                "Fix that, or every run registers the key again.",
            ) from None


def _content(path: str) -> dict[str, Any]:
    try:
        with open(path, encoding="utf-8") as stream:
            stored = json.load(stream)
    except (OSError, ValueError, RecursionError):
        return {}
    return stored if isinstance(stored, dict) else {}
