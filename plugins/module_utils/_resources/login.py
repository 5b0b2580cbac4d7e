# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The login: ``POST /api/account/login``. Private: may change in any release.

Documented: the body. Seen in a public sample: the response's ``access_token``, a JWT that lived for 30 days.
"""

from __future__ import annotations

import datetime
from typing import Any

from .._engine.result import Result
from .._http.client import Client
from .._http.token import jwt_claims, seconds_in
from .._runner.argument_spec import Spec

SPEC = Spec(
    options={
        "remember_me": {"type": "bool", "default": True},
        "remember_me_type": {"type": "str", "choices": ["boolean", "integer"], "default": "boolean"},
    }
)


def run(client: Client, params: dict[str, Any]) -> Result:
    """Log in, also in check mode, and return ``token`` and ``expires_at``."""
    remember_me = params["remember_me"]
    token = client.login(remember_me=int(remember_me) if params["remember_me_type"] == "integer" else remember_me)
    expiry = seconds_in(jwt_claims(token), "exp")
    return Result(returned={"expires_at": None if expiry is None else _iso(expiry)}, secrets={"token": token})


def _iso(seconds: int) -> str | None:
    try:
        return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, OSError, ValueError):
        return None
