"""The compatibility report as a user runs it: the playbook, the report, and the command of the project."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.astera.data_stack.tests.scenarios.conftest import CANARIES

ROOT = Path(__file__).resolve().parents[2]
BOOK = "astera.data_stack.compatibility_report"


@pytest.fixture
def filled(emulator):
    """A server with values that must not be shown."""
    emulator.settings.config_password = "plain"
    emulator.put("config", {"serverDbInfo": {"server": "canary-sql", "password": CANARIES["repository"]}})
    emulator.put("cluster", {"name": "canary | `cluster`", "mailSetup": {"host": "canary.example.com"}})
    emulator.put(
        "deployment", {"name": "canary", "comment": "<b>canary</b>", "clusterArchiveFilePath": r"C:\canary.car"}
    )
    emulator.put("schedule", {"name": "canary", "deploymentId": 1, "isFile": False})
    return emulator


def test_the_report(filled, play, tmp_path):
    folder = tmp_path / "a folder"
    folder.mkdir(mode=0o700)
    hosts = ("etl", "etl two/\u00fc")
    result = play(BOOK, "-vvv", variables={"astera_compatibility_report_dir": str(folder)}, hosts=hosts)
    assert result.ok, result.output
    assert "[WARNING]" not in result.output.replace("[WARNING]: Platform", "")
    assert sorted(path.name for path in folder.iterdir()) == ["etl.json", "etl.md", "etl_two__.json", "etl_two__.md"]
    assert folder.stat().st_mode & 0o777 == 0o700, "an existing folder keeps its mode"
    report = json.loads((folder / "etl.json").read_text())
    page = (folder / "etl.md").read_text()
    for one in report["assumptions"]:
        assert f"| {one['key']} | {one['section']} | {one['mark']} |" in page
    assert report["summary"]["confirmed"] > 5
    assert "| **differs** |" in page
    assert not [line for line in page.splitlines() if line.startswith("|") and not line.endswith("|")]
    assert filled.writes == []
    for text in (page, json.dumps(report)):
        assert "canary" not in text.lower()
        assert "localhost" not in text
    for secret in CANARIES.values():
        assert secret not in result.output
    tasks = result.output.partition("Read the server")[2]
    assert "assumptions are confirmed" in tasks
    assert "canary-sql" not in tasks
    assert "canary.example.com" not in tasks


def test_check_mode_and_a_server_without_an_inventory(filled, play, tmp_path):
    """By the environment alone; the report is written in check mode too."""
    environment = {
        "ASTERA_SERVER_URL": filled.url,
        "ASTERA_USERNAME": "admin",
        "ASTERA_PASSWORD": CANARIES["password"],
        "ASTERA_CA_PATH": str(filled.ca_path),
        # It need not be the folder where the process starts.
        "PWD": str(tmp_path),
    }
    result = play(BOOK, "--check", env=environment, hosts=())
    assert result.ok, result.output
    assert sorted(path.name for path in (tmp_path / "project" / "compatibility-report").iterdir()) == [
        "localhost.json",
        "localhost.md",
    ]
    assert filled.writes == []


def test_an_inventory_counts_more_than_the_environment(filled, play, tmp_path):
    """The server of the environment is not read when there is a group astera. An empty interpreter is none."""
    variables = {"astera_compatibility_report_dir": str(tmp_path / "reports"), "astera_python_interpreter": ""}
    result = play(BOOK, variables=variables, env={"ASTERA_SERVER_URL": "https://elsewhere.example.com:9261"})
    assert result.ok, result.output
    assert sorted(path.name for path in (tmp_path / "reports").iterdir()) == ["etl.json", "etl.md"]
    assert filled.writes == []


def test_a_choice_that_matches_nothing(play):
    result = play(BOOK, "-e", "astera_hosts=nowhere")
    assert not result.ok
    assert "No host of the inventory matches nowhere" in re.sub(r"\s+", " ", result.output)


def test_a_wrong_password_fails_and_leaves_no_report(filled, play, tmp_path):
    variables = {"astera_compatibility_report_dir": str(tmp_path / "reports"), "astera_password": "canary-wrong"}
    result = play(BOOK, variables=variables)
    assert not result.ok
    assert "Check username and password" in re.sub(r"\s+", " ", result.output)
    assert not (tmp_path / "reports").exists()
    assert len(filled.requests) == 1


@pytest.mark.parametrize("real", [False, True])
def test_the_command(filled, tmp_path, real):
    """Reads the server that the environment names; without one it reads an emulated one, and shows that."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("ASTERA_")}
    if real:
        own.update(
            ASTERA_SERVER_URL=filled.url,
            ASTERA_USERNAME="admin",
            ASTERA_PASSWORD=CANARIES["password"],
            ASTERA_CA_PATH=str(filled.ca_path),
        )
    command = [sys.executable, str(ROOT / "tests/tools/compatibility_report"), str(tmp_path / "out there")]
    done = subprocess.run(command, env=own, text=True, capture_output=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert ("The report is not about a real one" in done.stdout) is not real
    assert (", 0 of them writes" in done.stdout) is not real
    assert bool(filled.requests) is real
    assert filled.writes == []
    assert json.loads((tmp_path / "out there" / "localhost.json").read_text())["assumptions"]
