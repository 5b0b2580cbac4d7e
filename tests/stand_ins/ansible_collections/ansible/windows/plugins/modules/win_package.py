"""Runs an "installer", which is JSON, unless what it would create is there."""

from __future__ import annotations

import hashlib
import json

from ansible_collections.ansible.windows.plugins.module_utils.machine import run, text


def is_installed(options, state):
    if options["creates_service"]:
        return options["creates_service"] in state["services"]
    if options["creates_path"]:
        return options["creates_path"] in state["paths"]
    return options["product_id"] in state["programs"]


def act(module, state):
    options = module.params
    if is_installed(options, state):
        return {"changed": False, "rc": 0, "reboot_required": False}
    if module.check_mode:
        return {"changed": True, "rc": 0, "reboot_required": False}
    content = state["files"].get(options["path"])
    if content is None:
        return {"failed": True, "msg": f"the file at the path '{options['path']}' cannot be reached"}
    checksum = hashlib.sha256(content.encode()).hexdigest()
    if options["checksum"] and options["checksum"].lower() != checksum:
        return {
            "failed": True,
            "msg": f"The checksum for {options['path']} did not match '{options['checksum']}', it was '{checksum}'",
        }
    return install(options, state, json.loads(content))


def install(options, state, installer):
    code = installer.get("exit_code", 0)
    if code not in options["expected_return_code"]:
        command = f"{options['path']} {options['arguments']}"
        msg = f"unexpected rc from '{command}': see rc, stdout, and stderr for more details"
        return {"failed": True, "rc": code, "stdout": f"called with {options['arguments']}", "stderr": "", "msg": msg}
    if "service" in installer:
        state["services"][installer["service"]] = {"state": "stopped", "starts": installer.get("starts", True)}
    state["programs"] += [installer["program"]] if "program" in installer else []
    state["paths"] += [installer["path"]] if "path" in installer else []
    # Ansible takes any other code than 0 for a failure, unless the module returns otherwise, as the real one does.
    return {"changed": True, "failed": False, "rc": code, "reboot_required": code == 3010}


run(
    "win_package",
    act,
    path=text(),
    arguments={"type": "raw"},
    checksum=text(),
    checksum_algorithm=text(default="sha1"),
    product_id=text(),
    creates_path=text(),
    creates_service=text(),
    expected_return_code={"type": "list", "elements": "int", "default": [0, 3010]},
    log_path=text(),
    provider=text(default="auto", choices=["auto", "msi", "registry"]),
    state=text(default="present"),
    wait_for_children={"type": "bool", "default": False},
)
