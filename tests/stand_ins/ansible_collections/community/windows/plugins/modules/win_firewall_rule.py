"""Keeps the rules of the firewall of the pretended machine."""

from __future__ import annotations

from ansible_collections.ansible.windows.plugins.module_utils.machine import run, text


def act(module, state):
    rule = {key: value for key, value in module.params.items() if key not in ("name", "state")}
    changed = state["rules"].get(module.params["name"]) != rule
    state["rules"][module.params["name"]] = rule
    return {"changed": changed}


run(
    "win_firewall_rule",
    act,
    name=text(required=True),
    direction=text(choices=["in", "out"]),
    action=text(choices=["allow", "block"]),
    protocol=text(),
    localport=text(),
    remoteip=text(),
    enabled={"type": "bool"},
    state=text(choices=["present", "absent"]),
)
