"""The playbooks deploy and run_job, each role by itself, and the ways in which people run tasks."""

from __future__ import annotations

import datetime
import json
import os
import re
import shutil
import socket
import subprocess
import textwrap
from collections import Counter

import pytest
import requests
from ansible.parsing.vault import VaultLib, VaultSecret
from astera_emulator import Emulator

RUN_JOB = "astera.data_stack.run_job"
ON_ETL = ("-e", "astera_hosts=etl")
FLOW = r"C:\Flows\load_orders.wf"
ROLES = {
    "server_config": "astera_server_config",
    "license": "astera_license",
    "cluster": "astera_cluster",
    "deployments": "astera_deployments",
    "schedules": "astera_schedules",
    "jobs": "astera_jobs",
}


def test_a_release_is_one_line_of_the_inventory(emulator, play, desired, tmp_path):
    """Another release, and the old one again: deploy does it, and bootstrap and drift report agree with it."""
    for release in ("4.1", "4.2"):
        (tmp_path / f"orders-{release}.car").write_text(f"release {release}")
    desired["astera_deployments"][0]["archive"] = f"{tmp_path}/orders-{{{{ orders_release }}}}.car"
    variables = {name: desired[name] for name in ("astera_deployments", "astera_schedules")}
    variables |= {"astera_drift_report_dir": str(tmp_path / "drift"), "astera_drift_fail": True}
    both = [{"import_playbook": f"astera.data_stack.{name}"} for name in ("deploy", "bootstrap")]

    first = play("astera.data_stack.deploy", variables={**variables, "orders_release": "4.1"})
    assert first.ok, first.output
    assert first.count("changed") == 2
    assert [r.path for r in emulator.requests].count("/api/account/login") == 2
    for release in ("4.2", "4.1"):
        there = play(both, variables={**variables, "orders_release": release})
        assert there.ok, there.output
        assert there.count("changed") == 1, there.output
        assert "Changes: none" in there.output
        (deployment,) = emulator.state()["deployments"]
        assert emulator.files.read(deployment["clusterArchiveFilePath"]) == f"release {release}".encode()
    report = play("astera.data_stack.drift_report", variables={**variables, "orders_release": "4.1"})
    assert report.ok, report.output
    assert "No difference was found on 1 server." in report.output


@pytest.fixture
def inventory_entry(desired):
    """What the inventory says of the deployment, with a secret that is nobody's business."""
    (entry,) = desired["astera_deployments"]
    return {**entry, "comment": "from the inventory", "secret_extra_fields": {"pin": "canary-pin"}}


def test_deploy_one(emulator, play, desired, inventory_entry, tmp_path):
    """The archive from the test, the configuration of production, both named from where the command was started."""
    (tmp_path / "project" / "tested.car").write_bytes(b"tested")
    (tmp_path / "project" / "prod.cfg").write_text("SourceFolder=/prod\n")
    other = {**inventory_entry, "name": "Other"}
    variables = {
        "astera_deployments": [other, inventory_entry],
        "astera_schedules": desired["astera_schedules"],
        "astera_deploy_name": "Orders",
        "astera_deploy_archive": "tested.car",
        "astera_deploy_config": "prod.cfg",
        "astera_deploy_comment": "",
    }
    rehearsal = play("astera.data_stack.deploy", "--check", "--diff", "-vvv", variables=variables)
    assert rehearsal.ok, rehearsal.output
    assert not emulator.writes
    first = play("astera.data_stack.deploy", "-vvv", variables=variables)
    assert first.ok, first.output
    assert first.count("changed") == rehearsal.count("changed") == 1
    (deployment,) = emulator.state()["deployments"]
    assert (deployment["name"], deployment["comment"]) == ("Orders", "from the inventory")
    assert deployment["pin"] == "canary-pin"
    assert emulator.files.read(deployment["clusterArchiveFilePath"]) == b"tested"
    assert emulator.files.read(deployment["clusterConfigFilePath"]) == b"SourceFolder=/prod\n"
    assert emulator.state()["schedules"] == []
    for output in (rehearsal.output, first.output):
        # The variables stand in the inventory in plain text, but nobody prints them.
        assert "canary-pin" not in output
    assert "The inventory still says" not in rehearsal.output
    archive, config = r"archive: orders-\w{64}\.car", r"config: orders\.dev-\w{64}\.cfg"
    assert re.search(f"The inventory still says {archive}, {config}; the next bootstrap brings it back", first.output)


