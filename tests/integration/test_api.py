"""Any request to the API: what is sent and returned, and what is never shown, sent twice or sent elsewhere."""

from __future__ import annotations

import json

import pytest

FLOW = r"C:\Flows\load_orders.wf"
START = {"method": "POST", "path": "/api/CommandLineProcessor", "body": {"FilePath": FLOW}}
MASK = "********"
HTML = "<!DOCTYPE html><html><form action='/login'><input name='password'></form></html>"
DEEP = "[" * 200 + "]" * 200


def respond_with(emulator, path, status=200, body="", **how):
    text = body if isinstance(body, str) else json.dumps(body)
    emulator.add_fault(path=path, action="status", status=status, body=text, **how)


def test_a_read(any_emulator, run):
    result = run("api", path="/api/Cluster")
    assert (result.status, result.changed) == (200, False)
    assert {name.lower(): value for name, value in result.json.items()}["name"] == "DEFAULT"
    assert json.loads(result.text) == result.json
    assert "changes" not in result
    assert not any_emulator.writes


def test_a_write(emulator, run):
    body = {"id": 1, "name": "API", "purgeJobInfoAfter": 9}
    result = run("api", method="POST", path="/api/Cluster", body=body)
    assert (result.status, result.changed, result.json, result.text) == (200, True, None, "")
    assert emulator.state()["cluster"]["purgeJobInfoAfter"] == 9
    assert result.diff["after"] == {"method": "POST", "path": "/api/Cluster", "body": body}
    assert result.changes == [
        {"path": path, "action": "add", "before": None, "after": value} for path, value in result.diff["after"].items()
    ]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_check_mode_sends_no_write(emulator, run, method):
    result = run("api", check=True, method=method, path="/api/Cluster", body={"name": "X"})
    assert result.changed
    assert (result.status, result.json, result.text) == (None, None, None)
    assert [change["after"] for change in result.changes] == [method, "/api/Cluster", {"name": "X"}]
    assert not emulator.requests


def test_check_mode_reads(emulator, run):
    assert run("api", check=True, path="/api/Cluster").json["name"] == "DEFAULT"
    assert not emulator.writes


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
def test_methods_go_as_they_are(emulator, run, method):
    result = run("api", method=method, path="/api/Cluster", body={"a": 1})
    assert (result.error["kind"], result.error["status"], result.error["method"]) == ("unsupported", 405, method)
    assert [request.method for request in emulator.writes] == [method]
    assert emulator.writes[0].json == {"a": 1}


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        ({"a": [1, None]}, {"a": [1, None]}),
        ([1], [1]),
        (7, 7),
        (False, False),
        ("word", "word"),
        ("", ""),
        (' {"a": "\u00fc"}', {"a": "\u00fc"}),
    ],
)
def test_bodies_as_json(emulator, run, body, sent):
    respond_with(emulator, "/api/Odd")
    assert run("api", method="POST", path="/api/Odd", body=body).changed
    assert emulator.writes[0].json == sent
    assert emulator.writes[0].headers["content-type"] == "application/json"


def test_the_empty_text(emulator, run):
    run("license", user="Jane", organization="Example", key="KEY-7", activate=False)
    result = run("api", method="POST", path="/api/License/Activate", body="")
    assert result.changed
    assert emulator.state()["license"]["activated"] is True
    assert (emulator.writes[-1].headers["content-type"], emulator.writes[-1].size) == ("application/json", 2)


def test_no_body_at_all(emulator, run):
    respond_with(emulator, "/api/Odd")
    run("api", method="DELETE", path="/api/Odd")
    assert "content-type" not in emulator.writes[0].headers
    assert emulator.writes[0].size == 0


