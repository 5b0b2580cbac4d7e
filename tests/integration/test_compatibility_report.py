"""The compatibility report: its verdicts follow the server's settings, it writes nothing, and it shows no value."""

from __future__ import annotations

import json
import re

import pytest

from ansible_collections.astera.data_stack.plugins.module_utils._compatibility.assumptions import ASSUMPTIONS
from ansible_collections.astera.data_stack.plugins.module_utils._compatibility.collect import Responses
from ansible_collections.astera.data_stack.plugins.module_utils._compatibility.report import judge
from running import WAYS

pytestmark = pytest.mark.any_core

DAILY = {
    "typeName": "Astera.Core.DailySchedule",
    "dailyScheduleBase": {
        "typeName": "Astera.Core.DailyScheduleEveryDay",
        "startTime": "2022-09-06T04:53:46.2573662-07:00",
    },
}
#: The verdicts on the default emulator that are not "confirmed".
USUAL = {
    "openapi-terminate": "differs",
    "openapi-trace": "differs",
    "openapi-delete-deployment": "differs",
    "openapi-delete-schedule": "differs",
}


@pytest.fixture
def way():
    """One is enough here; the last test compares the two."""
    return "action"


@pytest.fixture
def fill(emulator):
    """Put something on the server: a deployment and a schedule of it."""

    def filler():
        emulator.put("deployment", {"name": "Orders", "clusterArchiveFilePath": r"C:\Deployment\a.car"})
        emulator.put("schedule", {"name": "Nightly", "deploymentId": 1, "schedule": DAILY, "isFile": False})

    return filler


@pytest.fixture
def verdicts(emulator, run, fill):
    """Verdicts and findings by key, for a server with the given settings."""

    def reader(**settings):
        fill()
        for name, value in settings.items():
            setattr(emulator.settings, name, value)
        before = len(emulator.writes)
        result = run("compatibility_info", retries=0)
        assert not result.failed, result
        assert len(emulator.writes) == before
        return {one["key"]: (one["verdict"], one["found"]) for one in result.report["assumptions"]}

    return reader


def test_the_default_variants(verdicts):
    found = verdicts()
    assert {key: verdict for key, (verdict, _found) in found.items() if verdict != "confirmed"} == USUAL


#: Setting, its value, and the verdict that follows on an assumption.
VARIANTS = [
    ("config_password", "absent", "config-password", "differs"),
    ("config_password", "plain", "config-password", "differs"),
    ("deployment_activation", "absent", "deployment-activation", "differs"),
    ("deployment_active_field", "isEnabled", "deployment-activation", "differs"),
    ("unknown_job", "404", "job-status", "differs"),
    ("unknown_job", "204", "job-status", "differs"),
    ("status_form", "number", "job-status", "differs"),
    ("openapi_path", "/elsewhere.json", "openapi-path", "not_seen"),
    ("terminate_operation", "POST /api/Job/{jobId}/Terminate", "openapi-terminate", "confirmed"),
    ("trace_operation", "GET /api/Job/{jobId}/Trace", "openapi-trace", "confirmed"),
    ("delete_deployment_operation", "DELETE /api/Deployment/{id}", "openapi-delete-deployment", "confirmed"),
    (
        "delete_schedule_operation",
        "DELETE /api/ScheduledJob/{scheduleId}",
        "openapi-delete-schedule",
        "confirmed",
    ),
    ("forbidden", "GET /api/cluster", "cluster-fields", "not_seen"),
    ("forbidden", "GET /api/deployments", "deployment-fields", "not_seen"),
]


@pytest.mark.parametrize(("name", "value", "key", "verdict"), VARIANTS)
def test_a_verdict_follows_its_setting(verdicts, name, value, key, verdict):
    assert verdicts(**{name: value})[key][0] == verdict
    assert verdict != USUAL.get(key, "confirmed")


#: Variants that no assumption is about, as the collection copes with each.
INDIFFERENT = [
    ("output_casing", "pascal"),
    ("path_casing", "exact"),
    ("error_body", "problem"),
    ("login_answer", "text"),
    ("login_facts", "absent"),
    ("server_info", "list"),
    ("schedule_list", "summary"),
    ("status_form", "text"),
    ("status_form", "object"),
    ("openapi_path", "/swagger/docs/v1"),
    ("openapi_access", "token"),
    ("openapi_version", "2"),
]