def test_deploy_one_as_the_inventory_says(emulator, play, inventory_entry, tmp_path):
    variables = {"astera_deployments": [inventory_entry], "astera_deploy_name": "Orders", "astera_deploy_archive": ""}
    result = play("astera.data_stack.deploy", variables=variables)
    assert result.ok, result.output
    assert [deployment["name"] for deployment in emulator.state()["deployments"]] == ["Orders"]
    # The same bytes under another name are what the inventory says, too.
    shutil.copy(inventory_entry["archive"], tmp_path / "project" / "same.car")
    again = play("astera.data_stack.deploy", variables={**variables, "astera_deploy_archive": "same.car"})
    assert again.ok, again.output
    assert again.count("changed") == 0
    assert "The inventory still says" not in again.output


#: What one host asks of deploy, and why not.
REFUSED = {
    "nameless": ({"astera_deploy_archive": "orders.car"}, "need astera_deploy_name, the name"),
    "misspelt": (
        {"astera_deploy_name": "Orders", "astera_deploy_achive": "o.car"},
        "did you mean astera_deploy_archive?",
    ),
    "unknown": ({"astera_deploy_name": "Nobody"}, "there is no entry 'Nobody'"),
    "fileless": ({"astera_deploy_name": "Orders", "astera_deploy_archive": "nosuch.car"}, "file not found"),
}


@pytest.mark.parametrize("limit", [[], ["--limit", "astera"]])
def test_deploy_one_refuses(emulator, play, desired, limit):
    variables = {"astera_deployments": desired["astera_deployments"]}
    hosts = {host: given for host, (given, _message) in REFUSED.items()}
    result = play("astera.data_stack.deploy", *limit, hosts=hosts, variables=variables)
    assert not result.ok
    said = {host: result.of_host(host).replace('\\"', '"') for host in REFUSED}
    assert {host: text for host, text in said.items() if REFUSED[host][1] not in text} == {}
    assert not emulator.writes


def test_run_job(emulator, play):
    """Also as a step of a workflow: AWX hands on what another run has published as an extra variable."""
    parameters = {"astera_run_job_parameters": {"Variables": {"sourceFilePath": "/out/a.csv"}}}
    published = {"astera_job": {"id": 7, "status": "Completed"}}
    given = json.dumps({**parameters, **published})
    result = play(RUN_JOB, *ON_ETL, "-e", f"astera_run_job_path={FLOW}", "-e", given)
    assert result.ok, result.output
    assert "Job:     1" in result.output
    assert "Status:  Completed" in result.output
    assert "Result:  succeeded" in result.output
    assert len(emulator.state()["jobs"]) == 1


def test_run_job_in_check_mode_starts_nothing(emulator, play):
    result = play(RUN_JOB, *ON_ETL, "--check", "-e", f"astera_run_job_path={FLOW}")
    assert result.ok, result.output
    assert "Status:  would be started" in result.output
    assert emulator.state()["jobs"] == []


def test_run_job_with_answers_of_a_survey(emulator, play):
    """Numbers and choices may come as texts, empty fields as such, and dates without quotes are no texts to YAML."""
    flows = {"quick": FLOW, "warned": r"C:\Flows\warned.wf", "typed": r"C:\Flows\typed.wf", "survey": FLOW}
    emulator.files.write(flows["warned"], b'<Flow seconds="0" outcome="Warned"/>')
    emulator.files.write(
        flows["typed"], b'<Flow><Variables><Variable name="a"/><Variable name="b"/></Variables></Flow>'
    )
    answers = {
        "quick": {"wait": "no"},
        "warned": {"success_statuses": "Warned,Skipped"},
        "typed": {"parameters": "Variables: {a: 2026-01-31, b: true}"},
        "survey": {
            "parameters": "Variables:\n  sourceFilePath: /out/a.csv\n",
            "wait": "",
            "wait_timeout": "60",
            "wait_interval": "",
            "on_timeout": "",
        },
    }
    book = [
        {
            "import_playbook": RUN_JOB,
            "vars": {
                "astera_run_job_path": flows[case],
                **{f"astera_run_job_{name}": value for name, value in given.items()},
            },
        }
        for case, given in answers.items()
    ]
    result = play(book, *ON_ETL)
    assert result.ok, result.output
    ends = dict(zip(answers, re.findall(r'"Result:  (.*)"', result.output), strict=True))
    assert ends == {**dict.fromkeys(answers, "succeeded"), "quick": "not known yet"}
    assert re.findall(r'"Job:     (\d+)"', result.output) == ["1", "2", "3", "4"]
    starts = [request.json for request in emulator.writes]
    values = {
        case: [item["Value"] for item in start.get("Parameters") or []]
        for case, start in zip(answers, starts, strict=True)
    }
    assert values == {"quick": [], "warned": [], "typed": ["2026-01-31", "true"], "survey": ["/out/a.csv"]}


