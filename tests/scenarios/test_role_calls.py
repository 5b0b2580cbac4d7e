"""How people call roles: what they put into variables, and where, arrives at the server, or the task says why not.

One run of ansible-playbook calls many roles, each on a host of its own with variables of its own. All hosts stand for
one emulated server. What is checked is what reached it, and what the roles registered.
"""

from __future__ import annotations

import base64
import datetime
import json
import re
import unicodedata
import venv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.parsing.vault import VaultLib, VaultSecret
from astera_emulator import Emulator

PASSWORD = "canary-password-7"
STARTS = "CommandLineProcessor"
FLOW = r"C:\Flows\load_orders.wf"
ROLES = ("server_config", "cluster", "license", "deployments", "schedules", "jobs", "bootstrap")
#: What a value is that nobody gave.
OMIT = "{{ nobody_sets_this | default(omit) }}"
VAULT_PASSWORD = b"vault"


# -- variables as people write them ------------------------------------------------------------------------------------


class Vaulted(str):
    """A text that the file of variables holds encrypted."""


class Unsafe(str):
    """A text that Ansible must not take for a template."""


class Dumper(yaml.SafeDumper):
    """Writes YAML with the tags of Ansible, dates without quotes, and the same value twice rather than a reference."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def encrypted(data: bytes) -> str:
    vault = VaultLib([("default", VaultSecret(VAULT_PASSWORD))])
    return vault.encrypt(data, VaultSecret(VAULT_PASSWORD)).decode()


Dumper.add_representer(
    Vaulted, lambda dumper, text: dumper.represent_scalar("!vault", encrypted(str.__str__(text).encode()), style="|")
)
Dumper.add_representer(Unsafe, lambda dumper, text: dumper.represent_scalar("!unsafe", str.__str__(text), style="'"))


def as_yaml(value: Any) -> str:
    return yaml.dump(value, Dumper=Dumper, sort_keys=False, allow_unicode=True)


# -- runs --------------------------------------------------------------------------------------------------------------


class Call(dict):
    """What came of a role on one host: ``failed`` (null or the message), ``error``, ``astera_failed``, ``results``."""

    @property
    def result(self) -> Any:
        """What the only role registered."""
        (result,) = self["results"].values()
        return result


class Calls(dict):
    """What came of all calls by host, and the output of the run."""

    output = ""
    status = 0

    def must_succeed(self, *hosts: str) -> None:
        """All calls came to an end and none failed; without names, of all hosts."""
        failed = {host: call["failed"] for host, call in self.items() if call["failed"] is not None}
        missing = set(hosts) - set(self)
        assert not failed, "\n".join(f"{host}: {message[:500]}" for host, message in failed.items())
        assert self, self.output
        assert not missing, (missing, self.output)


def connected(emulator: Emulator) -> dict[str, Any]:
    return {
        "astera_server_url": emulator.url,
        "astera_username": "admin",
        "astera_password": PASSWORD,
        "astera_ca_path": emulator.ca_path,
        "astera_retries": 1,
    }


def in_environment(emulator: Emulator, **changed: str) -> dict[str, str]:
    variables = {name.upper(): str(value) for name, value in connected(emulator).items()}
    return {**variables, **changed}


def noted(*tasks: dict[str, Any]) -> list[dict[str, Any]]:
    """The tasks, and one that prints what came of them so that a test can read it."""
    results = ", ".join(f"'{name}': astera_{name}_result | default(none)" for name in (*ROLES[:-1], "export"))
    message = "(astera_failed | default({})).msg | default(ansible_failed_result.msg) | default('no message')"
    failure = {
        "call_failed": f"{{{{ {message} }}}}",
        "call_error": "{{ ansible_failed_result.error | default({}) }}",
    }
    content = (
        "{'host': inventory_hostname, 'failed': call_failed | default(none), 'error': call_error | default({}),"
        f" 'astera_failed': astera_failed | default(none), 'results': {{{results}}}}}"
    )
    return [
        {"block": list(tasks), "rescue": [{"ansible.builtin.set_fact": failure}]},
        {"ansible.builtin.debug": {"msg": f"CALLED {{{{ {content} | to_json | b64encode }}}}"}},
    ]


def role(name: str, **keywords: Any) -> dict[str, Any]:
    """A task that includes a role."""
    return {"ansible.builtin.include_role": {"name": f"astera.data_stack.{name}"}, **keywords}


def a_play(*tasks: dict[str, Any], **keywords: Any) -> dict[str, Any]:
    """A play on the servers of the inventory, run from the controller."""
    return {
        "hosts": "servers",
        "connection": "local",
        "gather_facts": False,
        "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
        "tasks": list(tasks),
        **keywords,
    }


def called(output: str) -> Iterator[tuple[str, Call]]:
    for text in re.findall(r"CALLED ([A-Za-z0-9+/=]+)", output):
        found = json.loads(base64.b64decode(text))
        found["results"] = {name: result for name, result in found["results"].items() if result is not None}
        yield found.pop("host"), Call(found)


@pytest.fixture
def call(launch: Any, emulator: Emulator, tmp_path: Path) -> Callable[..., Calls]:
    """Run plays on servers: a dictionary of hosts, each with its variables. ``role`` among them says what is called."""
    key = tmp_path / "vault-password"
    key.write_bytes(VAULT_PASSWORD)

    def caller(
        hosts: dict[str, dict[str, Any]],
        *arguments: str,
        plays: Any = None,
        shared: dict[str, Any] | None = None,
        env: dict[str, str] | None = None,
    ) -> Calls:
        variables = connected(emulator) if shared is None else shared
        inventory = tmp_path / "servers.yml"
        inventory.write_text(as_yaml({"servers": {"hosts": hosts, "vars": variables}}))
        book = plays or [a_play(*noted(role("{{ role }}")), strategy="ansible.builtin.free")]
        run = launch(
            book, "-i", str(inventory), "--vault-password-file", str(key), *arguments, hosts=(), env=env
        ).wait()
        calls = Calls(called(run.output))
        calls.output, calls.status = run.output, run.status
        assert "Traceback" not in run.output, run.output[-3000:]
        return calls

    return caller


@pytest.fixture
def second(tmp_path: Path) -> Iterator[Emulator]:
    """Another server, which has another account."""
    settings = {"username": "auditor", "password": "canary-auditor-7"}
    with Emulator(tmp_path / "second", settings=settings) as emulator:
        yield emulator


@pytest.fixture
def archive(tmp_path: Path) -> str:
    path = tmp_path / "orders.car"
    path.write_bytes(b"archive")
    return str(path)


@pytest.fixture
def config(tmp_path: Path) -> str:
    path = tmp_path / "orders.cfg"
    path.write_text("SourceFolder=/in\n")
    return str(path)


#: Every case in-process and as an ordinary module, which takes much longer.
both_ways = pytest.mark.parametrize(
    "in_process", [True, pytest.param(False, marks=pytest.mark.thorough)], ids=["in-process", "module"]
)


def posted(emulator: Emulator, path: str) -> list[Any]:
    """The bodies of the writes to one address."""
    return [request.json for request in emulator.writes if request.path.casefold() == f"/api/{path}".casefold()]


def body_with(emulator: Emulator, path: str, **fields: Any) -> dict[str, Any]:
    """The last body that has these fields, in any casing."""
    bodies = [{name.casefold(): value for name, value in body.items()} for body in posted(emulator, path)]
    found = [body for body in bodies if all(body.get(name.casefold()) == value for name, value in fields.items())]
    assert found, (fields, bodies)
    return found[-1]


# -- values ------------------------------------------------------------------------------------------------------------


def nothing(archive: str, v: Any, text: Any) -> dict[str, dict[str, Any]]:
    """Variables of each role where all that may be left out is there without a value: ``v``, and ``text`` for texts."""
    deployment = {"archive": archive, "config": v, "id": v, "new_name": text, "comment": text, "encrypt_files": v}
    deployment |= {"active": v, "state": v, "extra_fields": v, "secret_extra_fields": v}
    schedule = {"file": FLOW, "id": v, "deployment_id": v, "deployment": text, "like": text, "trace_level": v}
    schedule |= {
        "skip_if_running": v,
        "active": v,
        "schedule": v,
        "state": v,
        "daily": {"at": "04:30", "start_time": text},
    }
    job = {"path": FLOW, "parameters": v, "secret_parameters": v, "job_id": v, "success_statuses": v}
    job |= {"running_statuses": v, "wait": v, "wait_timeout": v, "wait_interval": 0.1, "on_timeout": v}
    cluster = {"send_error_info": v, "purge_job_info_after": v, "staging_directory": text, "pause_all_servers": v}
    cluster |= {"share_file_system": v, "extra_fields": v, "secret_extra_fields": v}
    lists = {"astera_continue_on_error": v, "astera_openapi_path": v, "astera_throttle": v, "astera_secure_logging": v}
    return {
        "server_config": {
            "astera_server_config": {
                "server_profile": "ServerProfile2",
                "port": v,
                "config_parameters": v,
                "repository": {
                    "server": "sql01",
                    "port": v,
                    "is_repository": v,
                    "user": text,
                    "password": "canary-repository-7",
                },
                "update_password": v,
                "authenticate": v,
                "wait": v,
                "wait_timeout": v,
                "wait_interval": v,
                "extra_fields": v,
            }
        },
        "cluster": {"astera_cluster": {"name": "cluster", **cluster}, "astera_throttle": v},
        "license": {
            "astera_license": {
                "user": "Jane Doe",
                "organization": "Example Ltd",
                "key": "CANARY-LICENSE-7",
                "activate": v,
                "marker": v,
                "update": v,
                "body_form": v,
            }
        },
        "deployments": {
            "astera_deployments": [{"name": "deployments", **deployment}],
            "astera_deployments_unlisted": v,
            **lists,
        },
        "schedules": {
            "astera_schedules": [{"name": "schedules", **schedule}],
            "astera_schedules_unlisted": v,
            **lists,
        },
        "jobs": {
            "astera_jobs": [job],
            "astera_jobs_only": v,
            "astera_jobs_together": v,
            "astera_jobs_wait": v,
            "astera_jobs_wait_timeout": v,
            "astera_jobs_wait_interval": v,
            "astera_jobs_on_timeout": v,
        },
        "bootstrap": {
            "astera_server_config": v,
            "astera_license": v,
            "astera_cluster": {"purge_event_info_after": 77, **cluster},
            "astera_deployments": [{"name": "bootstrap", **deployment}],
            "astera_schedules": v,
            "astera_jobs": [job],
            "astera_jobs_run": v,
            "astera_ready_timeout": v,
            "astera_jobs_only": v,
            "astera_jobs_together": v,
            **lists,
        },
    }


CONNECTION_OPTIONS = ("token", "validate_certs", "allow_http", "request_timeout", "retries")


@both_ways
@pytest.mark.parametrize("value", [None, ""], ids=["null", "empty text"])
def test_no_value_is_the_default(emulator, call, archive, value, in_process):
    """Answers that a survey leaves open, and keys without a value."""
    emulator.settings.restart_after_config = "none"
    hosts = {name: {"role": name, **given} for name, given in nothing(archive, value, None).items()}
    hosts["connection"] = {"role": "cluster", "astera_cluster": {"purge_job_info_after": 33}}
    hosts["connection"] |= {f"astera_{name}": value for name in CONNECTION_OPTIONS}
    calls = call(hosts, shared={**connected(emulator), "astera_in_process": in_process})
    calls.must_succeed(*hosts)
    state = emulator.state()
    assert state["config"]["serverProfile"] == "ServerProfile2"
    cluster = state["cluster"]
    assert (cluster["name"], cluster["purgeEventInfoAfter"], cluster["purgeJobInfoAfter"]) == ("cluster", 77, 33)
    assert state["license"]["activated"]
    assert sorted(item["name"] for item in state["deployments"]) == ["bootstrap", "deployments"]
    assert [item["name"] for item in state["schedules"]] == ["schedules"]
    assert [item["isActive"] for item in state["deployments"] + state["schedules"]] == [True] * 3
    assert [job["status"] for job in state["jobs"]] == ["Completed"] * 2


@both_ways
def test_omit_is_left_out(emulator, call, archive, in_process):
    """``default(omit)`` inside of a dictionary or of an entry of a list, where Ansible itself does nothing about it."""
    emulator.settings.restart_after_config = "none"
    given = nothing(archive, OMIT, OMIT)
    roles_own = ("_run", "_together", "_unlisted", "_wait", "_timeout", "_interval", "_error", "_path", "_throttle")
    hosts = {
        name: {
            "role": name,
            **{key: value for key, value in variables.items() if not key.endswith((*roles_own, "_logging"))},
        }
        for name, variables in given.items()
    }
    hosts["bootstrap"] |= {"astera_server_config": None, "astera_license": None, "astera_schedules": None}
    flow = b'<Flow><Variables><Variable name="a"/><Variable name="b"/></Variables></Flow>'
    emulator.files.write(FLOW, flow)
    hosts["jobs"]["astera_jobs"][0]["parameters"] = {"Variables": {"a": OMIT, "b": "given"}}
    hosts["connection"] = {"role": "cluster", "astera_cluster": {"purge_job_info_after": 33}}
    hosts["connection"] |= {f"astera_{name}": OMIT for name in CONNECTION_OPTIONS}
    calls = call(hosts, shared={**connected(emulator), "astera_in_process": in_process})
    calls.must_succeed(*hosts)
    state = emulator.state()
    assert sorted(item["name"] for item in state["deployments"]) == ["bootstrap", "deployments"]
    assert [item["name"] for item in state["schedules"]] == ["schedules"]
    sent = json.dumps([request.json for request in emulator.writes])
    assert re.findall(r"omit_place|<<Omit|OmitType", sent) == []
    sent = [body["Parameters"] for body in posted(emulator, STARTS) if body.get("Parameters")]
    assert [[item["Value"] for item in parameters] for parameters in sent] == [["given"]] * 2, sent


@both_ways
def test_values_of_all_kinds_arrive(emulator, call, archive, tmp_path, in_process):
    """Texts for booleans and numbers, numbers for names, encrypted values, dates without quotes, lookups, templates."""
    emulator.settings.restart_after_config = "none"
    emulator.settings.config_without_token = "yes"
    flow = "<Flow><Variables>{}</Variables></Flow>".format("".join(f'<Variable name="{name}"/>' for name in "abcdefg"))
    emulator.files.write(FLOW, flow.encode())
    day, moment = datetime.date(2026, 1, 31), datetime.datetime(2026, 12, 1, 4, 30, tzinfo=datetime.timezone.utc)
    parameters = {
        "a": day,
        "b": Vaulted("canary-vault-7"),
        "c": "{{ lookup('ansible.builtin.pipe', 'echo looked up') }}",
        "d": 1.5,
        "e": "{{ 1 + 1 }}",
        "f": "{{ (['x', 'y'] + ['y', 'z']) | unique | join(',') }}",
        "g": Unsafe("{{ not a template }}"),
    }
    job = {"path": Unsafe(FLOW), "parameters": {"Variables": parameters}, "wait": "yes", "wait_timeout": "60"}
    job |= {"wait_interval": "0.1"}
    deployment = {"archive": archive, "encrypt_files": "no", "active": "{{ 'servers' in group_names }}"}
    schedule = {"file": FLOW, "skip_if_running": "yes", "active": "no", "daily": {"start_time": moment}}
    license_key = {"key": Vaulted("CANARY-LICENSE-7"), "activate": "yes", "organization": 2024}
    hosts = {
        "server_config": {
            "astera_server_config": {
                "authenticate": "no",
                "server_profile": Vaulted("ServerProfile2"),
                "wait": "off",
                "repository": {
                    "server": "{{ lookup('ansible.builtin.pipe', 'echo sql01') }}",
                    "port": "14330",
                    "database": 2024,
                    "is_repository": "yes",
                    "password": Vaulted("canary-repository-7"),
                },
                "extra_fields": {"since": day, "at": moment, "ratio": 1.5, "none": None},
            }
        },
        "cluster": {
            "astera_cluster": {
                "name": 2024,
                "send_error_info": "no",
                "pause_all_servers": "{{ 1 == 2 }}",
                "purge_job_info_after": "{{ 15 * 2 }}",
                "deployment_directory": Vaulted(r"C:\Vaulted"),
                "staging_directory": "{{ lookup('ansible.builtin.pipe', 'echo C:/Staging') }}",
            }
        },
        "license": {"astera_license": {"user": day, **license_key}},
        "deployments": {
            "astera_deployments": [
                {"name": 2024, "comment": day, **deployment},
                {"name": Vaulted("Vaulted"), "comment": 1.5, **deployment},
                {"name": Unsafe("{{ unsafe }}"), **deployment},
            ]
        },
        "schedules": {"astera_schedules": [{"name": 2024, **schedule}, {"name": Vaulted("Vaulted"), **schedule}]},
        "jobs": {"astera_jobs": [job]},
        "together": {
            "astera_jobs": [{"path": FLOW, "parameters": {"Variables": parameters}}],
            "role": "jobs",
            "astera_jobs_together": "yes",
            "astera_jobs_wait_interval": "0.1",
        },
        "bootstrap": {
            "astera_cluster": {"purge_event_info_after": "77"},
            "astera_deployments": [{"name": 2025, **deployment}],
            "astera_schedules": [{"name": 2025, **schedule}],
            "astera_jobs": [job],
            "astera_jobs_run": "always",
            "astera_ready_timeout": "60",
        },
    }
    shared = {
        **connected(emulator),
        "astera_password": Vaulted(PASSWORD),
        "astera_validate_certs": "yes",
        "astera_request_timeout": "20",
        "astera_retries": "1",
        "astera_secure_logging": "no",
        "astera_in_process": in_process,
    }
    calls = call({name: {"role": name, **given} for name, given in hosts.items()}, shared=shared)
    calls.must_succeed(*hosts)
    state = emulator.state()
    config = state["config"]
    assert (config["serverProfile"], config["since"], config["ratio"]) == ("ServerProfile2", "2026-01-31", 1.5)
    shown = {name: config["serverDbInfo"][name] for name in ("server", "port", "database", "isRepository", "password")}
    assert shown == {
        "server": "sql01",
        "port": 14330,
        "database": "2024",
        "isRepository": True,
        "password": "canary-repository-7",
    }
    cluster = state["cluster"]
    assert cluster["name"] == "2024"
    assert (cluster["sendErrorInfoToAstera"], cluster["purgeJobInfoAfter"], cluster["purgeEventInfoAfter"]) == (
        False,
        30,
        77,
    )
    assert (cluster["deploymentDirectory"]["path"], cluster["stagingDirectory"]["path"]) == (
        r"C:\Vaulted",
        r"C:\Staging",
    )
    assert (state["license"]["user"], state["license"]["organization"]) == ("2026-01-31", "2024")
    comments = {item["name"]: item["comment"] for item in state["deployments"]}
    assert comments == {"2024": "2026-01-31", "2025": "", "Vaulted": "1.5", "{{ unsafe }}": ""}
    assert sorted(item["name"] for item in state["schedules"]) == ["2024", "2025", "Vaulted"]
    for item in state["schedules"]:
        assert (item["isActive"], item["skipIfRunning"]) == (False, True)
    values = [[item["Value"] for item in body["Parameters"]] for body in posted(emulator, STARTS)]
    right = ["2026-01-31", "canary-vault-7", "looked up", "1.5", "2", "x,y,z", "{{ not a template }}"]
    assert values == [right] * 3


# -- loops -------------------------------------------------------------------------------------------------------------


def test_entries_of_lists_name_operations(emulator, call):
    """Without a document, and checked before the first request of a bootstrap."""
    emulator.settings.delete_deployment_operation = "POST /api/Things/{number}/Erase"
    emulator.settings.delete_schedule_operation = "PUT /api/Plans/{number}/Erase"
    emulator.settings.trace_operation = "GET /api/Work/{number}/Notes"
    emulator.settings.openapi_path = "/nowhere.json"
    emulator.put("deployment", {"name": "Old", "clusterArchiveFilePath": r"C:\Deployment\a.car"})
    emulator.put("schedule", {"name": "Old", "isFile": True})
    gone = {"name": "Old", "state": "absent"}
    variables = {
        "astera_deployments": [{**gone, "delete_operation": "POST /api/Things/{id}/Erase"}],
        "astera_schedules": [{**gone, "delete_operation": "PUT /api/Plans/{id}/Erase"}],
        "astera_jobs": [{"path": r"C:\Flows\none.wf", "trace_operation": "GET /api/Work/{id}/Notes"}],
        "astera_jobs_wait_interval": 0.1,
        "role": "bootstrap",
    }
    wrong = {"astera_schedules": [{**gone, "delete_operation": "DELETE /api/Plans?id={id}"}]}
    rejected = call({"etl": {**variables, **wrong}})["etl"]
    assert "delete_operation must be a method and a path" in rejected["failed"]
    assert not emulator.requests
    done = call({"etl": variables})["etl"]
    assert emulator.state()["deployments"] == emulator.state()["schedules"] == []
    assert done["results"]["jobs"]["results"][0]["job"]["trace"]


def test_roles_in_loops_of_any_variable(emulator, call, archive):
    """The variables of a role are templates that use the caller's ``item``, which the role must not change."""
    flows = [rf"C:\Flows\{number}.wf" for number in range(4)]
    for flow in flows:
        emulator.files.write(flow, b"<Flow/>")
    job = {"path": "{{ flows[item] }}", "wait_interval": 0.1}
    schedule = {"name": "{{ item }}", "file": FLOW, "daily": {"at": "04:30"}}
    tasks = [
        role("jobs", vars={"astera_jobs": [job]}, loop=[1]),
        role("jobs", vars={"astera_jobs": [{"path": job["path"]}], "astera_jobs_together": True}, loop=[2]),
        role("jobs", vars={"astera_jobs": "{{ item }}"}, loop=[[{"path": flows[3]}]]),
        role("deployments", vars={"astera_deployments": [{"name": "{{ item }}", "archive": archive}]}, loop=["A", "B"]),
        role("schedules", vars={"astera_schedules": [schedule]}, loop=["A", "B"]),
        role("cluster", vars={"astera_cluster": "{{ item.value }}"}, loop="{{ clusters | dict2items }}"),
        role(
            "bootstrap",
            vars={"astera_cluster": {"name": "{{ item }}"}, "astera_schedules": [schedule]},
            loop=["C", "D"],
            loop_control={"index_var": "index", "label": "one"},
        ),
    ]
    plays = [a_play(*noted(task), hosts=f"case{number}") for number, task in enumerate(tasks)]
    clusters = {"one": {"purge_job_info_after": 11}, "two": {"purge_event_info_after": 12}}
    variables = {"flows": flows, "clusters": clusters}
    calls = call({f"case{number}": variables for number in range(len(tasks))}, plays=plays)
    calls.must_succeed(*(f"case{number}" for number in range(len(tasks))))
    state = emulator.state()
    assert [job["filePath"] for job in state["jobs"]] == flows[1:]
    assert [item["name"] for item in state["deployments"]] == ["A", "B"]
    assert [item["name"] for item in state["schedules"]] == ["A", "B", "C", "D"]
    cluster = state["cluster"]
    assert (cluster["name"], cluster["purgeJobInfoAfter"], cluster["purgeEventInfoAfter"]) == ("D", 11, 12)


