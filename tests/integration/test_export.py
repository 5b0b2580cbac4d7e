"""astera_export: everything that a server has as options, nothing that is a secret, an id or a timestamp."""

from __future__ import annotations

import json

import pytest

BRACES = "{{ 7 * 7 }}"
SHA = "0123456789abcdef" * 4


def get_paths(emulator):
    return [request.path for request in emulator.requests if request.method == "GET"]


def put_schedule(emulator, **fields):
    base = {"isFile": True, "filePathResolved": {"path": r"C:\Flows\load_orders.wf"}, "isActive": True}
    return emulator.put("schedule", {**base, "schedule": {"typeName": "Custom.Hourly", "hours": 2}, **fields})


def test_one_login_and_one_read_for_each_kind(emulator, run):
    put_schedule(emulator, name="One")
    result = run("export")
    assert not result.failed
    assert not result.changed
    assert list(result.configuration) == [
        "astera_server_config",
        "astera_cluster",
        "astera_deployments",
        "astera_schedules",
    ]
    assert get_paths(emulator) == ["/api/Server/Config", "/api/Cluster", "/api/Deployments", "/api/Schedules"]
    assert len(emulator.requests) == 5


def test_sections(emulator, run):
    assert list(run("export", sections=["cluster"]).configuration) == ["astera_cluster"]
    assert get_paths(emulator) == ["/api/Cluster"]
    assert run("export", sections=["license"]).error["kind"] == "input"


@pytest.mark.parametrize("name", ["isActive", "enabled"])
def test_another_name_of_the_activation_field(emulator, run, name):
    emulator.reset(deployment_active_field=name, schedule_active_field=name)
    put_schedule(emulator, name="Off", isActive=False)
    emulator.put("deployment", {"name": "Off", "clusterArchiveFilePath": "C:\\a.car", "isActive": False})
    configuration = run("export").configuration
    for part in ("astera_deployments", "astera_schedules"):
        (entry,) = configuration[part]
        assert entry["active"] is False
        assert "extra_fields" not in entry


def test_fields_that_move_by_themselves_are_left_out(emulator, run):
    emulator.settings.schedule_runs = "shown"
    daily = {"typeName": "Astera.Core.DailyScheduleEveryDay", "startTime": "2022-09-06T04:53:46.2573662-07:00"}
    frequency = {"typeName": "Astera.Core.DailySchedule", "dailyScheduleBase": daily}
    put_schedule(emulator, name="One", schedule=frequency)
    result = run("export")
    assert "RunTime" not in str(result.configuration)
    assert "nextRunTime" in [note["member"] for note in result.notes]
    assert not run("schedules", schedules=result.configuration["astera_schedules"]).changed


def test_what_a_fresh_server_has(any_emulator, run):
    result = run("export")
    assert result.configuration["astera_server_config"] == {
        "server_profile": "DEFAULT",
        "port": 9261,
        "config_parameters": {
            "instrumentation_on": False,
            "purge_chunk_size": 10000,
            "purge_command_timeout_seconds": 600,
            "purge_window_start_hour": 0,
            "purge_window_end_hour": 24,
        },
        "repository": {
            "server": "localhost",
            "port": 1433,
            "database": "AsteraRepository",
            "service_name": "AsteraRepository",
            "protocol": "http",
            "authentication_type": "SqlServerAuth",
            "connection_timeout": 15,
            "command_timeout": 90,
            "data_provider": "SqlServer",
            "is_repository": True,
            "schema": "",
            "user": "sa",
            "password": "{{ vault_astera_repository_password }}",
        },
    }
    assert result.configuration["astera_cluster"]["extra_fields"] == {
        "mailSetup": {"host": "", "port": 25},
        "pathMappings": [],
    }
    assert result.placeholders == [
        {
            "variable": "vault_astera_repository_password",
            "path": ["astera_server_config", "repository", "password"],
            "secret": True,
        }
    ]
    assert result.configuration["astera_deployments"] == result.configuration["astera_schedules"] == []
    assert result.notes == result.archives == result.server_files == []


