# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes an export as a file of variables. Private: may change in any release."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import yaml

#: What astera_export returns and this file is made of.
PARTS = ("configuration", "placeholders", "archives", "server_files", "notes")
#: Texts with one of these would be evaluated. The last one is a header that names other marks.
_TEMPLATE_MARKS = ("{{", "{%", "{#", "#jinja2:")
_WIDTH = 118
_HEAD = """\
The state of an Astera server, as variables of the role astera.data_stack.bootstrap.
Written by astera.data_stack.export; the next export overwrites it."""
_LICENSE = """\
No endpoint is known that reads the license. To register it, add it to another file of variables:
astera_license:
  user: ...
  organization: ...
  key: "{{ vault_astera_license_key }}"
  marker: ...  # a file that remembers what was registered"""


class _Template(str):
    """A text that Ansible is to evaluate."""


class _Dumper(yaml.SafeDumper):
    """Indents lists as ansible-lint wants them, never writes anchors, and tags what must not be evaluated."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002  # given by PyYAML
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True

    def choose_scalar_style(self) -> str:
        style = super().choose_scalar_style()
        # The quotes that people use here, unless backslashes would have to be doubled.
        return '"' if style == "'" and "\\" not in self.event.value else style


def _text_node(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    style = "|" if "\n" in text else None
    if any(mark in text for mark in _TEMPLATE_MARKS):
        return dumper.represent_scalar("!unsafe", text, style=style or '"')
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text_node)
_Dumper.add_representer(
    _Template, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style='"')
)


def variables_file(export: Mapping[str, Any]) -> str:
    """The text of the file."""
    parts = {part: _plain(export[part]) for part in PARTS}
    configuration = parts["configuration"]
    for placeholder in parts["placeholders"]:
        *way, last = placeholder["path"]
        holder = configuration
        for step in way:
            holder = holder[step]
        holder[last] = _Template(holder[last])
    blocks = ["---\n" + _comment(_HEAD) + _to_supply(parts) + _left_out(parts["notes"])]
    blocks += [_dumped({name: value}) for name, value in configuration.items()]
    if "astera_server_config" in configuration:
        blocks.append(_comment(_LICENSE))
    return "\n".join(blocks)


def _dumped(value: dict[str, Any]) -> str:
    # Long lines are not folded.
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=float("inf"))


def _to_supply(parts: dict[str, Any]) -> str:
    """What the reader has to supply: secrets, and files."""
    text = ""
    secrets = [one["variable"] for one in parts["placeholders"] if one["secret"]]
    if secrets:
        text += "#\n" + _comment("Secrets to keep in a vault:") + _items(secrets)
    files = sorted({one["name"] for one in parts["archives"]})
    if files:
        text += "#\n" + _comment("Files to keep in the folder that astera_archives names:") + _items(files)
    paths = sorted({one["path"] for one in parts["server_files"]})
    if paths:
        text += "#\n" + _comment("Files that another server needs, too, at these paths:") + _items(paths)
    return text


def _left_out(notes: list[dict[str, Any]]) -> str:
    if not notes:
        return ""
    lines = []
    for note in notes:
        owners = ", ".join(f'"{owner}"' for owner in note["objects"])
        where = ", ".join(filter(None, (note["variable"], owners, note["member"])))
        lines.append(f"{where}: {note['reason']}")
    return "#\n" + _comment("Not exported:") + _items(lines)


def _items(texts: list[str]) -> str:
    lines = []
    for text in texts:
        # Names come from the server, and must not end the comment.
        line = "".join(letter if letter.isprintable() else "?" for letter in " ".join(text.split()))
        lines += textwrap.wrap(line, _WIDTH - 6, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
    return "".join(f"# {'' if line.startswith('  ') else '- '}{line}\n" for line in lines)


def _comment(text: str) -> str:
    return "".join(f"# {line}\n" for line in text.splitlines())


def _plain(value: Any) -> Any:
    """A copy without types of Ansible, which PyYAML does not know."""
    if isinstance(value, Mapping):
        return {str.__str__(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return str.__str__(value)
    return float(value) if isinstance(value, float) else int(value)
