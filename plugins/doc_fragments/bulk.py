# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

import re
import textwrap

from ansible_collections.astera.data_stack.plugins.doc_fragments import extra_fields, job
from ansible_collections.astera.data_stack.plugins.modules import astera_deployment, astera_job, astera_schedule


def options_of(documentation: str) -> str:
    """The options in a block of documentation, as they stand there."""
    return documentation.partition("\noptions:\n")[2].partition("seealso:\n")[0]


def list_option(name: str, description: str, options: str) -> str:
    """A list whose entries take the options of another module, with their descriptions, so that they exist once."""
    # What concerns the server as a whole stands beside the list.
    entries = re.sub(r"\bO\((?!openapi_path)", f"O({name}[].", options)
    head = f"options:\n  {name}:\n    description:\n      - {description}\n"
    kind = "    type: list\n    elements: dict\n    required: true\n    suboptions:\n"
    return head + kind + textwrap.indent(entries, "    ")


class ModuleDocFragment:
    # What the modules for many objects have in common.
    DOCUMENTATION = r"""
options:
  unlisted:
    description:
      - What becomes of the objects on the server that the list does not name.
      - V(deactivate) switches them off after all that are listed are in order, and leaves them alone when any listed
        one failed. The task is refused when the list names nothing that is to be there. They are never deleted.
    type: str
    choices: [keep, deactivate]
    default: keep
  continue_on_error:
    description:
      - Whether to go on with the next entry when one fails. The task fails in the end in any case, with RV(results)
        telling what became of each.
      - A server that cannot be reached any more always ends the task.
      - An entry that builds on one that failed is refused too.
    type: bool
    default: false
"""


EXTRA = options_of(extra_fields.ModuleDocFragment.DOCUMENTATION)

# Not in the class itself, where ansible-test reads nothing but literal texts.
ModuleDocFragment.DEPLOYMENTS = list_option(
    "deployments",
    "The deployments, each with the options of M(astera.data_stack.astera_deployment).",
    options_of(astera_deployment.DOCUMENTATION) + EXTRA,
)
ModuleDocFragment.SCHEDULES = list_option(
    "schedules",
    "The schedules, each with the options of M(astera.data_stack.astera_schedule).",
    options_of(astera_schedule.DOCUMENTATION) + EXTRA,
)

_JOB_NAME = """\
  name:
    description:
      - What the results call the job. By default its path or id, with its place in the list if several have the same.
    type: str
"""
ModuleDocFragment.JOBS = list_option(
    "jobs",
    "The jobs, each with those options of M(astera.data_stack.astera_job) that concern one job.",
    "".join(
        (
            _JOB_NAME,
            options_of(astera_job.DOCUMENTATION).partition("  state:\n")[0],
            options_of(job.ModuleDocFragment.STATUSES),
            # Each may have its own; those of the module are the defaults.
            re.sub(r"\n    default: .*", "", options_of(job.ModuleDocFragment.DOCUMENTATION)),
        )
    ),
)
