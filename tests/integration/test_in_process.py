"""When a task runs in the worker, and when it must be an ordinary module. That both answer alike, the others show."""

from __future__ import annotations

import datetime
import os
import shutil
import sys
from pathlib import Path

import pytest
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.plugins.loader import action_loader, connection_loader
from ansible.template import Templar

from ansible_collections.astera.data_stack.plugins import modules
from ansible_collections.astera.data_stack.plugins.plugin_utils._in_process import plain

MODULES = sorted(file.stem for folder in modules.__path__ for file in Path(folder).glob("astera_*.py"))


def action(name="astera_cluster_info", connection="ansible.builtin.local", **keywords):
    loader = DataLoader()
    task = Task.load({"action": f"astera.data_stack.{name}"})
    task.environment = []
    for keyword, value in keywords.items():
        setattr(task, keyword, value)
    context = PlayContext()
    return action_loader.get(
        f"astera.data_stack.{name}",
        task=task,
        connection=connection_loader.get(connection, context, os.devnull),
        play_context=context,
        loader=loader,
        templar=Templar(loader=loader),
        shared_loader_obj=None,
    )


@pytest.mark.parametrize("module", MODULES)
def test_every_module_has_its_action(module):
    assert action(module)._may_run_here({})


def test_what_needs_an_ordinary_module():
    assert not action(async_val=30)._may_run_here({})
    assert not action(environment=[{"ASTERA_TOKEN": "x"}])._may_run_here({})
    assert not action(connection="ansible.builtin.ssh")._may_run_here({})
    become = action()
    become._play_context.become = True
    assert not become._may_run_here({})


@pytest.mark.parametrize("switch", [False, "false", "no", "{{ false }}"])
def test_it_can_be_switched_off(switch):
    assert not action()._may_run_here({"astera_in_process": switch})


def test_interpreters(tmp_path):
    other = tmp_path / "python3"
    shutil.copy("/bin/sh", other)
    for interpreter in (None, "auto", "auto_silent", sys.executable):
        assert action()._may_run_here({"ansible_python_interpreter": interpreter})
    for interpreter in (str(other), "/nowhere/python3"):
        assert not action()._may_run_here({"ansible_python_interpreter": interpreter})


def test_the_interpreter_is_that_of_the_delegate():
    delegated = {"ansible_delegated_vars": {"jump": {"ansible_python_interpreter": "/opt/python/bin/python3"}}}
    assert not action(delegate_to="jump")._may_run_here({"ansible_python_interpreter": sys.executable, **delegated})
    assert action(delegate_to="jump")._may_run_here({"ansible_python_interpreter": "/opt/python/bin/python3"})


def test_options_lose_their_own_types():
    class Text(str):
        __slots__ = ()

    given = {Text("a"): [Text("b"), 1, 2.5, True, None, (3,)], "d": datetime.date(2026, 12, 1)}
    assert plain(given) == {"a": ["b", 1, 2.5, True, None, [3]], "d": "2026-12-01"}
    assert not isinstance(plain(Text("b")), Text)
