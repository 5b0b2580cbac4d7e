"""Bad addresses, certificates, proxies: each rejected with one clear sentence, before any write."""

from __future__ import annotations

import http.server
import socket
import threading
import time

import pytest


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://localhost:9261", "must begin with https://"),
        ("ftp://localhost:9261", "must be https://, a host and a port"),
        ("localhost:9261", "must be https://, a host and a port"),
        ("", "missing required arguments: server_url"),
        ("https://", "must be https://, a host and a port"),
        ("https://localhost:9261/api", "and nothing else"),
        ("https://localhost:9261/?x=1", "and nothing else"),
        ("https://admin:canary@localhost:9261", "must not contain credentials"),
        ("https://localhost:port", "a host and a port"),
        ("https://local host:9261", "a host and a port"),
    ],
)
def test_addresses(emulator, run, url, words):
    result = run("cluster", server_url=url, name="X")
    assert result.error["kind"] == "input"
    assert words in result.msg
    assert "canary" not in result.msg
    assert not emulator.requests


def test_the_default_port(run):
    result = run("cluster_info", server_url="https://127.0.0.77", retries=0)
    assert "https://127.0.0.77:9261" in result.msg


def test_an_unreachable_host(run):
    for url in ("https://localhost:1", "https://no-such-host.invalid:9261"):
        result = run("cluster", server_url=url, name="X", retries=1)
        assert result.error["kind"] == "connection"
        assert result.error["attempts"] == 2
        assert "no connection to" in result.msg
        assert "object at" not in result.msg


def test_a_certificate_nobody_vouches_for(emulator, run):
    result = run("cluster", name="X", ca_path=None)
    assert result.error["kind"] == "tls"
    assert "ca_path" in result.msg
    assert not emulator.requests
    assert run("cluster", name="X", ca_path=None, validate_certs=False).changed


@pytest.mark.parametrize("content", ["", "no certificate"])
def test_a_bundle_that_is_none(emulator, run, tmp_path, content):
    path = tmp_path / "ca.pem"
    path.write_text(content)
    result = run("cluster_info", ca_path=str(path))
    assert result.error["kind"] in ("tls", "input")
    assert "PEM" in result.msg


def test_a_certificate_for_another_host(emulator, run):
    port = emulator.url.rpartition(":")[2]
    result = run("cluster", name="X", server_url=f"https://127.0.0.2:{port}", retries=0)
    assert result.error["kind"] in ("tls", "connection")


def test_a_certificate_for_another_name(emulator, run, monkeypatch):
    """127.0.0.1 is in the emulator's certificate, this name for it is not."""
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *how: real("127.0.0.1" if host == "etl.test" else host, *how)
    )
    result = run("cluster_info", server_url=emulator.url.replace("localhost", "etl.test"), retries=0)
    assert result.error["kind"] == "tls"
    assert "a name in the certificate" in result.msg


def test_a_missing_bundle(emulator, run):
    result = run("cluster", name="X", ca_path="/nowhere/ca.pem")
    assert result.error["kind"] == "input"
    assert "ca_path" in result.msg


def test_a_server_that_speaks_no_tls(run):
    server = http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    result = run("cluster_info", server_url=f"https://localhost:{server.server_port}", retries=0)
    server.shutdown()
    server.server_close()
    assert result.error["kind"] == "tls"


@pytest.mark.parametrize(
    "options",
    [
        {"username": None, "password": None},
        {"username": "admin", "password": None},
        {"username": "admin", "password": ""},
        {"retries": -1},
        {"request_timeout": 0},
    ],
)
def test_missing_or_odd_options(emulator, run, options):
    assert run("cluster", name="X", **options).error["kind"] == "input"
    assert not emulator.requests


def test_empty_texts_of_a_survey_count_as_not_given(emulator, run):
    assert run("cluster", name="X", token="").changed


def test_ansible_own_refusals_have_a_kind_too(emulator, run):
    result = run("cluster", purge_job_info_after="many")
    assert result.error["kind"] == "input"
    assert run("cluster", no_such_option=1).error["kind"] == "input"
    assert not emulator.requests


def test_a_netrc_does_not_replace_the_token(emulator, run, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine localhost login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    assert run("cluster_info").cluster["name"] == "DEFAULT"


def test_a_bundle_of_the_environment_does_not_replace_ca_path(emulator, run, monkeypatch, tmp_path):
    other = tmp_path / "empty.pem"
    other.write_text("")
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(other))
    assert run("cluster_info").cluster["name"] == "DEFAULT"


