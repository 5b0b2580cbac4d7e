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
  - Does for a list what M(astera.data_stack.astera_deployment) does for one, with one login and one read of the list.
  - All entries are checked and planned before the first write. Then they are written in the order of the list, and
    the server's list is read once more to see what it kept.
  - An archive that several entries name is uploaded once.
author:
  - astera.data_stack contributors (@astera-community)
extends_documentation_fragment:
  - astera.data_stack.attributes
  - astera.data_stack.bulk
  - astera.data_stack.bulk.deployments
  - astera.data_stack.connection
  - astera.data_stack.openapi
options:
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
      - One diff for each deployment that changes. Of an upload only the file names are shown, not the contents.
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
    - One entry for each of O(deployments), in their order, and then one for each that O(unlisted) switches off.
    - An entry that failed has C(failed), C(msg) and C(error); one that was not tried has C(skipped).
  returned: when the options are valid and the server's list can be read
  type: list
  elements: dict
  contains:
    name:
      description: Name of the deployment, or C(id) and its number where the entry gives only that.
      type: str
    id:
      description: Id of the deployment on the server; null where there is none yet, or it was not looked up.
      type: int
    listed:
      description: Whether O(deployments) names it.
      type: bool
    changed:
      description: Whether it was changed; of a failed one, whether the server had taken a write before.
      type: bool
    deployment:
      description: As M(astera.data_stack.astera_deployment) returns it.
      type: dict
    uploads:
      description: As M(astera.data_stack.astera_deployment) returns them.
      type: list
      elements: dict
    changes:
      description: What differed, one entry for each value.
      type: list
      elements: dict
  sample:
    - name: Orders
      id: 4
      listed: true
      changed: true
      deployment:
        id: 4
        name: Orders
        archive_path: C:\Deployment\orders-9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08.car
        config_path: ""
        encrypt_files: false
        comment: Release 4.2
        active: true
      uploads: []
      changes:
        - path: comment
          action: change
          before: Release 4.1
          after: Release 4.2
changes:
  description: What differed in all of them, with the name of the deployment in the path.
  returned: when the options are valid and the server's list can be read
  type: list
  elements: dict
  sample:
    - path: deployments[Orders].comment
      action: change
      before: Release 4.1
      after: Release 4.2
"""

from ansible_collections.astera.data_stack.plugins.module_utils._resources.deployment import ensure as deployment_state
from ansible_collections.astera.data_stack.plugins.module_utils._runner.module import run_module
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import Runnable

RESOURCE = Runnable(deployment_state.BULK_SPEC, deployment_state.run_bulk)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
