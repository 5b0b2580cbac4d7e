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
from ..._engine.result import Result
from ..._errors import AsteraError, bulk_error
from ..._http.client import Client
from ..._http.openapi import Discovery
from ..._runner.argument_spec import OPENAPI_OPTION, Spec
from .follow import ENTRY_OPTIONS, JobPoller
from .follow import OPTIONS as FOLLOW_OPTIONS
from .start import ITEM_SPEC, JobRequest, Start
from .status import Job, Wait
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
    is_named: bool
    start: Start
    begun: bool = False

    @property
    def job(self) -> Job:
        return self.start.job

    def status(self, check_mode: bool) -> str:
        """What became of it, as the server's own status where there is one."""
        if self.begun:
            return self.job.status or ("not asked for" if self.start.follows_only else "started")
        if self.job.error is None:
            return "would be started" if check_mode else "not started"
        return "unknown" if self.job.error.may_have_been_applied else "not started"

    def to_result(self, check_mode: bool) -> dict[str, Any]:
        changed = ((self.begun or check_mode) and not self.start.follows_only) or self.job.asked_to_end
        result: dict[str, Any] = {"name": self.label, "job": self.job.to_result(), "changed": changed}
        if self.job.error is not None:
            result.update(failed=True, **self.job.error.to_result())
        elif not self.begun and not check_mode:
            result["skipped"] = True
        return result


def run_bulk(client: Client, params: dict[str, Any]) -> Result:
    """Start jobs, or take up ones that run, and follow them; returns ``results`` and ``table``.

    Nothing is started before every entry is checked. A job that fails ends neither the others nor the wait for them.
    """
    reject_duplicates("jobs", params["jobs"], "job_id", "Give each a name of its own, and each job_id once.")
    entries: list[_Entry] = []
    for number, item in enumerate(params["jobs"], 1):
        with _errors_of_entry(number):
            ITEM_SPEC.check(item)
            # An entry takes the options of the task where it has none of its own.
            waits = (params[name] if item.get(name) is None else item[name] for name in FOLLOW_OPTIONS)
            start = Start(JobRequest(**{name: item[name] for name in ITEM_SPEC.options}), Wait(*waits))
            label = str(item.get("name") or item.get("path") or item.get("job_id"))
            entries.append(_Entry(label, bool(item.get("name")), start))
    _distinguish(entries)
    poller = JobPoller(client, Discovery(client, params["openapi_path"]), [entry.job for entry in entries])
    for group in [entries] if params["together"] else [[entry] for entry in entries]:
        error = _run(client, poller, group)
        if error is not None and error.is_server_wide:
            break
    return _result(entries, client.check_mode)


@contextlib.contextmanager
def _errors_of_entry(number: int) -> Iterator[None]:
    """Name the entry in an error about it."""
    try:
        yield
    except AsteraError as error:
        raise error.with_(message=f"entry {number} of jobs: {error.message}") from None


def _distinguish(entries: list[_Entry]) -> None:
    """Add its place in the list to a path or id that several have as label."""
    uses = Counter(entry.label for entry in entries)
    for number, entry in enumerate(entries, 1):
        if not entry.is_named and uses[entry.label] > 1:
            entry.label += f" #{number}"


def _run(client: Client, poller: JobPoller, entries: list[_Entry]) -> AsteraError | None:
    """Start all of these, then follow them; returns the error that ended the starting."""
    error = _start_all(client, entries)
    begun = [entry for entry in entries if entry.begun]
    if error is not None and error.kind == "auth":
        # Denied credentials are tried once, as an account may be locked.
        poller.give_up([entry.job for entry in begun], error)
    else:
        poller.poll_once([entry.job for entry in begun if entry.start.follows_only and not entry.job.wait.enabled])
        poller.follow([entry.job for entry in begun if entry.job.wait.enabled])
    return error


def _start_all(client: Client, entries: list[_Entry]) -> AsteraError | None:
    """Start one after the other. A rejection concerns one job only; returns the error that ended the starting.

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
            entry.job.error = error
            if error.is_server_wide:
                return error
    return None


def _result(entries: list[_Entry], check_mode: bool) -> Result:
    changes = [
        replace(change, path=f"jobs[{entry.label}]")
        for entry in entries
        if (change := entry.start.change) and (entry.begun or check_mode)
    ]
    changes += [replace(TERMINATION, path=f"jobs[{entry.label}].state") for entry in entries if entry.job.asked_to_end]
    result = Result(changed=bool(changes), changes=changes, title="the jobs")
    result.before = {change.path: change.before for change in changes if change.before is not None}
    result.after = {change.path: change.after for change in changes}
    result.returned = {
        "results": [entry.to_result(check_mode) for entry in entries],
        "table": _table(entries, check_mode),
    }
    failed = [(entry.label, entry.job.error) for entry in entries if entry.job.error]
    left = sum(1 for entry in entries if not entry.begun and not entry.job.error and not check_mode)
    result.error = bulk_error("job", failed, len(entries), left)
    return result


def _table(entries: list[_Entry], check_mode: bool) -> list[str]:
    """Lines for people: name, id, how it ended, seconds."""
    rows = [("job", "id", "status", "seconds")]
    for entry in entries:
        job = entry.job
        rows.append(
            (entry.label, "-" if job.id is None else str(job.id), entry.status(check_mode), f"{job.elapsed:.1f}")
        )
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return ["  ".join([*(cell.ljust(width) for cell, width in zip(row, widths)), row[3].rjust(7)]) for row in rows]