def test_it_can_be_fed_back(any_emulator, run, archive, settings_file):
    """What comes out is what the modules take, and on the same server it asks for nothing new."""
    assert not run("deployment", name="Orders", archive=str(archive), config=str(settings_file)).failed
    daily = {"at": "04:30", "utc_offset": "+01:00"}
    assert not run("schedule", name="Every day", deployment="Orders", start_item="a.wf", daily=daily).failed
    assert not run("schedule", name="Flow", file=r"C:\Flows\load_orders.wf", daily=daily, active=False).failed
    found = run("export")
    (deployment,) = found.configuration["astera_deployments"]
    for entry, file in zip(found.archives, (archive, settings_file), strict=True):
        copy = file.with_name(entry["name"])
        copy.write_bytes(file.read_bytes())
        deployment[entry["option"]] = str(copy)
    config = found.configuration["astera_server_config"]
    config["repository"]["password"] = "initial-secret"
    writes = len(any_emulator.writes)
    for module, options in (
        ("server_config", config),
        ("cluster", found.configuration["astera_cluster"]),
        ("deployments", {"deployments": [deployment]}),
        ("schedules", {"schedules": found.configuration["astera_schedules"]}),
    ):
        again = run(module, **options)
        assert not again.failed
        assert not again.changed, again
    assert len(any_emulator.writes) == writes


def test_archives_are_referred_to_by_their_digest(emulator, run, archive):
    assert not run("deployment", name="Ours", archive=str(archive), config_path=r"D:\cfg\a.cfg").failed
    emulator.put("deployment", {"name": "Not ours", "clusterArchiveFilePath": r"C:\Deployment\orders.car"})
    odd = rf"C:\Deployment\orders of (2026)-{SHA}.car"
    emulator.put("deployment", {"name": "Odd", "clusterArchiveFilePath": odd})
    found = run("export")
    not_ours, odd_one, ours = found.configuration["astera_deployments"]
    (entry,) = found.archives
    assert entry["path"] == emulator.state()["deployments"][0]["clusterArchiveFilePath"]
    assert entry["name"] == entry["path"].split("\\")[-1] == f"orders-{entry['sha256']}.car"
    assert ours["archive"] == "{{ astera_archives }}/" + entry["name"]
    assert ours["config_path"] == r"D:\cfg\a.cfg"
    assert not_ours["archive_path"] == r"C:\Deployment\orders.car"
    assert odd_one["archive_path"] == odd
    put_schedule(emulator, name="Flow")
    by_hand = [(one["object"], one["option"], one["path"]) for one in run("export").server_files]
    assert by_hand == [
        ("Not ours", "archive_path", r"C:\Deployment\orders.car"),
        ("Odd", "archive_path", odd),
        ("Ours", "config_path", r"D:\cfg\a.cfg"),
        ("Flow", "file", r"C:\Flows\load_orders.wf"),
    ]
    places = [(one["variable"], one["path"], one["secret"]) for one in found.placeholders]
    assert ("astera_archives", ["astera_deployments", 2, "archive"], False) in places


@pytest.mark.parametrize("password", ["masked", "absent", "plain"])
def test_the_repository_password(emulator, run, password):
    emulator.settings.config_password = password
    result = run("export", sections=["server_config"])
    repository = result.configuration["astera_server_config"]["repository"]
    assert repository["password"] == "{{ vault_astera_repository_password }}"
    assert "initial-secret" not in json.dumps(result)
    config = emulator.state()["config"]["serverDbInfo"]
    emulator.put("config", {"serverDbInfo": {**config, "authenticationType": "WindowsLogon", "password": ""}})
    repository = run("export").configuration["astera_server_config"]["repository"]
    # A mask may stand for nothing at all, and nobody can tell.
    assert ("password" in repository) == (password == "masked")


