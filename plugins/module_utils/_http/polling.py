# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting: one deadline on the monotonic clock, and a pause between polls. Private: may change in any release."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator

from .._errors import AsteraError, input_error

#: Seconds. Even close to the deadline a request gets this long, else the last poll could never succeed.
MIN_REQUEST = 1.0

#: Seconds: a day and ten years.
MAX_INTERVAL = 86_400.0
MAX_WAIT = 315_360_000.0


def check_wait(timeout: float, interval: float) -> None:
    """Reject seconds that cannot be meant as ``wait_timeout`` and ``wait_interval``: also infinity and NaN."""
    if not 0 < interval <= MAX_INTERVAL:
        raise input_error(f"wait_interval must be more than 0 and at most {MAX_INTERVAL:.0f} seconds")
    if not 0 <= timeout <= MAX_WAIT:
        raise input_error(f"wait_timeout must be 0 to {MAX_WAIT:.0f} seconds")


class Deadline:
    """A span of seconds that began when this object was made."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._start = time.monotonic()

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self._start

    @property
    def left(self) -> float:
        return self.seconds - self.elapsed

    @property
    def request_timeout(self) -> float:
        """Seconds that a single request may take now."""
        return max(MIN_REQUEST, self.left)

    def polls(self, interval: float, at_once: bool = True) -> Iterator[int]:
        """Yield 0, 1, 2 ... with a pause of ``interval`` seconds between, and once more right at the deadline.

        Without ``at_once`` the first one has a pause before it.

        The last poll begins at the deadline or after it, also when a poll took long or the machine was suspended.
        """
        for number in itertools.count():
            if number or not at_once:
                time.sleep(max(0.0, min(interval, self.left)))
            is_last = self.left <= 0
            yield number
            if is_last:
                return


def is_transient(error: AsteraError) -> bool:
    """Whether a server that restarts, or a network that hiccups, may cause this: worth another poll."""
    return error.kind in ("connection", "timeout", "server")
