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
  # BEGIN objects schedule
  contains:
    id:
      description: The server's id of the schedule.
      type: int
    name:
      description: Name of the schedule.
      type: str
    active:
      description: Whether the schedule is active.
      type: bool
    deployment_id:
      description: Id of the deployment to run, instead of C(deployment).
      type: int
    start_item:
      description: Flow in the archive of the deployment to start, a C(.df), C(.wf) or C(.wfs).
      type: str
    file:
      description: Path of a flow on the server to run without a deployment.
      type: str
    trace_level:
      description: Trace level.
      type: str
    skip_if_running:
      description: Whether to skip a run while the last one is queued or running.
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
            V(2026-12-01T04:30:00+01:00).
          type: str
    deployment:
      description: Name of the deployment to run.
      type: str
    schedule:
      description: Any other frequency, as the API's own dictionary.
      type: dict
  sample:
    - id: 7
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

from ansible_collections.astera.data_stack.plugins.module_utils._resources.schedule import read as schedule
from ansible_collections.astera.data_stack.plugins.module_utils._runner.module import run_module
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import Runnable

RESOURCE = Runnable(schedule.INFO_SPEC, schedule.run_info)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
