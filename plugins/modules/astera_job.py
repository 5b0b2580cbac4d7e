#!/usr/bin/python
# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: astera_job
short_description: Start a job on an Astera Integration Server and follow it
version_added: "1.0.0"
description:
  - Starts a flow on the server with parameters and waits for its end. Or follows or terminates a job that was started
    before.
  - Never retries a start request that may have reached the server. If its response is lost, the task fails and reports
    that the job may have been started.
  - Only the status V(Completed) is success. Any other status that is not known to mean "in progress" fails the task.
  - A lost connection or a restart of the server does not end the wait, only O(wait_timeout) does. Prefer it to the task
    keyword C(timeout), which does not return the job ID. See C(docs/jobs.md), also for progress lines.
author:
  - astera.data_stack contributors (@astera-community)
extends_documentation_fragment:
  - astera.data_stack.attributes
  - astera.data_stack.connection
  - astera.data_stack.job
  - astera.data_stack.job.statuses
  - astera.data_stack.openapi
  - astera.data_stack.openapi.jobs
attributes:
  check_mode:
    support: full
    details:
      - Predicts the start without checking that the flow exists.
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - Each run with O(path) starts a job. With O(job_id), only O(state=terminated) changes anything.
options:
  path:
    description:
      - Path of a flow as the server sees it, usually a C(.df), C(.wf) or C(.wfs). In a cluster, every server must be
        able to read it.
    type: str
  parameters:
    description:
      - Values for the flow, a dictionary for each object in it, usually C(Variables); see C(docs/jobs.md). Only values
        of secret names are redacted.
    type: dict
  secret_parameters:
    description:
      - Parameters whose values are all redacted. A parameter that O(parameters) sets, too, is rejected.
    type: dict
  job_id:
    description: Id of a job that was started before, to follow or terminate it.
    type: int
  state:
    description:
      - Desired state. V(started) starts a job, or follows O(job_id). V(terminated) terminates O(job_id) unless it has
        ended, with O(terminate_operation) or O(openapi_path).
    type: str
    choices: [started, terminated]
    default: started
seealso:
  - module: astera.data_stack.astera_job_info
  - module: astera.data_stack.astera_jobs
"""

EXAMPLES = r"""
- name: Load one file and wait for the end
  astera.data_stack.astera_job:
    path: C:\Flows\load_orders.wf
    parameters:
      Variables:
        sourceFilePath: /out/orders.csv
    secret_parameters:
      Variables:
        ftpLogin: "{{ vault_ftp_password }}"
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
  description: The job with its last status, also after a failure.
  returned: when the job was to be started, or was found
  type: dict
  contains:
    id:
      description: The server's id of the job, null if it was not started, or if the response to the start was lost.
      type: int
    status:
      description: Status in the server's own text, null if it was not read.
      type: str
    finished:
      description: Whether the job has ended.
      type: bool
    succeeded:
      description: Whether the job has completed, or has ended with one of O(success_statuses).
      type: bool
    elapsed:
      description: Seconds that the task has followed the job.
      type: float
    history:
      description: Statuses in order, with the seconds until each was first read. Short ones may be missed.
      type: list
      elements: dict
    trace:
      description:
        - What the server logged about a failed job, with known secrets redacted; else null. Needs O(trace_operation) or
          O(openapi_path).
      type: str
  sample:
    id: 1042
    status: Completed
    finished: true
    succeeded: true
    elapsed: 12.4
    history: [{status: Running, elapsed: 2.1}, {status: Completed, elapsed: 12.4}]
    trace:
changes:
  description: Start of the job, or its requested termination. Empty when the job is only followed.
  returned: when the job was to be started, or was found
  type: list
  elements: dict
  sample:
    - path: job.path
      action: add
      before:
      after: C:\Flows\load_orders.wf
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

from ansible_collections.astera.data_stack.plugins.module_utils._resources.job import start as job_state
from ansible_collections.astera.data_stack.plugins.module_utils._runner.module import run_module
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import Runnable

RESOURCE = Runnable(job_state.SPEC, job_state.run)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
