"""Counts the reboots of the pretended machine."""

from __future__ import annotations

from ansible_collections.ansible.windows.plugins.module_utils.machine import run


def act(module, state):
    state["boots"] += 1
    return {"changed": True, "rebooted": True}


run("win_reboot", act, reboot_timeout={"type": "float"})
