"""The role ``bootstrap`` and its playbook, end to end."""

from __future__ import annotations

import json
from collections import Counter

import pytest

BOOTSTRAP = "astera.data_stack.bootstrap"


def calls(requests):
    return Counter(f"{request.method} {request.path.lower()}" for request in requests)


@pytest.mark.slow
@pytest.mark.parametrize("reading", [{}, {"strict": True}], ids=["default", "strict"])
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
    settings = {"astera_cluster": {**desired["astera_cluster"]}}
    assert play(BOOTSTRAP, variables=settings).ok
    settings["astera_cluster"]["purge_job_info_after"] = 60
    result = play(BOOTSTRAP, "--diff", variables=settings)
    assert result.count("changed") == 1
    assert '-    "purge_job_info_after": 30\n' in result.output
    assert '+    "purge_job_info_after": 60\n' in result.output


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


def test_a_mistake_in_the_last_variable_is_found_before_the_first_request(emulator, play, desired):
    desired["astera_schedules"][0]["trace_levle"] = "Job"
    result = play(BOOTSTRAP, variables=desired)
    assert not result.ok
    assert "trace_levle" in result.output
    assert not emulator.requests


def test_nothing_to_do(emulator, play):
    result = play(BOOTSTRAP)
    assert result.ok
    assert "Compared nothing. Changes: none." in result.output
    assert "No section of this server has a variable" in result.output
    assert not emulator.requests


@pytest.mark.parametrize(("when", "jobs"), [("on_deploy", 1), ("always", 2), ("never", 0)])
def test_when_jobs_are_started(emulator, play, desired, when, jobs):
    variables = {name: desired[name] for name in ("astera_deployments", "astera_jobs")}
    variables["astera_jobs_run"] = when
    for _run in range(2):
        assert play(BOOTSTRAP, variables=variables).ok
    assert len(emulator.state()["jobs"]) == jobs


def test_a_change_of_the_settings_starts_no_job(emulator, play, desired):
    variables = {name: desired[name] for name in ("astera_cluster", "astera_jobs")}
    assert play(BOOTSTRAP, variables=variables).count("changed") == 1
    assert emulator.state()["jobs"] == []


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


@pytest.mark.parametrize("name", ["astera_schedule", "astera_deploymnets"])
def test_a_misspelt_section_is_no_success(emulator, play, desired, name):
    result = play(BOOTSTRAP, variables={"astera_cluster": desired["astera_cluster"], name: []})
    assert not result.ok
    assert f"there is no variable {name} (did you mean" in result.output
    assert not emulator.requests


def test_names_of_ones_own(emulator, play, desired):
    variables = {"astera_cluster": desired["astera_cluster"], "astera_owner": "Kim"}
    warned = play(BOOTSTRAP, variables=variables)
    assert warned.ok
    assert "does not use the variables astera_owner" in " ".join(warned.output.split())
    silent = play(BOOTSTRAP, variables={**variables, "astera_known_variables": ["astera_owner"]})
    assert silent.ok
    assert "astera_owner" not in silent.output


def test_errors_name_variables(play, desired):
    variables = {"astera_cluster": desired["astera_cluster"], "astera_ca_path": "/nowhere.pem"}
    output = " ".join(play(BOOTSTRAP, variables=variables).output.split())
    assert "astera_ca_path" in output
    assert " ca_path" not in output
    variables = {"astera_cluster": desired["astera_cluster"], "astera_password": "{{ vault_astera_pasword }}"}
    output = " ".join(play(BOOTSTRAP, variables=variables).output.split())
    assert "astera_password has no value: " in output
    assert "'vault_astera_pasword' is undefined" in output


def test_files_are_not_looked_for_beside_our_playbooks(emulator, play, desired):
    for section, option in (("astera_license", "marker"), ("astera_deployments", "archive")):
        entry = desired[section] if section == "astera_license" else desired[section][0]
        given = {**entry, option: "{{ playbook_dir }}/x.car"}
        result = play(BOOTSTRAP, variables={section: given if section == "astera_license" else [given]})
        assert not result.ok
        assert "is in the folder of this collection's playbooks" in result.output
        assert "Use inventory_dir instead" in result.output
    assert not emulator.requests


def test_each_host_has_a_marker_beside_the_inventory(emulator, play, desired, tmp_path):
    del desired["astera_license"]["marker"]
    variables = {"astera_license": desired["astera_license"]}
    assert play(BOOTSTRAP, hosts=("one", "two"), variables=variables).ok
    assert sorted(path.name for path in tmp_path.rglob("*.license.json")) == ["one.license.json", "two.license.json"]
    again = play(BOOTSTRAP, hosts=("one", "two"), variables=variables)
    assert again.count("changed") == 0
    without = play(BOOTSTRAP, hosts=("one",), variables={**variables, "astera_license_marker": ""})
    assert without.count("changed") == 1
