# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checking the variables of a whole server without a request. Private: may change in any release.

Every module checks what needs no server before its first request. So each section runs, in check mode, with a client
whose first request ends it. All mistakes of all sections become one error, each with its place in the variables.
"""

from __future__ import annotations

import re
from contextlib import closing
from typing import Any, NoReturn

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.errors import UnsupportedError

from .._engine.duplicates import DuplicateError
from .._errors import AsteraError
from .._http.client import Client
from .._http.connection import require_credentials
from .._http.transport import Transport
from .._runner.unknown_options import levels, mistakes_error, unknown_options
from .sections import SECTIONS, Section

VARIABLES: dict[str, dict[str, Any]] = {
    **{name: option for section in SECTIONS for name, option in section.variables.items()},
    "astera_jobs_run": {"type": "str", "choices": ["on_deploy", "always", "never"], "default": "on_deploy"},
    "astera_ready_timeout": {"type": "float"},
    "astera_throttle": {"type": "int"},
}

#: An option at the beginning of a message, as in "daily.at must be ..." and "archive: there is no ...".
_OPTION = re.compile(r"[a-z_]+(?:\.[a-z_]+)*(?= must |:)")
#: The place in a message about an entry of a list of its own.
_ENTRY = re.compile(r"entry \d+ of [a-z]+: ")


class _FirstRequest(Exception):
    """All that can be checked without a server was checked."""


class _NoTransport(Transport):
    """Sends nothing."""

    def send(self, *_where: Any, **_how: Any) -> NoReturn:
        raise _FirstRequest


def validated_sections(
    client: Client, configuration: dict[str, Any]
) -> tuple[dict[str, Any], dict[Section, dict[str, Any]]]:
    """The variables as the modules take them, and the options of each section that is given.

    Raises AsteraError with all mistakes. Nothing is sent.
    """
    # An empty dictionary asks for nothing, so its section is not given.
    given = {name: value for name, value in configuration.items() if value != {}}
    result = ArgumentSpecValidator(VARIABLES).validate(given)
    if result.error_messages:
        raise mistakes_error(unknown_options(VARIABLES, given) + _invalid(given))
    values: dict[str, Any] = result.validated_parameters
    sections = {section: options for section in SECTIONS if (options := section.params(values)) is not None}
    connection = client.connection
    mistakes: list[tuple[str, AsteraError]] = []
    try:
        if any(options.get("authenticate") is not False for options in sections.values()):
            require_credentials(connection.username, connection.password, connection.token)
    except AsteraError as error:
        mistakes.append(("connection", error))
    offline = Client(
        connection,
        check_mode=True,
        authenticate=False,
        redactor=client.redactor,
        transport=_NoTransport,
        decrypt=client.decrypt,
    )
    with closing(offline):
        for section, options in sections.items():
            mistakes += _mistakes(offline, section, options)
    if mistakes:
        raise combined_error(mistakes)
    return values, sections


def combined_error(mistakes: list[tuple[str, AsteraError]]) -> AsteraError:
    """One error for all mistakes. It has the kind and the request of the first."""
    head = [f"{len(mistakes)} mistakes in the variables, and nothing was written:"] if len(mistakes) > 1 else []
    text = " ".join([*head, *(_placed(place, error) for place, error in mistakes)])
    return mistakes[0][1].with_(message=text, summary=text, hint=None)


def _placed(place: str, error: AsteraError) -> str:
    """The mistake with its place: ``astera_schedules[2].daily.at must be ...``."""
    text = _ENTRY.sub("", error.sentence(), count=1)
    joint = "." if _OPTION.match(text) and "," not in place else ": "
    return f"{place}{joint}{text}"


def _invalid(given: dict[str, Any]) -> list[tuple[str, str]]:
    """Places of values that Ansible's validation rejects, level by level, and what it says."""
    found = []
    for options, values, where in levels(VARIABLES, given):
        level = {name: {**option, "options": None} for name, option in options.items()}
        errors = ArgumentSpecValidator(level).validate(values).errors
        place = where.rstrip(".") or "variables"
        found += [(place, error.msg) for error in errors if not isinstance(error, UnsupportedError)]
    return found


def _mistakes(client: Client, section: Section, options: dict[str, Any]) -> list[tuple[str, AsteraError]]:
    """All mistakes of a section. Those of a list are found entry by entry once there is one."""
    error = _mistake(client, section, options)
    if error is None:
        return []
    found = []
    for number, entry in enumerate(options.get(section.option, []), 1):
        # What "only" names are the entries of the whole list.
        alone = _mistake(client, section, {**options, section.option: [entry], "only": None})
        if alone is not None:
            has_name = section.option == "jobs" or entry.get("name") or entry.get("new_name") or entry.get("id")
            found.append((f"{section.variable}[{number}]{'' if has_name else ', which has no name'}", alone))
    return found if found and not isinstance(error, DuplicateError) else [(section.variable, error), *found]


def _mistake(client: Client, section: Section, options: dict[str, Any]) -> AsteraError | None:
    try:
        section.spec.check(options)
        result = section.function(client, options)
        # Of a list, the error of its first entry that has one.
        return next((part.error for part in result.parts or [] if part.error), result.error)
    except AsteraError as error:
        return error
    except _FirstRequest:
        return None
