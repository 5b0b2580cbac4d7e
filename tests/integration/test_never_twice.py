"""Whatever happens to the start request: a job is started once or never, and the task claims no more than it knows."""

from __future__ import annotations

import socket
import ssl
import threading
import time

import pytest
import trustme

from ansible_collections.astera.data_stack.tests.integration.small_servers import Proxy

pytestmark = pytest.mark.any_core

FLOW = r"C:\Flows\load_orders.wf"
START = {"method": "POST", "path": "/api/CommandLineProcessor"}
OPTIONS = {"path": FLOW, "wait": False, "request_timeout": 1.0}
MAYBE = "the job may have been started"

#: fault, started jobs, whether the task succeeds, whether it reports that the job may have been started.
#: What the server rejects itself (4xx but 408, 501) is believed: it did not do the work.
CELLS = {
    "reset before the work": ({"action": "reset_before"}, 0, False, True),
    "reset after the work": ({"action": "reset_after"}, 1, False, True),
    "500 instead of the work": ({"action": "status", "status": 500}, 0, False, True),
    "500 as HTML after the work": (
        {"action": "status_after", "status": 500, "body": "<html><h1>Oops</h1></html>"},
        1,
        False,
        True,
    ),
    "502 instead of the work": ({"action": "status", "status": 502}, 0, False, True),
    "502 after the work": ({"action": "status_after", "status": 502}, 1, False, True),
    "503 with Retry-After": ({"action": "status", "status": 503, "headers": {"Retry-After": "0"}}, 0, False, True),
    "503 after the work": ({"action": "status_after", "status": 503}, 1, False, True),
    "504 after the work": ({"action": "status_after", "status": 504}, 1, False, True),
    "429 without end": (
        {"action": "status", "status": 429, "headers": {"Retry-After": "0"}, "times": 9},
        0,
        False,
        False,
    ),
    "400": ({"action": "status", "status": 400}, 0, False, False),
    "403": ({"action": "status", "status": 403}, 0, False, False),
    "404": ({"action": "status", "status": 404}, 0, False, False),
    "the response comes too late": ({"action": "reset_after", "delay": 2.0}, 1, False, True),
    "the server takes too long": ({"action": "reset_before", "delay": 2.0}, 0, False, True),
    "the response is cut short": ({"action": "truncate"}, 1, False, True),
    "the response is empty": ({"action": "status_after", "status": 200, "body": ""}, 1, False, True),
    "the response is no JSON": ({"action": "status_after", "status": 200, "body": "<html>"}, 1, False, True),
    "the response names no job": ({"action": "status_after", "status": 200, "body": '{"jobId": null}'}, 1, False, True),
    "a redirect within the server": (
        {"action": "status", "status": 302, "headers": {"Location": "/elsewhere"}},
        0,
        False,
        True,
    ),
    "a redirect after the work": (
        {"action": "status_after", "status": 303, "headers": {"Location": "/api/Job/1/Status"}},
        1,
        False,
        True,
    ),
    "a redirect to nowhere": (
        {"action": "status_after", "status": 302, "headers": {"Location": "https://[none"}},
        1,
        False,
        True,
    ),
    "a redirect without an address": ({"action": "status_after", "status": 302}, 1, False, True),
    "a redirect in another encoding": (
        {"action": "status_after", "status": 303, "headers": {"Location": "/Aufträge"}},
        1,
        False,
        True,
    ),
    "a proxy that gave up": ({"action": "status_after", "status": 524}, 1, False, True),
    "408": ({"action": "status", "status": 408}, 0, False, True),
    "501": ({"action": "status", "status": 501}, 0, False, False),
    "an error that is nested without end": (
        {"action": "status_after", "status": 500, "body": "[" * 3000 + "]" * 3000},
        1,
        False,
        True,
    ),
    "a response with job 0": ({"action": "status_after", "status": 200, "body": '{"jobId": 0}'}, 1, False, True),
    "a redirect to another server": (
        {"action": "status", "status": 307, "headers": {"Location": "https://elsewhere.example.com/"}},
        0,
        False,
        False,
    ),
    "a redirect to itself": (
        {"action": "status", "status": 307, "headers": {"Location": "/api/CommandLineProcessor"}},
        0,
        False,
        False,
    ),
    "the token has expired": ({"action": "expire_token"}, 1, True, False),
    "a restart right after the response": ({"action": "restart", "delay": 0.5}, 1, True, False),
    "nothing": ({"action": "delay", "delay": 0.0}, 1, True, False),
}


