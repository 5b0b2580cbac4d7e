#!/usr/bin/python
# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: astera_server_info
short_description: Check whether an Astera Integration Server is ready, and read its properties
version_added: "1.0.0"
description:
  - Waits for the server with O(wait=true), and returns its information and its properties.
  - A success or a rejection (200 to 299, 400 to 499) means that the server is ready.
author:
  - astera.data_stack contributors (@astera-community)
extends_documentation_fragment:
  - astera.data_stack.attributes
  - astera.data_stack.attributes.info_module
  - astera.data_stack.connection
options:
  wait:
    description:
      - Whether to wait until the server responds. If V(false), a server that does not respond is returned as not ready.
    type: bool
    default: false
  wait_timeout:
    description: Seconds to wait. After that the task fails.
    type: float
    default: 300
  wait_interval:
    description: Seconds between two polls.
    type: float
    default: 2
  authenticate:
    description: Whether to log in. V(false) only checks that the server responds and needs no credentials.
    type: bool
    default: true
seealso:
  - module: astera.data_stack.astera_server_config
"""

EXAMPLES = r"""
- name: Wait until the server responds
  astera.data_stack.astera_server_info:
    wait: true
    wait_timeout: 600
    authenticate: false

- name: Read the information of the server
  astera.data_stack.astera_server_info:
  register: etl

- name: Show its profile
  ansible.builtin.debug:
    var: etl.server_config.server_profile
"""

RETURN = r"""
server:
  description: State and information of the server.
  returned: success
  type: dict
  contains:
    ready:
      description: Whether the server responds.
      type: bool
    info:
      description:
        - Information as the server returns it, with values of secret names redacted. Null with O(authenticate=false),
          or if it is not ready.
      type: raw
  sample:
    ready: true
    info:
      version: "10.5"
server_config:
  description:
    - Properties as options of M(astera.data_stack.astera_server_config), without the password. Null with
      O(authenticate=false), or if the server is not ready.
  returned: success
  type: dict
  # BEGIN object server_config
  contains:
    server_profile:
      description: Name of an existing server profile of the cluster.
      type: str
    port:
      description: Port of the server itself.
      type: int
    config_parameters:
      description: Parameters of the server.
      type: dict
      contains:
        instrumentation_on:
          description: Whether to log more, for debugging.
          type: bool
        purge_chunk_size:
          description: Rows to delete at once when old jobs and events are purged.
          type: int
        purge_command_timeout_seconds:
          description: Seconds that a purge statement may take.
          type: int
        purge_window_start_hour:
          description: Hour of the day, 0 to 24, at which purging may begin.
          type: int
        purge_window_end_hour:
          description: Hour of the day, 0 to 24, at which purging must end.
          type: int
    repository:
      description: Connection to the repository database.
      type: dict
      contains:
        server:
          description: Host of the database.
          type: str
        port:
          description: Port of the database.
          type: int
        database:
          description: Name of the database.
          type: str
        service_name:
          description: Service name of the database, usually its name.
          type: str
        protocol:
          description: Protocol of the connection, such as V(http).
          type: str
        authentication_type:
          description: Kind of the database login, such as V(SqlServerAuth).
          type: str
        connection_timeout:
          description: Timeout for a connection to the database, in the server's unit.
          type: int
        command_timeout:
          description: Timeout for a database statement, in the server's unit.
          type: int
        data_provider:
          description: Kind of the database, V(SqlServer) or V(PostgreSQL).
          type: str
        is_repository:
          description: Whether the database is a repository, always V(true).
          type: bool
        schema:
          description: Schema of the database.
          type: str
        user:
          description: Login of the database.
          type: str
  sample:
    server_profile: ServerProfile2
    port: 9261
    config_parameters:
      instrumentation_on: false
      purge_chunk_size: 10000
      purge_command_timeout_seconds: 600
      purge_window_start_hour: 0
      purge_window_end_hour: 24
    repository:
      server: sql01.example.com
      port: 1433
      database: AsteraRepository
      service_name: AsteraRepository
      protocol: http
      authentication_type: SqlServerAuth
      connection_timeout: 15
      command_timeout: 90
      data_provider: SqlServer
      is_repository: true
      schema: ''
      user: astera
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

from ansible_collections.astera.data_stack.plugins.module_utils._resources import server_info
from ansible_collections.astera.data_stack.plugins.module_utils._runner.module import run_module
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import Runnable

RESOURCE = Runnable(server_info.SPEC, server_info.run_info)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
