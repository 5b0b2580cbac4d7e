#!/usr/bin/python
# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: astera_job_info
short_description: Ask an Astera Integration Server for the status of jobs
version_added: "1.0.0"
description:
  - Reads the status of each job once, without waiting. To wait, use M(astera.data_stack.astera_job).
  - A job that the server does not know is not an error; RV(jobs[].known) is false.
  - No documented endpoint lists jobs, so you need their ids.
author:
  - astera.data_stack contributors (@astera-community)
extends_documentation_fragment:
  - astera.data_stack.attributes
  - astera.data_stack.attributes.info_module
  - astera.data_stack.connection
  - astera.data_stack.job.statuses
options:
  job_ids:
    description: Ids of the jobs. Old jobs are purged after the days set in the cluster settings.
    type: list
    elements: int
    required: true
seealso:
  - module: astera.data_stack.astera_job
"""

EXAMPLES = r"""
- name: Start a job
  astera.data_stack.astera_job:
    path: C:\Flows\load_orders.wf
    wait: false
  register: started

- name: Ask for its status
  astera.data_stack.astera_job_info:
    job_ids: ["{{ started.job.id }}", 9999999]
  register: asked

- name: Show those that go on
  ansible.builtin.debug:
    msg: "{{ asked.jobs | selectattr('known') | rejectattr('finished') | map(attribute='id') }}"
"""

RETURN = r"""
jobs:
  description: The jobs in the order of O(job_ids).
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: The server's id of the job.
      type: int
    status:
      description:
        - Status in the server's own text, null after 404 Not Found. V(Unknown) and V(Invalid) count as no such job.
      type: str
    known:
      description: Whether the server knows the job.
      type: bool
    finished:
      description: Whether the job has ended. An unknown status counts as an end.
      type: bool
    succeeded:
      description: Whether the job has completed, or ended with one of O(success_statuses).
      type: bool
  sample:
    - id: 1042
      status: Running
      known: true
      finished: false
      succeeded: false
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

from ansible_collections.astera.data_stack.plugins.module_utils._resources.job import status as job
from ansible_collections.astera.data_stack.plugins.module_utils._runner.module import run_module
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import Runnable

RESOURCE = Runnable(job.INFO_SPEC, job.run_info)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
