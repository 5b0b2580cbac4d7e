# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs astera_login and keeps its answer off every screen and log: a module alone cannot promise that."""

from __future__ import annotations

from typing import Any

from ansible_collections.astera.data_stack.plugins.plugin_utils._in_process import AsteraAction, resource_of


class ActionModule(AsteraAction):
    """The answer holds a token, so callbacks see it censored; a registered variable holds it all the same.

    A failure holds no token and is shown, since it must say what to do.
    """

    RESOURCE = resource_of(__name__)
    _supports_async = False  # the answer would lie in a file

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        if not result.get("failed"):
            result["_ansible_no_log"] = True
        return result
