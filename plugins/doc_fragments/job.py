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
    description:
      - Seconds to wait for the end of a job, from the moment at which the task begins to follow it. When they have
        passed, the task fails with the last status.
    type: float
    default: 3600
  wait_interval:
    description: Seconds between two requests for the status. Two is what the vendor's own tool uses.
    type: float
    default: 2
  on_timeout:
    description:
      - What happens to a job that has not ended when O(wait_timeout) has passed. V(leave) lets it go on.
      - V(terminate) ends it. The operation is not publicly documented by the vendor. It is that of the option
        C(terminate_operation) of the job, or else the one in the server's own OpenAPI document. Without either, the
        task fails before anything is started. The task then waits up to 60 seconds more to see the job end.
    type: str
    choices: [leave, terminate]
    default: leave
"""

    # The meaning of statuses.
    STATUSES = r"""
options:
  success_statuses:
    description:
      - Statuses that mean success, besides V(Completed). Case does not matter.
      - Documented are V(Unknown), V(Invalid), V(NotStarted), V(Queued), V(Initializing), V(Running) and V(Completed).
        The documentation calls them a few of the statuses.
      - Give a status that the server shows as a number as its text, for instance V("6").
    type: list
    elements: str
  failure_statuses:
    description:
      - Statuses that mean that a job has ended and failed. The server's own ones are unknown.
      - Any other status counts as a failure too, when a task that follows a job reads it twice in a row.
    type: list
    elements: str
  running_statuses:
    description:
      - Statuses that mean that a job goes on, besides V(NotStarted), V(Queued), V(Initializing) and V(Running).
    type: list
    elements: str
"""
