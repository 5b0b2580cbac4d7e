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
    O(success_statuses) and O(running_statuses) add more statuses.
  - A lost connection or a restart of the server does not end the wait, only O(wait_timeout) does. Prefer it to the task
    keyword C(timeout), which may leave the module running and does not return the job ID.
  - Where a task runs inside the Ansible worker, it prints the job ID at once and then a line every five seconds, so
    that O(job_id) can follow the job after an interruption. Set the variable C(astera_progress=false) to disable that.
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
      - Each run with O(path) starts a job. With O(job_id), only O(state=terminated) changes anything, unless the job
        has ended.
options:
  path:
    description:
      - Path of a flow as the server sees it, usually a C(.df), C(.wf) or C(.wfs). In a cluster, every server must be
        able to read it, because any of them may run the job.
    type: str
  parameters:
    description:
      - Values for the flow, a dictionary for each object in it, usually C(Variables). Values under secret names, such
        as C(ftpPassword), are redacted; put other secrets in O(secret_parameters).
      - "Values are sent as text: booleans as V(true) and V(false), numbers without exponent, dates and times in ISO
        8601. Null values, lists and dictionaries are rejected."
    type: dict
  secret_parameters:
    description:
      - Parameters whose values are all redacted, also in what the server returns. A parameter that O(parameters) sets
        too is rejected.
    type: dict
  job_id:
    description: Id of a job that was started before, to follow or terminate it.
    type: int
  state:
    description:
      - Desired state. V(started) starts a job, or follows O(job_id). V(terminated) terminates O(job_id) unless it has
        ended.
      - V(terminated) needs O(terminate_operation), or the only operation for it in the server's OpenAPI document; see
        O(openapi_path). Without either, it fails with C(error.kind=unsupported).
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
    wait_timeout: 900

- name: Give it a password that is redacted in the output
  astera.data_stack.astera_job:
    path: C:\Flows\load_orders.wf
    parameters:
      Variables:
        sourceFilePath: /out/orders.csv
    secret_parameters:
      Variables:
        ftpLogin: "{{ vault_ftp_password }}"

- name: Only start it
  astera.data_stack.astera_job:
    path: C:\Flows\load_orders.wf
    wait: false
  register: started

- name: Follow it later
  astera.data_stack.astera_job:
    job_id: "{{ started.job.id }}"

- name: Take one more status of the server for success
  astera.data_stack.astera_job:
    path: C:\Flows\load_orders.wf
    success_statuses:
      - CompletedWithWarnings

- name: Make sure that it does not run any more
  astera.data_stack.astera_job:
    job_id: "{{ started.job.id }}"
    state: terminated
"""

RETURN = r"""
job:
  description: The job with its last status, also after a failure unless it is unknown whether there is a job.
  returned: when the job is known, or in check mode
  type: dict
  # BEGIN job
  contains:
    id:
      description: The server's id of the job, null in check mode.
      type: int
    status:
      description: Status in the server's own text, null if it was not read.
      type: str
    finished:
      description: Whether the job has ended.
      type: bool
    succeeded:
      description: Whether the job has completed, or has ended with one of C(success_statuses).
      type: bool
    elapsed:
      description: Seconds that the task has followed the job.
      type: float
    history:
      description: Statuses in order, with the seconds until each was first read. Short
        ones may be missed.
      type: list
      elements: dict
      contains:
        status:
          description: Status in the server's own text.
          type: str
        elapsed:
          description: Seconds since the task began to follow the job.
          type: float
    trace:
      description:
        - What the server logged about a failed job, with known secrets redacted. Null otherwise,
          and if no operation that reads it is known.
      type: str
  sample:
    id: 1042
    status: Completed
    finished: true
    succeeded: true
    elapsed: 12.4
    history:
      - status: Queued
        elapsed: 0.0
      - status: Running
        elapsed: 2.1
      - status: Completed
        elapsed: 12.4
    trace:
  # END
changes:
  description: Start of the job, or its requested termination. Empty when the job is only followed.
  returned: when the job is known, or in check mode
  type: list
  elements: dict
  sample:
    - path: job.path
      action: add
      before:
      after: C:\Flows\load_orders.wf
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
      description: Kind of the error. V(input) means that the options, or a local file that
        they name, cannot be used.
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

from ansible_collections.astera.data_stack.plugins.module_utils._resources.job import start as job_state
from ansible_collections.astera.data_stack.plugins.module_utils._runner.module import run_module
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import Runnable

RESOURCE = Runnable(job_state.SPEC, job_state.run)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
