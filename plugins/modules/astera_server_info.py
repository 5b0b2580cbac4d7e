#!/usr/bin/python
# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: astera_server_info
short_description: Find out whether an Astera Integration Server is ready, and read its properties
version_added: "1.0.0"
description:
  - Waits for the server if asked to, and returns what it says of itself.
  - Any answer, also a refusal, shows that the server is there; only an answer of the 500 range does not.
author:
  - astera.data_stack contributors (@astera-community)
extends_documentation_fragment:
  - astera.data_stack.attributes
  - astera.data_stack.attributes.info_module
  - astera.data_stack.connection
options:
  wait:
    description:
      - Whether to wait until the server answers. Without it, a server that does not answer is reported as not
        ready.
    type: bool
    default: false
  wait_timeout:
    description: Seconds to wait. When they have passed, the task fails.
    type: float
    default: 300
  wait_interval:
    description: Seconds between two looks.
    type: float
    default: 2
  authenticate:
    description: Set to V(false) to find out only whether the server answers; no credentials are needed or used then.
    type: bool
    default: true
seealso:
  - module: astera.data_stack.astera_server_config
"""

EXAMPLES = r"""
- name: Wait until the server answers
  astera.data_stack.astera_server_info:
    wait: true
    wait_timeout: 600
    authenticate: false

- name: Read what the server says of itself
  astera.data_stack.astera_server_info:
  register: etl

- name: Show its profile
  ansible.builtin.debug:
    var: etl.server_config.server_profile
"""

RETURN = r"""
server:
  description: Whether the server is there, and what it says of itself.
  returned: success
  type: dict
  contains:
    ready:
      description: Whether the server answers.
      type: bool
    info:
      description:
        - The server's own words, as they are. Their members are unknown; values under names that look like a secret
          are masked. Null when O(authenticate=false) or when the server is not ready.
      type: raw
  sample:
    ready: true
    info:
      version: "10.5"
server_config:
  description:
    - The properties in the shape of the options of M(astera.data_stack.astera_server_config), without the password.
    - Null when O(authenticate=false) or when the server is not ready.
  returned: success
  type: dict
  sample:
    server_profile: DEFAULT
    port: 9261
    config_parameters:
      instrumentation_on: false
      purge_chunk_size: 10000
      purge_command_timeout_seconds: 600
      purge_window_start_hour: 0
      purge_window_end_hour: 24
    repository:
      server: localhost
      port: 1433
      database: AsteraRepository
      service_name: AsteraRepository
      protocol: http
      authentication_type: SqlServerAuth
      connection_timeout: 15
      command_timeout: 90
      data_provider: SqlServer
      is_repository: true
      schema: ""
      user: sa
"""

from ansible_collections.astera.data_stack.plugins.module_utils._resources import server_info
from ansible_collections.astera.data_stack.plugins.module_utils._runner.module import run_module
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import Runnable

RESOURCE = Runnable(server_info.SPEC, server_info.run_info)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
