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
  - Plans all entries before the first write, writes them in the order of the list, and reads the server's list again.
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
        description: New name of the deployment.
        type: str
      archive:
        description: Path of a C(.car) file on the machine where the module runs.
        type: path
      config:
        description: Path of a C(.cfg) file on the machine where the module runs.
        type: path
      archive_path:
        description: Path of a C(.car) file that is already on the server.
        type: str
      config_path:
        description: Path of a C(.cfg) file that is already on the server.
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
        description: Desired state of the deployment.
        type: str
        choices:
          - present
          - absent
        default: present
      extra_fields:
        description: Extra fields of the server's object, in the API's own names.
        type: dict
      secret_extra_fields:
        description: Extra fields whose values are all redacted.
        type: dict
      delete_operation:
        description: Method and path of the operation that deletes the object, such as C(DELETE
          /made-up-path/{id}).
        type: str
      # END
  only:
    description:
      - Names of the entries to deploy; the others are ignored. A name without an entry is deployed with the
        O(overrides) alone.
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
      - One diff for each deployment. Shows the file names of an upload, not the contents.
  idempotent:
    support: full
notes:
  - Two entries for one object are rejected before any write. Entries with ids of their own may share a name.
  - O(unlisted=deactivate) fails before any write if the server does not show whether a deployment is active.
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
"""

RETURN = r"""
results:
  description:
    - One entry for each of O(deployments), in their order, then one for each that O(unlisted) deactivates.
  returned: when the options are valid and the server's list can be read
  type: list
  elements: dict
  contains:
    name:
      description: Name of the deployment, or C(id) and its number.
      type: str
    id:
      description: The server's id; null if there is none yet, or it was not read.
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
    changes:
      description: As M(astera.data_stack.astera_deployment) returns them.
      returned: always
      type: list
      elements: dict
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
      description: As RV(error), without C(message) and C(hint), which C(msg) has.
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
  description: Number of deployments by result. Those that were skipped were not tried because another one failed.
  returned: when the options are valid and the server's list can be read
  type: dict
  sample:
    created: 0
    updated: 1
    deleted: 0
    unchanged: 99
    failed: 0
    skipped: 0
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

from ansible_collections.astera.data_stack.plugins.module_utils._resources.deployment import ensure as deployment_state
from ansible_collections.astera.data_stack.plugins.module_utils._runner.module import run_module
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import Runnable

RESOURCE = Runnable(deployment_state.BULK_SPEC, deployment_state.run_bulk)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
