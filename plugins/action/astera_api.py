# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs the module of the same name in-process where that is exactly equivalent."""

from __future__ import annotations

from ansible_collections.astera.data_stack.plugins.plugin_utils._in_process import AsteraAction, resource_of


class ActionModule(AsteraAction):
    RESOURCE = resource_of(__name__)
