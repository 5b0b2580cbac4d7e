# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs astera_api in-process where that is exactly equivalent, and censors an unredacted response."""

from __future__ import annotations

from typing import Any

from ansible_collections.astera.data_stack.plugins.module_utils._errors import input_error
from ansible_collections.astera.data_stack.plugins.plugin_utils._in_process import AsteraAction, resource_of


class ActionModule(AsteraAction):
    """A whole response may contain secrets, so it is censored for callbacks, but not in a registered variable.

    A failure contains only the server's error text, with all known secrets redacted.
    """

    RESOURCE = resource_of(__name__)

    _is_whole = False

    def _check_task(self, given: dict[str, Any]) -> None:
        self._is_whole = given.get("answer") == "whole"
        if self._is_whole and self._task.async_val:
            raise input_error(
                "answer: whole and async exclude each other", "Ansible would store the response in a file."
            )

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        if self._is_whole and not result.get("failed"):
            result["_ansible_no_log"] = True
        return result
