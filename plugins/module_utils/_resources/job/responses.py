# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the server responds about jobs, in every form that is likely. Private: may change in any release."""

from __future__ import annotations

import re
from typing import Any

from ..._data.paths import get_field
from ..._errors import AsteraError


def extract_status(data: Any) -> str | None:
    """The status in a job's response: a bare JSON string was seen; plain text, a number and an object are read too.

    A number is the place in an enumeration that nobody documents, so it is shown as it came.
    """
    if isinstance(data, dict):
        data = get_field(data, "status")
    if isinstance(data, (int, float)) and not isinstance(data, bool):
        data = str(data)
    status = data.strip() if isinstance(data, str) else ""
    # A page of a proxy or of a server that starts is no status, and neither is JSON that was cut short.
    if not status or status[0] in '{["' or "<" in status or not status.isprintable():
        return None
    return status


def extract_trace(data: Any) -> str:
    """The text of a job's trace, whose form is unknown: all values of an object, a line for each entry of a list."""
    if isinstance(data, list):
        return "\n".join(map(extract_trace, data))
    if isinstance(data, dict):
        return " ".join(filter(None, map(extract_trace, data.values())))
    return "" if data is None else str(data)


def extract_job_id(data: Any) -> int | None:
    """The job's number: ``jobId`` as a number was seen; text and a bare number are allowed for."""
    if isinstance(data, dict):
        data = get_field(data, "jobId")
    if isinstance(data, str) and re.fullmatch(r"\s*[0-9]{1,18}\s*", data):
        data = int(data)
    return data if isinstance(data, int) and not isinstance(data, bool) and data > 0 else None


def maybe_started(error: AsteraError) -> AsteraError:
    """The error of a start that may have been applied, with what is at stake."""
    return error.with_(
        doubt="the job may have been started",
        hint="It is not started again. Check the Job Monitor before you do so.",
    )
