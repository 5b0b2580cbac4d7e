#!/usr/bin/python
# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: astera_server_config
short_description: Set the properties of an Astera Integration Server
version_added: "1.0.0"
description:
  - Sets the server's profile, its port, its purge parameters and the connection to its repository database.
  - Sends all properties back with the desired values, waits for the server, which may restart, and reads them again.
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
    support: partial
    details:
      - O(update_password=always) reports a change on every run.
options:
  # BEGIN options server_config
  server_profile:
    description: Name of an existing server profile of the cluster. Create profiles in the
      client.
    type: str
  port:
    description: Port of the server itself. After a change the module tries both the old
      and the new one.
    type: int
  config_parameters:
    description: Parameters of the server. The vendor advises to keep their defaults.
    type: dict
    suboptions:
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
    description: Connection to the repository database. Connecting a server to another repository
      moves no data.
    type: dict
    suboptions:
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
      password:
        description: Password of the database login, which is not compared; see O(update_password).
          Required for any change if the server does not show it.
        type: str
  # END
  update_password:
    description:
      - When to send O(repository.password). V(on_change) sends it only if something else differs; V(always) on every
        run. Use V(always) once for a new password.
    type: str
    choices: [on_change, always]
    default: on_change
  authenticate:
    description:
      - Whether to log in. V(false) is for a new server without accounts; whether the server allows that is unknown.
    type: bool
    default: true
  wait:
    description: Whether to wait until the server responds again, and then verify the properties.
    type: bool
    default: true
  wait_timeout:
    description: Seconds to wait for the server.
    type: float
    default: 300
  wait_interval:
    description: Seconds between two polls. The server is back after three successful responses in a row.
    type: float
    default: 1
  extra_fields:
    description:
      - Extra fields of the server's object, in the API's own names. They override other options. Put secrets in
        O(secret_extra_fields).
    type: dict
seealso:
  - module: astera.data_stack.astera_server_info
"""

EXAMPLES = r"""
- name: Switch the server to another profile
  astera.data_stack.astera_server_config:
    server_profile: ServerProfile2
    repository:
      password: "{{ repository_password }}"

- name: Point the server to its repository
  astera.data_stack.astera_server_config:
    repository:
      server: sql01.example.com
      port: 1433
      database: AsteraRepository
      service_name: AsteraRepository
      authentication_type: SqlServerAuth
      data_provider: SqlServer
      user: astera
      password: "{{ repository_password }}"
"""

RETURN = r"""
server_config:
  description:
    - Properties after the task, as M(astera.data_stack.astera_server_info) returns them; in check mode as they would
      be.
  returned: success
  type: dict
moved_to:
  description: New address of the server after a change of its port, otherwise null.
  returned: success
  type: str
  sample: https://etl01.example.com:9300
changes:
  description: Values that differed. C(action) is V(add), V(change) or V(remove). Secrets are redacted.
  returned: success
  type: list
  elements: dict
  sample:
    - path: server_profile
      action: change
      before: DEFAULT
      after: ServerProfile2
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

from ansible_collections.astera.data_stack.plugins.module_utils._resources import server_config
from ansible_collections.astera.data_stack.plugins.module_utils._runner.module import run_module
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import Runnable

RESOURCE = Runnable(server_config.SPEC, server_config.run)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
