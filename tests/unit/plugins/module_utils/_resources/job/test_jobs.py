# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Jobs without a server: what words mean, how values become text, how many are followed."""

from __future__ import annotations

import datetime
import re
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.astera.data_stack.plugins.module_utils._errors import AsteraError
from ansible_collections.astera.data_stack.plugins.module_utils._http import polling
from ansible_collections.astera.data_stack.plugins.module_utils._http.openapi import WELL_KNOWN, Discovery
from ansible_collections.astera.data_stack.plugins.module_utils._redaction.redactor import Redactor
from ansible_collections.astera.data_stack.plugins.module_utils._resources.job.follow import JobRunner
from ansible_collections.astera.data_stack.plugins.module_utils._resources.job.parameters import all_parameters
from ansible_collections.astera.data_stack.plugins.module_utils._resources.job.status import (
    Job,
    Wait,
    statuses_from,
)

FOLLOW = {"timeout": 5.0, "interval": 0.001}
DOWN = AsteraError("connection", "nobody answers")
REFUSED = AsteraError("auth", "wrong password", status=401)
BROKEN = AsteraError("server", "oops", status=500)
NOT_FOUND = AsteraError("not_found", "no such job", status=404)
JOB_ID = {"name": "jobId", "in": "path", "required": True, "schema": {"type": "integer"}}
TERMINATES = {"openapi": "3.0.1", "paths": {"/api/Job/{jobId}/Terminate": {"post": {"parameters": [JOB_ID]}}}}

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.dates() | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=3),
    max_leaves=6,
)


class Server:
    """Responds to the looks at jobs from lists, the last entry for ever; keeps what was asked and shown."""

    def __init__(self, **statuses):
        self.statuses = {int(name[1:]): list(words) for name, words in statuses.items()}
        self.asked = []
        self.shown = []
        self.documents = []
        self.ended = []
        self.terminates = self.check_mode = False
        self.refusal = None
        self.redactor = Redactor()

    def get(self, path, **_how):
        if not path.endswith("/Status"):
            self.documents.append(path)
            if self.terminates:
                return TERMINATES
            raise AsteraError("not_found", "no such path", status=404)
        number = int(path.split("/")[3])
        self.asked.append(number)
        words = self.statuses[number]
        word = words.pop(0) if len(words) > 1 else words[0]
        if isinstance(word, BaseException):
            raise word
        if callable(word):
            return word()
        return word

    def request(self, _method, path, _query=None, **_how):
        assert not self.check_mode
        self.ended.append(int(path.split("/")[3]))
        if self.refusal:
            raise self.refusal

    def report(self, line, *values):
        self.shown.append(line.format(*values))

    announce = report


def follow(server, **options):
    jobs = [Job(number, wait=Wait(**{**FOLLOW, **options})) for number in server.statuses]
    JobRunner(server, Discovery(server, None), jobs).follow(jobs)
    return jobs, {job.id: job.error for job in jobs if job.error}


def test_a_job_that_has_ended_is_left_alone():
    server = Server(j1=["Completed"], j2=["Queued", "Running", "Running", "Completed"], j3=["Queued", "Error", "Error"])
    jobs, errors = follow(server)
    assert [job.status for job in jobs] == ["Completed", "Completed", "Error"]
    assert {number: error.kind for number, error in errors.items()} == {3: "job_failed"}
    assert [server.asked.count(number) for number in (1, 2, 3)] == [1, 4, 3]
    assert [word for word, _elapsed in jobs[1].history] == ["Queued", "Running", "Completed"]


def test_a_server_that_is_down_is_asked_once_a_round():
    server = Server(j1=["Running", DOWN, DOWN, "Completed"], j2=["Running", "Completed"], j3=["Completed"])
    _jobs, errors = follow(server)
    assert not errors
    assert server.asked == [1, 2, 3, 1, 1, 1, 2]


