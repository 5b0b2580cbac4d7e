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
  - Sends requests that no other module of the collection sends. Login, retries, TLS, errors and check mode are those of
    the other modules.
  - The module compares nothing and reads nothing back. A V(GET) never reports a change; every other method is sent on
    each run and always reports one. Read first and add C(when), or add C(changed_when) where the response shows it.
  - A write is retried only if the server certainly did not receive it. This includes C(POST /api/CommandLineProcessor),
    which starts a job. If the job may run, the error says that it may have been started.
    To start and follow jobs, use M(astera.data_stack.astera_job).
author:
  - astera.data_stack contributors (@astera-community)
extends_documentation_fragment:
  - astera.data_stack.attributes
  - astera.data_stack.connection
attributes:
  check_mode:
    support: full
    details:
      - Only a V(GET) is sent. For every other method the task reports a change and returns nothing of the server.
      - To send a request that changes nothing in check mode too, set C(check_mode=false) at the task.
  diff_mode:
    support: partial
    details:
      - Shows the request, with secrets redacted. What it changes on the server is unknown.
  idempotent:
    support: partial
    details:
      - A V(GET) is idempotent. All other methods are sent on each run.
options:
  method:
    description: HTTP method of the request.
    type: str
    choices: [GET, POST, PUT, PATCH, DELETE]
    default: GET
  path:
    description:
      - Path on the server, such as V(/api/ServerInfo). It cannot name another server.
      - It must be ASCII without blanks. Write other characters as C(%XX), as the filter C(urlencode) does.
    type: str
    required: true
  query:
    description:
      - Query parameters. A value is a text, a number, a boolean, which is sent as C(true) or C(false), or a list of
        these.
      - Values of secret names are redacted in the output.
    type: dict
  secret_query:
    description: Query parameters that are secret. Every value in it is redacted, also in the response.
    type: dict
  body:
    description:
      - Body of the request, in the API's own names. Without it and O(secret_body), the request has no body.
      - With O(body_format=json) a dictionary, a list, a number, a boolean or a text. A text that begins with C({) or
        C([) is sent as it is, as JSON from the filter C(to_json).
      - With ansible-core before 2.19 a template within a dictionary gives a text, so a number would be sent as text.
        Write the whole body as one template there.
      - Values of secret names are redacted in the output.
    type: raw
  secret_body:
    description:
      - Body with secrets. Every value in it is redacted, also in the response.
      - With O(body) both must be dictionaries. They are merged at every depth. A field in both is rejected.
    type: raw
  body_format:
    description:
      - V(json) sends C(application/json), and for an empty O(body) the JSON text C("").
      - V(text) sends C(text/plain), and no content for an empty O(body).
    type: str
    choices: [json, text]
    default: json
  status_code:
    description:
      - HTTP statuses that mean success. By default all from 200 to 299.
      - Redirects are followed, and transient errors retried, before the status is checked.
    type: list
    elements: int
  answer:
    description:
      - V(masked) redacts the values of secret names in the response, such as C(password), C(apiKey) or C(accessToken),
        values in lists of names and values whose name is secret, and all secrets of the task.
      - V(whole) returns the response unredacted, for tasks that need such a value. The output of the task is censored
        then, as for M(astera.data_stack.astera_login), and C(async) is rejected. The registered variable has the
        response. Secrets in the options of the task are redacted in any case.
    type: str
    choices: [masked, whole]
    default: masked
  authenticate:
    description: Whether to log in. With V(false) no credentials are needed or used.
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

- name: Show when each was changed, whatever the case of the server's names
  ansible.builtin.debug:
    msg: "{{ item.name | default(item.Name) }}: {{ item.updateDtTm | default(item.UpdateDtTm) }}"
  loop: "{{ all.json }}"

- name: Check whether there is a schedule with this id
  astera.data_stack.astera_api:
    path: /api/Schedule/4711
    status_code: [200, 404]
  register: schedule

- name: Register a license, and redact its key
  astera.data_stack.astera_api:
    method: POST
    path: /api/License/Key
    body:
      LicenseKeyRegistrationModel:
        user: Jane Doe
        organization: Example Ltd
    secret_body:
      LicenseKeyRegistrationModel:
        key: "{{ license_key }}"

- name: Activate the license with an empty text
  astera.data_stack.astera_api:
    method: POST
    path: /api/License/Activate
    body: ""
    # Some servers may reject it if it is active already. Then nothing has changed.
    status_code: [200, 400]
  register: activated
  changed_when: activated.status != 400

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

- name: Read the server properties unredacted
  astera.data_stack.astera_api:
    path: /api/Server/Config
    answer: whole
  register: config
"""

RETURN = r"""
status:
  description: HTTP status of the response; null for a write in check mode.
  returned: success
  type: int
  sample: 200
json:
  description:
    - Data of the response, whatever its content type; null if it is not JSON, and for a write in check mode.
    - Values of secret names are redacted, see O(answer).
  returned: success
  type: raw
  sample:
    jobId: 17
    filePath: C:\Flows\load_orders.wf
text:
  description:
    - Response as text, empty without a body; null for a write in check mode. JSON with redacted values is serialized
      again.
  returned: success
  type: str
  sample: '{"jobId":17,"filePath":"C:\\Flows\\load_orders.wf"}'
content_type:
  description: Content type of the response, without parameters and in lower case.
  returned: success
  type: str
  sample: application/json
headers:
  description:
    - Headers of the response, names in lower case. C(set-cookie) and headers with secret names, such as
      C(x-auth-token), are redacted; see O(answer).
  returned: success
  type: dict
  sample:
    content-type: application/json; charset=utf-8
    server: Kestrel
changes:
  description: The request that was sent, or would be in check mode, with secrets redacted. Not returned by V(GET).
  returned: success
  type: list
  elements: dict
  sample:
    - path: method
      action: add
      before: null
      after: POST
    - path: path
      action: add
      before: null
      after: /api/CommandLineProcessor
    - path: body
      action: add
      before: null
      after:
        FilePath: C:\Flows\load_orders.wf
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

from ansible_collections.astera.data_stack.plugins.module_utils._resources import api
from ansible_collections.astera.data_stack.plugins.module_utils._runner.module import run_module
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import Runnable

RESOURCE = Runnable(api.SPEC, api.run)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
