"""The role ``bootstrap`` and its playbook, end to end."""

from __future__ import annotations

import json
from collections import Counter

import pytest

BOOTSTRAP = "astera.data_stack.bootstrap"


def calls(requests):
    return Counter(f"{request.method} {request.path.lower()}" for request in requests)


@pytest.mark.slow
@pytest.mark.parametrize(
    "reading", [{}, pytest.param({"strict": True}, marks=pytest.mark.thorough)], ids=["default", "strict"]
)
def test_two_runs(emulator, prepared, play, desired, reading):
    prepared(emulator, **reading)
    rehearsal = play(BOOTSTRAP, "--check", "--diff", variables=desired)
    assert rehearsal.ok, rehearsal.output
    assert not emulator.writes
    # The plan is the one task that shows all changes.
    assert rehearsal.count("changed") == 1
    assert '+    "purge_job_info_after": 30' in rehearsal.output
    assert '+    "name": "Orders, every morning"' in rehearsal.output
    assert "not exist" not in rehearsal.output

    first = play(BOOTSTRAP, "--diff", variables=desired)
    assert first.ok, first.output
    # One for each section, the job included.
    assert first.count("changed") == 6
    state = emulator.state()
    assert state["config"]["serverProfile"] == "ServerProfile2"
    assert state["config"]["serverDbInfo"]["password"] == "canary-repository-7"
    assert state["cluster"]["name"] == "ORDERS"
    assert state["license"]["activated"]
    assert [d["name"] for d in state["deployments"]] == ["Orders"]
    assert state["schedules"][0]["deploymentId"] == state["deployments"][0]["id"]
    assert [job["status"] for job in state["jobs"]] == ["Completed"]

    before = len(emulator.requests)
    second = play(BOOTSTRAP, "--diff", variables=desired)
    assert second.ok, second.output
    assert second.count("changed") == 0, second.output
    requests = emulator.requests[before:]
    assert not [r for r in requests if r.is_write]
    expected = {
        "POST /api/account/login": 1,
        "GET /api/server/config": 1,
        "GET /api/cluster": 1,
        "GET /api/deployments": 1,
        "GET /api/schedules": 1,
    }
    if reading:
        # The strict reading lists schedules without their fields, so each is read by itself.
        expected["GET /api/schedule/1"] = 1
    assert calls(requests) == expected
    assert "canary" not in (rehearsal.output + first.output + second.output).lower()


def test_one_changed_value(emulator, play, desired):
    """It is the one change of the second run. A change of settings alone starts no job."""
    settings = {"astera_cluster": {**desired["astera_cluster"]}, "astera_jobs": desired["astera_jobs"]}
    assert play(BOOTSTRAP, variables=settings).count("changed") == 1
    settings["astera_cluster"]["purge_job_info_after"] = 60
    result = play(BOOTSTRAP, "--diff", variables=settings)
    assert result.count("changed") == 1
    assert '-    "purge_job_info_after": 30\n' in result.output
    assert '+    "purge_job_info_after": 60\n' in result.output
    assert emulator.state()["jobs"] == []


def test_a_failure_names_the_step(emulator, play, desired):
    """Its reason is printed with the task that failed and not again, except where the output of that is hidden."""
    emulator.settings.forbidden = "POST /api/Cluster"
    secure = {"astera_secure_logging": "{{ inventory_hostname == 'quiet' }}"}
    result = play(BOOTSTRAP, hosts=("etl", "quiet"), variables={"astera_cluster": desired["astera_cluster"], **secure})
    assert (result.status, result.count("failed")) == (2, 2)
    before, end = " ".join(result.output.split()).split("[astera.data_stack.bootstrap : Name the step that failed]")
    assert "the server responded with 403 Forbidden (POST /api/Cluster). The account lacks" in before
    assert "The bootstrap of etl failed in the step cluster. See the failure above, or the fact astera_failed." in end
    reason = "the server responded with 403 Forbidden (POST /api/Cluster). The account lacks a permission."
    shown = [text.split("astera_failed")[0] for text in end.split("The bootstrap of ")[1:]]
    assert {text.split()[0] for text in shown if reason in text} == {"quiet"}


def test_a_failure_in_a_loop_gives_its_reason(emulator, play, desired, tmp_path):
    (tmp_path / "orders.car").write_bytes(b"")
    result = play(BOOTSTRAP, "--check", variables={"astera_deployments": desired["astera_deployments"]})
    assert not result.ok
    assert "is empty" in result.output
    assert "The bootstrap of etl failed in the step" in result.output
    assert "in_sync" not in result.output, result.output


@pytest.fixture
def mistakes(desired):
    """Hosts with a mistake each: their variables, and what the failure says."""
    cluster = {"astera_cluster": desired["astera_cluster"]}
    (schedule,) = desired["astera_schedules"]
    (deployment,) = desired["astera_deployments"]
    there = "{{ playbook_dir }}/x.car"
    beside = ("is in the folder of this collection's playbooks", "Use inventory_dir instead")
    return {
        "last-variable": ({**desired, "astera_schedules": [{**schedule, "trace_levle": "Job"}]}, ("trace_levle",)),
        "schedule": ({**cluster, "astera_schedule": []}, ("there is no variable astera_schedule (did you mean",)),
        "deploymnets": ({**cluster, "astera_deploymnets": []}, ("is no variable astera_deploymnets (did you mean",)),
        "ca-path": ({**cluster, "astera_ca_path": "/nowhere.pem"}, ("astera_ca_path",)),
        "undefined": (
            {**cluster, "astera_password": "{{ vault_astera_pasword }}"},
            ("astera_password has no value: ", "'vault_astera_pasword' is undefined"),
        ),
        "marker": ({"astera_license": {**desired["astera_license"], "marker": there}}, beside),
        "archive": ({"astera_deployments": [{**deployment, "archive": there}]}, beside),
    }


