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
"""

from ansible_collections.astera.data_stack.plugins.module_utils._resources import cluster
from ansible_collections.astera.data_stack.plugins.module_utils._runner.module import run_module
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import Runnable

RESOURCE = Runnable(cluster.INFO_SPEC, cluster.run_info)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
