# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The only file that knows AnsibleModule, and the one place that exits. Private: may change in any release."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.basic import AnsibleModule, env_fallback
from ansible.module_utils.errors import AnsibleFallbackNotFound

from .._errors import input_error
from .._redaction.options import redactable_texts, redacted_options
from .argument_spec import Spec, full_options
from .run import Runnable, run_resource


def filled_env(*names: str) -> Any:
    """Ansible's ``env_fallback``, for which a variable that is set but empty is not set."""
    value = env_fallback(*names)
    if value == "":
        raise AnsibleFallbackNotFound
    return value


class AsteraModule(AnsibleModule):
    """An AnsibleModule whose own errors (types, choices, missing options) have ``error`` like all others.

    The action of each module has prepared the options, see ``prepared_options``.

    Secrets are redacted in the options and, unless they are very short, everywhere else: in responses, and in the
    system's log, to which the constructor already writes.
    """

    params: dict[str, Any]
    no_log_values: set[str]

    def __init__(self, spec: Spec) -> None:
        self._detailed = spec.detailed
        super().__init__(argument_spec=full_options(spec, filled_env), supports_check_mode=True)

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
        failure = {**input_error(str(msg)).to_result(), **kwargs}
        super().fail_json(**failure)

    def exit_json(self, **kwargs: Any) -> None:
        super().exit_json(invocation={"module_args": self._hide_secrets()}, **kwargs)

    def _hide_secrets(self) -> dict[str, Any]:
        """Register the secrets for redaction; returns the redacted options."""
        self.no_log_values = redactable_texts(self._detailed, self.params, self.no_log_values)
        return redacted_options(self._detailed, self.params)


def run_module(resource: Runnable) -> None:
    """Turn options into a run of the resource, and its result into what the module returns."""
    module = AsteraModule(resource.spec)
    result = run_resource(resource, module.params, check_mode=module.check_mode)
    for warning in result.redacted_warnings:
        module.warn(warning)
    returned = result.to_module_result(module._diff)
    if result.error is not None:
        module.fail_json(**returned)
    module.exit_json(**returned)
