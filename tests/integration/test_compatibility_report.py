"""The compatibility report: its verdicts follow the server's settings, it writes nothing, and it shows no value."""

from __future__ import annotations

import base64
import json
import re

import pytest

from ansible_collections.astera.data_stack.plugins.module_utils._compatibility.evidence import Evidence, Seen
from ansible_collections.astera.data_stack.plugins.module_utils._compatibility.report import ASSUMPTIONS
from ansible_collections.astera.data_stack.plugins.module_utils._http.transport import Response
from running import WAYS

pytestmark = pytest.mark.any_core

DAILY = {
    "typeName": "Astera.Core.DailySchedule",
    "dailyScheduleBase": {
        "typeName": "Astera.Core.DailyScheduleEveryDay",
        "startTime": "2022-09-06T04:53:46.2573662-07:00",
    },
}
#: What the emulator shows in its default readings, where that is not "confirmed".
USUAL = {
    "openapi-terminate": "differs",
    "openapi-trace": "differs",
    "openapi-delete-deployment": "differs",
    "openapi-delete-schedule": "differs",
    "openapi-jobs": "differs",
    "port": "differs",
    "certificate": "undecided",
    "config-further": "differs",
    "config-port": "differs",
    "pause-times": "undecided",
    "deployment-further": "differs",
    "schedule-further": "differs",
    "schedule-names": "undecided",
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
def contact(emulator, run, fill):
    """Verdicts and findings by key, of a server with the given settings."""

    def reader(**settings):
        fill()
        for name, value in settings.items():
            setattr(emulator.settings, name, value)
        before = len(emulator.writes)
        result = run("compatibility_info", retries=0)
        assert not result.failed, result
        assert len(emulator.writes) == before
        assert {request.method for request in emulator.requests[-6:]} == {"GET"}
        return {one["key"]: (one["verdict"], one["found"]) for one in result.report["assumptions"]}

    return reader


def test_the_default_readings(contact):
    found = contact()
    assert {key: verdict for key, (verdict, _found) in found.items() if verdict != "confirmed"} == USUAL
    assert "mailSetup.host" in found["cluster-further"][1]


#: Setting, its value, and what the verdict of which assumption becomes.
READINGS = [
    ("output_casing", "pascal", "casing", "differs"),
    ("path_casing", "exact", "path-case", "differs"),
    ("null_members", "omitted", "nulls", "differs"),
    ("error_body", "problem", "error-body", "differs"),
    ("error_body", "html", "error-body", "differs"),
    ("error_body", "empty", "error-body", "differs"),
    ("login_answer", "accessToken", "token-key", "differs"),
    ("login_answer", "token", "token-key", "differs"),
    ("login_answer", "text", "token-key", "differs"),
    ("token_lifetime", 3600, "token-life", "differs"),
    ("token_lifetime_unremembered", 3600, "token-life-unremembered", "differs"),
    ("server_info", "list", "info-form", "differs"),
    ("config_password", "absent", "config-password", "differs"),
    ("config_password", "plain", "config-password", "differs"),
    ("config_without_token", "yes", "config-without-token", "differs"),
    ("cluster_stamp", "present", "cluster-stamp", "differs"),
    ("deployment_activation", "absent", "deployment-activation", "differs"),
    ("deployment_active_field", "isEnabled", "deployment-activation", "differs"),
    ("login_facts", "absent", "login-members", "differs"),
    ("schedule_list", "summary", "schedule-list-whole", "differs"),
    ("unknown_id", 400, "no-such-schedule", "differs"),
    ("unknown_id", 204, "no-such-schedule", "differs"),
    ("unknown_id", "null", "no-such-schedule", "differs"),
    ("unknown_job", "404", "no-such-job", "differs"),
    ("unknown_job", "204", "no-such-job", "differs"),
    ("status_form", "number", "status-form", "differs"),
    ("status_form", "number", "no-such-job", "differs"),
    ("status_form", "text", "status-form", "differs"),
    ("status_form", "object", "status-form", "differs"),
    ("activate_body", "text", "openapi-activate", "differs"),
    ("openapi_path", "/swagger/docs/v1", "openapi-place", "differs"),
    ("openapi_path", "/elsewhere.json", "openapi-place", "not_seen"),
    ("openapi_access", "token", "openapi-access", "differs"),
    ("openapi_version", "2", "openapi-version", "differs"),
    ("terminate_operation", "POST /api/Job/{jobId}/Terminate", "openapi-terminate", "confirmed"),
    ("trace_operation", "GET /api/Job/{jobId}/Trace", "openapi-trace", "confirmed"),
    ("delete_deployment_operation", "DELETE /api/Deployment/{id}", "openapi-delete-deployment", "confirmed"),
    (
        "delete_schedule_operation",
        "DELETE /api/Schedule?scheduleId={scheduleId}",
        "openapi-delete-schedule",
        "confirmed",
    ),
    ("forbidden", "GET /api/cluster", "cluster-get", "not_seen"),
    ("forbidden", "GET /api/deployments", "deployments-list", "not_seen"),
]


@pytest.mark.parametrize(("name", "value", "key", "verdict"), READINGS)
def test_a_verdict_follows_its_setting(contact, name, value, key, verdict):
    assert contact(**{name: value})[key][0] == verdict
    assert verdict != USUAL.get(key, "confirmed")


ACTIVATE = {"post": {"requestBody": {"content": {"text/plain": {}}}}}
#: A token that says only when it ends.
OTHER_TOKEN = f"a.{base64.urlsafe_b64encode(json.dumps({'exp': 4000000000}).encode()).decode()}.b"
#: What no setting changes: a path, another answer, and what the verdict of which assumption becomes.
ANSWERS = [
    ("/api/account/login", {"access_token": "a.b.c"}, {"login-members": "differs"}),
    ("/api/account/login", {"access_token": "opaque"}, {"token-form": "differs", "token-life": "not_seen"}),
    ("/api/account/login", {"access_token": OTHER_TOKEN}, {"token-claims": "differs", "token-form": "confirmed"}),
    ("/api/Server/Config", {"config": {"port": 9261}}, {"config-members": "differs", "config-further": "confirmed"}),
    ("/api/Server/Config", "<html>", {"config-members": "not_seen", "config-password": "not_seen"}),
    ("/api/Cluster", {"id": 2, "pauseServersFrom": "23:30"}, {"cluster-id": "differs", "pause-times": "confirmed"}),
    ("/api/Cluster", {"id": 1, "pauseServersFrom": "soon", "pauseServersTo": "x"}, {"pause-times": "differs"}),
    ("/api/Cluster", [{"id": 2, "name": "A"}], {"cluster-get": "confirmed", "cluster-id": "differs"}),
    ("/api/Cluster", [], {"cluster-get": "differs", "cluster-id": "not_seen"}),
    ("/api/Cluster", "<html>", {"cluster-get": "not_seen"}),
    ("/api/Schedule/1", "<html>", {"schedule-single": "differs"}),
    ("/api/Job/*", {"jobStatus": "Unknown"}, {"no-such-job": "confirmed", "status-form": "differs"}),
    ("/api/Job/*", {"state": "unknown"}, {"no-such-job": "confirmed", "status-form": "differs"}),
    ("/api/Job/*", 7, {"no-such-job": "differs", "status-form": "differs"}),
    ("/api/Job/*", "null", {"no-such-job": "differs", "status-form": "not_seen"}),
    ("/api/Deployments", {"items": []}, {"deployments-list": "differs", "deployment-members": "not_seen"}),
    ("/api/Deployments", [], {"deployments-list": "undecided", "deployment-activation": "not_seen"}),
    ("/api/Deployments", [{"id": 1}], {"deployments-list": "differs", "deployment-members": "differs"}),
    ("/api/Deployments", [{"id": 1, "updateDtTm": "2026-01-01T00:00:00Z"}], {"stamps": "differs"}),
    ("/api/Schedules", [], {"schedules-list": "undecided", "frequencies": "not_seen", "schedule-single": "not_seen"}),
    ("/api/Schedules", [{"name": "A", "id": 1}, {"name": "A", "id": 2}], {"schedule-names": "confirmed"}),
    ("/api/Deployments", [{"id": 1, "isShared": True}], {"deployment-further": "confirmed"}),
    ("/api/Schedules", [{"isFile": True, "schedule": None, "mail": {"to": 1}}], {"schedule-further": "confirmed"}),
    (
        "/api/Schedules",
        [{"isFile": True, "schedule": {"dailyScheduleBase": {"startTime": "04:30"}}}],
        {"start-time": "differs", "schedule-members": "differs"},
    ),
    ("/api/Schedule/1", {"name": "less"}, {"schedule-single": "differs"}),
    ("/api/Cluster", {"id": 1}, {"cluster-further": "differs", "cluster-members": "undecided"}),
    ("/api/Cluster", {"id": 1, "pauseServersFrom": None}, {"cluster-members": "differs"}),
    (
        "/swagger/v1/swagger.json",
        {"openapi": "3.0", "paths": {"/api/License/Activate": ACTIVATE, "/api/Jobs": {"get": {}}}},
        {
            "openapi-calls": "differs",
            "openapi-title": "differs",
            "openapi-activate": "differs",
            "openapi-jobs": "confirmed",
        },
    ),
]


@pytest.mark.parametrize(("path", "body", "verdicts"), ANSWERS)
def test_a_verdict_follows_the_answer(emulator, contact, path, body, verdicts):
    text = body if isinstance(body, str) else json.dumps(body)
    if "login" in path:
        # The token of this answer is none that counts.
        emulator.add_fault(method="GET", action="status", status=200, body="{}", times=99)
    emulator.add_fault(path=path, action="status", status=200, body=text, times=99)
    found = contact()
    assert {key: found[key][0] for key in verdicts} == verdicts


#: Path, status, and what the verdicts become. A refusal, and what only puts off, tell nothing of what lies behind them.
STATUSES = [
    *(("/api/Cluster", status, {"cluster-get": "not_seen", "path-case": "not_seen"}) for status in (401, 403, 429)),
    ("/api/Cluster", 503, {"cluster-get": "not_seen"}),
    *(("/api/Cluster", status, {"cluster-get": "differs"}) for status in (404, 405)),
    ("/api/Schedule/2147483646", 401, {"no-such-schedule": "not_seen", "error-body": "not_seen"}),
    ("/api/Schedule/2147483646", 403, {"no-such-schedule": "not_seen", "error-body": "not_seen"}),
    ("/api/Schedule/2147483646", 503, {"no-such-schedule": "not_seen"}),
    ("/api/Schedule/2147483646", 500, {"no-such-schedule": "differs"}),
    *(("/api/Schedule/1", status, {"schedule-single": "not_seen"}) for status in (403, 503)),
    ("/api/Schedule/1", 404, {"schedule-single": "differs"}),
    *(("/api/Job/*", status, {"no-such-job": "not_seen", "status-form": "not_seen"}) for status in (401, 403, 503)),
    ("/api/ServerInfo", 503, {"no-token": "not_seen", "wrong-token": "not_seen"}),
    ("/api/Server/Config", 403, {"config-without-token": "confirmed", "config-members": "not_seen"}),
    ("/api/Server/Config", 500, {"config-without-token": "not_seen"}),
]


@pytest.mark.parametrize(("path", "status", "verdicts"), STATUSES)
def test_a_verdict_follows_the_status(emulator, contact, path, status, verdicts):
    emulator.add_fault(path=path, action="status", status=status, body="no", times=99)
    found = contact()
    assert {key: found[key][0] for key in verdicts} == verdicts


def test_a_document_that_was_only_put_off_without_a_token(emulator, contact):
    emulator.add_fault(path="/swagger/v1/swagger.json", action="status", status=503)
    assert contact()["openapi-access"][0] == "not_seen"


def test_names_that_differ_in_case_are_no_twins(emulator, contact):
    emulator.put("schedule", {"name": "NIGHTLY", "schedule": DAILY, "isFile": True})
    assert contact()["schedule-names"] == ("undecided", "no name is there twice")


@pytest.mark.parametrize("kind", ["schedules", "deployments"])
def test_stamps_of_one_kind_do(contact, kind):
    found = contact(forbidden=f"GET /api/{kind}")
    assert found[f"{kind}-list"][0] == "not_seen"
    assert found["stamps"][0] == "confirmed"


def test_the_case_of_names_in_the_login_answer(emulator, contact):
    """Access_Token is the token, and no fact about the user."""
    body = json.dumps({"Access_Token": OTHER_TOKEN})
    emulator.add_fault(path="/api/account/login", action="status", status=200, body=body, times=99)
    emulator.add_fault(method="GET", action="status", status=200, body="{}", times=99)
    found = contact()
    assert found["login-members"] == ("differs", "beside the token: none")
    assert found["token-key"] == ("differs", "the token is in Access_Token")


def answered(text, headers=None, status=200):
    return Seen("/api", "", Response(status, "", text, 1, headers or {}))


def refusals(other):
    """What calls to ServerInfo come to: without a token as usual, and with a wrong one."""
    usual = answered("", {"www-authenticate": "Bearer"}, 401)
    return {"seen": {"info without token": usual, "info with wrong token": other}}


OWN_PORT = {"config": answered('{"port": 9261}')}
#: What no answer of an emulated server changes: what is known of the connection.
KNOWN = [
    ("port", {"port": 9261}, "confirmed"),
    ("port", {"port": 9260}, "differs"),
    ("certificate", {"certificate": {"self_signed": True, "tls": "TLSv1.3", "names": {}, "days": 1}}, "confirmed"),
    ("certificate", {"certificate": {"self_signed": False, "tls": "TLSv1.3", "names": {}, "days": 1}}, "undecided"),
    ("certificate", {"certificate": {"trouble": "plain HTTP"}}, "not_seen"),
    ("web-server", {"seen": {"info": answered("", {"server": "Microsoft-IIS/10.0"})}}, "differs"),
    ("web-server", {"seen": {"info": answered("", {})}}, "undecided"),
    ("wrong-token", refusals(answered("", {"www-authenticate": 'Bearer error="invalid_token"'}, 401)), "confirmed"),
    ("wrong-token", refusals(answered("no", {"www-authenticate": "Bearer"}, 401)), "differs"),
    ("wrong-token", refusals(answered("", {}, 401)), "differs"),
    ("wrong-token", refusals(answered("", {}, 403)), "differs"),
    ("wrong-token", {"seen": {"info with wrong token": answered("", {}, 401)}}, "not_seen"),
    ("config-port", {"port": 9261, "seen": OWN_PORT}, "confirmed"),
    ("config-port", {"port": 9260, "seen": OWN_PORT}, "differs"),
]


@pytest.mark.parametrize(("key", "known", "verdict"), KNOWN)
def test_a_verdict_follows_the_connection(key, known, verdict):
    (assumption,) = [one for one in ASSUMPTIONS if one.key == key]
    assert assumption.judged(Evidence(**known))["verdict"] == verdict


@pytest.mark.parametrize(("status", "verdict"), [(403, "differs"), (401, "confirmed")])
def test_a_refusal_of_another_kind(emulator, contact, status, verdict):
    """Of another form, but the same with a wrong token and without one."""
    emulator.add_fault(path="/api/ServerInfo", action="status", status=status, body="no", times=9)
    found = contact()
    assert found["no-token"][0] == "differs"
    assert found["wrong-token"][0] == verdict


def test_a_refused_token_makes_no_further_login(emulator, run, fill):
    fill()
    emulator.add_fault(path="/api/ServerInfo", action="status", status=200, body={"version": "10.5"}, times=9)
    emulator.add_fault(method="GET", action="status", status=401, times=99)
    result = run("compatibility_info", retries=0)
    assert not result.failed
    assert len([request for request in emulator.requests if request.method == "POST"]) == 2
    asked = [request.path for request in emulator.requests if request.method == "GET"]
    assert asked.count("/api/Deployments") == 1


def test_each_assumption_can_turn_out_either_way():
    """Every one is moved by a test above, away from what it usually is."""
    moved = {key for _name, _value, key, _verdict in READINGS} | {key for *_rest, keys in ANSWERS for key in keys}
    moved |= {key for key, *_rest in KNOWN} | {"no-token", "wrong-token"}
    assert {assumption.key for assumption in ASSUMPTIONS} == moved
    for *_rest, verdicts in ANSWERS:
        assert any(verdict != USUAL.get(key, "confirmed") for key, verdict in verdicts.items())


def test_other_readings_of_everything(emulator, run, fill):
    emulator.reset(strict=True, missing_archive="accept")
    fill()
    result = run("compatibility_info")
    assert not result.failed
    verdicts = {one["key"]: one["verdict"] for one in result.report["assumptions"]}
    assert verdicts["casing"] == verdicts["cluster-stamp"] == "differs"
    assert verdicts["cluster-get"] == verdicts["config-members"] == "confirmed"
    assert verdicts["deployment-members"] == "undecided"


def test_one_schedule_of_another_type(emulator, contact):
    frequency = {"typeName": "Astera.Core.WeeklySchedule", "days": [{"typeName": "secret.Canary"}]}
    emulator.put("schedule", {"name": "W", "schedule": frequency, "isFile": True})
    verdict, found = contact(schedule_list="summary")["frequencies"]
    assert verdict == "differs"
    assert "Astera.Core.WeeklySchedule with days, typeName" in found
    assert "a type of another name with typeName" in found


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
    result = run_raw("compatibility_info")
    text = json.dumps(result.report).lower()
    assert "canary" not in text
    assert "load_orders" not in text
    assert "version 10.5.1" in text
    assert not re.search(r"eyj[\w-]{10}", text)
    assert result.report["assumptions"]
    assert "(another name)" in text


def test_no_host_is_shown(emulator, run, fill):
    """Neither of a realm, nor of a dictionary that has hosts as its keys."""
    fill()
    challenge = 'Negotiate, Basic realm="ETL01.corp.example.com, \\"x\\" y=z", NTLM Y29ycC5leGFtcGxl=='
    headers = {"WWW-Authenticate": challenge, "X-Frame-Options": "a"}
    emulator.add_fault(path="/api/ServerInfo", status=401, nth=2, times=2, headers=headers)
    hosts = {f"{name}.example.com": {"load": 1} for name in ("sql01.corp", "sql02")}
    emulator.put("cluster", {"servers": {**hosts, "fe80::1": 1, "etl-07": 1, "srv/share": 1}})
    text = json.dumps(run("compatibility_info").report)
    for told in ("example", "sql0", "fe80", "etl-07", "srv/share", "Y29ycC5", "y=z"):
        assert told not in text
    assert '"www-authenticate": "Negotiate, Basic, NTLM with realm"' in text
    assert "x-frame-options" in text
    assert "servers.(another name)" in text


def test_a_hostile_server(emulator, run):
    """Every call answers nonsense; there is a report all the same."""
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
        assert len(json.dumps(result.report)) < 100_000


def test_one_failing_read_costs_only_what_needs_it(emulator, run, fill):
    fill()
    emulator.add_fault(method="GET", path="/api/Cluster", action="reset_before", times=9)
    result = run("compatibility_info", retries=0)
    verdicts = {one["key"]: one["verdict"] for one in result.report["assumptions"]}
    assert {key for key, verdict in verdicts.items() if verdict == "not_seen"} == {
        "path-case",
        "nulls",
        "cluster-get",
        "cluster-members",
        "cluster-further",
        "cluster-id",
        "cluster-stamp",
        "pause-times",
    }


def test_a_server_that_falls_silent_is_left_alone(emulator, run):
    emulator.add_fault(method="GET", action="status", status=503, nth=4, times=99)
    result = run("compatibility_info", retries=0)
    assert not result.failed
    assert len([request for request in emulator.requests if request.method == "GET"]) == 6
    text = json.dumps(result.report)
    assert "not asked, as 3 calls in a row had no answer, or only one of 429, 502, 503, 504" in text
    assert "stopped to answer" not in text


@pytest.mark.parametrize("path", ["0", "@elsewhere.test/x", "swagger.json"])
def test_a_place_that_is_no_path(emulator, run, path):
    result = run("compatibility_info", openapi_path=path)
    assert result.error["kind"] == "input"
    assert not emulator.requests


def test_nobody_there(emulator, run, free_port):
    result = run("compatibility_info", server_url=f"https://localhost:{free_port()}", retries=0)
    assert result.error["kind"] == "connection"


def test_a_wrong_password_is_tried_once(emulator, run):
    result = run("compatibility_info", password="canary-wrong")
    assert result.error["kind"] == "auth"
    assert len(emulator.requests) == 1


def test_a_token_alone(emulator, run):
    token = run("login").token
    before = len(emulator.requests)
    result = run("compatibility_info", token=token, username=None, password=None)
    verdicts = {one["key"]: one["verdict"] for one in result.report["assumptions"]}
    assert verdicts["token-key"] == verdicts["token-life"] == "not_seen"
    assert verdicts["cluster-get"] == "confirmed"
    assert {request.method for request in emulator.requests[before:]} == {"GET"}
    assert run("compatibility_info", token="a.b.c", username=None, password=None).error["kind"] == "auth"


def test_both_ways_tell_the_same(emulator, connection, fill):
    fill()
    reports = [WAYS[way]("astera_compatibility_info", {**connection, "retries": 0})["report"] for way in WAYS]
    assert reports[0] == reports[1]
    assert reports[0]["answers"]
