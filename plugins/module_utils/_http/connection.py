# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the server is and who we are there: the connection options. Private: may change in any release."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from .._errors import input_error
from .token import is_token

#: Documented for version 10; version 8 was seen on 9260.
DEFAULT_PORT = 9261
MAX_PORT = 65535
#: A host has letters and digits of any language, or is an IPv6 address. The network finds out about it.
_ORIGIN = re.compile(r"(https?)://(\[[\w.:]+\]|[\w.-]+)(?::([0-9]{1,5}))?/?", re.IGNORECASE)
#: Seconds, a day.
MAX_TIMEOUT = 86400

CONNECTION_OPTIONS: dict[str, dict[str, Any]] = {
    "server_url": {"type": "str", "required": True},
    "username": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "token": {"type": "str", "no_log": True},
    "validate_certs": {"type": "bool", "default": True},
    "ca_path": {"type": "path"},
    "allow_http": {"type": "bool", "default": False},
    "request_timeout": {"type": "float", "default": 30.0},
    "retries": {"type": "int", "default": 4},
}


@dataclass(frozen=True, repr=False, eq=False)
class Connection:
    """Checked connection options. ``server_url`` is an origin: scheme, host and port, without a slash at its end."""

    server_url: str
    username: str | None
    password: str | None
    token: str | None
    #: As requests takes it: the path of CA certificates, True for the default ones, False for no check.
    verify: bool | str
    request_timeout: float
    retries: int

    @property
    def can_log_in(self) -> bool:
        return bool(self.username and self.password)

    @property
    def is_unencrypted(self) -> bool:
        """Whether everything crosses a network unencrypted. A tunnel on the same machine does not count."""
        return bool(re.match(r"http://(?!(localhost|127\.\d+\.\d+\.\d+|\[::1\]):)", self.server_url))


def connection_from(params: dict[str, Any], *, authenticate: bool = True) -> Connection:
    """Check the connection options of a task. Empty strings count as not given, as job template surveys send them."""
    username, password, token = (params.get(name) or None for name in ("username", "password", "token"))
    if authenticate:
        require_credentials(username, password, token)
    if token:
        # A secret that is mounted as a file often ends in a line feed.
        token = token.strip()
        if not is_token(token):
            raise input_error("token must be printable ASCII without blanks")
    if not 0 < params["request_timeout"] <= MAX_TIMEOUT:
        raise input_error(f"request_timeout must be more than 0 and at most {MAX_TIMEOUT} seconds")
    if params["retries"] < 0:
        raise input_error("retries must be 0 or more")
    ca_path = params["validate_certs"] and params.get("ca_path")
    if ca_path and not os.path.exists(ca_path):
        raise input_error(f"ca_path: file not found: {ca_path!r}", "The path is on the machine that runs the task.")
    return Connection(
        server_url=_origin(params["server_url"], bool(params.get("allow_http"))),
        username=username,
        password=password,
        token=token,
        verify=ca_path or params["validate_certs"],
        request_timeout=params["request_timeout"],
        retries=params["retries"],
    )


def require_credentials(username: str | None, password: str | None, token: str | None) -> None:
    """Raise an input error unless there is a token, or both a username and a password."""
    if token or (username and password):
        return
    lacking = "password is missing" if username else "username is missing" if password else "no credentials"
    raise input_error(
        f"{lacking}: username and password, or a token, are needed",
        "Set them as options, in module_defaults, or as ASTERA_USERNAME, ASTERA_PASSWORD and ASTERA_TOKEN."
        " Roles take astera_username and astera_password, or astera_token.",
    )


def _origin(url: str, allow_http: bool) -> str:
    """The origin of ``server_url``; anything else in it is rejected, not dropped silently."""
    if "@" in url:
        # Before it is read: a password with a slash in it would be parsed as something else, and shown.
        raise input_error("server_url must not contain credentials", "Use username and password.")
    try:
        # It knows which IPv6 addresses there are.
        match = _ORIGIN.fullmatch(urlsplit(url.strip()).geturl())
    except ValueError:
        match = None
    if match is None or int(match[3] or DEFAULT_PORT) > MAX_PORT:
        raise input_error(
            "server_url must be https://, a host and a port, and nothing else",
            "It has the form https://etl01.example.com:9261.",
        )
    scheme, host = match[1].lower(), match[2].lower()
    if scheme == "http" and not allow_http:
        raise input_error(
            "server_url must begin with https://, not http:, which sends password and token unencrypted",
            "Every known port of the server is HTTPS. To use HTTP, such as through a tunnel, set allow_http to true.",
        )
    return f"{scheme}://{host}:{match[3] or DEFAULT_PORT}"
