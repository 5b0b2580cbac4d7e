"""What a careless author, an odd server or an unlucky network may bring: never a traceback, never a wrong object."""

from __future__ import annotations

import contextlib
import datetime
import json
import socket
import threading

import pytest
from ansible.module_utils import basic

pytestmark = pytest.mark.in_matrix

DAILY = {"start_time": "2026-12-01T04:30:00Z"}


def respond_with(emulator, path, body, **how):
    text = body if isinstance(body, str) else json.dumps(body)
    emulator.add_fault(method="GET", path=path, action="status", status=200, body=text, **how)


@pytest.mark.parametrize("name", ["id", "ID", "Name", "updateDtTm", "CreatedDtTm"])
@pytest.mark.parametrize("module", ["cluster", "deployment", "schedule"])
def test_extra_fields_cannot_say_which_object_is_meant(emulator, run, module, name):
    result = run(module, name="X", extra_fields={name: 0})
    assert result.error["kind"] == "input"
    assert f"must not set {name}" in result.msg
    assert not emulator.writes


@pytest.mark.parametrize("number", [None, 0, "x", [1], True, -1])
def test_an_object_without_a_usable_id_is_not_updated(emulator, run, number):
    respond_with(
        emulator, "/api/Deployments", [{"id": number, "name": "D", "clusterArchiveFilePath": "C:\\a.car"}], times=3
    )
    assert run("deployment", name="D", comment="new").error["kind"] == "server"
    respond_with(emulator, "/api/Schedules", [{"id": number, "name": "S"}], times=3)
    assert run("schedule", name="S", active=False).error["kind"] == "server"
    assert not emulator.writes


def test_null_counts_as_not_given(emulator, run_raw, archive):
    for module, options in (
        ("deployment", {"name": None, "archive": str(archive)}),
        ("schedule", {"name": None, "file": "x"}),
        ("job", {"path": None}),
    ):
        assert run_raw(module, **options).error["kind"] == "input"
    assert not emulator.writes


@pytest.mark.parametrize("token", ["canary\ncanary", "canary…", "can ary"])
def test_a_token_that_fits_no_header_is_not_shown(emulator, run, token):
    result = run("cluster_info", token=token)
    assert result.error["kind"] == "input"
    assert "canary" not in str(result)


def test_a_token_from_a_file_may_end_in_a_line_feed(emulator, run):
    token = run("login").token
    assert run("cluster_info", token=f"{token}\n", username=None, password=None).cluster["name"] == "DEFAULT"


def test_names_with_dots_and_lists_with_ids_settle(any_emulator, run):
    extra = {"hosts": {"fs01.example.com": {"path": "a.b"}}, "rules": [{"to": "ops"}]}
    assert run("cluster", extra_fields=extra).changed
    again = run("cluster", extra_fields=extra)
    assert not again.changed, again.changes
    any_emulator.put("cluster", {"rules": [{"to": "ops", "id": 7}]})
    assert not run("cluster", extra_fields=extra).changed


def test_absent_fields_are_null(emulator, run):
    emulator.settings.null_members = "omitted"
    result = run("cluster", pause_servers_from="", pause_servers_to="")
    assert not result.changed
    assert not emulator.writes


@pytest.mark.parametrize("mask", ["********", "xxxxxx", "<hidden>", "••••"])
def test_a_mask_is_never_sent_back(emulator, run, mask):
    emulator.put("cluster", {"mailSetup": {"host": "smtp", "password": mask}})
    result = run("cluster", name="NEW")
    assert result.error["kind"] == "input"
    assert "only as a mask" in result.msg
    assert run("cluster", check=True, name="NEW").failed
    assert not emulator.writes
    assert run("cluster", name="NEW", extra_fields={"mailSetup": {"password": "real-secret"}}).changed


def test_secret_looking_values_are_masked_everywhere(emulator, run_raw):
    extra = {"mailSetup": {"smtpPassword": "canary-mail"}}
    result = run_raw("cluster", extra_fields=extra)
    assert result.changed
    assert "canary-mail" not in json.dumps(result)
    parameters = {"Variables": {"ftpPassword": "canary-ftp"}}
    assert "canary-ftp" not in json.dumps(run_raw("job", path=r"C:\none.wf", parameters=parameters, wait=False))
    emulator.add_fault(method="POST", path="/api/Cluster", action="status", status=400, body="refused: canary-mail")
    refused = run_raw("cluster", name="X", extra_fields={"mailSetup": {"smtpPassword": "canary-mail", "x": 1}})
    assert refused.failed
    assert "canary-mail" not in json.dumps(refused)


def test_a_long_error_is_masked_before_it_is_cut(emulator, run):
    body = "x" * 490 + " canary-password-that-is-long"
    emulator.add_fault(method="POST", path="/api/account/login", action="status", status=400, body=body)
    assert "canary" not in str(run("cluster_info", password="canary-password-that-is-long"))


