"""Proxies of the environment: used, bypassed, rejecting, broken. What precedes the @ in their address is secret."""

from __future__ import annotations

import base64
import importlib
import json
import socket

import pytest

from ansible_collections.astera.data_stack.tests.integration.small_servers import Proxy, SmallServer

pytestmark = pytest.mark.any_core

VARIABLES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy")
FLOW = r"C:\Flows\load_orders.wf"
STARTED = "may have been started"
TOKEN = "a-token-of-no-server"


@pytest.fixture(autouse=True)
def no_proxies(monkeypatch):
    """None but those that a test sets."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def through(monkeypatch):
    """Set the variable and give the address of a proxy, with credentials in it."""

    def setting(proxy, variable="HTTPS_PROXY"):
        monkeypatch.setenv(variable, f"http://etl:canary%40pass@127.0.0.1:{proxy.port}")

    return setting


@pytest.fixture
def start(run_raw):
    """Start a job, which must not be reported as started when the proxy let nothing through."""

    def starting(**how):
        result = run_raw("job", path=FLOW, wait=False, **{"retries": 0, **how})
        assert "canary" not in json.dumps(result)
        return result

    return starting


@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
def test_login_and_write_through_a_proxy(emulator, run, through, variable):
    with Proxy() as proxy:
        through(proxy, variable)
        assert run("cluster", name="X").changed
    assert len(emulator.writes) == 1
    port = emulator.url.rpartition(":")[2]
    assert proxy.heads
    for head in proxy.heads:
        assert head.startswith(f"CONNECT localhost:{port} HTTP/1.")
        assert base64.b64encode(b"etl:canary@pass").decode() in head
        assert "Bearer" not in head


def test_the_certificate_is_checked_through_a_proxy(emulator, run, through):
    with Proxy() as proxy:
        through(proxy)
        result = run("cluster", name="X", ca_path=None)
    assert result.error["kind"] == "tls"
    assert "Set ca_path to" in result.msg
    assert not emulator.requests


@pytest.mark.parametrize("reply", ["407 Proxy Authentication Required", "403 Forbidden", "500 Oops"])
def test_a_proxy_that_rejects(emulator, start, through, reply):
    with Proxy(f"HTTP/1.1 {reply}\r\nContent-Length: 0\r\n\r\n".encode()) as proxy:
        through(proxy)
        result = start()
    assert result.error["kind"] == "connection"
    assert reply in result.msg
    assert "http://user:password@proxy:port" in result.msg
    assert "must allow CONNECT to this host and port" in result.msg
    assert STARTED not in result.msg
    assert not emulator.requests


@pytest.mark.unsteady
@pytest.mark.parametrize("reply", [b"", b"no HTTP\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_proxy_that_hangs_or_talks_nonsense_or_hangs_up(emulator, start, through, reply):
    with Proxy(reply) as proxy:
        through(proxy)
        result = start(token=TOKEN, request_timeout=0.3)
    assert result.error["kind"] == "connection"
    assert "the proxy to" in result.msg
    assert "Check HTTPS_PROXY" in result.msg
    assert STARTED not in result.msg
    assert not emulator.requests


@pytest.mark.unsteady
def test_a_proxy_that_hangs_up_at_once(emulator, start, through):
    class Closed(SmallServer):
        def serve(self, connection):
            self.read_head(connection)

    with Closed() as proxy:
        through(proxy)
        result = start(token=TOKEN)
    assert "the proxy to" in result.msg
    assert STARTED not in result.msg
    assert not emulator.requests


@pytest.mark.parametrize(
    "address",
    [
        "http://etl:canary#pass@127.0.0.1:3128",
        "http://etl:canary/pass@127.0.0.1:3128",
        "http://etl:canarypass@127.0.0.1:port",
        "etl:canarypass@127.0.0.1:3128",
        "ftp://etl:canarypass@127.0.0.1:3128",
        "http://etl:canärypass中@127.0.0.1:3128",
        "canary nonsense",
        "http://",
    ],
)
def test_an_invalid_address(emulator, start, monkeypatch, address):
    monkeypatch.setenv("HTTPS_PROXY", address)
    result = start(token=TOKEN)
    assert result.error["kind"] == "input"
    assert "server_url" not in result.msg
    assert "A proxy has the form http://user:password@proxy:port" in result.msg
    assert STARTED not in result.msg
    assert "can" not in result.msg.replace("can be made", "")
    assert not emulator.requests


@pytest.mark.skipif(
    bool(importlib.util.find_spec("socks")), reason="PySocks is installed here, so SOCKS would be tried"
)
@pytest.mark.parametrize("scheme", ["socks", "socks5h"])
def test_socks_without_its_library(emulator, start, monkeypatch, scheme):
    monkeypatch.setenv("ALL_PROXY", f"{scheme}://etl:canary@127.0.0.1:1080")
    result = start(token=TOKEN)
    assert result.error["kind"] == "input"
    assert "pip install 'requests[socks]'" in result.msg
    assert STARTED not in result.msg
    assert not emulator.requests


@pytest.mark.parametrize(
    ("host", "past", "goes_past"),
    [
        ("localhost", "localhost", True),
        ("localhost", "other.example.com, localhost", True),
        ("localhost", "localhost:{port}", True),
        ("localhost", "localhost:1", False),
        ("localhost", "*", True),
        ("127.0.0.1", "127.0.0.1", True),
        ("127.0.0.1", "127.0.0.0/8", True),
        ("127.0.0.1", "10.0.0.0/8", False),
        ("etl.example.com", ".example.com", True),
        ("etl.example.com", "example.com", True),
        ("etl.example.com", ".other.com", False),
    ],
)
def test_what_goes_past_the_proxy(emulator, run, monkeypatch, host, past, goes_past):
    """By name and by address, each with its own rules in requests."""
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda name, *how: real("127.0.0.1" if name == "etl.example.com" else name, *how)
    )
    port = emulator.url.rpartition(":")[2]
    url = f"https://{host}:{port}"
    for proxy, variable in (("HTTPS_PROXY", "NO_PROXY"), ("https_proxy", "no_proxy")):
        with monkeypatch.context() as environment:
            environment.setenv(proxy, "http://127.0.0.1:1")
            environment.setenv(variable, past.format(port=port))
            how = {"authenticate": False, "retries": 0, "validate_certs": False, "request_timeout": 1}
            assert run("server_info", server_url=url, **how).server["ready"] is goes_past
    assert len(emulator.requests) == (2 if goes_past else 0)
