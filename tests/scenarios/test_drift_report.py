"""The drift report of a fleet: each server has its row, whatever became of it, and none is written to."""

from __future__ import annotations

import json
from pathlib import Path

import ansible_runner
import jsonschema
import pytest

REPORT = "astera.data_stack.drift_report"
SCHEMA = json.loads((Path(__file__).resolve().parents[2] / "docs" / "drift-report.schema.json").read_text())
HOSTILE = "<script>alert(1)</script> | `x` {{ 6 * 7 }}"


@pytest.fixture
def variables(desired, tmp_path):
    """A bootstrap in short, on servers that differ by their names."""
    del desired["astera_jobs"], desired["astera_server_config"]
    # Ansible doubles backslashes in templates, and one of the tests makes one of it.
    del desired["astera_cluster"]["deployment_directory"]
    # Each host has its own.
    del desired["astera_license"]["marker"]
    return {**desired, "astera_drift_report_dir": str(tmp_path / "drift"), "astera_drift_wait_timeout": 0.5}


@pytest.fixture
def read(tmp_path):
    """The report, by the names of the servers. It is checked against the schema, and all files for secrets."""

    def reader(folder="drift"):
        texts = {path.name: path.read_text() for path in (tmp_path / folder).iterdir()}
        assert sorted(texts) == ["drift.html", "drift.json", "drift.md"]
        assert "canary" not in "".join(texts.values()).lower()
        report = json.loads(texts["drift.json"])
        jsonschema.validate(report, SCHEMA)
        return report, {server["name"]: server for server in report["servers"]}

    return reader


def by_host(**values):
    """A variable with a value for each of some hosts, as host_vars would have it."""
    others = values.pop("others")
    return f"{{{{ {values!r}[inventory_hostname] | default({others!r}) }}}}"


@pytest.mark.slow
def test_a_fleet(emulator, play, variables, read, tmp_path):
    assert play("astera.data_stack.bootstrap", variables=variables).ok
    before = len(emulator.writes)
    variables.update(
        astera_server_url=by_host(
            down="https://localhost:1",
            account="https://admin:canary-1@localhost:1/?token=canary-2",
            others=emulator.url,
        ),
        astera_password=by_host(locked="canary-wrong-7", others="canary-password-7"),
        ansible_ssh_executable="/bin/false",
        astera_retries=0,
    )
    broken = {
        "astera_cluster": by_host(typo={"nosuch": "canary-typo"}, others=variables["astera_cluster"]),
        "ansible_connection": "{{ 'ssh' if inventory_hostname == 'far' else 'local' }}",
        "astera_on_jump_host": True,
    }
    hosts = ("etl", "down", "locked", "far", "typo", "account")
    first = play(REPORT, "--diff", "-v", hosts=hosts, variables={**variables, **broken})
    # A host that cannot be reached is a row of the report, too.
    assert first.ok, first.output
    assert "canary" not in first.output.lower().replace("canary-typo", "")
    report, servers = read()
    assert list(servers) == sorted(hosts)
    assert {name: (one["status"], one["responds"]) for name, one in servers.items()} == {
        "etl": ("in_sync", True),
        "down": ("not_compared", False),
        "locked": ("not_compared", True),
        "far": ("not_compared", None),
        "typo": ("not_compared", None),
        "account": ("not_compared", None),
    }
    assert report["summary"] == {"servers": 6, "drift": 0, "not_compared": 5, "in_sync": 1, "differences": 0}
    assert "login of user 'admin' was rejected" in servers["locked"]["problems"][0]["message"]
    assert "astera_cluster.nosuch" in servers["typo"]["problems"][0]["message"]
    assert "could not reach" in servers["far"]["problems"][0]["message"]
    assert servers["account"]["url"] == "https://localhost:1/"
    assert [r.status for r in emulator.requests if r.path.endswith("login")].count(400) == 1
    assert servers["etl"]["license"] == {"state": "remembered", "activated": True}
    assert servers["etl"]["jobs"] is None

    # Somebody changes this and that, and the play is to fail now; also in check mode, with the same report.
    schedule = emulator.state()["schedules"][0]
    emulator.put("cluster", {"id": emulator.state()["cluster"]["id"], "purgeJobInfoAfter": 7})
    emulator.put("schedule", {**schedule, "id": 0, "name": HOSTILE})
    emulator.remove("deployment", emulator.state()["deployments"][0]["id"])
    more = {**variables, "astera_drift_fail": True, "astera_drift_jobs": [1]}
    second = play(REPORT, hosts=("etl",), variables=more)
    report, servers = read()
    checked = play(
        REPORT, "--check", hosts=("etl",), variables={**more, "astera_drift_report_dir": str(tmp_path / "c")}
    )
    assert "1 of 1 server differs from its variables: etl" in second.output
    assert (second.status, checked.status) == (2, 2)
    again, _servers = read("c")
    assert {**report, "generated": ""} == {**again, "generated": ""}
    assert not emulator.writes[before:]
    judge_drift(servers["etl"])


