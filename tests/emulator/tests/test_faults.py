"""Faults, the record of requests, restarts, settings."""

import threading
import time

import pytest
import requests

from astera_emulator.faults import parse_fault

JOB = {"FilePath": "C:\\a.df"}


def test_status_instead_of_and_after_the_work(api, emulator):
    emulator.add_fault(method="post", path="/API/deployment", status=503, body="busy", headers={"Retry-After": "1"})
    response = api.post("Deployment", {"name": "a"})
    assert (response.status_code, response.text, response.headers["Retry-After"]) == (503, "busy", "1")
    assert emulator.state()["deployments"] == []
    emulator.add_fault(path="/api/Deployment", action="status_after", status=500, body={"a": 1})
    response = api.post("Deployment", {"name": "a"})
    assert (response.status_code, response.json()) == (500, {"a": 1})
    assert len(emulator.state()["deployments"]) == 1


@pytest.mark.parametrize(("action", "jobs"), [("reset_before", 0), ("reset_after", 1)])
def test_resets(api, emulator, action, jobs):
    emulator.add_fault(path="/api/CommandLineProcessor", action=action)
    with pytest.raises(requests.ConnectionError):
        api.post("CommandLineProcessor", JOB)
    assert len(emulator.state()["jobs"]) == jobs
    request = emulator.writes[-1]
    assert (request.status, request.json, request.authenticated) == (0, JOB, True)
    assert api.get("Cluster").ok


def test_reset_in_the_middle_of_an_upload(api, emulator):
    emulator.add_fault(path="/api/UploadFile", action="reset_before")
    with pytest.raises(requests.ConnectionError):
        api.upload(b"x" * 5_000_000)
    assert emulator.state()["uploads"] == []
    assert api.upload().ok


def test_truncate(api, emulator):
    emulator.add_fault(action="truncate")
    with pytest.raises(requests.RequestException):
        api.get("Cluster")
    assert emulator.requests[-1].status == 0


def test_delay(api, emulator):
    emulator.add_fault(action="delay", delay=0.2)
    started = time.monotonic()
    assert api.get("Cluster").ok
    assert time.monotonic() - started >= 0.2


def test_expire_token(api, emulator):
    emulator.add_fault(action="expire_token")
    assert [api.get("Cluster").status_code for _time in "ab"] == [401, 401]
    assert [request.authenticated for request in emulator.requests[-2:]] == [False, False]
    api.login()
    assert api.get("Cluster").ok


def test_restart_fault(api, emulator):
    emulator.add_fault(path="/api/Cluster", action="restart", delay=0.1)
    assert api.post("Cluster", {"name": "c"}).ok
    with pytest.raises(requests.ConnectionError):
        api.get("Cluster")
    time.sleep(0.2)
    assert api.get("Cluster").status_code == 401
    assert emulator.state()["cluster"]["name"] == "c"


def test_relabel(api, emulator):
    emulator.add_fault(action="relabel", headers={"Content-Type": "text/html"})
    response = api.get("Cluster")
    assert response.headers["Content-Type"] == "text/html"
    assert response.json()["name"] == "DEFAULT"


def test_endless(api, emulator, until):
    emulator.add_fault(path="/api/Cluster", action="endless")
    with api.post("Cluster", {"name": "c"}, stream=True) as response:
        pieces = response.iter_content(1024 * 1024)
        assert sum(len(next(pieces)) for _time in range(5)) > 1_000_000
    assert emulator.state()["cluster"]["name"] == "c"
    until(lambda: api.get("Cluster").ok)


@pytest.mark.parametrize("back", ["restart", "reset", "time"])
def test_certificate(api, emulator, back):
    emulator.add_fault(path="/api/Cluster", action="certificate", delay=0.3 if back == "time" else 0.0)
    assert api.post("Cluster", {"name": "c"}).ok
    with pytest.raises(requests.exceptions.SSLError):
        api.get("Cluster")
    if back == "restart":
        emulator.restart(0.0)
    elif back == "reset":
        emulator.reset()
    else:
        time.sleep(0.4)
    assert api.login().ok


def test_another_administrator_is_faster(api, emulator):
    """The edit comes after the request was made and before it is worked on, so its timestamp is outdated."""
    emulator.put("deployment", {"name": "a"})
    (before,) = api.get("Deployments").json()
    edit = {"deployment": {"id": 1, "comment": "theirs"}, "cluster": {"name": "C"}, "schedule": {"name": "s"}}
    emulator.add_fault(path="/api/Deployment", action="edit", body=edit)
    assert api.post("Deployment", {**before, "comment": "ours"}).status_code == 400
    assert emulator.state()["deployments"][0]["comment"] == "theirs"
    assert (emulator.state()["cluster"]["name"], emulator.state()["schedules"][0]["name"]) == ("C", "s")
    assert emulator.writes[0].json["comment"] == "ours"
    emulator.add_fault(path="/api/Deployments", action="remove", body={"deployment": 1, "schedule": 1})
    assert api.get("Deployments").json() == []
    assert emulator.state()["schedules"] == []
    for kind, number, error in (("deployment", 1, KeyError), ("cluster", 1, ValueError)):
        with pytest.raises(error):
            emulator.remove(kind, number)


