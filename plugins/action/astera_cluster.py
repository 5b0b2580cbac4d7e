# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action of every module that needs nothing of its own: the others in this folder are links to this file.

A link keeps the name of the module, so that action groups and ``module_defaults`` work on every core.
"""

from __future__ import annotations

from ansible_collections.astera.data_stack.plugins.plugin_utils._in_process import AsteraAction, resource_of


class ActionModule(AsteraAction):
    RESOURCE = resource_of(__name__)
