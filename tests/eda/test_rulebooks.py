"""The rulebooks of the collection."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from . import controller
from .conftest import PASSWORD
from .rulebook import ROOT, shipped


@pytest.fixture
def notify(tmp_path: Path) -> Path:
    """A playbook of a user, which writes down what has happened."""
    writing = {
        "path": str(tmp_path / "notified"),
        # Before ansible-core 2.19, a text that is only JSON would become data again.
        "line": "EVENT {{ ansible_eda.event.astera | ansible.builtin.to_json }}",
        "create": True,
        "mode": "0600",
    }
    # ansible-rulebook limits it to all hosts of the inventory, to which localhost does not belong.
    task = {"ansible.builtin.lineinfile": writing, "delegate_to": "localhost", "run_once": True}
    playbook = [{"hosts": "all", "gather_facts": False, "tasks": [task]}]
    path = tmp_path / "notify" / "notify.yml"
    path.parent.mkdir()
    path.write_text(yaml.safe_dump(playbook, sort_keys=False))
    return path


def notified(folder: Path) -> list[dict]:
    path = folder / "notified"
    return [json.loads(line[6:]) for line in path.read_text().splitlines()] if path.exists() else []


def report_of(folder: Path) -> dict | None:
    path = folder / "drift" / "drift.json"
    try:
        return json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return None


def test_drift_reports(launch, emulator, tmp_path):
    variables = {"astera_watch": {"interval": 1}, "astera_watch_report_dir": str(tmp_path / "drift")}
    rulebook = launch(shipped("watch.yml"), "--print-events", variables=variables)
    first = rulebook.until(lambda: report_of(tmp_path), "the report of the start")
    assert (first["summary"]["drift"], first["summary"]["differences"]) == (1, 1)
    emulator.put("cluster", {"purgeJobInfoAfter": 30})
    rulebook.until(lambda: (report_of(tmp_path) or first)["summary"]["in_sync"], "the report of the change")
    rulebook.until(lambda: rulebook.output.count("PLAY RECAP") == 2, "its end")
    for number in range(8):
        emulator.put("schedule", {"name": f"Schedule {number}"})
    rulebook.until(lambda: rulebook.output.count("'object_added'") == 8, "a burst of events")
    rulebook.until(lambda: rulebook.output.count("PLAY RECAP") > 2, "the report of the burst")
    # Two where a poll fell into the burst.
    assert rulebook.output.count("PLAY RECAP") <= 4
    assert rulebook.end() == 0
    assert emulator.writes == []


def test_a_denied_login_is_one_login_and_no_end(launch, emulator, notify, tmp_path):
    variables = {"astera_watch": {"interval": 1, "down_after": 1}, "astera_watch_notify": str(notify)}
    wrong = {"ASTERA_PASSWORD": "canary-wrong-7"}
    rulebook = launch("astera.data_stack.watch", "-vv", variables=variables, env=wrong)
    rulebook.until(lambda: notified(tmp_path), "the notification")
    emulator.stop()
    rulebook.until(lambda: len(notified(tmp_path)) == 2, "the second notification")
    emulator.start()
    rulebook.until(lambda: len(notified(tmp_path)) == 3, "the third notification")
    probes = len(emulator.requests)
    rulebook.until(lambda: len(emulator.requests) > probes + 2, "more polls")
    assert [event["event"] for event in notified(tmp_path)] == ["login_refused", "server_down", "server_up"]
    assert notified(tmp_path)[0]["error"]["kind"] == "auth"
    assert len([request for request in emulator.requests if request.path == "/api/account/login"]) == 1
    assert rulebook.end() == 0
    assert "canary-wrong-7" not in rulebook.output
    assert PASSWORD not in rulebook.output


def test_job_templates(launch, emulator):
    survey = yaml.safe_load((ROOT / "extensions" / "awx" / "vars" / "drift_report.yml").read_text())
    template = survey["astera_awx_drift_report"]
    variables = {
        "astera_watch": {"interval": 1, "down_after": 1},
        "astera_watch_host": "etl",
        "astera_watch_report_dir": "/var/lib/astera/drift",
        "astera_watch_notify_template": "My notification",
    }
    with controller.running(template["name"], "My notification") as awx:
        access = ["--controller-url", awx.url, "--controller-token", controller.TOKEN]
        rulebook = launch(shipped("watch_awx.yml"), "--print-events", "-v", *access, variables=variables)
        rulebook.until(lambda: len(awx.launched) == 1, "the report of the start")
        emulator.put("deployment", {"name": "{{ lookup('pipe', 'id') }}"})
        rulebook.until(lambda: len(awx.launched) == 2, "the report of the change")
        emulator.stop()
        rulebook.until(lambda: len(awx.launched) == 3, "the notification")
        emulator.start()
        assert rulebook.end() == 0
    assert [name for name, _body in awx.launched] == [template["name"], template["name"], "My notification"]
    given = {"astera_hosts": "etl", "astera_drift_report_dir": "/var/lib/astera/drift"}
    assert [body["extra_vars"] for _name, body in awx.launched[:2]] == [given, given]
    questions = {one["variable"]: one for one in template["survey_spec"]["spec"]}
    assert set(given) <= set(questions)
    assert [name for name, one in questions.items() if one["required"] and "default" not in one] == []
    assert awx.launched[2][1]["extra_vars"]["ansible_eda"]["event"]["astera"]["event"] == "server_down"
