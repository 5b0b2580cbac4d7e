# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Server properties: ``GET`` and ``POST /api/Server/Config``. Private: may change in any release.

Documented: the fields, and that a POST must carry the repository information and the profile's name. Unknown: whether
the POST restarts the service, whether a profile that does not exist is refused, and what GET shows of the database
password. So we wait until the server answers steadily, look at what it kept, and never send back a masked password.
"""

from __future__ import annotations

import re
from typing import Any

from .._arguments import Spec
from .._client import Client
from .._errors import AsteraError, bad_input
from .._field import Field, argument_options, caseless, shown_object, wanted_values
from .._members import get_member
from .._outcome import Outcome
from .._plan import Plan
from .._resource import Resource, converge, planner
from .._wait import Deadline, is_passing

PATH = "/api/Server/Config"
#: Good answers in a row before we believe that a restart is over, or never came.
STEADY = 3

FIELDS = (
    Field("server_profile", "serverProfile"),
    Field("port", "port", "int", minimum=1, maximum=65535),
    Field("config_parameters.instrumentation_on", "configParameters.instrumentationOn", "bool"),
    Field("config_parameters.purge_chunk_size", "configParameters.purgeChunkSize", "int", minimum=1),
    Field(
        "config_parameters.purge_command_timeout_seconds",
        "configParameters.purgeCommandTimeoutSeconds",
        "int",
        minimum=0,
    ),
    Field(
        "config_parameters.purge_window_start_hour",
        "configParameters.purgeWindowStartHour",
        "int",
        minimum=0,
        maximum=24,
    ),
    Field(
        "config_parameters.purge_window_end_hour", "configParameters.purgeWindowEndHour", "int", minimum=0, maximum=24
    ),
    Field("repository.server", "serverDbInfo.server", compare=caseless),
    Field("repository.port", "serverDbInfo.port", "int", minimum=1, maximum=65535),
    Field("repository.database", "serverDbInfo.database"),
    Field("repository.service_name", "serverDbInfo.serviceName"),
    Field("repository.protocol", "serverDbInfo.protocol"),
    Field("repository.authentication_type", "serverDbInfo.authenticationType", compare=caseless),
    Field("repository.connection_timeout", "serverDbInfo.connectionTimeOut", "int", minimum=0),
    Field("repository.command_timeout", "serverDbInfo.commandTimeOut", "int", minimum=0),
    Field("repository.data_provider", "serverDbInfo.dataProvider", compare=caseless),
    Field("repository.is_repository", "serverDbInfo.isRepository", "bool"),
    Field("repository.schema", "serverDbInfo.schema"),
    Field("repository.user", "serverDbInfo.user"),
    Field("repository.password", "serverDbInfo.password", secret=True),
)

SPEC = Spec(
    options={
        **argument_options(FIELDS),
        "update_password": {"type": "str", "choices": ["on_change", "always"], "default": "on_change", "no_log": False},
        "authenticate": {"type": "bool", "default": True},
        "wait": {"type": "bool", "default": True},
        "wait_timeout": {"type": "float", "default": 300.0},
        "wait_interval": {"type": "float", "default": 1.0},
        "extra_fields": {"type": "dict"},
    }
)


def show(obj: dict[str, Any] | None) -> dict[str, Any] | None:
    """The server's object in the shape of the options."""
    return shown_object(FIELDS, obj)


def ensure(client: Client, params: dict[str, Any]) -> Outcome:
    """Bring the server's properties to the given values; returns ``server_config``."""
    wanted = wanted_values(FIELDS, params)
    always = params["update_password"] == "always" and "repository.password" in wanted
    client.hide(wanted.get("repository.password"))
    make_plan = planner(FIELDS, wanted, params.get("extra_fields"), send_secrets=always)

    def plan(current: dict[str, Any] | None) -> Plan:
        result = make_plan(current)
        if result:
            client.hide(_text_or_none(get_member(current, "serverDbInfo.password")))
            _refuse_lost_password(result.body)
        return result

    resource = Resource(
        noun="the server's properties",
        show=show,
        read=lambda: client.get_object(PATH),
        write=lambda plan: client.post(PATH, plan.body),
        plan=plan,
        read_back=lambda: (
            _steady_config(client, params, wanted.get("port")) if params["wait"] else client.get_object(PATH)
        ),
    )
    outcome, current = converge(resource, check_mode=client.check_mode)
    _refuse_lost_profile(wanted, current)
    if client.server_url != client.connection.server_url:
        outcome.warnings.append(f"The server now answers at {client.server_url}: change server_url.")
    outcome.returned = {"server_config": show(current)}
    return outcome


def _text_or_none(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _refuse_lost_password(body: dict[str, Any]) -> None:
    """The body replaces the repository information, so a password that GET hides would be lost with it."""
    password = get_member(body, "serverDbInfo.password")
    hidden = isinstance(password, str) and re.fullmatch(r"(\*+|•+|●+|x{4,}|<.*>|\[.*\])", password, re.IGNORECASE)
    by_password = caseless(get_member(body, "serverDbInfo.authenticationType") or "SqlServerAuth") == "sqlserverauth"
    if hidden or (by_password and not password):
        raise bad_input(
            "repository.password is needed to change the server's properties",
            "The whole repository information is sent back, and this server does not show its password.",
        )


def _refuse_lost_profile(wanted: dict[str, Any], current: dict[str, Any] | None) -> None:
    profile = wanted.get("server_profile")
    shown = get_member(current, "serverProfile")
    if profile is not None and shown != profile:
        raise AsteraError(
            "rejected",
            f"the server took the properties but stays with the profile {shown!r} instead of {profile!r}",
            method="POST",
            path=PATH,
            status=200,
            attempts=1,
            hint="Make the profile first; only the client's window Server Profiles is known to do that.",
        )


def _steady_config(client: Client, params: dict[str, Any], new_port: int | None) -> dict[str, Any]:
    """Wait until the server answers several times in a row; after a change of its port, on either port."""
    deadline = Deadline(params["wait_timeout"])
    steady, last = 0, None
    for _look in deadline.looks(params["wait_interval"]):
        try:
            config = client.get_object(PATH, patient=False, timeout=deadline.request_timeout)
        except AsteraError as error:
            if not is_passing(error):
                raise
            steady, last = 0, error
            _try_other_port(client, new_port)
            continue
        steady += 1
        if steady >= STEADY:
            return config
    raise AsteraError(
        "timeout",
        f"the server took the properties but did not come back within {deadline.seconds:g} s: "
        f"{last.message if last else 'it answers unsteadily'}",
        method="GET",
        path=PATH,
        hint="Look at the Windows service and its log; raise wait_timeout if it only starts slowly.",
    )


def _try_other_port(client: Client, new_port: int | None) -> None:
    """Go back and forth between the two addresses: whether a new port takes effect at once is unknown."""
    if new_port is None:
        return
    if client.server_url == client.connection.server_url:
        client.use_port(new_port)
    else:
        client.use_port(int(client.connection.server_url.rpartition(":")[2]))


def info_of(client: Client) -> dict[str, Any]:
    """The server's properties in the shape of the options."""
    return show(client.get_object(PATH)) or {}
