"""Polls in, transitions out."""

from __future__ import annotations

import pytest

from ansible_collections.astera.data_stack.plugins.module_utils._errors import AsteraError
from ansible_collections.astera.data_stack.plugins.plugin_utils._eda.jobs import SeenJob
from ansible_collections.astera.data_stack.plugins.plugin_utils._eda.snapshot import Event, Item
from ansible_collections.astera.data_stack.plugins.plugin_utils._eda.tracker import Memory, Poll, Tracker

DOWN = AsteraError("connection", "no connection", method="GET", path="/api/Deployments", attempts=1)
REFUSED = AsteraError("auth", "the login was rejected", method="POST", path="/api/account/login", status=400)
FORBIDDEN = AsteraError("forbidden", "403", method="GET", path="/api/Schedules", status=403)


class World:
    """A tracker, and a clock that goes on by 10 seconds with each poll."""

    def __init__(self, memory: Memory | None = None, down_after: int = 3) -> None:
        self.now = 1000.0
        self.memory = memory or Memory()
        self.tracker = Tracker(self.memory, down_after, lambda: self.now)

    def poll(self, *names: str, **poll) -> list[Event]:
        if not (poll.get("failure") or poll.get("denial")):
            poll.setdefault("objects", {"deployments": deployments(*names)})
        found = list(self.tracker.events(Poll(**poll)))
        self.now += 10
        return found

    def names(self, *args, **poll) -> list[str]:
        return [event.name for event in self.poll(*args, **poll)]


def deployments(*names: str) -> dict[int, Item]:
    return {number: Item("deployment", number, name, None, "t", {"name": name}) for number, name in enumerate(names, 1)}


@pytest.fixture
def world():
    return World()


def test_the_first_poll_is_what_later_ones_are_compared_with(world):
    (event,) = world.poll("A", "B")
    assert event.name == "watching"
    assert event.fields == {"objects": {"deployments": 2}, "not_readable": [], "jobs_ended": [], "resumed": False}
    assert world.names("A", "B") == []
    assert world.names("A", "C") == ["object_changed"]
    assert world.names() == ["object_removed", "object_removed"]


def test_a_server_that_is_down_is_one_event(world):
    world.poll("A")
    assert [world.names(failure=DOWN) for _poll in range(5)] == [[], [], ["server_down"], [], []]
    (event,) = world.poll("A")
    assert (event.name, event.fields) == ("server_up", {"seconds": 50})
    assert world.names("A") == []


def test_the_error_of_a_server_that_is_down():
    (event,) = World(down_after=1).poll(failure=DOWN)
    assert event.fields["error"]["kind"] == "connection"
    assert event.fields["error"]["path"] == "/api/Deployments"


def test_a_moment_of_silence_is_no_event(world):
    world.poll("A")
    for _time in range(3):
        assert [world.names(failure=DOWN), world.names(failure=DOWN), world.names("A")] == [[], [], []]


def test_a_failed_poll_removes_nothing(world):
    world.poll("A")
    assert world.names(failure=DOWN) == []
    assert world.names("A", "B") == ["object_added"]


def test_what_a_poll_has_read_before_it_failed_counts(world):
    world.poll("A")
    assert world.names(failure=DOWN, objects={"deployments": deployments("A", "B")}) == ["object_added"]


def test_a_server_that_is_down_at_first(world):
    assert [world.names(failure=DOWN) for _poll in range(3)] == [[], [], ["server_down"]]
    assert world.names("A") == ["server_up", "watching"]


def test_a_denied_login_is_one_event(world):
    (event,) = world.poll(denial=REFUSED)
    assert (event.name, event.fields["error"]["kind"]) == ("login_refused", "auth")
    assert [world.names(denial=REFUSED) for _poll in range(3)] == [[], [], []]
    assert [world.names(denial=REFUSED, failure=DOWN) for _poll in range(3)] == [[], [], ["server_down"]]
    assert world.names(denial=REFUSED) == ["server_up"]


def test_what_cannot_be_read_blinds_only_itself(world):
    (watching,) = world.poll("A", denied={"schedules": FORBIDDEN})
    assert watching.fields["not_readable"] == ["schedules"]
    assert world.names("A", "B", denied={"schedules": FORBIDDEN}) == ["object_added"]


def test_rights_that_are_lost_and_granted(world):
    world.poll("A")
    (lost,) = world.poll(objects={}, denied={"deployments": FORBIDDEN})
    assert lost.name == "not_readable"
    assert lost.fields["not_readable"] == ["deployments"]
    assert [error["kind"] for error in lost.fields["errors"]] == ["forbidden"]
    assert world.names(objects={}, denied={"deployments": FORBIDDEN}) == []
    assert world.names(failure=DOWN) == []
    changed, granted = world.poll("B")
    assert (changed.name, granted.name) == ("object_changed", "not_readable")
    assert granted.fields == {"not_readable": [], "errors": []}


def test_what_becomes_readable_later_is_compared_from_then_on(world):
    world.poll(objects={}, denied={"deployments": FORBIDDEN})
    assert world.names("A") == ["not_readable"]
    assert world.names("A", "B") == ["object_added"]


def test_jobs(world):
    before = SeenJob(3, "Completed", succeeded=True, inferred=False)
    assert world.poll(failure=DOWN, jobs_ended_before=[before]) == []
    (watching,) = world.poll("A")
    assert watching.fields["jobs_ended"] == [{"id": 3, "status": "Completed", "succeeded": True, "inferred": False}]
    (ended,) = world.poll("A", jobs_ended=[SeenJob(4, "Error", succeeded=False, inferred=True)])
    assert ended.name == "job_ended"
    assert ended.fields == {"job": {"id": 4, "status": "Error", "succeeded": False, "inferred": True}}


def test_a_job_that_ends_before_the_first_successful_poll_is_reported_after_it(world):
    ended = SeenJob(4, "Completed", succeeded=True, inferred=False)
    assert world.names(failure=DOWN, jobs_ended=[ended]) == []
    assert world.names("A") == ["watching", "job_ended"]
    assert world.names("A") == []


def test_a_memory_of_an_earlier_run(world):
    world.poll("A")
    [world.poll(failure=DOWN) for _poll in range(3)]
    world.memory.resumed = True
    resumed = World(world.memory)
    resumed.now = 2000.0
    assert [resumed.names(failure=DOWN) for _poll in range(4)] == [[], [], [], []], "it was reported"
    up, watching, changed = resumed.poll("B")
    assert (up.name, up.fields["seconds"]) == ("server_up", 1030)
    assert (watching.name, watching.fields["resumed"]) == ("watching", True)
    assert changed.name == "object_changed"


def test_ids_of_events(world):
    first = world.poll("A")[0]
    added = world.poll("A", "B", "C")
    ids = [world.memory.uuid_of(event) for event in (first, *added)]
    assert len(set(ids)) == 3
    assert ids == [world.memory.uuid_of(event) for event in (first, *added)], "a repeated event is the same"
    world.memory.generation += 1
    assert world.memory.uuid_of(first) not in ids, "a later event of the same kind is another"
    assert Memory().uuid_of(first) != Memory().uuid_of(first), "and so is that of another server"
