# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many jobs in one task, all at once or one after the other. Private: may change in any release."""

from __future__ import annotations

import json
import re
import shlex
from collections import Counter
from typing import Any

from ..._engine.duplicates import reject_duplicates
from ..._engine.field import text
from ..._engine.result import Result
from ..._errors import AsteraError, bulk_error, input_error, printable
from ..._http.client import Client
from ..._http.openapi import Discovery
from ..._runner.argument_spec import OPENAPI_OPTION, Spec
from .follow import ENTRY_OPTIONS, JobPoller
from .follow import OPTIONS as FOLLOW_OPTIONS
from .start import ITEM_SPEC, Start

BULK_SPEC = Spec(
    options={
        "jobs": {
            "type": "list",
            "elements": "dict",
            "required": True,
            "options": {"name": {"type": "str"}, **ITEM_SPEC.options, **ENTRY_OPTIONS},
        },
        "only": {"type": "list", "elements": "str"},
        "together": {"type": "bool", "default": True},
        **FOLLOW_OPTIONS,
        **OPENAPI_OPTION,
    },
)
#: Characters of a reason in the table. The end says most, of a trace's last line as of an error that quotes the server.
MAX_REASON = 60
#: Names that an error lists.
MAX_NAMES = 20
#: A list of names that needs no quotes, neither on the command line nor in ``-e name=value``.
_PLAIN_NAMES = re.compile(r"[\w.-]+(?:,[\w.-]+)*")


class _Entry(Start):
    """One job of the list."""

    def __init__(self, label: str, options: dict[str, Any]) -> None:
        super().__init__(options)
        self.label = label
        self.title = f"the job {label}"
        self.job.name = options["name"] or None
        self.job.flow = self.job.flow if self.job.name else None  # the label has it otherwise

    def status(self, check_mode: bool) -> str:
        """What became of it, as the server's own status where there is one."""
        if self.begun:
            return self.job.status or ("not asked for" if self.follows_only else "started")
        if self.job.error is None:
            return "would be started" if check_mode else "not started"
        return "unknown" if self.job.error.may_have_been_applied else "not started"

    def reason(self) -> str:
        """Why it failed, in a few words."""
        error = self.job.error
        if error is None:
            return ""
        if error.kind == "job_failed":
            return self.job.last_line or "no trace was read, see the Job Monitor"
        if error.kind == "timeout" and error.method is None:
            return "not ended in time"
        return error.doubt if error.may_have_been_applied else error.message

    @property
    def left(self) -> bool:
        """Whether it was neither started nor rejected."""
        return not self.begun and self.job.error is None

    @property
    def may_run_again(self) -> bool:
        """Whether a run with this entry achieves something, and starts no job a second time that may still run."""
        job, error = self.job, self.job.error
        if self.follows_only:
            return not job.finished
        if not self.begun or error is None:
            return not (error and error.may_have_been_applied)
        # A status that nobody knows may mean that the job goes on.
        return job.finished and not job.is_odd and (error.kind == "job_failed" or job.asked_to_end)

    def to_result(self, check_mode: bool) -> dict[str, Any]:
        """Whole if it failed, short if it completed."""
        done, error = self.result(check_mode), self.job.error
        result: dict[str, Any] = {"name": self.label, "changed": done.changed}
        if self.left and not check_mode:
            result["skipped"] = True
        elif not self.job.succeeded:
            result["changes"] = done.changed_values()
        if error is not None:
            result.update(failed=True, **error.to_result())
        result["job"] = self.job.to_result() if error else self.job.to_short_result()
        return result


def run_bulk(client: Client, params: dict[str, Any]) -> Result:
    """Start jobs, or take up ones that run, and follow them; returns ``results``, ``run_again`` and ``table``.

    Nothing is started before every entry is checked. A job that fails ends neither the others nor the wait for them.
    """
    reject_duplicates("jobs", params["jobs"], "job_id", "Give each a name of its own, and each job_id once.")
    labels = labels_of(params["jobs"])
    entries = [_entry(number, label, params) for number, label in enumerate(labels)]
    chosen = chosen_labels(labels, params.get("only"))
    entries = [entry for entry in entries if entry.label in chosen]
    poller = JobPoller(client, Discovery(client, params["openapi_path"]), [entry.job for entry in entries])
    for group in [entries] if params["together"] else [[entry] for entry in entries]:
        error = _run(client, poller, group)
        if error is not None and error.is_server_wide:
            break
    return _result(client, entries)


def _entry(number: int, label: str, params: dict[str, Any]) -> _Entry:
    """The entry at a place in the list. It takes the options of the task where it has none of its own."""
    item = params["jobs"][number]
    try:
        ITEM_SPEC.check(item)
        return _Entry(label, {**item, **{name: params[name] for name in FOLLOW_OPTIONS if item.get(name) is None}})
    except AsteraError as error:
        raise error.with_(message=f"entry {number + 1} of jobs: {error.message}") from None


