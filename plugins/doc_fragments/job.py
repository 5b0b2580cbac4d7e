# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # What following a job, or many, has in common.
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
      - What becomes of a job that has not ended when O(wait_timeout) has passed. V(leave) lets it go on.
      - V(terminate) ends it. No call is documented that could, so it takes an operation of the server's own OpenAPI
        document, see O(openapi_path). That there is one is found out before anything is started. The task then waits
        up to 60 seconds more to see it end.
    type: str
    choices: [leave, terminate]
    default: leave
"""

    # The meaning of status words.
    STATUSES = r"""
options:
  success_statuses:
    description:
      - Status words that mean success, besides V(Completed). Case does not matter.
      - Documented are V(Unknown), V(Invalid), V(NotStarted), V(Queued), V(Initializing), V(Running) and V(Completed),
        and these are said to be only a few of them.
      - A server that shows numbers instead is unheard of but possible. A number is compared as its text, for instance
        V("6").
    type: list
    elements: str
  failure_statuses:
    description:
      - Status words that mean that a job has ended and failed. The server's own ones are unknown.
      - Any word that nobody knows counts as a failure too; a task that follows a job wants to see it twice in a row.
    type: list
    elements: str
  running_statuses:
    description:
      - Status words that mean that a job goes on, besides V(NotStarted), V(Queued), V(Initializing) and V(Running).
    type: list
    elements: str
"""
