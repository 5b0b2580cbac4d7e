# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which requests are retried, and after which pause. Private: may change in any release.

A request that was never sent, or that the server rejected with 429, may be retried whatever it does. One that may have
been applied is retried only if it is idempotent.
"""

from __future__ import annotations

import re

from .._errors import AsteraError

#: Seconds. The most between two attempts, so that no header of a server can stop a play.
MAX_PAUSE = 30.0
#: Statuses of a proxy, or of a server that is starting; a retry may help.
RETRYABLE_STATUSES = frozenset({429, 502, 503, 504})
#: Too many requests. By the meaning of the status (RFC 6585) the request was rejected, not carried out, so a write may
#: be retried too, even the start of a job: as with 401, there is a response that says so. A 503 does not say that.
#: Whether the server, or a proxy before it, ever sends it is unknown.
LIMITED = 429


def is_retried_after_error(error: AsteraError, idempotent: bool) -> bool:
    """Whether a request may be retried when there was no response, or only a part of it."""
    return error.kind in ("connection", "timeout") and (idempotent or not error.may_have_been_applied)


def is_retried_after_status(status: int, idempotent: bool) -> bool:
    """Whether a request may be retried after a response with this status."""
    return status == LIMITED or (idempotent and status in RETRYABLE_STATUSES)


def pause_after(attempt: int, retry_after: str = "") -> float:
    """Seconds to wait after an attempt; the first one is 1. ``retry_after`` is the header of the response.

    Without one the pauses are 0, 1, 2, 4 ... seconds. A date in it counts as none.
    """
    asked = float(retry_after) if re.fullmatch("[0-9]{1,6}", retry_after) else 0.0
    growing = 0.0 if attempt == 1 else 2.0 ** min(attempt - 2, 10)
    return min(asked or growing, MAX_PAUSE)
