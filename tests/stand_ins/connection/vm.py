"""A way to the pretended Windows machine: the local one, but our own modules must not take it."""

from __future__ import annotations

from pathlib import Path

from ansible.errors import AnsibleError
from ansible.plugins.connection.local import Connection as LocalConnection

DOCUMENTATION = r"""
name: vm
short_description: The way to a pretended machine
description: Rejects the modules of this collection, which belong on the controller.
author: the tests
options: {}
"""


class Connection(LocalConnection):
    """What the inventory gives for Windows instead of WinRM."""

    transport = "vm"

    def put_file(self, in_path: str, out_path: str) -> None:
        if "AnsiballZ_astera_" in Path(out_path).name:
            raise AnsibleError(f"{Path(out_path).name} was sent to Windows")
        super().put_file(in_path, out_path)
