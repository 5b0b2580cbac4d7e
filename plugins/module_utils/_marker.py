# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A small file that remembers what was done where nothing can be read back. Private: may change in any release."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import tempfile
from typing import Any

from ._errors import bad_input

FORMAT = 1
#: The work factor of scrypt; about 16 MiB and 50 ms, so that a stolen marker does not give away a key by guessing.
SCRYPT = {"n": 2**14, "r": 8, "p": 1}


class Marker:
    """A JSON file of mode 0600 with a salt, a digest of secret values, and a few flags. Replaced atomically."""

    def __init__(self, path: str) -> None:
        self.path = os.path.abspath(os.path.expanduser(path))

    def state_of(self, identity: list[str]) -> dict[str, Any]:
        """The flags remembered for exactly these values; empty for others, and for a file that is absent or foreign."""
        try:
            with open(self.path, encoding="utf-8") as stream:
                stored = json.load(stream)
            salt, digest = bytes.fromhex(stored["salt"]), str(stored["digest"])
            flags = stored["state"]
        except (OSError, ValueError, KeyError, TypeError):
            return {}
        if stored.get("format") != FORMAT or not isinstance(flags, dict):
            return {}
        return flags if hmac.compare_digest(digest, _digest(salt, identity)) else {}

    def refuse_unwritable(self) -> None:
        """An input error, before anything is sent, when the file could not be written afterwards."""
        folder = os.path.dirname(self.path)
        if os.path.isdir(self.path):
            raise bad_input(f"marker: {self.path!r} is a folder")
        if not os.path.isdir(folder):
            raise bad_input(
                f"marker: there is no folder {folder!r}", "Make it first, on the machine where the task runs."
            )
        if not os.access(folder, os.W_OK):
            raise bad_input(f"marker: the folder {folder!r} is not writable")

    def write(self, identity: list[str], state: dict[str, Any]) -> None:
        salt = os.urandom(16)
        content = {"format": FORMAT, "salt": salt.hex(), "digest": _digest(salt, identity), "state": state}
        handle, temporary = tempfile.mkstemp(dir=os.path.dirname(self.path), prefix=".astera-marker-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                json.dump(content, stream)
            os.replace(temporary, self.path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise


def _digest(salt: bytes, identity: list[str]) -> str:
    return hashlib.scrypt(json.dumps(identity).encode(), salt=salt, **SCRYPT).hex()