def test_refused_credentials_are_tried_once():
    server = Server(j1=["Running", REFUSED], j2=["Running"], j3=["Completed"])
    _jobs, errors = follow(server)
    assert server.asked == [1, 2, 3, 1]
    assert {number: error.kind for number, error in errors.items()} == {1: "auth", 2: "auth"}
    assert "job 2 is no longer followed" in errors[2].message


def test_progress_names_those_that_go_on():
    server = Server(j1=["Completed"], j2=["Running", DOWN, "Completed"], j3=["Queued", "Whatever", "Completed"])
    jobs = [Job(number, wait=Wait(**FOLLOW), label={3: "West"}.get(number, "")) for number in server.statuses]
    JobRunner(server, Discovery(server, None), jobs).follow(jobs)
    assert [re.sub(r"[\d.]+ s", "N s", line) for line in server.shown] == [
        "job 2 is Running, West: job 3 is Queued, N s",
        "no status could be read: nobody answers, N s",
        "West: job 3 is Whatever (to be read again), N s",
    ]
    server = Server(j3=["Running", "Whatever", "Whatever"])
    job = Job(3, wait=Wait(timeout=5.0, interval=0.11), label="West")
    JobRunner(server, Discovery(server, None), [job]).follow([job])
    assert server.shown[0] == "West: job 3 is Running, 0.0 s"
    shown = re.fullmatch(r"West: job 3 is Whatever \(to be read again\), (\d+\.\d) s", server.shown[1])
    # Lines, error, history and result show the same times.
    assert [status for status, _elapsed in job.history] == ["Running", "Whatever"]
    assert job.history[1][1] == float(shown[1]) < job.elapsed == job.to_result()["elapsed"]
    assert f"ended as 'Whatever' after {job.elapsed:.1f} s (read 2 times, first at {shown[1]} s)" in job.error.message


def test_after_the_machine_was_suspended_every_job_is_looked_at_again(monkeypatch):
    """They have ended while nobody could look. The clock jumps, be it between two looks or in the middle of one."""
    now = [0.0]

    def jump(*_seconds):
        now[0] += 100_000
        raise AsteraError("timeout", "no answer")

    def sleep(seconds):
        now[0] += 100_000

    monkeypatch.setattr(polling, "time", SimpleNamespace(monotonic=lambda: now[0], sleep=sleep))
    for first in ("Running", jump):
        now[0] = 0.0
        server = Server(j1=["Running", "Completed"], j2=[first, "Completed"], j3=["Completed"])
        jobs, errors = follow(server)
        assert not errors
        assert all(job.succeeded for job in jobs)


@pytest.mark.parametrize("broken", [BROKEN, 3, [1], {"status": 7}])
def test_one_broken_status_hides_no_other(broken):
    server = Server(j1=[broken], j2=["Running", "Completed"])
    jobs, errors = follow(server, timeout=0.05)
    assert list(errors) == [1]
    assert jobs[1].succeeded


def test_a_job_that_completed_in_the_same_round_keeps_its_success():
    server = Server(j1=["Completed"], j2=[REFUSED], j3=["Running"])
    jobs, errors = follow(server)
    assert sorted(errors) == [2, 3]
    assert jobs[0].succeeded


def test_late_jobs_are_ended_before_any_is_looked_at():
    server = Server(j1=["Running", "Stopped"], j2=["Running", "Stopped"])
    server.terminates = True
    jobs, errors = follow(server, timeout=0.0, on_timeout="terminate")
    assert [error.kind for error in errors.values()] == ["timeout", "timeout"]
    assert server.ended == [1, 2]
    assert "It was asked to end." in errors[1].hint
    assert jobs[0].status == "Stopped"


def test_a_server_that_is_down_at_the_deadline_is_asked_once():
    server = Server(**{f"j{number}": ["Running", DOWN] for number in range(1, 51)})
    server.terminates = True
    server.refusal = DOWN
    _jobs, errors = follow(server, timeout=0.0, on_timeout="terminate")
    assert len(errors) == 50
    assert server.ended == [1]
    assert all("could not be ended" in error.hint for error in errors.values())