@pytest.mark.parametrize(("name", "value"), INDIFFERENT)
def test_a_variant_that_changes_no_verdict(verdicts, name, value):
    found = verdicts(**{name: value})
    assert {key: verdict for key, (verdict, _found) in found.items() if verdict != "confirmed"} == USUAL


#: What no setting changes: a path, another response, and the verdicts that follow.
RESPONSES = [
    ("/api/Server/Config", {"port": 9261}, {"config-fields": "differs", "config-password": "differs"}),
    ("/api/Server/Config", "<html>", {"config-fields": "not_seen", "config-password": "not_seen"}),
    ("/api/Cluster", [{"id": 1, "name": "A"}], {"cluster-fields": "confirmed"}),
    ("/api/Cluster", "[]", {"cluster-fields": "not_seen"}),
    ("/api/Cluster", {"id": 1, "clusterName": "A"}, {"cluster-fields": "differs"}),
    ("/api/Job/*", {"status": "Unknown"}, {"job-status": "confirmed"}),
    ("/api/Job/*", '"invalid"', {"job-status": "confirmed"}),
    ("/api/Job/*", '"Lost"', {"job-status": "differs"}),
    ("/api/Job/*", "null", {"job-status": "differs"}),
    ("/api/Deployments", {"items": []}, {"deployment-fields": "differs", "deployment-activation": "differs"}),
    ("/api/Deployments", [1], {"deployment-fields": "not_seen", "deployment-activation": "not_seen"}),
    ("/api/Deployments", [], {"deployment-fields": "not_seen", "deployment-activation": "not_seen"}),
    ("/api/Deployments", [{"id": 1}], {"deployment-fields": "differs"}),
    ("/api/Schedules", [], {"schedule-list": "not_seen", "schedule-fields": "not_seen"}),
    ("/api/Schedules", [{"name": "A", "id": 1}], {"schedule-list": "confirmed", "schedule-fields": "confirmed"}),
    ("/api/Schedules", [{"id": 1}], {"schedule-list": "differs", "schedule-fields": "confirmed"}),
    ("/api/Schedule/1", {"name": "less"}, {"schedule-fields": "differs"}),
    (
        "/swagger/v1/swagger.json",
        {"openapi": "3.0", "paths": {"/api/Jobs": {"get": {}}}},
        {"openapi-path": "confirmed", "openapi-trace": "differs"},
    ),
]


@pytest.mark.parametrize(("path", "body", "expected"), RESPONSES)
def test_a_verdict_follows_the_response(emulator, verdicts, path, body, expected):
    text = body if isinstance(body, str) else json.dumps(body)
    emulator.add_fault(path=path, action="status", status=200, body=text, times=99)
    found = verdicts()
    assert {key: found[key][0] for key in expected} == expected


#: Path, status, and the verdicts that follow. A rejection and a 503 decide nothing.
STATUSES = [
    *(("/api/Cluster", status, {"cluster-fields": "not_seen"}) for status in (401, 403, 404, 405, 429, 500, 503)),
    *(("/api/Schedule/1", status, {"schedule-fields": "not_seen"}) for status in (403, 503)),
    ("/api/Schedule/1", 404, {"schedule-fields": "not_seen"}),
    *(("/api/Job/*", status, {"job-status": "not_seen"}) for status in (401, 403, 503)),
    ("/api/ServerInfo", 503, {"cluster-fields": "confirmed"}),
    ("/api/Server/Config", 403, {"config-fields": "not_seen", "config-password": "not_seen"}),
    ("/swagger/v1/swagger.json", 503, {"openapi-path": "not_seen", "openapi-trace": "not_seen"}),
    ("/swagger/v1/swagger.json", 403, {"openapi-path": "not_seen"}),
]


@pytest.mark.parametrize(("path", "status", "expected"), STATUSES)
def test_a_verdict_follows_the_status(emulator, verdicts, path, status, expected):
    emulator.add_fault(path=path, action="status", status=status, body="no", times=99)
    found = verdicts()
    assert {key: found[key][0] for key in expected} == expected


