#!/usr/bin/python
# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: astera_login
short_description: Log in to an Astera Integration Server and return the token
version_added: "1.0.0"
description:
  - Logs in once. Later tasks can use the token in O(token) instead of logging in.
  - Never prints the token, at any verbosity. You can register and use it.
  - Sends wrong credentials exactly once. A response without a token means that they are wrong, whatever its status.
author:
  - astera.data_stack contributors (@astera-community)
extends_documentation_fragment:
  - astera.data_stack.attributes
  - astera.data_stack.connection
attributes:
  check_mode:
    support: full
    details:
      - Logs in also in check mode, because later tasks need the token to read.
  diff_mode:
    support: N/A
    details:
      - There is nothing to compare.
  idempotent:
    support: full
    details:
      - Every run gets a new token and changes no settings.
options:
  remember_me:
    description:
      - Whether to request a token with a long lifetime.
    type: bool
    default: true
  remember_me_type:
    description:
      - JSON type of O(remember_me).
    type: str
    choices: [boolean, integer]
    default: boolean
seealso:
  - module: astera.data_stack.astera_server_info
"""

EXAMPLES = r"""
- name: Log in once
  astera.data_stack.astera_login:
  register: login

- name: Read the cluster settings with the token
  astera.data_stack.astera_cluster_info:
    token: "{{ login.token }}"

- name: Log in to a server that expects the flag as a number
  astera.data_stack.astera_login:
    remember_me: true
    remember_me_type: integer
"""

RETURN = r"""
token:
  description: Token for the option O(token) of the other modules.
  returned: success
  type: str
  sample: eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.e30.c2lnbmF0dXJl
expires_at:
  description:
    - Expiry of the token in UTC, from the token. Null if the token cannot be parsed.
  returned: success
  type: str
  sample: "2026-12-22T04:30:00Z"
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

from ansible_collections.astera.data_stack.plugins.module_utils._resources import login
from ansible_collections.astera.data_stack.plugins.module_utils._runner.module import run_module
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import Runnable

RESOURCE = Runnable(login.SPEC, login.run)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
