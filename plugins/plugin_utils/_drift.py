# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drift report as data: the plan of each server of a fleet, rendered. Private: may change in any release.

Pure functions: the results of ``astera_plan`` go in, what is written as JSON comes out. Every server has an entry.
What is not known of it is null.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from ansible_collections.astera.data_stack.plugins.module_utils._server.sections import SECTIONS

from ._drift_schedules import runs_of

FORMAT = 2
#: Names in the sentence about the whole fleet.
MAX_LISTED = 10
IN_SYNC = "in_sync"
DRIFT = "drift"
NOT_COMPARED = "not_compared"
NOT_LISTED = "not_listed"
UNKNOWN = "unknown"
#: In the order of the report: the worst first.
STATUSES = (DRIFT, NOT_COMPARED, IN_SYNC)
COMPARED = tuple(section.name for section in SECTIONS if section.name != "jobs")

#: Kinds of errors that mean that nothing responds.
_SILENT = ("connection", "timeout")
#: Errors that the server itself reports.
_RESPONDING = ("auth", "forbidden", "rejected", "not_found", "server", "unsupported", "conflict")
_NOTHING = "Nothing was compared: no variable of this server says how it should be, or the server does not show it."
_NOT_REACHED = "The play ended for this server before it was compared; its output has the reason."


def make_report(pairs: list[Any], generated: str) -> dict[str, Any]:
    """The report on servers, each a pair of its name and what ``astera_plan`` returned (empty if it never ran)."""
    servers = sorted((_server(name, entry or {}, generated) for name, entry in _cleaned(pairs)), key=_name)
    summary = {status: sum(1 for one in servers if one["status"] == status) for status in STATUSES}
    differences = sum(one["differences"] for one in servers)
    return {
        "format": FORMAT,
        "generated": generated,
        "summary": {"servers": len(servers), **summary, "differences": differences},
        "servers": servers,
    }


def verdict(report: dict[str, Any]) -> str:
    """One sentence about the whole fleet."""
    total = f"{len(report['servers'])} server{'' if len(report['servers']) == 1 else 's'}"
    sentences = []
    for status, one, many in (
        (DRIFT, "differs from its variables", "differ from their variables"),
        (NOT_COMPARED, "could not be compared", "could not be compared"),
    ):
        names = [server["name"] for server in report["servers"] if server["status"] == status]
        if names:
            sentences.append(f"{len(names)} of {total} {one if len(names) == 1 else many}: {_listed(names)}.")
    return " ".join(sentences) or f"No difference was found on {total}."


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - MAX_LISTED} more" if len(names) > MAX_LISTED else ""
    return ", ".join(names[:MAX_LISTED]) + more


def lines_of(server: dict[str, Any]) -> list[str]:
    """What differs on one server, or why it could not be compared, a line each."""
    lines = [f"{server['name']}: {one['place']} could not be compared. {one['message']}" for one in server["problems"]]
    for section in server["sections"]:
        for one in section["objects"]:
            place = section["name"] if one["name"] is None else f"{section['name']}[{one['name']}]"
            if one["action"] in ("create", "delete", "deactivate"):
                lines.append(f"{server['name']}: {place} is {_STATE[one['action']]}")
                continue
            lines += [
                f"{server['name']}: {place}.{each['path']} is {_text(each['before'])}, should be {_text(each['after'])}"
                for each in one["changes"]
            ]
    return lines


_STATE = {"create": "missing", "delete": "there, should be absent", "deactivate": "active, but not listed"}


def _text(value: Any) -> str:
    return value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)


def _name(server: dict[str, Any]) -> str:
    return str(server["name"])


def _cleaned(value: Any) -> Any:
    """A copy of plain types that JSON and UTF-8 can hold: NaN and infinity as text, no lone surrogates."""
    text = json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "replace").decode()
    return json.loads(text, parse_constant=str)