@pytest.fixture
def token(run):
    """A token, so that the start request is the first one, as in the roles."""
    return run("login").token


def count(emulator):
    """The server's own number of jobs, once what is still under way there has come to its end."""
    deadline = time.monotonic() + 10
    while any(request.status is None for request in emulator.requests) and time.monotonic() < deadline:
        time.sleep(0.01)
    return len(emulator.state()["jobs"])


@pytest.mark.parametrize("retries", [0, 4])
@pytest.mark.parametrize("fault", list(CELLS))
def test_the_start_request(emulator, run, token, fault, retries):
    order, jobs, succeeds, maybe = CELLS[fault]
    emulator.add_fault(**START, **order)
    result = run("job", token=token, retries=retries, **OPTIONS)
    assert count(emulator) == jobs
    assert result.failed != succeeds
    if not succeeds:
        assert (MAYBE in result.msg) == maybe
        assert result.error["kind"] in (
            "connection",
            "timeout",
            "server",
            "rejected",
            "forbidden",
            "not_found",
            "unsupported",
        )
        assert ("Check the Job Monitor before you do so" in result.msg) == maybe
        assert result.error["may_have_been_applied"] == maybe
        assert ("Check the Job Monitor before you do so" in (result.error["hint"] or "")) == maybe


@pytest.mark.parametrize("action", ["reset_before", "status", "status_after", "reset_after", "truncate"])
@pytest.mark.parametrize("path", ["/api/account/login"])
def test_a_lost_login_before_it(emulator, run, action, path):
    emulator.add_fault(path=path, action=action, status=503, times=9)
    result = run("job", retries=1, **OPTIONS)
    assert count(emulator) == 0
    assert result.failed
    assert MAYBE not in result.msg


@pytest.mark.parametrize("action", ["reset_before", "status", "reset_after", "truncate"])
def test_a_lost_login_when_the_token_has_expired(emulator, run, token, action):
    emulator.add_fault(**START, action="expire_token")
    emulator.add_fault(path="/api/account/login", action=action, status=503, times=9)
    result = run("job", token=token, retries=1, **OPTIONS)
    assert count(emulator) == 0
    assert MAYBE not in result.msg


@pytest.mark.parametrize("fault", ["reset_before", "reset_after", "status_after"])
def test_a_fault_of_the_second_try_after_an_expired_token(emulator, run, token, fault):
    emulator.add_fault(**START, action="expire_token")
    emulator.add_fault(**START, nth=2, action=fault, status=500)
    result = run("job", token=token, retries=4, **OPTIONS)
    assert count(emulator) == (0 if fault == "reset_before" else 1)
    assert MAYBE in result.msg


@pytest.mark.parametrize("headers", [{"Retry-After": "0"}, {}])
def test_a_limiter_that_lets_it_pass_later(emulator, run, token, headers):
    """A 429 means that nothing was done, unlike a lost response: so the start is retried, and the job starts once."""
    emulator.add_fault(**START, action="status", status=429, headers=headers)
    assert not run("job", token=token, retries=1, **OPTIONS).failed
    assert count(emulator) == 1


def test_a_response_that_is_lost_after_a_limiter_let_it_pass(emulator, run, token):
    emulator.add_fault(**START, action="status", status=429, headers={"Retry-After": "0"})
    emulator.add_fault(**START, nth=2, action="truncate")
    result = run("job", token=token, retries=4, **OPTIONS)
    assert count(emulator) == 1
    assert MAYBE in result.msg


