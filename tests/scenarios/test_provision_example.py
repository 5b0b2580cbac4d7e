"""The hand-over in examples/provision: its commands are run as they stand there, with stand-ins for Windows."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import hcl2
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
STAND_INS = ROOT / "tests" / "stand_ins"
EXAMPLE = ROOT / "examples" / "provision"
USER_DATA = EXAMPLE / "jump-host.cloud-config.yml"
SECRETS = ("EXAMPLE-KEY", "Admin123")


@pytest.fixture
def project(emulator, prepared, tmp_path):
    """The example with an installer, and with an inventory of its own beside it that names the emulator."""
    prepared(emulator, password="Admin123")
    folder = tmp_path / "provision"
    shutil.copytree(EXAMPLE, folder)
    (folder / "files").mkdir()
    (folder / "files" / "IntegrationServer.exe").write_text(json.dumps({"service": "ExampleServiceName"}))
    (tmp_path / "machine.json").write_text("{}")
    own = {
        "ansible_connection": "vm",
        "ansible_shell_type": "sh",
        "ansible_python_interpreter": sys.executable,
        "astera_server_url": emulator.url,
    }
    (tmp_path / "emulated.yml").write_text(yaml.safe_dump({"all": {"hosts": {"etl-new": own}}}))
    only_url = {"astera_server_url": emulator.url}
    (tmp_path / "address.yml").write_text(yaml.safe_dump({"all": {"hosts": {"etl-new": only_url}}}))
    return folder


@pytest.fixture
def hand_over(project, emulator, tmp_path):
    """Run a command of the example in its folder."""

    def runner(command, inventory="emulated.yml", **environment):
        words = [*shlex.split(command), "-i", str(tmp_path / inventory)]
        checksum = hashlib.sha256((project / "files" / "IntegrationServer.exe").read_bytes()).hexdigest()
        env = {
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": f"{os.environ['ANSIBLE_COLLECTIONS_PATH']}:{STAND_INS}",
            "ANSIBLE_CONNECTION_PLUGINS": str(STAND_INS / "connection"),
            "ASTERA_STAND_IN": str(tmp_path / "machine.json"),
            "ASTERA_CA_PATH": emulator.ca_path,
            "ETL_ADDRESS": "192.0.2.7",
            "ETL_INSTALLER_SHA256": checksum,
            **environment,
        }
        return subprocess.run(words, cwd=project, env=env, text=True, capture_output=True, check=False, timeout=300)

    return runner


def local_exec() -> dict:
    """The provisioner of the plan."""
    plan = hcl2.loads((EXAMPLE / "terraform" / "main.tf").read_text())
    (server,) = [r['"terraform_data"']['"server"'] for r in plan["resource"] if '"server"' in r['"terraform_data"']]
    return server["provisioner"][0]['"local-exec"']


def units() -> dict[str, str]:
    """The files that cloud-init writes on the jump host."""
    return {file["path"]: file["content"] for file in yaml.safe_load(USER_DATA.read_text())["write_files"]}


@pytest.mark.own_command
def test_what_terraform_runs(emulator, project, hand_over, tmp_path):
    provisioner = local_exec()
    assert provisioner["working_dir"].strip('"') == "${path.module}/.."
    assert set(provisioner["environment"]) == {"ETL_ADDRESS", "ETL_INSTALLER_SHA256", "ANSIBLE_VAULT_PASSWORD_FILE"}
    done = hand_over(provisioner["command"].strip('"'), ANSIBLE_VAULT_PASSWORD_FILE="vault-password")
    assert done.returncode == 0, done.stdout + done.stderr
    assert emulator.state()["cluster"]["name"] == "ORDERS"
    (installed,) = [
        call
        for call in json.loads((tmp_path / "machine.json").read_text())["calls"]
        if call["module"] == "win_package" and not call["check"]
    ]
    assert installed["options"]["arguments"] == ["/example-silent", "/example-key=EXAMPLE-KEY"]
    for secret in SECRETS:
        assert secret not in done.stdout + done.stderr


@pytest.mark.own_command
def test_what_the_jump_host_runs(emulator, project, hand_over):
    (command,) = re.findall(r"^ExecStart=(.*)$", units()["/etc/systemd/system/astera-provision.service"], re.MULTILINE)
    command = command.replace("/opt/astera/bin/", "").replace("/run/astera/vault-password", "vault-password")
    done = hand_over(command)
    assert done.returncode == 0, done.stdout + done.stderr
    assert emulator.state()["cluster"]["name"] == "ORDERS"


@pytest.mark.own_command
def test_what_comes_after_the_hand_over_runs_where_the_command_is_given(emulator, project, hand_over):
    """With nothing in the way: the inventory itself must not lead the modules to Windows."""
    readme = (project / "README.md").read_text()
    (command,) = re.findall(r"^ {4}(ansible-playbook .*astera\.data_stack\.bootstrap)$", readme, re.MULTILINE)
    done = hand_over(command, inventory="address.yml")
    assert done.returncode == 0, done.stdout + done.stderr
    assert emulator.state()["cluster"]["name"] == "ORDERS"


def test_what_the_inventory_takes_from_the_environment_is_named():
    """Where a command is shown for a shell, and where the unit of the jump host reads its file."""
    texts = [path.read_text() for path in (*EXAMPLE.glob("inventory/**/*.yml"), EXAMPLE / "windows.yml")]
    wanted = set(re.findall(r"lookup\('ansible\.builtin\.env', '(\w+)'\)", "".join(texts)))
    assert wanted == {"ETL_ADDRESS", "ETL_INSTALLER_SHA256", "ASTERA_CA_PATH"}
    comments = " ".join(re.findall(r"^ *#.*$", USER_DATA.read_text(), re.MULTILINE))
    (exported,) = re.findall(r"^ {4}export .*$", (EXAMPLE / "README.md").read_text(), re.MULTILINE)
    for name in wanted:
        assert name in comments
        assert f"{name}=" in exported


def test_what_is_handed_over_in_the_open_holds_no_secret():
    for name in ("windows-user-data.ps1", "jump-host.cloud-config.yml", "terraform/main.tf"):
        text = (EXAMPLE / name).read_text()
        assert not [secret for secret in SECRETS if secret in text]
        assert not re.search(r"(?i)(password|key|token) *[:=] *['\"](?!ssh-)[^'\"]", text), name
    assert (EXAMPLE / "inventory/group_vars/astera/vault.yml").read_text().startswith("$ANSIBLE_VAULT;")


def test_the_units_of_the_jump_host_belong_together():
    written = units()
    waiting = written["/etc/systemd/system/astera-provision.path"]
    service = written["/etc/systemd/system/astera-provision.service"]
    (path,) = re.findall(r"^PathExists=(.*)$", waiting, re.MULTILINE)
    # Else the path unit would start the service again at once.
    assert f"ExecStopPost=/usr/bin/rm -f {path}" in service
    assert Path(path).parent.as_posix() in written["/etc/tmpfiles.d/astera.conf"]
    assert ["systemctl", "enable", "--now", "astera-provision.path"] in yaml.safe_load(USER_DATA.read_text())["runcmd"]


def test_the_user_data_is_what_cloud_init_takes():
    if not shutil.which("cloud-init"):
        pytest.skip("cloud-init is not installed; with it its own schema is asked")
    command = ["cloud-init", "schema", "--config-file", str(USER_DATA)]
    done = subprocess.run(command, text=True, capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_cloudbase_init_recognises_the_user_data_of_windows():
    assert (EXAMPLE / "windows-user-data.ps1").read_text().startswith("#ps1_sysnative\n")
