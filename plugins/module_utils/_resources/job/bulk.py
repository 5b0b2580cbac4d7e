# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Many jobs in one task, all at once or one after the other. Private: may change in any release."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from ..._engine.duplicates import reject_duplicates
from ..._engine.field import text
from ..._engine.result import Result
from ..._errors import AsteraError, bulk_error, input_error, printable
from ..._http.client import Client
from ..._http.openapi import Discovery
from ..._runner.argument_spec import OPENAPI_OPTION, Spec
from .follow import JobRunner
from .start import ITEM_SPEC, job_from, result_of
from .status import WAIT_OPTIONS, Job

#: Those of one job of the list, where the options of the list are the defaults.
_ENTRY_OPTIONS = {
    name: {key: option[key] for key in option if key != "default"} for name, option in WAIT_OPTIONS.items()
}
BULK_SPEC = Spec(
    options={
        "jobs": {
            "type": "list",
            "elements": "dict",
            "required": True,
            "options": {"name": {"type": "str"}, **ITEM_SPEC.options, **_ENTRY_OPTIONS},
        },
        "only": {"type": "list", "elements": "str"},
        "together": {"type": "bool", "default": True},
        **WAIT_OPTIONS,
        **OPENAPI_OPTION,
    },
)
#: Characters of a reason in the table. The end says most, of a trace's last line as of an error that quotes the server.
MAX_REASON = 60
#: Names that an error lists.
MAX_NAMES = 20
#: A value of ``-e``, a list of names, that needs quotes neither for the shell nor for Ansible.
_NEEDS_NO_QUOTES = re.compile(r"\w+=[\w.-]+(?:,[\w.-]+)*")


def run_bulk(client: Client, params: dict[str, Any]) -> Result:
    """Start jobs, or take up ones that run, and follow them; returns ``results``, ``run_again`` and ``table``.

    Nothing is started before every entry is checked. A job that fails ends neither the others nor the wait for them.
    """
    reject_duplicates("jobs", params["jobs"], "job_id", "Give each a name of its own, and each job_id once.")
    labels = labels_of(params["jobs"])
    jobs = [_job_at(number, label, params) for number, label in enumerate(labels)]
    chosen = chosen_labels(labels, params.get("only"))
    jobs = [job for job in jobs if job.label in chosen]
    runner = JobRunner(client, Discovery(client, params["openapi_path"]), jobs)
    left = list(jobs)
    while left:
        # Where nothing can be started, what is left is only followed, all at once.
        number = len(left) if params["together"] or runner.is_stopped else 1
        runner.run(left[:number])
        left = left[number:]
    return _result(client, jobs)


def _job_at(number: int, label: str, params: dict[str, Any]) -> Job:
    """The job at a place in the list. It takes the options of the task where it has none of its own."""
    item = params["jobs"][number]
    try:
        ITEM_SPEC.check(item)
        return job_from({**item, **{name: params[name] for name in WAIT_OPTIONS if item.get(name) is None}}, label)
    except AsteraError as error:
        raise error.with_(message=f"entry {number + 1} of jobs: {error.message}") from None


def labels_of(items: list[dict[str, Any]]) -> list[str]:
    """How the results name the entries: a path or id that several have is followed by its place in the list."""
    labels = [str(item.get("name") or item.get("path") or item.get("job_id")) for item in items]
    uses = Counter(labels)
    return [
        label if item.get("name") or uses[label] == 1 else f"{label} #{number}"
        for number, (item, label) in enumerate(zip(items, labels), 1)
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
        message = f"jobs has no entry {_quoted(sorted(unknown))}, which only names (astera_jobs_only of the role jobs)"
        raise input_error(message, f"It has {_quoted(labels) or 'no entries'}.")
    return [label for label in labels if text(label) in names]


def _quoted(names: list[str]) -> str:
    more = ["..."] if len(names) > MAX_NAMES else []
    return ", ".join([*(f'"{name}"' for name in names[:MAX_NAMES]), *more])


def _result(client: Client, jobs: list[Job]) -> Result:
    parts = [result_of(job, client.check_mode) for job in jobs]
    failed = [(job.label, job.error) for job in jobs if job.error]
    incomplete = [job for job in jobs if job.error or job.is_skipped]
    again = [job.label for job in incomplete if _may_run_again(job)]
    unclear = [job.label for job in incomplete if job.start and not _may_run_again(job)]
    advice = _advice(again if len(again) < len(jobs) else [], unclear)
    return Result(
        changed=any(part.changed for part in parts),
        parts=parts,
        returned={
            "results": [_entry(job, part) for job, part in zip(jobs, parts)],
            "run_again": again,
            "table": _table(client, jobs),
        },
        error=bulk_error("job", failed, len(jobs), len(incomplete) - len(failed), advice),
    )


def _entry(job: Job, part: Result) -> dict[str, Any]:
    """One of ``results``: whole if the job failed, short if it completed."""
    result: dict[str, Any] = {"name": job.label, "changed": part.changed}
    if job.is_skipped:
        result["skipped"] = True
    elif not job.succeeded:
        result["changes"] = part.changed_values()
    if job.error:
        result.update(failed=True, **job.error.to_result())
    result["job"] = job.to_result() if job.error else job.to_short_result()
    return result


def _may_run_again(job: Job) -> bool:
    """Whether a run with this entry achieves something, and starts no job a second time that may still run."""
    if not job.start:
        return not job.finished
    if not job.id or not job.error:
        return not (job.error and job.error.may_have_been_applied)
    return job.is_over and (job.error.kind == "job_failed" or job.asked_to_end)


def _advice(again: list[str], unclear: list[str]) -> str | None:
    """How to run the rest of the jobs, and which of them may still run."""
    sentences = []
    if unclear:
        sentences.append(f"Check the Job Monitor before you run these again: {_quoted(unclear)}.")
    value = f"astera_jobs_only={','.join(again)}"
    if len(again) <= MAX_NAMES and _NEEDS_NO_QUOTES.fullmatch(value):
        sentences.append(f"Run only these again: -e {value} with the role, or the option only of the module.")
    elif again:
        sentences.append("run_again has the names for the option only (astera_jobs_only of the role jobs).")
    return " ".join(sentences) or None


def _table(client: Client, jobs: list[Job]) -> list[str]:
    """Lines for people: name, id, how it ended, seconds, and why it failed."""
    rows = [("job", "id", "status", "seconds", "reason")]
    for job in jobs:
        # A secret is no longer recognised once it is cut.
        reason = printable(client.redactor.redact_text(_reason(job)))
        shown = reason if len(reason) <= MAX_REASON else f"...{reason[3 - MAX_REASON :]}"
        rows.append((job.label, str(job.id or "-"), _status(job), f"{job.elapsed:.1f}", shown))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = [[*(cell.ljust(width) for cell, width in zip(row, widths)), row[3].rjust(7), row[4]] for row in rows]
    return ["  ".join(line).rstrip() for line in lines]


def _status(job: Job) -> str:
    """What became of it, as the server's own status where there is one."""
    if job.status or not job.start or (job.error and job.error.may_have_been_applied):
        return job.status or "unknown"
    if job.id:
        return "started"
    return "not started" if job.error or job.is_skipped else "would be started"


def _reason(job: Job) -> str:
    """Why it failed, in a few words."""
    if job.error is None:
        return ""
    if job.error.kind == "job_failed":
        return job.last_line or "no trace was read, see the Job Monitor"
    return job.error.doubt if job.error.may_have_been_applied else job.error.message
