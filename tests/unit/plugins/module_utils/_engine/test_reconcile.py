"""The engine against a scripted object: what it does when writes fail, are lost, or meet somebody else's."""

from __future__ import annotations

import pytest

from ansible_collections.astera.data_stack.plugins.module_utils._engine.field import Field
from ansible_collections.astera.data_stack.plugins.module_utils._engine.plan import make_plan
from ansible_collections.astera.data_stack.plugins.module_utils._engine.reconcile import Reconciliation
from ansible_collections.astera.data_stack.plugins.module_utils._engine.resource import Resource
from ansible_collections.astera.data_stack.plugins.module_utils._errors import AsteraError

FIELDS = (Field("name", "name"), Field("size", "size", "int"), Field("active", "isActive", "bool", when_shown=True))


class Server:
    """One object with a timestamp. ``script`` holds what happens to each write, in order; after that writes succeed."""

    def __init__(self, obj, *script):
        self.obj = {"updateDtTm": "0", **obj} if obj is not None else None
        self.script = list(script)
        self.writes = []
        self.reads = 0

    def read(self):
        self.reads += 1
        return None if self.obj is None else dict(self.obj)

    def keep(self, body, **changes):
        self.obj = {**body, **changes, "updateDtTm": f"{self.obj['updateDtTm'] if self.obj else ''}1"}

    def write(self, plan):
        self.writes.append(dict(plan.body))
        if self.script:
            self.script.pop(0)(self, plan.body)
        else:
            self.keep(plan.body)


def reject(server, body):
    raise AsteraError("rejected", "no", status=400)


def forbid(server, body):
    raise AsteraError("forbidden", "no", status=403)


def lose_before(server, body):
    raise AsteraError("connection", "cut", may_have_been_applied=True)


def lose_after(server, body):
    server.keep(body)
    raise AsteraError("connection", "cut", may_have_been_applied=True)


def crash(server, body):
    raise AsteraError("server", "boom", status=500, may_have_been_applied=True)


def meddle(server, body):
    server.keep(server.obj, size=99)
    raise AsteraError("rejected", "stale", status=400)


def ignore(server, body):
    server.keep(server.obj or {})


def show_active(server, body):
    server.keep(body, isActive=True)


class Thing(Resource):
    """The object of such a server."""

    label = "the thing"
    keeps_reads = True

    def __init__(self, server, desired, *, prepare=None, guards_names=False):
        super().__init__()
        self._server = server
        self._desired = desired
        self._prepare = prepare
        self.guards_names = guards_names

    def read(self):
        return self._server.read()

    def plan(self, current):
        return make_plan(FIELDS, current, self._desired)

    def prepare(self, plan):
        if self._prepare:
            self._prepare(plan)

    def write(self, plan):
        self._server.write(plan)


def run(server, desired, check_mode=False, **how):
    return Reconciliation(Thing(server, desired, **how)).run(check_mode=check_mode)[0]


def test_nothing_to_do():
    server = Server({"name": "a"})
    assert not run(server, {"name": "a"}).changed
    assert (server.reads, server.writes) == (1, [])


def test_check_mode_writes_nothing_and_predicts():
    server = Server({"name": "a"})
    predicted = run(server, {"name": "b"}, check_mode=True)
    assert (server.reads, server.writes) == (1, [])
    real = run(server, {"name": "b"})
    assert (predicted.changed, predicted.action, predicted.changes) == (real.changed, "update", real.changes)
    assert predicted.own_diff()["before"] == {"name": "a"}
    assert predicted.own_diff()["after"] == {"name": "b"}


def test_a_stale_timestamp_is_planned_again_on_the_fresh_object():
    server = Server({"name": "a", "size": 1}, meddle)
    result = run(server, {"name": "b"})
    assert server.obj["size"] == 99
    assert server.obj["name"] == "b"
    assert len(server.writes) == 2
    assert [change.path for change in result.changes] == ["name"]


def test_three_conflicts_are_enough():
    server = Server({"name": "a"}, meddle, meddle, meddle, meddle)
    with pytest.raises(AsteraError) as caught:
        run(server, {"name": "b"})
    assert caught.value.kind == "conflict"
    assert len(server.writes) == 3


def test_a_rejection_without_a_new_timestamp_is_final():
    server = Server({"name": "a"}, reject)
    with pytest.raises(AsteraError) as caught:
        run(server, {"name": "b"})
    assert caught.value.kind == "rejected"
    assert len(server.writes) == 1


def test_other_rejections_are_not_even_read_back():
    server = Server({"name": "a"}, forbid)
    with pytest.raises(AsteraError):
        run(server, {"name": "b"})
    assert server.reads == 1


@pytest.mark.parametrize(("accident", "writes"), [(lose_before, 2), (lose_after, 1)])
def test_a_lost_update_is_read_back(accident, writes):
    server = Server({"name": "a"}, accident)
    result = run(server, {"name": "b"})
    assert result.changed
    assert [change.path for change in result.changes] == ["name"]
    assert server.obj["name"] == "b"
    assert len(server.writes) == writes