def test_secrets_that_the_server_shows(emulator, run):
    emulator.put(
        "cluster",
        {
            "mailSetup": {
                "host": "smtp",
                "password": "canary-1",
                "hasPassword": True,
                "servers": [{"name": "a", "pwd": "canary-2"}],
                "connection": "Server=a;Password=canary-3;",
                "url": "ftp://joe:canary-4@example.com/",
                "apiKey": "********",
                "secretNumber": 774411,
            }
        },
    )
    emulator.put("deployment", {"name": "A", "clusterArchiveFilePath": "a.car", "comment": "token=canary-5"})
    schedule = {"typeName": "Custom.Drop", "share": {"password": "canary-6"}, "directory": "D:\\in"}
    put_schedule(emulator, name="B", schedule=schedule)
    emulator.put("deployment", {"name": "password=canary-7", "clusterArchiveFilePath": "a.car"})
    result = run("export")
    assert "canary-" not in json.dumps(result)
    assert "774411" not in json.dumps(result)
    cluster = result.configuration["astera_cluster"]
    assert cluster["extra_fields"]["mailSetup"] == {"hasPassword": True, "host": "smtp"}
    prefix = "{{ vault_astera_cluster_mail_setup_"
    assert cluster["secret_extra_fields"]["mailSetup"] == {
        "connection": prefix + "connection }}",
        "password": prefix + "password }}",
        "url": prefix + "url }}",
    }
    (deployment,) = result.configuration["astera_deployments"]
    assert deployment["comment"] == "{{ vault_astera_deployment_a_comment }}"
    (schedule,) = result.configuration["astera_schedules"]
    assert schedule["schedule"]["share"] == {"password": "{{ vault_astera_schedule_b_schedule_share_password }}"}
    reasons = {(note["variable"], note["member"]): note["reason"] for note in result.notes}
    assert "mask" in reasons["astera_cluster", "mailSetup.apiKey"]
    assert "number" in reasons["astera_cluster", "mailSetup.secretNumber"]
    assert "a list is written as a whole" in reasons["astera_cluster", "mailSetup.servers"]
    assert "its name seems to contain a secret" in reasons["astera_deployments", None]
    assert len(result.warnings) == 1


def test_what_belongs_to_one_server_only(emulator, run):
    kept = {
        "ownerId": 4,
        "nextRun": "2026-12-01T04:30:00Z",
        "changedDtTm": "x",
        "guid": "0f8fad5b-d9cb-469f-a165-70867728950e",
        "clientId": "azure",
        "n": None,
        "createdBy": "admin",
        "lastModifiedByUserName": "Jane",
        "creator": {"name": "admin"},
        "creationTime": "2026-01-01T00:00:00+01:00",
        "rowKey": "{0F8FAD5B-D9CB-469F-A165-70867728950E}",
    }
    settings = {"createdCopies": 3, "updateOnSave": "yes", "byUser": "jane", "created": True, "list": []}
    put_schedule(emulator, name="One", **kept, **settings)
    result = run("export")
    assert result.configuration["astera_schedules"][0]["extra_fields"] == {"clientId": "azure", **settings}
    left_out = sorted(kept.keys() - {"clientId", "n"})
    assert [(note["member"], note["objects"]) for note in result.notes] == [(name, ["One"]) for name in left_out]


def test_frequencies(emulator, run):
    """The documented one as `daily`, all others and those with more fields as they are."""
    daily = {
        "typeName": "Astera.Core.DailySchedule",
        "dailyScheduleBase": {
            "typeName": "Astera.Core.DailyScheduleEveryDay",
            "startTime": "2026-09-06T04:53:46.25-07:00",
        },
    }
    put_schedule(emulator, name="A", schedule=daily)
    put_schedule(emulator, name="B", schedule={**daily, "until": None})
    put_schedule(emulator, name="C")
    first, second, third = run("export").configuration["astera_schedules"]
    assert first["daily"] == {"start_time": "2026-09-06T04:53:46.2500000-07:00"}
    assert "schedule" not in first
    assert second["schedule"] == {**daily, "until": None}
    assert third["schedule"] == {"typeName": "Custom.Hourly", "hours": 2}


