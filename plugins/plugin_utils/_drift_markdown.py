# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drift report as Markdown, as GitLab and GitHub read it. Private: may change in any release.

Names and values come from servers and may hold anything, so each is escaped to be shown letter by letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from ._drift import STATUSES, verdict
from ._drift_words import (
    ACTIONS,
    LICENSES,
    SECTION_NAMES,
    STATUS_NAMES,
    compared,
    is_update,
    jobs_note,
    nothing_unlisted,
    responds,
    shown,
    titled,
)

#: What means something to Markdown or a dialect, and only where it does, so that the text stays readable: emphasis,
#: code, links, HTML, tables, mentions, formulas; entities, issues, addresses, emoji; headings, lists and quotes.
_MEANINGFUL = re.compile(
    r"[\\`*\[\]<|~@$^]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)|#(?=\d)|:(?=//)|:(?=[a-z+-][a-z0-9_+-]*:|\d{3,4}:)"
    r"|(?<=www)\."
)
#: What means something at the beginning of a line only: headings, lists, quotes.
_BEGINNING = re.compile(r"^(\d*)([#+=>.)-])")


def plain(value: Any, *, begins: bool = False) -> str:
    """A value on one line, to be shown as it is; ``begins`` where a line begins with it."""
    text = " ".join(line.strip() for line in shown(value).splitlines()).strip()
    escaped = _MEANINGFUL.sub(r"\\\g<0>", text)
    return (_BEGINNING.sub(r"\1\\\2", escaped) if begins else escaped) or " "


def to_markdown(report: dict[str, Any]) -> str:
    lines = ["# Drift report", "", f"Made {report['generated']}. {plain(verdict(report))}", "", *_overview(report)]
    for status in STATUSES:
        for server in report["servers"]:
            if server["status"] == status:
                lines += ["", *_server(server)]
    return "\n".join(lines)


def _table(head: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    titles = list(head)
    yield f"| {' | '.join(titles)} |"
    yield f"|{' --- |' * len(titles)}"
    for row in rows:
        yield f"| {' | '.join(plain(cell) for cell in row)} |"


def _overview(report: dict[str, Any]) -> Iterator[str]:
    rows = [
        (
            one["name"],
            STATUS_NAMES[one["status"]],
            one["differences"] if compared(one) else "-",
            responds(one),
            LICENSES[one["license"]["state"]],
        )
        for one in report["servers"]
    ]
    return _table(("server", "status", "differences", "responds", "license"), rows)


def _differences(section: dict[str, Any]) -> Iterator[str]:
    for one in section["objects"]:
        if one["name"] is not None or not is_update(one):
            yield from ("", f"**{plain(titled(section, one))}**")
        if one["changed_on_server"]:
            yield from ("", f"Changed on the server: {plain(one['changed_on_server'])}")
        if is_update(one):
            rows = [(each["path"], ACTIONS[each["action"]], each["before"], each["after"]) for each in one["changes"]]
            yield from ("", *_table(("what", "how", "on the server", "in the variables"), rows))


def _reasons(title: str, problems: list[dict[str, Any]]) -> Iterator[str]:
    for problem in problems:
        yield from ("", f"**{title}, {plain(problem['place'])}**: {plain(problem['message'])}")


def _server(server: dict[str, Any]) -> Iterator[str]:
    yield f"## {plain(server['name'])}: {STATUS_NAMES[server['status']].lower()}"
    yield ""
    yield plain(server["url"] or "The address is not known.", begins=True)
    yield from _reasons("Not compared", server["problems"])
    yield from _reasons("Not read", server["not_read"])
    for section in server["sections"]:
        if section["objects"]:
            yield from ("", f"### {SECTION_NAMES[section['name']]}")
            yield from _differences(section)
    for kind, items in server["unlisted"].items():
        if items:
            names = ", ".join(plain(item["name"]) for item in items)
            yield from ("", f"{SECTION_NAMES[kind]} on the server only: {names}")
        elif items is None and compared(server):
            yield from ("", plain(nothing_unlisted(server, kind), begins=True))
    if server["schedules"]:
        rows = [(one["name"], one["frequency"], one["next_run"], one["next_run_note"]) for one in server["schedules"]]
        yield from ("", "### Next runs", "", *_table(("schedule", "frequency", "next run", "note"), rows))
    if server["jobs"]:
        yield from (
            "",
            "### Jobs",
            "",
            *_table(("id", "status"), [(job["id"], job["status"]) for job in server["jobs"]]),
        )
    elif server["responds"]:
        yield from ("", plain(jobs_note(server), begins=True))
