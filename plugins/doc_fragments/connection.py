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
      - Address of the server without a path, such as V(https://etl01.example.com:9261). The port defaults to 9261.
        Enclose an IPv6 address in brackets; zone IDs are not supported.
      - Can be set with E(ASTERA_SERVER_URL).
    type: str
    required: true
  username:
    description: Name of an Astera account, not of Windows or Azure. Can be set with E(ASTERA_USERNAME).
    type: str
  password:
    description: Password of the account. Can be set with E(ASTERA_PASSWORD).
    type: str
  token:
    description:
      - Token that M(astera.data_stack.astera_login) returned. If the server rejects it, the module logs in once with
        O(username) and O(password), if they are set.
      - Can be set with E(ASTERA_TOKEN).
    type: str
  validate_certs:
    description:
      - Whether to verify the server's certificate. For a self-signed one, leave it on and set O(ca_path).
      - Can be set with E(ASTERA_VALIDATE_CERTS).
    type: bool
    default: true
  ca_path:
    description:
      - File with the CA certificates to trust instead of the default ones, in PEM format, on the machine where the
        module runs. Or a folder that C(openssl rehash) has prepared.
      - Can be set with E(ASTERA_CA_PATH).
    type: path
  allow_http:
    description:
      - Whether O(server_url) may begin with C(http://); it must then name the port. Use it only for a service in front
        of the server, such as a tunnel, because every known port of the server is HTTPS.
      - HTTP sends passwords, tokens and license keys unencrypted and does not authenticate the server.
        O(validate_certs), O(ca_path) and proxies have no effect. The module warns unless the server is on localhost.
      - Can be set with E(ASTERA_ALLOW_HTTP).
    type: bool
    default: false
  request_timeout:
    description:
      - Seconds to wait for the response to a request. The connection must be made within ten seconds.
      - Can be set with E(ASTERA_REQUEST_TIMEOUT).
    type: float
    default: 30
  retries:
    description:
      - Number of retries after a lost connection or the status 429, 502, 503 or 504. A write is retried only after 429,
        or if the server certainly did not receive it.
      - The pauses grow, and respect C(Retry-After) up to 30 seconds. Can be set with E(ASTERA_RETRIES).
    type: int
    default: 4
  settings:
    description:
      - Options of this module as one dictionary, or as a list of dictionaries of which the last one wins. They override
        C(module_defaults), and the other options of the task override them.
      - The task fails if that order cannot be determined and the values differ. In C(module_defaults), this option has
        no effect on the roles.
      - Null and C(omit) count as not given at any depth, and so does an empty text unless the option is free text. A
        text is read as YAML or JSON where a dictionary or a list of dictionaries is needed.
    type: dict
requirements:
  - requests >= 2.25 on the machine where the module runs
notes:
  - Null and the empty text count as not given for the connection options, also in environment variables. With
    O(username) or O(password) in the task, E(ASTERA_TOKEN) is ignored.
  - The module requires TLS 1.2 or newer. Proxies are taken from E(HTTPS_PROXY), E(ALL_PROXY) and E(NO_PROXY) in the
    environment of the task.
  - The collection was written without a real server. The page C(docs/server-api.md) marks each behaviour of the server
    as documented, seen, inferred or unknown.
"""