def test_a_lost_creation_is_never_retried():
    server = Server(None, lose_before)
    with pytest.raises(AsteraError):
        run(server, {"name": "b"})
    assert len(server.writes) == 1
    server = Server(None, lose_after)
    result = run(server, {"name": "b"})
    assert result.changed
    assert len(server.writes) == 1


def test_what_the_server_accepted_is_known_when_it_cannot_be_read_back():
    def lose_list(server, body):
        server.keep(body)
        server.read = lambda: lose_before(server, body)

    reconciliation = Reconciliation(Thing(Server(None, lose_list), {"name": "b"}))
    with pytest.raises(AsteraError):
        reconciliation.run(check_mode=False)
    assert [change.path for change in reconciliation.result_of(reconciliation.accepted).changes] == ["name"]


def test_a_lost_update_that_the_read_back_shows_was_accepted():
    reconciliation = Reconciliation(Thing(Server({"name": "a"}, lose_after), {"name": "b"}))
    reconciliation.run(check_mode=False)
    assert reconciliation.accepted


def test_a_crash_is_not_retried():
    server = Server({"name": "a"}, crash)
    with pytest.raises(AsteraError):
        run(server, {"name": "b"})
    assert len(server.writes) == 1


def test_what_the_server_did_not_keep_is_a_warning_and_no_change():
    server = Server({"name": "a"}, ignore)
    result = run(server, {"name": "b"})
    assert not result.changed
    assert result.changes == []
    (warning,) = result.warnings
    assert warning.startswith("The server did not keep name of the thing: sent 'b', read 'a'.")


def test_a_field_that_shows_only_after_the_creation_is_then_set():
    server = Server(None, show_active)
    result = run(server, {"name": "b", "active": False})
    assert server.obj["isActive"] is False
    assert [change.path for change in result.changes] == ["name", "active"]


@pytest.mark.parametrize("current", [{"name": "a"}, None])
def test_somebody_else_made_the_same_change(current):
    def same(server, body):
        server.keep(body)
        raise AsteraError("rejected", "stale", status=400)

    server = Server(current, same)
    result = run(server, {"name": "b"})
    assert not result.changed
    assert len(server.writes) == 1


def test_an_object_that_vanishes_is_not_created_again():
    def vanish(server, body):
        server.obj = None
        raise AsteraError("rejected", "no such id", status=400)

    with pytest.raises(AsteraError):
        run(Server({"name": "a"}, vanish), {"name": "b"})


@pytest.mark.parametrize(
    ("current", "meanwhile", "left", "reads"),
    [
        ({"updateDtTm": None}, {"name": "a", "size": 7}, {"name": "b", "size": 7}, 3),
        ({"updateDtTm": None}, {"name": "b"}, {"name": "b"}, 2),
        ({"updateDtTm": "0"}, None, {"name": "b"}, 2),
    ],
)
def test_what_the_server_does_not_guard_is_read_right_before_it_is_written(current, meanwhile, left, reads):
    """Preparing, like an upload, takes so long that somebody else comes in between."""
    server = Server({"name": "a", **current})

    def prepare(plan):
        if meanwhile:
            server.obj = {**meanwhile, "updateDtTm": None}

    result = run(server, {"name": "b"}, prepare=prepare)
    assert {name: server.obj[name] for name in left} == left
    assert server.reads == reads
    assert result.changed is (reads == 3 or meanwhile is None)
    assert len(server.writes) == int(result.changed)


@pytest.mark.parametrize(("guarded", "reads"), [(True, 2), (False, 3)])
def test_a_creation_is_guarded_by_its_name_or_by_a_read(guarded, reads):
    server = Server(None)
    run(server, {"name": "b"}, guards_names=guarded)
    assert server.reads == reads


def drop_size(server, body):
    server.keep({name: value for name, value in body.items() if name != "size"}, size=0)


def test_what_a_creation_did_not_keep_is_sent_once_more():
    server = Server(None, drop_size)
    predicted = run(Server(None), {"name": "a", "size": 5}, check_mode=True)
    result = run(server, {"name": "a", "size": 5})
    assert (result.warnings, result.changes) == ([], predicted.changes)
    assert len(server.writes) == 2
    assert not run(server, {"name": "a", "size": 5}).changed


def test_what_a_server_never_keeps_is_sent_no_third_time():
    server = Server(None, *[drop_size] * 9)
    result = run(server, {"name": "a", "size": 5})
    assert len(server.writes) == 2
    assert result.changed
    assert result.warnings == [
        "The server did not keep size of the thing: sent 5, read 0. Somebody else may have changed it."
    ]
    assert [change.path for change in result.changes] == ["name"]


def test_what_is_sent_once_more_may_be_there_although_the_response_is_lost():
    server = Server(None, drop_size, lose_after)
    result = run(server, {"name": "a", "size": 5})
    assert (result.warnings, [change.path for change in result.changes]) == ([], ["name", "size"])
    assert len(server.writes) == 2