def test_a_proxy_of_the_environment(emulator, run, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    result = run("cluster_info", retries=0)
    assert result.error["kind"] == "connection"
    assert "proxy" in result.msg
    monkeypatch.setenv("NO_PROXY", "localhost")
    assert not run("cluster_info", retries=0).failed


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_reads_are_retried(emulator, run, status):
    emulator.add_fault(method="GET", path="/api/Cluster", action="status", status=status, headers={"Retry-After": "0"})
    assert not run("cluster_info", retries=1).failed
    emulator.add_fault(method="GET", path="/api/Cluster", action="status", status=status, times=5)
    result = run("cluster_info", retries=1)
    assert result.error["kind"] == "server"
    assert result.error["attempts"] == 2
    assert result.error["may_have_been_applied"] is False


def test_a_read_that_is_cut_off_in_its_body_is_retried(emulator, run):
    emulator.add_fault(method="GET", path="/api/Cluster", action="truncate")
    assert run("cluster_info", retries=1).cluster["name"] == "DEFAULT"
    emulator.add_fault(method="GET", path="/api/Cluster", action="truncate", times=9)
    result = run("cluster_info", retries=2)
    assert result.error["kind"] == "connection"
    assert result.error["attempts"] == 3
    assert "broke before the response was complete: IncompleteRead" in result.msg
    emulator.clear_faults()
    emulator.add_fault(method="GET", path="/api/Cluster", action="truncate")
    assert run("cluster_info", retries=0).error["attempts"] == 1


def test_all_kinds_of_attempts_count(emulator, run):
    """Neither kind of fault has retries of its own."""
    for nth, (action, status) in enumerate([("truncate", 503), ("status", 503), ("reset_after", 503), ("truncate", 0)]):
        order = {"action": action, "status": status or 503, "headers": {"Retry-After": "0"} if status else {}}
        emulator.add_fault(method="GET", path="/api/Cluster", nth=nth + 1, **order)
    assert run("cluster_info", retries=3).error["attempts"] == 4


def test_a_login_that_is_cut_off_in_its_body_is_retried(emulator, run):
    emulator.add_fault(path="/api/account/login", action="truncate")
    assert run("cluster_info", retries=1).cluster["name"] == "DEFAULT"


def test_a_write_that_is_cut_off_in_its_body_is_not_retried(emulator, run):
    emulator.add_fault(method="POST", path="/api/License/Key", action="truncate")
    result = run("license", user="a", organization="b", key="c-canary", retries=4)
    assert result.error["kind"] == "connection"
    assert result.error["attempts"] == 1
    assert len(emulator.writes) == 1


@pytest.mark.parametrize("headers", [{"Retry-After": "1"}, {}])
def test_a_write_waits_for_a_limiter(emulator, run, headers):
    emulator.add_fault(method="POST", path="/api/Cluster", action="status", status=429, headers=headers)
    began = time.monotonic()
    assert run("cluster", name="X", retries=1).changed
    assert (time.monotonic() - began >= 1) == bool(headers)
    assert emulator.state()["cluster"]["name"] == "X"


def test_a_write_that_a_limiter_never_lets_pass(emulator, run):
    headers = {"Retry-After": "\u00fc"}
    emulator.add_fault(method="POST", path="/api/Cluster", action="status", status=429, headers=headers, times=9)
    result = run("cluster", name="X", retries=1)
    assert result.error["kind"] == "server"
    assert result.error["attempts"] == 2
    assert "limits the number of requests. Wait, then run the task again, or raise retries." in result.msg


def test_a_write_does_not_wait_for_a_server_that_is_not_available(emulator, run):
    """A proxy may send 503 after the server has done the work."""
    emulator.add_fault(
        method="POST", path="/api/Schedule", action="status", status=503, headers={"Retry-After": "0"}, times=9
    )
    result = run("schedule", name="A", file="C:\\a.df", daily={"start_time": "2026-12-01T04:30:00Z"}, retries=4)
    assert result.error["attempts"] == 1


def test_an_upload_is_sent_again_from_its_start(emulator, run, archive):
    emulator.add_fault(method="POST", path="/api/UploadFile", action="status", status=429, headers={"Retry-After": "0"})
    result = run("deployment", name="A", archive=str(archive), retries=1)
    stored = emulator.state()["deployments"][0]["clusterArchiveFilePath"]
    assert emulator.files.read(stored) == archive.read_bytes()
    assert result.changed


def test_a_slow_server(emulator, run):
    emulator.add_fault(method="GET", path="/api/Cluster", action="delay", delay=1.0)
    result = run("cluster_info", request_timeout=0.3, retries=0)
    assert result.error["kind"] == "timeout"
    assert "request_timeout" in result.msg


@pytest.mark.parametrize("body", ["<html>maintenance</html>", "", "[1, 2]", '"text"', "{broken"])
def test_invalid_objects(emulator, run, body):
    emulator.add_fault(method="GET", path="/api/Cluster", action="status", status=200, body=body)
    result = run("cluster", name="X")
    assert result.error["kind"] == "server"
    assert not emulator.writes


def test_the_server_words_reach_the_user_without_secrets(emulator, run):
    emulator.add_fault(
        method="POST",
        path="/api/Cluster",
        action="status",
        status=400,
        body='{"title":"Refused","errors":{"Name":["too odd for Admin123"]}}',
    )
    result = run("cluster", name="X")
    assert result.error["kind"] == "rejected"
    assert (
        'the server responded with 400 Bad Request (POST /api/Cluster): "Refused; Name: too odd for ********"'
        in result.msg
    )


@pytest.mark.parametrize("name", ["", " ", "X\n", "tab\tname", "x" * 300, "bell\x07"])
@pytest.mark.parametrize("module", ["cluster", "deployment", "schedule"])
def test_names_that_could_not_be_found_again(emulator, run, module, name):
    result = run(
        module,
        name=name,
        **({} if module == "cluster" else {"comment": "x"} if module == "deployment" else {"active": True}),
    )
    assert result.error["kind"] == "input"
    assert "name" in result.msg
    assert not emulator.requests
