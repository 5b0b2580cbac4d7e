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
      - Extra fields that are secret. Every value in it is redacted, whatever its name, also in responses. A field in
        both O(extra_fields) and this option is rejected.
      - A value that the server shows is compared, so a second run changes nothing. If the server shows a mask or
        nothing, the value is sent on every run, which then reports a change.
    type: dict
"""
