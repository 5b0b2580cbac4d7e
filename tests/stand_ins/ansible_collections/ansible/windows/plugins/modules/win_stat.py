"""Returns whether a path is there on the pretended machine."""

from __future__ import annotations

from ansible_collections.ansible.windows.plugins.module_utils.machine import run, text


def act(module, state):
    return {"changed": False, "stat": {"exists": module.params["path"] in state["paths"]}}


run("win_stat", act, path=text(required=True), get_checksum={"type": "bool"}, get_size={"type": "bool"})
