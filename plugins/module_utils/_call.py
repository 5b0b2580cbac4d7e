# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Options in, outcome out: what is the same in a module and in the worker. Private: may change in any release."""

from __future__ import annotations

from typing import Any, Callable

from ._arguments import Spec
from ._client import Client
from ._connection import connection_from
from ._errors import AsteraError
from ._members import secret_values
from ._outcome import Outcome
from ._progress import Progress

#: A resource function: takes a client and the module's parameters, returns an outcome or raises AsteraError.
ResourceFunction = Callable[[Client, "dict[str, Any]"], Outcome]


def call(
    spec: Spec,
    function: ResourceFunction,
    params: dict[str, Any],
    *,
    check_mode: bool,
    tell: Callable[[str], None] | None = None,
) -> Outcome:
    """Check the rules between the options and run a resource function with a client of its own.

    ``tell`` is given a line now and then while it works. An AsteraError becomes an outcome here, so that whoever
    reports it does not do so while it is handled: Ansible would add its traceback.
    """
    try:
        return _called(spec, function, params, check_mode, tell)
    except AsteraError as error:
        return Outcome(error=error)


def _called(
    spec: Spec,
    function: ResourceFunction,
    params: dict[str, Any],
    check_mode: bool,
    tell: Callable[[str], None] | None,
) -> Outcome:
    spec.check(params)
    authenticate = params.get("authenticate") is not False
    client = Client(
        connection_from(params, authenticate=authenticate),
        check_mode=check_mode,
        authenticate=authenticate,
        progress=Progress(tell),
    )
    client.hide(*secret_values(params))
    try:
        return function(client, params)
    finally:
        client.close()
