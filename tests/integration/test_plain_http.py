"""Plain HTTP: only when it is asked for in words, never through a proxy, and not in silence."""

from __future__ import annotations

import socket

import pytest
from astera_emulator import Emulator

from ansible_collections.astera.data_stack.tests.integration.small_servers import Proxy

pytestmark = pytest.mark.any_core


@pytest.fixture(scope="module")
def plain_emulator(tmp_path_factory):
    with Emulator(tmp_path_factory.mktemp("plain"), tls=False) as emulator:
        yield emulator


@pytest.fixture
def plain(plain_emulator, renew):
    renew(plain_emulator)
    return plain_emulator


@pytest.fixture
def elsewhere(monkeypatch):
    """A name for this machine that is none of its own, as far as a client can see."""
    real = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *how: real("127.0.0.1" if host == "etl.test" else host, *how)
    )
    return lambda url: url.replace("localhost", "etl.test")


def test_it_is_rejected_with_both_fixes(plain, run):
    result = run("cluster", server_url=plain.url, name="X")
    assert result.error["kind"] == "input"
    assert "Every known port of the server is HTTPS." in result.msg
    assert "set allow_http to true" in result.msg
    assert not plain.requests


def test_it_works_when_asked_for(plain, run, archive):
    result = run("cluster", server_url=plain.url, allow_http=True, name="X")
    assert result.changed
    assert not result.warnings
    assert run("deployment", server_url=plain.url, allow_http=True, name="D", archive=str(archive)).changed


@pytest.mark.unsteady
def test_a_change_of_the_port_keeps_the_scheme(plain, run, free_port):
    plain.settings.port_change = "rebind"
    plain.put("config", {"port": int(plain.url.rpartition(":")[2])})
    before, own = plain.url, free_port()
    repository = {"password": "initial-secret"}
    how = {"allow_http": True, "wait_interval": 0.05, "wait_timeout": 20, "retries": 0}
    try:
        assert run("server_config", server_url=before, port=own, repository=repository, **how).changed
        assert plain.url == f"http://localhost:{own}"
    finally:
        plain.put("config", {"port": int(before.rpartition(":")[2])})
        plain.restart(0.05)


def test_the_environment_may_ask_for_it(plain, run, monkeypatch):
    monkeypatch.setenv("ASTERA_ALLOW_HTTP", "true")
    assert run("cluster", server_url=plain.url, name="X").changed


def test_it_warns_unless_the_traffic_stays_on_this_machine(plain, run, elsewhere):
    result = run("cluster", server_url=elsewhere(plain.url), allow_http=True, name="X")
    assert result.changed
    assert "unencrypted" in result.warnings[0]
    refused = run("cluster", server_url=elsewhere(plain.url), allow_http=True, name="X", password="wrong")
    assert refused.error["kind"] == "auth"
    assert "unencrypted" in refused.warnings[0]


def test_it_goes_through_no_proxy(plain, run, monkeypatch):
    with Proxy() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        assert not run("cluster_info", server_url=plain.url, allow_http=True).failed
    assert proxy.heads == []


def test_a_redirect_to_https_shows_the_address_to_set(plain, emulator, run):
    plain.add_fault(method="GET", path="/api/Cluster", status=307, headers={"Location": f"{emulator.url}/api/Cluster"})
    result = run("cluster_info", server_url=plain.url, allow_http=True)
    assert result.error["kind"] == "connection"
    assert f"redirects to {emulator.url}/api/Cluster (" in result.msg


@pytest.mark.unsteady  # The operating system reports the end of the connection in one of two ways.
def test_https_where_plain_http_was_asked_for(emulator, run):
    """allow_http allows, it does not demand."""
    assert run("cluster", allow_http=True, name="X").changed
    result = run("cluster_info", server_url=emulator.url.replace("https:", "http:"), allow_http=True, retries=0)
    assert result.error["kind"] == "connection"
    assert "Check the server, the network and the scheme in server_url" in result.msg
