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
  # BEGIN object server_config
  contains:
    server_profile:
      description: Name of an existing server profile. Profiles belong to the cluster; make
        them in the client.
      type: str
    port:
      description: Port of the server itself.
      type: int
    config_parameters:
      description: Parameters of the server. The vendor advises to keep their defaults.
      type: dict
      contains:
        instrumentation_on:
          description: Whether to log more, for debugging. Slows the server down.
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
      description: Connection to the repository, the database that holds jobs, schedules
        and deployments.
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
          description: Service name of the database. The server's documentation repeats
            the database name here.
          type: str
        protocol:
          description: Protocol of the connection. Only V(http) is documented.
          type: str
        authentication_type:
          description: Kind of the database login. V(SqlServerAuth) is documented; the value
            for Windows is unknown.
          type: str
        connection_timeout:
          description: Time to wait for a connection to the database, very likely in seconds.
          type: int
        command_timeout:
          description: Time to wait for a database statement, very likely in seconds.
          type: int
        data_provider:
          description: Kind of the database, V(SqlServer) or V(PostgreSQL).
          type: str
        is_repository:
          description: Whether the database is a repository. Documented as always true.
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
  description: What went wrong, for programs. C(msg) says the same in words.
  returned: failure
  type: dict
  contains:
    kind:
      description:
        - What kind of failure it is.
        - V(input) means that no request was sent, or that reading alone showed that the
          options cannot be met.
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
      description: Method of the request that failed, null if it was not a request.
      type: str
    path:
      description: Path of that request.
      type: str
    message:
      description: What happened, with the words of the server.
      type: str
    attempts:
      description: How often the request was tried, 0 if it was never sent.
      type: int
    hint:
      description: What to do, null if there is no advice.
      type: str
    may_have_been_applied:
      description: Whether the server may have carried out a write although the task failed.
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

from ansible_collections.astera.data_stack.plugins.module_utils._resources import server_info
from ansible_collections.astera.data_stack.plugins.module_utils._runner.module import run_module
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import Runnable

RESOURCE = Runnable(server_info.SPEC, server_info.run_info)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
