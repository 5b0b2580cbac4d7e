# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # The companion of the option extra_fields, which each module describes for its own object.
    DOCUMENTATION = r"""
options:
  secret_extra_fields:
    description:
      - Extra fields whose values are all redacted. Those that the server does not show, or masks, are sent on every
        run, which then reports a change.
    type: dict
"""