def test_the_query(emulator, run):
    respond_with(emulator, "/api/Odd", body={"ok": True})
    query = {"text": "a b&c=\u00fc", "number": 7, "flag": True, "many": ["x", 1.5], "none": None}
    assert run("api", path="/api/Odd", query=query).json == {"ok": True}
    sent = emulator.requests[-1].query
    assert {**sent, "many": None} == {"text": "a b&c=\u00fc", "number": "7", "flag": "True", "many": None}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"path": "https://elsewhere.test/api"}, "must begin with one /"),
        ({"path": "//elsewhere.test/api"}, "must begin with one /"),
        ({"path": "@elsewhere.test/api"}, "must begin with one /"),
        ({"path": "/api/a b"}, "must begin with one /"),
        ({"path": "/api/\u00fc"}, "must begin with one /"),
        ({"path": "/api/x\r\nHost: y"}, "must begin with one /"),
        ({"path": "/api/x?y=1"}, "goes in query"),
        ({"path": "/api\\x"}, "must begin with one /"),
        ({"path": "/x", "body": {"a": 1}}, "a GET has no body"),
        ({"path": "/x", "method": "POST", "body": '{"a": '}, "begins like JSON"),
        ({"path": "/x", "query": {"a": {"b": 1}}}, "query.a must be"),
        ({"path": "/x", "query": {"a": [{"b": 1}]}}, "query.a must be"),
        ({"path": "/api/../x"}, ". and .. as names"),
        ({"path": "/api/%2e%2E/x"}, ". and .. as names"),
        ({"path": "/x", "method": "POST", "body": {"a": 1}, "secret_body": {"b": 1}}, "exclude each other"),
    ],
)
def test_what_is_refused_before_anything_is_sent(emulator, run, options, words):
    result = run("api", **options)
    assert result.error["kind"] == "input"
    assert words in result.msg
    assert not emulator.requests


def test_a_method_that_is_none(emulator, run):
    assert "value of method must be one of" in run("api", method="TRACE", path="/x").msg
    assert not emulator.requests


def test_an_error_has_the_status(emulator, run):
    failed = run("api", path="/api/Schedule/4711")
    assert (failed.error["kind"], failed.error["status"]) == ("not_found", 404)


@pytest.mark.parametrize(
    ("status", "body", "data"),
    [
        (204, "", None),
        (200, "", None),
        (200, HTML, None),
        (200, "Completed", None),
        (200, '"Completed"', "Completed"),
        (200, "null", None),
        (200, '{"a": NaN}', None),
        (200, DEEP, None),
        (200, '{"a": 1,', None),
        (200, '\ufeff{"a": 1}', {"a": 1}),
        (200, '{"a": "\\ud800"}', {"a": "\ud800"}),
        (200, "\x1b[31mred\x00", None),
    ],
)
def test_odd_responses(emulator, run, status, body, data):
    respond_with(emulator, "/api/Odd", status, body)
    result = run("api", path="/api/Odd")
    assert not result.failed
    assert (result.status, result.json) == (status, data)
    assert result.text == body.removeprefix("\ufeff")


def test_not_modified_is_no_success(emulator, run):
    respond_with(emulator, "/api/Odd", 304)
    assert run("api", path="/api/Odd").error["status"] == 304


@pytest.mark.any_core
def test_a_response_that_is_too_large(emulator, run):
    emulator.add_fault(path="/api/Cluster", action="endless")
    result = run("api", path="/api/Cluster", request_timeout=20)
    assert result.error["kind"] == "server"
    assert "larger than 32 MiB" in result.msg


def test_a_redirect_is_not_followed(emulator, run):
    emulator.add_fault(path="/api/Odd", action="status", status=302, headers={"Location": "/login"})
    assert "redirects to /login (GET /api/Odd)" in run("api", path="/api/Odd").msg


@pytest.mark.parametrize(
    ("options", "secret"),
    [
        ({"body": {"mail": {"smtpPassword": "canary-named"}}}, "canary-named"),
        ({"secret_body": {"mail": {"pin": "canary-marked"}}}, "canary-marked"),
        ({"body": '{"password": "canary-named", "x": 1}'}, "canary-named"),
        ({"secret_body": '{"pin": "canary-marked"}'}, "canary-marked"),
        ({"secret_body": "canary-marked"}, "canary-marked"),
        ({"query": {"apiKey": "canary-query"}}, "canary-query"),
    ],
)
def test_secrets_in_requests_and_responses(emulator, run_raw, options, secret):
    """Under names that tell, marked by hand, in text that is JSON, and repeated by the server in several ways."""
    echo = {
        "apiKey": "unknown-to-the-task",
        "note": "got canary-marked, CANARY-NAMED and &#99;anary-query",
        "canary-marked": ["canary-named"],
        "dsn": "User=sa;Password=unknown",
    }
    respond_with(emulator, "/api/Odd", body=echo)
    result = run_raw("api", method="POST", path="/api/Odd", **options)
    assert result.changed
    shown = {key: value for key, value in result.items() if key != "warnings"}
    assert secret not in json.dumps(shown).lower()
    assert (result.json["apiKey"], result.json["dsn"]) == (MASK, f"User=sa;Password={MASK}")
    assert json.loads(result.text) == result.json
    assert secret in json.dumps([emulator.writes[0].json, emulator.writes[0].query])


