#!/usr/bin/python
# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: astera_compatibility_info
short_description: Compare an Astera Integration Server with what this collection assumes of it
version_added: "1.0.0"
description:
  - This collection was written without a server. The module asks a real one and says of each assumption whether it
    holds.
  - It logs in twice and reads, and sends nothing else. It never tries a wrong password, as that might lock the account.
  - What it returns holds no values of the server, only names of members, types, lengths and forms. The role
    P(astera.data_stack.compatibility_report#role) writes a report of it.
  - Each read stands for itself. One that fails leaves only those assumptions open that need it. After three in a row
    that had no answer, or only 429, 502, 503 or 504, nothing more is asked.
author:
  - astera.data_stack contributors (@astera-community)
extends_documentation_fragment:
  - astera.data_stack.attributes
  - astera.data_stack.attributes.info_module
  - astera.data_stack.connection
options:
  openapi_path:
    description:
      - Path of the server's own OpenAPI document, such as C(/swagger/v1/swagger.json). The client of Astera shows it as
        I(Server API Path).
      - Without the option C(/swagger/v1/swagger.json), C(/swagger/Centerprise_Server/swagger.json),
        C(/swagger/docs/v1) and C(/openapi/v1.json) are tried.
    type: str
seealso:
  - module: astera.data_stack.astera_server_info
  - module: astera.data_stack.astera_api
"""

EXAMPLES = r"""
- name: See whether the server is as this collection assumes it
  astera.data_stack.astera_compatibility_info:
  register: contact

- name: Tell where it differs
  ansible.builtin.debug:
    msg: "{{ item.claim }} {{ item.found }}"
  loop: "{{ contact.report.assumptions | selectattr('verdict', 'equalto', 'differs') }}"
  loop_control:
    label: "{{ item.key }}"
"""

RETURN = r"""
report:
  description: What was asked, what was assumed, and what holds.
  returned: success
  type: dict
  contains:
    collection:
      description: Version of this collection.
      type: str
    port:
      description: The port that was asked.
      type: int
    tls:
      description: The version of TLS, and of a certificate that was checked its kind, without names.
      type: dict
    summary:
      description: How many assumptions have each verdict.
      type: dict
    assumptions:
      description:
        - One entry for each assumption, with C(key), C(section) of C(docs/server-api.md), C(mark), C(claim),
          C(verdict), C(found) and C(otherwise), which is what it means when the server differs.
        - The verdict is V(confirmed), V(differs), V(undecided) when what was seen fits both, or V(not_seen).
      type: list
      elements: dict
    answers:
      description: One entry for each call, with what its answer looks like.
      type: list
      elements: dict
    operations:
      description: The operations that the server's OpenAPI document names, at most 500.
      type: list
      elements: str
  sample:
    summary:
      confirmed: 30
      differs: 9
      undecided: 4
      not_seen: 6
    assumptions:
      - key: config-password
        section: Server properties
        mark: unknown
        claim: The password of the repository is shown as a mask.
        verdict: confirmed
        found: a mask
        otherwise: "Nothing changes: it is never compared."
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

from ansible_collections.astera.data_stack.plugins.module_utils._compatibility import report as compatibility_report
from ansible_collections.astera.data_stack.plugins.module_utils._runner.module import run_module
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import Runnable

RESOURCE = Runnable(compatibility_report.SPEC, compatibility_report.run_info)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
