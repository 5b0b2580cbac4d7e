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
  - Checks and plans all entries before the first write. Writes them in the order of the list, then reads the server's
    list again to verify them.
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
        description: New name of the schedule. Nothing changes if this name exists and O(schedules[].name)
          does not.
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
        description: Path of a flow on the server to run without a deployment, usually a
          C(.df), C(.wf) or C(.wfs).
        type: str
      daily:
        description: Run every day.
        type: dict
        suboptions:
          start_time:
            description: Date and time of the first run in ISO 8601 with an offset, such
              as V(2026-12-01T04:30:00+01:00). Every later run is at the same time of day.
            type: str
          at:
            description: Time of day, V(HH:MM) or V(HH:MM:SS), instead of O(schedules[].daily.start_time).
            type: str
          utc_offset:
            description: Offset from UTC of O(schedules[].daily.at), such as V(+01:00).
            type: str
      schedule:
        description: Any other frequency, as the API's own dictionary. Additional fields
          of the server are not a difference.
        type: dict
      like:
        description: Name of a schedule whose frequency is copied, for a frequency without
          an option, such as weekly. Create that schedule in the client.
        type: str
      active:
        description: Whether the schedule is active. By default V(true), if the server shows
          whether it is active.
        type: bool
      trace_level:
        description: Trace level. Only V(Job) shows the runs in the Job Monitor; a new schedule
          takes V(Job).
        type: str
      skip_if_running:
        description: Whether to skip a run while the last one is queued or running. A new
          schedule takes V(false).
        type: bool
      pushdown:
        description: Whether the job runs in pushdown mode.
        type: bool
      state:
        description: Desired state of the schedule. V(absent) deletes it with O(schedules[].delete_operation),
          or with the only operation for it in the server's OpenAPI document; see O(openapi_path).
          Without either, it fails with C(error.kind=unsupported) if the schedule exists.
        type: str
        choices:
          - present
          - absent
        default: present
      extra_fields:
        description: Extra fields of the server's object, in the API's own names. They override
          other options. Put secrets in O(schedules[].secret_extra_fields).
        type: dict
      secret_extra_fields:
        description: Extra fields whose values are all redacted, also in responses. A field
          that O(schedules[].extra_fields) sets too is rejected.
        type: dict
      delete_operation:
        description: Method (C(POST), C(PUT) or C(DELETE)) and path of the operation that
          deletes the object, such as C(DELETE /made-up-path/{id}). Name only one that your
          server is known to have, since the vendor documents none.
        type: str
      # END
attributes:
  check_mode:
    support: full
    details:
      - Warns about a missing deployment, because an earlier task may create it. Outside check mode it is an error.
  diff_mode:
    support: full
    details:
      - One diff for each schedule that changes.
  idempotent:
    support: full
notes:
  - Two entries with the same name or id are rejected before any request, also if one of them renames something. Entries
    with ids of their own may share a name.
  - If the server's list shows only some fields, the module reads each schedule individually.
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
      M(astera.data_stack.astera_schedule_info) returns the objects themselves.
  returned: when the options are valid and the server's list can be read
  type: list
  elements: dict
  contains:
    name:
      description: Name of the schedule, or C(id) and its number.
      type: str
    id:
      description: Id of the schedule on the server; null if it has none yet or was not read.
      type: int
    listed:
      description: V(false) if O(schedules) does not name it.
      returned: for those that O(unlisted) deactivates
      type: bool
    changed:
      description: Whether it was changed; after a failure, whether the server had accepted a write.
      type: bool
    changes:
      description: Values that differed; for a new one, those that are not the default.
      returned: always
      type: list
      elements: dict
      # BEGIN change
      contains:
        path:
          description: Path of the value, in the names of the options.
          type: str
        action:
          description: Kind of the change.
          type: str
          choices:
            - add
            - change
            - remove
        before:
          description: Value before, null if there was none. Secrets are redacted.
          type: raw
        after:
          description: Value after. Secrets are redacted.
          type: raw
      # END
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
      description: The error, for programs, as RV(error).
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
  description: Number of schedules by result.
  returned: when the options are valid and the server's list can be read
  type: dict
  sample:
    created: 0
    updated: 1
    deleted: 0
    unchanged: 99
    failed: 0
    skipped: 0
  contains:
    created:
      description: New ones.
      type: int
    updated:
      description: Those that differed.
      type: int
    deleted:
      description: Those that existed, with O(schedules[].state=absent).
      type: int
    unchanged:
      description: Those that were as desired.
      type: int
    failed:
      description: Those with an error.
      type: int
    skipped:
      description: Those that were not tried, because of the error of another one.
      type: int
# BEGIN error
error:
  description: The error, for programs. C(msg) is the same as text.
  returned: failure
  type: dict
  contains:
    kind:
      description: Kind of the error. V(input) means that the options, or a local file that
        they name, cannot be used.
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
  sample:
    kind: forbidden
    status: 403
    method: POST
    path: /api/Cluster
    message: the server denied the request
    attempts: 1
    hint: Check the role of the account in Astera.
    may_have_been_applied: false
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
