# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the drift report of a play on the controller, without a module, because a module costs a process."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

from ansible.plugins.action import ActionBase

from ansible_collections.astera.data_stack.plugins.module_utils._data.replace_file import replace_file
from ansible_collections.astera.data_stack.plugins.plugin_utils._drift import lines_of, make_report, verdict
from ansible_collections.astera.data_stack.plugins.plugin_utils._drift_html import to_html
from ansible_collections.astera.data_stack.plugins.plugin_utils._drift_markdown import to_markdown
from ansible_collections.astera.data_stack.plugins.plugin_utils._harmless import harmless

#: A name in the folder, so that it writes nothing elsewhere.
NAME = re.compile(r"[\w.-]+")
OPTIONS = {"folder": {"type": "path", "required": True}, "name": {"type": "str", "default": "drift"}}


class ActionModule(ActionBase):
    """Writes the files, also in check mode."""

    _requires_connection = False

    def run(self, tmp: Any = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        result: dict[str, Any] = super().run(tmp, task_vars)
        del tmp
        _validation, options = self.validate_argument_spec(OPTIONS)
        if not NAME.fullmatch(options["name"]):
            message = "astera_drift_report_name must consist of letters, digits, dots, hyphens and underscores, not"
            return {**result, "failed": True, "msg": f"{message} {options['name']!r}."}
        variables = task_vars or {}
        now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        report = collected(
            variables["hostvars"], variables["ansible_play_hosts_all"], variables["ansible_play_hosts"], now
        )
        try:
            files = write(report, options["folder"], options["name"])
        except OSError as error:
            return {
                **result,
                "failed": True,
                "msg": f"The report cannot be written: {error}. Check astera_drift_report_dir.",
            }
        return {**result, "changed": True, "files": files, **shown(report)}


def collected(hostvars: Mapping[str, Any], hosts: Iterable[str], reached: Iterable[str], now: str) -> dict[str, Any]:
    """The report on hosts, from what the role has registered for each.

    ``reached`` are the hosts for which the play goes on. Results of an earlier play outlive it, so those of the others
    do not count.
    """
    known = set(reached)
    return make_report([(host, _found(hostvars[host]) if host in known else {}) for host in hosts], now)


def _found(variables: Any) -> dict[str, Any]:
    """What is known of one host: the result of the plan, the jobs that were asked for, the address."""
    plan = variables.get("astera_drift_plan") or {}
    if not plan:
        return {}
    jobs = variables.get("astera_drift_asked") or {}
    url = variables.get("astera_server_url") or os.environ.get("ASTERA_SERVER_URL")
    found = {key: value for key, value in plan.items() if key not in ("invocation", "diff")}
    if jobs.get("error"):
        reason = {"place": "jobs", "kind": jobs["error"].get("kind"), "message": str(jobs.get("msg"))}
        found["not_read"] = [*(found.get("not_read") or []), reason]
    return {**found, "url": url, "jobs": _jobs(jobs.get("jobs"))}


def _jobs(jobs: list[dict[str, Any]] | None) -> list[dict[str, Any]] | None:
    keys = ("id", "status", "known", "finished", "succeeded")
    return None if jobs is None else [{key: job.get(key) for key in keys} for job in jobs]


def write(report: dict[str, Any], folder: str, name: str) -> list[str]:
    """Write the files and return their paths; OSError if that is not possible. A missing folder is created."""
    texts = {
        "html": to_html(report),
        "json": json.dumps(report, indent=2, ensure_ascii=False),
        "md": to_markdown(report),
    }
    if not os.path.isdir(folder):
        os.makedirs(folder)
        # Whatever the umask: a web server may show the page.
        os.chmod(folder, 0o755)  # noqa: S103  # the servers' names and settings are no secrets
    paths = {os.path.join(folder, f"{name}.{form}"): text for form, text in texts.items()}
    for path, text in paths.items():
        replace_file(path, f"{text}\n", 0o644)
    return list(paths)


def shown(report: dict[str, Any]) -> dict[str, Any]:
    """What the play shows of the report, and publishes for what follows."""
    lines = {server["name"]: lines_of(server) for server in report["servers"]}
    every = [harmless(line) for server in report["servers"] for line in lines[server["name"]]]
    return {"verdict": verdict(report), "summary": {**report["summary"], "lines": every}, "lines": lines}