def test_nth_and_times(api, emulator):
    emulator.add_fault(method="GET", path="/api/Cluster", nth=2, times=2, status=500)
    assert [api.get("Cluster").status_code for _time in "abcd"] == [200, 500, 500, 200]
    emulator.add_fault(path="/api/Job/*/Status", status=500)
    assert [api.get("Job/1/Status").status_code for _time in "ab"] == [500, 200]
    emulator.add_fault(status=500, times=9)
    emulator.clear_faults()
    assert api.get("Cluster").ok


@pytest.mark.parametrize(
    "wrong", [{"action": "explode"}, {"nth": 0}, {"times": 0}, {"delay": -1}, {"status": 99}, {"action": "edit"}]
)
def test_wrong_faults(emulator, wrong):
    with pytest.raises(ValueError):
        emulator.add_fault(**wrong)


def test_faults_as_text():
    fault = parse_fault("POST /api/Deployment action=status status=429 nth=2 body='a b' header.Retry-After=1")
    assert (fault.method, fault.path, fault.status, fault.nth) == ("POST", "/api/Deployment", 429, 2)
    assert (fault.body, fault.headers) == ("a b", {"Retry-After": "1"})
    assert (parse_fault("* * action=delay").path, parse_fault("/api/x").method) == (None, None)
    assert parse_fault("* /x action=remove body='{\"schedule\": 3}'").body == {"schedule": 3}
    for wrong in ("POST /x y", "POST /x colour=red", "POST /x nth=two", "POST /x action=no"):
        with pytest.raises(ValueError):
            parse_fault(wrong)


def test_requests_are_recorded(api, emulator):
    api.get("Deployments", params={"a": "b"}, headers={"X-Test": "1"})
    api.post("Cluster", {"name": "c"})
    api.upload(b"x" * 100)
    login, read, write, upload = emulator.requests
    assert (login.path, login.status, login.authenticated) == ("/api/account/login", 200, False)
    assert (read.query, read.headers["x-test"], read.json) == ({"a": "b"}, "1", None)
    assert "authorization" not in read.headers
    assert (write.method, write.json, write.size, write.authenticated) == ("POST", {"name": "c"}, 13, True)
    assert upload.size > 100 and upload.json is None
    assert emulator.writes == [write, upload]


def test_a_rejected_upload_is_read_to_its_end(anonymous, emulator):
    assert anonymous.upload(b"x" * 3_000_000).status_code == 401
    assert emulator.requests[-1].size > 3_000_000


def test_restart_cuts_what_is_under_way(api, emulator):
    emulator.settings.latency = 5.0
    errors = []

    def ask():
        try:
            api.get("Cluster")
        except requests.ConnectionError as error:
            errors.append(error)

    thread = threading.Thread(target=ask)
    thread.start()
    while len(emulator.requests) < 2:
        time.sleep(0.001)
    emulator.restart(0.0)
    thread.join(3)
    assert len(errors) == 1 and emulator.requests[-1].status == 0


def test_restart_without_waiting(api, emulator):
    emulator.restart(0.2, wait=False)
    with pytest.raises(requests.ConnectionError):
        api.get("Cluster")
    time.sleep(0.3)
    assert api.get("Cluster").status_code == 401


def test_wrong_settings(emulator):
    with pytest.raises(ValueError, match=r"camel \| pascal"):
        emulator.settings.output_casing = "upper"
    with pytest.raises(ValueError, match="output_casing"):
        emulator.settings.output_case = "camel"
    for name, value in {"latency": -1, "unknown_polls": 1.5, "forbidden": "POST", "username": 1, "latency ": 1}.items():
        with pytest.raises(ValueError):
            emulator.reset(**{name: value})
    emulator.settings.login_failure = "401"
    assert emulator.settings.login_failure == 401


def test_reset_is_quick_and_complete(api, emulator):
    api.upload()
    api.ok("Deployment", {"name": "a"})
    emulator.add_fault(status=500)
    emulator.settings.output_casing = "pascal"
    started = time.monotonic()
    emulator.reset()
    assert time.monotonic() - started < 0.05  # usually 2 ms
    state = emulator.state()
    assert state["deployments"] == state["uploads"] == state["jobs"] == emulator.requests == []
    assert not emulator.files.exists("C:\\Deployment\\Testing.car")
    assert emulator.settings.output_casing == "camel"
    assert api.get("Cluster").status_code == 401


def test_strict(api, emulator):
    emulator.reset(strict=True, restart_delay=0.01, restart_seconds=0.01)
    settings = emulator.settings
    assert (settings.partial_update, settings.output_casing, settings.config_password) == ("drop", "pascal", "absent")
    assert (settings.schedule_list, settings.upload_answer, settings.status_form) == ("summary", "object", "text")
    assert (settings.error_body, settings.unknown_polls, settings.login_failure) == ("html", 2, 401)
    api.login()
    assert "ServerDbInfo" in api.get("Server/Config").json()
