# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The only file that knows AnsibleModule, and the one place that exits. Private: may change in any release."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.basic import AnsibleModule, env_fallback

from ._arguments import Spec, full_options
from ._call import ResourceFunction, call
from ._errors import bad_input
from ._members import secret_values


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
