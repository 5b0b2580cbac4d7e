"""Configuration as code, both ways: what is exported from one server brings another one to the same state."""

from __future__ import annotations

import copy
import json

import pytest
import requests
import yaml
from astera_emulator import Emulator

BOOTSTRAP, EXPORT = "astera.data_stack.bootstrap", "astera.data_stack.export"
#: The default reading is that of `make round-trip`. Ways of templating differ by core, readings of the server do not.
READINGS = {
    "strict": {"strict": True},
    "plain": {"config_password": "plain", "missing_text": "empty", "new_deployment_active": "no"},
}
PASSWORD = "canary-password-7"
BRACES = "{{ 7 * 7 }} {% raw %} {# no #}"
SECRETS = {
    "vault_astera_repository_password": "canary-repository-7",
    "vault_astera_cluster_mail_setup_password": "canary-mail-7",
    "vault_astera_deployment_windows_connection": "Server=sql01;Password=canary-string-7",
    "vault_astera_schedule_weekly_schedule_share_password": "canary-share-7",
}


@pytest.fixture(scope="module")
def other_emulator(tmp_path_factory):
    with Emulator(tmp_path_factory.mktemp("other")) as emulator:
        yield emulator


class Client:
    """The Windows client, as far as it is seen from the server: somebody who calls the API."""

    def __init__(self, emulator):
        self._emulator = emulator
        login = {"User": "admin", "Password": PASSWORD, "RememberMe": 1}
        token = self.call("POST", "/api/account/login", json=login).json()["access_token"]
        self._headers = {"Authorization": f"Bearer {token}"}

    _headers: dict[str, str] = {}

    def call(self, method, path, **how):
        url = self._emulator.url + path
        response = requests.request(
            method, url, headers=self._headers, verify=self._emulator.ca_path, timeout=10, **how
        )
        assert response.ok, (path, response.text)
        return response

    def upload(self, name, kind, content):
        query = {"FileTypes": kind, "TargetFileName": name}
        self.call("POST", "/api/UploadFile", params=query, files={"ArchiveFile": (name, content)})
        return rf"C:\Deployment\{name}.{kind.lower()}"

    def deploy(self, **fields):
        sources = {"userArchiveFilePath": r"D:\work\a.car", "userConfigFilePath": ""}
        self.call("POST", "/api/Deployment", json={"id": 0, "encryptFiles": False, "comment": "", **sources, **fields})

    def schedule(self, **fields):
        target = {"isFile": True, "filePathResolved": {"path": r"C:\Flows\load_orders.wf"}}
        further = {"isActive": True, "traceLevel": "Job", "skipIfRunning": False}
        further["jobOptions"] = {"usePushdownOptimization": True}
        self.call("POST", "/api/Schedule", json={"id": 0, **target, **further, **fields})


def make_by_hand(emulator):
    """What people made in the Windows client: all that the roles would never make."""
    client = Client(emulator)
    archive = client.upload("Kunden", "Car", b"made in the client")
    config = client.upload("Kunden", "Cfg", b"Folder=/in\n")
    client.deploy(
        name="Windows",
        clusterArchiveFilePath=archive,
        clusterConfigFilePath=config,
        isActive=False,
        comment=f"Größe ≤ 5 € {BRACES}\nzweite Zeile: ja",
        connection=SECRETS["vault_astera_deployment_windows_connection"],
        tags=["yes", "04:30", "2026-01-01", "", "#", "null", BRACES],
        ownerId=17,
    )
    client.deploy(name=f"{BRACES} Übersicht", clusterArchiveFilePath=archive)
    weekly = {"typeName": "Custom.Weekly", "days": ["Monday", BRACES], "at": "2026-03-01T04:30:00", "until": None}
    client.schedule(name="Weekly", schedule={**weekly, "sharePassword": "canary-share-7"})
    number = {one["name"]: one["id"] for one in emulator.state()["deployments"]}[f"{BRACES} Übersicht"]
    client.schedule(
        name=f"Inactive {BRACES}",
        isFile=False,
        filePathResolved={"path": ""},
        deploymentId=number,
        archiveStartItem="Start 日本.wf",
        isActive=False,
        traceLevel="Verbose",
        schedule={
            "typeName": "Astera.Core.DailySchedule",
            "dailyScheduleBase": {
                "typeName": "Astera.Core.DailyScheduleEveryDay",
                "startTime": "2022-09-06T04:53:46.257-07:00",
            },
        },
        notifications={
            "to": "ops@example.com",
            "lastSent": "2026-01-01T00:00:00Z",
            "levels": [1, 2.5, True],
            BRACES: BRACES,
        },
    )
    settings = client.call("GET", "/api/Cluster").json()
    mail = next(name for name in settings if name.lower() == "mailsetup")
    settings[mail] = {"host": "smtp.example.com", "port": 587, "password": "canary-mail-7"}
    client.call("POST", "/api/Cluster", json=settings)


