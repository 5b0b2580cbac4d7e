"""The event source under a real ansible-rulebook."""

from __future__ import annotations

import json
import stat
import uuid

import pytest
import yaml

from running import run_module

from .conftest import FLOW, PASSWORD
from .rulebook import PATIENCE, watching

#: Names that would run a command on the controller, by templates and by what ansible-rulebook reads as Python.
HOSTILE = (
    "{{{{ lookup('ansible.builtin.pipe', 'touch {0}') }}}}",
    "#jinja2:variable_start_string:'[[',variable_end_string:']]'\n[[ lookup('ansible.builtin.pipe', 'touch {0}') ]]",
    r"'\x7b\x7b lookup(\'ansible.builtin.pipe\', \'touch {0}\') }}}}'",
    "'{{' '{{ lookup(\"ansible.builtin.pipe\", \"touch {0}\") }}}}'",
)
USING_THE_EVENT = [
    {
        "name": "Use an event",
        "hosts": "all",
        "gather_facts": False,
        "tasks": [
            {
                "ansible.builtin.set_fact": {
                    "shown": "{{ ansible_eda.event.astera.object.name }} / {{ name_of_object }}"
                }
            },
            {
                "ansible.builtin.copy": {
                    "content": "{{ shown }} / {{ ansible_eda.event.astera.object.name }}\n",
                    "dest": "{{ folder }}/used-{{ ansible_eda.event.astera.object.id }}",
                    "mode": "0600",
                }
            },
        ],
    }
]


def test_a_name_on_the_server_is_no_code_on_the_controller(launch, emulator, tmp_path):
    canary = tmp_path / "canary"
    playbook = tmp_path / "playbook" / "use.yml"
    playbook.parent.mkdir()
    playbook.write_text(yaml.safe_dump(USING_THE_EVENT, sort_keys=False))
    rule = {
        "name": "Use",
        "condition": 'event.astera.event == "object_added"',
        "action": {
            "run_playbook": {
                "name": str(playbook),
                "extra_vars": {"name_of_object": "{{ event.astera.object.name }}", "folder": str(tmp_path)},
            }
        },
    }
    rulebook = launch(watching(rule, watch=["deployments"]))
    rulebook.until_event("watching")
    for number, name in enumerate(HOSTILE, 1):
        emulator.put("deployment", {"name": name.format(f"{canary}-{number}")})
        used = tmp_path / f"used-{number}"
        rulebook.until(used.exists, f"playbook {number}")
        rulebook.until(used.read_text, f"playbook {number}")
    assert [path.name for path in tmp_path.glob("canary*")] == []
    assert used.read_text().count("lookup(") == 3, "the name itself arrives"
    assert "canary" in used.read_text()
    assert rulebook.end() == 0


def do(emulator, module, **options):
    """Run a module on the server, as somebody else."""
    account = {"server_url": emulator.url, "ca_path": emulator.ca_path, "username": "admin", "password": PASSWORD}
    result = run_module(module, {**account, **options})
    assert not result.failed, result
    return result


