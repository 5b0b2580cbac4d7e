# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Server properties: ``GET`` and ``POST /api/Server/Config``. Private: may change in any release.

Documented: the fields, and that a POST must carry the repository information and the profile's name. Unknown: whether
the POST restarts the service, whether a profile that does not exist is rejected, and what GET shows of the database
password. So we wait until the server responds steadily, read what it kept, and never send back a redacted password.
"""

from __future__ import annotations

import itertools
from typing import Any

from .._data.paths import get_field
from .._engine.extra_fields import OPTIONS, ExtraFields
from .._engine.field import argument_options, casefold_text, desired_values, show_object
from .._engine.plan import Plan, make_plan
from .._engine.reconcile import Reconciliation
from .._engine.resource import Resource
from .._engine.result import Result
from .._errors import AsteraError, input_error
from .._http.client import Client
from .._http.polling import Deadline, check_wait, is_transient
from .._redaction.names import is_mask
from .._runner.argument_spec import Spec
from .server_config_fields import FIELDS, PASSWORD, PORT

PATH = "/api/Server/Config"
#: Good responses in a row before we believe that a restart is over, or never came.
STEADY = 3

SPEC = Spec(
    options={
        **argument_options(FIELDS),
        "update_password": {"type": "str", "choices": ["on_change", "always"], "default": "on_change", "no_log": False},
        "authenticate": {"type": "bool", "default": True},
        "wait": {"type": "bool", "default": True},
        "wait_timeout": {"type": "float", "default": 300.0},
        "wait_interval": {"type": "float", "default": 1.0},
        **OPTIONS,
    }
)


def show(obj: dict[str, Any] | None) -> dict[str, Any] | None:
    """The server's object in the shape of the options."""
    return show_object(FIELDS, obj)


def run(client: Client, params: dict[str, Any]) -> Result:
    """Bring the server's properties to the given values; returns ``server_config`` and ``moved_to``."""
    check_wait(params["wait_timeout"], params["wait_interval"])
    resource = ServerConfigResource(client, params)
    result, current = Reconciliation(resource).run(check_mode=client.check_mode)
    desired, shown = resource.desired.get("server_profile"), get_field(current, "serverProfile")
    if desired not in (None, shown):
        raise AsteraError(
            "rejected",
            f"the server accepted the properties but keeps the profile {shown!r} instead of {desired!r}",
            hint="If the profile does not exist, create it in the window Server Profiles of the client.",
        )
    moved_to = None if client.server_url == client.connection.server_url else client.server_url
    if moved_to:
        result.warnings.append(f"The server now responds at {moved_to}: change server_url.")
    result.returned = {"server_config": show(current), "moved_to": moved_to}
    result.warnings += resource.warnings
    return result


class ServerConfigResource(Resource):
    """The desired properties, and what is known of the write that is under way."""

    label = "the server's properties"

    def __init__(self, client: Client, params: dict[str, Any]) -> None:
        super().__init__()
        self.desired = desired_values(FIELDS, params)
        self._client = client
        self._params = params
        self._extra = ExtraFields(params, client.redactor)
        self._send_password = params["update_password"] == "always" and PASSWORD.option in self.desired
        self._sent: dict[str, Any] | None = None
        self._new_port: int | None = None

    def read(self) -> dict[str, Any]:
        return self._client.get_object(PATH)

    def plan(self, current: dict[str, Any] | None) -> Plan:
        plan = make_plan(FIELDS, current, self.desired, self._extra, send_secrets=self._send_password)
        password = get_field(plan.body, PASSWORD.api)
        # The body replaces the repository information, so a password that GET redacts would be lost.
        if plan and (is_mask(password) or (uses_password(plan.body) and not password)):
            raise input_error(
                "repository.password is needed to change the server's properties",
                "Set it: all of repository is sent back, and this server does not show the password.",
            )
        return plan

    def write(self, plan: Plan) -> None:
        if any(change.field is PORT for change in plan.changes):
            self._new_port = self.desired[PORT.option]
        try:
            self._client.post(PATH, plan.body)
        except AsteraError as error:
            if error.may_have_been_applied and self._send_password:
                # A restart may swallow every response; each retry would restart it once more.
                self._send_password = False
                self.warnings.append("The response was lost, so the password may not be set. See update_password.")
            raise
        self._send_password = False
        self._sent = plan.body

    def read_back(self) -> dict[str, Any]:
        """What the server shows after the write; without waiting, what it accepted."""
        if not self._params["wait"]:
            return self._sent if self._sent is not None else self._client.get_object(PATH)
        return _steady_config(self._client, self._params, self._new_port)


def uses_password(obj: dict[str, Any]) -> bool:
    """Whether the server logs in to the repository with a password."""
    return bool(casefold_text(get_field(obj, "serverDbInfo.authenticationType") or "SqlServerAuth") == "sqlserverauth")


def _steady_config(client: Client, params: dict[str, Any], new_port: int | None) -> dict[str, Any]:
    """Wait until the server responds several times in a row; after a change of its port, on either port."""
    deadline = Deadline(params["wait_timeout"])
    steady, last = 0, None
    # Whether a new port takes effect at once is unknown.
    ports = itertools.cycle((new_port or 0, int(client.server_url.rpartition(":")[2])))
    for _number in deadline.polls(params["wait_interval"]):
        try:
            config = client.get_object(PATH, timeout=deadline.request_timeout)
        except AsteraError as error:
            if not is_transient(error):
                raise
            steady, last = 0, error
            client.report("waiting for the server to restart, {:.0f} s: {}", deadline.elapsed, error)
            if new_port is not None:
                client.use_port(next(ports))
            continue
        steady += 1
        if steady >= STEADY:
            return config
    raise AsteraError(
        "timeout",
        f"the server accepted the properties but did not come back within {deadline.seconds:g} s: "
        f"{last.message if last else 'it responds only intermittently'}",
        hint="Check the Windows service and its log. If it starts slowly, raise wait_timeout.",
    )