@pytest.mark.thorough
def test_roles_that_write_files_in_loops(call, tmp_path):
    """The path of each file is a template, too."""
    reports, exports = tmp_path / "reports", tmp_path / "exports"
    tasks = [
        role("drift_report", vars={"astera_drift_report_dir": f"{reports}/{{{{ item }}}}"}, loop=["A", "B"]),
        role("export", vars={"astera_export_path": f"{exports}/{{{{ item }}}}.yml"}, loop=["A", "B"]),
    ]
    call({"etl": {"astera_cluster": {"name": "CALLED"}}}, plays=[a_play(*noted(*tasks))]).must_succeed("etl")
    assert sorted(path.name for path in exports.iterdir()) == ["A.yml", "B.yml"]
    assert sorted(path.name for path in reports.iterdir()) == ["A", "B"]


@both_ways
def test_a_lookup_is_not_asked_over_and_over(emulator, call, tmp_path, in_process):
    """A lookup may cost a request to a vault, or a one-time password. A longer list does not make it cost more."""
    job = {"path": FLOW, "wait_interval": 0.1}
    hosts = {}
    for others in (0, 3):
        command = f"echo x >> {tmp_path}/asked{others}; echo /out/orders.csv"
        value = f"{{{{ lookup('ansible.builtin.pipe', '{command}') }}}}"
        with_lookup = {**job, "parameters": {"Variables": {"sourceFilePath": value}}}
        hosts[f"etl{others}"] = {"role": "jobs", "astera_jobs": [with_lookup] + [job] * others}
    call(hosts, shared={**connected(emulator), "astera_in_process": in_process}).must_succeed(*hosts)
    alone, with_others = (len((tmp_path / f"asked{others}").read_text().split()) for others in (0, 3))
    assert alone <= 2, alone
    assert with_others <= alone, (alone, with_others)
    values = [body["Parameters"][0]["Value"] for body in posted(emulator, STARTS) if body.get("Parameters")]
    assert values == ["/out/orders.csv"] * 2