def test_mistakes_are_found_before_the_first_request(emulator, play, mistakes):
    """Each failure names the variable or the option as it is called in the inventory, and says what to do."""
    result = play(BOOTSTRAP, hosts={host: variables for host, (variables, _words) in mistakes.items()})
    assert not emulator.requests
    for host, (_variables, words) in mistakes.items():
        printed = result.of_host(host)
        assert "failed in the step" in printed, (host, result.output)
        assert [word for word in words if word not in printed] == [], (host, printed)
    # The option has another name than the variable.
    assert " ca_path" not in result.of_host("ca-path")


def test_nothing_to_do(emulator, play):
    result = play(BOOTSTRAP)
    assert result.ok
    assert "Compared nothing. Changes: none." in result.output
    assert "No section of this server has a variable" in result.output
    assert not emulator.requests


def test_when_jobs_are_started(emulator, play, desired):
    """Each host has a deployment of its own, and a job whose parameter is the name of the host."""
    (deployment,), (job,) = desired["astera_deployments"], desired["astera_jobs"]
    variables = {
        "astera_deployments": [{**deployment, "name": "{{ inventory_hostname }}"}],
        "astera_jobs": [{**job, "parameters": {"Variables": {"sourceFilePath": "{{ inventory_hostname }}"}}}],
        "astera_jobs_run": "{{ inventory_hostname }}",
    }
    for _run in range(2):
        result = play(BOOTSTRAP, hosts=("on_deploy", "always", "never"), variables=variables)
        assert result.ok, result.output
    started = Counter(job["parameters"][0]["value"] for job in emulator.state()["jobs"])
    assert started == {"on_deploy": 1, "always": 2}


def test_a_ready_token_needs_no_password(emulator, play, desired, tasks):
    token = emulator_token(emulator)
    variables = {"astera_cluster": desired["astera_cluster"], "astera_token": token, "astera_password": ""}
    result = play(BOOTSTRAP, variables=variables)
    assert result.ok, result.output
    assert "POST /api/account/login" not in calls(emulator.requests[1:])
    assert token not in result.output


def emulator_token(emulator):
    import requests

    response = requests.post(
        f"{emulator.url}/api/account/login",
        json={"User": "admin", "Password": "canary-password-7", "RememberMe": True},
        verify=emulator.ca_path,
        timeout=5,
    )
    return response.json()["access_token"]


def test_a_server_without_accounts_yet(emulator, play, desired):
    emulator.settings.config_without_token = "yes"
    desired["astera_server_config"]["authenticate"] = False
    result = play(BOOTSTRAP, variables={"astera_server_config": desired["astera_server_config"]})
    assert result.ok, result.output
    assert emulator.state()["config"]["serverProfile"] == "ServerProfile2"


def test_what_info_returns_can_be_fed_back(emulator, play, desired, tasks, tmp_path):
    variables = {name: desired[name] for name in ("astera_cluster", "astera_deployments", "astera_schedules")}
    assert play(BOOTSTRAP, variables=variables).ok
    target = tmp_path / "read.json"
    content = (
        "{{ {'astera_cluster': c.cluster, 'astera_deployments': d.deployments, 'astera_schedules': s.schedules} }}"
    )
    read = play(
        tasks(
            {"astera.data_stack.astera_cluster_info": {}, "register": "c"},
            {"astera.data_stack.astera_deployment_info": {}, "register": "d"},
            {"astera.data_stack.astera_schedule_info": {}, "register": "s"},
            {"ansible.builtin.copy": {"content": content, "dest": str(target)}},
        )
    )
    assert read.ok, read.output
    again = play(BOOTSTRAP, variables=json.loads(target.read_text()))
    assert again.ok, again.output
    assert again.count("changed") == 0, again.output


def test_names_of_ones_own(play, desired):
    hosts = {"warned": {"astera_owner": "Kim"}, "silent": {"astera_keeper": "Lee"}}
    hosts["silent"]["astera_known_variables"] = ["astera_keeper"]
    result = play(BOOTSTRAP, hosts=hosts, variables={"astera_cluster": desired["astera_cluster"]})
    assert result.ok, result.output
    assert "does not use the variables astera_owner" in " ".join(result.output.split())
    assert "astera_keeper" not in result.output


def test_each_host_has_a_marker_beside_the_inventory(emulator, play, desired, tmp_path):
    del desired["astera_license"]["marker"]
    variables = {"astera_license": desired["astera_license"]}
    assert play(BOOTSTRAP, hosts=("one", "two"), variables=variables).ok
    assert sorted(path.name for path in tmp_path.rglob("*.license.json")) == ["one.license.json", "two.license.json"]
    again = play(BOOTSTRAP, hosts=("one", "two"), variables=variables)
    assert again.count("changed") == 0
    without = play(BOOTSTRAP, hosts=("one",), variables={**variables, "astera_license_marker": ""})
    assert without.count("changed") == 1
