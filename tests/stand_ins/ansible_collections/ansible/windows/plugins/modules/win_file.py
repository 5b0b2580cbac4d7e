"""Removes a folder of the pretended machine."""

from __future__ import annotations

from ansible_collections.ansible.windows.plugins.module_utils.machine import run, text


def act(module, state):
    path = module.params["path"]
    state["paths"] = [other for other in state["paths"] if other != path]
    state["files"] = {name: content for name, content in state["files"].items() if not name.startswith(path + "\\")}
    return {"changed": True}


run("win_file", act, path=text(required=True), state=text(required=True, choices=["absent"]))
