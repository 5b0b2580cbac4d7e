#!/usr/bin/python
# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: astera_jobs
short_description: Start many jobs on an Astera Integration Server and follow them
version_added: "1.0.0"
description:
  - Starts the jobs of a list one right after the other, without waiting between them, and then follows all of them.
    How many run at once is the server's matter, it has a queue. With O(together=false), each job is followed to its
    end before the next one starts.
  - Every entry is checked before the first job is started.
  - A job that fails, or is refused, ends neither the others nor the wait for them. The task fails in the end, with
    RV(results) and RV(table) telling what became of each.
  - No start call is repeated once it may have reached the server, as with M(astera.data_stack.astera_job).
  - A server that cannot be reached any more ends the starting. What was started is followed all the same.
author:
  - astera.data_stack contributors (@astera-community)
extends_documentation_fragment:
  - astera.data_stack.attributes
  - astera.data_stack.bulk.jobs
  - astera.data_stack.connection
  - astera.data_stack.job
  - astera.data_stack.openapi
options:
  together:
    description: Whether to start all jobs before the first one is followed.
    type: bool
    default: true
attributes:
  check_mode:
    support: full
    details:
      - Predicts the starts without asking the server whether the flows exist.
  diff_mode:
    support: full
  idempotent:
    support: none
    details:
      - Each run starts the jobs anew.
seealso:
  - module: astera.data_stack.astera_job
  - module: astera.data_stack.astera_job_info
"""

EXAMPLES = r"""
- name: Load the files of two regions at once
  block:
    - name: Start both and follow them together
      astera.data_stack.astera_jobs:
        jobs:
          - name: North
            path: C:\Flows\load_orders.wf
            parameters:
              Variables:
                sourceFilePath: /out/north.csv
          - name: South
            path: C:\Flows\load_orders.wf
            parameters:
              Variables:
                sourceFilePath: /out/south.csv
        wait_timeout: 1800
      register: loaded
  always:
    - name: Show how they ended, also when one has failed
      ansible.builtin.debug:
        msg: "{{ loaded.table }}"
"""

RETURN = r"""
results:
  description: What became of each entry, in the order of the list.
  returned: when the options are valid
  type: list
  elements: dict
  contains:
    name:
      description: The entry's name, or its path or id, with its place in the list if several have the same.
      type: str
    changed:
      description: Whether the job was started, or in check mode would be.
      type: bool
    failed:
      description: Present and true when the job was refused or did not end well.
      type: bool
    skipped:
      description: Present and true when the job was not started, since the server could not be reached any more.
      type: bool
    msg:
      description: What went wrong, and what to do.
      type: str
    error:
      description: The same for programs.
      type: dict
    job:
      description: As M(astera.data_stack.astera_job) returns it. The id is null if it was not started.
      type: dict
  sample:
    - name: North
      changed: true
      job:
        id: 1042
        status: Completed
        finished: true
        succeeded: true
        elapsed: 12.4
        history:
          - status: Completed
            elapsed: 12.4
        trace:
table:
  description: The same as lines for people.
  returned: when the options are valid
  type: list
  elements: str
  sample:
    - job    id    status     seconds
    - North  1042  Completed     12.4
changes:
  description: The starts, with the name of the entry in the path.
  returned: when the options are valid
  type: list
  elements: dict
  sample:
    - path: jobs[North]
      action: add
      before:
      after:
        path: C:\Flows\load_orders.wf
"""

from ansible_collections.astera.data_stack.plugins.module_utils._resources.job import bulk as job_list
from ansible_collections.astera.data_stack.plugins.module_utils._runner.module import run_module
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import Runnable

RESOURCE = Runnable(job_list.BULK_SPEC, job_list.run_bulk)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
