#!/usr/bin/python
# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# The documentation of the action of the same name, which does all of it on the controller.

from __future__ import annotations

DOCUMENTATION = r"""
module: drift_report
short_description: Write the plans of servers as a drift report
version_added: "1.0.0"
description:
  - Used by the role P(astera.data_stack.drift_report#role), which registers the plan of each host of the play.
  - It writes C(drift.json), C(drift.md) and C(drift.html) on the controller, also in check mode.
    The file C(docs/drift-report.schema.json) describes the JSON.
  - The servers are sorted by name. A host that failed before this task counts as not compared.
author:
  - astera.data_stack contributors (@astera-community)
options:
  folder:
    description: The folder. It is created with mode 0755 if it is missing.
    type: path
    required: true
  name:
    description: Name of the files without their endings, of letters, digits, dots, hyphens and underscores.
    type: str
    default: drift
attributes:
  check_mode:
    description: Predicts what it would change without sending any write to the server.
    support: full
    details: It never sends anything, and writes the same files.
  diff_mode:
    description: Shows what it changed, or in check mode would change, with secrets redacted.
    support: none
    details: Only the files change.
  idempotent:
    description: A second run with the same options changes nothing.
    support: none
    details: The report contains its time.
  action_group:
    description: Sets options for all modules with C(module_defaults).
    support: none
    details: It connects to no server.
    membership: []
seealso:
  - module: astera.data_stack.astera_plan
"""

EXAMPLES = r"""
- name: Write the report
  astera.data_stack.drift_report:
    folder: /srv/reports/astera
  run_once: true
"""

RETURN = r"""
files:
  description: Paths of the files.
  returned: success
  type: list
  elements: str
  sample: [/srv/reports/astera/drift.html, /srv/reports/astera/drift.json, /srv/reports/astera/drift.md]
verdict:
  description: One sentence about all servers.
  returned: success
  type: str
  sample: "1 of 2 servers differs from its variables: etl01."
summary:
  description: The numbers of servers and differences, and C(lines), those of all servers.
  returned: success
  type: dict
  sample:
    servers: 2
    drift: 1
    not_compared: 0
    in_sync: 1
    differences: 1
    lines: ["etl01: cluster.purge_job_info_after is 7, should be 30"]
lines:
  description: For each host, a line for each difference, or for the reason why it could not be compared.
  returned: success
  type: dict
  sample:
    etl01: ["etl01: cluster.purge_job_info_after is 7, should be 30"]
    etl02: []
"""
