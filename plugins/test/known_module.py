# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lets a role report a missing optional collection before its first task."""

from __future__ import annotations

from collections.abc import Callable

from ansible.plugins.loader import module_loader


def known_module(name: str) -> bool:
    """Whether Ansible finds the module of this full name."""
    return bool(module_loader.find_plugin_with_context(name).resolved)


class TestModule:
    """The test of this file, under the name that Ansible expects."""

    def tests(self) -> dict[str, Callable[[str], bool]]:
        return {"known_module": known_module}
