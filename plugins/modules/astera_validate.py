#!/usr/bin/python
# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: astera_validate
short_description: Check the variables of an Astera Integration Server without a request to it
version_added: "1.0.0"
description:
  - Checks the variables of this collection's roles for one server, all sections at once, without a request. The modules
    make the same checks before their first request.
  - Local files in the options must exist. The module does not check whether a flow, a deployment or a profile exists.
author:
  - astera.data_stack contributors (@astera-community)
extends_documentation_fragment:
  - astera.data_stack.attributes
  - astera.data_stack.connection
attributes:
  check_mode:
    support: full
  diff_mode:
    support: N/A
    details:
      - There is nothing to compare.
  idempotent:
    support: full
options:
  configuration:
    description:
      - The variables of the roles by name, such as C(astera_cluster). Null and empty variables count as not given.
    type: dict
    required: true
  authenticate:
    description: Whether O(username) and O(password), or O(token), must be given.
    type: bool
    default: true
seealso:
  - module: astera.data_stack.astera_export
"""

EXAMPLES = r"""
- name: Check the variables of a server, on a machine that cannot reach it
  astera.data_stack.astera_validate:
    server_url: https://etl01.example.com:9261
    authenticate: false
    configuration:
      astera_cluster:
        purge_job_info_after: 30
      astera_schedules:
        - name: Orders, every morning
          deployment: Orders
          daily:
            at: "04:30"
"""

RETURN = r"""
variables:
  description: Variables of sections that are set, in the order of a bootstrap.
  returned: success
  type: list
  elements: str
  sample: [astera_cluster, astera_schedules]
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
from ansible_collections.astera.data_stack.plugins.module_utils._server import validate

RESOURCE = Runnable(validate.SPEC, validate.run)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