# -- one server after another ------------------------------------------------------------------------------------------


def logins(emulator: Emulator) -> list[Any]:
    """The names of the accounts that logged in, or tried to."""
    return [request.json["User"] for request in emulator.requests if request.is_login]


def test_nothing_read_from_one_server_is_used_on_another(emulator, second, call, archive):
    """Two plays, each with an environment of its own that names a server and an account."""
    second.settings.username, second.settings.password = "admin", PASSWORD
    second.put("deployment", {"name": "Other", "clusterArchiveFilePath": r"C:\Deployment\o.car"})
    second.put("deployment", {"name": "Orders", "clusterArchiveFilePath": r"C:\Deployment\o.car"})
    variables = {
        "astera_deployments": [{"name": "Orders", "archive": archive}],
        "astera_schedules": [{"name": "S", "deployment": "Orders", "daily": {"at": "04:30"}}],
    }
    plays = [
        a_play(*noted(role("deployments")), environment=in_environment(emulator)),
        a_play(*noted(role("schedules")), environment=in_environment(second)),
    ]
    calls = call({"etl": variables}, plays=plays, shared={})
    calls.must_succeed("etl")
    orders = next(item for item in second.state()["deployments"] if item["name"] == "Orders")
    assert [item["deploymentId"] for item in second.state()["schedules"]] == [orders["id"]]
    assert emulator.state()["schedules"] == []
    for server in (emulator, second):
        # A token of the other server would have been refused.
        assert [request.path for request in server.requests if request.status == 401] == []
        assert not [request for request in server.writes if not request.authenticated]


