# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Jobs as they are seen: ``GET /api/Job/{id}/Status``. Private: may change in any release.

Seven status words are documented, without meanings: that four of them mean "in progress" and only ``Completed`` means
success is inferred; the words for failure and termination are unknown. So any other word counts as a failure that says
the word, unless the playbook knows better.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ..._engine.result import Outcome
from ..._errors import AsteraError, Kind, input_error
from ..._http.client import Client
from ..._http.polling import Deadline, check_wait
from ..._http.unexpected import nothing_there
from ..._runner.argument_spec import Spec
from .responses import extract_status

IN_PROGRESS = frozenset({"notstarted", "queued", "initializing", "running"})
SUCCEEDED = frozenset({"completed"})
#: What the server may say of a job that it does not know, or not yet.
UNKNOWN = frozenset({"unknown", "invalid"})
#: Words that nobody documented but that leave little doubt.
_SOUNDS_BAD = re.compile("error|fail|fault|abort|cancel|terminat")
#: Looks during which an unknown job may still turn up.
PATIENCE_FOR_UNKNOWN = 5
#: Entries of a job's history that are kept, the latest ones.
MAX_HISTORY = 100
#: Looks that must agree before a word that nobody knows ends the wait.
PATIENCE_FOR_NEW_WORD = 2

_STATUSES = ("success_statuses", "failure_statuses", "running_statuses")
STATUS_OPTIONS: dict[str, dict[str, Any]] = {name: {"type": "list", "elements": "str"} for name in _STATUSES}
INFO_SPEC = Spec(options={"job_ids": {"type": "list", "elements": "int", "required": True}, **STATUS_OPTIONS})


@dataclass(frozen=True)
class Words:
    """What the status words mean: those of the documentation, and those that a playbook adds. All in lower case."""

    success: frozenset[str] = SUCCEEDED
    failure: frozenset[str] = frozenset()
    running: frozenset[str] = IN_PROGRESS

    def knows(self, word: str) -> bool:
        """Whether it is one of them, and so no secret that the server repeats."""
        return word.casefold() in self.success | self.failure | self.running | UNKNOWN

    def patience(self, word: str) -> float:
        """Looks in a row with this word that end the wait as failed."""
        if word in self.running:
            return float("inf")
        if word in self.failure:
            return 1
        return PATIENCE_FOR_UNKNOWN if word in UNKNOWN else PATIENCE_FOR_NEW_WORD


def words_from(params: dict[str, Any]) -> Words:
    """The words with those of the options; one word cannot mean two things."""
    success, failure, running = (_folded(params.get(name), name) for name in _STATUSES)
    words = Words(SUCCEEDED | success, failure, IN_PROGRESS | running)
    for first, second in ((words.success, failure), (words.success, words.running), (failure, words.running)):
        for word in sorted(first & second):
            raise input_error(
                f"the status {word!r} is given, or known, with two meanings", "See " + ", ".join(_STATUSES)
            )
    for word in sorted(UNKNOWN & (words.success | words.running)):
        raise input_error(
            f"the status {word!r} very likely means that there is no such job",
            "Take it out of success_statuses and running_statuses.",
        )
    return words


def _folded(words: Iterable[str] | None, option: str) -> frozenset[str]:
    folded = frozenset(word.strip().casefold() for word in words or ())
    if "" in folded:
        raise input_error(f"{option} must not hold an empty word")
    return folded


@dataclass(frozen=True)
class Following:
    """How a job is followed. ``seconds`` until it is late, ``interval`` in seconds between two requests."""

    wait: bool = True
    seconds: float = 3600.0
    interval: float = 2.0
    terminate: bool = False

    @staticmethod
    def from_params(params: dict[str, Any]) -> Following:
        check_wait(params)
        ends = params["on_timeout"] == "terminate"
        return Following(params["wait"], params["wait_timeout"], params["wait_interval"], ends)


