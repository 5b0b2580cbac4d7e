# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How much of an answer is read, and for how long, whatever the server sends. Private: may change in any release.

The libraries below bound some of it: the length of a line, the number of headers. They do not bound the body of a
redirect or of an answer that is asked for again, chunks of a nonsensical length, or interim answers without end.
So all bytes that arrive for one answer are counted at the one place where they come in.
"""

from __future__ import annotations

import http.client
import io
import time
from functools import partial
from typing import Any

from .._errors import AsteraError

#: Bytes of a whole answer. A schedule takes about one KiB, so lists of thousands fit many times; as objects in memory
#: even the worst JSON of this size stays near one GiB.
MAX_ANSWER = 32 * 1024 * 1024
#: Bytes of an answer that tells an error: its first words are all that is shown.
MAX_ERROR = 64 * 1024


class ResponseBudget:
    """Counts what arrives for one answer. ``seconds`` is what the server may take, for the head and for the body."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._size = 0
        self._deadline = 0.0

    def expect(self, seconds: float) -> None:
        """A new request is made."""
        self.seconds = seconds

    def begin(self) -> None:
        """An answer is read from its start."""
        self._size = 0
        self.go_on()

    def go_on(self) -> None:
        """The next part of the answer has its own time."""
        self._deadline = time.monotonic() + self.seconds

    def add(self, count: int) -> None:
        self._size += count
        if self._size > MAX_ANSWER:
            raise AsteraError(
                "server",
                f"the answer is larger than {MAX_ANSWER // 2**20} MiB and was not read to its end",
                hint="Check that server_url is an Astera server; no list of one is known to be as long.",
                may_have_been_applied=True,
            )
        if time.monotonic() > self._deadline:
            raise AsteraError(
                "timeout",
                "the server answers too slowly, and the answer was not read to its end",
                hint="Raise request_timeout if the server is merely slow.",
                may_have_been_applied=True,
            )


class _Counted(io.RawIOBase):
    """A socket's stream that tells a meter of all that comes in."""

    def __init__(self, raw: Any, meter: ResponseBudget) -> None:
        super().__init__()
        self._raw = raw
        self._meter = meter

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        count: int | None = self._raw.readinto(buffer)
        self._meter.add(count or 0)
        return count

    def close(self) -> None:
        super().close()
        self._raw.close()


class _Response(http.client.HTTPResponse):
    """An answer that is read through a meter, and never unpacked: a few bytes could become gigabytes."""

    def __init__(self, meter: ResponseBudget, sock: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self._meter = meter
        meter.begin()
        self.fp = io.BufferedReader(_Counted(self.fp.detach(), meter))

    def begin(self) -> None:
        super().begin()
        self._meter.go_on()
        packed = (self.headers.get("Content-Encoding") or "identity").strip().lower()
        if packed != "identity":
            raise AsteraError(
                "server",
                "the answer is compressed although no compression was asked for, and was not read",
                status=self.status,
                hint="Look what stands between here and the server, such as a proxy.",
                may_have_been_applied=True,
            )


def bound(manager: Any, meter: ResponseBudget) -> None:
    """Let a pool manager of urllib3 read every answer through the meter."""

    def bounded(pool: Any) -> Any:
        response = {"response_class": staticmethod(partial(_Response, meter))}
        connection = type(pool.ConnectionCls.__name__, (pool.ConnectionCls,), response)
        return type(pool.__name__, (pool,), {"ConnectionCls": connection})

    pools = manager.pool_classes_by_scheme
    manager.pool_classes_by_scheme = {scheme: bounded(pool) for scheme, pool in pools.items()}
