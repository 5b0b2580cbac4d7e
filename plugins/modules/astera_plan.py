#!/usr/bin/python
# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: astera_plan
short_description: Plan all sections of an Astera Integration Server without changing it
version_added: "1.0.0"
description:
  - Compares a server with the variables of the roles, and returns what a bootstrap would do, section by section.
  - Checks all variables first. One error lists all mistakes with their places.
  - Logs in once and reads each list once. A schedule may name a deployment that is only planned.
  - Never writes, and never reports a change. Use C(changed_when) with RV(in_sync) to report one.
author:
  - astera.data_stack contributors (@astera-community)
extends_documentation_fragment:
  - astera.data_stack.attributes
  - astera.data_stack.connection
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - One diff for each object. Ansible prints it if C(changed_when) reports a change.
  idempotent:
    support: full
options:
  configuration:
    description:
      - Variables of the roles by name, such as C(astera_cluster), also from M(astera.data_stack.astera_export). Null
        and empty ones count as not given.
    type: dict
    required: true
  wait:
    description:
      - Whether to wait until the server responds, as C(astera_ready_timeout) in O(configuration) does.
    type: bool
    default: false
  wait_timeout:
    description: Seconds to wait for the server. After that the task fails.
    type: float
    default: 300
  wait_interval:
    description: Seconds between two attempts to reach the server.
    type: float
    default: 2
  report:
    description:
      - Whether to return the data of a drift report, too. A section that cannot be planned is then one of RV(problems)
        and does not fail the task.
    type: bool
    default: false
seealso:
  - module: astera.data_stack.astera_export
"""

EXAMPLES = r"""
- name: Plan a server
  astera.data_stack.astera_plan:
    configuration:
      astera_cluster:
        purge_job_info_after: 30
      astera_deployments:
        - name: Orders
          archive: "{{ playbook_dir }}/orders.car"
      astera_schedules:
        - name: Orders, every morning
          deployment: Orders
          start_item: LoadOrders.wf
          daily:
            at: "04:30"
  register: planned
  changed_when: not planned.in_sync

- name: Show what would be done
  ansible.builtin.debug:
    var: planned.plan
"""

RETURN = r"""
plan:
  description: Actions of a bootstrap, one entry for each object, in order.
  returned: success
  type: list
  elements: dict
  contains:
    section:
      description: Section, such as V(schedules).
      type: str
    name:
      description: Name of the deployment, the schedule or the job; null for other sections.
      type: str
    action:
      description: Action on the object.
      type: str
      choices: [create, update, delete, deactivate, start]
    changed_on_server:
      description: Time of the last change on the server, null if it shows none.
      type: str
    changes:
      description: Values that differ. C(action) is V(add), V(change) or V(remove). Secrets are redacted.
      type: list
      elements: dict
  sample:
    - section: cluster
      name:
      action: update
      changed_on_server:
      changes:
        - {path: purge_job_info_after, action: change, before: 7, after: 30}
in_sync:
  description: Whether nothing needs to change. Jobs to start do not count.
  returned: success
  type: bool
  sample: false
sections:
  description: Sections with something to do, in the order of a bootstrap.
  returned: success
  type: list
  elements: str
  sample: [cluster]
not_planned:
  description:
    - Sections that were not planned, because C(astera_server_config) sets C(authenticate=false).
  returned: success
  type: list
  elements: str
unlisted:
  description: Objects on the server that the lists do not name, by section.
  returned: success
  type: dict
  sample:
    deployments: []
    schedules: [{id: 9, name: Trial, active: true}]
repository:
  description:
    - Repository of the server, to find servers that share one. Null if there is nothing to do or the server does not
      show it.
  returned: success
  type: str
  sample: /sql01.example.com/asterarepository
jobs_run:
  description: C(astera_jobs_run), or V(always) if C(astera_jobs_only) names jobs, which then run.
  returned: success
  type: str
  sample: on_deploy
compared:
  description: Sections that were planned.
  returned: success
  type: list
  elements: str
  sample: [cluster, schedules]
observed:
  description: Information and schedules of the server; null for those that cannot be read.
  returned: if O(report=true)
  type: dict
  sample:
    server:
      version: "10.5"
    schedules: []
problems:
  description: Reasons why sections or entries of lists could not be planned. Each has C(place), C(kind) and C(message).
  returned: if O(report=true)
  type: list
  elements: dict
not_read:
  description: Reasons why parts of RV(observed) could not be read. Each has C(place), C(kind) and C(message).
  returned: if O(report=true)
  type: list
  elements: dict
license:
  description: License state in the marker; null without a license in O(configuration).
  returned: if O(report=true)
  type: dict
  sample:
    marker: true
    registered: true
    activated: true
summary:
  description: Sections that were compared, and their changes, in one line.
  returned: success
  type: str
  sample: >-
    Compared cluster, deployments, schedules. Changes: cluster (update 1). Without variables: server_config, license.
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

from ansible_collections.astera.data_stack.plugins.module_utils._runner.module import run_module
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import Runnable
from ansible_collections.astera.data_stack.plugins.module_utils._server import plan

RESOURCE = Runnable(plan.SPEC, plan.run, only_plans=True)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