def labels_of(items: list[dict[str, Any]]) -> list[str]:
    """How the results name the entries: a path or id that several have is followed by its place in the list."""
    labels = [str(item.get("name") or item.get("path") or item.get("job_id")) for item in items]
    uses = Counter(labels)
    numbered = enumerate(zip(items, labels), 1)
    return [
        label if item.get("name") or uses[label] == 1 else f"{label} #{number}" for number, (item, label) in numbered
    ]


def chosen_labels(labels: list[str], only: list[str] | None) -> list[str]:
    """The labels that ``only`` names; all without it."""
    if only is None:
        return labels
    if not only:
        raise input_error("only must name at least one job", "Leave it out to run all entries of the list.")
    names = {text(name) for name in only}
    unknown = names.difference(map(text, labels))
    if unknown:
        raise input_error(
            f"jobs has no entry {_quoted(sorted(unknown))}, which only names (astera_jobs_only of the role jobs)",
            f"It has {_quoted(labels) or 'no entries'}.",
        )
    return [label for label in labels if text(label) in names]


def _quoted(names: list[str]) -> str:
    more = ["..."] if len(names) > MAX_NAMES else []
    return ", ".join([*(f'"{name}"' for name in names[:MAX_NAMES]), *more])


def _run(client: Client, poller: JobPoller, entries: list[_Entry]) -> AsteraError | None:
    """Start all of these, then follow them; returns the error that ended the starting."""
    error = _start_all(client, entries)
    begun = [entry for entry in entries if entry.begun]
    if error is not None and error.kind == "auth":
        # Denied credentials are tried once, as an account may be locked.
        poller.give_up([entry.job for entry in begun], error)
    else:
        poller.poll_once([entry.job for entry in begun if entry.follows_only and not entry.job.wait.enabled])
        poller.follow([entry.job for entry in begun if entry.job.wait.enabled])
    return error


def _start_all(client: Client, entries: list[_Entry]) -> AsteraError | None:
    """Start one after the other. A rejection concerns one job only; returns the error that ended the starting.

    In check mode only the jobs that run already are taken up.
    """
    for number, entry in enumerate(entries):
        if client.check_mode and not entry.follows_only:
            continue
        client.report("{} of {} jobs taken up", number, len(entries))
        try:
            entry.carry_out(client)
        except AsteraError as error:
            entry.job.error = error
            if error.is_server_wide:
                return error
    return None


def _result(client: Client, entries: list[_Entry]) -> Result:
    check_mode = client.check_mode
    parts = [done for entry in entries if (done := entry.result(check_mode)).changed]
    # What the hint of a start that may have been applied says, the advice says of all of them.
    failed = [
        (entry.label, error.with_(hint=None) if error.may_have_been_applied else error)
        for entry in entries
        if (error := entry.job.error)
    ]
    left = sum(1 for entry in entries if entry.left and not check_mode)
    incomplete = [entry for entry in entries if entry.job.error or (entry.left and not check_mode)]
    again = [entry.label for entry in incomplete if entry.may_run_again]
    unclear = [entry.label for entry in incomplete if not (entry.may_run_again or entry.follows_only)]
    advice = _advice(again if len(again) < len(entries) else [], unclear)
    return Result(
        changed=bool(parts),
        parts=parts,
        returned={
            "results": [entry.to_result(check_mode) for entry in entries],
            "run_again": again,
            "table": _table(client, entries),
        },
        error=bulk_error("job", failed, len(entries), left, advice),
    )


def _advice(again: list[str], unclear: list[str]) -> str | None:
    """How to run the rest of the jobs, and which of them may still run."""
    sentences = []
    if unclear:
        sentences.append(f"Check the Job Monitor before you run these again: {_quoted(unclear)}.")
    if len(again) > MAX_NAMES:
        sentences.append("run_again has the names for the option only (astera_jobs_only of the role jobs).")
    elif again:
        plain = ",".join(again)
        value = f"astera_jobs_only={plain}"
        if not _PLAIN_NAMES.fullmatch(plain):
            value = shlex.quote(json.dumps({"astera_jobs_only": again}, ensure_ascii=False))
        sentences.append(f"Run only these again: -e {value} with the role, or the option only of the module.")
    return " ".join(sentences) or None


def _table(client: Client, entries: list[_Entry]) -> list[str]:
    """Lines for people: name, id, how it ended, seconds, and why it failed."""
    rows = [("job", "id", "status", "seconds", "reason")]
    for entry in entries:
        job = entry.job
        # A secret is no longer recognised once it is cut.
        reason = printable(client.redactor.redact_text(entry.reason()))
        shown = reason if len(reason) <= MAX_REASON else f"...{reason[3 - MAX_REASON :]}"
        number = "-" if job.id is None else str(job.id)
        rows.append((entry.label, number, entry.status(client.check_mode), f"{job.elapsed:.1f}", shown))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [[*(cell.ljust(width) for cell, width in zip(row, widths)), row[3].rjust(7), row[4]] for row in rows]
    return ["  ".join(line).rstrip() for line in lines]
