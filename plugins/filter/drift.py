# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filters of the role ``drift_report``."""

from __future__ import annotations

from ansible_collections.astera.data_stack.plugins.plugin_utils._drift import make_report, verdict
from ansible_collections.astera.data_stack.plugins.plugin_utils._drift_html import to_html
from ansible_collections.astera.data_stack.plugins.plugin_utils._drift_markdown import to_markdown


class FilterModule:
    def filters(self):
        return {
            "drift_report": make_report,
            "drift_verdict": verdict,
            "drift_markdown": to_markdown,
            "drift_html": to_html,
        }
