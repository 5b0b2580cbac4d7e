"""When a task runs in-process, and when it must be an ordinary module. Other tests compare their results."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

import pytest
from ansible import constants as C  # noqa: N812
from ansible import context
from ansible.parsing.dataloader import DataLoader
from ansible.playbook.play_context import PlayContext
from ansible.playbook.task import Task
from ansible.plugins.loader import action_loader, connection_loader
from ansible.template import Templar
from ansible.utils.display import Display

from ansible_collections.astera.data_stack.plugins import modules

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


@pytest.mark.parametrize("entry", [None, 1, [{"password": "canary"}]])
def test_an_entry_that_is_none_is_refused_in_both_ways(entry):
    plugin = action("astera_schedules", args={"schedules": [{"name": "A"}, entry]})
    result = plugin.run(task_vars={})
    assert result["failed"]
    assert result["error"]["kind"] == "input"
    assert "schedules[2] must be a dictionary" in result["msg"]
    assert "canary" not in str(result)


def test_a_text_may_speak_of_dates():
    server = {"server_url": "https://localhost:1", "token": "x", "retries": 0}
    result = action("astera_deployment", args={"name": "A", "comment": "uses datetime.date", **server}).run(
        task_vars={}
    )
    assert result["error"]["kind"] == "connection"


def test_relative_paths_are_those_of_the_playbook(tmp_path, monkeypatch):
    (tmp_path / "playbooks").mkdir()
    monkeypatch.chdir(tmp_path)
    server = {"server_url": "https://localhost:1", "token": "x", "retries": 0}
    plugin = action("astera_deployment", args={"name": "A", "archive": "a.car", **server})
    plugin._loader.set_basedir(str(tmp_path / "playbooks"))
    assert "file not found: 'a.car'" in plugin.run(task_vars={})["msg"]
    (tmp_path / "playbooks" / "a.car").write_bytes(b"x")
    assert "file not found" not in plugin.run(task_vars={})["msg"]
    assert Path.cwd() == tmp_path


def test_relative_paths_in_our_playbooks_begin_in_the_current_folder(emulator, tmp_path, monkeypatch):
    """Also that of the environment, which is how an execution environment gets it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("ASTERA_CA_PATH", "ca.pem")
    server = {"server_url": emulator.url, "username": "admin", "password": "Admin123", "retries": 0}
    plugin = action("astera_cluster_info", args=server)
    plugin._loader.set_basedir(str(Path(modules.__path__[0]).resolve().parents[1] / "playbooks"))
    assert f"file not found: '{tmp_path}/ca.pem'" in plugin.run(task_vars={})["msg"]
    shutil.copy(emulator.ca_path, tmp_path / "ca.pem")
    assert "cluster" in plugin.run(task_vars={})


@pytest.mark.parametrize("interpreter", ["/usr/bin/python3.99", "auto"])
def test_the_interpreter_of_the_configuration(monkeypatch, interpreter):
    real = C.config.get_config_value
    monkeypatch.setattr(
        C.config,
        "get_config_value",
        lambda name, *args, **how: interpreter if name == "INTERPRETER_PYTHON" else real(name, *args, **how),
    )
    assert action()._may_run_here({}) is (interpreter == "auto")


@pytest.mark.parametrize(
    ("variables", "keywords", "callback", "arguments"),
    [
        ({"astera_progress": "no"}, {}, "default", {}),
        ({}, {"no_log": True}, "default", {}),
        ({}, {}, "ansible.posix.json", {}),
        ({}, {}, "default", {"module_name": "astera_job"}),
    ],
)
def test_who_sees_no_progress(monkeypatch, shown, variables, keywords, callback, arguments):
    action()._show_progress("a", {}, set())
    monkeypatch.setattr(C, "DEFAULT_STDOUT_CALLBACK", callback)
    monkeypatch.setattr(context, "CLIARGS", arguments)
    action(**keywords)._show_progress("b", variables, set())
    assert shown == ["progress: [localhost] a"]


def test_progress_shows_no_secret(shown):
    action()._show_progress("uploading /srv/canary/{braces}.car", {"inventory_hostname": "etl01"}, {"canary"})
    assert shown == ["progress: [etl01] uploading /srv/********/{braces}.car"]


@pytest.fixture
def shown(monkeypatch):
    """The lines that the display was given."""
    lines = []
    monkeypatch.setattr(Display, "display", lambda _display, text, **_how: lines.append(text))
    return lines
