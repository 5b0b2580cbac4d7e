#!/usr/bin/python
# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: astera_job
short_description: Start a job on an Astera Integration Server and follow it
version_added: "1.0.0"
description:
  - Starts a flow that lies on the server, with parameters, and waits until it has ended. Or follows a job that runs
    already.
  - The start call is never repeated once it may have reached the server. When its answer is lost, the task fails
    and says that the job may have been started.
  - Only the status V(Completed) is success. The server's words for failure and termination are unknown, so every
    other word that does not mean "in progress" ends the task as failed and is told.
  - While it waits, a task that Ansible runs in its own worker prints a line every five seconds. The variable
    C(astera_progress=false) switches that off; an ordinary module, as on a jump host, cannot do it.
author:
  - astera.data_stack contributors (@astera-community)
extends_documentation_fragment:
  - astera.data_stack.attributes
  - astera.data_stack.connection
attributes:
  check_mode:
    support: full
    details:
      - Predicts the start without asking the server whether the flow exists.
  diff_mode:
    support: full
  idempotent:
    support: none
    details:
      - Each run with O(path) starts a job. With O(job_id) nothing is changed.
options:
  path:
    description: Path of a C(.df) or C(.wf) as the server sees it.
    type: str
  parameters:
    description:
      - Values for the flow, a dictionary for each object in it. The object is usually called C(Variables).
      - Numbers and booleans are sent as text; booleans as V(true) and V(false).
    type: dict
  job_id:
    description: Follow this job instead of starting one.
    type: int
  wait:
    description: Whether to wait until the job has ended. Without it, RV(job.status) is null after a start.
    type: bool
    default: true
  wait_timeout:
    description: Seconds to wait. When they have passed the task fails, and the job goes on.
    type: float
    default: 3600
  wait_interval:
    description: Seconds between two looks. Two is what the vendor's own tool uses.
    type: float
    default: 2
seealso:
  - module: astera.data_stack.astera_job_info
"""

EXAMPLES = r"""
- name: Load one file and wait for the end
  astera.data_stack.astera_job:
    path: C:\Flows\load_orders.wf
    parameters:
      Variables:
        sourceFilePath: /out/orders.csv
    wait_timeout: 900

- name: Only start it
  astera.data_stack.astera_job:
    path: C:\Flows\load_orders.wf
    wait: false
  register: started

- name: Follow it later
  astera.data_stack.astera_job:
    job_id: "{{ started.job.id }}"
"""

RETURN = r"""
job:
  description: The job as it was seen last.
  returned: success
  type: dict
  contains:
    id:
      description: The server's number of the job; null in check mode.
      type: int
    status:
      description: The server's own word; null when nobody asked for it.
      type: str
    finished:
      description: Whether the job has ended.
      type: bool
    succeeded:
      description: Whether the job has completed.
      type: bool
    elapsed:
      description: Seconds that the task has followed the job.
      type: float
  sample:
    id: 1042
    status: Completed
    finished: true
    succeeded: true
    elapsed: 12.4
changes:
  description: The start of the job; empty with O(job_id).
  returned: success
  type: list
  elements: dict
  sample:
    - path: job
      action: add
      before:
      after:
        path: C:\Flows\load_orders.wf
"""

from ansible_collections.astera.data_stack.plugins.module_utils._module import run_module
from ansible_collections.astera.data_stack.plugins.module_utils._resources import job


def main():
    run_module(job.SPEC, job.ensure)


if __name__ == "__main__":
    main()