def test_a_life(launch, emulator):
    """What a server does, what is reported of it, and what the log shows."""
    emulator.put("cluster", {"pauseAllServers": True})
    given = do(emulator, "astera_job", path=FLOW, wait=False).job["id"]
    token = do(emulator, "astera_login").token
    writes = len(emulator.writes)
    options = {"host": "etl", "job_ids": [given], "jobs_after": given, "down_after": 2}
    rulebook = launch(watching(**options), "-vv", env={"ASTERA_TOKEN": token})
    watched = rulebook.until_event("watching")
    assert watched["objects"] == {"deployments": 0, "schedules": 0, "cluster": 1, "server_config": 1}

    number = emulator.put("schedule", {"name": "Nightly", "isActive": True})["id"]
    added = rulebook.until_event("object_added")["object"]
    assert (added["kind"], added["id"], added["name"], added["active"]) == ("schedule", number, "Nightly", True)
    emulator.put("schedule", {"id": number, "isActive": False})
    changed = rulebook.until_event("object_changed")
    assert changed["changes"] == [{"path": "active", "action": "change", "before": True, "after": False}]
    emulator.remove("schedule", number)
    assert rulebook.until_event("object_removed")["object"]["name"] == "Nightly"
    emulator.put("cluster", {"pauseAllServers": False})
    assert rulebook.until_event("object_changed", 2)["object"]["kind"] == "cluster"
    rulebook.until_event("job_ended")

    emulator.stop()
    assert rulebook.until_event("server_down")["error"]["kind"] == "connection"
    emulator.start()
    assert rulebook.until_event("server_up")["seconds"] >= 1
    emulator.add_fault(path="/api/Deployments", action="expire_token", nth=1)
    emulator.settings.latency = 0.2
    emulator.settings.unknown_polls = 2
    emulator.settings.unknown_job = "404"
    later = do(emulator, "astera_job", path=FLOW, wait=False).job["id"]
    rulebook.until_event("job_ended", 2)
    jobs = {event["job"]["id"]: event["job"] for event in rulebook.named("job_ended")}
    assert set(jobs) == {given, later}
    assert jobs[given]["inferred"] is False
    assert jobs[later] == {"id": later, "status": "Completed", "succeeded": True, "inferred": True}
    emulator.settings.forbidden = "GET /api/Schedules"
    assert rulebook.until_event("not_readable")["not_readable"] == ["schedules"]
    emulator.settings.forbidden = ""
    assert rulebook.until_event("not_readable", 2)["not_readable"] == []

    assert rulebook.end() == 0
    assert len(rulebook.named("server_down")) == len(rulebook.named("watching")) == 1
    assert {event["meta"]["hosts"] for event in rulebook.events} == {"etl"}
    assert len({uuid.UUID(event["meta"]["uuid"]) for event in rulebook.events}) == len(rulebook.events)
    assert len(emulator.writes) == writes + 1, "only the job was started"
    assert "Posting data to ruleset" in rulebook.output, "the log is as long as -vv makes it"
    assert PASSWORD not in rulebook.output
    assert token not in rulebook.output


def test_a_restart_loses_nothing(launch, emulator, tmp_path):
    state = tmp_path / "state.json"
    options = {"state_file": str(state), "watch": ["deployments"], "jobs_after": 0}
    emulator.put("deployment", {"name": "Orders"})
    first = launch(watching(**options))
    assert first.until_event("watching")["resumed"] is False
    first.until(lambda: json.loads(state.read_text())["objects"], "the state")
    assert stat.S_IMODE(state.stat().st_mode) == 0o600
    first.kill()
    emulator.put("deployment", {"id": 1, "comment": "changed while nobody watched"})
    job = do(emulator, "astera_job", path=FLOW, wait_interval=0.1).job["id"]
    second = launch(watching(**options))
    assert second.until_event("watching")["resumed"] is True
    changed = second.until_event("object_changed")
    assert (changed["object"]["name"], changed["changes"]) == ("Orders", None)
    assert second.until_event("job_ended")["job"]["id"] == job
    assert second.end() == 0
    ids = [event["meta"]["uuid"] for event in (*first.events, *second.events)]
    assert len(set(ids)) == len(ids) == 4


def test_a_crash_before_the_file_is_written(launch, emulator, tmp_path):
    """The event is repeated under the same id, which an engine with persistence drops."""
    state = tmp_path / "state.json"
    rulebook = watching(state_file=str(state), watch=["deployments"], feedback=True)
    persistence = {"variables": {"drools_db_file_path": str(tmp_path / "events")}}
    arguments = ("--persistence-id", "5a6f2c1e-5d1c-4f0f-9d0a-0a4c8e2b7c11")
    first = launch(rulebook, *arguments, **persistence)
    first.until(lambda: state.exists() and json.loads(state.read_text())["generation"] == 1, "the state")
    before = state.read_text()
    emulator.put("deployment", {"name": "Orders"})
    first.until_event("object_added")
    first.until(lambda: json.loads(state.read_text())["generation"] == 2, "the state")
    assert first.end() == 0
    state.write_text(before)
    second = launch(rulebook, *arguments, **persistence)
    second.until(lambda: json.loads(state.read_text())["generation"] == 2, "the state")
    emulator.put("deployment", {"name": "Invoices"})
    assert second.until_event("object_added")["object"]["name"] == "Invoices"
    assert second.end() == 0


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"interval": "often"}, "interval"),
        ({"intervall": 5, "password": "canary-literal-7"}, "intervall"),
    ],
)
def test_arguments_that_can_never_work_end_it(launch, options, words):
    rulebook = launch(watching(**options))
    assert rulebook.process.wait(PATIENCE) == 1
    (line,) = [line for line in rulebook.output.splitlines() if "Source plugin failed with error message" in line]
    assert words in line
    assert "canary" not in rulebook.output
