# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # The common options of the modules for many objects.
    DOCUMENTATION = r"""
options:
  unlisted:
    description:
      - What to do with objects on the server that are not in the list. V(deactivate) rejects a list that is empty or
        only deletes.
    type: str
    choices: [keep, deactivate]
    default: keep
  continue_on_error:
    description:
      - Whether to continue with the next entry when one fails, unless the connection to the server fails. The task
        still fails at the end.
    type: bool
    default: false
"""