def test_run_job_fails_when_the_job_does(emulator, play):
    emulator.files.write(FLOW, b'<Flow seconds="0.1" outcome="failed"/>')
    result = play(RUN_JOB, *ON_ETL, "-e", f"astera_run_job_path={FLOW}")
    assert not result.ok
    assert "ended as" in result.output
    assert "Status:  Error" in result.output
    assert "Result:  failed" in result.output
    assert "Reason:  job 1 ended as 'Error'" in result.output
    # Below all else.
    assert "TASK" not in result.output.partition("Reason:")[2]
    assert "Set astera_run_job_path" in play(RUN_JOB, *ON_ETL).output


def test_run_job_refuses_what_cannot_be(emulator, play):
    for more in ({"astera_run_job_on_timeout": "maybe"}, {"astera_run_job_path": "C:\\Flows\nosuch.wf"}):
        result = play(RUN_JOB, *ON_ETL, "-e", json.dumps({"astera_run_job_path": FLOW, **more}))
        assert not result.ok
        assert "must be one of: leave, terminate" in result.output or "control characters" in result.output
    assert emulator.state()["jobs"] == []


def test_run_job_ends_a_job_that_is_late(emulator, play):
    emulator.settings.terminate_operation = "POST /api/Job/{jobId}/Terminate"
    emulator.files.write(FLOW, b'<Flow seconds="60"/>')
    late = {"astera_run_job_path": FLOW, "astera_run_job_wait_timeout": "1", "astera_run_job_on_timeout": "terminate"}
    result = play(RUN_JOB, *ON_ETL, "-e", json.dumps(late))
    assert not result.ok
    assert "did not end within 1 s" in result.output
    assert "Result:  not ended in time" in result.output
    assert emulator.state()["jobs"][0]["status"] == "Terminated"


def test_a_job_wants_exactly_one_host(emulator, play):
    """Nothing is started twice because a play names a group, and a typing error is no success."""
    for hosts in ([], ["-e", "astera_hosts=nobody"], ["-e", "astera_hosts=all,localhost"]):
        result = play(RUN_JOB, "-e", f"astera_run_job_path={FLOW}", *hosts)
        assert not result.ok
        assert "matches exactly one host" in result.output
    assert "It matches etl, localhost." in result.output
    assert emulator.state()["jobs"] == []


def test_a_limit_does_not_get_past_that(emulator, play):
    more = ["-e", f"astera_run_job_path={FLOW}", "-e", "astera_hosts=astera", "--limit", "astera"]
    result = play(RUN_JOB, *more, hosts=("one", "two"))
    assert not result.ok
    assert "matches exactly one host" in result.output
    assert emulator.state()["jobs"] == []


def test_a_choice_that_is_text(emulator, play, tasks):
    """Extra variables and surveys send texts."""
    book = tasks({"ansible.builtin.include_role": {"name": "astera.data_stack.jobs"}}, module_defaults={})
    jobs = [{"path": FLOW, "wait_timeout": "60", "wait_interval": 0.1}] * 2
    result = play(book, "-e", "astera_jobs_together=false", variables={"astera_jobs": jobs})
    assert result.ok, result.output
    # The second one is started when the first one has ended.
    methods = "".join(r.method[0] for r in emulator.requests if r.path != "/api/account/login")
    assert re.fullmatch("PG+PG+", methods)


def test_the_table_of_what_was_started_and_is_not_seen(emulator, play, tasks):
    emulator.settings.forbidden = "GET /api/Job/1/Status"
    book = tasks({"ansible.builtin.include_role": {"name": "astera.data_stack.jobs"}}, module_defaults={})
    result = play(book, variables={"astera_jobs": [{"name": "A", "path": FLOW}, {"name": "B", "job_id": 1}]})
    assert not result.ok
    lines = [
        line.strip(' ",').split() for line in result.output.splitlines() if line.strip(' ",').startswith(("A ", "B "))
    ]
    assert [line[:3] for line in lines] == [["A", "1", "started"], ["B", "1", "unknown"]]


