"""Downloads to the pretended machine what the state has at addresses."""

from __future__ import annotations

from ansible_collections.ansible.windows.plugins.module_utils.machine import run, text


def act(module, state):
    url = module.params["url"]
    if url not in state.get("web", {}):
        return {
            "failed": True,
            "msg": f"Error downloading '{url}' to '{module.params['dest']}': 404 Not Found",
            "status_code": 404,
        }
    state["files"][module.params["dest"]] = state["web"][url]
    return {"changed": True, "checksum_dest": "of no matter", "msg": "OK", "status_code": 200}


run("win_get_url", act, url=text(required=True), dest=text(required=True), checksum_algorithm=text())
