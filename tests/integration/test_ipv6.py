"""Addresses of IPv6 in server_url, end to end."""

from __future__ import annotations

import socket

import pytest
import trustme
from astera_emulator import Emulator

from ansible_collections.astera.data_stack.tests.integration.small_servers import Proxy, Web, tls

pytestmark = pytest.mark.any_core


@pytest.fixture(scope="module")
def shared_emulator(tmp_path_factory):
    """The server of this file listens on ::1 only."""
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError as error:
        pytest.skip(f"this machine has no IPv6: {error}")
    with Emulator(tmp_path_factory.mktemp("ipv6"), host="::1") as emulator:
        yield emulator


@pytest.fixture
def url(emulator):
    return emulator.url.replace("localhost", "[::1]")


def test_login_write_and_upload(emulator, run, url, archive):
    assert run("cluster", server_url=url, name="SIX").changed
    assert run("deployment", server_url=url.replace("::1", "0:0::1"), name="D", archive=str(archive)).changed
    assert emulator.state()["cluster"]["name"] == "SIX"


def test_the_certificate_is_for_another_address(emulator, run, tmp_path):
    authority = trustme.CA()
    path = tmp_path / "own.pem"
    path.write_bytes(authority.cert_pem.bytes())
    with Web(tls(authority.issue_cert("localhost", "::2")), host="::1") as server:
        result = run("cluster", server_url=f"https://[::1]:{server.port}", ca_path=str(path), name="X")
    assert result.error["kind"] == "tls"
    assert "a name in the certificate" in result.msg
    assert not server.heads


@pytest.mark.unsteady
def test_a_change_of_the_port(emulator, run, url, free_port):
    emulator.settings.port_change = "rebind"
    before, own = int(url.rpartition(":")[2]), free_port("::1")
    emulator.put("config", {"port": before})
    repository = {"password": "initial-secret"}
    how = {"wait_interval": 0.05, "wait_timeout": 20, "retries": 0}
    try:
        result = run("server_config", server_url=url, port=own, repository=repository, **how)
        assert result.changed
        assert f"https://[::1]:{own}" in result.warnings[0]
    finally:
        emulator.put("config", {"port": before})
        emulator.restart(0.05)


def test_a_proxy_and_what_goes_past_it(emulator, run, url, monkeypatch):
    for name in ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with Proxy() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{proxy.port}")
        assert not run("cluster_info", server_url=url).failed
        assert proxy.heads[0].startswith(f"CONNECT {url[8:]} ")
        monkeypatch.setenv("NO_PROXY", "::1")
        assert not run("cluster_info", server_url=url).failed
        assert len(proxy.heads) == 1


@pytest.mark.parametrize("zone", ["%25eth0", "%eth0"])
def test_zones_are_refused(run, zone):
    result = run("cluster_info", server_url=f"https://[fe80::1{zone}]:9261")
    assert result.error["kind"] == "input"
    assert "server_url must be https://, a host and a port" in result.msg