def test_a_password_that_cannot_be_read_back_is_sent_once(emulator, run):
    emulator.settings.restart_after_config = "none"
    emulator.add_fault(method="POST", path="/api/Server/Config", action="reset_after", times=9)
    result = run("server_config", repository={"password": "new-secret"}, update_password="always", wait_interval=0.05)
    assert result.changed
    assert "The response was lost, so the password may not be set." in result.warnings[0]
    assert len(emulator.writes) == 1
    assert emulator.state()["config"]["serverDbInfo"]["password"] == "new-secret"


@pytest.mark.unsteady
def test_the_other_port_is_tried_only_after_a_change_of_the_port(emulator, run):
    """The server may be behind a port that is not its own; what listens on that one must not get the credentials."""
    seen = []
    trap = socket.socket()
    trap.bind(("127.0.0.1", 0))
    trap.listen()
    trap.settimeout(0.1)
    stop = threading.Event()

    def watch():
        while not stop.is_set():
            with contextlib.suppress(OSError):
                connection, _address = trap.accept()
                seen.append(1)
                connection.close()

    thread = threading.Thread(target=watch)
    thread.start()
    own = trap.getsockname()[1]
    emulator.put("config", {"port": own})
    result = run(
        "server_config",
        port=own,
        server_profile="ServerProfile2",
        repository={"password": "initial-secret"},
        wait_interval=0.05,
        retries=0,
    )
    stop.set()
    thread.join()
    trap.close()
    assert result.changed
    assert not seen


def test_without_waiting_nothing_is_read_back(emulator, run):
    emulator.settings.restart_seconds = 1.5
    repository = {"password": "initial-secret"}
    result = run("server_config", server_profile="ServerProfile2", repository=repository, wait=False, retries=0)
    assert result.changed
    assert run("server_info", wait=True, wait_interval=0.1).server_config["server_profile"] == "ServerProfile2"


def test_a_busy_loop_is_refused(emulator, run):
    assert run("server_config", port=9300, wait_interval=0).error["kind"] == "input"
    assert not emulator.requests


@pytest.mark.parametrize("offset", ["+01:00", "-07:00", None])
def test_a_time_of_day_survives_another_zone(emulator, run, offset, monkeypatch):
    monkeypatch.setenv("TZ", "Europe/Berlin")
    __import__("time").tzset()
    emulator.settings.start_time_offset = "server"
    daily = {"at": "00:30", "utc_offset": offset} if offset else {"at": "00:30"}
    assert run("schedule", name="S", file="x", daily=daily).changed
    before = emulator.state()["schedules"][0]["schedule"]["dailyScheduleBase"]["startTime"]
    for _time in range(2):
        assert not run("schedule", name="S", daily=daily).changed
    assert emulator.state()["schedules"][0]["schedule"]["dailyScheduleBase"]["startTime"] == before
    monkeypatch.undo()
    __import__("time").tzset()


def test_like_in_check_mode_before_its_source_exists(emulator, run):
    predicted = run("schedule", check=True, name="Copy", file="x", like="Original")
    assert predicted.changed
    assert "a real run fails here" in predicted.warnings[0]
    assert run("schedule", name="Copy", file="x", like="Original").error["kind"] == "input"


