# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs astera_login and censors its response on every screen and in every log, which a module alone cannot do."""

from __future__ import annotations

from typing import Any

from ansible_collections.astera.data_stack.plugins.plugin_utils._in_process import AsteraAction, resource_of


class ActionModule(AsteraAction):
    """The response contains a token, so it is censored for callbacks, but not in a registered variable.

    A failure contains no token, so its message is not censored.
    """

    RESOURCE = resource_of(__name__)
    _supports_async = False  # Ansible would store the response in a file

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        if not result.get("failed"):
            result["_ansible_no_log"] = True
        return result
