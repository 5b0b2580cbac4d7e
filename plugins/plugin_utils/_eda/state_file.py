# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of a server as a file: ids and digests, so that a restart loses nothing. Private.

A reader learns from it how many objects and which jobs there are, and nothing else.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from typing import Any

from ansible_collections.astera.data_stack.plugins.module_utils._data.replace_file import replace_file
from ansible_collections.astera.data_stack.plugins.module_utils._errors import AsteraError, input_error
from ansible_collections.astera.data_stack.plugins.plugin_utils._eda.jobs import JobsMemory
from ansible_collections.astera.data_stack.plugins.plugin_utils._eda.snapshot import KINDS, Known, Objects
from ansible_collections.astera.data_stack.plugins.plugin_utils._eda.tracker import Memory

FORMAT = 1


class StateFile:
    """The memory of one source. Without a path it keeps nothing."""

    def __init__(self, path: str | None, server_url: str) -> None:
        self._path = path
        self._server_url = server_url

    def load(self) -> Memory:
        """The memory of the last run, or an empty one where there is no file yet.

        AsteraError of kind ``input`` for a file that is not ours, or not of this server: nothing is reported that way.
        """
        if self._path is None:
            return Memory()
        try:
            with open(self._path, encoding="utf-8") as stream:
                memory = _memory_from(json.load(stream), self._server_url)
        except FileNotFoundError:
            memory = Memory()
        except OSError as error:
            raise _unusable(self._path, f"cannot be read: {error.strerror}") from None
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            raise _unusable(self._path, "is not the state of an event source, or not of this server") from None
        failed = self.save(memory)
        if failed is not None:
            raise _unusable(self._path, f"cannot be written: {failed.strerror}")
        return memory

    def save(self, memory: Memory) -> OSError | None:
        """Replace the file in one step, readable for its owner only; returns what went wrong."""
        if self._path is None:
            return None
        try:
            replace_file(self._path, json.dumps(_content(memory, self._server_url)), 0o600)
        except OSError as error:
            return error
        return None


def _unusable(path: str, problem: str) -> AsteraError:
    return input_error(
        f"state_file: {path!r} {problem}",
        "Give each source a file of its own, in a folder that exists. To begin again, remove the file.",
    )


def _server_digest(server_url: str, watch: uuid.UUID) -> str:
    return hashlib.blake2b(server_url.encode(), key=watch.bytes, digest_size=16).hexdigest()


def _content(memory: Memory, server_url: str) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "watch": str(memory.watch),
        "server": _server_digest(server_url, memory.watch),
        "generation": memory.generation,
        "down_since": memory.down_since,
        "objects": {
            choice: {str(key): known.digest for key, known in objects.items()}
            for choice, objects in memory.objects.items()
        },
        "jobs": {
            "newest": memory.jobs.newest,
            "open": sorted(memory.jobs.open),
            "ended": sorted(memory.jobs.ended),
        },
    }


def _memory_from(content: dict[str, Any], server_url: str) -> Memory:
    """Raises ValueError, KeyError or TypeError for anything else than what was written for this server."""
    watch = uuid.UUID(content["watch"])
    if content["format"] != FORMAT or content["server"] != _server_digest(server_url, watch):
        raise ValueError(content["format"])
    jobs = content["jobs"]
    down_since = content["down_since"]
    return Memory(
        watch=watch,
        generation=int(content["generation"]),
        down_since=None if down_since is None else float(down_since),
        objects={choice: _known(objects) for choice, objects in content["objects"].items() if choice in KINDS},
        jobs=JobsMemory(
            None if jobs["newest"] is None else int(jobs["newest"]),
            set(map(int, jobs["open"])),
            set(map(int, jobs["ended"])),
        ),
        resumed=bool(content["objects"] or jobs["open"] or jobs["ended"] or content["generation"]),
    )


def _known(digests: dict[str, str]) -> Objects:
    return {int(key): Known(str(digest)) for key, digest in digests.items()}
