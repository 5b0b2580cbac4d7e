#!/usr/bin/python
# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: astera_export
short_description: Read a whole Astera Integration Server as variables
version_added: "1.0.0"
description:
  - Reads properties, cluster settings, deployments and schedules as the variables of this collection's roles.
  - Exports no recognized secrets, but placeholders for variables of your vault. Read the result before you share it,
    because a secret may not look like one.
  - The role P(astera.data_stack.export#role) writes the result to a file.
author:
  - astera.data_stack contributors (@astera-community)
extends_documentation_fragment:
  - astera.data_stack.attributes
  - astera.data_stack.attributes.info_module
  - astera.data_stack.connection
options:
  sections:
    description:
      - Sections to read. No known endpoint reads the license.
    type: list
    elements: str
    choices: [server_config, cluster, deployments, schedules]
    default: [server_config, cluster, deployments, schedules]
notes:
  - The page C(docs/export.md) describes what is exported and what is omitted.
  - The placeholders in RV(configuration) are plain texts. They work in a file of variables, which
    P(astera.data_stack.variables_file#filter) makes.
seealso:
  - plugin: astera.data_stack.variables_file
    plugin_type: filter
  - module: astera.data_stack.astera_server_config
  - module: astera.data_stack.astera_cluster
  - module: astera.data_stack.astera_deployments
  - module: astera.data_stack.astera_schedules
"""

EXAMPLES = r"""
- name: Read the whole server
  astera.data_stack.astera_export:
  register: etl

- name: Write it as the variables of the role bootstrap
  ansible.builtin.copy:
    content: "{{ etl | astera.data_stack.variables_file }}"
    dest: "{{ playbook_dir }}/etl01.yml"
    mode: "0640"
  delegate_to: localhost

- name: Read the deployments and the schedules
  astera.data_stack.astera_export:
    sections: [deployments, schedules]
"""

RETURN = r"""
configuration:
  description: Variables of O(sections), each with the options of its module.
  returned: success
  type: dict
  sample:
    astera_server_config:
      server_profile: DEFAULT
      repository:
        password: "{{ vault_astera_repository_password }}"
    astera_deployments:
      - name: Orders
        archive: "{{ astera_archives }}/orders-9f86.car"
placeholders:
  description:
    - Places in RV(configuration) with a variable instead of a value. C(path) has the keys and list positions; C(secret)
      is whether the value is a secret.
  returned: success
  type: list
  elements: dict
  sample:
    - variable: vault_astera_repository_password
      path: [astera_server_config, repository, password]
      secret: true
archives:
  description:
    - Files that must be in the folder C(astera_archives), for the option V(archive) or V(config). C(path) is that on
      the server.
  returned: success
  type: list
  elements: dict
  sample:
    - deployment: Orders
      option: archive
      name: orders-9f86.car
      sha256: 9f86
      path: C:\Deployment\orders-9f86.car
server_files:
  description:
    - Files that RV(configuration) names by their paths on the server, and that another server needs, too. C(option) is
      V(archive_path), V(config_path) or V(file).
  returned: success
  type: list
  elements: dict
  sample:
    - path: C:\Flows\load_orders.wf
      option: file
      object: Returns
notes:
  description:
    - Values that were omitted although you may need them. C(member) is null if a whole object is omitted; C(objects)
      has ids instead of names that seem to contain a secret.
  returned: success
  type: list
  elements: dict
  sample:
    - variable: astera_schedules
      member: nextRunTime
      objects: [Orders, every morning]
      reason: an id, a time or an author, which belongs to this server only
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

from ansible_collections.astera.data_stack.plugins.module_utils._runner.module import run_module
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import Runnable
from ansible_collections.astera.data_stack.plugins.module_utils._server import export

RESOURCE = Runnable(export.SPEC, export.run)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
