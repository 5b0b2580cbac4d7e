"""The role and the playbook ``provision``, with stand-ins for Windows (tests/stand_ins).

These tests show the flow: which modules run, with which options, in which order, and how their results are handled.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import socket
import sys
from itertools import chain
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
STAND_INS = ROOT / "tests" / "stand_ins"
PROVISION = "astera.data_stack.provision"
SERVICE = "AsteraServer"
SECRET = "canary-installer-7"


class Machine:
    """A pretended Windows machine, and an installer for it."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "machine.json"
        self.path.write_text("{}")
        self.installer = folder / "IntegrationServer.exe"
        self.offer()

    def offer(self, **does) -> str:
        """What the installer does when it is run; returns its checksum."""
        self.installer.write_text(json.dumps({"service": SERVICE, **does}))
        return hashlib.sha256(self.installer.read_bytes()).hexdigest()

    def set(self, **state) -> None:
        self.path.write_text(json.dumps({**self.state, **state}))

    @property
    def state(self) -> dict:
        return json.loads(self.path.read_text())

    def calls(self, *, reads: bool = False) -> list[str]:
        """The modules that were called, without those that only read."""
        looking = ("win_stat", "win_reg_stat", "win_service_info")
        calls = [call["module"] for call in self.state.get("calls", []) if not call["check"]]
        return [call for call in calls if reads or call not in looking]

    def forget_calls(self) -> None:
        self.set(calls=[])


@pytest.fixture
def machine(tmp_path):
    return Machine(tmp_path)


@pytest.fixture
def provision(play, machine):
    """Run the playbook on the pretended machine."""

    def runner(*arguments, env=None, hosts=("etl",), **variables):
        own = {
            "ansible_connection": "vm",
            "ansible_python_interpreter": sys.executable,
            "astera_provision_installer_src": str(machine.installer),
            "astera_provision_installer_arguments": ["/S", f"/PASSWORD={SECRET}"],
            "astera_provision_service_name": SERVICE,
            "astera_cluster": {"name": "NEW"},
            **variables,
        }
        environment = {
            "ANSIBLE_COLLECTIONS_PATH": f"{os.environ['ANSIBLE_COLLECTIONS_PATH']}:{STAND_INS}",
            "ANSIBLE_CONNECTION_PLUGINS": str(STAND_INS / "connection"),
            "ASTERA_STAND_IN": str(machine.path),
            **(env or {}),
        }
        result = play(PROVISION, *arguments, variables=own, env=environment, hosts=hosts)
        assert SECRET not in result.output
        # Ansible breaks long messages of errors into lines.
        result.words = " ".join(result.output.split())
        return result

    return runner


INSTALLING = ["win_tempfile", "win_copy", "win_package", "win_file"]


@pytest.mark.in_matrix
def test_a_rehearsal_on_a_bare_machine(emulator, provision, machine):
    rehearsal = provision("--check", "--diff")
    assert rehearsal.ok, rehearsal.output
    assert machine.calls() == []
    assert not emulator.requests


@pytest.mark.thorough
def test_from_a_bare_machine_to_a_bootstrapped_server(emulator, provision, machine):
    first = provision("-vvv")
    assert first.ok, first.output
    assert machine.calls() == [*INSTALLING, "win_firewall_rule", "win_service"]
    assert machine.state["services"][SERVICE]["state"] == "started"
    assert machine.state["services"][SERVICE]["start_mode"] == "auto"
    port = emulator.url.rpartition(":")[2]
    (rule,) = machine.state["rules"].values()
    assert rule == {
        "action": "allow",
        "direction": "in",
        "enabled": True,
        "localport": port,
        "protocol": "tcp",
        "remoteip": "any",
    }
    assert machine.state["files"] == {}
    assert machine.state["paths"] == []
    assert emulator.state()["cluster"]["name"] == "NEW"

    # The installer is not needed any more.
    machine.installer.unlink()
    machine.forget_calls()
    second = provision()
    assert second.ok, second.output
    assert second.count("changed") == 0, second.output
    assert machine.calls() == ["win_firewall_rule", "win_service"]


@pytest.mark.own_command
def test_a_server_that_is_installed_can_be_rehearsed(emulator, provision, machine):
    machine.set(services={SERVICE: {"state": "stopped"}})
    result = provision("--check")
    assert result.ok, result.output
    assert result.count("changed") == 3, result.output  # the rule, the service and the cluster
    assert machine.calls() == []
    assert not emulator.writes


@pytest.mark.own_command
@pytest.mark.parametrize(
    ("marks", "state"),
    [
        ({"astera_provision_installer_product_id": "Astera"}, {"programs": ["Astera"]}),
        ({"astera_provision_installer_creates_path": "C:\\Astera"}, {"paths": ["C:\\Astera"]}),
    ],
    ids=["product", "path"],
)
def test_how_an_installed_server_is_detected(emulator, provision, machine, marks, state):
    machine.offer(program="Astera", path="C:\\Astera")
    # The service alone says nothing then.
    machine.set(services={SERVICE: {"state": "stopped"}})
    first = provision(**marks)
    assert first.ok, first.output
    assert machine.calls()[:4] == INSTALLING
    assert all(machine.state[key] == value for key, value in state.items())
    machine.forget_calls()
    second = provision(**marks)
    assert second.count("changed") == 0, second.output
    assert "win_package" not in machine.calls()


