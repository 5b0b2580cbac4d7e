# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Files that are replaced at once, so that no reader finds half of one. Private: may change in any release."""

from __future__ import annotations

import contextlib
import os
import tempfile


def replace_file(path: str, text: str, mode: int) -> None:
    """Write a text as UTF-8 with these permissions, also if a crash follows. OSError leaves the old file as it was."""
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path) or ".", prefix=".astera-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            # Or else a crash could leave the new name with nothing in it.
            os.fsync(stream.fileno())
        os.chmod(temporary, mode)
        os.replace(temporary, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
