#!/usr/bin/python
# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: astera_cluster
short_description: Set the cluster settings of an Astera Integration Server
version_added: "1.0.0"
description:
  - Sets the name, the folders, the purge periods and the pause of the cluster that the server belongs to.
  - Sends all settings back with the desired values, and reads them again. Undocumented fields survive.
  - No version timestamp of the settings is known. A concurrent change between the read and the write is lost.
author:
  - astera.data_stack contributors (@astera-community)
extends_documentation_fragment:
  - astera.data_stack.attributes
  - astera.data_stack.connection
  - astera.data_stack.extra_fields
attributes:
  check_mode:
    support: full
  diff_mode:
    support: full
  idempotent:
    support: full
options:
  # BEGIN options cluster
  name:
    description: Name of the server group. V(DEFAULT) on a new server.
    type: str
  send_error_info:
    description: Whether to send anonymous usage and error information to Astera.
    type: bool
  purge_job_info_after:
    description: Days after which finished jobs are purged. The status of a purged job cannot
      be read.
    type: int
  purge_event_info_after:
    description: Days after which events are purged from the Server Monitor.
    type: int
  staging_directory:
    description: Folder on the server for temporary files. Case and the kind of slash do
      not matter.
    type: str
  deployment_directory:
    description: Folder on the server for uploaded archives. Set it before you deploy anything.
    type: str
  pause_all_servers:
    description: Whether all servers of the cluster pause.
    type: bool
  pause_servers_from:
    description: Start of the pause, in the server's own form and in quotes, such as V("22:00").
      An empty text removes it.
    type: str
  pause_servers_to:
    description: End of the pause, in the same form as O(pause_servers_from).
    type: str
  share_file_system:
    description: Whether the clients and the servers share one file system.
    type: bool
  # END
  extra_fields:
    description:
      - Extra fields of the server's object, in the API's own names. They override other options. Put secrets in
        O(secret_extra_fields).
    type: dict
seealso:
  - module: astera.data_stack.astera_cluster_info
"""

EXAMPLES = r"""
- name: Set the folders of the cluster
  astera.data_stack.astera_cluster:
    staging_directory: C:\Staging
    deployment_directory: D:\Deployment

- name: Keep job history for a month and send nothing to Astera
  astera.data_stack.astera_cluster:
    purge_job_info_after: 30
    send_error_info: false

- name: Set a field without an option of its own
  astera.data_stack.astera_cluster:
    extra_fields:
      mailSetup:
        host: smtp.example.com
    secret_extra_fields:
      mailSetup:
        pin: "{{ vault_mail_pin }}"
"""

RETURN = r"""
cluster:
  description:
    - Settings after the task, as M(astera.data_stack.astera_cluster_info) returns them; in check mode as they would be.
  returned: success
  type: dict
changes:
  description: Values that differed. C(action) is V(add), V(change) or V(remove). Secrets are redacted.
  returned: success
  type: list
  elements: dict
  sample:
    - path: deployment_directory
      action: change
      before: C:\Deployment
      after: D:\Deployment
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

from ansible_collections.astera.data_stack.plugins.module_utils._resources import cluster
from ansible_collections.astera.data_stack.plugins.module_utils._runner.module import run_module
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import Runnable

RESOURCE = Runnable(cluster.SPEC, cluster.run)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
