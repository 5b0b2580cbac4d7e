# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Progress lines of work that takes long. Private: may change in any release."""

from __future__ import annotations

import time
from typing import Callable

from .._errors import one_line

#: Seconds between two lines, and before the first, so that a quick task prints none.
INTERVAL = 5.0
#: Characters. A line may contain text of the server, which must not flood the screen.
MAX_LINE = 200


class Progress:
    """Shows a line now and then, however often there is something to report. Silent without ``show_line``."""

    def __init__(self, show_line: Callable[[str], None] | None = None) -> None:
        self._show_line = show_line or (lambda _line: None)
        self._next = time.monotonic() + INTERVAL

    @property
    def due(self) -> bool:
        """Whether it is time for a line."""
        return time.monotonic() >= self._next

    def show(self, line: str) -> None:
        """Show the line, as one line, and be silent for a while."""
        self._next = time.monotonic() + INTERVAL
        self._show_line(one_line(line, MAX_LINE))
