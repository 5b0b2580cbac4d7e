# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server's REST API as methods: login, JSON, check mode, errors. Private: may change in any release."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Callable

from .._data.json_text import decoded, json_bytes
from .._errors import AsteraError, kind_of_status, status_phrase
from .._redaction.names import secret_values
from .._redaction.redactor import Redactor
from .connection import Connection, require_credentials
from .error_text import error_text
from .polling import is_transient
from .progress import Progress
from .retry import LIMITED
from .token import extract_token
from .transport import Request, Response, Transport
from .unexpected import reject_html, unexpected

LOGIN = "/api/account/login"

#: What to do about a status.
_HINTS = {
    401: "The token is missing, invalid or expired. Set a new one, or username and password, and authenticate to true.",
    403: "The account lacks a permission. Use one with an administrative role.",
    LIMITED: "The server limits the number of requests. Wait, then run the task again, or raise retries.",
}
_REDIRECTED = (
    "Redirects are not followed, so credentials go to server_url only. "
    "Check the path. If it leads to another server that you trust, set server_url to its scheme, host and port."
)


class WriteInCheckMode(RuntimeError):
    """A defect of this collection: something tried to write in check mode. Nothing was sent."""


class Client:
    """Requests to one server. Logs in when the first of them needs it, and once more whenever a token is rejected."""

    def __init__(
        self,
        connection: Connection,
        *,
        check_mode: bool = False,
        authenticate: bool = True,
        progress: Progress | None = None,
        redactor: Redactor | None = None,
        transport: type[Transport] | None = None,
        decrypt: Callable[[str], bytes] | None = None,
    ) -> None:
        #: The secrets, which must never show up in an error, should the server echo them.
        self.redactor = redactor or Redactor()
        self.redactor.add(connection.password, connection.token)
        self.connection = connection
        #: Reads a local file that is encrypted with ansible-vault, where the task knows the password.
        self.decrypt = decrypt
        self.check_mode = check_mode
        self._authenticate = authenticate
        self._progress = progress or Progress()
        self._token = connection.token
        #: The error of a denied login. Another try could lock the account.
        self._denial: AsteraError | None = None
        #: The response to the last login. It holds a token.
        self.login_response: Response | None = None
        self._transport = (transport or Transport)(connection)

    @property
    def server_url(self) -> str:
        return self._transport.base_url

    def report(self, line: str, *values: Any) -> None:
        """Report how the work goes, if it is time to: a text with braces, and what goes there.

        Secrets that the server echoes do not get through.
        """
        if self._progress.due:
            self.announce(line, *values)

    def announce(self, line: str, *values: Any) -> None:
        """Report at once what somebody needs to know who interrupts the task a moment later."""
        self._progress.show(self.redactor.redact_text(line.format(*values)))

    def use_port(self, port: int) -> None:
        """Go on with another port of the same host, as the server does when its own port was changed."""
        self._transport.base_url = f"{self.server_url.rpartition(':')[0]}:{port}"

    def close(self) -> None:
        self._transport.close()

    def get(self, path: str, *, timeout: float | None = None) -> Any:
        """The decoded response to a read. With a ``timeout``, in seconds, it is tried once only."""
        return self.request("GET", path, timeout=timeout)

    def get_object(self, path: str, *, timeout: float | None = None) -> dict[str, Any]:
        """The JSON object that a path must show."""
        return _object(path, self.get(path, timeout=timeout))

    def get_object_by_id(self, path: str) -> dict[str, Any]:
        """A read of an object that may not exist: a response with nothing or with null means that too."""
        response = self._succeed(Request("GET", path))
        data = decoded(response.text)
        if data is None:
            message = "the server returned an empty response, so there is no such object"
            raise self.error_of("GET", path, response).with_(kind="not_found", message=message)
        return _object(path, data)

    def get_list(self, path: str) -> list[dict[str, Any]]:
        """The JSON list of objects that a path must show."""
        data = self.get(path)
        if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
            raise unexpected("GET", path, "a JSON list of objects")
        return data

    def post(self, path: str, body: Any) -> Any:
        """The decoded response to a write of JSON. It is retried only if the server certainly did not apply it."""
        # The server's own object goes back with all that it holds.
        self.redactor.add_from_server(*secret_values(body))
        return self.post_raw(path, "application/json", json_bytes(body))

    def post_raw(
        self, path: str, content_type: str, body: bytes | Iterable[bytes] = b"", query: dict[str, str] | None = None
    ) -> Any:
        """The decoded response to a write whose body is bytes, or read while it is sent."""
        return decoded(self._succeed(Request("POST", path, query, body, content_type)).text)

    def request(self, method: str, path: str, *, timeout: float | None = None) -> Any:
        """The decoded response to a request without a body. With a ``timeout``, in seconds, it is tried once only."""
        return decoded(self._succeed(Request(method, path, timeout=timeout)).text)

    def ask(self, request: Request) -> Response:
        """The response to any request, whatever its status. The token is added here.

        When it is rejected, log in and send the request once more.
        """
        if self.check_mode and request.method != "GET":
            raise WriteInCheckMode(f"a write to {request.path} in check mode: please report this")
        if not self._authenticate:
            return self._transport.send(request)
        if self._token is None:
            self.login(timeout=request.timeout)
        response = self._transport.send(request, self._token)
        # Also at its first use: the login may have been handled by another server of a cluster, or before a restart.
        if response.status == 401 and self.connection.can_log_in:
            self.login(timeout=request.timeout)
            response = self._transport.send(request, self._token)
        return response

    def _succeed(self, request: Request) -> Response:
        """The response to a request, which must be a success."""
        response = self.ask(request)
        if not response.is_success:
            raise self.error_of(request.method, request.path, response)
        return response

    def probe(self, timeout: float) -> AsteraError | None:
        """None after a success or a rejection. Raises an AsteraError that waiting cannot fix."""
        request = Request("GET", "/api/ServerInfo", timeout=timeout)
        try:
            response = self._transport.send(request)
            # A redirect may be that of a load balancer, to a page that says that the server is not there.
            if response.is_success or 400 <= response.status < 500:
                return None
            raise self.error_of(request.method, request.path, response)
        except AsteraError as error:
            if is_transient(error):
                return error
            raise

    def login(self, *, remember_me: Any = True, timeout: float | None = None) -> str:
        """Log in and return the token, which later requests use. Wrong credentials are tried exactly once."""
        if self._denial is not None:
            raise self._denial
        try:
            return self._log_in(remember_me, timeout)
        except AsteraError as error:
            # A lost login changes nothing, and the request that it was for has not been sent.
            final = error.with_(may_have_been_applied=False)
            if final.kind == "auth":
                self._denial = final
            raise final from None

    def _log_in(self, remember_me: Any, timeout: float | None) -> str:
        connection = self.connection
        require_credentials(connection.username, connection.password, None)
        body = json_bytes({"User": connection.username, "Password": connection.password, "RememberMe": remember_me})
        request = Request("POST", LOGIN, None, body, "application/json", idempotent=True, timeout=timeout)
        response = self._transport.send(request)
        if response.is_success:
            self.login_response = response
            token = extract_token(reject_html("POST", LOGIN, decoded(response.text)))
            if token is not None:
                self._token = token
                self.redactor.add(token)
                return token
        error = self.error_of("POST", LOGIN, response)
        if response.is_success:
            # A denial is no exception in Astera's own library, and ASP.NET responds to nothing with 204.
            error = error.with_(message=f"the server responded with {status_phrase(response.status)} without a token")
        elif response.status not in (400, 401, 403):
            raise error
        raise error.with_(
            kind="auth",
            message=f"the login of user {connection.username!r} was rejected: {error.message}",
            hint="Check username and password; Windows and Azure accounts are not supported here.",
        )

    def error_of(self, method: str, path: str, response: Response) -> AsteraError:
        """The error that a response means, with the server's own words."""
        words = error_text(response.text, self.redactor.redact_text).rstrip(".")
        message = f"the server responded with {status_phrase(response.status)}"
        if "location" in response.headers and 300 <= response.status < 400:
            # Credentials and a query may be secret.
            address = re.sub(r"(?<=//)[^/?#]*@|[?#].*", "", response.headers["location"])
            message += f" and redirects to {self.redactor.redact_text(address)}"
        return AsteraError(
            kind_of_status(response.status),
            f'{message}: "{words}"' if words else message,
            method=method,
            path=path,
            status=response.status,
            attempts=response.attempts,
            hint=_REDIRECTED if 300 <= response.status < 400 else _HINTS.get(response.status),
            may_have_been_applied=_is_uncertain(response.status),
        )


def _is_uncertain(status: int) -> bool:
    """Whether the server may have applied it anyway.

    All faults of servers and proxies, but "not implemented"; and redirects, but those that ask to send it elsewhere.
    """
    return status == 408 or (status >= 500 and status != 501) or (300 <= status < 400 and status not in (307, 308))


def _object(path: str, data: Any) -> dict[str, Any]:
    """The JSON object in the data that a read shows. A list of just one object is taken for that object."""
    found = data[0] if isinstance(data, list) and len(data) == 1 else data
    if not isinstance(found, dict):
        raise unexpected("GET", path, "a JSON object")
    return found
