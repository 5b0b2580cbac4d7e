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
  - Starts a flow that lies on the server, with parameters, and waits until it has ended. Or follows a job that runs
    already, or ends one.
  - The start request is never retried once it may have reached the server. When its response is lost, the task fails
    and reports that the job may have been started.
  - Only the status V(Completed) is success. The server's statuses for failure and termination are unknown, so every
    other status that does not mean "in progress" ends the task as failed. The error names it. O(success_statuses),
    O(failure_statuses) and O(running_statuses) add more statuses.
  - A lost connection or a restart of the server does not end the wait, only O(wait_timeout) does.
  - A task that Ansible runs in its own worker prints the id of a job that it waits for as soon as it is started, so
    that O(job_id) can go on after an interruption, and then a line every five seconds. The variable
    C(astera_progress=false) switches that off; an ordinary module, as on a jump host, cannot do it.
  - Rather use O(wait_timeout) than the C(timeout) of the task, which does not end an ordinary module and whose result
    does not name the job.
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
      - Predicts the start without asking the server whether the flow exists.
  diff_mode:
    support: full
  idempotent:
    support: partial
    details:
      - Each run with O(path) starts a job. With O(job_id), nothing is changed, or with O(state=terminated) only if
        the job goes on.
options:
  path:
    description:
      - Path of a flow as the server sees it, usually a C(.df), C(.wf) or C(.wfs) in any case. The ending is not
        checked.
      - Where several servers form a cluster, every one of them must be able to read it. Jobs are dealt to the servers
        in turn, so it is not always the server with the request that runs a job.
    type: str
  parameters:
    description:
      - Values for the flow, a dictionary for each object in it. The object is usually called C(Variables).
      - The API takes texts, so the values are written as such. Booleans become V(true) and V(false), numbers are
        written without exponent, dates and times in ISO 8601 as in V(2026-01-31) and V(2026-01-31T04:30:00), and the
        items of a list are joined by O(list_separator). How a flow reads them is its own matter.
      - A value that is null, or a dictionary, is rejected. Leave a parameter out to keep the value in the flow.
      - Values under secret names, as C(ftpPassword), are redacted in the output. For others use O(secret_parameters).
    type: dict
  secret_parameters:
    description:
      - Like O(parameters) and sent with them, for secrets. Every value in it is redacted, whatever its name, also in
        what the server returns. A parameter that both give is rejected.
    type: dict
  list_separator:
    description:
      - What separates the items of a list in O(parameters) and O(secret_parameters). An item that contains it is
        rejected.
    type: str
    default: ","
  job_id:
    description: A job that was started already, to be followed or ended.
    type: int
  state:
    description:
      - V(started) starts a job, or with O(job_id) follows it.
      - V(terminated) ends the job O(job_id), unless it has ended. The operation is not publicly documented by the
        vendor. It is that of O(terminate_operation), or else the one in the server's own OpenAPI document, see
        O(openapi_path). Without either, the task fails with C(error.kind=unsupported).
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
  description: The job with its last status. Also when the task fails, unless it is not known whether there is a job.
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
      description: Each status in turn, with the seconds at which it was first seen. Short
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
        - What the server logged about a job that failed, with known secrets redacted.
        - Null otherwise, and if neither C(trace_operation) nor the server's OpenAPI document
          names an operation that reads it.
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
  description: The start of the job, and its end if its termination was requested; empty when a job is only followed.
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
      description:
        - Kind of the error.
        - V(input) means that the options, or a local file that they name, cannot be used.
          C(changed) shows whether the task wrote anything.
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
      description: Method of the request that failed, null if it was not a request.
      type: str
    path:
      description: Path of that request.
      type: str
    message:
      description: What happened, with the error text of the server.
      type: str
    attempts:
      description: Number of attempts of the request, 0 if it was never sent.
      type: int
    hint:
      description: What to do, null if there is no advice.
      type: str
    may_have_been_applied:
      description: Whether the server may have applied a write although the task failed.
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
