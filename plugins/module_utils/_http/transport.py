# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests to one server and their responses: retries and limits. Private: may change in any release."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http.client import IncompleteRead
from typing import Any

from .._errors import AsteraError, input_error
from .connection import MAX_TIMEOUT, Connection
from .retry import is_retried_after_error, is_retried_after_status, pause_after
from .session import HAS_REQUESTS, OTHER_ERRORS, HTTPError, new_session  # type: ignore[attr-defined]

#: Seconds. A server that does not even accept a connection by then is not there.
CONNECT_TIMEOUT = 10.0
#: Bytes of a body. A schedule takes about one KiB, so lists of thousands fit many times; as objects in memory even the
#: worst JSON of this size stays near one GiB.
MAX_BODY = 32 * 1024 * 1024
#: Bytes of a body that comes with an error: its first words are all that is shown.
MAX_ERROR = 64 * 1024
#: Bytes that are read at a time.
BLOCK = 64 * 1024


@dataclass(frozen=True)
class Request:
    """One request. ``path`` is absolute on the server and may carry a query of its own.

    ``query`` has a text, or several, for each name.

    A ``body`` that is read while it is sent has a length, and each attempt iterates over it again.

    ``idempotent`` allows a retry although the request may have been applied; a read allows it in any case.
    With a ``timeout``, in seconds and never longer than the session's own, it is tried once only: the caller waits.
    """

    method: str
    path: str
    query: Mapping[str, str | list[str]] | None = None
    body: bytes | Iterable[bytes] | None = field(default=None, repr=False)
    content_type: str | None = None
    idempotent: bool = False
    timeout: float | None = None


@dataclass(frozen=True, repr=False, eq=False)
class Response:
    """An HTTP response, read to its end. ``attempts`` counts the requests it took.

    Names of ``headers`` are in small letters.
    """

    status: int
    content_type: str
    text: str
    attempts: int
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300


class Transport:
    """One keep-alive session to one server. Knows HTTP, neither JSON nor the API."""

    def __init__(self, connection: Connection) -> None:
        if not HAS_REQUESTS:
            raise input_error(
                f"the Python library requests is not installed for {sys.executable}, which runs this module",
                "Install it there with pip install requests, or choose another Python with ansible_python_interpreter: "
                "on the controller, '{{ ansible_playbook_python }}' is the one that runs Ansible.",
            )
        self.base_url = connection.server_url
        self._connection = connection
        self._session = new_session(connection.server_url, connection.verify)

    def send(self, request: Request, token: str | None = None) -> Response:
        """Send a request and read the whole response to the last attempt, whatever its status.

        AsteraError when there is none.
        """
        retries = self._connection.retries if request.timeout is None else 0
        idempotent = request.idempotent or request.method == "GET"
        attempt = 0
        while True:
            attempt += 1
            pause = pause_after(attempt)
            try:
                response = self._once(request, token, attempt)
                if attempt > retries or not is_retried_after_status(response.status, idempotent):
                    return response
                pause = pause_after(attempt, response.headers.get("retry-after", ""))
            except AsteraError as error:
                if attempt > retries or not is_retried_after_error(error, idempotent):
                    attempts = 0 if error.kind == "input" else attempt
                    raise error.with_(method=request.method, path=request.path, attempts=attempts) from None
            time.sleep(pause)

    def _once(self, request: Request, token: str | None, attempt: int) -> Response:
        seconds = min(request.timeout or MAX_TIMEOUT, self._connection.request_timeout)
        try:
            response = self._session.request(
                request.method,
                self.base_url + request.path,
                params=request.query,
                data=request.body,
                headers={"Content-Type": request.content_type, "Authorization": f"Bearer {token}" if token else None},
                verify=self._connection.verify,
                timeout=(min(seconds, CONNECT_TIMEOUT), seconds),
                stream=True,
                allow_redirects=False,
            )
            return _read(response, seconds, attempt)
        except (HTTPError, *OTHER_ERRORS) as exc:
            # Imported here since most tasks meet no such error, and every import costs a module time.
            from .exceptions import translated

            raise translated(exc, self.base_url) from None

    def close(self) -> None:
        self._session.close()


def _read(response: Any, seconds: float, attempt: int) -> Response:
    """The response with its body, of an error only with its beginning. AsteraError when it is too large or too slow."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    with response:
        body = _read_body(response.raw, seconds, is_error=not 200 <= response.status_code < 300)
    return Response(
        status=response.status_code,
        content_type=headers.get("content-type", "").partition(";")[0].strip().lower(),
        text=body.decode("utf-8-sig", "replace"),
        attempts=attempt,
        headers=headers,
    )


def _read_body(raw: Any, seconds: float, is_error: bool) -> bytes:
    deadline = time.monotonic() + seconds
    # The response of http.client. requests uses it too, for cookies. urllib3 itself waits for whole blocks, believes
    # any length of a chunk, and before its version 2 takes the end of the connection for the end of the body.
    source = raw._original_response  # noqa: SLF001
    body = bytearray()
    while block := source.read1(BLOCK):
        body += block
        if is_error and len(body) >= MAX_ERROR:
            return bytes(body[:MAX_ERROR])
        if len(body) > MAX_BODY:
            message = f"the response is larger than {MAX_BODY // 2**20} MiB, and was not read to its end"
            hint = "Check that server_url is an Astera server; no list of one is known to be as long."
            raise AsteraError("server", message, hint=hint, may_have_been_applied=True)
        if time.monotonic() > deadline:
            message = "the response comes too slowly, and was not read to its end"
            hint = "Raise request_timeout if the server is merely slow."
            raise AsteraError("timeout", message, hint=hint, may_have_been_applied=True)
    if source.length:
        raise IncompleteRead(bytes(body), source.length)
    raw.release_conn()
    return bytes(body)
