"""Copies a file of the controller to the pretended machine."""

from __future__ import annotations

from pathlib import Path

from ansible_collections.ansible.windows.plugins.module_utils.machine import run, text


def act(module, state):
    state["files"][module.params["dest"]] = Path(module.params["src"]).read_text()
    return {"changed": True}


run("win_copy", act, src=text(required=True), dest=text(required=True))