@pytest.fixture
def proxy(monkeypatch):
    for name in ("NO_PROXY", "no_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    with Proxy() as running:
        monkeypatch.setenv("HTTPS_PROXY", f"http://localhost:{running.port}")
        yield running


@pytest.mark.unsteady
@pytest.mark.parametrize(("action", "jobs"), [("reset_after", 1), ("reset_before", 0), ("status_after", 1)])
def test_behind_a_proxy(emulator, run, token, proxy, action, jobs):
    emulator.add_fault(**START, action=action, status=503)
    result = run("job", token=token, retries=4, **OPTIONS)
    assert count(emulator) == jobs
    assert MAYBE in result.msg


def test_a_proxy_that_is_not_there(emulator, run, token, proxy, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    result = run("job", token=token, retries=0, **OPTIONS)
    assert count(emulator) == 0
    assert MAYBE not in result.msg
    assert "proxy" in result.msg


@pytest.fixture
def broken_server(tmp_path):
    """A server that takes the start request and then sends something that is no TLS; counts what it took."""
    ca = trustme.CA()
    ca.cert_pem.write_to_path(str(tmp_path / "own.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert("localhost").configure_cert(context)
    listening = socket.create_server(("localhost", 0))
    listening.settimeout(10)
    taken = []
    threads = []

    def serve(first):
        for _connection in range(5):
            try:
                raw, _address = listening.accept()
            except OSError:
                return
            with context.wrap_socket(raw.dup(), server_side=True) as tls:
                request = tls.recv(65536)
                while b"\r\n\r\n" not in request or not request.rstrip().endswith(b"}"):
                    request += tls.recv(65536)
                taken.append(request.split(b" ", 2)[1].decode())
                tls.sendall(first)
                raw.sendall(b"HTTP/1.1 502 no TLS at all\r\n\r\n")
                raw.close()

    def start(first):
        threads.append(threading.Thread(target=serve, args=(first,), daemon=True))
        threads[-1].start()
        port = listening.getsockname()[1]
        return {"server_url": f"https://localhost:{port}", "ca_path": str(tmp_path / "own.pem")}, taken

    yield start
    with listening:
        listening.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join(20)


@pytest.mark.unsteady
@pytest.mark.parametrize("first", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"])
def test_a_tls_error_after_the_request_was_sent(run, broken_server, first):
    where, taken = broken_server(first)
    result = run("job", token="x", retries=4, **where, **OPTIONS)
    assert taken == ["/api/CommandLineProcessor"]
    assert MAYBE in result.msg
    assert result.error["kind"] == "connection"


@pytest.mark.unsteady
@pytest.mark.parametrize("retries", [0, 6])
def test_a_server_that_is_down(emulator, run, token, retries):
    """A refused connection proves that nothing was sent: it may be retried, and may succeed."""
    emulator.settings.tokens_survive_restart = "yes"
    down = threading.Thread(target=emulator.restart, args=(1.0,))
    down.start()
    time.sleep(0.2)
    result = run("job", token=token, retries=retries, **OPTIONS)
    down.join()
    assert count(emulator) == (0 if result.failed else 1)
    if result.failed:
        assert result.error["kind"] == "connection"
        assert MAYBE not in result.msg


@pytest.mark.parametrize("fault", [name for name in CELLS if "restart" not in name])
def test_one_of_many(emulator, run, token, fault):
    """In a list, the first start has the fault; the other one is started at most once too."""
    order, jobs, succeeds, maybe = CELLS[fault]
    emulator.add_fault(**START, **order)
    names = [{"name": name, "path": FLOW} for name in ("first", "second")]
    result = run("jobs", jobs=names, token=token, retries=4, wait=False, request_timeout=1.0)
    first, second = result.results
    assert bool(first.get("failed")) != succeeds
    if maybe:
        assert MAYBE in first["msg"]
        assert result.error["may_have_been_applied"]
    assert count(emulator) == jobs + (0 if second.get("skipped") else 1)
    assert not second.get("failed")
