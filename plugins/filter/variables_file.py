# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: variables_file
short_description: Make a file of variables from the result of astera_export
version_added: "1.0.0"
description:
  - Makes YAML that Ansible reads as variables, in a stable order, with comments on values to supply and values
    that were not exported.
  - Placeholders become templates. Texts of the server that look like templates are tagged C(!unsafe), so that Ansible
    never evaluates them.
  - The same result always makes the same text, without a time and without the name of the server.
author:
  - astera.data_stack contributors (@astera-community)
options:
  _input:
    description: Result of M(astera.data_stack.astera_export).
    type: dict
    required: true
seealso:
  - module: astera.data_stack.astera_export
"""

EXAMPLES = r"""
- name: Read the whole server
  astera.data_stack.astera_export:
  register: etl

- name: Write it as the variables of the role bootstrap
  ansible.builtin.copy:
    content: "{{ etl | astera.data_stack.variables_file }}"
    dest: "{{ playbook_dir }}/etl01.yml"
    mode: "0640"
  delegate_to: localhost
"""

RETURN = r"""
_value:
  description: Text of the file.
  type: str
"""

from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.astera.data_stack.plugins.plugin_utils._variables_file import PARTS, variables_file


def _variables_file(export: Any) -> str:
    if not isinstance(export, Mapping) or any(part not in export for part in PARTS):
        raise AnsibleFilterError("variables_file needs the result of astera_export as its input")
    return variables_file({part: export[part] for part in PARTS})


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"variables_file": _variables_file}
