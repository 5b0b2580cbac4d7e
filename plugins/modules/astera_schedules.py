#!/usr/bin/python
# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: astera_schedules
short_description: Set many schedules of an Astera Integration Server in one task
version_added: "1.0.0"
description:
  - Does the same as M(astera.data_stack.astera_schedule) for a list, with one login and one read of each list.
  - Plans all entries before the first write, writes them in the order of the list, and reads the server's list again.
  - Reads the list again before it creates a schedule, and fails with the ids if a name is not unique.
author:
  - astera.data_stack contributors (@astera-community)
extends_documentation_fragment:
  - astera.data_stack.attributes
  - astera.data_stack.bulk
  - astera.data_stack.connection
  - astera.data_stack.openapi
options:
  schedules:
    description:
      - The schedules, each with options of M(astera.data_stack.astera_schedule), which describes them in full.
        O(schedules[].like) may name an earlier entry.
    type: list
    elements: dict
    required: true
    suboptions:
      # BEGIN suboptions schedule
      name:
        description: Name of the schedule.
        type: str
      id:
        description: The server's id of the schedule.
        type: int
      new_name:
        description: New name of the schedule.
        type: str
      deployment:
        description: Name of the deployment to run.
        type: str
      deployment_id:
        description: Id of the deployment to run, instead of O(schedules[].deployment).
        type: int
      start_item:
        description: Flow in the archive of the deployment to start, a C(.df), C(.wf) or
          C(.wfs).
        type: str
      file:
        description: Path of a flow on the server to run without a deployment.
        type: str
      daily:
        description: Run every day.
        type: dict
        suboptions:
          start_time:
            description: Date and time of the first run in ISO 8601 with an offset, such
              as V(2026-12-01T04:30:00+01:00).
            type: str
          at:
            description: Time of day, V(HH:MM) or V(HH:MM:SS), instead of O(schedules[].daily.start_time).
            type: str
          utc_offset:
            description: Offset from UTC of O(schedules[].daily.at), such as V(+01:00).
            type: str
      schedule:
        description: Any other frequency, as the API's own dictionary.
        type: dict
      like:
        description: Name of a schedule whose frequency is copied, for one without an option,
          such as weekly.
        type: str
      active:
        description: Whether the schedule is active. By default V(true), if the server shows
          whether it is active.
        type: bool
      trace_level:
        description: Trace level.
        type: str
      skip_if_running:
        description: Whether to skip a run while the last one is queued or running.
        type: bool
      pushdown:
        description: Whether the job runs in pushdown mode.
        type: bool
      state:
        description: Desired state of the schedule.
        type: str
        choices:
          - present
          - absent
        default: present
      extra_fields:
        description: Extra fields of the server's object, in the API's own names.
        type: dict
      secret_extra_fields:
        description: Extra fields whose values are all redacted.
        type: dict
      delete_operation:
        description: Method and path of the operation that deletes the object, such as C(DELETE
          /made-up-path/{id}).
        type: str
      # END
attributes:
  check_mode:
    support: full
    details:
      - Only warns about a missing deployment or C(like), which an earlier task may create.
  diff_mode:
    support: full
    details:
      - One diff for each schedule that changes.
  idempotent:
    support: full
notes:
  - Two entries for one object are rejected before any write. Entries with ids of their own may share a name.
seealso:
  - module: astera.data_stack.astera_schedule
  - module: astera.data_stack.astera_deployments
"""

EXAMPLES = r"""
- name: Set the schedules of the orders
  astera.data_stack.astera_schedules:
    schedules:
      - name: Orders, every morning
        deployment: Orders
        start_item: LoadOrders.wf
        daily:
          at: "04:30"
          utc_offset: "+01:00"
      - name: Returns
        file: C:\Flows\load_orders.wf
        like: Orders, every morning

- name: This schedule and no other runs
  astera.data_stack.astera_schedules:
    schedules:
      - name: Orders, every morning
    unlisted: deactivate
"""

RETURN = r"""
results:
  description:
    - One entry for each of O(schedules), in their order, then one for each that O(unlisted) deactivates.
  returned: when the options are valid and the server's list can be read
  type: list
  elements: dict
  contains:
    name:
      description: Name of the schedule, or C(id) and its number.
      type: str
    id:
      description: The server's id; null if there is none yet, or it was not read.
      type: int
    listed:
      description: V(false) if O(schedules) does not name it.
      returned: for those that O(unlisted) deactivates
      type: bool
    changed:
      description: Whether it was changed; after a failure, whether the server had accepted a write.
      type: bool
    changes:
      description: As M(astera.data_stack.astera_schedule) returns them.
      returned: always
      type: list
      elements: dict
    skipped:
      description: V(true) if it was not tried, because of the error of another one.
      returned: for one that was not tried
      type: bool
    failed:
      description: V(true) if it failed.
      returned: for one that failed
      type: bool
    msg:
      description: What happened and what to do.
      returned: for one that failed
      type: str
    error:
      description: As RV(error), without C(message) and C(hint), which C(msg) has.
      returned: for one that failed
      type: dict
  sample:
    - name: Returns
      id: 8
      changed: true
      changes:
        - path: active
          action: change
          before: true
          after: false
counts:
  description: Number of schedules by result. Those that were skipped were not tried because another one failed.
  returned: when the options are valid and the server's list can be read
  type: dict
  sample:
    created: 0
    updated: 1
    deleted: 0
    unchanged: 99
    failed: 0
    skipped: 0
# BEGIN error
error:
  description: The error, for programs; see C(docs/errors.md). C(msg) is the same as text.
  returned: failure
  type: dict
  contains:
    kind:
      description: Kind of the error.
      type: str
      choices:
        - connection
        - tls
        - auth
        - forbidden
        - not_found
        - conflict
        - rejected
        - server
        - timeout
        - job_failed
        - unsupported
        - input
    status:
      description: HTTP status of the response, null without one.
      type: int
    method:
      description: Method of the failed request, null if no request failed.
      type: str
    path:
      description: Path of the failed request.
      type: str
    message:
      description: What happened, with the server's error text.
      type: str
    attempts:
      description: Number of attempts, 0 if the request was never sent.
      type: int
    hint:
      description: What to do, null if there is no advice.
      type: str
    may_have_been_applied:
      description: Whether the server may have applied a write despite the error.
      type: bool
# END
"""

from ansible_collections.astera.data_stack.plugins.module_utils._resources.schedule import ensure as schedule_state
from ansible_collections.astera.data_stack.plugins.module_utils._runner.module import run_module
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import Runnable

RESOURCE = Runnable(schedule_state.BULK_SPEC, schedule_state.run_bulk)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