def judge_drift(server):
    assert server["status"] == "drift"
    found = {section["name"]: section for section in server["sections"]}
    assert found["cluster"]["objects"] == [
        {
            "name": None,
            "action": "update",
            "changed_on_server": found["cluster"]["objects"][0]["changed_on_server"],
            "changes": [{"path": "purge_job_info_after", "action": "change", "before": 7, "after": 30}],
        }
    ]
    (lost,) = found["deployments"]["objects"]
    assert (lost["name"], lost["action"]) == ("Orders", "create")
    assert [one["name"] for one in server["unlisted"]["schedules"]] == [HOSTILE]
    other, ours = server["schedules"]
    assert (other["name"], ours["name"]) == (HOSTILE, "Orders, every morning")
    assert ours["next_run"].endswith("T04:30:00+01:00")
    assert server["jobs"] == [
        {"id": 1, "status": "Unknown", "known": False, "finished": server["jobs"][0]["finished"], "succeeded": False}
    ]


@pytest.mark.any_core
@pytest.mark.thorough
def test_batches_are_rejected(emulator, play, variables):
    """A report is on all hosts of a play."""
    book = [
        {
            "hosts": "astera",
            "connection": "local",
            "gather_facts": False,
            "serial": 1,
            "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
            "roles": ["astera.data_stack.drift_report"],
        }
    ]
    settings = {name: value for name, value in variables.items() if "drift" in name}
    done = play(book, hosts=("one", "two"), variables=settings)
    assert done.status == 2
    assert "remove `serial` from the play" in " ".join(done.output.split())
    assert not emulator.requests


@pytest.mark.any_core
def test_each_host_that_drifted_fails_with_its_own_lines(emulator, play, variables, read):
    """And no other does."""
    settings = {name: value for name, value in variables.items() if "drift" in name}
    name = by_host(one="OTHER", others="DEFAULT")
    schedule = {"file": "C:\\a.wf", "daily": {"at": "04:30"}, "name": "New"}
    wanted = {**settings, "astera_cluster": {"name": name}, "astera_schedules": by_host(one=[schedule], others=[])}
    shown = play(REPORT, hosts=("one", "two"), variables=wanted)
    assert shown.ok
    failed = play(REPORT, hosts=("one", "two"), variables={**wanted, "astera_drift_fail": True})
    assert failed.status == 2
    for output in (shown.output, failed.output):
        assert "one: cluster.name is DEFAULT, should be OTHER" in output
        assert "one: schedules[New] is missing" in output
        assert "two: " not in output.split("PLAY RECAP")[0]
    recap = failed.output.split("PLAY RECAP")[1]
    assert [line.split()[0] for line in recap.splitlines() if "failed=1" in line] == ["one"]
    _report, servers = read()
    assert {name: one["status"] for name, one in servers.items()} == {"one": "drift", "two": "in_sync"}
    assert not emulator.writes


