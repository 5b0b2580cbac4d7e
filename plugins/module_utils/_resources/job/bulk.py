# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many jobs in one task, all at once or one after the other. Private: may change in any release."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from ..._engine.duplicates import reject_duplicates
from ..._engine.result import Outcome
from ..._errors import AsteraError, bulk_error
from ..._http.client import Client
from ..._http.openapi import Discovery
from ..._runner.argument_spec import OPENAPI_OPTION, Spec
from .follow import ENTRY_OPTIONS, JobPoller
from .follow import OPTIONS as FOLLOW_OPTIONS
from .start import ITEM_SPEC, Start
from .status import Following
from .terminate import TERMINATION

BULK_SPEC = Spec(
    options={
        "jobs": {
            "type": "list",
            "elements": "dict",
            "required": True,
            "options": {"name": {"type": "str"}, **ITEM_SPEC.options, **ENTRY_OPTIONS},
        },
        "together": {"type": "bool", "default": True},
        **FOLLOW_OPTIONS,
        **OPENAPI_OPTION,
    },
)


@dataclass
class _Entry:
    """One job of the list. ``begun``: it was started, or is one that ran already."""

    label: str
    start: Start
    begun: bool = False
    error: AsteraError | None = None
    told_to_end: bool = False

    @property
    def waits(self) -> bool:
        return self.start.job.following.wait

    def outcome(self, check_mode: bool) -> str:
        """What became of it, in a word of the server where there is one."""
        if self.begun:
            return self.start.job.status or ("not asked for" if self.start.follows_only else "started")
        if self.error is None:
            return "would be started" if check_mode else "not started"
        return "unknown" if self.error.may_have_been_applied else "not started"

    def to_result(self, check_mode: bool) -> dict[str, Any]:
        changed = ((self.begun or check_mode) and not self.start.follows_only) or self.told_to_end
        result: dict[str, Any] = {"name": self.label, "job": self.start.job.to_result(), "changed": changed}
        if self.error is not None:
            result.update(failed=True, **self.error.to_result())
        elif not self.begun and not check_mode:
            result["skipped"] = True
        return result


def run_bulk(client: Client, params: dict[str, Any]) -> Outcome:
    """Start jobs, or take up ones that run, and follow them; returns ``results`` and ``table``.

    Nothing is started before every entry is checked. A job that fails ends neither the others nor the wait for them.
    """
    entries = _checked(params)
    follower = JobPoller(client, Discovery(client, params["openapi_path"]), [entry.start.job for entry in entries])
    for group in [entries] if params["together"] else [[entry] for entry in entries]:
        trouble = _run(client, follower, group)
        if trouble is not None and trouble.is_server_wide:
            break
    return _outcome(entries, client.check_mode)


def _run(client: Client, follower: JobPoller, entries: list[_Entry]) -> AsteraError | None:
    """Start all of these, then follow them; returns the error that ended the starting."""
    trouble = _start_all(client, entries)
    begun = [entry for entry in entries if entry.begun]
    jobs = [entry.start.job for entry in begun]
    if trouble is not None and trouble.kind == "auth":
        # Refused credentials are tried once, as an account may be locked.
        follower.give_up(jobs, trouble)
    else:
        follower.look([entry.start.job for entry in begun if entry.start.follows_only and not entry.waits])
        follower.follow([entry.start.job for entry in begun if entry.waits])
    for entry in begun:
        entry.error = follower.errors.get(entry.start.job.id)
        entry.told_to_end = entry.start.job.id in follower.told_to_end
    return trouble


def _checked(params: dict[str, Any]) -> list[_Entry]:
    """The entries, each with the options of the task where it has none of its own."""
    reject_duplicates("jobs", params["jobs"], "job_id", "Give each a name of its own, and each job_id once.")
    entries: list[_Entry] = []
    labels = _labels(params["jobs"])
    for number, (item, label) in enumerate(zip(params["jobs"], labels), 1):
        with _told_of(number):
            own = {name: item[name] for name in FOLLOW_OPTIONS if item.get(name) is not None}
            entries.append(_Entry(label, Start(item, Following.from_params({**params, **own}))))
    return entries


def _labels(items: list[dict[str, Any]]) -> list[str]:
    """What results call the entries: by name, or by path or id, with the place in the list where that is not enough."""
    labels = [str(item.get("name") or item.get("path") or item.get("job_id")) for item in items]
    uses = Counter(labels)
    return [
        label if item.get("name") or uses[label] == 1 else f"{label} #{number}"
        for number, (item, label) in enumerate(zip(items, labels), 1)
    ]


@contextlib.contextmanager
def _told_of(number: int) -> Iterator[None]:
    """Say in an error which entry it is about."""
    try:
        yield
    except AsteraError as error:
        error.message = f"entry {number} of jobs: {error.message}"
        raise


def _start_all(client: Client, entries: list[_Entry]) -> AsteraError | None:
    """Start one after the other. What was refused concerns one job only; returns the error that ended the starting.

    In check mode only the jobs that run already are taken up.
    """
    for number, entry in enumerate(entries):
        if client.check_mode and not entry.start.follows_only:
            continue
        client.report("{} of {} jobs taken up", number, len(entries))
        try:
            entry.start.carry_out(client)
            entry.begun = True
            entry.start.announce(client)
        except AsteraError as error:
            entry.error = error
            if error.is_server_wide:
                return error
    return None


def _outcome(entries: list[_Entry], check_mode: bool) -> Outcome:
    changes = [
        replace(change, path=f"jobs[{entry.label}]")
        for entry in entries
        if (change := entry.start.change) and (entry.begun or check_mode)
    ]
    changes += [replace(TERMINATION, path=f"jobs[{entry.label}].state") for entry in entries if entry.told_to_end]
    outcome = Outcome(changed=bool(changes), changes=changes, title="the jobs")
    outcome.after = {change.path: change.after for change in changes}
    outcome.returned = {
        "results": [entry.to_result(check_mode) for entry in entries],
        "table": _table(entries, check_mode),
    }
    failed = [(entry.label, entry.error) for entry in entries if entry.error]
    left = sum(1 for entry in entries if not entry.begun and not entry.error and not check_mode)
    outcome.error = bulk_error("job", failed, len(entries), left)
    return outcome


def _table(entries: list[_Entry], check_mode: bool) -> list[str]:
    """Lines for people: name, id, how it ended, seconds."""
    rows = [("job", "id", "status", "seconds")]
    for entry in entries:
        job = entry.start.job
        rows.append(
            (entry.label, "-" if job.id is None else str(job.id), entry.outcome(check_mode), f"{job.elapsed:.1f}")
        )
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return ["  ".join([*(cell.ljust(width) for cell, width in zip(row, widths)), row[3].rjust(7)]) for row in rows]
