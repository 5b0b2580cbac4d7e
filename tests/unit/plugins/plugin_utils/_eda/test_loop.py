"""The loop, with a client that never sends anything, a queue of one place, and no time that passes."""

from __future__ import annotations

import asyncio
import json
import logging
import uuid

import pytest

from ansible_collections.astera.data_stack.extensions.eda.plugins.event_source import server as source
from ansible_collections.astera.data_stack.plugins.module_utils._errors import AsteraError
from ansible_collections.astera.data_stack.plugins.module_utils._redaction.redactor import Redactor
from ansible_collections.astera.data_stack.plugins.plugin_utils._eda import loop
from ansible_collections.astera.data_stack.plugins.plugin_utils._eda.options import options_from
from ansible_collections.astera.data_stack.plugins.plugin_utils._eda.tracker import Memory

DOWN = AsteraError("connection", "no connection to secret-7", method="GET", path="/api/Deployments")
SERVER = {"server_url": "https://etl01:9261", "username": "admin", "password": "secret-7", "watch": ["deployments"]}


class Client:
    """Each poll takes the next of the responses; the last one stays."""

    server_url = "https://etl01:9261"

    def __init__(self, *responses):
        self.redactor = Redactor(["secret-7"])
        self.responses = list(responses)
        self.polls = 0

    def get_list(self, path):
        self.polls += 1
        response = self.responses.pop(0) if len(self.responses) > 1 else self.responses[0]
        if isinstance(response, Exception):
            raise response
        return [{"id": number, "name": name, "updateDtTm": "t"} for number, name in enumerate(response, 1)]


def run(client, polls, feedback=None, clock=lambda: 1000.0, **options):
    """The events of some polls. The loop must end by nothing but being cancelled."""

    async def main():
        queue = asyncio.Queue(maxsize=1)
        enough = asyncio.Event()
        pauses = []

        async def sleep(seconds):
            pauses.append(seconds)
            if len(pauses) == polls:
                enough.set()
                await asyncio.Event().wait()

        back = feedback(queue) if feedback else None
        watcher = loop.Watcher(queue, options_from({**SERVER, **options}), client, back, sleep=sleep, clock=clock)
        task = asyncio.create_task(watcher.run())
        taken = []

        async def take():
            while True:
                event = await queue.get()
                taken.append(event)
                if back is not None:
                    await back.put(event)

        taker = asyncio.create_task(take())
        stopped = asyncio.create_task(enough.wait())
        await asyncio.wait([task, stopped], return_when=asyncio.FIRST_COMPLETED)
        await asyncio.sleep(0)
        for one in (task, taker, stopped):
            one.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert set(pauses) == {30.0}
        return taken

    return asyncio.run(main())


def names(events):
    return [event["astera"]["event"] for event in events]


def test_events():
    watching, added, changed = run(Client(["A"], ["A", "B"], ["A", "C"]), 5)
    assert watching == {
        "astera": {
            "event": "watching",
            "server_url": "https://etl01:9261",
            "objects": {"deployments": 1},
            "not_readable": [],
            "jobs_ended": [],
            "resumed": False,
        },
        "meta": {"uuid": watching["meta"]["uuid"]},
    }
    assert added["astera"]["object"] == {
        "kind": "deployment",
        "id": 2,
        "name": "B",
        "active": None,
        "timestamp": "t",
    }
    assert changed["astera"]["changes"] == [{"path": "name", "action": "change", "before": "B", "after": "C"}]
    assert len({uuid.UUID(event["meta"]["uuid"]) for event in (watching, added, changed)}) == 3


def test_what_the_account_may_not_read_is_in_the_log(caplog):
    (event,) = run(Client(AsteraError("forbidden", "403", method="GET", path="/api/Deployments")), 2)
    assert event["astera"]["not_readable"] == ["deployments"]
    assert "the account may not read deployments" in caplog.text


def test_the_host_limits_what_an_event_starts():
    (event,) = run(Client([]), 1, host="etl01")
    assert event["meta"]["hosts"] == "etl01"


def test_no_poll_ends_it(caplog):
    odd = ZeroDivisionError("secret-7")
    with caplog.at_level(logging.WARNING):
        events = run(Client(["A"], odd, odd, DOWN, ["A"]), 6)
    assert names(events) == ["watching", "server_down", "server_up"]
    assert "A poll failed: ZeroDivisionError: ********" in caplog.text
    assert "server_down: no connection to ********" in caplog.text
    assert "secret-7" not in caplog.text + json.dumps(events)


