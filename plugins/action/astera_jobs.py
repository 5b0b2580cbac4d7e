# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs astera_jobs in-process where that is exactly equivalent, and leaves it to the role to fail for a job."""

from __future__ import annotations

from typing import Any

from ansible.utils.display import Display

from ansible_collections.astera.data_stack.plugins.plugin_utils._in_process import AsteraAction, resource_of


class ActionModule(AsteraAction):
    """A failure is printed with the whole result. The role has a task of its own that fails with the message alone,
    and others that show the rest. With -vv, Ansible prints the result too.
    """

    RESOURCE = resource_of(__name__)

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result = super().run(tmp, task_vars)
        if self._is_in_role and result.get("failed") and "results" in result:
            result["failed"] = False
            result.pop("exception", None)
            result["_ansible_verbose_override"] = Display().verbosity < 2
        return result
