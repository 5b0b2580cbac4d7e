#!/usr/bin/python
# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: astera_deployments
short_description: Deploy many archives to an Astera Integration Server in one task
version_added: "1.0.0"
description:
  - Does the same as M(astera.data_stack.astera_deployment) for a list, with one login and one read of the list.
  - Checks and plans all entries before the first write. Writes them in the order of the list, then reads the server's
    list again to verify them.
  - Uploads an archive once, even if several entries name it.
author:
  - astera.data_stack contributors (@astera-community)
extends_documentation_fragment:
  - astera.data_stack.attributes
  - astera.data_stack.bulk
  - astera.data_stack.connection
  - astera.data_stack.openapi
options:
  deployments:
    description:
      - The deployments, each with options of M(astera.data_stack.astera_deployment), which describes them in full.
    type: list
    elements: dict
    required: true
    suboptions:
      # BEGIN suboptions deployment
      name:
        description: Name of the deployment.
        type: str
      id:
        description: The server's id of the deployment.
        type: int
      new_name:
        description: New name of the deployment. Nothing changes if this name exists and
          O(deployments[].name) does not.
        type: str
      archive:
        description: Path of a C(.car) file on the machine where the module runs. A new
          deployment needs it, or O(deployments[].archive_path).
        type: path
      config:
        description: Path of a C(.cfg) file on the machine where the module runs.
        type: path
      archive_path:
        description: Path of a C(.car) file that is already on the server. Case and the
          kind of slash do not matter.
        type: str
      config_path:
        description: Path of a C(.cfg) file that is already on the server. An empty text
          means no configuration.
        type: str
      encrypt_files:
        description: Whether the server encrypts the configuration file.
        type: bool
      comment:
        description: Comment that the list of deployments shows.
        type: str
      active:
        description: Whether the deployment is active. By default V(true), if the server
          shows whether it is active.
        type: bool
      state:
        description: Desired state of the deployment. V(absent) deletes it with O(deployments[].delete_operation),
          or with the only operation for it in the server's OpenAPI document; see O(openapi_path).
          Without either, it fails with C(error.kind=unsupported) if the deployment exists.
        type: str
        choices:
          - present
          - absent
        default: present
      extra_fields:
        description: Extra fields of the server's object, in the API's own names. They override
          other options. Put secrets in O(deployments[].secret_extra_fields).
        type: dict
      secret_extra_fields:
        description: Extra fields whose values are all redacted, also in responses. A field
          that O(deployments[].extra_fields) sets too is rejected.
        type: dict
      delete_operation:
        description: Method (C(POST), C(PUT) or C(DELETE)) and path of the operation that
          deletes the object, such as C(DELETE /made-up-path/{id}). Name only one that your
          server is known to have, since the vendor documents none.
        type: str
      # END
  only:
    description:
      - Names of the entries of O(deployments) to deploy; the other entries are ignored. A name without an entry is
        deployed with the O(overrides) alone.
    type: list
    elements: str
  overrides:
    description: Options that replace those of the entries that O(only) names.
    type: dict
    suboptions:
      archive:
        description: Path of a C(.car) file on the machine where the module runs. Also replaces C(archive_path).
        type: path
      config:
        description: Path of a C(.cfg) file on the machine where the module runs. Also replaces C(config_path).
        type: path
      comment:
        description: Comment of the deployment.
        type: str
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - One diff for each deployment that changes, with the file names of an upload, not the contents.
  idempotent:
    support: full
notes:
  - Two entries with the same name or id are rejected before any request, also if one of them renames something. Entries
    with ids of their own may share a name.
  - With O(unlisted=deactivate), the task fails before any write if the server does not show whether a deployment is
    active; see the option C(active) of M(astera.data_stack.astera_deployment).
seealso:
  - module: astera.data_stack.astera_deployment
  - module: astera.data_stack.astera_schedules