def comparable(emulator):
    """What must be the same on both servers: no ids, no timestamps, nothing of the operator's own machine."""
    state = copy.deepcopy(emulator.state())
    names = {one["id"]: one["name"] for one in state["deployments"]}
    for kind in ("deployments", "schedules"):
        for one in state[kind]:
            for name in ("id", "updateDtTm", "createdDtTm", "userArchiveFilePath", "userConfigFilePath", "ownerId"):
                one.pop(name, None)
        state[kind].sort(key=lambda one: one["name"])
    for one in state["schedules"]:
        one["deploymentId"] = names.get(one["deploymentId"])
        one.get("notifications", {}).pop("lastSent", None)
        start = ((one["schedule"] or {}).get("dailyScheduleBase") or {}).get("startTime", "")
        if start:
            one["schedule"]["dailyScheduleBase"]["startTime"] = start.replace(".257-", ".2570000-")
    return {kind: _without_empties(state[kind]) for kind in ("config", "cluster", "deployments", "schedules")}


def _without_empties(value):
    """Null and the empty text mean the same, and a field that is not there."""
    if isinstance(value, dict):
        return {
            name: _without_empties(item) for name, item in value.items() if item not in (None, "", {}, {"path": ""})
        }
    return [_without_empties(item) for item in value] if isinstance(value, list) else value


def supply(source, target, folder, text):
    """What the operator supplies: archives in a folder, and on the other server's disk what the file names by path."""
    folder.mkdir(exist_ok=True)
    for deployment in source.state()["deployments"]:
        for path in filter(None, (deployment["clusterArchiveFilePath"], deployment["clusterConfigFilePath"])):
            if path in text:
                target.files.write(path, source.files.read(path))
            else:
                (folder / path.split("\\")[-1]).write_bytes(source.files.read(path))


def keep_by_itself(emulator):
    """Numbers and times that a server keeps by itself, and so the other server too."""
    for one in emulator.state()["deployments"]:
        if one["name"] == "Windows":
            emulator.put("deployment", {"id": one["id"], "ownerId": 99})
    for one in emulator.state()["schedules"]:
        if "notifications" in one:
            sent = {**one["notifications"], "lastSent": "2026-02-02T00:00:00Z"}
            emulator.put("schedule", {"id": one["id"], "notifications": sent})


@pytest.mark.slow
@pytest.mark.parametrize(
    "reading",
    [
        pytest.param("strict", marks=pytest.mark.thorough),
        pytest.param("plain", marks=[pytest.mark.any_core, pytest.mark.thorough]),
    ],
)
def test_round_trip(emulator, other_emulator, prepared, play, desired, tmp_path, reading):
    for server in (emulator, other_emulator):
        prepared(server, **READINGS[reading])
    first = play(BOOTSTRAP, variables={**desired, "astera_jobs": []})
    assert first.ok, first.output
    make_by_hand(emulator)
    before = emulator.state()

    folder = tmp_path / "project" / "host_vars"
    read = play(EXPORT, "-vvv", "--diff", "-e", f"astera_export_path={folder}/")
    assert read.ok, read.output
    assert emulator.state() == before
    text = (folder / "etl.yml").read_text()
    for secret in (*SECRETS.values(), PASSWORD, "canary-string-7"):
        assert secret not in text
        assert secret not in read.output
    # Its own host_vars: the file is in force from here on.
    supply(emulator, other_emulator, tmp_path / "archives", text)
    there = {
        "astera_server_url": other_emulator.url,
        "astera_ca_path": other_emulator.ca_path,
        "astera_archives": str(tmp_path / "archives"),
        **SECRETS,
    }
    second = play(BOOTSTRAP, variables=there)
    assert second.ok, second.output
    assert comparable(other_emulator) == comparable(emulator)
    keep_by_itself(other_emulator)
    again = play(BOOTSTRAP, variables=there)
    assert again.ok, again.output
    assert again.count("changed") == 0, again.output

    read = play(EXPORT, "-e", f"astera_export_path={tmp_path}/other.yml", variables=there)
    assert read.ok, read.output
    assert (tmp_path / "other.yml").read_text() == text


