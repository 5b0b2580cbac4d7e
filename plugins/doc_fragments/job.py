# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # The options of every module that follows jobs.
    DOCUMENTATION = r"""
options:
  wait:
    description: Whether to wait for the end. Without it, the status of a job that was started is null.
    type: bool
    default: true
  wait_timeout:
    description: Seconds to follow a job until it ends. After that the task fails with the last status.
    type: float
    default: 3600
  wait_interval:
    description: Seconds between two requests for the status.
    type: float
    default: 2
  on_timeout:
    description:
      - What to do with a job that has not ended after O(wait_timeout). V(terminate) starts nothing if no operation for
        it is known.
    type: str
    choices: [leave, terminate]
    default: leave
"""

    # The meaning of statuses.
    STATUSES = r"""
options:
  success_statuses:
    description:
      - Statuses that mean success besides V(Completed), in any case. Write a numeric status as text, such as V("6").
    type: list
    elements: str
  running_statuses:
    description:
      - Statuses of a running job besides V(NotStarted), V(Queued), V(Initializing) and V(Running). Any other is a
        failure when it is read twice.
    type: list
    elements: str
"""