def test_what_is_found(emulator, verdicts):
    """Missing fields are named, and so are operations that may do."""
    emulator.settings.trace_operation = "GET /api/Job/{jobId}/TraceAll"
    emulator.add_fault(path="/api/Deployments", status=200, body='[{"id": 1, "name": "A", "isShared": true}]')
    found = verdicts()
    assert found["deployment-fields"][1] == "missing: updateDtTm"
    assert "GET /api/Job/{jobId}/TraceAll" in found["openapi-trace"][1]


def test_another_path_of_the_document(emulator, run):
    emulator.settings.openapi_path = "/elsewhere.json"
    report = run("compatibility_info", openapi_path="/elsewhere.json").report
    found = {one["key"]: (one["verdict"], one["found"]) for one in report["assumptions"]}
    assert found["openapi-path"] == ("differs", "at /elsewhere.json")


def test_a_defect_costs_one_verdict():
    def check(_responses):
        raise KeyError("canary")

    found = judge(ASSUMPTIONS[0]._replace(check=check), Responses({}, []))
    assert found["verdict"] == "not_seen"
    assert found["found"] == "a defect of this collection, please report it: KeyError"


def test_each_verdict_can_turn_out_either_way():
    """A test above moves each one away from what it usually is."""
    moved = {variant[-2:] for variant in VARIANTS}
    moved |= {item for *_response, expected in (*RESPONSES, *STATUSES) for item in expected.items()}
    unusual = {key for key, verdict in moved if verdict not in (USUAL.get(key, "confirmed"), "not_seen")}
    # The test of another path moves that of the document.
    assert unusual | {"openapi-path"} == {assumption.key for assumption in ASSUMPTIONS}


def test_the_harshest_variant_of_everything(emulator, run, fill):
    emulator.reset(strict=True, missing_archive="accept")
    fill()
    result = run("compatibility_info")
    assert not result.failed
    found = {one["key"]: one["verdict"] for one in result.report["assumptions"]}
    assert found["schedule-list"] == "confirmed"
    # Fields that are null are absent.
    assert found["config-fields"] == found["deployment-fields"] == found["cluster-fields"] == "confirmed"


def test_the_shapes_show_each_type_of_frequency(emulator, run, fill):
    fill()
    frequency = {"typeName": "Astera.Core.WeeklySchedule", "days": [{"typeName": "secret.Canary"}]}
    emulator.put("schedule", {"name": "W", "schedule": frequency, "isFile": True})
    emulator.settings.schedule_list = "summary"
    shapes = {one["path"]: one.get("shape") for one in run("compatibility_info").report["answers"]}
    assert shapes["/api/Schedule/1"]["schedule.typeName"] == DAILY["typeName"]
    assert shapes["/api/Schedule/2"]["schedule.typeName"] == "Astera.Core.WeeklySchedule"
    assert shapes["/api/Schedule/2"]["schedule.days[].typeName"] == "text"


def test_the_shapes_show_what_no_verdict_is_about(emulator, run, fill):
    """Casing, fields that are null, timestamps, the form of an error."""
    fill()
    emulator.settings.output_casing = "pascal"
    emulator.settings.error_body = "problem"
    emulator.settings.unknown_job = "404"
    requests = {one["path"]: one for one in run("compatibility_info").report["answers"]}
    assert requests["/api/Cluster"]["shape"]["PauseServersFrom"] == "null"
    assert requests["/api/Deployments"]["shape"]["[].UpdateDtTm"] == "date-time with an offset"
    unknown = requests["/api/Job/2147483646/Status"]
    assert unknown["status"] == 404
    assert "title" in unknown["shape"]
    login = requests["/api/account/login"]
    assert login["method"] == "POST"
    assert login["shape"]["access_token"] == "secret text"
    assert "shape" not in requests["/swagger/v1/swagger.json"]


def test_no_value_is_shown(emulator, run_raw, fill):
    """Secrets, names of people and things, paths and hosts."""
    fill()
    emulator.settings.config_password = "plain"
    secret = "canary-password-of-the-repository"
    emulator.put("config", {"serverDbInfo": {"server": "canary-host", "user": "canary-user", "password": secret}})
    emulator.put("cluster", {"name": "canary-cluster", "mailSetup": {"host": "canary.example.com", "Jane Canary": "x"}})
    emulator.put(
        "deployment", {"name": "canary-deployment", "comment": "for canary", "clusterArchiveFilePath": r"C:\canary"}
    )
    info = {"serverName": "CANARY", "version": "10.5.1", "licensedTo": "Canary Ltd", "productVersion": "canary"}
    emulator.add_fault(path="/api/ServerInfo", status=200, body=info, times=9)
    emulator.add_fault(path="/api/Job/*", status=200, body='"Canary"')
    result = run_raw("compatibility_info")
    text = json.dumps(result.report).lower()
    assert "canary" not in text
    assert "load_orders" not in text
    assert "version 10.5.1" in text
    assert not re.search(r"eyj[\w-]{10}", text)
    assert result.report["assumptions"]
    assert "(another name)" in text


