# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which requests are sent again, and after which pause. Private: may change in any release."""

from __future__ import annotations

import re
from typing import Any

try:
    from urllib3.exceptions import HTTPError, InvalidHeader
    from urllib3.util.retry import Retry
except ImportError:
    # transport.py tells the user; nothing here is called then.
    Retry = object  # type: ignore[assignment,misc]

#: Seconds. The longest pause that a server may ask for with Retry-After, so that no header can stop a play.
MAX_PAUSE = 30
#: Answers of a proxy or of a server that is starting; asking again may help.
RETRYABLE_STATUSES = frozenset({429, 502, 503, 504})
#: Too many requests. By the meaning of the status (RFC 6585) the request was rejected, not carried out, so a write may
#: be sent again too, even the start of a job: as with 401, there is a response that says so. A 503 does not say that.
#: Whether the server, or a proxy before it, ever sends it is unknown.
LIMITED = 429


class _CountingRetry(Retry):
    """urllib3's policy, which also bounds Retry-After and leaves the number of attempts on the exception."""

    def is_retry(self, method: str, status_code: int, has_retry_after: bool = False) -> bool:
        return status_code == LIMITED or super().is_retry(method, status_code, has_retry_after)

    def after_cut(self, method: str, url: str, exc: Any) -> _CountingRetry:
        """The policy for the next attempt after a body was cut off. Raises the exception if there is to be none."""
        try:
            following: _CountingRetry = self.increment(method, url, error=exc.args[0])
        except (HTTPError, OSError):
            exc.attempts = len(self.history) + 1
            raise exc from None
        return following

    def get_retry_after(self, response: Any) -> float | None:
        try:
            pause = super().get_retry_after(response)
        except (InvalidHeader, OverflowError, ValueError):
            # Dates beyond the calendar, numbers without end.
            return None
        return None if pause is None else min(pause, MAX_PAUSE)

    def increment(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().increment(*args, **kwargs)
        except Exception as exc:
            exc.attempts = len(self.history) + 1  # type: ignore[attr-defined]
            raise


def policy(retries: int, methods: frozenset[str] | None) -> Any:
    """``methods`` may be repeated after they arrived (None: all). Refused connections are retried for every method."""
    return _CountingRetry(
        total=retries,
        redirect=False,
        # A certificate does not get better by asking again.
        other=0,
        status_forcelist=RETRYABLE_STATUSES,
        allowed_methods=methods,
        backoff_factor=0.5,
        raise_on_status=False,
    )


def hint_when_limited(retry_after: str) -> str:
    """What to do about a 429 that outlasted all attempts; the value is what the server sent in Retry-After."""
    asks = f" It asks for a pause of {retry_after} s (Retry-After)." if re.fullmatch("[0-9]{1,6}", retry_after) else ""
    return f"The server limits the number of requests.{asks} Wait, then run the task again, or raise retries."
