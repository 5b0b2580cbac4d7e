#!/usr/bin/python
# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: astera_deployment
short_description: Deploy an archive to an Astera Integration Server
version_added: "1.0.0"
description:
  - Uploads a C(.car) archive, and a C(.cfg) with its parameters, and deploys them under a name.
  - Archives are uploaded under a name that carries the SHA-256 of their bytes. So an unchanged archive is neither
    uploaded nor deployed again, and a changed one always is, whatever its local name.
  - An update is made on a fresh copy of the server's object, with its id and its stamps. When somebody else changes
    the deployment in between, it is read and planned again, at most three times.
author:
  - astera.data_stack contributors (@astera-community)
extends_documentation_fragment:
  - astera.data_stack.attributes
  - astera.data_stack.connection
  - astera.data_stack.extra_fields
  - astera.data_stack.openapi
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - Of an upload only the file names are shown, not the contents.
  idempotent:
    support: full
options:
  name:
    description:
      - Name of the deployment. At most 255 characters, since the server's own limit is unknown.
      - Case and blanks count. A new name with a blank at its begin or end is rejected, and one that differs from an
        existing one only in case or in blanks gets a warning.
    type: str
  id:
    description:
      - The server's id of an existing deployment, instead of its name or together with it. When both are given they
        must belong together.
    type: int
  new_name:
    description: Renames the deployment. Changes nothing when one of this name exists and none of O(name).
    type: str
  archive:
    description:
      - Path of a C(.car) on the machine where the module runs. A new deployment needs it, or O(archive_path).
    type: path
  config:
    description: Path of a C(.cfg) on the machine where the module runs.
    type: path
  archive_path:
    description:
      - Path of a C(.car) that is on the server already. Compared without case; slash and backslash are the same.
    type: str
  config_path:
    description: Path of a C(.cfg) that is on the server already; the empty text for no configuration.
    type: str
  encrypt_files:
    description: Whether the server encrypts the configuration file.
    type: bool
  comment:
    description: Text that the deployment list shows.
    type: str
  active:
    description:
      - Whether the deployment is active. The documentation mentions the state but not its name in the API. So it is
        sent only when the server's object has a field C(isActive), which is inferred, or else C(active),
        C(isActivated), C(activated), C(enabled) or C(isEnabled). Otherwise the task warns.
    type: bool
  state:
    description:
      - V(absent) deletes the deployment. No call is documented that does, so it takes an operation of the server's own
        OpenAPI document, see O(openapi_path). Where it names none, the task succeeds if there is no such deployment,
        and fails with C(error.kind=unsupported) if there is one.
      - What the server does with schedules that run a deleted deployment is unknown; give them another one first.
    type: str
    choices: [present, absent]
    default: present
  extra_fields:
    description:
      - Further members of the server's object, in the API's own names, laid over the rest at last.
      - Values below names that look like a secret are masked in the output, as those of O(secret_extra_fields) are.
    type: dict
seealso:
  - module: astera.data_stack.astera_deployment_info
  - module: astera.data_stack.astera_deployments
    description: The same for many deployments, with far fewer requests than a loop.
  - module: astera.data_stack.astera_schedule
"""

EXAMPLES = r"""
- name: Deploy an archive with its configuration
  astera.data_stack.astera_deployment:
    name: Orders
    archive: "{{ playbook_dir }}/orders.car"
    config: "{{ playbook_dir }}/orders.prod.cfg"
    comment: Release 4.2

- name: Rename it
  astera.data_stack.astera_deployment:
    name: Orders
    new_name: Orders and returns

- name: Make sure that nobody deployed the old tool
  astera.data_stack.astera_deployment:
    name: Orders (old)
    state: absent
"""

RETURN = r"""
deployment:
  description:
    - The deployment as the server shows it afterwards, in the shape of the options; in check mode as it would be.
    - Null with O(state=absent).
  returned: success
  type: dict
  sample:
    id: 4
    name: Orders
    archive_path: C:\Deployment\orders-9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08.car
    config_path: C:\Deployment\orders.prod-60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752.cfg
    encrypt_files: false
    comment: Release 4.2
    active: true
uploads:
  description: The files that were uploaded; in check mode those that would be, with a path of null.
  returned: success
  type: list
  elements: dict
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
  sample:
    - source: /srv/orders.car
      path: C:\Deployment\orders-9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08.car
      sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
      size: 4
changes:
  description: What differed, one entry for each value. Uploads are shown by their file names.
  returned: success
  type: list
  elements: dict
  sample:
    - path: comment
      action: change
      before: Release 4.1
      after: Release 4.2
"""

from ansible_collections.astera.data_stack.plugins.module_utils._resources.deployment import ensure as deployment_state
from ansible_collections.astera.data_stack.plugins.module_utils._runner.module import run_module
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import Runnable

RESOURCE = Runnable(deployment_state.SPEC, deployment_state.run)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
