#!/usr/bin/python
# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: astera_api
short_description: Make any call of the API of an Astera Integration Server
version_added: "1.0.0"
description:
  - For calls that no other module of the collection knows. Login, retries, TLS, errors and check mode are those of the
    other modules.
  - Nothing is compared and nothing is read back. A V(GET) reads and never reports a change; every other method is sent
    on each run and always reports one. Where the server can be asked first, do so, and add C(when); where an answer
    tells whether something changed, add C(changed_when).
  - A write is sent again only when it surely never arrived. That holds for C(POST /api/CommandLineProcessor) too, which
    starts a job. Whenever it cannot be ruled out that one runs, the task says that the job may have been started.
    To start jobs use M(astera.data_stack.astera_job), which also follows them.
author:
  - astera.data_stack contributors (@astera-community)
extends_documentation_fragment:
  - astera.data_stack.attributes
  - astera.data_stack.connection
attributes:
  check_mode:
    support: full
    details:
      - A V(GET) is made. No other call is, also not one that merely reads; the task says that it would change
        something, and returns nothing of the server.
      - A call that is known to change nothing can be made in check mode all the same, with C(check_mode=false) at the
        task.
  diff_mode:
    support: partial
    details:
      - Shows what is sent, with secrets masked. What it changes on the server nobody knows.
  idempotent:
    support: partial
    details:
      - A V(GET) is. All others are sent on each run.
options:
  method:
    description: The method of the call.
    type: str
    choices: [GET, POST, PUT, PATCH, DELETE]
    default: GET
  path:
    description:
      - Path on the server, such as V(/api/ServerInfo). Another server cannot be named.
      - It must be ASCII without blanks. Write other characters as C(%XX), as the filter C(urlencode) does.
    type: str
    required: true
  query:
    description:
      - Names and values that follow the path. A value is a text, a number, a boolean, which is sent as C(true) or
        C(false), or a list of these.
      - Values under names that look like a secret are masked in the output.
    type: dict
  secret_query:
    description: Like O(query), for secrets. Every value in it is masked, also where the server repeats it.
    type: dict
  body:
    description:
      - What is sent, in the API's own names. Without it and without O(secret_body) the call has no body.
      - With O(body_format=json) a dictionary, a list, a number, a boolean or a text. A text that begins with C({) or
        C([) is taken for JSON that is ready, as the filter C(to_json) makes it.
      - A template within a dictionary gives text with ansible-core before 2.19, so that a number would be sent as text.
        There, write the whole body as one template.
      - Values under names that look like a secret are masked in the output.
    type: raw
  secret_body:
    description:
      - Like O(body), for secrets. Every value in it is masked, also where the server repeats it.
      - Together with O(body) both must be dictionaries. This one is laid over the other, at every depth. A member that
        both give is refused.
    type: raw
  body_format:
    description:
      - V(json) sends C(application/json), for an empty O(body) the JSON text C("").
      - V(text) sends C(text/plain), for an empty O(body) without content.
    type: str
    choices: [json, text]
    default: json
  status_code:
    description:
      - The HTTP statuses that mean success. By default all from 200 to 299.
      - A redirect is followed first, and a passing failure met with O(retries).
    type: list
    elements: int
  answer:
    description:
      - V(masked) masks in the answer all values under names that look like a secret, such as C(password), C(apiKey) or
        C(accessToken), the value beside a text that is such a name, as in a list of names and values, and all secrets
        that the task knows.
      - V(whole) returns the answer as it is, for tasks that need such a value. Then the output of the task is censored,
        as that of M(astera.data_stack.astera_login) is, and C(async) is refused. The registered variable holds the
        answer. What the task itself was given as a secret is masked in any case.
    type: str
    choices: [masked, whole]
    default: masked
  authenticate:
    description: Set to V(false) to make the call without a login; no credentials are needed or used then.
    type: bool
    default: true
seealso:
  - module: astera.data_stack.astera_job
  - module: astera.data_stack.astera_server_info
"""

EXAMPLES = r"""
- name: Read what no module returns
  astera.data_stack.astera_api:
    path: /api/Deployments
  register: all

- name: Show when each was changed, whatever the case of the server's names
  ansible.builtin.debug:
    msg: "{{ item.name | default(item.Name) }}: {{ item.updateDtTm | default(item.UpdateDtTm) }}"
  loop: "{{ all.json }}"

- name: Look whether there is a schedule of this number
  astera.data_stack.astera_api:
    path: /api/Schedule/4711
    status_code: [200, 404]
  register: schedule

- name: Register a license, and keep its key off every screen
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

- name: Send an empty text, as the activation wants it
  astera.data_stack.astera_api:
    method: POST
    path: /api/License/Activate
    body: ""
    # Where it is active already, some servers may refuse. Then nothing has changed.
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

- name: Read with all that the server shows, for the tasks that follow
  astera.data_stack.astera_api:
    path: /api/Server/Config
    answer: whole
  register: config
"""

RETURN = r"""
status:
  description: The HTTP status of the answer; null for a write in check mode.
  returned: success
  type: int
  sample: 200
json:
  description:
    - The data of the answer, whatever content type it names; null when it is no JSON, and for a write in check mode.
    - Values under names that look like a secret are masked, see O(answer).
  returned: success
  type: raw
  sample:
    jobId: 17
    filePath: C:\Flows\load_orders.wf
text:
  description:
    - The answer as text, empty when there is none; null for a write in check mode. JSON in which something had to be
      masked is written anew.
  returned: success
  type: str
  sample: '{"jobId":17,"filePath":"C:\\Flows\\load_orders.wf"}'
content_type:
  description: The content type that the answer names, without parameters and in small letters.
  returned: success
  type: str
  sample: application/json
headers:
  description:
    - The headers of the answer, names in small letters. C(set-cookie) is masked, and so are those whose names look like
      a secret, such as C(x-auth-token); see O(answer).
  returned: success
  type: dict
  sample:
    content-type: application/json; charset=utf-8
    server: Kestrel
changes:
  description: What was sent, with secrets masked, or would be in check mode. Not returned by V(GET).
  returned: success
  type: list
  elements: dict
  sample:
    - path: POST /api/CommandLineProcessor
      action: add
      before: null
      after:
        body:
          FilePath: C:\Flows\load_orders.wf
  # BEGIN change
  contains:
    path:
      description: Where the value is, in the names of the options.
      type: str
    action:
      description: What happened to it.
      type: str
      choices:
        - add
        - change
        - remove
    before:
      description: The value before, null if there was none. Secrets are redacted.
      type: raw
    after:
      description: The value after. Secrets are redacted.
      type: raw
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

from ansible_collections.astera.data_stack.plugins.module_utils._resources import api
from ansible_collections.astera.data_stack.plugins.module_utils._runner.module import run_module
from ansible_collections.astera.data_stack.plugins.module_utils._runner.run import Runnable

RESOURCE = Runnable(api.SPEC, api.run)


def main():
    run_module(RESOURCE)


if __name__ == "__main__":
    main()
