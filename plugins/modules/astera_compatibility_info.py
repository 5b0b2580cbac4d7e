#!/usr/bin/python
# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: astera_compatibility_info
short_description: Compare an Astera Integration Server with the assumptions of this collection
version_added: "1.0.0"
description:
  - Compares a real server with the assumptions of this collection, which was written without one. Only reads.
  - Returns no values of the server, only names of fields, types and forms. The role
    P(astera.data_stack.compatibility_report#role) writes a report of it.
  - Retries the login and the first read, and no other request.
author:
  - astera.data_stack contributors (@astera-community)
extends_documentation_fragment:
  - astera.data_stack.attributes
  - astera.data_stack.attributes.info_module
  - astera.data_stack.connection
options:
  openapi_path:
    description:
      - Path of the server's own OpenAPI document, in the Astera client the I(Server API Path). By default the usual
        paths are tried.
    type: str
seealso:
  - module: astera.data_stack.astera_server_info
  - module: astera.data_stack.astera_api
"""

EXAMPLES = r"""
- name: Compare the server with the assumptions
  astera.data_stack.astera_compatibility_info:
  register: compatibility

- name: Show where it differs
  ansible.builtin.debug:
    msg: "{{ item.claim }} {{ item.found }}"
  loop: "{{ compatibility.report.assumptions | selectattr('verdict', 'equalto', 'differs') }}"
  loop_control:
    label: "{{ item.key }}"
"""

RETURN = r"""
report:
  description: Assumptions with their verdicts, and shapes of the responses.
  returned: success
  type: dict
  contains:
    collection:
      description: Version of this collection.
      type: str
    port:
      description: Port of the server.
      type: int
    summary:
      description: Number of assumptions by verdict.
      type: dict
    assumptions:
      description:
        - One entry for each assumption in C(docs/server-api.md). C(verdict) is V(confirmed), V(differs) or
          V(not_seen).
      type: list
      elements: dict
    answers:
      description: One entry for each request, with C(status), and with C(shape), the form of each field.
      type: list
      elements: dict
    operations:
      description: Operations in the server's OpenAPI document.
      type: list
      elements: str
  sample:
    summary:
      confirmed: 10
      differs: 2
      not_seen: 1
    assumptions:
      - key: openapi-path
        section: What only the server itself can tell
        mark: inferred
        claim: The OpenAPI document is at one of the four default paths.
        affects: openapi_path
        verdict: confirmed
        found: at /swagger/v1/swagger.json
        otherwise: Set openapi_path. The Astera client shows it as Server API Path.
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

from ansible_collections.astera.data_stack.plugins.module_utils._compatibility import report as compatibility_report
from ansible_collections.astera.data_stack.plugins.module_utils._runner.module import run_module
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import Runnable

RESOURCE = Runnable(compatibility_report.SPEC, compatibility_report.run_info)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
