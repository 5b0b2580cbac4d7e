"""The JSON that the guide to the drift report prints is of the form that the schema describes."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import jsonschema
import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.any_core
def test_the_printed_report():
    (printed,) = re.findall(r"```json\n(.*?)```", (DOCS / "drift.md").read_text(), re.DOTALL)
    jsonschema.validate(json.loads(printed), json.loads((DOCS / "drift-report.schema.json").read_text()))


#: In the place of ansible-playbook: a report with the number of the night, and its status.
PLAYBOOK = """#!/bin/sh
echo "night $NIGHT"
[ "$STATUS" -eq 1 ] || echo "$NIGHT" >"$REPORTS/drift.json"
exit "$STATUS"
"""


@pytest.mark.any_core
def test_the_script_for_every_night(tmp_path):
    """It keeps each night, and says something only when something is wrong."""
    (script,) = re.findall(
        r"```sh\n(#!/bin/sh\n# nightly-drift.sh\n.*?)```", (DOCS / "drift.md").read_text(), re.DOTALL
    )
    reports, folder = tmp_path / "reports", tmp_path / "astera"
    folder.mkdir()
    (folder / "nightly-drift.sh").write_text(
        script.replace("/srv/reports/astera", str(reports)).replace("/srv/astera", str(folder))
    )
    (folder / "ansible-playbook").write_text(PLAYBOOK)
    (folder / "ansible-playbook").chmod(0o755)
    who = {f"GIT_{who}_{what}": "kim" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    own = {"PATH": f"{folder}:{os.environ['PATH']}", "HOME": str(tmp_path), "REPORTS": str(reports), **who}
    for night, status in enumerate((0, 2, 1)):
        done = subprocess.run(
            ["sh", str(folder / "nightly-drift.sh")],
            env={**os.environ, **own, "NIGHT": str(night), "STATUS": str(status)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout) == (status, f"night {night}\n" if status else "")
    log = ["git", "-C", str(reports), "log", "--format=%s"]
    kept = subprocess.run(log, text=True, check=True, stdout=subprocess.PIPE).stdout.splitlines()
    assert kept == ["Drift report, status 1", "Drift report, status 2", "Drift report, status 0"]


@pytest.mark.any_core
def test_awx_takes_the_playbook_of_the_project():
    text = (DOCS / "drift.md").read_text()
    assert "awx.md#files-that-must-outlive-the-job" in text
    assert "template with the playbook `astera.data_stack" not in text
