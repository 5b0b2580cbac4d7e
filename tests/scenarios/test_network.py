"""The page about the network: its samples, in one play."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from astera_emulator import Emulator

from ansible_collections.astera.data_stack.tests.integration.small_servers import Proxy

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "network.md").read_text()


def test_the_samples(emulator, play, tasks, tmp_path):
    (task,), plain = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)]
    environment = task["environment"]
    environment["NO_PROXY"] = environment["no_proxy"] = ".example.com"
    with (
        Proxy() as proxy,
        Emulator(tmp_path / "plain", settings={"password": "canary-password-7"}, tls=False) as server,
    ):
        environment["HTTPS_PROXY"] = f"http://etl:canary-proxy@127.0.0.1:{proxy.port}"
        plain["astera_server_url"] = server.url
        role = {"ansible.builtin.include_role": {"name": "astera.data_stack.cluster"}}
        book = tasks(task, {**role, "vars": {**plain, "astera_cluster": {"name": "PLAIN"}}})
        result = play(book)
        assert result.ok, result.output
        assert server.state()["cluster"]["name"] == "PLAIN"
        assert proxy.heads[0].startswith("CONNECT localhost:")
    assert "canary" not in result.output