def test_the_parameters_of_a_job(emulator, run_raw):
    """The value beside a name that looks secret, as astera_job hides it."""
    parameter = {"ActionName": "Variables", "ParameterName": "password", "Value": "canary-7"}
    respond_with(
        emulator, "/api/CommandLineProcessor", body={"jobId": 1, "note": "got canary-7", "parameters": [parameter]}
    )
    result = run_raw("api", **{**START, "body": {**START["body"], "Parameters": [parameter]}})
    assert "canary" not in json.dumps(result)
    assert result.changes[-1]["after"]["Parameters"] == [{**parameter, "Value": MASK}]
    assert result.json["parameters"] == [{**parameter, "Value": MASK}]
    assert emulator.writes[0].json["Parameters"] == [parameter]


def test_an_error_that_repeats_a_secret(emulator, run_raw):
    respond_with(emulator, "/api/Odd", 400, "refused: canary-marked", times=9)
    result = run_raw("api", method="POST", path="/api/Odd", secret_body={"pin": "canary-marked"})
    assert f"refused: {MASK}" in result.msg
    assert "canary" not in json.dumps(result)


def test_a_password_that_the_server_shows(emulator, run):
    emulator.settings.config_password = "plain"
    redacted = run("api", path="/api/Server/Config")
    assert redacted.json["serverDbInfo"]["password"] == MASK
    assert "initial-secret" not in json.dumps(redacted)


@pytest.mark.parametrize("action", ["reset_after", "reset_before"])
def test_a_start_is_never_repeated(emulator, run, action):
    emulator.add_fault(method="POST", path="/api/CommandLineProcessor", action=action, times=1)
    result = run("api", **START, retries=4)
    assert "the job may have been started" in result.msg
    assert len(emulator.writes) == 1
    assert len(emulator.state()["jobs"]) == (1 if action == "reset_after" else 0)


@pytest.mark.parametrize("path", ["/api/commandlineprocessor/", "/api/CommandLine%50rocessor"])
def test_a_start_by_another_spelling(emulator, run, path):
    emulator.add_fault(method="POST", action="status", status=503, nth=2, times=9)
    result = run("api", **{**START, "path": path}, retries=4)
    assert "the job may have been started" in result.msg
    assert len(emulator.writes) == 1


def test_a_start_that_never_arrived_is_repeated(emulator, run):
    emulator.restart(0.4, wait=False)
    assert run("api", **START, retries=4).json["jobId"] == 1


def test_a_read_is_repeated_and_a_write_is_not(emulator, run):
    emulator.add_fault(action="status", path="/api/Cluster", status=503, times=1)
    assert run("api", path="/api/Cluster").status == 200
    emulator.add_fault(action="status", path="/api/Cluster", status=503, times=1)
    failed = run("api", method="POST", path="/api/Cluster", body={"name": "X"}, retries=4)
    assert failed.error["status"] == 503
    assert len(emulator.writes) == 1


def test_a_token_that_has_expired(emulator, run):
    token = run("login").token
    emulator.add_fault(action="expire_token", path="/api/Cluster")
    assert run("api", path="/api/Cluster", token=token).status == 200
    logins = [request for request in emulator.requests if request.path.endswith("/login")]
    assert len(logins) == 2


def test_without_a_login(emulator, run):
    result = run("api", path="/api/ServerInfo", authenticate=False, username=None, password=None)
    assert (result.error["kind"], result.error["status"]) == ("auth", 401)
    assert "authenticate to true" in result.msg
