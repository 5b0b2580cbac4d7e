#!/usr/bin/python
# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: astera_schedule_info
short_description: List the schedules of an Astera Integration Server
version_added: "1.0.0"
description:
  - Returns schedules in the shape of the options of M(astera.data_stack.astera_schedule).
author:
  - astera.data_stack contributors (@astera-community)
extends_documentation_fragment:
  - astera.data_stack.attributes
  - astera.data_stack.attributes.info_module
  - astera.data_stack.connection
options:
  name:
    description: Return only schedules of this name. There may be several.
    type: str
  id:
    description: Return only the schedule with this id.
    type: int
seealso:
  - module: astera.data_stack.astera_schedule
"""

EXAMPLES = r"""
- name: List all schedules
  astera.data_stack.astera_schedule_info:
  register: all

- name: Show those that are switched off
  ansible.builtin.debug:
    msg: "{{ all.schedules | rejectattr('active') | map(attribute='name') }}"
"""

RETURN = r"""
schedules:
  description: The schedules; an empty list when none matches.
  returned: success
  type: list
  elements: dict
  sample:
    - id: 7
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
"""

from ansible_collections.astera.data_stack.plugins.module_utils._resources.schedule import read as schedule
from ansible_collections.astera.data_stack.plugins.module_utils._runner.module import run_module
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import Runnable

RESOURCE = Runnable(schedule.INFO_SPEC, schedule.run_info)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
