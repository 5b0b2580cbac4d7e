"""Jobs whose ids are given, and those that are found by following ids upwards."""

from __future__ import annotations

import logging

import pytest

from ansible_collections.astera.data_stack.plugins.module_utils._errors import AsteraError
from ansible_collections.astera.data_stack.plugins.module_utils._resources.job.status import Statuses
from ansible_collections.astera.data_stack.plugins.plugin_utils._eda.jobs import MAX_REQUESTS, Jobs, JobsMemory


class Server:
    """Statuses of jobs by id. An id that is not there is a 404; ``fails_at`` is one at which the server goes down."""

    def __init__(self, **statuses: str) -> None:
        self.jobs = {int(name[1:]): status for name, status in statuses.items()}
        self.asked: list[int] = []
        self.fails_at = 0
        self.redactor = self
        self.redact_text = str

    def get(self, path, timeout):
        number = int(path.split("/")[3])
        self.asked.append(number)
        if number == self.fails_at:
            raise AsteraError("connection", "down")
        if number not in self.jobs:
            raise AsteraError("not_found", "404", status=404)
        return self.jobs[number]


class Followed:
    def __init__(self, server, memory=None, given=(), after=None):
        self.server = server
        self.memory = memory or JobsMemory()
        self.jobs = Jobs(self.memory, given, after, Statuses())

    def poll(self):
        """The ids of the jobs that had ended before, and those that have ended since."""
        self.server.asked.clear()
        self.jobs.poll(lambda job: job.poll(self.server))
        before, ended = self.jobs.take()
        self.jobs.remember()
        return [one.id for one in before], [(one.id, one.status, one.succeeded, one.inferred) for one in ended]


def test_given_jobs():
    server = Server(j3="Completed", j4="Running")
    jobs = Followed(server, given=[3, 4, 9])
    assert jobs.poll() == ([3], [])
    assert jobs.poll() == ([], [])
    assert server.asked == [4, 9], "what has ended is not asked for again"
    server.jobs.update({4: "Completed", 9: "Queued"})
    assert jobs.poll() == ([], [(4, "Completed", True, False)])
    server.jobs[9] = "Error"
    assert jobs.poll() == ([], []), "nobody knows this status, so it must be seen twice"
    assert jobs.poll() == ([], [(9, "Error", False, False)])
    assert jobs.poll() == ([], [])
    assert server.asked == []


@pytest.mark.parametrize("unknown", ["Unknown", "Invalid", None])
def test_a_given_job_that_is_not_known_yet_is_no_end(unknown):
    server = Server(**({"j3": unknown} if unknown else {}))
    jobs = Followed(server, given=[3])
    assert [jobs.poll() for _poll in range(8)] == [([], [])] * 8
    server.jobs[3] = "Running"
    jobs.poll()
    server.jobs[3] = "Completed"
    assert jobs.poll() == ([], [(3, "Completed", True, False)])


def test_a_given_job_that_turns_up_ended():
    """The server may not show a job at once, and it may be quick."""
    server = Server()
    jobs = Followed(server, given=[3, 4])
    jobs.poll()
    server.jobs.update({3: "Completed", 4: "Error"})
    assert jobs.poll() == ([], [(3, "Completed", True, False)])
    assert jobs.poll() == ([], [(4, "Error", False, False)])
    assert jobs.poll() == ([], [])


def test_following():
    server = Server(j10="Completed", j11="Error", j12="Running")
    jobs = Followed(server, after=10)
    assert jobs.poll() == ([], []), "what had ended before the first poll is not news"
    assert server.asked == [11, 12, 13, 14, 15, 16, 17]
    assert jobs.poll() == ([], [])
    assert server.asked == [12, 13, 14, 15, 16, 17]
    server.jobs.update({12: "Completed", 13: "Completed", 14: "Running"})
    assert jobs.poll() == ([], [(12, "Completed", True, True), (13, "Completed", True, True)])
    server.jobs[14] = "Completed"
    assert jobs.poll() == ([], [(14, "Completed", True, True)])
    assert jobs.poll() == ([], [])


