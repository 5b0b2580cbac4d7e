# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options in, result out: the same in a module and in-process. Private: may change in any release."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from typing import Any, Callable

from .._engine.result import Result
from .._errors import AsteraError
from .._http.client import Client
from .._http.connection import connection_from
from .._http.progress import Progress
from .._redaction.options import secret_texts
from .._redaction.redactor import Redactor
from .argument_spec import Spec


@dataclass(frozen=True)
class Runnable:
    """What a module runs: its options, and the function that takes them, and returns a result or raises AsteraError.

    One that ``only_plans`` cannot write, and decides itself whether it needs credentials.
    """

    spec: Spec
    function: Callable[[Client, dict[str, Any]], Result]
    only_plans: bool = False


#: The same for all tasks and hosts, so that Ansible shows it once in a run.
UNENCRYPTED = "allow_http: passwords and all other data cross the network unencrypted; anybody can pose as the server."


def run_resource(
    resource: Runnable,
    params: dict[str, Any],
    *,
    check_mode: bool,
    show_progress: Callable[[str], None] | None = None,
    decrypt: Callable[[str], bytes] | None = None,
) -> Result:
    """Check the rules between the options and run a resource function with a client of its own.

    ``show_progress`` gets a line now and then, ``decrypt`` reads a file of ansible-vault. An AsteraError becomes a
    result here: Ansible would add the traceback of an exception that is being handled. No known secret is in it.
    """
    redactor = Redactor(secret_texts(resource.spec.detailed, params))
    authenticate = params.get("authenticate") is not False
    warnings = []
    try:
        resource.spec.check(params)
        connection = connection_from(params, authenticate=authenticate and not resource.only_plans)
        if connection.is_unencrypted:
            warnings.append(UNENCRYPTED)
        client = Client(
            connection,
            check_mode=check_mode or resource.only_plans,
            authenticate=authenticate,
            progress=Progress(show_progress),
            redactor=redactor,
            decrypt=decrypt,
        )
        with closing(client):
            result = resource.function(client, params)
    except AsteraError as error:
        result = Result(error=error)
    except Exception as error:
        # A defect of ours, whose traceback goes to the user.
        words = redactor.redact_text(f"{type(error).__name__}: {error}")
        raise RuntimeError(words).with_traceback(error.__traceback__) from None
    result.redactor = redactor
    result.warnings += warnings
    return result
