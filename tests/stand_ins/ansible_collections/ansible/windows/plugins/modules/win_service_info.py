"""Returns a service of the pretended machine."""

from __future__ import annotations

from ansible_collections.ansible.windows.plugins.module_utils.machine import run, text


def act(module, state):
    name = module.params["name"]
    found = [{"name": name, "state": state["services"][name]["state"]}] if name in state["services"] else []
    return {"changed": False, "exists": bool(found), "services": found}


run("win_service_info", act, name=text())
