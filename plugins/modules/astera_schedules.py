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
  - Does for a list what M(astera.data_stack.astera_schedule) does for one, with one login and one read of the list.
  - All entries are checked and planned before the first write. Then they are written in the order of the list, and
    the server's list is read once more to see what it kept.
  - Nothing that is known keeps the server from taking two schedules of one name. So its list is looked at again before
    new ones, as often as is cheap, and two of one name are an error that names their ids.
  - O(schedules[].like) may name an entry that stands before it in the list.
author:
  - astera.data_stack contributors (@astera-community)
extends_documentation_fragment:
  - astera.data_stack.attributes
  - astera.data_stack.bulk
  - astera.data_stack.bulk.schedules
  - astera.data_stack.connection
  - astera.data_stack.openapi
attributes:
  check_mode:
    support: full
    details:
      - A deployment that does not exist yet is a warning in check mode, since a task before may be about to make
        it. In a real run it is an error.
  diff_mode:
    support: full
    details:
      - One diff for each schedule that changes.
  idempotent:
    support: full
notes:
  - A list with two entries of the same name or id is rejected before any request, also when one of them renames
    something. Entries with ids of their own may share a name.
  - Where the server's list shows only part of each schedule, which is unknown, every schedule is read by itself too.
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
    - One entry for each of O(schedules), in their order, and then one for each that O(unlisted) switches off.
    - An entry that failed has C(failed), C(msg) and C(error); one that was not tried has C(skipped).
  returned: when the options are valid and the server's list can be read
  type: list
  elements: dict
  contains:
    name:
      description: Name of the schedule, or C(id) and its number where the entry gives only that.
      type: str
    id:
      description: Id of the schedule on the server; null where there is none yet, or it was not looked up.
      type: int
    listed:
      description: Whether O(schedules) names it.
      type: bool
    changed:
      description: Whether it was changed; of a failed one, whether the server had taken a write before.
      type: bool
    schedule:
      description: As M(astera.data_stack.astera_schedule) returns it.
      type: dict
    changes:
      description: What differed, one entry for each value.
      type: list
      elements: dict
  sample:
    - name: Returns
      id: 8
      listed: true
      changed: true
      schedule:
        id: 8
        name: Returns
        active: false
        deployment:
        deployment_id:
        start_item:
        file: C:\Flows\load_orders.wf
        trace_level: Job
        skip_if_running: false
        pushdown:
        daily:
          start_time: "2026-12-01T04:30:00.0000000+01:00"
        schedule:
      changes:
        - path: active
          action: change
          before: true
          after: false
changes:
  description: What differed in all of them, with the name of the schedule in the path.
  returned: when the options are valid and the server's list can be read
  type: list
  elements: dict
  sample:
    - path: schedules[Returns].active
      action: change
      before: true
      after: false
"""

from ansible_collections.astera.data_stack.plugins.module_utils._resources.schedule import ensure as schedule_state
from ansible_collections.astera.data_stack.plugins.module_utils._runner.module import run_module
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import Runnable

RESOURCE = Runnable(schedule_state.BULK_SPEC, schedule_state.run_bulk)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
