# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The only file that knows AnsibleModule, and the one place that exits. Private: may change in any release."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.basic import AnsibleModule, env_fallback

from ._arguments import Spec, full_options
from ._call import ResourceFunction, call
from ._errors import bad_input
from ._hidden import SHORTEST_HIDDEN
from ._secret_options import secret_texts, shown_options


class AsteraModule(AnsibleModule):
    """An AnsibleModule whose own refusals (types, choices, missing options) carry ``error`` like all others.

    Secrets are masked where they stand among the options, and, unless they are very short, wherever else they turn up:
    in answers, and in the system's log, to which the constructor already writes.
    """

    params: dict[str, Any]
    no_log_values: set[str]

    def _log_invocation(self) -> None:
        given = self.params
        self.params = self._hide_secrets()
        try:
            super()._log_invocation()
        finally:
            self.params = given

    def fail_json(self, msg: str, **kwargs: Any) -> None:
        # Options of a wrong type can end the search for secrets in AnsibleModule's constructor before it found any.
        kwargs["invocation"] = {"module_args": self._hide_secrets()}
        kwargs.setdefault("error", bad_input(str(msg)).as_result()["error"])
        super().fail_json(msg, **kwargs)

    def exit_json(self, **kwargs: Any) -> None:
        super().exit_json(invocation={"module_args": self._hide_secrets()}, **kwargs)

    def _hide_secrets(self) -> dict[str, Any]:
        """See to it that texts of secrets are masked; returns the options as they may be shown."""
        secrets = {*self.no_log_values, *secret_texts(self.argument_spec, self.params)}
        self.no_log_values = {secret for secret in secrets if len(secret) >= SHORTEST_HIDDEN}
        return shown_options(self.argument_spec, self.params)


def run_module(spec: Spec, function: ResourceFunction) -> None:
    """Turn options into a call of ``function`` and its outcome into the module's answer."""
    module = AsteraModule(argument_spec=full_options(spec, env_fallback), supports_check_mode=True)
    outcome = call(spec, function, module.params, check_mode=module.check_mode)
    for warning in outcome.told_warnings:
        module.warn(warning)
    result = outcome.as_result(module._diff)
    if outcome.error is not None:
        module.fail_json(**result)
    module.exit_json(**result)
