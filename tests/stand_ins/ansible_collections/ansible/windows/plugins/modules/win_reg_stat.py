"""Returns whether a program is listed in the registry of the pretended machine, among those of 64 bits."""

from __future__ import annotations

from ansible_collections.ansible.windows.plugins.module_utils.machine import run, text


def act(module, state):
    path = module.params["path"]
    return {"changed": False, "exists": "Wow6432Node" not in path and path.rpartition("\\")[2] in state["programs"]}


run("win_reg_stat", act, path=text(required=True))