def test_each_task_is_who_it_says_it_is(emulator, second, call):
    """The account changes from play to play and from task to task, and once the server does too."""
    controller = in_environment(emulator)
    wrong = {"ASTERA_USERNAME": "auditor", "ASTERA_PASSWORD": "canary-wrong-7"}
    right = {**in_environment(second), "ASTERA_USERNAME": "auditor", "ASTERA_PASSWORD": "canary-auditor-7"}
    named = {"astera_username": "auditor", "astera_password": "canary-auditor-7"}
    elsewhere = {"astera_server_url": second.url, "astera_ca_path": second.ca_path}

    def cluster(name, **variables):
        return role("cluster", vars={"astera_cluster": {"name": name}, **variables})

    own = {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    plays = [
        a_play(*noted(cluster("FIRST")), hosts="controller,same,moved,right,tasks"),
        a_play(*noted(cluster("SAME")), hosts="same", environment=wrong),
        a_play(*noted(cluster("MOVED")), hosts="moved", environment={**right, **wrong}),
        a_play(*noted(cluster("RIGHT")), hosts="right", environment=right),
        a_play(
            *noted(
                cluster("TASKS", **named, **elsewhere),
                cluster("TASKS"),
                cluster("TASKS AGAIN", **named, **elsewhere),
            ),
            hosts="tasks",
        ),
        # The account of the controller is none of the second server's.
        a_play(*noted(cluster("URL", **elsewhere)), hosts="url"),
    ]
    hosts = dict.fromkeys(("controller", "same", "moved", "right", "tasks", "url"), own)
    calls = call(hosts, plays=plays, shared={}, env=controller)
    kinds = {host: call["error"].get("kind") for host, call in calls.items()}
    expected = dict.fromkeys(("controller", "right", "tasks")) | dict.fromkeys(("same", "moved", "url"), "auth")
    assert kinds == expected, {host: call["failed"] for host, call in calls.items()}
    assert emulator.state()["cluster"]["name"] == "TASKS"
    assert second.state()["cluster"]["name"] == "TASKS AGAIN"
    assert not {"SAME"} & {body.get("name") for body in posted(emulator, "Cluster")}
    # What a login does not precede was done with a token of somebody else, which the second server would have refused.
    assert [request.path for request in second.requests if request.status == 401] == []
    assert logins(second).count("auditor") >= 3
    assert set(logins(emulator)) == {"admin", "auditor"}
    assert set(logins(second)) == {"auditor", "admin"}


# -- where variables stand ---------------------------------------------------------------------------------------------


def sections(archive: str) -> dict[str, dict[str, Any]]:
    """Variables of each role with something to do."""
    return {
        "server_config": {
            "astera_server_config": {
                "server_profile": "ServerProfile2",
                "repository": {"password": "canary-repository-7"},
                "wait": False,
            }
        },
        "cluster": {"astera_cluster": {"name": "CALLED"}},
        "license": {"astera_license": {"user": "Jane Doe", "organization": "Example Ltd", "key": "CANARY-LICENSE-7"}},
        "deployments": {"astera_deployments": [{"name": "D", "archive": archive}]},
        "schedules": {"astera_schedules": [{"name": "S", "file": FLOW, "daily": {"at": "04:30"}}]},
        "jobs": {"astera_jobs": [{"path": FLOW, "wait_interval": 0.1}]},
        "bootstrap": {"astera_cluster": {"purge_job_info_after": 44}},
    }


def test_each_role_takes_the_connection_as_parameters(emulator, call, archive, tmp_path):
    """``roles: [{role: …, astera_server_url: …}]``, which Ansible checks against the role's own specification."""
    emulator.settings.restart_after_config = "none"
    given = sections(archive)
    given["export"] = {"astera_export_path": str(tmp_path / "export.yml")}
    given["drift_report"] = {"astera_drift_report_dir": str(tmp_path / "drift")}
    parameters = {**connected(emulator), "astera_validate_certs": True, "astera_request_timeout": 20}
    parameters |= {"astera_token": "", "astera_allow_http": False}
    plays = [
        a_play(
            hosts=name,
            tasks=None,
            roles=[{"role": f"astera.data_stack.{name}", **parameters, **variables}],
            post_tasks=noted({"ansible.builtin.meta": "noop"}),
        )
        for name, variables in given.items()
    ]
    calls = call({name: {} for name in given}, plays=plays, shared={})
    assert set(calls) == set(given), calls.output
    state = emulator.state()
    assert state["config"]["serverProfile"] == "ServerProfile2"
    assert (state["cluster"]["name"], state["cluster"]["purgeJobInfoAfter"]) == ("CALLED", 44)
    assert state["license"]["activated"]
    assert [len(state[kind]) for kind in ("deployments", "schedules", "jobs")] == [1, 1, 1]
    assert (tmp_path / "export.yml").exists()
    assert json.loads((tmp_path / "drift" / "drift.json").read_text())["servers"][0]["responds"] is True


@pytest.mark.thorough
def test_facts_of_a_delegated_role(emulator, call, archive, tmp_path):
    """``delegate_facts`` puts the facts of a role on another host, where its own tasks would not find them."""
    emulator.settings.restart_after_config = "none"
    given = sections(archive)
    given["export"] = {"astera_export_path": str(tmp_path / "export.yml")}
    given["drift_report"] = {"astera_drift_report_dir": str(tmp_path / "drift")}
    apply = {"delegate_to": "localhost", "delegate_facts": True}
    plays = [
        a_play(
            *noted({"ansible.builtin.include_role": {"name": f"astera.data_stack.{name}", "apply": apply}}), hosts=name
        )
        for name in given
    ]
    calls = call(given, plays=plays)
    calls.must_succeed(*given)
    state = emulator.state()
    assert (state["cluster"]["name"], state["cluster"]["purgeJobInfoAfter"]) == ("CALLED", 44)
    assert [len(state[kind]) for kind in ("deployments", "schedules", "jobs")] == [1, 1, 1]
    assert (tmp_path / "export.yml").exists()
    report = json.loads((tmp_path / "drift" / "drift.json").read_text())
    assert [server["name"] for server in report["servers"]] == ["drift_report"]
    assert report["servers"][0]["responds"] is True


def test_tags_at_a_role_reach_its_tasks(emulator, call, archive):
    """``--tags`` runs the tagged roles as a whole. A dynamic include within a role would be left out without a word."""
    emulator.settings.restart_after_config = "none"
    given = sections(archive)
    plays = [
        a_play(
            hosts=name,
            tasks=None,
            roles=[
                {"role": f"astera.data_stack.{name}", "tags": ["chosen"]},
                {"role": "astera.data_stack.cluster", "tags": ["other"], "astera_cluster": {"name": "UNCHOSEN"}},
            ],
        )
        for name in given
    ]
    calls = call(given, "--tags", "chosen", plays=plays)
    assert calls.status == 0, calls.output
    state = emulator.state()
    assert state["config"]["serverProfile"] == "ServerProfile2"
    assert state["license"]["activated"]
    assert [len(state[kind]) for kind in ("deployments", "schedules", "jobs")] == [1, 1, 1]
    assert (state["cluster"]["name"], state["cluster"]["purgeJobInfoAfter"]) == ("CALLED", 44)


@pytest.mark.parametrize("name", [pytest.param("jobs", marks=pytest.mark.thorough), "bootstrap"])
def test_start_at_any_task_of_a_role(emulator, call, play, archive, name):
    """``--start-at-task`` leaves out the first tasks of a role, so no later one may need what they noted."""
    variables = {**connected(emulator), "astera_deployments": [{"name": "D", "archive": archive}]}
    variables |= {"astera_jobs": [{"path": FLOW, "wait_interval": 0.1}], "astera_jobs_run": "always"}
    plays = [a_play(tasks=None, roles=[f"astera.data_stack.{name}"])]
    listed = call({"etl": variables}, "--list-tasks", plays=plays, shared={}).output
    names = re.findall(r"^ {6}(.+?)\tTAGS", listed, re.MULTILINE)
    assert names, listed
    for task in dict.fromkeys((*names[1:2], names[-1])):
        run = call({"etl": variables}, "--start-at-task", task, plays=plays, shared={})
        assert run.status == 0, run.output
        assert "undefined" not in run.output


# -- texts for dictionaries, and what stands elsewhere -----------------------------------------------------------------


def test_dictionaries_as_texts(emulator, call, archive):
    """``-e 'astera_cluster={"name": "X"}'`` gives a text: it is read, or one sentence says what is wrong."""
    given = sections(archive)
    del given["server_config"], given["license"]
    hosts = {
        name: {"role": name, **{key: json.dumps(value) for key, value in variables.items()}}
        for name, variables in given.items()
    }
    hosts["words"] = {"role": "cluster", "astera_cluster": "just words"}
    hosts["list"] = {"role": "cluster", "astera_cluster": [{"name": "X"}, "words"]}
    hosts["number"] = {"role": "deployments", "astera_deployments": 7}
    hosts["mapping"] = {"role": "schedules", "astera_schedules": {"S": {"file": FLOW}}}
    calls = call(hosts)
    variables = {host: next(key for key in given if key.startswith("astera_")) for host, given in hosts.items()}
    failed = {host: one["failed"] for host, one in calls.items() if one["failed"] is not None}
    assert not {host: text for host, text in failed.items() if variables[host].removeprefix("astera_") not in text}
    assert not {host: text for host, text in failed.items() if "has no attribute" in text or "VALUE_SPEC" in text}
    assert set(calls) == set(hosts)
    assert set(failed) >= {"words", "list", "number", "mapping"}


def test_environment_variables_that_are_set_but_empty(emulator, call):
    """``ASTERA_VALIDATE_CERTS=`` in a shell or a container. Empty means not set, as for any other tool."""
    empty = {f"ASTERA_{name.upper()}": "" for name in CONNECTION_OPTIONS}
    environment = {**in_environment(emulator), **empty}
    own = {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    cluster = role("cluster", vars={"astera_cluster": {"name": "{{ inventory_hostname }}"}})
    plays = [
        a_play(*noted(cluster), hosts="controller"),
        a_play(*noted(cluster), hosts="play", environment=environment),
        a_play(*noted(cluster), hosts="variables", vars={**own, **connected(emulator)}),
    ]
    calls = call(dict.fromkeys(("controller", "play", "variables"), own), plays=plays, shared={}, env=environment)
    calls.must_succeed("controller", "play", "variables")
    assert [body["name"] for body in posted(emulator, "Cluster")] == ["controller", "play", "variables"]


def test_defaults_of_the_play(emulator, second, call):
    """``module_defaults`` of a play hold for roles too; the role's variables win, or the failure names the option."""
    defaults = {name.removeprefix("astera_"): value for name, value in connected(emulator).items()}
    group = {"group/astera.data_stack.astera": defaults}
    cluster = role("cluster", vars={"astera_cluster": {"name": "{{ inventory_hostname }}"}})
    other = {**connected(second), "astera_username": "auditor", "astera_password": "canary-auditor-7"}
    plays = [
        a_play(*noted(cluster), hosts="defaults", module_defaults=group),
        a_play(*noted(cluster), hosts="both", module_defaults=group),
        a_play(*noted(cluster), hosts="differ", module_defaults=group),
        a_play(
            *noted(role("jobs", vars={"astera_jobs": [{"path": FLOW, "wait_interval": 0.1}]})),
            hosts="job",
            module_defaults={**group, "astera.data_stack.astera_job": {"wait_timeout": 50}},
        ),
    ]
    calls = call({"defaults": {}, "both": connected(emulator), "differ": other, "job": {}}, plays=plays, shared={})
    differ = calls.pop("differ")
    calls.must_succeed("defaults", "both", "job")
    assert [body["name"] for body in posted(emulator, "Cluster")] == ["defaults", "both"]
    if differ["failed"] is None:
        assert second.state()["cluster"]["name"] == "differ"
    else:
        assert (differ["error"]["kind"], "server_url" in differ["failed"]) == ("input", True), differ


# -- names -------------------------------------------------------------------------------------------------------------


def test_one_rule_for_names(emulator, call, archive, config):
    """A number, or letters composed in another way: a survey's answer finds the entry of the inventory all the same."""
    composed = unicodedata.normalize("NFC", "Café")
    decomposed = unicodedata.normalize("NFD", composed)
    names = {
        "number": (2024, "2024"),
        "text": ("2025", 2025),
        "composed": (composed, decomposed),
        "decomposed": (unicodedata.normalize("NFD", "Thé"), unicodedata.normalize("NFC", "Thé")),
        "unsafe": (Unsafe("{{ a }}"), Unsafe("{{ a }}")),
    }
    other = {"name": "Other", "archive": archive}
    hosts = {
        host: {
            "astera_deployments": [other, {"name": entry, "archive": archive, "config": config, "comment": host}],
            "astera_deploy_name": asked,
        }
        for host, (entry, asked) in names.items()
    }
    run = call(hosts, "-e", "astera_hosts=servers", plays="astera.data_stack.deploy")
    assert run.status == 0, run.output
    deployments = {item["comment"]: item for item in emulator.state()["deployments"]}
    assert set(deployments) == set(names)
    for host, (entry, _asked) in names.items():
        assert unicodedata.normalize("NFC", deployments[host]["name"]) == unicodedata.normalize("NFC", str(entry))
        assert emulator.files.read(deployments[host]["clusterConfigFilePath"]) == b"SourceFolder=/in\n"


@both_ways
def test_a_name_that_yaml_reads_as_a_truth_value(emulator, call, in_process):
    """``on: x`` is the key true to YAML. It is refused in both ways, with the advice to quote it."""
    jobs = [{"path": FLOW, "parameters": {"Variables": {True: "x"}}}]
    secret = [{"path": FLOW, "secret_parameters": {"Variables": {False: "canary-secret-7"}}}]
    hosts = {
        "single": {"role": "jobs", "astera_jobs": jobs},
        "together": {"role": "jobs", "astera_jobs": jobs, "astera_jobs_together": True},
        "secret": {"role": "jobs", "astera_jobs": secret},
        "fields": {"role": "cluster", "astera_cluster": {"extra_fields": {True: "x"}}},
    }
    calls = call(hosts, shared={**connected(emulator), "astera_in_process": in_process})
    assert {host: "quotes" in (call["failed"] or "") for host, call in calls.items()} == dict.fromkeys(hosts, True)
    assert not emulator.writes
    assert "canary-secret-7" not in calls.output


# -- secrets -----------------------------------------------------------------------------------------------------------


@both_ways
def test_short_secrets_leave_numbers_alone(emulator, call, archive, in_process):
    """A secret such as ``2.0`` or ``103`` is no reason to redact an id or a time."""
    emulator.settings.password = "103"
    for number in range(102):
        emulator.put("deployment", {"name": f"D{number}", "clusterArchiveFilePath": r"C:\Deployment\o.car"})
    values = [*(f"{number / 10}" for number in range(60)), "true", "100"]
    secret = {"Variables": {f"v{number}": value for number, value in enumerate(values)}}
    variables = "".join(f'<Variable name="{name}"/>' for name in secret["Variables"])
    emulator.files.write(FLOW, f"<Flow><Variables>{variables}</Variables></Flow>".encode())
    together = {"path": FLOW, "secret_parameters": secret}
    job = {**together, "wait_interval": 0.1}
    hosts = {
        "single": {"role": "jobs", "astera_jobs": [job]},
        "together": {"role": "jobs", "astera_jobs": [together], "astera_jobs_together": True},
        "deployments": {"role": "deployments", "astera_deployments": [{"name": "D", "archive": archive}]},
    }
    shared = {**connected(emulator), "astera_password": 103, "astera_in_process": in_process}
    calls = call(hosts, shared=shared)
    calls.must_succeed(*hosts)
    for host in ("single", "together"):
        (result,) = calls[host].result["results"]
        job = result["job"]
        assert (job["status"], job["finished"], job["succeeded"]) == ("Completed", True, True)
        assert isinstance(job["elapsed"], float)
        assert isinstance(job["id"], int)
        assert re.search(rf"^.*load_orders\.wf +{job['id']} +Completed +\d+\.\d", calls.output, re.MULTILINE)
    (result,) = calls["deployments"].result["results"]
    assert result["id"] == 103


def test_encrypted_files_are_decrypted(emulator, call, archive, tmp_path):
    """A configuration in a repository is often encrypted by ansible-vault. ``copy`` decrypts it, and so does a role.

    An archive may be too large for that. It is decrypted too, or rejected before a write.
    """
    config, encrypted_archive = tmp_path / "orders.cfg", tmp_path / "encrypted.car"
    config.write_text(encrypted(b"Password=canary-config-7\n"))
    encrypted_archive.write_text(encrypted(b"archive"))
    hosts = {"etl": {"role": "deployments"}}
    hosts["etl"]["astera_deployments"] = [{"name": "Orders", "archive": archive, "config": str(config)}]
    for changed in (True, False):
        calls = call(hosts)
        calls.must_succeed("etl")
        assert calls["etl"].result["changed"] is changed
    (deployment,) = emulator.state()["deployments"]
    assert emulator.files.read(deployment["clusterConfigFilePath"]) == b"Password=canary-config-7\n"
    assert "canary-config-7" not in calls.output
    writes = len(emulator.writes)
    hosts["etl"]["astera_deployments"] = [{"name": "Secret", "archive": str(encrypted_archive)}]
    calls = call(hosts)
    if calls["etl"]["failed"]:
        assert "ansible-vault" in calls["etl"]["failed"]
        assert len(emulator.writes) == writes
    else:
        (_orders, deployment) = emulator.state()["deployments"]
        assert emulator.files.read(deployment["clusterArchiveFilePath"]) == b"archive"


# -- failures ----------------------------------------------------------------------------------------------------------


def test_the_fact_of_a_failure_that_was_rescued(emulator, call, archive):
    """``astera_failed`` says which step failed and of what kind the failure was."""
    emulator.settings.forbidden = "POST /api/Schedule"
    emulator.files.write(r"C:\Flows\fails.wf", b'<Flow seconds="0" outcome="failed"/>')
    failing = [{"path": FLOW, "wait_interval": 0.1}, {"path": r"C:\Flows\fails.wf", "wait_interval": 0.1}]
    cluster = {"astera_cluster": {"name": "CALLED"}}
    together = [{"path": job["path"]} for job in failing]
    hosts = {
        "cluster": {"role": "bootstrap", "astera_cluster": {"purge_job_info_after": -1}},
        "deployments": {
            "role": "bootstrap",
            **cluster,
            "astera_deployments": [{"name": "D", "archive": "/nosuch.car"}],
        },
        "schedules": {"role": "bootstrap", **sections(archive)["schedules"]},
        "jobs": {"role": "bootstrap", **cluster, "astera_jobs": failing, "astera_jobs_run": "always"},
        "single": {"role": "jobs", "astera_jobs": failing},
        "together": {"role": "jobs", "astera_jobs": together, "astera_jobs_together": True},
        "login": {"role": "bootstrap", "astera_password": "canary-wrong-7", **cluster},
        "fine": {"role": "bootstrap", **cluster},
    }
    calls = call(hosts)
    failures = {host: one["astera_failed"] or {} for host, one in calls.items()}
    kinds = {host: (fact.get("step"), (fact.get("error") or {}).get("kind")) for host, fact in failures.items()}
    step = kinds.pop("login")
    alone = [host for host in ("single", "together") if kinds.pop(host)]
    assert kinds == {
        "cluster": ("plan", "input"),
        "deployments": ("plan", "input"),
        "schedules": ("schedules", "forbidden"),
        "jobs": ("jobs", "job_failed"),
        "fine": (None, None),
    }
    # A role of one task needs no fact: its result says it.
    for host in alone:
        assert calls[host].result["error"]["kind"] == "job_failed"
        assert not failures[host]
    assert step[1] == "auth"
    assert all(fact["msg"] for host, fact in failures.items() if host != "fine" and host not in alone)
    assert "canary-wrong-7" not in json.dumps(failures)


def test_a_fact_of_a_former_failure_does_not_stay(emulator, call):
    """The next call of a role on the same host begins without it."""
    bad, good = {"purge_job_info_after": -1}, {"name": "GOOD"}
    plays = [
        a_play(*noted(role("bootstrap", vars={"astera_cluster": bad}))),
        a_play(*noted(role("bootstrap", vars={"astera_cluster": good}))),
    ]
    first, last = called(call({"etl": {}}, plays=plays).output)
    assert first[1]["astera_failed"]["error"]["kind"] == "input"
    assert not last[1]["astera_failed"]


def test_a_bootstrap_without_credentials_sends_nothing(emulator, call):
    """Before the wait for the server; properties may do without."""
    shared = {name: v for name, v in connected(emulator).items() if name not in ("astera_username", "astera_password")}
    properties = {"server_profile": "ServerProfile2", "authenticate": False}
    hosts = {
        "none": {"role": "bootstrap", "astera_cluster": {"purge_job_info_after": -1}},
        "half": {"role": "bootstrap", "astera_username": "admin", "astera_cluster": {"name": "HALF"}},
        "empty": {
            "role": "bootstrap",
            "astera_token": "",
            "astera_server_config": properties,
            "astera_jobs": [{"path": FLOW}],
        },
    }
    calls = call(hosts, shared=shared)
    assert not emulator.requests
    kinds = {host: one["astera_failed"]["error"]["kind"] for host, one in calls.items()}
    assert kinds == dict.fromkeys(hosts, "input")
    assert "connection: no credentials" in calls["none"]["failed"]
    assert "astera_cluster.purge_job_info_after must be" in calls["none"]["failed"]
    assert "password is missing" in calls["half"]["failed"]
    assert "no credentials" in calls["empty"]["failed"]


@both_ways
def test_a_write_that_came_too_early_waits(emulator, call, in_process):
    """429 with ``Retry-After`` means that nothing was applied, so the write is sent again when the time has passed."""
    emulator.add_fault(method="POST", path="/api/Cluster", status=429, headers={"Retry-After": "1"})
    emulator.add_fault(method="POST", path=f"/api/{STARTS}", status=429, headers={"Retry-After": "1"})
    hosts = {
        name: {"role": name, **given} for name, given in sections("/nosuch").items() if name in ("cluster", "jobs")
    }
    calls = call(hosts, shared={**connected(emulator), "astera_in_process": in_process})
    calls.must_succeed(*hosts)
    assert emulator.state()["cluster"]["name"] == "CALLED"
    assert len(emulator.state()["jobs"]) == 1
    times = [request.started for request in emulator.writes if request.path == "/api/Cluster"]
    assert times[1] - times[0] >= 0.9


def test_a_python_without_requests_is_named(emulator, call, tmp_path):
    """A play with ``environment`` runs modules, on an interpreter that Ansible may have found by itself."""
    python = tmp_path / "bare" / "bin" / "python"
    venv.create(tmp_path / "bare", symlinks=True)
    own = {"ansible_python_interpreter": str(python)}
    plays = [a_play(*noted(role("cluster", vars={"astera_cluster": {"name": "X"}})), vars=own)]
    plays[0]["environment"] = {"ASTERA_RETRIES": "1"}
    calls = call({"etl": {}}, plays=plays)
    assert "requests" in calls["etl"]["failed"]
    assert str(python) in calls["etl"]["failed"]
    assert "python_interpreter" in calls["etl"]["failed"]


# -- playbooks ---------------------------------------------------------------------------------------------------------


def playbook_variables(archive: str, folder: Path) -> dict[str, dict[str, Any]]:
    """What each playbook needs."""
    return {
        "bootstrap": {"astera_cluster": {"name": "CALLED"}},
        "run_job": {"astera_run_job_path": FLOW, "astera_run_job_wait_interval": 0.1},
        "deploy": {"astera_deployments": [{"name": "D", "archive": archive}]},
        "drift_report": {"astera_cluster": {"name": "CALLED"}, "astera_drift_report_dir": str(folder / "drift")},
        "export": {"astera_export_path": f"{folder}/"},
    }


def what_it_did(emulator: Emulator, folder: Path) -> set[str]:
    """The playbooks that have left a trace."""
    state = emulator.state()
    traces = {
        "bootstrap": state["cluster"]["name"] == "CALLED",
        "run_job": len(state["jobs"]) == 1,
        "deploy": [item["name"] for item in state["deployments"]] == ["D"],
        "drift_report": (folder / "drift" / "drift.json").exists()
        and '"responds": true' in (folder / "drift" / "drift.json").read_text(),
        "export": (folder / "etl01.yml").exists(),
    }
    return {name for name, done in traces.items() if done}


some_playbooks = pytest.mark.parametrize(
    "name",
    [
        "bootstrap",
        "run_job",
        *(pytest.param(name, marks=pytest.mark.thorough) for name in ("deploy", "drift_report", "export")),
    ],
)


@some_playbooks
def test_playbooks_with_the_usual_inventory(emulator, call, archive, tmp_path, name):
    """It is about Windows machines, and of a team that uses sudo elsewhere. The API is called from the controller."""
    sudo = tmp_path / "sudo"
    sudo.write_text(f"#!/bin/sh\ntouch {tmp_path}/became\nexit 1\n")
    sudo.chmod(0o755)
    shared = {
        "ansible_connection": "winrm",
        "ansible_host": "192.0.2.1",
        "ansible_port": 5986,
        "ansible_user": "Administrator",
        "ansible_password": "canary-windows-7",
        "ansible_shell_type": "powershell",
        "ansible_become": True,
        "ansible_become_method": "ansible.builtin.sudo",
        "ansible_become_exe": str(sudo),
    }
    environment = in_environment(emulator)
    if name == "drift_report":
        environment["ASTERA_RETRIES"] = "0"
    # What an answer to a multiple choice looks like.
    extra = {"astera_hosts": ["etl01"], **playbook_variables(archive, tmp_path)[name]}
    run = call(
        {"etl01": {}, "etl02": {}},
        "-e",
        json.dumps(extra),
        plays=f"astera.data_stack.{name}",
        shared=shared,
        env=environment,
    )
    assert run.status == 0, run.output
    assert name in what_it_did(emulator, tmp_path), run.output
    assert not (tmp_path / "became").exists()
    assert "canary" not in run.output


@pytest.mark.parametrize("value", [None, pytest.param("", marks=pytest.mark.thorough)], ids=["null", "empty text"])
def test_playbooks_with_answers_left_open(emulator, call, archive, config, value):
    """All questions of a survey that need no answer, and other variables whose names anybody could have used."""
    names = ("parameters", "secret_parameters", "wait", "wait_timeout", "wait_interval", "on_timeout")
    names += ("success_statuses", "running_statuses")
    connection = {f"astera_{name}": value for name in CONNECTION_OPTIONS}
    others = {"astera_secure_logging": value, "astera_throttle": value, "astera_openapi_path": value}
    common = ("job", "result", "failed", "late", "unseen", "deployment", "uploads", "item", "chosen", "usual")
    common += ("entry", "deploy_known", "deploy_given", "deploy_here", "settings", "results", "error")
    given = {**connection, **others, **dict.fromkeys(common, "of somebody else")}
    survey = {
        "astera_hosts": "etl01",
        "astera_run_job_path": FLOW,
        **{f"astera_run_job_{name}": value for name in names},
    }
    hosts = {"etl01": {}, "etl02": {}}
    run = call(hosts, "-e", json.dumps({**given, **survey}), plays="astera.data_stack.run_job")
    assert run.status == 0, run.output
    assert "Result:  succeeded" in run.output
    assert [job["status"] for job in emulator.state()["jobs"]] == ["Completed"]
    entry = {"name": "D", "archive": archive, "config": config, "comment": "of the inventory"}
    survey = {"astera_hosts": "etl01", "astera_deploy_name": "D"}
    survey |= {f"astera_deploy_{name}": value for name in ("archive", "config", "comment")}
    hosts["etl01"] = {"astera_deployments": [entry], "astera_schedules": value}
    run = call(hosts, "-e", json.dumps({**given, **survey}), plays="astera.data_stack.deploy")
    assert run.status == 0, run.output
    (deployment,) = emulator.state()["deployments"]
    assert (deployment["name"], deployment["comment"]) == ("D", "of the inventory")
    assert emulator.files.read(deployment["clusterConfigFilePath"]) == b"SourceFolder=/in\n"


def test_variables_of_roles_are_not_taken_for_others(emulator, call, archive):
    """An extra variable goes over all variables of a role, so the names within a role begin with ``astera_``."""
    names = ("run", "deployed", "item", "job", "jobs", "result", "results", "failed", "settings", "step", "error")
    extra = {**dict.fromkeys(names, "always"), "name": "always", "path": "always"}
    job = {"path": FLOW, "wait_interval": 0.1}
    variables = {"astera_cluster": {"name": "CALLED"}, "astera_jobs": [job], "astera_jobs_run": "on_deploy"}
    calls = call({"etl": {"role": "bootstrap", **variables}}, "-e", json.dumps(extra))
    calls.must_succeed("etl")
    assert emulator.state()["cluster"]["name"] == "CALLED"
    assert emulator.state()["jobs"] == []


def test_ways_to_make_variables(emulator, call, archive, tmp_path):
    """Merged, looked up, noted as facts, from other hosts or files, as sets: all are dictionaries in the end."""
    (tmp_path / "cluster.json").write_text(json.dumps({"name": "from JSON"}))
    (tmp_path / "cluster.yml").write_text("name: from YAML\npurge_job_info_after: '31'\n")
    (tmp_path / "named.yml").write_text(as_yaml({"name": Vaulted("included"), "send_error_info": "off"}))
    emulator.settings.password = "p{{ws}}%d #'\\"
    base = {"send_error_info": False, "extra_fields": {"a": {"b": 1}}}
    schedule = {"file": FLOW, "daily": {"at": "04:30"}}
    file = "{{ lookup('ansible.builtin.file', '" + str(tmp_path) + "/cluster.%s') %s }}"
    hosts = {
        "combined": {"astera_cluster": "{{ base | combine({'name': 'combined'}, recursive=true) }}"},
        "hostvars": {"astera_cluster": "{{ hostvars['other'].cluster | combine({'name': inventory_hostname}) }}"},
        "json": {"astera_cluster": file % ("json", "")},
        "parsed": {"astera_cluster": file % ("yml", "| from_yaml")},
        "items": {"astera_cluster": "{{ [{'key': 'name', 'value': 'items'}] | items2dict }}"},
        "if": {"astera_cluster": "{{ {'name': 'if'} if 'servers' in group_names else omit }}"},
        "union": {"role": "schedules", "astera_schedules": "{{ [] | union([{'name': 'union'} | combine(schedule)]) }}"},
        "concatenated": {"role": "schedules", "astera_schedules": "{{ [one] + [one | combine({'name': 'two'})] }}"},
        "leading zero": {"role": "schedules", "astera_schedules": [{"name": "007", **schedule}]},
        "exponent": {"role": "schedules", "astera_schedules": [{"name": "1e3", **schedule}]},
        "word": {"role": "schedules", "astera_schedules": [{"name": "yes", **schedule}, {"name": "null", **schedule}]},
        "float": {"role": "schedules", "astera_schedules": [{"name": 1.5, **schedule}]},
        "percent": {"role": "schedules", "astera_schedules": [{"name": "100 % {# done #} ✓", **schedule}]},
        "active": {
            "role": "schedules",
            "astera_schedules": [{"name": "active", **schedule, "active": "{{ 'nobody' in group_names }}"}],
        },
        "other": {"cluster": {"purge_event_info_after": 12}, "astera_cluster": {"name": "other"}},
        "fact": {},
        "included": {},
    }
    hosts["percent"]["astera_schedules"][0]["name"] = Unsafe("100 % {# done #} ✓")
    for host in hosts.values():
        host.setdefault("role", "cluster")
    hosts["concatenated"]["one"] = {"name": "one", **schedule}
    facts = [
        {
            "ansible.builtin.set_fact": {"astera_cluster": '{{ \'{"name": "fact"}\' | from_json }}'},
            "when": "inventory_hostname == 'fact'",
        },
        {
            "ansible.builtin.include_vars": {"file": str(tmp_path / "named.yml"), "name": "astera_cluster"},
            "when": "inventory_hostname == 'included'",
        },
    ]
    shared = {**connected(emulator), "astera_password": Unsafe("p{{ws}}%d #'\\"), "base": base, "schedule": schedule}
    # Hosts of one server take turns with the usual strategy, so that each reads back its own name.
    plays = [a_play(*facts, *noted(role("{{ role }}")))]
    calls = call(hosts, plays=plays, shared=shared)
    calls.must_succeed(*hosts)
    clusters = {host: one.result["cluster"]["name"] for host, one in calls.items() if hosts[host]["role"] == "cluster"}
    assert clusters.pop("json") == "from JSON"
    assert clusters.pop("parsed") == "from YAML"
    assert clusters == {name: name for name in clusters}
    schedules = {item["name"]: item["isActive"] for item in emulator.state()["schedules"]}
    names = ("union", "one", "two", "007", "1e3", "yes", "null", "1.5", "100 % {# done #} ✓")
    assert schedules == {**dict.fromkeys(names, True), "active": False}


@pytest.mark.parametrize(
    ("keywords", "arguments"),
    [
        ({"serial": 1}, ()),
        ({"strategy": "ansible.builtin.free"}, ()),
        ({"environment": {"OTHER": "{{ lookup('ansible.builtin.env', 'HOME') }}"}}, ()),
        ({"force_handlers": True, "any_errors_fatal": True}, ("--limit", "one:two")),
        ({"collections": ["astera.data_stack"]}, ()),
    ],
    ids=["serial", "free", "environment", "limit", "collections"],
)
@pytest.mark.thorough
def test_keywords_of_plays(emulator, call, archive, keywords, arguments):
    """The play around a role may be of any kind."""
    variables = {
        "astera_cluster": {"name": "CALLED"},
        "astera_deployments": [{"name": "D", "archive": archive}],
        "astera_schedules": [{"name": "S", "deployment": "D", "start_item": "a.wf", "daily": {"at": "04:30"}}],
    }
    name = "bootstrap" if "collections" in keywords else "astera.data_stack.bootstrap"
    once = role("cluster", vars={"astera_cluster": {"purge_job_info_after": 55}})
    once["ansible.builtin.include_role"]["apply"] = {"run_once": True, "no_log": True}
    plays = [a_play(*noted(once), pre_tasks=[{"ansible.builtin.include_role": {"name": name}}], **keywords)]
    calls = call({"one": variables, "two": variables}, *arguments, plays=plays)
    calls.must_succeed("one", "two")
    state = emulator.state()
    assert (state["cluster"]["name"], state["cluster"]["purgeJobInfoAfter"]) == ("CALLED", 55)
    assert [len(state[kind]) for kind in ("deployments", "schedules")] == [1, 1]


# -- text from a server ------------------------------------------------------------------------------------------------


def custom_stats(output: str) -> dict[str, Any]:
    """What a run published with ``set_stats``, as AWX hands it to the next one."""
    return json.loads(re.search(r"^\tRUN: (\{.*\})$", output, re.MULTILINE)[1])


def test_text_from_a_server_never_becomes_code(emulator, call, archive, tmp_path):
    """A status, a trace or a name that is a template: printed, handed on, exported, read again, and never run."""
    ran = tmp_path / "ran"
    code = f"{{{{ lookup('ansible.builtin.pipe', 'touch {ran}') }}}}"
    emulator.settings.trace_operation = "GET /api/Job/{jobId}/Trace"
    emulator.files.write(r"C:\Flows\word.wf", f'<Flow seconds="0" outcome="Odd {code}"/>'.encode())
    emulator.files.write(r"C:\Flows\trace.wf", f'<Flow><RunDataflow name="{code}" path="C:\\n.df"/></Flow>'.encode())
    emulator.put("deployment", {"name": f"Old {code}", "comment": code, "clusterArchiveFilePath": r"C:\o.car"})
    emulator.put("cluster", {"stagingDirectory": {"path": code}})
    shared = {**connected(emulator), "astera_hosts": "etl"}
    show = {"ANSIBLE_SHOW_CUSTOM_STATS": "1"}
    artifacts = {}
    for flow in ("word", "trace"):
        asked = {
            "astera_run_job_path": rf"C:\Flows\{flow}.wf",
            "astera_run_job_wait_interval": 0.1,
            "astera_hosts": "etl",
        }
        run = call({"etl": {}}, "-e", json.dumps(asked), plays="astera.data_stack.run_job", env=show)
        assert "Result:  failed" in run.output, run.output
        published = custom_stats(run.output)
        assert published["astera_job"]["id"] in (1, 2)
        artifacts[f"{flow}_job"] = published["astera_job"]
    path = rf"C:\Deployment\{code}.car"
    emulator.add_fault(method="POST", path="/api/UploadFile", action="status", status=200, body=path)
    asked = {"astera_hosts": "etl", "astera_deploy_name": "D", "astera_deploy_archive": archive}
    run = call({"etl": {}}, "-e", json.dumps(asked), plays="astera.data_stack.deploy", env=show)
    assert run.status == 0, run.output
    artifacts.update(custom_stats(run.output))
    artifacts["astera_job"] = artifacts["word_job"]
    (tmp_path / "artifacts.json").write_text(json.dumps(artifacts))
    assert not ran.exists()

    jobs = [{"path": rf"C:\Flows\{flow}.wf", "wait_interval": 0.1} for flow in ("trace", "word")]
    export, drift = str(tmp_path / "export.yml"), {"astera_drift_report_dir": str(tmp_path / "drift")}
    prints = [
        {
            "ansible.builtin.debug": {
                "msg": f"{{{{ {name} | default('') }}}} and {{{{ {name} | default({{}}) | to_nice_json }}}}"
            }
        }
        for name in ("astera_failed", "astera_jobs_result", "astera_export_result", "astera_job", "astera_deployed")
    ]
    again = {
        "ansible.builtin.set_fact": {
            "copied": "{{ astera_failed.msg | default('') }} of {{ astera_failed | default('') }}"
        }
    }
    tasks = [
        role("export", vars={"astera_export_path": export, "astera_export_sections": ["cluster", "deployments"]}),
        {"ansible.builtin.include_vars": {"file": export}},
        {"ansible.builtin.debug": {"msg": "{{ astera_deployments }} {{ astera_cluster }}"}},
        role("bootstrap"),
        role("drift_report", vars=drift),
        role("jobs", vars={"astera_jobs": jobs}),
    ]
    printing = [*prints, again, {"ansible.builtin.debug": {"msg": "{{ copied }}", "verbosity": 0}}]
    play = a_play(*noted(*tasks), *printing, {"ansible.builtin.debug": {"var": "astera_job"}})
    run = call(
        {"etl": {"astera_archives": str(tmp_path)}}, "-e", f"@{tmp_path}/artifacts.json", plays=[play], shared=shared
    )
    assert not ran.exists()
    assert run.status == 0, run.output
    assert "ended as" in run["etl"]["failed"] or "items failed" in run["etl"]["failed"], run.output
    assert run["etl"]["results"]["jobs"]["error"]["kind"] == "job_failed"


def test_answers_that_must_not_choose_something_else(emulator, call, tmp_path):
    """Empty answers mean the role's own default, and what cannot be is found before the first write."""
    marker = {"user": "a", "organization": "b", "key": "canary-key-7", "marker": str(tmp_path / "no" / "marker.json")}
    cluster = {"astera_cluster": {"name": "CALLED"}}
    jobs = [{"name": name, "path": FLOW, "wait_interval": 0.05} for name in ("first", "second")]
    hosts = {
        "jobs": {"role": "jobs", "astera_jobs": jobs, "astera_jobs_together": None},
        "word": {"role": "bootstrap", **cluster, "astera_jobs_run": "allways"},
        "marker": {"role": "bootstrap", **cluster, "astera_license": marker},
        "text": {"role": "bootstrap", **cluster, "astera_license": "user=a organization=b key=canary-key-7 nosuch=1"},
        "empty": {"role": "bootstrap", "astera_license": {}, "astera_server_config": {}, **cluster},
    }
    calls = call(hosts, "-vvv")
    assert {host for host, one in calls.items() if not one["failed"]} == {"jobs", "empty"}, calls.output
    starts = [request for request in emulator.requests if request.path.startswith("/api/Job") or STARTS in request.path]
    kinds = "".join("s" if STARTS in request.path else "p" for request in starts)
    assert re.fullmatch("sp+sp+", kinds)
    for host, word in (("word", "on_deploy, always, never"), ("marker", "marker"), ("text", "must be a dictionary")):
        assert word in calls[host]["failed"]
    assert len([request for request in emulator.writes if request.path == "/api/Cluster"]) <= 1
    assert "canary-key-7" not in re.sub(r"\\+", "", calls.output)
