#!/usr/bin/python
# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: astera_license
short_description: Register and activate the license of an Astera Integration Server
version_added: "1.0.0"
description:
  - Registers the license key and activates it. Both requests are documented as necessary.
  - The activation sends the empty text as JSON. If the server rejects that with 400 or 415, it sends an empty
    C(text/plain) body.
  - No endpoint is known that reads the license. O(marker) records what was registered and makes the task idempotent.
  - For the activation the server must reach Astera's licensing service.
author:
  - astera.data_stack contributors (@astera-community)
extends_documentation_fragment:
  - astera.data_stack.attributes
  - astera.data_stack.connection
attributes:
  check_mode:
    support: full
    details:
      - Predicts from O(marker), because the server's license cannot be read.
  diff_mode:
    support: partial
    details:
      - The state before is that of O(marker); without it, it is unknown and shown as empty.
  idempotent:
    support: partial
    details:
      - Only with O(marker) and O(update=on_change).
options:
  user:
    description: Name to register the license for.
    type: str
    required: true
  organization:
    description: Organization to register the license for.
    type: str
    required: true
  key:
    description:
      - The license key.
      - Keys of version 6 and 7 do not work in 8 and later, nor those of 9 in 10, by Astera's documentation.
    type: str
    required: true
  activate:
    description: Whether to activate the key.
    type: bool
    default: true
  marker:
    description:
      - Path of a file that records, as a salted digest, which key was registered on which server and whether it was
        activated. It does not contain the key.
      - The file is on the machine where the module runs and has mode 0600. Keep it for the next run; an execution
        environment discards its own files.
      - It also contains the address of the server. The marker of another server is an error.
      - Its folder must exist. The file is replaced atomically. A symbolic link at this path is replaced too, and its
        target stays as it is.
    type: path
  update:
    description:
      - V(on_change) registers the key if O(marker) does not know it yet, or if there is no marker.
      - V(always) registers the key on every run.
    type: str
    choices: [on_change, always]
    default: on_change
  body_form:
    description:
      - V(superset) sends the three values inside C(LicenseKeyRegistrationModel), as documented, and at the top level.
        It works with a server that expects either form.
      - V(wrapped) sends the documented form only.
    type: str
    choices: [wrapped, superset]
    default: superset
"""

EXAMPLES = r"""
- name: Register and activate the license
  astera.data_stack.astera_license:
    user: Jane Doe
    organization: Example Ltd
    key: "{{ license_key }}"
    marker: "{{ playbook_dir }}/license.json"

- name: Register a key that is activated by hand
  astera.data_stack.astera_license:
    user: Jane Doe
    organization: Example Ltd
    key: "{{ license_key }}"
    marker: "{{ playbook_dir }}/license.json"
    activate: false
"""

RETURN = r"""
license:
  description: State of the license after this run; in check mode as it would be.
  returned: success
  type: dict
  contains:
    registered:
      description: Whether the key was registered, now or in an earlier run.
      type: bool
    activated:
      description: Whether the key was activated, now or in an earlier run.
      type: bool
  sample:
    registered: true
    activated: true
marker_exists:
  description: Whether there was a marker file before; false without O(marker) and with O(update=always).
  returned: success
  type: bool
  sample: true
changes:
  description: Values that changed, with the key redacted.
  returned: success
  type: list
  elements: dict
  sample:
    - path: activated
      action: change
      before: false
      after: true
  # BEGIN change
  contains:
    path:
      description: Path of the value, in the names of the options.
      type: str
    action:
      description: Kind of the change.
      type: str
      choices:
        - add
        - change
        - remove
    before:
      description: Value before, null if there was none. Secrets are redacted.
      type: raw
    after:
      description: Value after. Secrets are redacted.
      type: raw
  # END
# BEGIN error
error:
  description: The error, for programs. C(msg) is the same as text.
  returned: failure
  type: dict
  contains:
    kind:
      description:
        - Kind of the error.
        - V(input) means that the options, or a local file that they name, cannot be used.
          C(changed) shows whether the task wrote anything.
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
      description: What happened, with the error text of the server.
      type: str
    attempts:
      description: Number of attempts of the request, 0 if it was never sent.
      type: int
    hint:
      description: What to do, null if there is no advice.
      type: str
    may_have_been_applied:
      description: Whether the server may have applied a write although the task failed.
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

from ansible_collections.astera.data_stack.plugins.module_utils._resources.license import license
from ansible_collections.astera.data_stack.plugins.module_utils._runner.module import run_module
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import Runnable

RESOURCE = Runnable(license.SPEC, license.run)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
