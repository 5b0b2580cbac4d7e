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


def test_the_playbook_of_the_readme(emulator, play, tmp_path):
    """The first YAML block of the README is a whole playbook; it runs as it is, but for the address of the server."""
    readme = Path(__file__).resolve().parents[2] / "README.md"
    book = yaml.safe_load(readme.read_text().split("```yaml\n", 1)[1].split("```", 1)[0])
    project = tmp_path / "project"
    shutil.copy(_file(tmp_path, "orders.car"), project)
    shutil.copy(_file(tmp_path, "orders.prod.cfg"), project)
    variables = {
        "vault_astera_password": "canary-password-7",
        "vault_repository_password": "initial-secret",
        "vault_license_key": "README-KEY",
    }
    arguments = ["-e", f"astera_server_url={emulator.url}", "-e", f"astera_ca_path={emulator.ca_path}"]
    for name, value in variables.items():
        arguments += ["-e", f"{name}={value}"]
    first = play(book, *arguments)
    assert first.ok, first.output
    assert [job["status"] for job in emulator.state()["jobs"]] == ["Completed"]
    second = play(book, *arguments)
    assert second.count("changed") == 0, second.output
