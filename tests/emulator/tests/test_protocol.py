"""Paths, methods, casing, JSON, errors, the OpenAPI document."""

import time

import pytest


def test_paths_in_any_casing(api, emulator):
    assert api.get("cLUSTER").ok
    emulator.settings.path_casing = "exact"
    assert api.get("cLUSTER").status_code == 404
    assert api.get("Cluster").ok
    assert api.get("Job/1/Status").ok


@pytest.mark.parametrize("path", ["Nothing", "Cluster/", "Cluster/1", "Deployments/1", "Schedule"])
def test_unknown_path(api, path):
    assert api.get(path).status_code == (405 if path == "Schedule" else 404)


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("PUT", "Cluster", "GET, POST"),
        ("DELETE", "Deployment", "POST"),
        ("POST", "Deployments", "GET"),
        ("GET", "account/login", "POST"),
        ("HEAD", "ServerInfo", "GET"),
        ("DELETE", "Schedule/1", "GET"),
    ],
)
def test_wrong_method(api, method, path, allow):
    response = api.call(method, path)
    assert (response.status_code, response.headers["Allow"]) == (405, allow)


def test_names_of_responses(api, emulator):
    emulator.put("cluster", {"mailSetup": {"host": "mx"}})
    emulator.settings.output_casing = "pascal"
    cluster = api.get("Cluster").json()
    assert cluster["StagingDirectory"] == {"Path": "C:\\Staging"}
    assert cluster["mailSetup"] == {"host": "mx"}
    assert "ServerDbInfo" in api.get("Server/Config").json()
    assert set(api.ok("CommandLineProcessor", {"FilePath": "C:\\x.df"}).json()) == {"JobId", "FilePath"}


def test_input_names_at_every_depth(api, emulator):
    api.ok("Cluster", {"NAME": "c", "DeploymentDirectory": {"PATH": "C:\\D"}, "MAILSETUP": {"Host": 1}})
    cluster = emulator.state()["cluster"]
    assert (cluster["name"], cluster["deploymentDirectory"]) == ("c", {"path": "C:\\D"})
    assert cluster["mailSetup"] == {"Host": 1}
    assert "MAILSETUP" not in cluster


def test_unknown_fields_survive(api):
    api.ok("Deployment", {"name": "a", "FutureMember": {"DeepER": [1]}})
    (deployment,) = api.get("Deployments").json()
    assert deployment["FutureMember"] == {"DeepER": [1]}
    api.ok("Deployment", {**deployment, "comment": "c"})
    assert api.get("Deployments").json()[0]["FutureMember"] == {"DeepER": [1]}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("Deployment", {"name": 1}),
        ("Deployment", {"name": "a", "encryptFiles": "true"}),
        ("Deployment", {"name": "a", "id": "0"}),
        ("Deployment", {"name": "a", "id": None}),
        ("Deployment", {"name": "a", "id": 2**31}),
        ("Deployment", {"name": "a", "updateDtTm": "yesterday"}),
        ("Server/Config", {"port": 9261.0}),
        ("Server/Config", {"port": True}),
        ("Server/Config", {"serverDbInfo": []}),
        ("Server/Config", {"serverDbInfo": {"dataProvider": "Oracle"}}),
        ("Cluster", {"stagingDirectory": "C:\\Staging"}),
        ("Cluster", {"purgeJobInfoAfter": None}),
        ("Schedule", {"name": "a", "schedule": {"dailyScheduleBase": {"startTime": "04:00"}}}),
        ("CommandLineProcessor", {"FilePath": "C:\\a", "Parameters": {}}),
        ("CommandLineProcessor", {"FilePath": "C:\\a", "Parameters": [{"Value": 1}]}),
        ("account/login", {"User": 1, "Password": "x"}),
    ],
)
def test_wrong_types(api, emulator, path, body):
    before = emulator.state()
    assert api.post(path, body).status_code == 400
    assert emulator.state() == before


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"null", b'{"name": NaN}', b"\xff{}", b"[" * 100000])
def test_invalid_json(api, body):
    headers = {"Content-Type": "application/json; charset=utf-8"}
    assert api.call("POST", "Deployment", data=body, headers=headers).status_code == 400


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-www-form-urlencoded"])
def test_wrong_content_type(api, content_type):
    response = api.call("POST", "Deployment", data=b'{"name": "a"}', headers={"Content-Type": content_type})
    assert response.status_code == 415


@pytest.mark.parametrize(
    ("form", "content_type"),
    [("text", "text/plain"), ("problem", "application/problem+json"), ("html", "text/html"), ("empty", "")],
)
def test_error_body(api, emulator, form, content_type):
    emulator.settings.error_body = form
    response = api.post("Deployment", {"name": " "})
    assert response.status_code == 400
    assert response.headers.get("Content-Type", "").startswith(content_type)
    assert ("name is required" in response.text) == (form != "empty")


def test_problem_names_the_fields(api, emulator):
    emulator.settings.error_body = "problem"
    assert "$.serverDbInfo.port" in api.post("Server/Config", {"ServerDbInfo": {"Port": "1"}}).json()["errors"]


@pytest.mark.parametrize("form", ["empty", "id", "object"])
def test_post_response(api, emulator, form):
    emulator.settings.post_answer = form
    emulator.settings.restart_after_config = "none"
    response = api.ok("Deployment", {"name": "a"})
    if form == "object":
        assert response.json() == api.get("Deployments").json()[0]
        assert api.ok("Server/Config", {"port": 1}).json()["serverDbInfo"]["password"] == "********"
    else:
        assert response.text == {"empty": "", "id": "1"}[form]
        assert api.ok("Cluster", {"name": "c"}).text == {"empty": "", "id": "1"}[form]


def test_latency(api, emulator):
    emulator.settings.latency = 0.2
    started = time.monotonic()
    api.get("Cluster")
    assert time.monotonic() - started >= 0.2


def test_server_info(api, emulator):
    assert isinstance(api.get("ServerInfo").json(), dict)
    emulator.settings.server_info = "list"
    assert isinstance(api.get("ServerInfo").json(), list)


def test_openapi_has_exactly_the_operations(anonymous, emulator):
    from astera_emulator.routes import OPERATIONS

    document = anonymous.session.get(emulator.url + "/swagger/v1/swagger.json").json()
    served = {(path, method.upper()) for path, item in document["paths"].items() for method in item}
    assert served == {(operation.path, operation.method) for operation in OPERATIONS}
    assert len(served) == 17
    references = [text.split('"')[0] for text in str(document).replace("'", '"').split("#/components/schemas/")[1:]]
    assert set(references) <= set(document["components"]["schemas"])
    emulator.settings.openapi_path = "/docs.json"
    assert anonymous.session.get(emulator.url + "/docs.json").ok
    assert anonymous.session.get(emulator.url + "/swagger/v1/swagger.json").status_code == 404


def test_null_fields_may_be_left_out(api, emulator):
    assert api.get("Cluster").json()["pauseServersFrom"] is None
    emulator.settings.null_members = "omitted"
    assert "pauseServersFrom" not in api.get("Cluster").json()
