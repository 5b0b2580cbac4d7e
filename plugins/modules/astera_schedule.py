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
  - Creates, changes, renames and switches schedules.
  - A daily run is the only frequency whose form is documented. Make any other one once in the client, and copy it
    with O(like), or pass it through with O(schedule).
  - An update is made on a fresh copy of the server's object. When somebody else changes the schedule in between, it
    is read and planned again, at most three times.
  - Nothing that is known keeps the server from taking two schedules of one name. So its list is looked at right before
    a new one, and two of one name are an error that names their ids.
author:
  - astera.data_stack contributors (@astera-community)
extends_documentation_fragment:
  - astera.data_stack.attributes
  - astera.data_stack.connection
  - astera.data_stack.extra_fields
  - astera.data_stack.openapi
attributes:
  check_mode:
    support: full
    details:
      - A O(deployment) that does not exist yet is a warning in check mode, since a task before may be about to make
        it. In a real run it is an error.
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  name:
    description:
      - Name of the schedule. At most 255 characters, since the server's own limit is unknown.
      - Case and blanks count. A new name with a blank at its begin or end is rejected, and one that differs from an
        existing one only in case or in blanks gets a warning.
    type: str
  id:
    description:
      - The server's id of an existing schedule, instead of its name or together with it. Needed when several
        schedules have the same name, which the server may allow.
    type: int
  new_name:
    description: Renames the schedule. Changes nothing when one of this name exists and none of O(name).
    type: str
  deployment:
    description: Name of the deployment to run.
    type: str
  deployment_id:
    description: Id of the deployment to run, instead of O(deployment).
    type: int
  start_item:
    description: The flow inside the deployment's archive to start, such as a C(.df), C(.wf) or C(.wfs).
    type: str
  file:
    description:
      - Path of a flow on the server, to run it without a deployment. Usually a C(.df), C(.wf) or C(.wfs) in any case.
        The ending is not checked.
      - Where several servers form a cluster, every one of them must be able to read it, since jobs are dealt to the
        servers in turn.
    type: str
  daily:
    description: Run every day.
    type: dict
    suboptions:
      start_time:
        description:
          - Date and time of the first run in ISO 8601 with an offset, for example V(2026-12-01T04:30:00+01:00). It
            repeats every day at that time. Compared as an instant.
        type: str
      at:
        description:
          - Time of day, V(HH:MM) or V(HH:MM:SS). Only the time of day is compared; the day of the first run stays
            as it is.
          - A new schedule starts at the next such time.
        type: str
      utc_offset:
        description:
          - The offset from UTC in which O(daily.at) is meant, for example V(+01:00).
          - Without it, an existing schedule keeps its own, and a new one takes that of the machine where the module
            runs, as it is on the day of the first run. What the server does when clocks change is unknown.
        type: str
  schedule:
    description:
      - Any frequency as the API's own dictionary. Members that the server shows beside the given ones do not count
        as a difference.
    type: dict
  like:
    description:
      - Name of a schedule whose frequency is copied.
      - The best way to all frequencies without an option of their own. A weekly one, with its time and its days, exists
        in version 10, but its form in the API is unknown. Make one in the client and name it here.
    type: str
  trace_level:
    description: V(Job) shows the runs in the Job Monitor, any other value does not. A new schedule takes V(Job).
    type: str
  skip_if_running:
    description: Whether a run is skipped while the last one is queued or running. A new schedule takes V(false).
    type: bool
  active:
    description:
      - Whether the schedule is switched on. A new schedule is.
      - Where the server shows C(active), C(isActivated), C(activated), C(enabled) or C(isEnabled) instead of the
        documented C(isActive), that field is read and written.
    type: bool
  pushdown:
    description: Whether the job runs in pushdown mode.
    type: bool
  state:
    description:
      - V(absent) deletes the schedule. No call is documented that does, so it takes an operation of the server's own
        OpenAPI document, see O(openapi_path). Where it names none, the task succeeds if there is no such schedule,
        and fails with C(error.kind=unsupported) if there is one.
      - O(active=false) switches it off, which is documented.
    type: str
    choices: [present, absent]
    default: present
  extra_fields:
    description:
      - Further members of the server's object, in the API's own names, laid over the rest at last.
      - Values below names that look like a secret are masked in the output, as those of O(secret_extra_fields) are.
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
    - The schedule as the server shows it afterwards, in the shape of the options; in check mode as it would be.
    - C(deployment) is filled when the task named it, else C(deployment_id).
    - Null with O(state=absent).
  returned: success
  type: dict
  sample:
    id: 7
    name: Orders, every morning
    active: true
    deployment: Orders
    deployment_id:
    start_item: LoadOrders.wf
    file:
    trace_level: Job
    skip_if_running: true
    pushdown:
    daily:
      start_time: "2026-12-01T04:30:00.0000000+01:00"
    schedule:
changes:
  description: What differed, one entry for each value.
  returned: success
  type: list
  elements: dict
  sample:
    - path: active
      action: change
      before: true
      after: false
"""

from ansible_collections.astera.data_stack.plugins.module_utils._resources.schedule import ensure as schedule_state
from ansible_collections.astera.data_stack.plugins.module_utils._runner.module import run_module
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import Runnable

RESOURCE = Runnable(schedule_state.SPEC, schedule_state.run)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