@pytest.mark.slow
def test_the_file_and_the_result_in_memory(emulator, play, tasks, tmp_path):
    """The same on every ansible-core, whichever way the result goes through variables."""
    make_by_hand(emulator)
    read = {"astera.data_stack.astera_export": {}, "register": "etl", "vars": {"vault_astera_repository_password": "x"}}
    keep = {"ansible.builtin.set_fact": {"kept": "{{ etl.configuration }}", "vault_astera_repository_password": "x"}}
    write = {
        "ansible.builtin.copy": {
            "content": "{{ item.text | to_json }}",
            "dest": f"{tmp_path}/{{{{ item.name }}}}.json",
        },
        "loop": [{"name": "result", "text": "{{ etl.configuration }}"}, {"name": "fact", "text": "{{ kept }}"}],
        "loop_control": {"label": "{{ item.name }}"},
    }
    result = play(tasks(read, keep, write))
    assert result.ok, result.output
    for name in ("result", "fact"):
        found = json.loads((tmp_path / f"{name}.json").read_text())
        assert found["astera_server_config"]["repository"]["password"] == "{{ vault_astera_repository_password }}"
        assert [one["name"] for one in found["astera_schedules"]] == [f"Inactive {BRACES}", "Weekly"]


@pytest.mark.any_core
@pytest.mark.thorough
def test_changed_only_when_the_content_is(emulator, play, tmp_path):
    """With the answers of a survey that nobody filled in, and a PWD of another process."""
    path = tmp_path / "project" / "new" / "etl.yml"
    answers = {"astera_hosts": "", "astera_export_sections": "", "astera_python_interpreter": ""}
    arguments = ("--diff", "-e", json.dumps({**answers, "astera_export_path": "new/etl.yml"}))
    here = {"env": {"PWD": str(tmp_path)}}
    predicted = play(EXPORT, "--check", *arguments, **here)
    assert predicted.ok, predicted.output
    assert predicted.count("changed") == 1
    assert not path.parent.exists()
    assert play(EXPORT, *arguments, **here).count("changed") == 2
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(yaml.safe_load(path.read_text())) == [
        "astera_server_config",
        "astera_cluster",
        "astera_deployments",
        "astera_schedules",
    ]
    assert play(EXPORT, *arguments, **here).count("changed") == 0
    emulator.put("cluster", {"purgeJobInfoAfter": 99})
    predicted = play(EXPORT, "--check", *arguments, **here)
    assert predicted.count("changed") == 1
    assert "+  purge_job_info_after: 99" in predicted.output
    assert "99" not in path.read_text()
    assert emulator.writes == []


@pytest.mark.any_core
def test_several_hosts_write_several_files(emulator, play, tmp_path):
    hosts = ("etl1", "etl2")
    refused = play(EXPORT, "-e", f"astera_export_path={tmp_path}/one.yml", hosts=hosts)
    assert not refused.ok
    assert "Several hosts would write" in refused.output
    assert emulator.requests == []
    answers = {"astera_export_path": f"{tmp_path}/all/", "astera_export_sections": "cluster, schedules"}
    both = play(EXPORT, "-e", json.dumps(answers), hosts=hosts)
    assert both.ok, both.output
    files = sorted((tmp_path / "all").iterdir())
    assert [path.name for path in files] == ["etl1.yml", "etl2.yml"]
    assert list(yaml.safe_load(files[1].read_text())) == ["astera_cluster", "astera_schedules"]


@pytest.mark.thorough
def test_hosts_that_take_turns(emulator, play, tmp_path):
    """A later batch never writes what an earlier one has written; a host's name makes no folder."""
    book = [
        {
            "hosts": "astera",
            "connection": "local",
            "gather_facts": False,
            "serial": 1,
            "roles": [EXPORT],
            "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
        }
    ]
    hosts = ("etl one", "etl two/\u00fc")
    sections = ("-e", "astera_export_sections=cluster")
    for given in (f"{tmp_path}/one.yml", "one.yml"):
        refused = play(book, *sections, hosts=hosts, variables={"astera_export_path": given})
        assert not refused.ok
        assert "Several hosts would write" in refused.output
        assert refused.output.count(": Write the file") == 1
    done = play(book, *sections, hosts=hosts, variables={"astera_export_path": f"{tmp_path}/a b|c/"})
    assert done.ok, done.output
    assert sorted(path.name for path in (tmp_path / "a b|c").iterdir()) == ["etl_one.yml", "etl_two__.yml"]
    own = {"astera_export_path": f"{tmp_path}/each/{{{{ ansible_play_hosts_all.index(inventory_hostname) }}}}"}
    done = play(book, *sections, hosts=hosts, variables=own)
    assert done.ok, done.output
    assert sorted(path.name for path in (tmp_path / "each").iterdir()) == ["0", "1"]


@pytest.mark.any_core
@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"astera_export_path": ""}, "Set astera_export_path"),
        ({"astera_export_path": "a.yml", "astera_hosts": "nobody"}, "No host of the inventory matches nobody"),
    ],
)
def test_what_is_refused(emulator, play, answers, words):
    result = play(EXPORT, "-e", json.dumps(answers))
    assert not result.ok
    assert words in result.output
    assert emulator.requests == []
