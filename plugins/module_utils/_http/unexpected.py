# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors for responses that are a success by their status and yet none. Private: may change in any release."""

from __future__ import annotations

from typing import Any

from .._errors import AsteraError


def unexpected(method: str, path: str, desired: str) -> AsteraError:
    """The error for a successful response of the wrong form."""
    return AsteraError(
        "server",
        f"the response of the server is not {desired}",
        method=method,
        path=path,
        status=200,
        attempts=1,
        hint="Check that server_url is an Astera server and not a proxy.",
    )


def reject_html(method: str, path: str, data: Any) -> Any:
    """The same data, unless they are HTML: a login page, or a proxy's page."""
    if isinstance(data, str) and data.startswith("<"):
        raise unexpected(method, path, "one of the API")
    return data
