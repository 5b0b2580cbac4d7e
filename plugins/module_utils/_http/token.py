# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The token in a login's response, and the claims of a JWT. Private: may change in any release."""

from __future__ import annotations

import base64
import re
from typing import Any

from .._data.json_text import parse_json
from .._data.paths import get_field

#: Where the token may be in the login's response: the first was seen, the others are inferred.
TOKEN_NAMES = ("access_token", "accessToken", "token", "auth_token")


_TOKEN = re.compile(r"[!-;=?-~]+")


def is_token(text: str) -> bool:
    """Whether a text can go into a header: printable ASCII without blanks, and no markup."""
    return bool(_TOKEN.fullmatch(text))


def extract_token(data: Any) -> str | None:
    """The token of a login's response: in a field of ``TOKEN_NAMES``, or a bare text."""
    found = [data, *(get_field(data, name) for name in TOKEN_NAMES)]
    return next((value for value in found if isinstance(value, str) and is_token(value)), None)


def jwt_claims(token: str) -> dict[str, Any]:
    """The claims of a JWT; none when it cannot be parsed."""
    try:
        claims = parse_json(base64.urlsafe_b64decode(token.split(".")[1] + "===").decode())
    except (IndexError, ValueError):
        return {}
    return claims if isinstance(claims, dict) else {}


def seconds_in(claims: dict[str, Any], name: str) -> int | None:
    """A time in a JWT, in seconds since 1970."""
    moment = claims.get(name)
    return int(moment) if isinstance(moment, (int, float)) else None
