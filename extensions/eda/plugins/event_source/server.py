# Copyright (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source astera.data_stack.server. What it does is in plugins/plugin_utils/_eda."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio

DOCUMENTATION = r"""
---
short_description: Watches an Astera Integration Server
version_added: 1.0.0
author:
  - The contributors of astera.data_stack
description:
  - Polls a server and reports what has changed since the last poll, and when it stops or begins to respond. It writes
    nothing to the server.
  - Each source watches one server. Add one source for each of several servers.
  - The page C(docs/eda.md) of the collection has the events, rulebooks and what to expect.
extends_documentation_fragment:
  - astera.data_stack.connection
  - astera.data_stack.job.statuses
options:
  interval:
    description: Seconds between the end of one poll and the next one, at least 1.
    type: float
    default: 30
  watch:
    description:
      - What to compare. An empty list compares nothing, and still reports whether the server responds.
    type: list
    elements: str
    choices: [deployments, schedules, cluster, server_config]
    default: [deployments, schedules, cluster, server_config]
  host:
    description:
      - Name of the server in the inventory. Playbooks and job templates that an event starts are limited to that host.
    type: str
  down_after:
    description: Polls in a row that must fail before the server counts as down.
    type: int
    default: 3
  job_ids:
    description: Ids of jobs whose end to report. Jobs that have ended before the first poll are in C(watching) instead.
    type: list
    elements: int
    default: []
  jobs_after:
    description:
      - Id of a job. The end of all later jobs is reported, also of those that schedules start. Name a job that the
        server still knows.
      - No documented endpoint lists jobs. The source tries the next 5 ids after the newest job. That ids are
        consecutive is inferred, so such events have C(inferred) set.
      - Ignored once O(state_file) remembers how far the ids go.
    type: int
  state_file:
    description:
      - Path of a file that remembers ids and digests of what was reported, so that a restart loses nothing. Each
        source needs a file of its own. Its folder must exist.
      - Without it, the first poll after a start is what later polls are compared with.
    type: path
  feedback:
    description:
      - Whether to wait until the engine has taken an event over, before O(state_file) is written.
      - ansible-rulebook allows it with persistence only, and does not find it in O(settings).
    type: bool
    default: false
  feedback_timeout:
    description: Seconds to wait with O(feedback). The source goes on afterwards, with a warning in the log.
    type: float
    default: 120
  request_timeout:
    description:
      - Seconds to wait for the response to a request. The connection must be made within ten seconds.
      - Can be set with E(ASTERA_REQUEST_TIMEOUT).
    type: float
    default: 10
  retries:
    description:
      - How often a request is retried within a poll. The next poll is a retry too, so none are needed.
      - Can be set with E(ASTERA_RETRIES).
    type: int
    default: 0
"""

EXAMPLES = r"""
- name: Watch a server
  hosts: all
  sources:
    # The account comes from ASTERA_USERNAME and ASTERA_PASSWORD in the environment.
    - name: astera
      astera.data_stack.server:
        server_url: https://etl01.example.com:9261
        interval: 60
        host: etl01
  rules:
    - name: Show what has changed
      condition: event.astera.event == "object_changed"
      action:
        debug:
          msg: "{{ event.astera.object.name }}"
"""

#: The folder that holds ansible_collections. ansible-rulebook runs this file by its path, and
#: imports no collection.
TREE = str(Path(__file__).parents[7])


async def main(queue: asyncio.Queue[object], args: dict[str, object]) -> None:
    """Watch a server until cancelled."""
    if TREE not in sys.path:
        sys.path.insert(0, TREE)
    loop = import_module("ansible_collections.astera.data_stack.plugins.plugin_utils._eda.loop")
    await loop.watch(queue, args)
