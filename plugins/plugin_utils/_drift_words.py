# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The words that the Markdown and the HTML of the drift report share. Private: may change in any release."""

from __future__ import annotations

import json
from typing import Any

STATUS_NAMES = {
    "in_sync": "In sync",
    "drift": "Drift",
    "not_compared": "Not compared",
    "not_listed": "Not in the variables",
    "unknown": "Unknown",
}
SECTION_NAMES = {
    "server_config": "Server properties",
    "cluster": "Cluster settings",
    "license": "License",
    "deployments": "Deployments",
    "schedules": "Schedules",
}
LICENSES = {
    "remembered": "registered, by the marker",
    "not_remembered": "not known to the marker",
    "unknown": "unknown",
    "not_listed": "not in the variables",
}
#: No endpoint is known that reads a license.
LICENSE_NOTES = {
    "remembered": "The marker file remembers that this key was registered. The server itself shows no license state.",
    "not_remembered": "The marker file does not know this key at this server, or not its activation. "
    "The server itself shows no license state.",
    "unknown": "The server shows no license state, and there is no marker file.",
    "not_listed": "No license is in the variables, and the server shows no license state.",
}
#: What was found, by the action of a bootstrap on an object.
OBJECTS = {
    "create": "missing on the server",
    "delete": "on the server, should be absent",
    "deactivate": "active, but not in the variables",
}
#: What a bootstrap would do to a value.
ACTIONS = {"change": "differs", "add": "missing", "remove": "too much"}


def shown(value: Any) -> str:
    """A value for people: texts as they are, all else as JSON."""
    if value is None:
        return "-"
    if isinstance(value, str):
        return value or '""'
    return json.dumps(value, ensure_ascii=False)


def titled(section: dict[str, Any], one: dict[str, Any]) -> str:
    """The heading of an object with differences."""
    name = SECTION_NAMES[section["name"]] if one["name"] is None else shown(one["name"])
    return f"{name}: {OBJECTS[one['action']]}" if one["action"] in OBJECTS else name


def is_update(one: dict[str, Any]) -> bool:
    """Whether values of an object differ, rather than the object as a whole."""
    return one["action"] not in OBJECTS


def responds(server: dict[str, Any]) -> str:
    return {True: "yes", False: "no", None: "unknown"}[server["responds"]]


def compared(server: dict[str, Any]) -> bool:
    """Whether at least one section was compared."""
    return any(section["status"] in ("in_sync", "drift") for section in server["sections"])


def _could_be_read(server: dict[str, Any], what: str) -> bool:
    return all(one["place"] != what for one in server["not_read"])


def jobs_note(server: dict[str, Any]) -> str:
    """Why there are no jobs to show."""
    if not _could_be_read(server, "jobs"):
        return "Last jobs: unknown, they could not be read."
    if server["jobs"] is None:
        return "Last jobs: unknown. No documented endpoint lists them; set astera_drift_jobs to the ids to show."
    return "Last jobs: none was asked for."


def why_unknown(server: dict[str, Any], kind: str) -> str:
    """The reason why objects that only the server has are unknown."""
    if not _could_be_read(server, kind):
        return "unknown, they could not be read"
    if any(section["name"] == kind and section["status"] == "not_compared" for section in server["sections"]):
        return "unknown, as they could not be compared"
    return "unknown, they were not read"


def nothing_unlisted(server: dict[str, Any], kind: str) -> str:
    return f"{SECTION_NAMES[kind]} on the server only: {why_unknown(server, kind)}."