def test_each_job_has_its_own_times_and_dates(emulator, play, tasks):
    """What an entry does not say, the variables of the role say for all; a date without quotes is a text.

    Started together and one after the other, each on a host of its own.
    """
    book = tasks({"ansible.builtin.include_role": {"name": "astera.data_stack.jobs"}}, module_defaults={})
    variables = b"<Variables><Variable name='host'/><Variable name='day'/></Variables>"
    emulator.files.write(r"C:\Flows\slow.wf", b'<Flow seconds="60">' + variables + b"</Flow>")
    emulator.files.write(r"C:\Flows\dated.wf", b"<Flow>" + variables + b"</Flow>")
    parameters = {"Variables": {"host": "{{ inventory_hostname }}", "day": datetime.date(2026, 1, 31)}}
    jobs = [
        {"name": "late", "path": r"C:\Flows\slow.wf", "wait_timeout": "1", "parameters": parameters},
        {"name": "good", "path": r"C:\Flows\dated.wf", "parameters": parameters},
    ]
    hosts = {"together": {"astera_jobs_together": True}, "single": {"astera_jobs_together": False}}
    result = play(book, hosts=hosts, variables={"astera_jobs": jobs, "astera_jobs_wait_interval": 0.2})
    assert not result.ok
    for host in hosts:
        assert "did not end within 1 s" in result.of_host(host), host
    ends = {host: [] for host in hosts}
    for job in emulator.state()["jobs"]:
        sent = {parameter["parameterName"]: parameter["value"] for parameter in job["parameters"]}
        assert sent["day"] == "2026-01-31", sent
        ends[sent["host"]].append(job["status"])
    assert ends == {host: ["Running", "Completed"] for host in hosts}


@pytest.mark.parametrize("text", ["just words", "[a, b]"])
def test_parameters_that_are_no_dictionary(emulator, play, text):
    arguments = json.dumps({"astera_run_job_parameters": text, "astera_run_job_path": FLOW})
    result = play(RUN_JOB, *ON_ETL, "-e", arguments)
    assert not result.ok
    assert "parameters must be a dictionary" in result.output
    assert not emulator.requests


@pytest.mark.parametrize("playbook", ["bootstrap", "deploy"])
def test_a_choice_that_matches_nothing_is_a_failure(emulator, play, playbook):
    result = play(f"astera.data_stack.{playbook}", "-e", "astera_hosts=nobody")
    assert not result.ok
    assert "No host of the inventory matches nobody" in result.output


def logins_of(requests):
    """How often each role logged in: what it did with the token says which one it was."""
    counted, waiting = Counter(), 0
    for request in requests:
        if request.is_login:
            waiting += 1
        elif waiting:
            counted[request.path.split("/")[2].casefold()] += waiting
            waiting = 0
    return counted


