# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter of the role ``drift_report``."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from typing import Any

from ansible_collections.astera.data_stack.plugins.plugin_utils._drift import harmless, lines_of, make_report, verdict
from ansible_collections.astera.data_stack.plugins.plugin_utils._drift_html import to_html
from ansible_collections.astera.data_stack.plugins.plugin_utils._drift_markdown import to_markdown


def drift_report(
    hostvars: Mapping[str, Any], hosts: Iterable[str], generated: str, form: str, reached: Iterable[str] | None = None
) -> Any:
    """The report on hosts in one form, from what the role has registered for each.

    ``reached`` are the hosts for which the play goes on. Results of an earlier play outlive it, so those of the others
    do not count.
    """
    hosts = list(hosts)
    known = set(hosts if reached is None else reached)
    report = make_report([(host, _found(hostvars[host]) if host in known else {}) for host in hosts], generated)
    if form == "html":
        return to_html(report)
    if form == "md":
        return to_markdown(report)
    if form == "json":
        return json.dumps(report, indent=2, ensure_ascii=False)
    if form == "lines":
        return [line for server in report["servers"] for line in lines_of(server)]
    if form == "summary":
        lines = [harmless(line) for server in report["servers"] for line in lines_of(server)]
        return {**report["summary"], "lines": lines}
    return verdict(report)


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


class FilterModule:
    def filters(self):
        return {"drift_report": drift_report}