def test_what_no_playbook_could_name(emulator, run):
    emulator.settings.duplicate_schedule_name = "accept"
    emulator.settings.unknown_deployment_in_schedule = "accept"
    put_schedule(emulator, name="Twice")
    put_schedule(emulator, name="Twice")
    put_schedule(emulator, name="Lost", isFile=False, deploymentId=77)
    put_schedule(emulator, name="Never", schedule=None)
    put_schedule(emulator, name="Good")
    result = run("export")
    assert [one["name"] for one in result.configuration["astera_schedules"]] == ["Good"]
    assert {tuple(note["objects"]) for note in result.notes} == {("Lost", "Never"), ("Twice", "Twice")}
    assert len(result.warnings) == 2


def test_a_schedule_of_a_deployment_that_is_not_exported(emulator, run):
    """On another server it would have nothing to run."""
    number = emulator.put("deployment", {"name": "pwd=canary-1", "clusterArchiveFilePath": "a.car"})["id"]
    put_schedule(emulator, name="Nightly", isFile=False, deploymentId=number, filePathResolved={"path": ""})
    result = run("export")
    assert result.configuration["astera_deployments"] == result.configuration["astera_schedules"] == []
    assert [note["objects"] for note in result.notes] == [[f"id {number}"], ["Nightly"]]
    assert len(result.warnings) == 2


def test_a_deployment_without_an_archive(emulator, run):
    """It is in sync on its own server, and another one has nothing to deploy, which the plan says."""
    emulator.put("deployment", {"name": "Bare", "clusterArchiveFilePath": ""})
    configuration = run("export", sections=["deployments"]).configuration
    assert run("plan", configuration=configuration).in_sync
    configuration["astera_deployments"][0]["name"] = "New"
    assert "astera_deployments[1]: " in run("plan", configuration=configuration).msg


def test_a_name_that_holds_a_secret_is_shown_nowhere(emulator, run):
    emulator.settings.duplicate_schedule_name = "accept"
    for _time in range(2):
        number = put_schedule(emulator, name="Load from ftp://bob:canary-7@ftp.example.com")["id"]
    result = run("export")
    assert "canary" not in json.dumps(result)
    assert f"'id {number}' not exported: its name seems to contain a secret" in result.warnings[0]


def test_a_name_of_the_server_properties(emulator, run):
    """Undocumented there, so it is a field like any other."""
    emulator.put("config", {"name": "NODE-1"})
    found = run("export", sections=["server_config"]).configuration["astera_server_config"]
    assert found["extra_fields"] == {"name": "NODE-1"}
    assert not run("server_config", extra_fields=found["extra_fields"], wait=False).changed


def test_lists_of_objects_with_ids(emulator, run):
    """What is not exported stays as it is, also when the rest is written."""
    notify = [{"id": 5, "mail": "a@b"}]
    put_schedule(emulator, name="One", notify=notify, owners=[{"id": 7}])
    result = run("export")
    (schedule,) = result.configuration["astera_schedules"]
    assert [note["member"] for note in result.notes] == ["notify", "owners"]
    assert run("schedule", **{**schedule, "active": False}).changed
    assert emulator.state()["schedules"][0]["notify"] == notify


def test_lists_are_in_the_order_of_the_names(emulator, run):
    for name in ("b", "C", "a", BRACES):
        emulator.put("deployment", {"name": name, "clusterArchiveFilePath": "a.car"})
    names = [one["name"] for one in run("export").configuration["astera_deployments"]]
    assert names == ["a", "b", "C", BRACES]


def test_a_list_of_summaries_is_completed(emulator, run):
    emulator.settings.schedule_list = "summary"
    put_schedule(emulator, name="One")
    assert run("export").configuration["astera_schedules"][0]["schedule"]["hours"] == 2
    assert get_paths(emulator)[-1] == "/api/Schedule/1"


def test_the_password_of_the_task_within_a_value(emulator, run):
    """Ansible would mask it wherever it stands; so no file full of masks is made."""
    emulator.put("deployment", {"name": "A", "clusterArchiveFilePath": "a.car", "comment": "try Admin123"})
    result = run("export")
    assert result.configuration["astera_deployments"][0]["comment"] == "{{ vault_astera_deployment_a_comment }}"
    emulator.settings.password = "vault"
    result = run("export", password="vault")
    assert result.failed
    assert result.error["kind"] == "input"
    assert "Use an account with another password" in result.msg
