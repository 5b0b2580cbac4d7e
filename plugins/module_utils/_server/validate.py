# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checking the variables of a whole server without a request. Private: may change in any release.

Every module checks what needs no server before its first request. So each section runs, in check mode, with a client
whose first request ends it.
"""

from __future__ import annotations

from typing import Any, NoReturn

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError

from .._engine.result import Outcome
from .._errors import AsteraError, input_error
from .._http.client import Client
from .._http.connection import require_credentials
from .._http.transport import Transport
from .._redaction.options import secret_texts
from .._redaction.redactor import Redactor
from .._runner.argument_spec import Spec
from .._runner.settings import prepared_options
from .sections import SECTIONS, Section

VARIABLES: dict[str, dict[str, Any]] = {
    **{name: option for section in SECTIONS for name, option in section.variables.items()},
    "astera_jobs_run": {"type": "str", "choices": ["on_deploy", "always", "never"]},
    "astera_ready_timeout": {"type": "float"},
    "astera_throttle": {"type": "int"},
}
SPEC = Spec(
    options={
        "configuration": {"type": "dict", "required": True},
        "authenticate": {"type": "bool", "default": True},
    },
    details={"configuration": {"type": "dict", "options": VARIABLES}},
)


class _FirstRequest(Exception):
    """All that can be checked without a server was checked."""


class _NoTransport(Transport):
    """Sends nothing."""

    def send(self, *_where: Any, **_how: Any) -> NoReturn:
        raise _FirstRequest


def run(client: Client, params: dict[str, Any]) -> Outcome:
    """Check every section that is given; returns ``variables``, those of the sections. All mistakes are one error."""
    values = _validated(params["configuration"])
    given = {section: options for section in SECTIONS if (options := section.params(values)) is not None}
    mistakes = [
        (section.variable, error) for section, options in given.items() if (error := _mistake(client, section, options))
    ]
    mistakes = [*_no_credentials(client, given), *mistakes]
    if mistakes:
        raise input_error(" ".join(f"{variable}: {error.summary or error}" for variable, error in mistakes).rstrip("."))
    return Outcome(returned={"variables": [section.variable for section in given]})


def _validated(configuration: dict[str, Any]) -> dict[str, Any]:
    """The variables as Ansible's own validation takes them: types, choices and names of options."""
    # An empty dictionary asks for nothing, so its section is not given.
    given = {name: value for name, value in prepared_options(VARIABLES, configuration).items() if value != {}}
    result = ArgumentSpecValidator(VARIABLES).validate(given)
    if result.error_messages:
        messages = [
            f"unknown options: {error.msg}" if isinstance(error, UnsupportedError) else error.msg
            for error in result.errors
        ]
        raise input_error(". ".join(message.rstrip(".") for message in messages))
    values: dict[str, Any] = result.validated_parameters
    return values


def _no_credentials(client: Client, given: dict[Section, dict[str, Any]]) -> list[tuple[str, AsteraError]]:
    """The first section that needs credentials, where none are given."""
    connection = client.connection
    for section, options in given.items():
        if options.get("authenticate") is not False:
            try:
                require_credentials(connection.username, connection.password, connection.token)
            except AsteraError as error:
                return [(section.variable, error)]
    return []


def _mistake(client: Client, section: Section, options: dict[str, Any]) -> AsteraError | None:
    hidden = Redactor(secret_texts(section.spec.options, options))
    offline = Client(
        client.connection,
        check_mode=True,
        authenticate=False,
        hidden=hidden,
        transport=_NoTransport,
        decrypt=client.decrypt,
    )
    try:
        section.spec.check(options)
        return section.function(offline, options).error
    except AsteraError as error:
        return error
    except _FirstRequest:
        return None
    finally:
        offline.close()
