#!/usr/bin/python
# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: astera_cluster_info
short_description: Read the cluster settings of an Astera Integration Server
version_added: "1.0.0"
description:
  - Returns the cluster settings in the shape of the options of M(astera.data_stack.astera_cluster).
author:
  - astera.data_stack contributors (@astera-community)
extends_documentation_fragment:
  - astera.data_stack.attributes
  - astera.data_stack.attributes.info_module
  - astera.data_stack.connection
seealso:
  - module: astera.data_stack.astera_cluster
"""

EXAMPLES = r"""
- name: Read the cluster settings
  astera.data_stack.astera_cluster_info:
  register: settings

- name: Show where archives are kept
  ansible.builtin.debug:
    var: settings.cluster.deployment_directory
"""

RETURN = r"""
cluster:
  description: The settings, in the shape of the options of M(astera.data_stack.astera_cluster).
  returned: success
  type: dict
  # BEGIN object cluster
  contains:
    name:
      description: Name of the server group.
      type: str
    send_error_info:
      description: Whether to send anonymous usage and error information to Astera.
      type: bool
    purge_job_info_after:
      description: Days after which finished jobs are purged.
      type: int
    purge_event_info_after:
      description: Days after which events are purged from the Server Monitor.
      type: int
    staging_directory:
      description: Folder on the server for temporary files.
      type: str
    deployment_directory:
      description: Folder on the server for uploaded archives.
      type: str
    pause_all_servers:
      description: Whether all servers of the cluster pause.
      type: bool
    pause_servers_from:
      description: Start of the pause, in the server's own form and in quotes, such as V("22:00").
      type: str
    pause_servers_to:
      description: End of the pause, in the same form as C(pause_servers_from).
      type: str
    share_file_system:
      description: Whether the clients and the servers share one file system.
      type: bool
  sample:
    name: DEFAULT
    send_error_info: true
    purge_job_info_after: 7
    purge_event_info_after: 7
    staging_directory: C:\Staging
    deployment_directory: C:\Deployment
    pause_all_servers: false
    pause_servers_from:
    pause_servers_to:
    share_file_system: false
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

from ansible_collections.astera.data_stack.plugins.module_utils._resources import cluster
from ansible_collections.astera.data_stack.plugins.module_utils._runner.module import run_module
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import Runnable

RESOURCE = Runnable(cluster.INFO_SPEC, cluster.run_info)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