@pytest.mark.any_core
@pytest.mark.thorough
def test_facts_of_an_earlier_play_are_not_those_of_this_one(emulator, play, variables, read, tmp_path):
    """Nor are those of a host that failed in between."""
    common = {
        "hosts": "astera",
        "connection": "local",
        "gather_facts": False,
        "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
    }
    failing = {"ansible.builtin.fail": None, "when": "inventory_hostname == 'one'"}
    other = {
        **common["vars"],
        "astera_drift_report_dir": str(tmp_path / "later"),
        "astera_cluster": {"name": "OTHER"},
        "astera_drift_fail": True,
    }
    book = [
        {**common, "roles": ["astera.data_stack.drift_report"]},
        {**common, "tasks": [failing]},
        {**common, "vars": other, "roles": ["astera.data_stack.drift_report"]},
    ]
    settings = {name: value for name, value in variables.items() if "drift" in name}
    done = play(book, hosts=("one", "two", "three"), variables={**settings, "astera_cluster": {"name": "DEFAULT"}})
    statuses = {name: one["status"] for name, one in read()[1].items()}
    assert statuses == {"one": "in_sync", "two": "in_sync", "three": "in_sync"}
    statuses = {name: one["status"] for name, one in read("later")[1].items()}
    assert statuses == {"one": "not_compared", "two": "drift", "three": "drift"}
    assert "2 of 3 servers differ from their variables: three, two." in done.output.split("PLAY RECAP")[0]


@pytest.mark.any_core
def test_what_cannot_be_compared_fails_if_asked_to(emulator, play, variables, read, tmp_path):
    """A server that no variable describes is not in order. A folder that is there keeps its mode."""
    (tmp_path / "drift").mkdir(mode=0o700)
    settings = {name: value for name, value in variables.items() if "drift" in name}
    failed = play(REPORT, variables={**settings, "astera_drift_fail": True})
    assert failed.status == 2
    assert read()[1]["etl"]["problems"][0]["message"].startswith("Nothing was compared")
    assert "1 of 1 server could not be compared: etl." in failed.output
    assert (tmp_path / "drift").stat().st_mode & 0o7777 == 0o700


@pytest.mark.any_core
def test_an_empty_fleet_is_no_success(play, variables):
    nobody = play(REPORT, "-e", "astera_hosts=nobody", variables=variables)
    assert not nobody.ok
    assert "No host of the inventory matches nobody" in nobody.output
    del variables["astera_drift_report_dir"]
    assert "Set astera_drift_report_dir to a folder" in " ".join(play(REPORT, variables=variables).output.split())


@pytest.mark.any_core
@pytest.mark.thorough
def test_under_ansible_runner(emulator, desired, read, tmp_path):
    """The way AWX runs it, in check mode: the numbers are published for what follows."""
    (tmp_path / "project").mkdir()
    run = ansible_runner.run(
        private_data_dir=str(tmp_path),
        playbook=REPORT,
        inventory={"astera": {"hosts": {"etl": None}}},
        envvars={
            "ASTERA_SERVER_URL": emulator.url,
            "ASTERA_USERNAME": "admin",
            "ASTERA_CA_PATH": str(emulator.ca_path),
        },
        extravars={
            "astera_password": "canary-password-7",
            "astera_cluster": desired["astera_cluster"],
            "astera_drift_report_dir": str(tmp_path / "drift"),
        },
        cmdline="--check",
        quiet=True,
    )
    with run.stdout as stream:
        output = stream.read()
    assert run.status == "successful", output
    assert "canary" not in output
    report, servers = read()
    assert servers["etl"]["status"] == "drift"
    assert servers["etl"]["url"] == emulator.url
    (published,) = [event for event in run.events if event["event"] == "playbook_on_stats"]
    artifact = published["event_data"]["artifact_data"]["astera_drift"]
    assert artifact.pop("lines")[0].startswith("etl: cluster.name is DEFAULT, should be ORDERS")
    assert artifact == report["summary"]
    assert not emulator.writes
