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
  - Reads properties, cluster settings, deployments and schedules as the variables of this collection's roles, to put
    under version control what was made in the Windows client.
  - Exports no recognized secrets. Where a secret is needed, the result has a placeholder, the name of a variable for
    your vault. Read the result before you share it, because a secret may not look like one.
  - Refers to an archive that this collection has uploaded by its digest, in a folder of yours.
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
  - IDs, server-managed timestamps, empty values and values that no option accepts are omitted. Undocumented fields are
    in C(extra_fields), or in C(secret_extra_fields) if they look secret.
  - Lists are sorted by name. A list in an undocumented field is exported as a whole or not at all.
  - The placeholders in RV(configuration) are plain texts. They work in a file of variables, which
    P(astera.data_stack.variables_file#filter) makes.
  - The task fails if a value contains the password or the token of the task, because Ansible would redact it.
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
  register: scheduled

- name: Show the schedules
  ansible.builtin.debug:
    msg: "{{ scheduled.configuration.astera_schedules }}"
"""

RETURN = r"""
configuration:
  description: Variables of O(sections), each with the options of its module.
  returned: success
  type: dict
  sample:
    astera_server_config:
      server_profile: DEFAULT
      port: 9261
      repository:
        server: sql01.example.com
        database: AsteraRepository
        user: astera
        password: "{{ vault_astera_repository_password }}"
    astera_cluster:
      name: DEFAULT
      staging_directory: C:\Staging
      deployment_directory: C:\Deployment
    astera_deployments:
      - name: Orders
        archive: "{{ astera_archives }}/orders-9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08.car"
        encrypt_files: false
        active: true
    astera_schedules:
      - name: Orders, every morning
        deployment: Orders
        start_item: LoadOrders.wf
        daily:
          start_time: "2026-09-06T04:30:00.0000000+01:00"
        active: true
        trace_level: Job
        skip_if_running: false
placeholders:
  description: Places in RV(configuration) with a variable instead of a value.
  returned: success
  type: list
  elements: dict
  contains:
    variable:
      description: Name of the variable.
      type: str
    path:
      description: Keys and list positions of the place.
      type: list
      elements: raw
    secret:
      description: Whether the value is a secret.
      type: bool
  sample:
    - variable: vault_astera_repository_password
      path: [astera_server_config, repository, password]
      secret: true
archives:
  description: Files that must be in the folder C(astera_archives), under these names.
  returned: success
  type: list
  elements: dict
  contains:
    deployment:
      description: Deployment that needs it.
      type: str
    option:
      description: V(archive) or V(config).
      type: str
    name:
      description: Name of the file.
      type: str
    sha256:
      description: Digest of its content, from the name on the server.
      type: str
    path:
      description: Path on the server.
      type: str
  sample:
    - deployment: Orders
      option: archive
      name: orders-9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08.car
      sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
      path: C:\Deployment\orders-9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08.car
server_files:
  description: Files that RV(configuration) names by their paths on the server. Another server needs them, too.
  returned: success
  type: list
  elements: dict
  contains:
    path:
      description: Path on the server.
      type: str
    option:
      description: V(archive_path), V(config_path) or V(file).
      type: str
    object:
      description: Deployment or schedule that needs it.
      type: str
  sample:
    - path: C:\Flows\load_orders.wf
      option: file
      object: Returns
notes:
  description: Values that were omitted although you may need them.
  returned: success
  type: list
  elements: dict
  contains:
    variable:
      description: Variable of the value.
      type: str
    member:
      description: Field of the object, null if the whole object is omitted.
      type: str
    objects:
      description: Names of the objects in a list, ids of those whose name seems to contain a secret.
      type: list
      elements: str
    reason:
      description: Reason for leaving it out.
      type: str
  sample:
    - variable: astera_schedules
      member: nextRunTime
      objects: [Orders, every morning]
      reason: an id, a time or an author, which belongs to this server only
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

from ansible_collections.astera.data_stack.plugins.module_utils._runner.module import run_module
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import Runnable
from ansible_collections.astera.data_stack.plugins.module_utils._server import export

RESOURCE = Runnable(export.SPEC, export.run)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