def test_an_id_may_stay_unused_or_turn_up_late():
    server = Server(j10="Completed")
    jobs = Followed(server, after=9)
    jobs.poll()
    server.jobs[13] = "Completed"
    assert jobs.poll() == ([], [(13, "Completed", True, True)])
    server.jobs[12] = "Completed"
    assert jobs.poll() == ([], [(12, "Completed", True, True)])
    for _poll in range(6):
        jobs.poll()
    assert server.asked == [14, 15, 16, 17, 18], "id 11 was given up"


def test_the_way_to_the_newest_job_may_take_several_polls():
    server = Server(**{f"j{number}": "Completed" for number in range(1, 151)})
    jobs = Followed(server, after=0)
    assert jobs.poll() == ([], [])
    assert len(server.asked) == MAX_REQUESTS
    assert jobs.memory.newest is None
    assert jobs.poll() == ([], [])
    assert jobs.memory.newest == 150
    server.jobs[151] = "Completed"
    assert jobs.poll()[1] == [(151, "Completed", True, True)]


def test_a_given_job_is_not_reported_twice_by_following():
    server = Server(j11="Running")
    jobs = Followed(server, given=[11, 12], after=10)
    jobs.poll()
    server.jobs.update({11: "Completed", 12: "Running"})
    assert jobs.poll() == ([], [(11, "Completed", True, False)])
    server.jobs[12] = "Completed"
    assert jobs.poll() == ([], [(12, "Completed", True, False)])
    assert jobs.poll() == ([], [])


def test_a_server_that_goes_down_within_a_poll_loses_nothing():
    server = Server(j11="Running", j12="Running")
    jobs = Followed(server, after=10)
    jobs.poll()
    server.jobs.update({11: "Completed", 13: "Completed"})
    for fails_at in (12, 13, 14, 15):
        server.fails_at = fails_at
        with pytest.raises(AsteraError):
            jobs.poll()
        jobs.jobs.remember()
        assert jobs.memory.open >= {11}, "it is not reported yet"
    server.fails_at = 0
    assert jobs.poll()[1] == [(11, "Completed", True, True), (13, "Completed", True, True)]


def test_a_restart_with_a_memory_loses_nothing():
    server = Server(j3="Running", j4="Completed", j11="Running")
    jobs = Followed(server, given=[3, 4], after=10)
    jobs.poll()
    assert (jobs.memory.newest, jobs.memory.open, jobs.memory.ended) == (11, {3, 11}, {4})
    server.jobs.update({3: "Completed", 11: "Completed", 12: "Completed", 5: "Completed"})
    again = Followed(server, jobs.memory, given=[3, 4, 5], after=0)
    before, ended = again.poll()
    assert before == [5], "a new id"
    assert [one[0] for one in ended] == [3, 11, 12]


def test_whether_the_memory_has_changed():
    server = Server(j11="Running")
    jobs = Jobs(JobsMemory(), [], 10, Statuses())
    for expected in (True, False):
        jobs.poll(lambda job: job.poll(server))
        assert jobs.remember() is expected
    assert Jobs(JobsMemory(), [], None, Statuses()).remember() is False


def test_a_followed_job_that_vanishes_is_given_up(caplog):
    server = Server(j11="Running")
    jobs = Followed(server, after=10)
    jobs.poll()
    del server.jobs[11]
    with caplog.at_level(logging.WARNING):
        assert [jobs.poll() for _poll in range(6)] == [([], [])] * 6
    assert "does not know job 11 any more" in caplog.text
    assert 11 not in server.asked


def test_an_account_without_the_right():
    class Denying(Server):
        def get(self, path, timeout):
            raise AsteraError("forbidden", "403")

    with pytest.raises(AsteraError, match="403"):
        Followed(Denying(), after=10).poll()
