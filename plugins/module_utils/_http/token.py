# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The token in a login's response, and the claims of a JWT. Private: may change in any release."""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
from typing import Any

from .._data.paths import get_field

#: Where the token may be in the login's response: the first was seen, the others are inferred.
TOKEN_NAMES = ("access_token", "accessToken", "token", "auth_token")


_TOKEN = re.compile(r"[!-;=?-~]+")


def is_token(text: str) -> bool:
    """Whether a text can go into a header: printable ASCII without blanks, and no markup."""
    return bool(_TOKEN.fullmatch(text))


def token_field(data: Any) -> str | None:
    """The field of ``TOKEN_NAMES`` with the token of a login's response; None without one."""
    for name in TOKEN_NAMES:
        value = get_field(data, name)
        if isinstance(value, str) and is_token(value):
            return name
    return None


def extract_token(data: Any) -> str | None:
    """The token of a login's response: in a field, or a bare text."""
    name = token_field(data)
    token = data if name is None else get_field(data, name)
    return token if isinstance(token, str) and is_token(token) else None


def jwt_claims(token: str) -> dict[str, Any] | None:
    """The claims of a JWT; None when it cannot be parsed."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, RecursionError, binascii.Error):
        return None
    return claims if isinstance(claims, dict) else None


def expiry_in(token: str) -> int | None:
    """When a JWT expires, in seconds since 1970; None when it cannot be parsed."""
    return seconds_in(jwt_claims(token) or {}, "exp")


def seconds_in(claims: dict[str, Any], name: str) -> int | None:
    """A time in a JWT, in seconds since 1970."""
    moment = claims.get(name)
    if isinstance(moment, float) and not math.isfinite(moment):
        return None
    return int(moment) if isinstance(moment, (int, float)) else None
