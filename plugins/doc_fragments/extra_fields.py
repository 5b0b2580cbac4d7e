# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # What goes along with the option extra_fields, which each module describes for its own object.
    DOCUMENTATION = r"""
options:
  secret_extra_fields:
    description:
      - Like O(extra_fields) and laid over it, for secrets. Every value in it is masked, whatever its name, also where
        the server repeats it. A member that both give is refused.
      - A value that the server shows is compared, so a second run changes nothing. Where the server shows a mask or
        nothing, nobody can tell whether it is the right one, so it is sent on every run, which then reports a change.
    type: dict
"""