@pytest.mark.own_command
def test_an_installer_from_the_web(emulator, provision, machine):
    checksum = machine.offer()
    address = f"https://files.example.com/IntegrationServer.exe?sig={SECRET}"
    web = {"astera_provision_installer_src": "", "astera_provision_installer_url": address}
    assert "Set astera_provision_installer_checksum" in provision(**web).words
    missing = provision("-vvv", **web, astera_provision_installer_checksum=checksum)
    assert not missing.ok
    assert "etl could not download the installer. Status 404;" in missing.words
    assert "Check that files.example.com can be reached from there" in missing.words
    machine.set(web={address: machine.installer.read_text()})
    wrong = provision(**web, astera_provision_installer_checksum="0" * 64)
    assert "did not match" in wrong.words
    assert machine.state["services"] == {}
    result = provision("-vvv", **web, astera_provision_installer_checksum=checksum.upper())
    assert result.ok, result.output
    assert machine.state["services"][SERVICE]["state"] == "started"
    assert machine.state["files"] == {}


@pytest.mark.own_command
def test_nothing_is_done_with_a_wrong_or_missing_installer(emulator, provision, machine):
    wrong = provision(astera_provision_installer_checksum="0" * 64)
    assert not wrong.ok
    assert "but astera_provision_installer_checksum is 0000" in wrong.words
    machine.installer.unlink()
    missing = provision("--check")
    assert "was not found. Nothing was changed on etl." in missing.words
    assert machine.calls() == []


@pytest.mark.own_command
def test_invalid_variables_are_rejected_first(emulator, provision, machine):
    """Each host has another mistake, so that one run is enough."""
    mistakes = {
        "none": ({"astera_provision_installer_src": ""}, "Set either astera_provision_installer_src"),
        "relative": ({"astera_provision_installer_src": "setup.exe"}, "to an absolute path"),
        "ftp": (
            {
                "astera_provision_installer_src": "",
                "astera_provision_installer_url": "ftp://x/y.exe",
                "astera_provision_installer_checksum": "0" * 64,
            },
            "must begin with https://",
        ),
        "unchecked": (
            {
                "astera_provision_installer_src": "",
                "astera_provision_installer_url": "https://x/y",
                "astera_provision_installer_checksum": "",
            },
            "Set astera_provision_installer_checksum",
        ),
        "checksum": ({"astera_provision_installer_checksum": "abc"}, "64 hexadecimal digits"),
        "emptied": ({"astera_provision_installer_checksum": ""}, "checksum is empty, so nothing would be compared"),
        "two": (
            {"astera_provision_installer_product_id": "x", "astera_provision_installer_creates_path": "y"},
            "to detect an installed server, not both",
        ),
        "arguments": (
            {"astera_provision_installer_arguments": {"silent": True}},
            "Set astera_provision_installer_arguments",
        ),
        "service": ({"astera_provision_service_name": ""}, "Set astera_provision_service_name"),
        "address": ({"astera_server_url": ""}, "Set astera_server_url"),
    }
    names = {name for variables, _words in mistakes.values() for name in variables}
    right = {
        "astera_provision_installer_src": str(machine.installer),
        "astera_provision_installer_checksum": "0" * 64,
        "astera_provision_installer_arguments": [],
        "astera_provision_service_name": SERVICE,
    }
    right["astera_server_url"] = emulator.url
    cases = {host: {**dict.fromkeys(names, ""), **right, **variables} for host, (variables, _words) in mistakes.items()}
    variables = {name: f"{{{{ cases[inventory_hostname].{name} }}}}" for name in names}
    result = provision(hosts=list(mistakes), cases=cases, **variables)
    for host, (_variables, words) in mistakes.items():
        rejected = [line for line in result.output.splitlines() if line.startswith(f"failed: [{host}]")]
        assert len(rejected) == 1, rejected
        assert words in rejected[0]
    assert machine.calls(reads=True) == []


@pytest.mark.own_command
def test_an_installer_that_fails(emulator, provision, machine):
    machine.offer(exit_code=1603)
    result = provision("-vvv", astera_provision_installer_log="C:\\Logs\\astera.log")
    assert not result.ok
    assert (
        "The installer ended with exit code 1603 on etl, but astera_provision_installer_success_codes contains 0, 3010."
        in result.words
    )
    assert f"The next run starts the installer again, unless the service {SERVICE} exists by then." in result.words
    assert "Check its log, C:\\Logs\\astera.log," in result.words.replace("\\\\", "\\")
    assert machine.calls() == INSTALLING
    assert machine.state["files"] == {}
    machine.forget_calls()
    machine.offer(exit_code=7)
    assert provision(astera_provision_installer_success_codes=[0, 7]).ok


