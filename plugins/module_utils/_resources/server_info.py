# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Is the server there, and what does it report of itself: ``GET /api/ServerInfo``. Private: may change in any release.

The endpoint is documented, the fields of its response are unknown; so the response is passed on as it is, with secrets
redacted. Any HTTP response but a 5xx, also a 401, shows that the server is up (inferred).
"""

from __future__ import annotations

from typing import Any

from .._engine.result import Result
from .._errors import AsteraError
from .._http.client import Client
from .._http.exceptions import IS_IT_THERE
from .._http.polling import Deadline, check_wait
from .._http.unexpected import reject_html
from .._redaction.names import redact_fields
from .._runner.argument_spec import Spec
from . import server_config

PATH = "/api/ServerInfo"

SPEC = Spec(
    options={
        "wait": {"type": "bool", "default": False},
        "wait_timeout": {"type": "float", "default": 300.0},
        "wait_interval": {"type": "float", "default": 2.0},
        "authenticate": {"type": "bool", "default": True},
    }
)


def run_info(client: Client, params: dict[str, Any]) -> Result:
    """Wait if asked to; returns ``server`` and, unless ``authenticate`` is false, ``server_config``."""
    check_wait(params["wait_timeout"], params["wait_interval"])
    if params["wait"]:
        wait_until_ready(client, params["wait_timeout"], params["wait_interval"])
    is_ready = params["wait"] or client.probe(client.connection.request_timeout) is None
    info = config = None
    if is_ready and params["authenticate"] is not False:
        info, config = info_of(client), server_config.show(client.get_object(server_config.PATH))
    return Result(returned={"server": {"ready": is_ready, "info": info}, "server_config": config})


def info_of(client: Client) -> Any:
    """What the server reports of itself, as it is, with secrets redacted."""
    return client.redactor.redact_deep(redact_fields(reject_html("GET", PATH, client.get(PATH))))


def wait_until_ready(client: Client, seconds: float, interval: float) -> None:
    """Wait until the server responds. Raises AsteraError of kind ``timeout`` when the seconds have passed."""
    deadline = Deadline(seconds)
    trouble: AsteraError | None = None
    for _number in deadline.polls(interval):
        trouble = client.probe(deadline.request_timeout)
        if trouble is None:
            return
        client.report("waiting for the server, {:.0f} of {:.0f} s: {}", deadline.elapsed, seconds, trouble.message)
    if trouble is not None:
        message = f"{client.server_url} did not respond within {seconds:g} s: {trouble.message}"
        raise trouble.with_(kind="timeout", message=message, hint=trouble.hint or IS_IT_THERE)