def test_in_check_mode_no_job_is_ended():
    server = Server(j1=["Running"])
    server.terminates = server.check_mode = True
    _jobs, errors = follow(server, timeout=0.0, on_timeout="terminate")
    assert server.ended == []
    assert "In a real run it would be asked to end" in errors[1].hint


@pytest.mark.parametrize("word", ["Unknown", NOT_FOUND])
def test_a_job_that_is_forgotten_once_it_was_asked_to_end_has_ended(word):
    server = Server(j1=["Running", word])
    server.terminates = True
    _jobs, errors = follow(server, timeout=0.0, on_timeout="terminate")
    assert "It was asked to end." in errors[1].hint


def test_a_job_that_completes_just_then_is_a_success():
    server = Server(j1=["Running", "Completed"])
    server.terminates = True
    server.refusal = AsteraError("rejected", "it has ended", status=400)
    jobs, errors = follow(server, timeout=0.0, on_timeout="terminate")
    assert jobs[0].succeeded
    assert not errors


@pytest.mark.parametrize("kind", ["timeout", "connection", "server"])
def test_a_lost_response_to_the_ending_is_no_matter(kind):
    server = Server(j1=["Running", "Error", "Error"])
    server.terminates = True
    server.refusal = AsteraError(kind, "lost", may_have_been_applied=True)
    _jobs, errors = follow(server, timeout=0.0, on_timeout="terminate")
    assert "It was asked to end." in errors[1].hint


def test_refused_credentials_end_the_watch():
    server = Server(j1=["Running", REFUSED], j2=["Running", REFUSED])
    server.terminates = True
    _jobs, errors = follow(server, timeout=0.0, on_timeout="terminate")
    assert server.asked == [1, 2, 1]
    assert all("wrong password; job" in error.message for error in errors.values())


def test_an_end_that_is_seen_at_the_deadline_is_an_end():
    server = Server(j1=["Error"], j2=["Whatever"])
    server.terminates = True
    _jobs, errors = follow(server, timeout=0.0, on_timeout="terminate")
    assert [error.kind for error in errors.values()] == ["job_failed", "job_failed"]
    assert server.ended == []


def test_many_failures_ask_for_the_document_once():
    server = Server(**{f"j{number}": ["Error"] for number in range(1, 51)})
    _jobs, errors = follow(server)
    assert len(errors) == 50
    assert len(server.documents) == len(WELL_KNOWN)


def test_a_word_of_endless_length_is_cut():
    server = Server(j1=["x" * 10_000])
    jobs, errors = follow(server)
    assert len(jobs[0].status) < 1000
    assert len(errors[1].message) < 1500


def test_the_deadline_is_for_all():
    server = Server(j1=["Running"], j2=["Completed"], j3=[DOWN])
    jobs, errors = follow(server, timeout=0.02)
    assert {number: error.kind for number, error in errors.items()} == {1: "timeout", 3: "timeout"}
    assert "(last status 'Running'" in errors[1].message
    assert "(no status was seen; the last poll failed: nobody answers)" in errors[3].message
    assert jobs[1].succeeded


@pytest.mark.parametrize(
    ("shown", "polls"), [("Aborted", 2), ("whatever", 2), ("Unknown", 5), ("invalid", 5), (NOT_FOUND, 5), (None, 5)]
)
def test_polls_that_must_agree_before_a_job_counts_as_failed(shown, polls):
    server = Server(j1=["Running", "Odd", shown])
    _jobs, errors = follow(server)
    assert len(server.asked) == 2 + polls
    assert errors[1].kind == ("job_failed" if polls == 2 else "not_found")


