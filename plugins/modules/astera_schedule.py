#!/usr/bin/python
# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: astera_schedule
short_description: Schedule a deployment or a flow on an Astera Integration Server
version_added: "1.0.0"
description:
  - Creates, changes, renames, activates and deactivates schedules.
  - Only the daily frequency is documented. Create any other frequency in the client, and copy it with O(like) or set it
    with O(schedule).
  - Reads and plans the schedule again after a concurrent change, at most three times.
  - Reads the list right before it creates a schedule, and fails with the ids if the name is not unique.
author:
  - astera.data_stack contributors (@astera-community)
extends_documentation_fragment:
  - astera.data_stack.attributes
  - astera.data_stack.connection
  - astera.data_stack.extra_fields
  - astera.data_stack.openapi
  - astera.data_stack.openapi.delete
attributes:
  check_mode:
    support: full
    details:
      - Only warns about a missing O(deployment) or O(like), which an earlier task may create.
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  # BEGIN options schedule: name id
  name:
    description: Name of the schedule. At most 255 characters. Case and blanks count.
    type: str
  id:
    description: The server's id of the schedule. Selects it instead of O(name), or among
      several of that name.
    type: int
  # END
  new_name:
    description: New name of the schedule. Nothing changes if this name exists and O(name) does not.
    type: str
  deployment:
    description: Name of the deployment to run.
    type: str
  # BEGIN options schedule: deployment_id start_item file
  deployment_id:
    description: Id of the deployment to run, instead of O(deployment).
    type: int
  start_item:
    description: Flow in the archive of the deployment to start, a C(.df), C(.wf) or C(.wfs).
    type: str
  file:
    description: Path of a flow on the server to run without a deployment. In a cluster,
      every server must be able to read it.
    type: str
  # END
  # BEGIN options schedule: daily
  daily:
    description: Run every day.
    type: dict
    suboptions:
      start_time:
        description: Date and time of the first run in ISO 8601 with an offset, such as
          V(2026-12-01T04:30:00+01:00). Every later run is at the same time of day.
        type: str
      at:
        description: Time of day, V(HH:MM) or V(HH:MM:SS), instead of O(daily.start_time).
          An existing schedule keeps the day of its first run.
        type: str
      utc_offset:
        description: Offset from UTC of O(daily.at), such as V(+01:00). By default that
          of the existing schedule, or of the machine that runs the module.
        type: str
  # END
  schedule:
    description:
      - Any other frequency, as the API's own dictionary. Additional fields of the server are not a difference.
    type: dict
  like:
    description:
      - Name of a schedule whose frequency is copied, for one without an option, such as weekly. Create that schedule in
        the client.
    type: str
  # BEGIN options schedule
  active:
    description: Whether the schedule is active. A new schedule is active by default.
    type: bool
  trace_level:
    description: Trace level. Only V(Job) shows the runs in the Job Monitor; a new schedule
      takes V(Job).
    type: str
  skip_if_running:
    description: Whether to skip a run while the last one is queued or running. A new schedule
      takes V(false).
    type: bool
  pushdown:
    description: Whether the job runs in pushdown mode.
    type: bool
  # END
  state:
    description:
      - Desired state of the schedule. V(absent) needs O(delete_operation) or O(openapi_path).
    type: str
    choices: [present, absent]
    default: present
  extra_fields:
    description:
      - Extra fields of the server's object, in the API's own names. They override other options. Put secrets in
        O(secret_extra_fields).
    type: dict
seealso:
  - module: astera.data_stack.astera_schedule_info
  - module: astera.data_stack.astera_schedules
    description: The same for many schedules, with far fewer requests than a loop.
  - module: astera.data_stack.astera_deployment
"""

EXAMPLES = r"""
- name: Run a deployment every morning
  astera.data_stack.astera_schedule:
    name: Orders, every morning
    deployment: Orders
    start_item: LoadOrders.wf
    daily:
      at: "04:30"
      utc_offset: "+01:00"
    skip_if_running: true

- name: Run a flow of the server's disk as often as the orders
  astera.data_stack.astera_schedule:
    name: Returns
    file: C:\Flows\load_orders.wf
    like: Orders, every morning

- name: Switch it off
  astera.data_stack.astera_schedule:
    name: Returns
    active: false
"""

RETURN = r"""
schedule:
  description:
    - Schedule after the task, as M(astera.data_stack.astera_schedule_info) returns it, with C(deployment_id) unless the
      task named C(deployment). Null with O(state=absent).
  returned: success
  type: dict
changes:
  description:
    - Values that differed; for a new schedule, those that are not the default. C(action) is V(add), V(change) or
      V(remove).
  returned: success
  type: list
  elements: dict
  sample:
    - path: active
      action: change
      before: true
      after: false
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

RESOURCE = Runnable(schedule_state.SPEC, schedule_state.run)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
