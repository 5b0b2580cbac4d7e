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
  - Does the same as M(astera.data_stack.astera_deployment) for a list, with one login and one read of its objects.
  - Checks and plans all entries before the first write. Then writes them in the order of the list, and reads the
    server's list once more to verify them.
  - Uploads an archive once, also if several entries name it.
author:
  - astera.data_stack contributors (@astera-community)
extends_documentation_fragment:
  - astera.data_stack.attributes
  - astera.data_stack.bulk
  - astera.data_stack.connection
  - astera.data_stack.openapi
options:
  deployments:
    description: The deployments, each with the options of M(astera.data_stack.astera_deployment).
    type: list
    elements: dict
    required: true
    suboptions:
      # BEGIN suboptions deployment
      name:
        description:
          - Name of the deployment.
          - At most 255 characters. Case and blanks count. A new name must not begin or
            end with a blank; one that differs from an existing name only in case or blanks
            gets a warning.
        type: str
      id:
        description:
          - The server's id of the deployment.
          - Names an existing deployment instead of O(deployments[].name). If you give both,
            they must belong together.
        type: int
      new_name:
        description: New name of the deployment. Nothing changes if this name exists and
          O(deployments[].name) does not.
        type: str
      archive:
        description:
          - Path of a C(.car) file on the machine where the module runs. A new deployment
            needs it, or O(deployments[].archive_path).
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
        description:
          - Whether the deployment is active.
          - 'The state is documented, its name in the API is not. It is sent only if the
            server''s object has one of these:'
          - C(isActive), C(active), C(isActivated), C(activated), C(enabled), C(isEnabled).
            Otherwise the task warns.
          - An entry that does not set it means V(true), if the server shows whether it
            is active.
        type: bool
      state:
        description:
          - V(absent) deletes the deployment. The vendor does not publicly document the
            operation. It is that of O(deployments[].delete_operation), or else the one
            in the server's own OpenAPI document, see O(openapi_path).
          - Without either, the task succeeds if the deployment does not exist, and fails
            with C(error.kind=unsupported) if it does.
          - Set another deployment for its schedules first. How the server treats them is
            unknown.
        type: str
        choices:
          - present
          - absent
        default: present
      extra_fields:
        description:
          - Extra fields of the server's object, in the API's own names. They override other
            options.
          - Values of secret names are redacted in the output, like those of O(deployments[].secret_extra_fields).
        type: dict
      secret_extra_fields:
        description:
          - Extra fields that are secret. Every value in it is redacted, whatever its name,
            also in responses. A field in both O(deployments[].extra_fields) and this option
            is rejected.
          - A value that the server shows is compared, so a second run changes nothing.
            If the server shows a mask or nothing, the value is sent on every run, which
            then reports a change.
        type: dict
      delete_operation:
        description:
          - Method and path of the operation that deletes the object, with one placeholder
            for its id, such as C(DELETE /made-up-path/{id}).
          - The vendor does not publicly document such an operation, and the path of the
            sample is made up. Name only an operation that your server is known to have.
          - The method is C(POST), C(PUT) or C(DELETE), and the request has no body. The
            OpenAPI document is not read.
          - Used only for O(deployments[].state=absent) when the object exists, and never
            in check mode.
        type: str
      # END
  only:
    description:
      - Names of the entries of O(deployments) to deploy. The other entries, and what they stand for on the server, are
        left alone.
      - A name without an entry is deployed with the O(overrides) alone, which must then say what.
    type: list
    elements: str
  overrides:
    description: Options that replace those of the entries that O(only) names.
    type: dict
    suboptions:
      archive:
        description: Path of the C(.car) file on the machine where the module runs. Replaces C(archive_path), too.
        type: path
      config:
        description: Path of the C(.cfg) file on the machine where the module runs. Replaces C(config_path), too.
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
      - One diff for each deployment that changes. It has the file names of an upload, not the contents.
  idempotent:
    support: full
notes:
  - A list with two entries of the same name or id is rejected before any request, also when one of them renames
    something. Entries with ids of their own may share a name.
  - With O(unlisted=deactivate), the task fails before any write when the server does not show whether a deployment is
    active. The documentation mentions that state but not its name in the API. O(deployments[].active) lists the names
    that are recognized.
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

- name: Try each of them, also when one is refused
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
    - One entry for each of O(deployments), in their order, and then one for each that O(unlisted) deactivates.
    - The objects themselves are what M(astera.data_stack.astera_deployment_info) returns.
  returned: when the options are valid and the server's list can be read
  type: list
  elements: dict
  contains:
    name:
      description: Name of the deployment, or C(id) and its number where the entry gives only that.
      type: str
    id:
      description: Id of the deployment on the server; null if there is none yet, or if it was not read.
      type: int
    listed:
      description: V(false) for one that O(deployments) does not name.
      returned: for those that O(unlisted) deactivates
      type: bool
    changed:
      description: Whether it was changed; for a failed one, whether the server had accepted a write before.
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
      description: Values that differed; of a new one, those that are not the default.
      returned: success, and for each one that failed
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
      description: V(true) for one that was not tried, because of the error of another one.
      returned: for one that was not tried
      type: bool
    failed:
      description: V(true) for one that failed.
      returned: for one that failed
      type: bool
    msg:
      description: What happened and what to do.
      returned: for one that failed
      type: str
    error:
      description: The error, for programs, as RV(error). C(message) and C(hint) are left out, since C(msg) has them.
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
  description: How many deployments came to which result.
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

from ansible_collections.astera.data_stack.plugins.module_utils._resources.deployment import ensure as deployment_state
from ansible_collections.astera.data_stack.plugins.module_utils._runner.module import run_module
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import Runnable

RESOURCE = Runnable(deployment_state.BULK_SPEC, deployment_state.run_bulk)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