"""

EXAMPLES = r"""
- name: Deploy a release
  astera.data_stack.astera_deployments:
    deployments:
      - name: Orders
        archive: "{{ playbook_dir }}/orders.car"
        config: "{{ playbook_dir }}/orders.prod.cfg"
        comment: Release 4.2
      - name: Orders, trial
        archive: "{{ playbook_dir }}/orders.car"
        comment: Release 4.2
  register: deployed

- name: Show the paths of what was uploaded
  ansible.builtin.debug:
    msg: "{{ deployed.results | map(attribute='uploads', default=[]) | flatten | map(attribute='path') }}"

- name: Promote one of them with the archive that was tested
  astera.data_stack.astera_deployments:
    deployments:
      - name: Orders
        archive: "{{ playbook_dir }}/orders.car"
        config: "{{ playbook_dir }}/orders.prod.cfg"
      - name: Customers
        archive: "{{ playbook_dir }}/customers.car"
    only: [Orders]
    overrides:
      archive: "{{ playbook_dir }}/orders.car"
      comment: Release 4.3, as tested

- name: Try each of them, also when one is rejected
  astera.data_stack.astera_deployments:
    deployments:
      - name: Orders
        comment: Release 4.2, approved
      - name: Orders, trial
        comment: Release 4.2, superseded
    continue_on_error: true
"""

RETURN = r"""
results:
  description:
    - One entry for each of O(deployments), in their order, then one for each that O(unlisted) deactivates.
      M(astera.data_stack.astera_deployment_info) returns the objects themselves.
  returned: when the options are valid and the server's list can be read
  type: list
  elements: dict
  contains:
    name:
      description: Name of the deployment, or C(id) and its number.
      type: str
    id:
      description: Id of the deployment on the server; null if it has none yet or was not read.
      type: int
    listed:
      description: V(false) if O(deployments) does not name it.
      returned: for those that O(unlisted) deactivates
      type: bool
    changed:
      description: Whether it was changed; after a failure, whether the server had accepted a write.
      type: bool
    uploads:
      description: As M(astera.data_stack.astera_deployment) returns them.
      returned: when files were sent for it
      type: list
      elements: dict
      # BEGIN upload
      contains:
        source:
          description: Path of the local file.
          type: str
        path:
          description: Path on the server.
          type: str
        sha256:
          description: Digest of the bytes.
          type: str
        size:
          description: Number of bytes.
          type: int
      # END
    changes:
      description: Values that differed; for a new one, those that are not the default.
      returned: always
      type: list
      elements: dict
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
    skipped:
      description: V(true) if it was not tried, because of the error of another one.
      returned: for one that was not tried
      type: bool
    failed:
      description: V(true) if it failed.
      returned: for one that failed
      type: bool
    msg:
      description: What happened and what to do.
      returned: for one that failed
      type: str
    error:
      description: The error, for programs, as RV(error).
      returned: for one that failed
      type: dict
  sample:
    - name: Orders
      id: 4
      changed: true
      changes:
        - path: comment
          action: change
          before: Release 4.1
          after: Release 4.2
counts:
  description: Number of deployments by result.
  returned: when the options are valid and the server's list can be read
  type: dict
  sample:
    created: 0
    updated: 1
    deleted: 0
    unchanged: 99
    failed: 0
    skipped: 0
  contains:
    created:
      description: New ones.
      type: int
    updated:
      description: Those that differed.
      type: int
    deleted:
      description: Those that existed, with O(deployments[].state=absent).
      type: int
    unchanged:
      description: Those that were as desired.
      type: int
    failed:
      description: Those with an error.
      type: int
    skipped:
      description: Those that were not tried, because of the error of another one.
      type: int
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

from ansible_collections.astera.data_stack.plugins.module_utils._resources.deployment import ensure as deployment_state
from ansible_collections.astera.data_stack.plugins.module_utils._runner.module import run_module
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import Runnable

RESOURCE = Runnable(deployment_state.BULK_SPEC, deployment_state.run_bulk)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