def test_each_role_by_itself(emulator, play, desired):
    """Each in a play of its own, on a host of its own. In check mode, for real, and again."""
    emulator.put("deployment", {"name": "Orders", "clusterArchiveFilePath": r"C:\Deployment\a.car"})
    shared = {"connection": "local", "gather_facts": False}
    interpreter = {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    book = [{**shared, "hosts": role, "vars": interpreter, "roles": [f"astera.data_stack.{role}"]} for role in ROLES]
    hosts = {role: {variable: desired[variable]} for role, variable in ROLES.items()}
    rehearsal = play(book, "--check", hosts=hosts)
    assert rehearsal.ok, rehearsal.output
    assert not emulator.writes
    first = play(book, hosts=hosts)
    assert first.ok, first.output
    for result in (rehearsal, first):
        assert {role: result.changed(role) for role in ROLES} == dict.fromkeys(ROLES, 1)
    # The restart after a change of the properties ends the life of the token, so the module logs in once more. The
    # rehearsal of a license and of a job needs no request.
    assert logins_of(emulator.requests) == {
        "server": 3,
        "license": 1,
        "cluster": 2,
        "deployments": 2,
        "schedules": 2,
        "commandlineprocessor": 1,
    }
    again = play(book, "--limit", "all:!jobs", hosts=hosts)
    assert again.ok, again.output
    assert again.count("changed") == 0, again.output


def test_roles_of_one_play_share_one_login(emulator, play, desired, tasks):
    """For those who want it: the token of a login of their own."""
    book = tasks(
        {"astera.data_stack.astera_login": {}, "register": "login"},
        *(
            {"ansible.builtin.include_role": {"name": f"astera.data_stack.{role}"}}
            for role in ("cluster", "deployments")
        ),
    )
    # Evaluated in the tasks of the roles. Without an account nobody else could log in.
    variables = {**desired, "astera_token": "{{ login.token | default('') }}"}
    assert play(book, variables=variables).ok
    assert [r.path for r in emulator.requests].count("/api/account/login") == 1


def test_the_token_is_usable_and_never_shown(emulator, play, tasks):
    book = tasks(
        {"astera.data_stack.astera_login": {}, "register": "login"},
        {
            "astera.data_stack.astera_cluster": {
                "name": "WITH-TOKEN",
                "token": "{{ login.token }}",
                "username": "",
                "password": "",
            }
        },
        {"ansible.builtin.assert": {"that": ["login.token | length > 20", "login.expires_at is match('20')"]}},
    )
    result = play(book, "-vvvv", "--diff")
    assert result.ok, result.output
    assert emulator.state()["cluster"]["name"] == "WITH-TOKEN"
    assert "eyJ" not in result.output
    assert "canary" not in result.output.lower()


def test_a_failed_login_says_why(emulator, play, tasks):
    book = tasks({"astera.data_stack.astera_login": {"password": "canary-wrong"}})
    result = play(book, "-vvv")
    assert not result.ok
    assert "the login of user" in result.output
    assert "canary" not in result.output.lower()


def test_no_secret_at_any_verbosity(emulator, play, desired):
    variables = {name: desired[name] for name in ("astera_server_config", "astera_license", "astera_cluster")}
    variables["astera_cluster"]["extra_fields"] = {"mailSetup": {"password": "canary-mail-7"}}
    result = play("astera.data_stack.bootstrap", "-vvvv", "--diff", variables=variables)
    assert result.ok, result.output
    assert emulator.state()["cluster"]["mailSetup"]["password"] == "canary-mail-7"
    leaks = [line for line in result.output.splitlines() if "canary" in line.lower()]
    assert [line for line in leaks if "canary-mail-7" not in line] == []


def test_ways_to_run_a_task(emulator, play, tasks):
    group = "astera.data_stack.astera_cluster"
    connection = {
        "ASTERA_SERVER_URL": "{{ astera_server_url }}",
        "ASTERA_USERNAME": "admin",
        "ASTERA_PASSWORD": "{{ astera_password }}",
        "ASTERA_CA_PATH": "{{ astera_ca_path }}",
    }
    book = tasks(
        {"name": "environment", group: {"name": "ONE"}, "environment": connection},
        {"name": "delegated", group: {"name": "TWO"}, "delegate_to": "localhost"},
        {"name": "looped", group: {"purge_job_info_after": "{{ item }}"}, "loop": [11, 12, 12], "register": "looped"},
        {"ansible.builtin.assert": {"that": "looped.results | map(attribute='changed') == [true, true, false]"}},
        {"name": "async", group: {"name": "THREE"}, "async": 30, "poll": 1},
        {"name": "registered", group: {"name": "THREE"}, "register": "same"},
        {"ansible.builtin.assert": {"that": "same is not changed"}},
        {"name": "refused", group: {"purge_job_info_after": -1}, "register": "bad", "ignore_errors": True},
        {"ansible.builtin.assert": {"that": "bad.error.kind == 'input'"}},
    )
    result = play(book)
    assert result.ok, result.output
    assert emulator.state()["cluster"]["name"] == "THREE"


def test_the_environment_alone(emulator, play, tasks):
    env = {
        "ASTERA_SERVER_URL": emulator.url,
        "ASTERA_USERNAME": "admin",
        "ASTERA_PASSWORD": "canary-password-7",
        "ASTERA_CA_PATH": emulator.ca_path,
        "ASTERA_RETRIES": "0",
        "ASTERA_REQUEST_TIMEOUT": "5",
    }
    book = tasks({"astera.data_stack.astera_cluster": {"name": "ENV"}}, module_defaults={})
    assert play(book, env=env).ok
    assert emulator.state()["cluster"]["name"] == "ENV"


def test_vaulted_variables(emulator, play, tmp_path, tasks):
    key = tmp_path / "vault-key"
    key.write_text("vault")
    secret = VaultLib([("default", VaultSecret(b"vault"))]).encrypt("canary-password-7").decode()
    variables = tmp_path / "secrets.yml"
    variables.write_text("astera_password: !vault |\n" + textwrap.indent(secret, "  "))
    book = tasks({"astera.data_stack.astera_cluster": {"name": "VAULT"}})
    result = play(
        book, "--vault-password-file", str(key), "-e", f"@{variables}", "-vvvv", variables={"astera_password": "x"}
    )
    assert result.ok, result.output
    assert "canary" not in result.output.lower()


@pytest.fixture
def runner(emulator, tmp_path):
    """Runs a playbook the way AWX does: a private data directory, injected environment, extra variables."""
    data = tmp_path / "runner"
    (data / "inventory").mkdir(parents=True)
    (data / "env").mkdir()
    (data / "inventory" / "hosts").write_text("[astera]\netl\n")
    credential = {
        "ASTERA_SERVER_URL": emulator.url,
        "ASTERA_USERNAME": "admin",
        "ASTERA_PASSWORD": "canary-password-7",
        "ASTERA_CA_PATH": emulator.ca_path,
    }
    (data / "env" / "envvars").write_text(json.dumps(credential))

    def run(playbook, variables, cmdline=""):
        (data / "env" / "cmdline").write_text(cmdline)
        (data / "env" / "extravars").write_text(json.dumps(variables))
        number = len(list((data / "artifacts").glob("*"))) if (data / "artifacts").exists() else 0
        command = ["ansible-runner", "run", str(data), "-p", f"astera.data_stack.{playbook}", "--ident", str(number)]
        done = subprocess.run(command, text=True, capture_output=True, check=False, env=os.environ, timeout=300)
        events = [json.loads(path.read_text()) for path in (data / "artifacts" / str(number)).rglob("*.json")]
        assert "eyJ" not in str(events)
        assert "canary" not in str(events).lower()
        return done.returncode, done.stdout, events

    return run


@pytest.mark.thorough
def test_under_ansible_runner(emulator, runner):
    for changed in (1, 0):
        status, output, _events = runner("bootstrap", {"astera_cluster": {"name": "RUNNER"}})
        assert status == 0, output
        assert f"changed={changed}" in output
    assert emulator.state()["cluster"]["name"] == "RUNNER"


@pytest.mark.thorough
def test_run_job_under_ansible_runner(emulator, runner):
    """As a job template with a survey, whose numbers and choices may come as texts and whose empty fields as such."""
    survey = {
        "astera_hosts": "etl",
        "astera_run_job_path": FLOW,
        "astera_run_job_parameters": "Variables: {sourceFilePath: /out/a.csv}",
        "astera_run_job_wait": "true",
        "astera_run_job_wait_timeout": "60",
        "astera_run_job_wait_interval": "",
        "astera_run_job_on_timeout": "",
    }
    status, output, _events = runner("run_job", survey, "--check")
    assert status == 0, output
    assert emulator.state()["jobs"] == []
    status, output, events = runner("run_job", survey)
    assert status == 0, output
    assert "Result:  succeeded" in output
    (stats,) = [event["event_data"] for event in events if event.get("event") == "playbook_on_stats"]
    assert stats["artifact_data"]["astera_job"]["id"] == 1
    assert stats["artifact_data"]["astera_job"]["succeeded"] is True
    emulator.files.write(
        FLOW, b'<Flow outcome="failed"><Variables><Variable name="sourceFilePath"/></Variables></Flow>'
    )
    status, output, events = runner("run_job", survey)
    assert status != 0
    assert "Status:  Error" in output
    assert "Result:  failed" in output


def test_two_servers_in_one_run(emulator, play, tasks, tmp_path, archive_of):
    """Neither the session nor the ids of one server may be used with another one."""
    with Emulator(tmp_path / "second", settings={"password": "canary-password-7"}) as second:
        second.put("deployment", {"name": "Other", "clusterArchiveFilePath": r"C:\Deployment\o.car"})
        shared = {
            "connection": "local",
            "hosts": "astera",
            "gather_facts": False,
            "roles": [{"role": "astera.data_stack.deployments"}, {"role": "astera.data_stack.schedules"}],
        }
        desired = {
            "ansible_python_interpreter": "{{ ansible_playbook_python }}",
            "astera_deployments": [{"name": "Orders", "archive": archive_of("orders.car")}],
            "astera_schedules": [{"name": "S", "deployment": "Orders", "daily": {"at": "04:30"}}],
        }
        book = [
            {**shared, "vars": desired},
            {**shared, "vars": {**desired, "astera_server_url": second.url, "astera_ca_path": second.ca_path}},
        ]
        # The inventory's variables yield to those of a play, which name the second server.
        result = play(book)
        assert result.ok, result.output
        for server in (emulator, second):
            orders = next(d for d in server.state()["deployments"] if d["name"] == "Orders")
            assert [s["deploymentId"] for s in server.state()["schedules"]] == [orders["id"]]
            assert [r.status for r in server.requests if r.status == 401] == []


@pytest.fixture
def archive_of(tmp_path):
    def make(name):
        path = tmp_path / name
        path.write_bytes(b"archive")
        return str(path)

    return make


def test_a_role_by_itself_says_why_the_login_failed(emulator, play, tasks):
    book = tasks({"ansible.builtin.include_role": {"name": "astera.data_stack.cluster"}}, module_defaults={})
    result = play(book, variables={"astera_cluster": {"name": "X"}, "astera_password": "canary-wrong"})
    assert not result.ok
    assert "was rejected" in result.output
    assert "canary" not in result.output.lower()


def test_a_token_in_the_environment_of_the_task(emulator, play, tasks):
    token = requests.post(
        f"{emulator.url}/api/account/login",
        json={"User": "admin", "Password": "canary-password-7", "RememberMe": True},
        verify=emulator.ca_path,
        timeout=5,
    ).json()["access_token"]
    book = tasks(
        {
            "ansible.builtin.include_role": {
                "name": "astera.data_stack.cluster",
                "apply": {"environment": {"ASTERA_TOKEN": token}},
            }
        },
        module_defaults={},
    )
    variables = {"astera_cluster": {"name": "ENV-TOKEN"}, "astera_username": "", "astera_password": ""}
    result = play(book, variables=variables)
    assert result.ok, result.output
    assert emulator.state()["cluster"]["name"] == "ENV-TOKEN"


def test_empty_values_of_a_survey(emulator, play):
    names = ("token", "validate_certs", "allow_http", "request_timeout", "retries")
    empty = {f"astera_{name}": "" for name in names}
    variables = {**empty, "astera_cluster": {"name": "SURVEY"}, "astera_jobs": None, "astera_schedules": []}
    result = play("astera.data_stack.bootstrap", variables=variables)
    assert result.ok, result.output
    assert emulator.state()["cluster"]["name"] == "SURVEY"


def test_a_server_that_moves_stops_the_bootstrap_at_once(emulator, play, desired):
    emulator.settings.port_change = "rebind"
    old = int(emulator.url.rpartition(":")[2])
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = {"port": port, "wait_interval": 0.1, "repository": {"password": "initial-secret"}}
    try:
        result = play(
            "astera.data_stack.bootstrap", variables={"astera_server_config": config, "astera_cluster": {"name": "X"}}
        )
        assert not result.ok
        assert f"the server now responds at https://localhost:{port}" in " ".join(result.output.split())
    finally:
        emulator.put("config", {"port": old})
        emulator.restart(0.05)


def test_secure_logging_hides_items_and_parameters(emulator, play):
    job = {"path": FLOW, "wait_interval": 0.1, "parameters": {"Variables": {"sourceFilePath": "canary-parameter"}}}
    result = play(
        "astera.data_stack.bootstrap",
        "-vvv",
        variables={"astera_jobs": [job], "astera_jobs_run": "always", "astera_secure_logging": True},
    )
    assert result.ok, result.output
    assert "canary" not in result.output.lower()


def test_timestamps_without_quotes(emulator, play, tmp_path, archive_of):
    """YAML reads them as dates, which every core must pass on."""
    variables = tmp_path / "vars.yml"
    variables.write_text(
        "astera_schedules:\n  - {name: S, file: 'C:\\a.wf', active: , daily: {start_time: 2026-12-01T04:30:00Z}}\n"
    )
    result = play("astera.data_stack.deploy", "-e", f"@{variables}")
    assert result.ok, result.output
    assert play("astera.data_stack.deploy", "-e", f"@{variables}").count("changed") == 0
