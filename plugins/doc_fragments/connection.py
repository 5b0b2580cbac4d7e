# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    # The server and the account: the options of every module.
    DOCUMENTATION = r"""
options:
  server_url:
    description:
      - Address of the server without a path, such as V(https://etl01.example.com:9261). The port defaults to 9261. Can
        be set with E(ASTERA_SERVER_URL).
    type: str
    required: true
  username:
    description: Astera account, not of Windows or Azure. Can be set with E(ASTERA_USERNAME).
    type: str
  password:
    description: Password of the account. Can be set with E(ASTERA_PASSWORD).
    type: str
  token:
    description:
      - Token that M(astera.data_stack.astera_login) returned. If the server rejects it, the module logs in with
        O(username) and O(password). Can be set with E(ASTERA_TOKEN).
    type: str
  validate_certs:
    description:
      - Whether to verify the server's certificate. For a self-signed one, leave it on and set O(ca_path). Can be set
        with E(ASTERA_VALIDATE_CERTS).
    type: bool
    default: true
  ca_path:
    description:
      - File with the CA certificates to trust instead of the default ones, in PEM format, where the module runs. Can be
        set with E(ASTERA_CA_PATH).
    type: path
  allow_http:
    description:
      - Whether O(server_url) may begin with C(http://), which sends passwords, tokens and license keys unencrypted. Can
        be set with E(ASTERA_ALLOW_HTTP).
    type: bool
    default: false
  request_timeout:
    description: Seconds to wait for a response. Can be set with E(ASTERA_REQUEST_TIMEOUT).
    type: float
    default: 30
  retries:
    description:
      - Number of retries after a lost connection or the status 429, 502, 503 or 504. Can be set with E(ASTERA_RETRIES).
    type: int
    default: 4
  settings:
    description:
      - Options of this module as one dictionary, or as a list of dictionaries of which the last one wins. The other
        options of the task override them.
    type: dict
requirements:
  - requests >= 2.25 on the machine where the module runs
notes:
  - The page C(docs/network.md) describes the connection options, empty values, certificates and proxies, and
    C(docs/errors.md) the errors and the retries.
  - The collection was written without a real server; see C(docs/server-api.md).
"""
