# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One poll of a server, with the client of the modules. It blocks, so it runs in a thread. Private."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ansible_collections.astera.data_stack.plugins.module_utils._data.paths import get_field
from ansible_collections.astera.data_stack.plugins.module_utils._engine.lookup import object_id, object_name
from ansible_collections.astera.data_stack.plugins.module_utils._engine.plan import VERSION_FIELD
from ansible_collections.astera.data_stack.plugins.module_utils._errors import AsteraError
from ansible_collections.astera.data_stack.plugins.module_utils._http.client import Client
from ansible_collections.astera.data_stack.plugins.module_utils._redaction.names import redact_fields
from ansible_collections.astera.data_stack.plugins.module_utils._resources import cluster, server_config
from ansible_collections.astera.data_stack.plugins.module_utils._resources.deployment import read as deployment
from ansible_collections.astera.data_stack.plugins.module_utils._resources.schedule import read as schedule
from ansible_collections.astera.data_stack.plugins.plugin_utils._eda.jobs import Jobs
from ansible_collections.astera.data_stack.plugins.plugin_utils._eda.snapshot import KINDS, SINGLE, Item
from ansible_collections.astera.data_stack.plugins.plugin_utils._eda.tracker import Poll

#: Read when nothing is watched, to see whether the server responds and takes the login.
ANYTHING = "/api/ServerInfo"
#: Kinds of errors that mean that the server, or the way there, does not work. ``auth``: it rejects a fresh token;
#: ``input``: a proxy or a file of certificates.
_FAILURES = ("auth", "connection", "input", "server", "timeout", "tls")

_LISTS: dict[str, tuple[str, Callable[[dict[str, Any]], dict[str, Any] | None]]] = {
    "deployments": (deployment.LIST_PATH, deployment.show),
    # Without the names of the deployments: a schedule does not change when its deployment is renamed.
    "schedules": (schedule.LIST_PATH, lambda obj: schedule.show(obj, {})),
}
_SINGLES: dict[str, tuple[str, Callable[[dict[str, Any]], dict[str, Any] | None]]] = {
    "cluster": (cluster.PATH, cluster.show),
    "server_config": (server_config.PATH, server_config.show),
}


class Reader:
    """Polls one server. A denied login is never tried again: the account could be locked."""

    def __init__(self, client: Client, watch: Sequence[str], jobs: Jobs) -> None:
        self._client = client
        self._jobs = jobs
        self._sections = [*(watch or [ANYTHING]), *(["jobs"] if jobs.is_used else [])]
        self._denial: AsteraError | None = None

    def poll(self) -> Poll:
        """Read everything once. What goes wrong is part of the poll."""
        poll = Poll()
        if self._denial is None:
            poll = self._read()
            self._denial = poll.denial
        if self._denial is None:
            return poll
        return Poll(denial=self._denial, failure=self._probe())

    def _read(self) -> Poll:
        found: dict[str, dict[int, Item]] = {}
        denied: dict[str, AsteraError] = {}
        failure: AsteraError | None = None
        for what in self._sections:
            error = self._try(what, found)
            if error is None:
                continue
            if _is_refusal(error):
                return Poll(denial=error)
            if error.kind in _FAILURES:
                failure = failure or error
            else:
                denied[what] = error
            if error.is_server_wide:
                break
        ended_before, ended = self._jobs.take()
        return Poll(found, denied, failure, None, ended_before, ended)

    def _try(self, what: str, found: dict[str, dict[int, Item]]) -> AsteraError | None:
        try:
            self._read_one(what, found)
        except AsteraError as error:
            return error
        return None

    def _read_one(self, what: str, found: dict[str, dict[int, Item]]) -> None:
        if what in _LISTS:
            path, show = _LISTS[what]
            found[what] = _by_id(what, path, [_item(what, obj, show) for obj in self._client.get_list(path)])
        elif what in _SINGLES:
            path, show = _SINGLES[what]
            found[what] = {SINGLE: _single(what, show(self._client.get_object(path)) or {})}
        elif what == "jobs":
            self._jobs.poll(lambda job: job.poll(self._client))
        else:
            self._client.get(what)

    def _probe(self) -> AsteraError | None:
        """Whether anything responds, asked without a login."""
        try:
            return self._client.probe(self._client.connection.request_timeout)
        except AsteraError as error:
            return error


def _is_refusal(error: AsteraError) -> bool:
    """Whether the login itself was denied. A read that is denied right after a login names the read."""
    return error.kind == "auth" and error.method != "GET"


def _item(what: str, obj: dict[str, Any], show: Callable[[dict[str, Any]], dict[str, Any] | None]) -> Item:
    values = redact_fields(show(obj) or {})
    number, name, timestamp = object_id(obj), object_name(obj), get_field(obj, VERSION_FIELD)
    return Item(
        KINDS[what],
        number if isinstance(number, int) else None,
        name if isinstance(name, str) else None,
        values["active"] if isinstance(values.get("active"), bool) else None,
        timestamp if isinstance(timestamp, str) else None,
        values,
    )


def _single(what: str, values: dict[str, Any]) -> Item:
    name = values.get("name")
    return Item(KINDS[what], None, name if isinstance(name, str) else None, None, None, redact_fields(values))


def _by_id(what: str, path: str, items: list[Item]) -> dict[int, Item]:
    """The objects by their ids, which are positive. Anything else would be taken for an object that was removed."""
    if any(isinstance(item.id, bool) or item.id is None or item.id < 1 for item in items):
        message = f"the server shows a {KINDS[what]} without a usable id"
        raise AsteraError("server", message, method="GET", path=path, status=200, attempts=1)
    return {item.key: item for item in reversed(items)}
