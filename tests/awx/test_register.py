"""The playbook that registers everything, run with the modules of awx.awx against the stand-in of the controller."""

from __future__ import annotations

import json
import os
import re
import subprocess

import pytest

from awx.controller import Controller
from awx.stock import contents, stock

EXTRAS = {
    "astera_awx_webhook_url": "https://chat.example.com/hook",
    "astera_awx_execution_environment": "Astera",
    "astera_awx_image": "registry.example.com/astera:1",
    "astera_awx_drift_rrule": "DTSTART:20260101T030000Z RRULE:FREQ=DAILY;INTERVAL=1",
}
ALL = ("-e", json.dumps(EXTRAS))


def changed(run):
    return sum(int(number) for number in re.findall(r"\bchanged=(\d+)", run.stdout))


@pytest.mark.slow
@pytest.mark.any_core
def test_twice_and_in_check_mode(controller, register):
    first = register(*ALL)
    assert first.returncode == 0, first.stdout
    assert "[WARNING]" not in first.stdout + first.stderr
    assert [request for request in controller.api.requests if request[2] >= 400] == []
    made = contents(controller.api.store)
    writes = len(controller.writes)

    again = register(*ALL)
    assert again.returncode == 0, again.stdout
    assert changed(again) == 0, again.stdout

    rehearsal = register(*ALL, "--check", "-e", "astera_awx_playbooks=playbooks/")
    assert rehearsal.returncode == 0, rehearsal.stdout
    assert changed(rehearsal) == 1  # the one task for all job templates
    assert len(controller.writes) == writes
    assert contents(controller.api.store) == made
    assert controller.token not in first.stdout + again.stdout + rehearsal.stdout

    with Controller() as other:
        other.prepare([f"{name}.yml" for name in ("bootstrap", "deploy", "run_job", "export", "drift_report")])
        stock(other)
        plain = contents(other.api.store)
    # What is asked for in EXTRAS comes on top, and a reference to it.
    for name, fields in plain["objects"].items():
        if name.startswith("job_templates"):
            fields["execution_environment"] = "Astera"
        assert made["objects"].pop(name) == fields
    assert sorted(made["objects"]) == [
        "execution_environments Astera",
        "notification_templates Astera webhook",
        "schedules Astera drift",
    ]
    assert made["surveys"] == plain["surveys"]
    notified = {name: to for name, to in made["links"].items() if "notification" in name}
    assert {name: to for name, to in made["links"].items() if name not in notified} == plain["links"]
    assert len(notified) == 7
    assert set(map(tuple, notified.values())) == {("Astera webhook",)}


@pytest.mark.slow
@pytest.mark.any_core
def test_a_change_by_hand_is_taken_back(controller, register):
    stock(controller)
    store = controller.api.store
    number = controller.named("job_templates", "Astera deploy")["id"]
    store.objects["job_templates"][number]["playbook"] = "other.yml"
    survey = store.surveys[controller.named("job_templates", "Astera run job")["id"]]
    survey["spec"] = survey["spec"][1:]
    run = register()
    assert run.returncode == 0, run.stdout
    assert re.findall(r"changed: \[localhost\] => \(item=(.*)\)", run.stdout) == ["Astera deploy", "Astera run job"]
    assert changed(run) == 1
    assert store.objects["job_templates"][number]["playbook"] == "deploy.yml"


@pytest.mark.slow
@pytest.mark.any_core
def test_what_must_exist_is_named(controller, register):
    run = register("-e", "astera_awx_project=Nowhere")
    assert run.returncode != 0
    assert "The project Nowhere in organization Default was not found" in run.stdout


@pytest.mark.any_core
def test_without_awx_awx(controller):
    """Nothing asks for it before its turn comes, and then the error names it."""
    command = ["ansible-playbook", "astera.data_stack.awx_register"]
    environment = {**os.environ, **controller.environment}
    checked = subprocess.run([*command, "--syntax-check"], env=environment, text=True, capture_output=True, check=False)
    assert checked.returncode == 0, checked.stderr
    run = subprocess.run(command, env=environment, text=True, capture_output=True, check=False)
    assert run.returncode != 0
    assert "couldn't resolve module/action 'awx.awx.credential_type'" in run.stdout + run.stderr
    assert controller.api.requests == []
