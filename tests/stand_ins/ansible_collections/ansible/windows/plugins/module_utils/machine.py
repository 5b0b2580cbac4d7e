"""The state of the machine that the stand-ins pretend to run on."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ansible.module_utils.basic import AnsibleModule

State = dict[str, Any]
EMPTY: State = {"services": {}, "programs": [], "paths": [], "files": {}, "rules": {}, "boots": 0, "calls": []}


def run(name: str, act: Callable[[AnsibleModule, State], dict[str, Any]], /, **options: Any) -> None:
    """Run a module: note the call, let it act on the state, and keep that."""
    module = AnsibleModule(argument_spec=options, supports_check_mode=True)
    path = Path(os.environ["ASTERA_STAND_IN"])
    state = {**EMPTY, **json.loads(path.read_text())}
    given = {key: value for key, value in module.params.items() if value is not None}
    state["calls"] = [*state["calls"], {"module": name, "check": module.check_mode, "options": given}]
    result = act(module, state)
    kept = {**json.loads(path.read_text()), "calls": state["calls"]} if module.check_mode else state
    path.write_text(json.dumps(kept, indent=1))
    if result.get("failed"):
        module.fail_json(**result)
    module.exit_json(**result)


def text(**more: Any) -> dict[str, Any]:
    """An option that is a text."""
    return {"type": "str", **more}
