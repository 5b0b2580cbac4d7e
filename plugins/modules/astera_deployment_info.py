#!/usr/bin/python
# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: astera_deployment_info
short_description: List the deployments of an Astera Integration Server
version_added: "1.0.0"
description:
  - Returns deployments in the shape of the options of M(astera.data_stack.astera_deployment).
author:
  - astera.data_stack contributors (@astera-community)
extends_documentation_fragment:
  - astera.data_stack.attributes
  - astera.data_stack.attributes.info_module
  - astera.data_stack.connection
options:
  name:
    description: Return only the deployment of this name.
    type: str
  id:
    description: Return only the deployment with this id.
    type: int
seealso:
  - module: astera.data_stack.astera_deployment
"""

EXAMPLES = r"""
- name: List all deployments
  astera.data_stack.astera_deployment_info:
  register: all

- name: Show their names
  ansible.builtin.debug:
    msg: "{{ all.deployments | map(attribute='name') }}"
"""

RETURN = r"""
deployments:
  description: The deployments; an empty list when none matches.
  returned: success
  type: list
  elements: dict
  # BEGIN objects deployment
  contains:
    id:
      description: The server's id of the deployment.
      type: int
    name:
      description: Name of the deployment.
      type: str
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
      description: Whether the deployment is active.
      type: bool
  sample:
    - id: 4
      name: Orders
      archive_path: C:\Deployment\orders-9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08.car
      config_path: ''
      encrypt_files: false
      comment: Release 4.2
      active: true
  # END
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

from ansible_collections.astera.data_stack.plugins.module_utils._resources.deployment import read as deployment
from ansible_collections.astera.data_stack.plugins.module_utils._runner.module import run_module
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import Runnable

RESOURCE = Runnable(deployment.INFO_SPEC, deployment.run_info)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