@dataclass
class Job:
    """A job as the last look showed it. ``elapsed`` is in seconds since this task began to follow it.

    ``history`` has each status in its turn, with the seconds at which it was first seen.
    """

    id: int | None
    words: Words = field(default_factory=Words)
    following: Following = field(default_factory=Following)
    status: str | None = None
    elapsed: float = 0.0
    history: list[tuple[str, float]] = field(default_factory=list)
    trace: str | None = None
    looks_alike: int = 0
    #: Requests in a row that showed no status.
    unseen: int = 0

    @property
    def word(self) -> str:
        return (self.status or "").casefold()

    @property
    def succeeded(self) -> bool:
        return self.word in self.words.success

    @property
    def known(self) -> bool:
        """Whether the server shows that there is such a job."""
        return self.status is not None and (self.word not in UNKNOWN or self.word in self.words.failure)

    @property
    def finished(self) -> bool:
        """Whether nothing more is to be expected. A word that nobody knows counts as an end."""
        return self.known and self.word not in self.words.running

    @property
    def failed(self) -> bool:
        """Whether it has been seen often enough that it did not end well."""
        return not self.succeeded and self.looks_alike >= self.words.patience(self.word)

    @property
    def is_odd(self) -> bool:
        """Whether its end is told by a word that nobody knows and that does not sound like an end."""
        return self.finished and not (
            self.succeeded or self.word in self.words.failure or _SOUNDS_BAD.search(self.word)
        )

    @property
    def number(self) -> int:
        """The id, of a job that has one."""
        return checked_id(self.id or 0)

    @property
    def status_path(self) -> str:
        return f"/api/Job/{self.id}/Status"

    def look(self, client: Client, *, elapsed: float = 0.0, patient: bool = True, timeout: float | None = None) -> None:
        """Ask for the status."""
        answer = client.get(self.status_path, patient=patient, timeout=timeout)
        if answer is None:
            raise nothing_there(self.status_path)
        hide = client.hidden.redact_text
        status = extract_status(answer, lambda word: word if self.words.knows(word) else hide(word))
        if status is None:
            raise AsteraError(
                "server",
                f"the server shows no status for job {self.id}",
                method="GET",
                path=self.status_path,
                status=200,
                attempts=1,
            )
        self.looks_alike = self.looks_alike + 1 if status.casefold() == self.word else 1
        self.status, self.elapsed = status, elapsed
        if not self.history or self.history[-1][0] != status:
            self.history = [*self.history, (status, elapsed)][-MAX_HISTORY:]

    def to_result(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "status": self.status,
            "finished": self.finished,
            "succeeded": self.succeeded,
            "elapsed": round(self.elapsed, 3),
            "history": [{"status": status, "elapsed": round(elapsed, 3)} for status, elapsed in self.history],
            "trace": self.trace,
        }


def checked_id(job_id: int) -> int:
    if job_id < 1:
        raise input_error(f"job ids are 1 or more, not {job_id}")
    return job_id


def trouble_looking(client: Client, job: Job, deadline: Deadline) -> AsteraError | None:
    """Look at a job once; what went wrong."""
    try:
        job.look(client, elapsed=deadline.elapsed, patient=False, timeout=deadline.request_timeout)
    except AsteraError as error:
        job.elapsed = deadline.elapsed
        job.unseen += 1
        if error.kind == "not_found" and error.status in (200, 204) and job.unseen < PATIENCE_FOR_UNKNOWN:
            # Nothing in a response that succeeds is like the status of a job that is not known: it may still turn up.
            error.kind = "server"
        return error
    job.unseen = 0
    return None


def job_error(kind: Kind, job: Job, message: str, hint: str) -> AsteraError:
    """An error that the status of a job is the ground of."""
    return AsteraError(kind, message, method="GET", path=job.status_path, status=200, attempts=1, hint=hint)


def no_such_job(job: Job) -> tuple[str, str]:
    """The sentence and the hint for a job that the server does not know."""
    return (
        f"the server says {job.status!r} of job {job.id}, which very likely means that there is no such job",
        "Old jobs are purged after the days set in the cluster settings; check the id.",
    )


def run_info(client: Client, params: dict[str, Any]) -> Outcome:
    """The status of several jobs; returns ``jobs`` in the order asked for. One that is not there is told as unknown."""
    words = words_from(params)
    jobs = {checked_id(job_id): Job(job_id, words) for job_id in params["job_ids"]}
    for job in jobs.values():
        _look_for(client, job)
    shown = {job.id: _shown(job) for job in jobs.values()}
    return Outcome(returned={"jobs": [shown[job_id] for job_id in params["job_ids"]]})


def _look_for(client: Client, job: Job) -> None:
    try:
        job.look(client)
    except AsteraError as error:
        if error.kind != "not_found":
            raise


def _shown(job: Job) -> dict[str, Any]:
    names = ("id", "status", "finished", "succeeded", "elapsed")
    return {**{name: job.to_result()[name] for name in names}, "known": job.known}
