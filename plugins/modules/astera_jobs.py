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
  - Checks all entries of a list, starts the jobs without waiting between them, and then follows all of them.
  - A job that fails or is rejected does not stop the others. The task fails at the end.
  - Never retries a start request that may have reached the server.
  - If the server becomes unreachable, no more jobs are started. Those that were started are still followed.
author:
  - astera.data_stack contributors (@astera-community)
extends_documentation_fragment:
  - astera.data_stack.attributes
  - astera.data_stack.connection
  - astera.data_stack.job
  - astera.data_stack.openapi
options:
  jobs:
    description: The jobs, each with options of M(astera.data_stack.astera_job), which describes them in full.
    type: list
    elements: dict
    required: true
    suboptions:
      # BEGIN suboptions job
      name:
        description: Name of the job in the results, by default its path or id.
        type: str
      path:
        description: Path of a flow as the server sees it, usually a C(.df), C(.wf) or C(.wfs).
        type: str
      parameters:
        description: Values for the flow, a dictionary for each object in it, usually C(Variables);
          see C(docs/jobs.md).
        type: dict
      secret_parameters:
        description: Parameters whose values are all redacted.
        type: dict
      job_id:
        description: Id of a job that was started before, to follow or terminate it.
        type: int
      success_statuses:
        description: Statuses that mean success besides V(Completed), in any case.
        type: list
        elements: str
      running_statuses:
        description: Statuses of a running job besides V(NotStarted), V(Queued), V(Initializing)
          and V(Running).
        type: list
        elements: str
      terminate_operation:
        description: Method and path of the operation that terminates a job, such as C(POST
          /made-up-path/{id}/end).
        type: str
      trace_operation:
        description: C(GET) and path of the operation that reads the trace of a job, such
          as C(GET /made-up-path/{id}/trace).
        type: str
      wait:
        description: Whether to wait for the end.
        type: bool
      wait_timeout:
        description: Seconds to follow a job until it ends.
        type: float
      wait_interval:
        description: Seconds between two requests for the status.
        type: float
      on_timeout:
        description: What to do with a job that has not ended after O(jobs[].wait_timeout).
        type: str
        choices:
          - leave
          - terminate
      # END
  only:
    description:
      - Names of the entries to run, as in RV(results). After a failure, RV(run_again) has those that can be run again.
        An empty list is rejected.
    type: list
    elements: str
  together:
    description: Whether to start all jobs before the first one is followed. V(false) runs one after the other.
    type: bool
    default: true
attributes:
  check_mode:
    support: full
    details:
      - Predicts the starts without checking that the flows exist.
  diff_mode:
    support: full
  idempotent:
    support: none
    details:
      - Each run starts the jobs again.
seealso:
  - module: astera.data_stack.astera_job
  - module: astera.data_stack.astera_job_info
"""

EXAMPLES = r"""
- name: Load the files of two regions at once
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

- name: Run only one of them again
  astera.data_stack.astera_jobs:
    jobs:
      - name: North
        path: C:\Flows\load_orders.wf
      - name: South
        path: C:\Flows\load_orders.wf
    only: [South]
"""

RETURN = r"""
results:
  description: Result of each entry, in the order of the list.
  returned: when the options are valid
  type: list
  elements: dict
  contains:
    name:
      description: Name of the entry, or its path or id.
      type: str
    changed:
      description: Whether the job was started or asked to end, or in check mode would be.
      type: bool
    failed:
      description: V(true) if the job was rejected or did not succeed.
      returned: for a job that failed
      type: bool
    skipped:
      description: V(true) if the job was not started, because the server was unreachable.
      returned: for a job that was not started
      type: bool
    msg:
      description: What happened and what to do.
      returned: for a job that failed
      type: str
    error:
      description: As RV(error).
      returned: for a job that failed
      type: dict
    changes:
      description: As M(astera.data_stack.astera_job) returns them.
      returned: unless the job has completed
      type: list
      elements: dict
    job:
      description:
        - As M(astera.data_stack.astera_job) returns it; C(history) and C(trace) only if it failed.
      type: dict
  sample:
    - name: North
      changed: true
      job: {id: 1042, status: Completed, finished: true, succeeded: true, elapsed: 12.4}
run_again:
  description:
    - "Names of the jobs that can be run again with O(only): they failed and have ended, or were certainly not started."
  returned: when the options are valid
  type: list
  elements: str
  sample: [South]
table:
  description: The results as lines for people, with short reasons.
  returned: when the options are valid
  type: list
  elements: str
  sample:
    - job    id    status     seconds  reason
    - North  1042  Completed     12.4
    - South  1043  Error          3.1  line 5: no number
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

from ansible_collections.astera.data_stack.plugins.module_utils._resources.job import bulk as job_list
from ansible_collections.astera.data_stack.plugins.module_utils._runner.module import run_module
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import Runnable

RESOURCE = Runnable(job_list.BULK_SPEC, job_list.run_bulk)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
