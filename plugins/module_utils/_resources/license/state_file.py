# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small file that remembers what was done where nothing can be read back. Private: may change in any release."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import tempfile
from typing import Any

from ..._errors import AsteraError, input_error

#: Characters. A marker has some hundreds; what is larger is something else.
LARGEST = 65536
#: What makes the digest slow, so that a stolen marker does not give away a key by guessing. Written into the file.
#: PBKDF2 because every OpenSSL has it; in FIPS mode it has no scrypt.
PBKDF2: dict[str, Any] = {"algorithm": "pbkdf2-hmac-sha256", "iterations": 600_000}
#: A file that asks for more is not ours, and would take minutes.
MAX_ITERATIONS = 10_000_000
#: Files of format 1 do not name their algorithm. It was always this.
SCRYPT = {"n": 2**14, "r": 8, "p": 1}


class Marker:
    """A JSON file of mode 0600 with a salt, a digest of secret values, and a few flags.

    Replaced atomically. A link in its place is replaced as well: whatever it points to is never written to.
    """

    def __init__(self, path: str) -> None:
        self.path = os.path.abspath(os.path.expanduser(path))
        #: What somebody should know who wonders why the marker was not believed.
        self.warnings: list[str] = []

    @property
    def exists(self) -> bool:
        return os.path.exists(self.path)

    def state_of(self, identity: list[str]) -> dict[str, Any]:
        """The flags remembered for exactly these values; empty for others, and for a file that is absent or foreign."""
        try:
            with open(self.path, encoding="utf-8") as stream:
                stored = json.loads(stream.read(LARGEST))
            expected, flags = stored["digest"].encode("ascii"), stored["state"]
            digest = self._digest_for(stored, bytes.fromhex(stored["salt"]), identity)
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return {}
        if digest is None or not isinstance(flags, dict):
            return {}
        return flags if hmac.compare_digest(expected, digest.encode()) else {}

    def _digest_for(self, stored: dict[str, Any], salt: bytes, identity: list[str]) -> str | None:
        """The digest of these values as the file asks for it; None where it cannot be computed here."""
        if stored["format"] == 2 and stored["algorithm"] == PBKDF2["algorithm"]:
            iterations = stored["iterations"]
            return _pbkdf2(salt, identity, iterations) if 0 < iterations <= MAX_ITERATIONS else None
        if stored["format"] != 1:
            return None
        try:
            return hashlib.scrypt(_secret(identity), salt=salt, **SCRYPT).hex()
        except (AttributeError, ValueError):
            # In FIPS mode OpenSSL refuses it, and some Pythons are built without it.
            self.warnings.append(
                f"The marker {self.path} was written with scrypt, which the Python of this machine does not offer, so "
                "it cannot be compared. The key counts as not registered; registering it writes one without scrypt."
            )
            return None

    def refuse_unwritable(self) -> None:
        """An input error, before anything is sent, when the file could not be written afterwards."""
        folder = os.path.dirname(self.path)
        try:
            os.stat(self.path)
        except FileNotFoundError:
            pass
        except (OSError, ValueError) as exc:
            # Too long, with a null character, or no access.
            raise input_error(f"marker: {self.path!r} cannot be used: {exc}") from None
        if os.path.isdir(self.path):
            raise input_error(f"marker: {self.path!r} is a folder")
        if not os.path.isdir(folder):
            raise input_error(
                f"marker: there is no folder {folder!r}", "Make it first, on the machine where the task runs."
            )
        if not os.access(folder, os.W_OK):
            raise input_error(f"marker: the folder {folder!r} is not writable")

    def draft(self, identity: list[str], state: dict[str, Any]) -> Draft:
        """Write what is to be remembered into a file beside it. An input error when that cannot be done."""
        salt = os.urandom(16)
        digest = _pbkdf2(salt, identity, PBKDF2["iterations"])
        content = {"format": 2, **PBKDF2, "salt": salt.hex(), "digest": digest, "state": state}
        try:
            handle, temporary = tempfile.mkstemp(dir=os.path.dirname(self.path), prefix=".astera-marker-")
        except OSError as exc:
            raise self._unwritable(exc) from None
        draft = Draft(temporary, self.path)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                json.dump(content, stream)
                stream.flush()
                # Or else a crash could leave the new name with nothing in it.
                os.fsync(stream.fileno())
        except OSError as exc:
            draft.discard()
            raise self._unwritable(exc) from None
        except BaseException:
            draft.discard()
            raise
        return draft

    def _unwritable(self, exc: OSError) -> AsteraError:
        return input_error(
            f"marker: {self.path!r} cannot be written: {exc.strerror}",
            "Nothing was sent. Mend that, or the key would be registered without being remembered.",
        )


class Draft:
    """The next content of a marker, on the disk already, so that what is left to do afterwards needs no space.

    Used in a ``with`` block, whose end removes it unless it was kept.
    """

    def __init__(self, temporary: str, path: str) -> None:
        self._temporary = temporary
        self._path = path

    def keep(self) -> OSError | None:
        """Put it in the place of the marker, in one step; returns why that cannot be done."""
        try:
            os.replace(self._temporary, self._path)
        except OSError as exc:
            return exc
        return None

    def discard(self) -> None:
        with contextlib.suppress(OSError):
            os.unlink(self._temporary)

    def __enter__(self) -> Draft:
        return self

    def __exit__(self, *_unused: object) -> None:
        self.discard()


def _secret(identity: list[str]) -> bytes:
    return json.dumps(identity).encode()


def _pbkdf2(salt: bytes, identity: list[str], iterations: int) -> str:
    return hashlib.pbkdf2_hmac("sha256", _secret(identity), salt, iterations).hex()
