# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reports of work that takes long, while it goes on. Private: may change in any release."""

from __future__ import annotations

import time
from typing import Callable

from .._errors import printable

#: Seconds between two lines, and before the first: what is quick needs no line.
INTERVAL = 5.0
#: Characters. A line may hold words of the server, which must not flood the screen.
MAX_LINE = 200


class Progress:
    """Hands on a line now and then, however often there is something to report. Silent without ``tell``."""

    def __init__(self, tell: Callable[[str], None] | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._tell = tell
        self._clock = clock
        self._next = clock() + INTERVAL

    @property
    def due(self) -> bool:
        """Whether it is time for a line."""
        return self._tell is not None and self._clock() >= self._next

    def tell(self, line: str) -> None:
        """Show the line, as one line, and be silent for a while."""
        if self._tell is None:
            return
        self._next = self._clock() + INTERVAL
        text = printable(line)
        self._tell(text if len(text) <= MAX_LINE else text[:MAX_LINE] + "...")