@pytest.mark.own_command
def test_a_reboot_happens_only_if_it_may(emulator, provision, machine):
    machine.offer(exit_code=3010)
    result = provision()
    assert not result.ok
    assert "its installer requires a reboot" in result.words
    assert machine.state["boots"] == 0
    # After a manual reboot, the next run continues.
    assert provision().ok
    machine.set(services={}, calls=[])
    allowed = provision(astera_provision_reboot=True)
    assert allowed.ok, allowed.output
    assert machine.state["boots"] == 1
    assert machine.calls() == [*INSTALLING, "win_reboot", "win_firewall_rule", "win_service"]


@pytest.mark.own_command
def test_a_service_that_does_not_start_or_is_not_there(emulator, provision, machine):
    machine.offer(starts=False)
    result = provision()
    assert not result.ok
    assert f"Failed to start service '{SERVICE}' The service {SERVICE} is stopped. Check the event logs" in result.words
    machine.offer(service="Another")
    machine.set(services={})
    assert f"The service {SERVICE} is not there." in provision().words
    assert not emulator.requests


@pytest.mark.own_command
def test_an_api_that_does_not_respond_in_time(emulator, provision, machine):
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    result = provision(astera_server_url=f"https://localhost:{port}", astera_ready_timeout=1)
    assert not result.ok
    assert f"The service {SERVICE} is started. Check the address, https://localhost:{port}" in result.words
    assert "no connection to" in result.words


@pytest.mark.own_command
def test_a_rule_that_somebody_changed_is_set_right(emulator, provision, machine):
    machine.set(services={SERVICE: {"state": "started", "start_mode": "auto"}})
    assert provision(astera_provision_firewall_remote="10.1.0.0/16").ok
    state = machine.state
    state["rules"]["Astera Integration Server API"]["enabled"] = False
    machine.set(rules=state["rules"])
    result = provision(astera_provision_firewall_remote="10.1.0.0/16")
    assert result.count("changed") == 1
    assert machine.state["rules"]["Astera Integration Server API"]["enabled"] is True
    machine.forget_calls()
    assert provision(astera_provision_firewall=False).ok
    assert "win_firewall_rule" not in machine.calls()


@pytest.mark.own_command
def test_a_missing_collection_is_named_before_anything_is_done(emulator, provision, machine):
    result = provision(env={"ANSIBLE_COLLECTIONS_PATH": os.environ["ANSIBLE_COLLECTIONS_PATH"]})
    assert not result.ok
    assert "couldn't resolve module/action 'ansible.windows." in result.words
    assert machine.calls(reads=True) == []


@pytest.mark.own_command
def test_the_bootstrap_does_not_go_through_windows(emulator, provision):
    """Neither the connection, nor the shell, nor `become` of the inventory concern the calls of the API."""
    windows = {
        "ansible_connection": "winrm",
        "ansible_shell_type": "powershell",
        "ansible_become": True,
        "ansible_become_method": "runas",
        "ansible_become_user": "SYSTEM",
    }
    result = provision("--start-at-task", "Plan the server", **windows)
    assert result.ok, result.output
    assert emulator.state()["cluster"]["name"] == "NEW"


@pytest.mark.own_command
def test_a_choice_of_hosts_that_matches_nothing_fails(emulator, provision):
    assert "No host of the inventory matches nobody" in provision("-e", "astera_hosts=nobody").words
    # An emptied field of a survey is no choice.
    assert provision("--check", "-e", "astera_hosts=").ok


def used_options() -> list[tuple[str, dict]]:
    """The modules for Windows that the role calls, and with what."""
    tasks = [walk(yaml.safe_load(file.read_text())) for file in (ROOT / "roles/provision/tasks").glob("*.yml")]
    return [(name, options) for task in chain(*tasks) for name, options in task.items() if ".windows." in name]


def walk(tasks):
    for task in tasks:
        yield task
        for part in ("block", "rescue", "always"):
            yield from walk(task.get(part, []))


@pytest.mark.own_command
def test_the_real_modules_take_these_options():
    """Against the documentation of the real collections, which `make provision` fetches."""
    folder = os.environ.get("OTHER_COLLECTIONS")
    if not folder:
        pytest.skip("the real collections are not here; `make provision` fetches them, if there is a package index")
    used = used_options()
    assert len({name for name, _options in used}) >= 10
    for name, options in used:
        real = documented(Path(folder, "ansible_collections"), *name.split("."))
        assert set(options) <= set(real), name
        assert {key for key, option in real.items() if option.get("required")} <= set(options), name
        for key, value in options.items():
            if "choices" in real[key] and "{{" not in value:
                assert value in real[key]["choices"], f"{name}: {key}"


def documented(folder: Path, namespace: str, collection: str, module: str) -> dict:
    """The options of a real module, by its documentation."""
    tree = ast.parse((folder / namespace / collection / "plugins/modules" / f"{module}.py").read_text())
    (text,) = [
        node.value.value for node in tree.body if isinstance(node, ast.Assign) and node.targets[0].id == "DOCUMENTATION"
    ]
    return yaml.safe_load(text)["options"]
