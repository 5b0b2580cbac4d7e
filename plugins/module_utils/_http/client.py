# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The server's REST API as calls: login, JSON, check mode, errors. Private: may change in any release."""

from __future__ import annotations

import json
import sys
from typing import Any, Callable
from urllib.parse import urlsplit

from .._data.json_text import decoded, single_object
from .._errors import AsteraError, kind_of_status, status_phrase
from .._redaction.names import secret_values
from .._redaction.redactor import Redactor
from .._version import VERSION
from .connection import Connection, origin_of
from .error_text import error_text
from .polling import is_transient
from .progress import Progress
from .retry import LIMITED, hint_when_limited
from .token import extract_token
from .transport import Response, Transport
from .unexpected import login_denied, nothing_there, reject_html, unexpected

LOGIN = "/api/account/login"


class WriteInCheckMode(RuntimeError):
    """A defect of this collection: something tried to write in check mode. Nothing was sent."""


class Client:
    """Calls to one server, logged in when the first call needs it and once more whenever a token is refused."""

    def __init__(
        self,
        connection: Connection,
        *,
        check_mode: bool = False,
        authenticate: bool = True,
        progress: Progress | None = None,
        hidden: Redactor | None = None,
        transport: type[Transport] | None = None,
        decrypt: Callable[[str], bytes] | None = None,
    ) -> None:
        #: What must never show up in an error, should the server echo it.
        self.hidden = hidden or Redactor()
        self.hidden.add(connection.password, connection.token)
        self.connection = connection
        #: Reads a local file that is encrypted with ansible-vault, where the task knows the password.
        self.decrypt = decrypt
        self.check_mode = check_mode
        self._authenticate = authenticate
        self._progress = progress or Progress()
        self._token = connection.token
        #: What a refused login said. Trying it again could lock the account.
        self._refusal: AsteraError | None = None
        #: What the last login answered. It holds a token.
        self.login_answer: Response | None = None
        python = ".".join(map(str, sys.version_info[:3]))
        self._transport = (transport or Transport)(
            connection.server_url,
            verify=connection.verify,
            timeout=connection.request_timeout,
            retries=connection.retries,
            user_agent=f"astera.data_stack/{VERSION} (Ansible collection; Python {python})",
        )

    @property
    def server_url(self) -> str:
        return self._transport.base_url

    def report(self, line: str, *values: Any) -> None:
        """Tell how the work goes, if it is time to: a text with braces, and what goes there.

        Secrets that the server echoes do not get through.
        """
        if self._progress.due:
            self.announce(line, *values)

    def announce(self, line: str, *values: Any) -> None:
        """Tell at once what somebody needs to know who interrupts the task a moment later."""
        self._progress.tell(self.hidden.redact_text(line.format(*values)))

    def use_port(self, port: int) -> None:
        """Go on with another port of the same host, as the server does when its own port was changed."""
        parts = urlsplit(self.server_url)
        self._transport.base_url = origin_of(parts.scheme, parts.hostname or "", port)

    def close(self) -> None:
        self._transport.close()

    def certificate(self) -> dict[str, Any]:
        return self._transport.certificate()

    def get(self, path: str, *, patient: bool = True, timeout: float | None = None) -> Any:
        """The decoded answer of a read. Reads are repeated as often as ``retries`` allows."""
        return decoded(self._call("GET", path, repeatable=True, patient=patient, timeout=timeout).text)

    def get_object(self, path: str, *, patient: bool = True, timeout: float | None = None) -> dict[str, Any]:
        """A read that must answer with a JSON object. A list of just one object is taken for that object."""
        data = self.get(path, patient=patient, timeout=timeout)
        found = single_object(data)
        if found is None:
            raise unexpected("GET", path, "a JSON object", data)
        return found

    def get_object_by_id(self, path: str) -> dict[str, Any]:
        """A read of an object that may not exist: a response with nothing or with null says so too."""
        answer = self._call("GET", path, repeatable=True)
        data = decoded(answer.text)
        if data is None:
            raise nothing_there(path, answer.status)
        found = single_object(data)
        if found is None:
            raise unexpected("GET", path, "a JSON object", data)
        return found

    def get_list(self, path: str) -> list[dict[str, Any]]:
        """A read that must answer with a JSON list of objects."""
        data = self.get(path)
        if not isinstance(data, list) or not all(isinstance(item, dict) for item in data):
            raise unexpected("GET", path, "a JSON list of objects", data)
        return data

    def post(self, path: str, body: Any) -> Any:
        """The decoded answer of a write. It is sent again only when it surely never arrived."""
        self._refuse_in_check_mode(path)
        # The server's own object goes back with all that it holds.
        self.hidden.add_from_server(*secret_values(body))
        return decoded(self._call("POST", path, body=_json_bytes(body), content_type="application/json").text)

    def post_raw(self, path: str, content_type: str, body: Any = b"", query: dict[str, str] | None = None) -> Any:
        """The decoded answer of a write whose body is bytes, or a file-like object with a length."""
        self._refuse_in_check_mode(path)
        return decoded(self._call("POST", path, body=body, content_type=content_type, query=query).text)

    def request(self, method: str, path: str, query: dict[str, str] | None = None, timeout: float | None = None) -> Any:
        """The decoded answer of an operation without a body. Only a read is sent again once it may have arrived.

        With a ``timeout``, in seconds, it is tried once only.
        """
        reads = method == "GET"
        if not reads:
            self._refuse_in_check_mode(path)
        how = {"query": query, "repeatable": reads, "patient": timeout is None, "timeout": timeout}
        return decoded(self._call(method, path, **how).text)

    def ask(self, method: str, path: str, **how: Any) -> Response:
        """The whole answer to any call, whatever its status. Only a read is sent again once it may have arrived.

        ``how`` are the ``body``, its ``content_type`` and the ``query``.
        """
        reads = method == "GET"
        if not reads:
            self._refuse_in_check_mode(path)
        return self._answer(method, path, repeatable=reads, **how)

    def probe(self, timeout: float) -> AsteraError | None:
        """None when something answers as an API does, and be it a refusal. What waiting cannot cure is raised."""
        try:
            answer = self._transport.send("GET", "/api/ServerInfo", patient=False, timeout=timeout)
        except AsteraError as error:
            if is_transient(error):
                return error
            raise
        return None if answer.status < 500 else self.error_of("GET", "/api/ServerInfo", answer)

    def login(self, *, remember_me: Any = True, patient: bool = True, timeout: float | None = None) -> str:
        """Log in and return the token, which later calls use. Wrong credentials are tried exactly once."""
        if self._refusal is not None:
            raise self._refusal
        try:
            return self._logged_in(remember_me, patient, timeout)
        except AsteraError as error:
            # A lost login changes nothing, and the call that it was for has not been sent.
            final = error.with_(may_have_been_applied=False)
            if final.kind == "auth":
                self._refusal = final
            raise final from None

    def _logged_in(self, remember_me: Any, patient: bool, timeout: float | None) -> str:
        connection = self.connection
        if not connection.can_log_in:
            raise AsteraError(
                "auth",
                "the server refused the token and there is no username and password to log in again",
                hint="Give username and password, or a fresh token.",
            )
        body = {"User": connection.username, "Password": connection.password, "RememberMe": remember_me}
        answer = self._transport.send(
            "POST",
            LOGIN,
            body=_json_bytes(body),
            content_type="application/json",
            repeatable=True,
            patient=patient,
            timeout=timeout,
        )
        if answer.status in (400, 401, 403):
            raise login_denied(self.error_of("POST", LOGIN, answer), connection.username)
        self._raise_for_status("POST", LOGIN, answer)
        self.login_answer = answer
        token = extract_token(reject_html("POST", LOGIN, decoded(answer.text)))
        if token is None:
            # A refusal is no exception in Astera's own library, and ASP.NET responds to nothing with 204.
            raise login_denied(
                AsteraError(
                    "auth",
                    f"the server answered {status_phrase(answer.status)} without a token",
                    method="POST",
                    path=LOGIN,
                    status=answer.status,
                    attempts=1,
                ),
                connection.username,
            )
        self._token = token
        self.hidden.add(token)
        return token

    def _call(self, method: str, path: str, **how: Any) -> Response:
        """Send, and raise unless it succeeds."""
        return self._raise_for_status(method, path, self._answer(method, path, **how))

    def _answer(self, method: str, path: str, **how: Any) -> Response:
        """Send with a token; when the token is refused, log in again once and repeat."""
        if not self._authenticate:
            return self._transport.send(method, path, **how)
        haste = {name: how[name] for name in ("patient", "timeout") if name in how}
        if self._token is None:
            self.login(**haste)
        answer = self._transport.send(method, path, token=self._token, **how)
        # Also at its first use: the login may have been answered by another server of a cluster, or before a restart.
        if answer.status == 401 and self.connection.can_log_in:
            self.login(**haste)
            if hasattr(how.get("body"), "seek"):
                how["body"].seek(0)
            answer = self._transport.send(method, path, token=self._token, **how)
        return answer

    def _raise_for_status(self, method: str, path: str, answer: Response) -> Response:
        if 200 <= answer.status < 300:
            return answer
        raise self.error_of(method, path, answer)

    def error_of(self, method: str, path: str, answer: Response) -> AsteraError:
        """The error that an answer means, with the server's own words."""
        words = error_text(answer.text, self.hidden.redact_text).rstrip(".")
        message = f"the server answered {status_phrase(answer.status)}"
        return AsteraError(
            kind_of_status(answer.status),
            f'{message}: "{words}"' if words else message,
            method=method,
            path=path,
            status=answer.status,
            attempts=answer.attempts,
            hint=self._hint(answer),
            may_have_been_applied=_is_uncertain(answer.status),
        )

    def _hint(self, answer: Response) -> str | None:
        if answer.status == 401 and not self._authenticate:
            return "This call went without a login, as asked; the server wants one."
        if answer.status == LIMITED:
            return hint_when_limited(answer.headers.get("retry-after", ""))
        return {
            401: "The token is not or no longer valid; give a fresh one, or username and password.",
            403: "The account lacks a right; use one with an administrative role.",
        }.get(answer.status)

    def _refuse_in_check_mode(self, path: str) -> None:
        if self.check_mode:
            raise WriteInCheckMode(f"a write to {path} in check mode: please report this")


def _is_uncertain(status: int) -> bool:
    """Whether the work may have been done all the same.

    All faults of servers and proxies, but "not implemented"; and redirects, but those that ask to send it elsewhere.
    """
    return status == 408 or (status >= 500 and status != 501) or (300 <= status < 400 and status not in (307, 308))


def _json_bytes(body: Any) -> bytes:
    return json.dumps(body, allow_nan=False).encode("ascii")
