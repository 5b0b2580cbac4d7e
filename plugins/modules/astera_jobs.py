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
  - A job that fails, or is rejected, ends neither the others nor the wait for them. The task fails in the end, with
    RV(results) and RV(table) showing what became of each.
  - No start request is retried once it may have reached the server, as with M(astera.data_stack.astera_job).
  - A server that cannot be reached any more ends the starting. What was started is followed all the same.
author:
  - astera.data_stack contributors (@astera-community)
extends_documentation_fragment:
  - astera.data_stack.attributes
  - astera.data_stack.connection
  - astera.data_stack.job
  - astera.data_stack.openapi
options:
  jobs:
    description: The jobs, each with those options of M(astera.data_stack.astera_job) that concern one job.
    type: list
    elements: dict
    required: true
    suboptions:
      # BEGIN suboptions job
      name:
        description:
          - Name of the job in the results.
          - By default its path or id, with its place in the list if several have the same.
        type: str
      path:
        description:
          - Path of a flow as the server sees it, usually a C(.df), C(.wf) or C(.wfs) in
            any case. The ending is not checked.
          - Where several servers form a cluster, every one of them must be able to read
            it. Jobs are dealt to the servers in turn, so it is not always the server with
            the request that runs a job.
        type: str
      parameters:
        description:
          - Values for the flow, a dictionary for each object in it. The object is usually
            called C(Variables).
          - The API takes texts, so the values are written as such. Booleans become V(true)
            and V(false), numbers are written without exponent, dates and times in ISO 8601
            as in V(2026-01-31) and V(2026-01-31T04:30:00), and the items of a list are
            joined by O(jobs[].list_separator). How a flow reads them is its own matter.
          - A value that is null, or a dictionary, is rejected. Leave a parameter out to
            keep the value in the flow.
          - Values under secret names, as C(ftpPassword), are redacted in the output. For
            others use O(jobs[].secret_parameters).
        type: dict
      secret_parameters:
        description:
          - Like O(jobs[].parameters) and sent with them, for secrets. Every value in it
            is redacted, whatever its name, also in what the server returns. A parameter
            that both give is rejected.
        type: dict
      list_separator:
        description:
          - What separates the items of a list in O(jobs[].parameters) and O(jobs[].secret_parameters).
            An item that contains it is rejected.
        type: str
        default: ','
      job_id:
        description: A job that was started already, to be followed or ended.
        type: int
      success_statuses:
        description:
          - Statuses that mean success, besides V(Completed). Case does not matter.
          - Documented are V(Unknown), V(Invalid), V(NotStarted), V(Queued), V(Initializing),
            V(Running) and V(Completed). The documentation calls them a few of the statuses.
          - Give a status that the server shows as a number as its text, for instance V("6").
        type: list
        elements: str
      failure_statuses:
        description:
          - Statuses that mean that a job has ended and failed. The server's own ones are
            unknown.
          - Any other status counts as a failure too, when a task that follows a job reads
            it twice in a row.
        type: list
        elements: str
      running_statuses:
        description:
          - Statuses that mean that a job goes on, besides V(NotStarted), V(Queued), V(Initializing)
            and V(Running).
        type: list
        elements: str
      terminate_operation:
        description:
          - Method and path of the operation that ends a job, with one placeholder for its
            id, such as C(POST /made-up-path/{id}/end).
          - The vendor does not publicly document such an operation, and the path of the
            sample is made up. Name only an operation that your server is known to have.
          - The method is C(POST), C(PUT) or C(DELETE), and the request has no body. The
            OpenAPI document is not read.
          - Used only when a job is to end, and never in check mode.
        type: str
      trace_operation:
        description:
          - Method and path of the operation that shows the trace of a job, with one placeholder
            for its id, such as C(GET /made-up-path/{id}/trace).
          - The vendor does not publicly document such an operation, and the path of the
            sample is made up. Name only an operation that your server is known to have.
          - The method is C(GET). The OpenAPI document is not read.
        type: str
      wait:
        description: Whether to wait for the end. Without it, the status of a job that was
          started is null.
        type: bool
      wait_timeout:
        description:
          - Seconds to wait for the end of a job, from the moment at which the task begins
            to follow it. When they have passed, the task fails with the last status.
        type: float
      wait_interval:
        description: Seconds between two requests for the status. Two is what the vendor's
          own tool uses.
        type: float
      on_timeout:
        description:
          - What happens to a job that has not ended when O(jobs[].wait_timeout) has passed.
            V(leave) lets it go on.
          - V(terminate) ends it. The operation is not publicly documented by the vendor.
            It is that of the option C(terminate_operation) of the job, or else the one
            in the server's own OpenAPI document. Without either, the task fails before
            anything is started. The task then waits up to 60 seconds more to see the job
            end.
        type: str
        choices:
          - leave
          - terminate
      # END
  only:
    description:
      - Names of the entries of O(jobs) to run, as in RV(results[].name). The others are neither started nor followed.
      - After a failure, RV(run_again) has the names of those that can be run again.
      - A name without an entry, and an empty list, are rejected.
    type: list
    elements: str
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
      - Each run starts the jobs again.
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
      description: Present and true when the job was rejected or did not end well.
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
    changes:
      description: What was done, as M(astera.data_stack.astera_job) returns it. Not of a job that has completed.
      type: list
      elements: dict
    job:
      description:
        - As M(astera.data_stack.astera_job) returns it, but C(history) and C(trace) only of a job that failed.
        - The id is null if it was not started.
      type: dict
      # BEGIN short job
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
          description: Each status in turn, with the seconds at which it was first seen.
            Short ones may be missed.
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
            - Null otherwise, and if neither C(trace_operation) nor the server's OpenAPI
              document names an operation that reads it.
          type: str
      # END
  sample:
    - name: North
      changed: true
      job:
        id: 1042
        status: Completed
        finished: true
        succeeded: true
        elapsed: 12.4
run_again:
  description:
    - Names of the jobs that can be run again with O(only), because they failed and have ended, or were not started.
    - A job that may run, or that may have been started, is not among them.
  returned: when the options are valid
  type: list
  elements: str
  sample: [South]
table:
  description: The same as lines for people. The reason is short; the whole one is in RV(results[].msg).
  returned: when the options are valid
  type: list
  elements: str
  sample:
    - job    id    status     seconds  reason
    - North  1042  Completed     12.4
    - South  1043  Running     1800.0  not ended in time
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

from ansible_collections.astera.data_stack.plugins.module_utils._resources.job import bulk as job_list
from ansible_collections.astera.data_stack.plugins.module_utils._runner.module import run_module
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import Runnable

RESOURCE = Runnable(job_list.BULK_SPEC, job_list.run_bulk)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