def test_statuses_of_ones_own():
    given = {"success_statuses": ["Warned ", " "], "running_statuses": ["PAUSED", ""]}
    jobs = [Job(number, statuses_from(given), Wait(**FOLLOW)) for number in (1, 2)]
    server = Server(j1=["Paused", "Paused", "Paused", "warned"], j2=["Running", "Completed"])
    JobRunner(server, Discovery(server, None), jobs).follow(jobs)
    assert [job.succeeded for job in jobs] == [True, True]
    # Before the first poll, and where the server shows nothing, nothing has succeeded.
    assert not Job(3, statuses_from(given)).succeeded


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (datetime.date(2026, 1, 31), "2026-01-31"),
        (datetime.datetime(2026, 1, 31, 4, 30), "2026-01-31T04:30:00"),  # as YAML reads it
        (-0.5, "-0.5"),
    ],
)
def test_values_that_only_reach_the_worker(value, text):
    """A module gets its options as JSON, where dates are texts already."""
    assert all_parameters({"Variables": {"a": value}}, {})[0][0]["Value"] == text


def test_secret_parameters_stand_beside_open_ones():
    entries, secrets = all_parameters({"Variables": {"b": "y"}}, {"Variables": {"a": "s", "c": True}})
    assert [(entry["ParameterName"], entry["Value"]) for entry in entries] == [("b", "y"), ("a", "s"), ("c", "true")]
    assert secrets == ["s"]


@given(st.dictionaries(st.text(max_size=3), ANYTHING, max_size=3))
def test_whatever_is_given_becomes_text_or_is_refused(parameters):
    try:
        entries, _secrets = all_parameters(parameters, {})
    except AsteraError as error:
        refusal = error
        entries = []
    else:
        refusal = None
    assert all(isinstance(value, str) for entry in entries for value in entry.values())
    assert refusal is None or refusal.kind == "input"
    names = {(action, str(name)) for action, values in parameters.items() for name in values} if not refusal else ()
    assert len(names) == len(entries)


def test_a_status_is_read_and_shown_whatever_the_secrets_are():
    """One that is known is no secret; any other is redacted before it is cut."""
    secret = "canary-" + "y" * 1000
    server = Server(j1=["Running", "Completed"], j2=["x" * 490 + secret])
    server.redactor.add("run", "Completed", secret)
    jobs, errors = follow(server)
    assert jobs[0].succeeded
    assert [status for status, _elapsed in jobs[0].history] == ["Running", "Completed"]
    assert jobs[1].status == "x" * 490 + "********"
    assert "canary" not in str(errors[2])


def test_each_job_is_late_at_its_own_deadline():
    server = Server(j1=["Running"], j2=["Running"] * 20 + ["Completed"])
    jobs = [Job(1, wait=Wait(timeout=0.05, interval=0.01)), Job(2, wait=Wait(timeout=9.0, interval=4.0))]
    JobRunner(server, Discovery(server, None), jobs).follow(jobs)
    assert [job.error and job.error.kind for job in jobs] == ["timeout", None]
    assert "did not end within 0.05 s" in jobs[0].error.message
    assert server.asked.count(1) < server.asked.count(2) == 21


def test_a_response_with_nothing_is_like_a_job_that_is_not_known_yet():
    server = Server(j1=["Running", None, NOT_FOUND, "Completed"], j2=[None])
    jobs, errors = follow(server)
    assert jobs[0].succeeded
    assert {number: error.kind for number, error in errors.items()} == {2: "not_found"}
    assert "the server shows nothing for job 2, which very likely means that there is no such job" in str(errors[2])
    assert server.asked.count(2) == 5


def test_a_job_that_is_not_known_is_an_error_without_a_wait_too():
    server = Server(j1=["Running"], j2=["Unknown"], j3=[NOT_FOUND], j4=[REFUSED], j5=["Running"])
    jobs = [Job(number, wait=Wait(enabled=False)) for number in server.statuses]
    JobRunner(server, Discovery(server, None), jobs).follow(jobs)
    assert [job.error and job.error.kind for job in jobs] == [None, "not_found", "not_found", "auth", "auth"]
    assert server.asked == [1, 2, 3, 4]