def _server(name: str, found: dict[str, Any], generated: str) -> dict[str, Any]:
    problems = _problems(found)
    sections = [_section(section, found, problems) for section in COMPARED]
    if not problems and not any(section["status"] in (DRIFT, IN_SYNC) for section in sections):
        problems.append(_problem("variables", _NOTHING))
    differences = sum(_differences(section) for section in sections)
    observed = found.get("observed") or {}
    schedules = observed.get("schedules")
    unlisted = found.get("unlisted") or {}
    return {
        "name": name,
        "url": _without_account(found.get("url")),
        "status": DRIFT if differences else NOT_COMPARED if problems else IN_SYNC,
        "differences": differences,
        "responds": _responds(found),
        "problems": problems,
        "not_read": found.get("not_read") or [],
        "info": observed.get("server"),
        "license": _license(found),
        "sections": sections,
        "unlisted": {kind: _by_name(unlisted.get(kind)) for kind in ("deployments", "schedules")},
        "schedules": None if schedules is None else [_schedule(one, generated) for one in _by_name(schedules) or []],
        "jobs": found.get("jobs"),
    }


def _problem(place: str, message: str, kind: str | None = None) -> dict[str, Any]:
    return {"place": place, "kind": kind, "message": message}


def _problems(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Why the server, or a section of it, could not be compared."""
    if "plan" in found:
        return list(found.get("problems") or [])
    if not found:
        return [_problem("play", _NOT_REACHED)]
    error = found.get("error") or {}
    message = str(found.get("msg") or "The task failed and gave no reason.")
    if found.get("unreachable"):
        message = f"Ansible could not reach the machine that was to connect to the server: {message}"
    return [_problem("server", message, error.get("kind"))]


def _responds(found: dict[str, Any]) -> bool | None:
    """Whether the server responds; None where that was not found out."""
    if "plan" in found:
        return True
    kind = (found.get("error") or {}).get("kind")
    return False if kind in _SILENT else True if kind in _RESPONDING else None


def _without_account(url: Any) -> str | None:
    """The address as it may be shown."""
    if not isinstance(url, str) or not url:
        return None
    try:
        parts = urlsplit(url)
        return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
    except ValueError:
        return None


def _section(name: str, found: dict[str, Any], problems: list[dict[str, Any]]) -> dict[str, Any]:
    if "plan" not in found:
        return {"name": name, "status": UNKNOWN, "objects": []}
    objects = [_object(entry) for entry in found["plan"] if entry["section"] == name]
    if name == "license" and objects and _license(found)["state"] == UNKNOWN:
        return {"name": name, "status": UNKNOWN, "objects": []}
    failed = any(one["place"].partition("[")[0] == name for one in problems)
    listed = name in found["compared"]
    status = DRIFT if objects else NOT_COMPARED if failed else IN_SYNC if listed else NOT_LISTED
    return {"name": name, "status": status, "objects": objects}


def _object(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        **{key: entry[key] for key in ("name", "action", "changes")},
        "changed_on_server": entry["changed_on_server"],
    }


def _differences(section: dict[str, Any]) -> int:
    """The values that differ; an object that is missing, or too much, counts once."""
    return sum(len(one["changes"]) if one["action"] == "update" else 1 for one in section["objects"])


def _license(found: dict[str, Any]) -> dict[str, Any]:
    """State of the license by its state file, since the server does not show it."""
    known = found.get("license")
    if "plan" not in found:
        state = UNKNOWN
    elif "license" not in found["compared"]:
        state = NOT_LISTED
    elif not known or not known["marker"]:
        state = UNKNOWN
    else:
        due = any(entry["section"] == "license" for entry in found["plan"])
        state = "not_remembered" if due else "remembered"
    return {"state": state, "activated": known["activated"] if known and state == "remembered" else None}


def _by_name(items: list[dict[str, Any]] | None) -> list[dict[str, Any]] | None:
    return None if items is None else sorted(items, key=lambda item: (str(item.get("name")), str(item.get("id"))))


def _schedule(item: dict[str, Any], generated: str) -> dict[str, Any]:
    runs = item.get("deployment") or item.get("deployment_id") or item.get("file")
    return {
        **{key: item.get(key) for key in ("id", "name", "active")},
        "runs": None if runs is None else str(runs),
        **runs_of(item, generated),
    }
