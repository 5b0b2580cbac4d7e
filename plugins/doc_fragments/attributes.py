# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # What each attribute means; the modules say how far they support it.
    DOCUMENTATION = r"""
attributes:
  check_mode:
    description: Predicts what it would change without sending any write to the server.
  diff_mode:
    description: Shows what it changed, or in check mode would change, with secrets redacted.
  idempotent:
    description: A second run with the same options changes nothing.
  action_group:
    description: Sets options for all modules with C(module_defaults).
    support: full
    membership:
      - astera.data_stack.astera
"""

    # For modules that only read.
    INFO_MODULE = r"""
attributes:
  check_mode:
    support: full
  diff_mode:
    support: N/A
    details:
      - Only reads.
  idempotent:
    support: full
"""
