"""Every example in the documentation runs as it is printed."""

from __future__ import annotations

import importlib
import shutil
from pathlib import Path

import pytest
import yaml

from ansible_collections.astera.data_stack.plugins import modules

MODULES = sorted(file.stem for folder in modules.__path__ for file in Path(folder).glob("astera_*.py"))
PREFIX = "ansible_collections.astera.data_stack.plugins.modules."
SECRETS = {
    "repository_password": "initial-secret",
    "license_key": "EXAMPLE-KEY",
    "vault_ftp_password": "canary-ftp",
    "vault_mail_pin": "canary-pin",
}


def test_there_are_examples_to_run():
    assert len(MODULES) >= 12


@pytest.mark.slow
@pytest.mark.in_matrix
@pytest.mark.parametrize("module", MODULES)
def test_examples_of_a_module(emulator, play, tasks, tmp_path, module):
    text = importlib.import_module(PREFIX + module).EXAMPLES
    project = tmp_path / "project"
    shutil.copy(_file(tmp_path, "orders.car"), project)
    shutil.copy(_file(tmp_path, "orders.prod.cfg"), project)
    if "schedule" in module:
        emulator.put("deployment", {"name": "Orders", "clusterArchiveFilePath": r"C:\Deployment\a.car"})
    result = play(tasks(*yaml.safe_load(text)), variables=SECRETS)
    assert result.ok, result.output
    assert "[WARNING]" not in result.output.replace("[WARNING]: Platform", ""), result.output


def _file(folder, name):
    path = folder / name
    path.write_text(f"content of {name}\n")
    return path
