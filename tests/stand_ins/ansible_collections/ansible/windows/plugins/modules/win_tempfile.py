"""Makes a temporary folder on the pretended machine."""

from __future__ import annotations

from ansible_collections.ansible.windows.plugins.module_utils.machine import run, text


def act(module, state):
    path = "C:\\Users\\admin\\AppData\\Local\\Temp\\" + module.params["prefix"] + "1"
    state["paths"].append(path)
    return {"changed": True, "path": path}


run("win_tempfile", act, state=text(default="file"), prefix=text(default="ansible."))
