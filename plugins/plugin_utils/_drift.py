# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drift report as data: what came of the comparison of each server. Private: may change in any release.

Pure functions: what the tasks of the role ``drift_report`` have found goes in, what is written as JSON comes out. A
server of which little or nothing is known has its entry all the same, and what is not known is null, never a guess.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from ._drift_schedules import runs_of

FORMAT = 1
#: Names in the sentence about the whole fleet.
TOLD = 10
IN_ORDER = "in_order"
DRIFT = "drift"
NOT_COMPARED = "not_compared"
NOT_WANTED = "not_wanted"
UNKNOWN = "unknown"
#: The worst first, as people want to read them.
STATUSES = (DRIFT, NOT_COMPARED, IN_ORDER)
SECTIONS = ("server_config", "cluster", "license", "deployments", "schedules")

#: Errors after which it is plain that nothing answers.
_SILENT = ("connection", "timeout")
_NOTHING = "Nothing was compared: no variable of this server says how it should be, or nothing can be asked about it."
_NOT_REACHED = "The play ended for this server before all was compared; its output tells why."


def make_report(pairs: list[Any], generated: str, run: str | None = None) -> dict[str, Any]:
    """The report on servers, each a pair of its name and what was found (empty if its turn never came).

    Facts outlive a play, so with ``run`` what was found in another one counts as not found.
    """
    found = [(name, entry or {}) for name, entry in _cleaned(pairs)]
    found = [(name, entry if run in (None, entry.get("run")) else {}) for name, entry in found]
    servers = sorted((_server(name, entry, generated) for name, entry in found), key=lambda one: one["name"])
    summary = {status: sum(1 for one in servers if one["status"] == status) for status in STATUSES}
    return {
        "format": FORMAT,
        "generated": generated,
        "summary": {
            "servers": len(servers),
            **summary,
            "differences": sum(one["differences"] for one in servers),
        },
        "servers": servers,
    }


def verdict(report: dict[str, Any]) -> str:
    """One sentence about the whole fleet, for a person who sees nothing else."""
    servers = report["servers"]
    total = f"{len(servers)} server{'' if len(servers) == 1 else 's'}"
    told = [
        f"{len(names)} of {total} {text}: {_listed(names)}."
        for status, one, many in (
            (DRIFT, "differs from its variables", "differ from their variables"),
            (NOT_COMPARED, "could not be compared", "could not be compared"),
        )
        if (names := [server["name"] for server in servers if server["status"] == status])
        for text in [one if len(names) == 1 else many]
    ]
    return " ".join(told) or f"No difference was found on {total}."


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - TOLD} more" if len(names) > TOLD else ""
    return ", ".join(names[:TOLD]) + more


def _cleaned(value: Any) -> Any:
    """A copy of plain types, without what no file could hold: halves of characters, and numbers that JSON has not."""
    text = json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "replace").decode()
    return json.loads(text, parse_constant=str)


def _server(name: str, found: dict[str, Any], generated: str) -> dict[str, Any]:
    problems = _early_problems(found)
    sections = [_section(section, found) for section in SECTIONS]
    for section in sections:
        problems += section.pop("problems")
    if not problems and all(section["status"] in (NOT_WANTED, UNKNOWN) for section in sections):
        problems.append(_problem("variables", _NOTHING))
    # What is told beyond the comparison may be missing, and the server is in order all the same.
    not_read: list[dict[str, Any]] = []
    reads = found.get("reads") or {}
    deployments = _read(reads, "deployments", not_read)
    schedules = _read(reads, "schedules", not_read)
    told = _read(reads, "server", not_read)
    jobs = _jobs(reads, not_read)
    differences = sum(_differences(section) for section in sections)
    return {
        "name": name,
        "url": _without_account(found.get("url")),
        "status": DRIFT if differences else NOT_COMPARED if problems else IN_ORDER,
        "differences": differences,
        "answers": _answers(found),
        "problems": problems,
        "not_read": not_read,
        "says": told.get("info") if isinstance(told, dict) else None,
        "license": _license(found),
        "sections": sections,
        "unlisted": {
            "deployments": _unlisted(deployments, found, "deployments"),
            "schedules": _unlisted(schedules, found, "schedules"),
        },
        "schedules": None if schedules is None else [_schedule(one, generated) for one in _by_name(schedules)],
        "jobs": jobs,
    }


def _problem(step: str, message: str, kind: str | None = None) -> dict[str, Any]:
    return {"step": step, "kind": kind, "message": message}


def _told(step: str, result: dict[str, Any]) -> dict[str, Any]:
    """What a failed task says. Only our own modules give an ``error``; a loop leaves the reasons to its items."""
    error = result.get("error") or {}
    items = [] if error else [item for item in result.get("results") or [] if item.get("failed")]
    told = " ".join(str(one["msg"]) for one in items or [result] if one.get("msg"))
    return _problem(step, told or "The task failed and gave no reason.", error.get("kind"))


def _early_problems(found: dict[str, Any]) -> list[dict[str, Any]]:
    """Why nothing, or not all, could be asked at all."""
    failed = found.get("failed")
    if failed:
        return [_told(failed["step"], failed["result"])]
    return [_problem("play", _NOT_REACHED)] if _dropped_out(found) else []


def _dropped_out(found: dict[str, Any]) -> bool:
    """Whether the play ended midway, as when the connection to the host breaks. No task is left that could note it."""
    compared = found.get("sections") or {}
    return not found.get("answers") or any(name not in compared for name in found.get("wanted") or ())


