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
  - An update sends back the server's object with its timestamps. After a concurrent change the schedule is read and
    planned again, at most three times.
  - The server may accept two schedules with the same name. So its list is read right before a creation, and duplicate
    names are an error with their ids.
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
      - A missing O(deployment) is a warning in check mode, because an earlier task may create it. In a real run it is
        an error.
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  # BEGIN options schedule: name id
  name:
    description:
      - Name of the schedule.
      - At most 255 characters. Case and blanks count. A new name must not begin or end
        with a blank; one that differs from an existing name only in case or blanks gets
        a warning.
    type: str
  id:
    description:
      - The server's id of the schedule.
      - Names an existing schedule instead of O(name), or together with it. The server may
        allow duplicate names.
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
    description:
      - Path of a flow on the server, to run it without a deployment. Usually a C(.df),
        C(.wf) or C(.wfs).
      - In a cluster, every server must be able to read it.
    type: str
  # END
  # BEGIN options schedule: daily
  daily:
    description: Run every day.
    type: dict
    suboptions:
      start_time:
        description: Date and time of the first run in ISO 8601 with an offset, such as
          V(2026-12-01T04:30:00+01:00). Every later run is at the same time of day. Compared
          as an instant.
        type: str
      at:
        description:
          - Time of day, V(HH:MM) or V(HH:MM:SS), instead of O(daily.start_time).
          - Only the time of day is compared; an existing schedule keeps the day of its
            first run.
        type: str
      utc_offset:
        description:
          - Offset from UTC of O(daily.at), such as V(+01:00).
          - 'Default: that of the existing schedule; for a new one, that of the machine
            that runs the module.'
          - It is unknown what the server does when clocks change.
        type: str
  # END
  schedule:
    description:
      - Any frequency as the API's own dictionary. Additional fields of the server are not a difference.
    type: dict
  like:
    description:
      - Name of a schedule whose frequency is copied.
      - Use it for a frequency without an option. Version 10 has weekly schedules, for example, but their form in the
        API is unknown. Create one in the client and name it here.
    type: str
  # BEGIN options schedule
  active:
    description:
      - Whether the schedule is active. A new schedule is active.
      - 'C(isActive) is documented. If the server shows one of these fields instead, the
        module uses that one:'
      - C(active), C(isActivated), C(activated), C(enabled), C(isEnabled).
    type: bool
  trace_level:
    description: V(Job) shows the runs in the Job Monitor, other values do not. A new schedule
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
      - V(absent) deletes the schedule. The vendor does not publicly document the operation. It is that of
        O(delete_operation), or else the one in the server's own OpenAPI document, see O(openapi_path).
      - Without either, the task succeeds if the schedule does not exist, and fails with C(error.kind=unsupported) if it
        does.
      - O(active=false) deactivates the schedule, which is documented.
    type: str
    choices: [present, absent]
    default: present
  extra_fields:
    description:
      - Extra fields of the server's object, in the API's own names. They override other options.
      - Values of secret names are redacted in the output, like those of O(secret_extra_fields).
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
    - Schedule as the server shows it afterwards, in the shape of the options; in check mode as it would be.
    - C(deployment) is set if the task named it, otherwise C(deployment_id).
    - Null with O(state=absent).
  returned: success
  type: dict
  # BEGIN object schedule
  contains:
    id:
      description: The server's id of the schedule.
      type: int
    name:
      description: Name of the schedule.
      type: str
    active:
      description: Whether the schedule is active. A new schedule is active.
      type: bool
    deployment_id:
      description: Id of the deployment to run, instead of C(deployment).
      type: int
    start_item:
      description: Flow in the archive of the deployment to start, a C(.df), C(.wf) or C(.wfs).
      type: str
    file:
      description: Path of a flow on the server, to run it without a deployment. Usually
        a C(.df), C(.wf) or C(.wfs).
      type: str
    trace_level:
      description: V(Job) shows the runs in the Job Monitor, other values do not. A new
        schedule takes V(Job).
      type: str
    skip_if_running:
      description: Whether to skip a run while the last one is queued or running. A new
        schedule takes V(false).
      type: bool
    pushdown:
      description: Whether the job runs in pushdown mode.
      type: bool
    daily:
      description: Run every day.
      type: dict
      contains:
        start_time:
          description: Date and time of the first run in ISO 8601 with an offset, such as
            V(2026-12-01T04:30:00+01:00). Every later run is at the same time of day. Compared
            as an instant.
          type: str
    deployment:
      description: Name of the deployment to run.
      type: str
    schedule:
      description: Any frequency as the API's own dictionary. Additional fields of the server
        are not a difference.
      type: dict
  sample:
    id: 7
    name: Orders, every morning
    active: true
    deployment_id:
    start_item: LoadOrders.wf
    file:
    trace_level: Job
    skip_if_running: true
    pushdown:
    deployment: Orders
    daily:
      start_time: '2026-12-01T04:30:00.0000000+01:00'
    schedule:
  # END
changes:
  description: Values that differed; of a new schedule, those that are not the default.
  returned: success
  type: list
  elements: dict
  sample:
    - path: active
      action: change
      before: true
      after: false
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
# BEGIN error
error:
  description: The error, for programs. C(msg) is the same as text.
  returned: failure
  type: dict
  contains:
    kind:
      description:
        - Kind of the error.
        - V(input) means that the options, or a local file that they name, cannot be used.
          C(changed) shows whether the task wrote anything.
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
      description: Method of the request that failed, null if it was not a request.
      type: str
    path:
      description: Path of that request.
      type: str
    message:
      description: What happened, with the error text of the server.
      type: str
    attempts:
      description: Number of attempts of the request, 0 if it was never sent.
      type: int
    hint:
      description: What to do, null if there is no advice.
      type: str
    may_have_been_applied:
      description: Whether the server may have applied a write although the task failed.
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

RESOURCE = Runnable(schedule_state.SPEC, schedule_state.run)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