def test_a_server_that_drops_the_handshake_is_starting(run):
    """A load balancer or a starting service takes the connection and closes it again: no reason to give up."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    listener.settimeout(5)

    def drop():
        for _connection in range(3):
            connection, _address = listener.accept()
            connection.recv(10)
            connection.close()
        listener.close()

    thread = threading.Thread(target=drop)
    thread.start()
    url = f"https://localhost:{listener.getsockname()[1]}"
    result = run("server_info", server_url=url, wait=True, wait_timeout=1, wait_interval=0.1, authenticate=False)
    thread.join()
    assert result.error["kind"] == "timeout"


def test_a_login_within_a_wait_keeps_the_deadline(emulator, run):
    emulator.files.write(r"C:\Flows\load_orders.wf", b'<Flow seconds="60" outcome="Completed"/>')
    emulator.add_fault(method="GET", path="/api/Job/1/Status", action="expire_token", nth=2)
    emulator.add_fault(method="POST", path="/api/account/login", action="delay", delay=3, nth=2, times=9)
    start = datetime.datetime.now(datetime.timezone.utc)
    result = run("job", path=r"C:\Flows\load_orders.wf", wait_timeout=1, wait_interval=0.1, request_timeout=60)
    assert result.error["kind"] in ("timeout", "auth")
    assert (datetime.datetime.now(datetime.timezone.utc) - start).total_seconds() < 8


@pytest.mark.parametrize("url", ["https://a..b:9261", f"https://{'x' * 70}.com:9261", "https://[::zz]:9261"])
def test_hosts_that_cannot_be(run, url):
    assert run("cluster_info", server_url=url, retries=0).error["kind"] in ("input", "connection")


@pytest.mark.parametrize("seconds", [float("inf"), 1e30])
def test_endless_timeouts(run, seconds):
    assert run("cluster_info", request_timeout=seconds).error["kind"] == "input"


@pytest.mark.parametrize("odd", [7, [1], {"a": 1}, None, True])
def test_fields_of_odd_types(emulator, run, archive, odd):
    deployment = {"id": 3, "name": "D", "clusterArchiveFilePath": odd, "comment": odd, "encryptFiles": odd}
    respond_with(emulator, "/api/Deployments", [deployment], times=9)
    assert run("deployment", check=True, name="D", archive=str(archive)).changed
    assert not run("deployment_info").failed
    schedule = {"id": 3, "name": "S", "deploymentId": odd, "schedule": odd, "isFile": odd, "traceLevel": odd}
    respond_with(emulator, "/api/Schedules", [schedule], times=9)
    respond_with(emulator, "/api/Schedule/3", schedule, times=9)
    assert run("schedule", check=True, name="S", daily=DAILY).changed
    assert not run("schedule_info").failed
    emulator.clear_faults()
    respond_with(emulator, "/api/Cluster", {"name": odd, "stagingDirectory": odd, "purgeJobInfoAfter": odd}, times=9)
    assert not run("cluster", check=True, name="X", staging_directory="C:\\x", purge_job_info_after=3).failed


@pytest.mark.parametrize(
    "body", ["<html><body>Uploaded</body></html>", "File uploaded successfully", '{"ok": true}', ""]
)
def test_what_is_no_path_is_not_deployed(emulator, run, archive, body):
    emulator.add_fault(method="POST", path="/api/UploadFile", action="status", status=200, body=body)
    result = run("deployment", name="D", archive=str(archive))
    assert result.error["kind"] == "server"
    assert emulator.state()["deployments"] == []


@pytest.mark.parametrize("daily", [{"at": "870"}, {"start_time": "870"}, {"at": "04:30", "utc_offset": 600}])
def test_unquoted_times_get_a_hint(emulator, run, daily):
    assert "Put it in quotes" in run("schedule", name="S", file="x", daily=daily).msg
    result = run("schedules", schedules=[{"name": "S", "file": "x", "daily": daily}])
    assert "must be a time, not the number" in result.msg
    assert not emulator.requests


def test_deep_json(emulator, run):
    respond_with(emulator, "/api/Cluster", "[" * 100_000)
    assert run("cluster_info").error["kind"] == "server"


@pytest.mark.parametrize("nonsense", ["A", ["A", "B"]])
def test_options_of_wrong_types_do_not_show_secrets(run_raw, nonsense):
    for module, option in (("schedules", "schedules"), ("server_config", "repository")):
        result = run_raw(module, password="canary-9", **{option: nonsense})
        assert result.failed
        assert "canary" not in json.dumps(result)


def test_secrets_do_not_reach_the_log_of_the_system(run, way, monkeypatch):
    logged = []
    monkeypatch.setattr(basic.AnsibleModule, "log", lambda _module, message, **_how: logged.append(message))
    run("cluster", check=True, extra_fields={"mail": {"password": "canary-10"}})
    assert bool(logged) is (way == "module")
    assert "canary" not in " ".join(logged)


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_numbers_that_json_cannot_carry(any_emulator, run, value):
    """They are found before the first write, in check mode too."""
    for check in (True, False):
        assert run("cluster", check=check, extra_fields={"number": value}).error["kind"] == "input"
        entries = [
            {"name": "A", "file": r"C:\a.wf", "daily": DAILY},
            {"name": "B", "file": r"C:\b.wf", "schedule": {"typeName": "X", "n": value}},
        ]
        assert run("schedules", check=check, schedules=entries).error["kind"] == "input"
    assert run("api", method="POST", path="/api/Cluster", body={"number": value}).error["kind"] == "input"
    assert not any_emulator.writes


@pytest.mark.parametrize("odd", [{"id": 5}, [1], "x"])
def test_a_schedule_whose_deployment_has_no_number(emulator, run, odd):
    emulator.put("deployment", {"name": "D", "clusterArchiveFilePath": r"C:\Deployment\o.car"})
    schedule = {"name": "S", "deployment": "D", "start_item": "a.wf", "daily": DAILY}
    assert not run("schedule", **schedule).failed
    shown = {**emulator.state()["schedules"][0], "deploymentId": odd}
    respond_with(emulator, "/api/Schedules", [shown], times=9)
    respond_with(emulator, f"/api/Schedule/{shown['id']}", shown, times=9)
    assert not run("schedules", check=True, schedules=[schedule]).failed
    assert not run("plan", configuration={"astera_schedules": [schedule]}).failed
