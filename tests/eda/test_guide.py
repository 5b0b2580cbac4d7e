"""The guide: its files are saved as printed, its command runs, and a notification arrives."""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import yaml

import pages

from .conftest import PASSWORD
from .rulebook import ROOT, Rulebook

PAGE = pages.blocks((ROOT / "docs" / "eda.md").read_text())
HOOK = "https://chat.example.com/hook"


@pytest.fixture
def hook():
    """A chat: its address and the texts that it gets."""
    texts = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            texts.append(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["text"])
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_arguments):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/hook", texts
        server.shutdown()
        thread.join()


@pytest.fixture
def folder(tmp_path: Path, hook) -> Path:
    """The files of the page. Its folder is another one here, and so is the address of the chat."""
    for block in PAGE:
        name = re.match(r"# (\S+\.yml)\n", block.text)
        if block.language == "yaml" and name and not block.reason_not_to_run:
            path = tmp_path / name[1]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text.replace("/srv/astera", str(tmp_path)).replace(HOOK, hook[0]))
    # What the emulator on this machine needs, and a shorter wait.
    (tmp_path / "inventory" / "host_vars").mkdir()
    (tmp_path / "inventory" / "host_vars" / "etl01.yml").write_text("ansible_connection: local\n")
    watch = tmp_path / "watch.yml"
    watch.write_text(watch.read_text().replace("interval: 30", "interval: 1"))
    return tmp_path


@pytest.fixture
def account(emulator, environment):
    return {
        **environment,
        "ASTERA_SERVER_URL": emulator.url,
        "ASTERA_CA_PATH": str(emulator.ca_path),
        "ASTERA_USERNAME": "admin",
        "ASTERA_PASSWORD": PASSWORD,
    }


def test_the_command_of_the_guide(emulator, account, folder, hook):
    (command,) = [block.text for block in PAGE if block.language == "sh" and not block.reason_not_to_run]
    assert command == "ansible-rulebook -r astera.data_stack.watch -i inventory/ -e watch.yml\n"
    rulebook = Rulebook(command.split(), folder / "output", env=account, cwd=folder)
    try:
        report = folder / "drift" / "drift.json"
        rulebook.until(report.exists, "the report, after a minute")
        rulebook.until(lambda: "PLAY RECAP" in rulebook.output, "its end")
        assert json.loads(report.read_text())["summary"]["drift"] == 1
        emulator.stop()
        rulebook.until(lambda: hook[1], "the notification")
        emulator.start()
        rulebook.until(lambda: len(hook[1]) == 2, "the second notification")
        assert rulebook.end() == 0
    finally:
        rulebook.kill()
    down, up = hook[1]
    assert down.startswith(f"{emulator.url}: server_down no connection to {emulator.url}")
    assert up == f"{emulator.url}: server_up "


def test_the_rules_of_the_guide(emulator, account, folder):
    """A schedule that somebody has switched off is active again, and that ends it."""
    (schedule,) = [emulator.put("schedule", {"name": "Nightly", "isActive": True})]
    variables = yaml.safe_load((folder / "inventory" / "group_vars" / "astera.yml").read_text())
    daily = {"start_time": "2026-12-01T04:30:00+01:00"}
    variables["astera_schedules"] = [{"name": "Nightly", "file": r"C:\Flows\load_orders.wf", "daily": daily}]
    (folder / "inventory" / "group_vars" / "astera.yml").write_text(yaml.safe_dump(variables))
    own = folder / "own.yml"
    own.write_text(own.read_text().replace("host: etl01", "host: etl01\n        interval: 1"))
    command = ["ansible-rulebook", "-r", "own.yml", "-i", "inventory/", "--print-events"]
    rulebook = Rulebook(command, folder / "output", env=account, cwd=folder)
    try:
        rulebook.until(lambda: "'watching'" in rulebook.output, "the first poll")
        emulator.put("schedule", {"id": schedule["id"], "isActive": False})
        rulebook.until(lambda: "PLAY RECAP" in rulebook.output, "the bootstrap")
        assert emulator.state()["schedules"][0]["isActive"] is True
        changed = "'object_changed'"
        rulebook.until(lambda: rulebook.output.count(changed) >= 2, "the event of the bootstrap itself")
        assert rulebook.end() == 0
    finally:
        rulebook.kill()
    assert rulebook.output.count("PLAY RECAP") == 1