def test_what_a_server_shows_is_no_code_and_no_secret():
    name = "{{ lookup('pipe', 'id') }}\nsecret-7"
    events = run(Client(["A"], [name], [name]), 3)
    assert events[1]["astera"]["object"]["name"] == "{ { lookup('pipe', 'id') }} ********"
    assert "{{" not in json.dumps(events).replace('{"', "")
    assert "secret-7" not in json.dumps(events)


def test_a_restart_reports_what_has_changed_meanwhile(tmp_path):
    state = str(tmp_path / "state.json")
    first = run(Client(["A"], ["A", "B"]), 3, state_file=state)
    second = run(Client(["A", "C"]), 2, state_file=state)
    third = run(Client(["A", "C"]), 2, state_file=state)
    assert [names(events) for events in (first, second, third)] == [
        ["watching", "object_added"],
        ["watching", "object_changed"],
        ["watching"],
    ]
    assert second[0]["astera"]["resumed"] is True
    ids = [event["meta"]["uuid"] for event in (*first, *second, *third)]
    assert len(set(ids)) == len(ids)


def test_a_crash_before_the_file_is_written_repeats_events_under_the_same_ids(tmp_path):
    state = tmp_path / "state.json"
    run(Client(["A"]), 1, state_file=str(state))
    before = state.read_text()
    crashed = run(Client(["A", "B"]), 1, state_file=str(state))
    state.write_text(before)
    again = run(Client(["A", "B", "C"]), 1, state_file=str(state))
    ids = [[event["meta"]["uuid"] for event in events] for events in (crashed, again)]
    assert ids[1][:2] == ids[0]
    assert names(again) == ["watching", "object_added", "object_added"]


def test_a_file_that_cannot_be_written_any_more(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(loop.StateFile, "save", lambda *_arguments: OSError(28, "No space left on device"))
    monkeypatch.setattr(loop.StateFile, "load", lambda _file: Memory())
    events = run(Client(["A"], ["B"]), 2, state_file=str(tmp_path / "state.json"))
    assert names(events) == ["watching", "object_changed"]
    assert "No space left on device" in caplog.text


def test_events_are_confirmed_by_the_engine(caplog):
    def queue_with_other_events(_queue):
        feedback = asyncio.Queue()
        feedback.put_nowait({"meta": {"uuid": "of another source"}})
        feedback.put_nowait({})
        return feedback

    events = run(Client(["A"], ["B"]), 3, feedback=queue_with_other_events)
    assert names(events) == ["watching", "object_changed"]
    assert caplog.text == ""


def test_an_event_that_is_never_confirmed_holds_up_only_for_a_while(caplog):
    class Silent(asyncio.Queue):
        async def put(self, item):
            pass

    events = run(Client(["A"], ["B"]), 3, feedback=lambda _queue: Silent(), feedback_timeout=0.01)
    assert names(events) == ["watching", "object_changed"]
    assert "did not confirm the event" in caplog.text


def test_a_full_queue_holds_up_the_next_poll():
    async def main():
        queue = asyncio.Queue(maxsize=1)
        client = Client(["A"], ["B"], ["C"])

        async def sleep(_seconds):
            await asyncio.sleep(0)

        watcher = loop.Watcher(queue, options_from(dict(SERVER)), client, sleep=sleep)
        task = asyncio.create_task(watcher.run())
        while client.polls < 2:
            await asyncio.sleep(0)
        for _turn in range(20):
            await asyncio.sleep(0.001)
        assert client.polls == 2
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())


def test_the_source_itself(monkeypatch):
    """It checks its arguments, takes the queue for feedback for no option, and closes its client."""
    closed = []

    class Recorded(loop.Client):
        def close(self):
            closed.append(self.check_mode)
            super().close()

    async def no_run(_watcher):
        raise asyncio.CancelledError

    monkeypatch.setattr(loop, "Client", Recorded)
    monkeypatch.setattr(loop.Watcher, "run", no_run)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(source.main(asyncio.Queue(1), {**SERVER, "feedback": True, loop.FEEDBACK: asyncio.Queue()}))
    assert closed == [True], "it cannot write"
    with pytest.raises(AsteraError, match="not in settings"):
        asyncio.run(source.main(asyncio.Queue(1), {**SERVER, "settings": {"feedback": True}}))
    with pytest.raises(AsteraError, match="intervall"):
        asyncio.run(source.main(asyncio.Queue(1), {**SERVER, "intervall": 5}))
    assert asyncio.iscoroutinefunction(source.main)


def test_a_connection_without_encryption_gets_a_warning(monkeypatch, caplog):
    async def no_run(_watcher):
        raise asyncio.CancelledError

    monkeypatch.setattr(loop.Watcher, "run", no_run)
    arguments = {**SERVER, "server_url": "http://etl01:9261", "allow_http": True}
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(source.main(asyncio.Queue(1), arguments))
    assert "unencrypted" in caplog.text
