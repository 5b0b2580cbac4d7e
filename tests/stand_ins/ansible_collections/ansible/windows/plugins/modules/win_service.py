"""Starts a service of the pretended machine."""

from __future__ import annotations

from ansible_collections.ansible.windows.plugins.module_utils.machine import run, text


def act(module, state):
    service = state["services"].get(module.params["name"])
    if service is None:
        return {
            "failed": True,
            "msg": f"Service '{module.params['name']}' is not installed, need to set 'path' to create a new service",
        }
    desired = {"state": module.params["state"], "start_mode": module.params["start_mode"]}
    if not service.get("starts", True):
        return {"failed": True, "msg": f"Failed to start service '{module.params['name']}'"}
    changed = any(service.get(key) != value for key, value in desired.items())
    service.update(desired)
    return {"changed": changed}


run("win_service", act, name=text(required=True), start_mode=text(), state=text())
