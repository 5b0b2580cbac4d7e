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
      - Address of the server, without a path, for example V(https://etl01.example.com:9261).
      - The port defaults to 9261, the documented default of version 10. Version 8 was seen on 9260.
      - An IPv6 address is in brackets, V(https://[2001:db8::7]:9261). One with a zone is rejected.
      - Can be set with E(ASTERA_SERVER_URL).
    type: str
    required: true
  username:
    description:
      - Name of an Astera account. Windows and Azure accounts are not supported here.
      - Can be set with E(ASTERA_USERNAME).
    type: str
  password:
    description:
      - Password of the account.
      - Can be set with E(ASTERA_PASSWORD).
    type: str
  token:
    description:
      - Token that M(astera.data_stack.astera_login) returned. It saves the login.
      - If the server rejects it and O(username) and O(password) are set too, the module logs in with these once.
      - Can be set with E(ASTERA_TOKEN).
    type: str
  validate_certs:
    description:
      - Whether to check the server's certificate. Leave it on and set O(ca_path) for a self-signed one.
      - The module always uses TLS 1.2 or newer.
      - Can be set with E(ASTERA_VALIDATE_CERTS).
    type: bool
    default: true
  ca_path:
    description:
      - Path of a file with the CA certificates to trust, in PEM format, on the machine where the module runs. They
        replace the default ones.
      - A folder works too if C(openssl rehash) has named its files.
      - Can be set with E(ASTERA_CA_PATH).
    type: path
  allow_http:
    description:
      - Whether O(server_url) may begin with C(http://), and must then name the port.
      - HTTP sends passwords, tokens, license keys and all other data unencrypted and does not authenticate the server.
        O(validate_certs) and O(ca_path) have no effect.
      - Every known port of the server is HTTPS, so use it only for a service in front of the server, such as a
        tunnel that ends on the machine where the module runs. The module warns unless the server is on localhost.
      - Plain HTTP never goes through a proxy.
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
      - How often a request is retried after a transient error, with growing pauses.
      - A read is retried after a lost connection, also within the response, and after the statuses 429, 502, 503
        and 504. A write is retried only if the server certainly did not receive it, and after 429.
      - A pause from C(Retry-After) is respected, up to 30 seconds.
      - Can be set with E(ASTERA_RETRIES).
    type: int
    default: 4
  settings:
    description:
      - Options of this module as one dictionary, for example from a variable. A list of dictionaries is
        merged in order, the last one wins.
      - Defaults of the play (C(module_defaults)) come before it, options of the task itself after it. If the
        order cannot be determined and the values differ, the task fails and names the option. In C(module_defaults)
        itself it has no effect on the roles, which set their own.
      - Null and C(omit) count as not given at any depth, and so does an empty text for an option that is not free text.
        A text is read as YAML or JSON wherever a dictionary or a list of dictionaries is needed.
    type: dict
requirements:
  - requests >= 2.25 on the machine where the module runs
notes:
  - Null and the empty text count as not given for all of these options, and so does an environment variable that is
    set but empty. With O(username) or O(password) in the task, E(ASTERA_TOKEN) is ignored.
  - Proxies are taken from E(HTTPS_PROXY), E(ALL_PROXY) and E(NO_PROXY) in the environment of the task.
  - A failed task returns C(error), a dictionary with C(kind), C(status), C(method), C(path), C(message), C(attempts),
    C(hint) and C(may_have_been_applied). C(kind) is one of V(connection), V(tls), V(auth), V(forbidden),
    V(not_found), V(conflict), V(rejected), V(server), V(timeout), V(job_failed), V(unsupported) and V(input).
    V(input) means that no write was sent, because the options are invalid or cannot be applied.
    C(hint) says what to do, as text or null.
    C(may_have_been_applied) is true if the server may have applied a write without a response, for example after a lost
    connection. It is true for a list if it is true for any of its entries.
  - No real server was at hand when this collection was written. The page C(docs/server-api.md) of the collection shows
    for each behaviour of the server whether it is documented, seen, inferred or unknown.
"""
