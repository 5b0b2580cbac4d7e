"""Writes each failed result as a line of JSON, so that a test need not read what is meant for people."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ansible.plugins.callback import CallbackBase


class CallbackModule(CallbackBase):
    """Appends to the file that FAILURES names."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "failures"

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:  # Ansible's
        self._note(result)

    def v2_runner_on_ok(self, result: Any) -> None:
        """The role bootstrap leaves what failed in a fact for programs."""
        facts = (result.result if hasattr(result, "result") else result._result).get("ansible_facts") or {}
        if isinstance(facts, dict) and facts.get("astera_failed"):
            self._keep(result, facts["astera_failed"])

    def v2_runner_item_on_failed(self, result: Any) -> None:
        self._note(result)

    def _note(self, result: Any) -> None:
        self._keep(result, result.result if hasattr(result, "result") else result._result)

    def _keep(self, result: Any, returned: dict[str, Any]) -> None:
        host = (result.host if hasattr(result, "host") else result._host).get_name()
        kept = {name: returned.get(name) for name in ("msg", "error", "exception")}
        with Path(os.environ["FAILURES"]).open("a") as stream:
            stream.write(json.dumps({"host": host, **kept}, default=str) + "\n")