def test_no_host_is_shown(emulator, run, fill):
    """Neither of a header, nor of a dictionary that has hosts as its keys."""
    fill()
    headers = {"WWW-Authenticate": 'Basic realm="ETL01.corp.example.com"'}
    emulator.add_fault(path="/api/ServerInfo", status=401, nth=2, times=2, headers=headers)
    hosts = {f"{name}.example.com": {"load": 1} for name in ("sql01.corp", "sql02")}
    emulator.put("cluster", {"servers": {**hosts, "fe80::1": 1, "etl-07": 1, "srv/share": 1}})
    text = json.dumps(run("compatibility_info").report)
    for name in ("example", "sql0", "fe80", "etl-07", "srv/share"):
        assert name not in text.lower()
    assert "servers.(another name)" in text


def test_a_hostile_server(emulator, run):
    """The report is made also where every response is nonsense."""
    for body in (
        "[" * 50_000,
        '{"a": ' * 90 + "1" + "}" * 90,
        "<html>",
        "\x1b[2J",
        '"x"',
        "[[[1]]]",
        '{"id": {"id": []}}',
        "",
    ):
        emulator.clear_faults()
        emulator.add_fault(method="GET", status=200, body=body, times=99)
        result = run("compatibility_info")
        assert not result.failed
        assert "defect" not in json.dumps(result.report)
        assert len(json.dumps(result.report)) < 300_000


def test_one_failing_read_costs_only_what_needs_it(emulator, run, fill):
    fill()
    emulator.add_fault(method="GET", path="/api/Cluster", action="reset_before", times=9)
    result = run("compatibility_info", retries=0)
    found = {one["key"]: one["verdict"] for one in result.report["assumptions"]}
    not_seen = {key for key, verdict in found.items() if verdict == "not_seen"}
    assert not_seen == {"cluster-fields"}


def test_a_server_that_stops_to_respond(emulator, run):
    """Each request is sent once."""
    emulator.add_fault(method="GET", action="status", status=503, nth=2, times=99)
    result = run("compatibility_info")
    assert not result.failed
    paths = [request.path for request in emulator.requests if request.method == "GET"]
    assert len(paths) == 10
    assert paths.count("/api/Cluster") == 1


@pytest.mark.parametrize("path", ["0", "@elsewhere.test/x", "swagger.json"])
def test_a_place_that_is_not_a_path(emulator, run, path):
    result = run("compatibility_info", openapi_path=path)
    assert result.error["kind"] == "input"
    assert not emulator.requests


@pytest.mark.parametrize("account", [{}, {"token": "x", "username": None, "password": None}])
def test_nobody_there(emulator, run, free_port, account):
    result = run("compatibility_info", server_url=f"https://localhost:{free_port()}", retries=0, **account)
    assert result.error["kind"] == "connection"


def test_a_wrong_password_is_tried_once(emulator, run):
    result = run("compatibility_info", password="canary-wrong")
    assert result.error["kind"] == "auth"
    assert len(emulator.requests) == 1


def test_a_token_alone(emulator, run):
    token = run("login").token
    before = len(emulator.requests)
    result = run("compatibility_info", token=token, username=None, password=None)
    found = {one["key"]: one["verdict"] for one in result.report["assumptions"]}
    assert found["cluster-fields"] == "confirmed"
    assert {request.method for request in emulator.requests[before:]} == {"GET"}
    assert run("compatibility_info", token="a.b.c", username=None, password=None).error["kind"] == "auth"


def test_both_ways_return_the_same(emulator, connection, fill):
    fill()
    reports = [WAYS[way]("astera_compatibility_info", {**connection, "retries": 0})["report"] for way in WAYS]
    assert reports[0] == reports[1]
    assert reports[0]["answers"]
