"""Every module, with options made up from its argument spec, against servers that are well and servers that are not.

A module that is added to the action group is in it by itself.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import strategies as st

from ansible_collections.astera.data_stack.plugins.module_utils._engine.extra_fields import OPTIONS
from ansible_collections.astera.data_stack.plugins.module_utils._engine.result import Result
from ansible_collections.astera.data_stack.plugins.module_utils._errors import KINDS
from ansible_collections.astera.data_stack.tests.properties.modules import PASSWORD, Module, Run, all_modules, run
from ansible_collections.astera.data_stack.tests.properties.options import options_for
from ansible_collections.astera.data_stack.tests.properties.profiles import prop
from ansible_collections.astera.data_stack.tests.properties.server import Server, at, wrong_types
from ansible_collections.astera.data_stack.tests.properties.values import printable
from ansible_collections.astera.data_stack.tests.properties.worlds import broken_server, sound_server

MODULES = [pytest.param(module, id=module.name.removeprefix("astera_")) for module in all_modules()]
#: Modules that bring something to a state that can be read back.
CONVERGING = ("cluster", "server_config", "deployment", "deployments", "schedule", "schedules")
#: Characters of a message beyond what the options themselves bring in.
MAX_MESSAGE_LENGTH = 5000


def check_result(done: Run, server: Server) -> None:
    """What holds for every task, whatever was requested and whatever was returned."""
    assert isinstance(done.result, Result)
    texts = [*done.result.warnings, *done.lines]
    if done.result.error is not None:
        assert done.kind in KINDS
        texts += [done.output["msg"], done.output["error"]["message"]]
    for text in texts:
        assert printable(text)
        assert "Traceback (most recent" not in text
        assert "object at 0x" not in text
        assert len(text) < MAX_MESSAGE_LENGTH
    assert PASSWORD not in json.dumps([done.output, texts])
    assert "a defect of this collection" not in json.dumps(done.output)
    for sent in server.sent:
        if sent.content_type == "application/json" and sent.body:
            json.loads(sent.body, parse_constant=pytest.fail)


def own_wrong_types(done: Run, server: Server, before: Server) -> list[tuple[str, Any]]:
    """Documented fields of a wrong type in what was sent, but for those that the author's own raw dictionaries or the
    server's objects brought in."""
    if "body" in done.params:
        # astera_api sends what its author wrote.
        return []
    given = [*before.objects(), *raw_dictionaries(done.params)]
    return [
        (path, value)
        for sent in server.writes
        for path, value in wrong_types(sent)
        # A frequency is passed through, or copied from another schedule.
        if path.partition(".")[0] != "schedule"
        and not any(json.dumps(at(obj, path)) == json.dumps(value) for obj in given)
    ]


def raw_dictionaries(params: Any) -> Iterator[dict[str, Any]]:
    """The ``extra_fields``, secret or not, of a task, and of each entry of a list."""
    for option in OPTIONS:
        if isinstance(params, dict) and isinstance(params.get(option), dict):
            yield params[option]
    for entry in params.values() if isinstance(params, dict) else params if isinstance(params, list) else ():
        yield from raw_dictionaries(entry)


@pytest.mark.parametrize("module", MODULES)
@prop(40, data=st.data())
def test_broken_servers(fast, files, module: Module, data):
    """No traceback, no other exception, no field of a wrong type, whatever the server returns."""
    given = data.draw(options_for(module.spec.options, files, module.spec.mutually_exclusive))
    server = data.draw(broken_server())
    before = copy.deepcopy(server)
    check = data.draw(st.booleans())
    fast.reset()
    done = run(module, given, server, check=check)
    if done.rejected:
        assert not server.sent
        return
    check_result(done, server)
    assert not (check and server.writes)
    assert not own_wrong_types(done, server, before)


@pytest.mark.parametrize("module", MODULES)
@prop(40, data=st.data())
def test_sound_servers(fast, files, module: Module, data):
    """Whatever is rejected is rejected before the first write, also for the last one of a list. Check mode writes
    nothing and predicts the result. A second run finds nothing to do."""
    given = data.draw(options_for(module.spec.options, files, module.spec.mutually_exclusive))
    server = data.draw(sound_server())
    before, foreseen_server = copy.deepcopy(server), copy.deepcopy(server)
    fast.reset()
    foreseen = run(module, given, foreseen_server, check=True)
    if foreseen.rejected:
        return
    check_result(foreseen, foreseen_server)
    assert not foreseen_server.writes
    fast.reset()
    done = run(module, given, server)
    check_result(done, server)
    if done.kind == "input" and not given.get("continue_on_error"):
        assert not server.writes
    assert not own_wrong_types(done, server, before)
    if done.kind is None and foreseen.kind is None:
        assert done.result.changed == foreseen.result.changed
        assert all_changes(done) == all_changes(foreseen)
    if done.kind is None and module.name.removeprefix("astera_") in CONVERGING and converges(done):
        fast.reset()
        again = run(module, given, server)
        assert not again.result.changed, again.output


def all_changes(run_: Run) -> list[Any]:
    """The changes of the task, and of each entry of a list."""
    return [one.get("changes") for one in (run_.output, *run_.output.get("results", []))]


def converges(done: Run) -> bool:
    """Whether a second run is to find nothing: not if a password is to be sent on every run."""
    return done.params.get("update_password") != "always"


#: Entries of the modules that take a list, which alone would be written.
GOOD = {
    "deployments": {"name": "new one", "archive_path": r"C:\Deployment\a.car"},
    "schedules": {"name": "new one", "file": r"C:\a.wf", "daily": {"at": "04:30"}},
    "jobs": {"path": r"C:\a.wf"},
}
LISTS = [
    pytest.param(module, name, id=name)
    for module in all_modules()
    for name, option in module.spec.options.items()
    if option.get("elements") == "dict" and option.get("required")
]


@pytest.mark.parametrize(("module", "name"), LISTS)
@prop(60, data=st.data())
def test_a_bad_last_entry_keeps_the_first_from_being_written(fast, files, module: Module, name, data):
    good = GOOD[name]
    alone = Server()
    fast.reset()
    assert run(module, {name: [good]}, alone).kind is None
    assert alone.writes
    bad = data.draw(options_for(module.spec.options[name]["options"], files))
    fast.reset()
    if run(module, {name: [bad]}, Server(), check=True).kind != "input":
        return
    server = Server()
    fast.reset()
    done = run(module, {name: [good, bad]}, server)
    check_result(done, server)
    assert done.kind == "input"
    assert not server.writes
