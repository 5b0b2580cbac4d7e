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
  - Registers a license key and activates it. For the activation, the server must reach Astera's licensing service.
  - No known endpoint reads the license. O(marker) records what was registered and makes the task idempotent.
author:
  - astera.data_stack contributors (@astera-community)
extends_documentation_fragment:
  - astera.data_stack.attributes
  - astera.data_stack.connection
attributes:
  check_mode:
    support: full
    details:
      - Predicts from O(marker).
  diff_mode:
    support: partial
    details:
      - Shows the state in O(marker) as the state before; empty without it.
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
      - License key. Keys of versions 6 and 7 do not work in version 8 and later, nor keys of version 9 in version 10.
    type: str
    required: true
  activate:
    description: Whether to activate the key.
    type: bool
    default: true
  marker:
    description:
      - File that records a salted digest of the registered key, where the module runs. Each server needs its own, in an
        existing folder on persistent storage.
    type: path
  update:
    description:
      - When to register the key. V(on_change) registers it unless O(marker) records it; V(always) registers it on every
        run.
    type: str
    choices: [on_change, always]
    default: on_change
  body_form:
    description:
      - Form of the request. V(wrapped) sends the values inside C(LicenseKeyRegistrationModel), as documented;
        V(superset) also at the top level.
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
  description: State of the license after the task; in check mode as it would be.
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
  description: Whether the marker file existed before; false without O(marker) and with O(update=always).
  returned: success
  type: bool
  sample: true
changes:
  description: Values that changed, with the key redacted. C(action) is V(add), V(change) or V(remove).
  returned: success
  type: list
  elements: dict
  sample:
    - path: activated
      action: change
      before: false
      after: true
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

from ansible_collections.astera.data_stack.plugins.module_utils._resources.license import license
from ansible_collections.astera.data_stack.plugins.module_utils._runner.module import run_module
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import Runnable

RESOURCE = Runnable(license.SPEC, license.run)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
