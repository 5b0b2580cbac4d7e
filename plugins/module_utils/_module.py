# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The only file that knows AnsibleModule, and the one place that exits. Private: may change in any release."""

from __future__ import annotations

from typing import Any, Callable

from ansible.module_utils.basic import AnsibleModule, env_fallback

from ._arguments import Spec, full_options
from ._client import Client
from ._connection import connection_from
from ._errors import AsteraError, bad_input
from ._members import secret_values
from ._outcome import Outcome
from ._progress import Progress

#: A resource function: takes a client and the module's parameters, returns an outcome or raises AsteraError.
ResourceFunction = Callable[[Client, "dict[str, Any]"], Outcome]


class AsteraModule(AnsibleModule):
    """An AnsibleModule whose own refusals (types, choices, missing options) carry ``error`` like all others.

    Values under names that look secret are masked like those of options that are secret by themselves: in answers, and
    in the system's log, to which the constructor already writes.
    """

    def _log_invocation(self) -> None:
        self.no_log_values.update(secret_values(self.params))
        super()._log_invocation()

    def fail_json(self, msg: str, **kwargs: Any) -> None:
        # Options of a wrong type can end the search for secrets in AnsibleModule's constructor before it found any.
        self.no_log_values.update(secret_values(self.params))
        kwargs.setdefault("error", bad_input(str(msg)).as_result()["error"])
        super().fail_json(msg, **kwargs)


def run_module(spec: Spec, function: ResourceFunction) -> None:
    """Turn options into a call of ``function`` and its outcome into the module's answer."""
    module = AsteraModule(argument_spec=full_options(spec, env_fallback), supports_check_mode=True)
    outcome = call(spec, function, module.params, check_mode=module.check_mode)
    for warning in outcome.warnings:
        module.warn(warning)
    result = outcome.as_result(module._diff)
    if outcome.error is not None:
        module.fail_json(**result)
    module.exit_json(**result)


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
