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
  - Puts the SHA-256 of an archive in its name on the server. An unchanged archive is not uploaded or deployed again, a
    changed one always is.
  - Reads and plans the deployment again after a concurrent change, at most three times.
author:
  - astera.data_stack contributors (@astera-community)
extends_documentation_fragment:
  - astera.data_stack.attributes
  - astera.data_stack.connection
  - astera.data_stack.extra_fields
  - astera.data_stack.openapi
  - astera.data_stack.openapi.delete
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
    details:
      - Shows the file names of an upload, not the contents.
  idempotent:
    support: full
options:
  # BEGIN options deployment: name id
  name:
    description: Name of the deployment. At most 255 characters. Case and blanks count.
    type: str
  id:
    description: The server's id of the deployment. Selects it instead of O(name). If you
      set both, they must match.
    type: int
  # END
  new_name:
    description: New name of the deployment. Nothing changes if this name exists and O(name) does not.
    type: str
  archive:
    description:
      - Path of a C(.car) file on the machine where the module runs. A new deployment needs it, or O(archive_path).
    type: path
  config:
    description: Path of a C(.cfg) file on the machine where the module runs.
    type: path
  # BEGIN options deployment
  archive_path:
    description: Path of a C(.car) file that is already on the server. Case and the kind
      of slash do not matter.
    type: str
  config_path:
    description: Path of a C(.cfg) file that is already on the server. An empty text means
      no configuration.
    type: str
  encrypt_files:
    description: Whether the server encrypts the configuration file.
    type: bool
  comment:
    description: Comment that the list of deployments shows.
    type: str
  active:
    description: Whether the deployment is active. If the server's object has no field for
      it, the task warns.
    type: bool
  # END
  state:
    description:
      - Desired state of the deployment. V(absent) needs O(delete_operation) or O(openapi_path). First set another
        deployment for its schedules.
    type: str
    choices: [present, absent]
    default: present
  extra_fields:
    description:
      - Extra fields of the server's object, in the API's own names. They override other options. Put secrets in
        O(secret_extra_fields).
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

- name: Delete the old tool
  astera.data_stack.astera_deployment:
    name: Orders (old)
    state: absent
"""

RETURN = r"""
deployment:
  description:
    - Deployment after the task, as M(astera.data_stack.astera_deployment_info) returns it; in check mode as it would
      be. Null with O(state=absent).
  returned: success
  type: dict
uploads:
  description:
    - "Files that were uploaded: the local C(source), the C(path) on the server, and C(size) in bytes. In check mode
      those that would be, with a null C(path)."
  returned: success
  type: list
  elements: dict
  sample:
    - source: /srv/orders.car
      path: C:\Deployment\orders-9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08.car
      sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
      size: 4
changes:
  description:
    - Values that differed; for a new deployment, those that are not the default, for an upload, the file names.
      C(action) is V(add), V(change) or V(remove).
  returned: success
  type: list
  elements: dict
  sample:
    - path: comment
      action: change
      before: Release 4.1
      after: Release 4.2
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

RESOURCE = Runnable(deployment_state.SPEC, deployment_state.run)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
