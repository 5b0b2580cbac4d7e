#!/usr/bin/python
# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: astera_api
short_description: Send any request to the API of an Astera Integration Server
version_added: "1.0.0"
description:
  - Sends requests that no other module of the collection sends, with the same login, retries, TLS, errors and check
    mode.
  - Compares nothing and reads nothing back. A V(GET) never reports a change. Every other method is sent on each run and
    reports one; use C(when) or C(changed_when).
  - Retries a write only if the server certainly did not receive it. To start and follow jobs, use
    M(astera.data_stack.astera_job).
author:
  - astera.data_stack contributors (@astera-community)
extends_documentation_fragment:
  - astera.data_stack.attributes
  - astera.data_stack.connection
attributes:
  check_mode:
    support: full
    details:
      - Sends only a V(GET). To send another request in check mode, too, set C(check_mode=false) at the task.
  diff_mode:
    support: partial
    details:
      - Shows the request, not its effect on the server.
  idempotent:
    support: partial
    details:
      - Only a V(GET) is.
options:
  method:
    description: HTTP method of the request.
    type: str
    choices: [GET, POST, PUT, PATCH, DELETE]
    default: GET
  path:
    description:
      - Path on the server, such as V(/api/ServerInfo). Write blanks and characters beyond ASCII as C(%XX), as the
        filter C(urlencode) does.
    type: str
    required: true
  query:
    description:
      - "Query parameters: texts, numbers, booleans (V(True) and V(False)), or lists of these. Values of secret names
        are redacted."
    type: dict
  body:
    description:
      - Body in the API's own names, or as a text of JSON. Values of secret names are redacted. Before ansible-core
        2.19, write a body with templated numbers as one template.
    type: raw
  secret_body:
    description:
      - Like O(body), which it replaces, but all its values are redacted, also in the response.
    type: raw
  authenticate:
    description: Whether to log in. V(false) neither needs nor uses credentials.
    type: bool
    default: true
seealso:
  - module: astera.data_stack.astera_job
  - module: astera.data_stack.astera_server_info
"""

EXAMPLES = r"""
- name: Read the deployments with all their fields
  astera.data_stack.astera_api:
    path: /api/Deployments
  register: all

- name: Register a license, and redact its key
  astera.data_stack.astera_api:
    method: POST
    path: /api/License/Key
    secret_body:
      LicenseKeyRegistrationModel:
        user: Jane Doe
        organization: Example Ltd
        key: "{{ license_key }}"

- name: Start a job without following it
  astera.data_stack.astera_api:
    method: POST
    path: /api/CommandLineProcessor
    body:
      FilePath: C:\Flows\load_orders.wf
      Parameters:
        - ActionName: Variables
          ParameterName: sourceFilePath
          Value: /out/orders.csv
  register: started
"""

RETURN = r"""
status:
  description: HTTP status of the response; null for a write in check mode.
  returned: success
  type: int
  sample: 200
json:
  description:
    - Data of the response, whatever its content type. Null if it is not JSON, and for a write in check mode.
  returned: success
  type: raw
  sample:
    jobId: 17
text:
  description:
    - Response as text, empty without a body. Null for a write in check mode.
  returned: success
  type: str
  sample: '{"jobId":17}'
changes:
  description: Request that was sent, in check mode would be, with secrets redacted. Not returned by V(GET).
  returned: success
  type: list
  elements: dict
  sample: [{path: method, action: add, before: null, after: POST}]
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

from ansible_collections.astera.data_stack.plugins.module_utils._resources import api
from ansible_collections.astera.data_stack.plugins.module_utils._runner.module import run_module
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import Runnable

RESOURCE = Runnable(api.SPEC, api.run)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