def _answers(found: dict[str, Any]) -> bool | None:
    """Whether the server answers; None where that was not found out."""
    if found.get("answers"):
        return True
    error = ((found.get("failed") or {}).get("result") or {}).get("error") or {}
    return False if error.get("kind") in _SILENT else None


def _without_account(url: Any) -> str | None:
    """The address as it may be shown."""
    if not isinstance(url, str) or not url:
        return None
    try:
        parts = urlsplit(url)
        return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
    except ValueError:
        return None


def _section(name: str, found: dict[str, Any]) -> dict[str, Any]:
    """One of the sections that a bootstrap takes; ``problems`` are for the server as a whole."""
    result = (found.get("sections") or {}).get(name)
    if result is None:
        wanted = found.get("wanted")
        status = UNKNOWN if wanted is None else NOT_COMPARED if name in wanted else NOT_WANTED
        return {"name": name, "status": status, "objects": [], "problems": []}
    problems = _failures(name, result)
    objects = _objects(result)
    if name == "license" and objects and license_state(found) == UNKNOWN:
        return {"name": name, "status": UNKNOWN, "objects": [], "problems": problems}
    status = DRIFT if objects else NOT_COMPARED if problems else IN_ORDER
    return {"name": name, "status": status, "objects": objects, "problems": problems}


def _objects(result: dict[str, Any]) -> list[dict[str, Any]]:
    """What differs, object by object in the order of the variables; one without a name where there is only one."""
    entries = result.get("results", [result])
    return [_object(entry) for entry in entries if isinstance(entry, dict) and entry.get("changes")]


def _object(entry: dict[str, Any]) -> dict[str, Any]:
    """An object of a list is missing when the server has no id for it and all of it would be added."""
    changes = [{key: change.get(key) for key in ("path", "action", "before", "after")} for change in entry["changes"]]
    added = {change["path"] for change in changes if change["action"] == "add"}
    could_be_missing = entry.get("name") is not None and entry.get("id") is None
    return {
        "name": entry.get("name"),
        "missing": could_be_missing and len(added) == len(changes) and "name" in added,
        "changes": sorted(changes, key=lambda change: str(change["path"])),
    }


def _differences(section: dict[str, Any]) -> int:
    """The values that differ; an object that is missing counts once."""
    return sum(1 if one["missing"] else len(one["changes"]) for one in section["objects"])


def _failures(name: str, result: dict[str, Any]) -> list[dict[str, Any]]:
    """Why a section, or some entries of its list, could not be compared."""
    entries = [entry for entry in result.get("results") or [] if isinstance(entry, dict) and entry.get("failed")]
    if entries:
        return [_told(f"{name}[{entry.get('name')}]", entry) for entry in entries]
    return [_told(name, result)] if result.get("failed") or "error" in result else []


def license_state(found: dict[str, Any]) -> str:
    """What is known of the license. The server shows nothing of it; only a marker may remember what was registered.

    ``unknown`` when there is no marker to ask, ``remembered`` or ``not_remembered`` by what it says.
    """
    result = (found.get("sections") or {}).get("license")
    if "license" not in found.get("wanted", ("license",)):
        return NOT_WANTED
    if result is None or result.get("failed") or not result.get("marker_exists"):
        return UNKNOWN
    return "not_remembered" if result.get("changes") else "remembered"


def _license(found: dict[str, Any]) -> dict[str, Any]:
    state = license_state(found)
    result = (found.get("sections") or {}).get("license") or {}
    activated = (result.get("license") or {}).get("activated") if state == "remembered" else None
    return {"state": state, "activated": activated}


def _read(reads: dict[str, Any], name: str, not_read: list[dict[str, Any]]) -> Any:
    """What a reading task returned under its name; None, and the reason, when it failed."""
    result = reads.get(name)
    if result is None:
        return None
    if result.get(name) is None:
        not_read.append(_told(name, result))
    return result.get(name)


def _by_name(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(items, key=lambda item: (str(item.get("name")), str(item.get("id"))))


def _unlisted(items: list[dict[str, Any]] | None, found: dict[str, Any], section: str) -> list[dict[str, Any]] | None:
    """The objects on the server that the variables do not name.

    None when that is not known: they could not be read, or which of them the variables name was not found out.
    """
    results = ((found.get("sections") or {}).get(section) or {}).get("results")
    if items is None or (results is None and section in (found.get("wanted") or ())):
        return None
    listed = [entry for entry in results or [] if entry.get("listed")]
    ids = {entry.get("id") for entry in listed} - {None}
    # Where the id is known, another object of the same name is one that nobody named.
    names = {entry.get("name") for entry in listed if entry.get("id") is None}
    return [
        {key: item.get(key) for key in ("id", "name", "active")}
        for item in _by_name(items)
        if item.get("id") not in ids and item.get("name") not in names
    ]


def _schedule(item: dict[str, Any], generated: str) -> dict[str, Any]:
    runs = item.get("deployment") or item.get("deployment_id") or item.get("file")
    return {
        **{key: item.get(key) for key in ("id", "name", "active")},
        "runs": None if runs is None else str(runs),
        **runs_of(item, generated),
    }


def _jobs(reads: dict[str, Any], not_read: list[dict[str, Any]]) -> list[dict[str, Any]] | None:
    """The jobs that were asked for; None when none was, as no documented call lists them, or they were not read."""
    asked = reads.get("jobs")
    if asked is None or asked.get("skipped"):
        return None
    jobs = _read(reads, "jobs", not_read)
    keys = ("id", "status", "known", "finished", "succeeded")
    return None if jobs is None else [{key: job.get(key) for key in keys} for job in jobs]
