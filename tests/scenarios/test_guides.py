"""The guides: what a page tells to save and to type is saved and typed in its order, and prints what the page shows.

A page begins in a fresh copy of the example project, with an emulated server for each host of its inventory.

- YAML begins with ``# NAME.yml`` and is saved under that name.
- ``sh`` is typed. It must succeed, unless ``<!-- test: fails -->`` stands above.
- ``text`` right after it is what it prints: these lines, in this order. ``...`` stands for anything.
- What cannot be run says why: ``<!-- test: not run, as ... -->``.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.parameters import env_fallback
from astera_emulator import Emulator
from astera_emulator.ftp import FtpServer

import pages
from ansible_collections.astera.data_stack.plugins.module_utils._runner.argument_spec import full_options
from pages import Block

EXAMPLE = pages.ROOT / "examples" / "orders"
HOSTS = ("etl-dev", "etl-test", "etl-prod-1", "etl-prod-2")
FTP_PASSWORD = "ftp-demo-secret"
#: What a host of the inventory needs to be an emulated one; the quick start tells to save it for the first of them.
ADDRESS = "astera_server_url: {url}\nastera_ca_path: {ca_path}\n"
PRINTED = ADDRESS.format(url="https://localhost:9261", ca_path="/tmp/astera/ca.pem")  # noqa: S108
#: Pages whose code is no story to be told from the start; what looks after it instead.
ELSEWHERE = {
    "awx": "tests/awx and make awx do what it tells",
    "benchmark": "has the commands that make it",
    "concurrency": "tests/integration/test_concurrent.py and tests/scenarios do what it tells",
    "drift": "tests/scenarios/test_drift_report.py and make drift-report do what it tells",
    "export": "tests/scenarios/test_export.py and make round-trip do what it tells",
    "fault-matrix": "has the commands that make it",
    "from-postman": "test_docs.py runs every request and task of it",
    "network": "tests/scenarios/test_network.py and tests/integration do what it tells",
    "performance": "is prose",
    "provision": "tests/scenarios/test_provision.py and make provision do what it tells",
    "secrets": "tests/scenarios/test_canaries.py does what it tells",
    "server-api": "is prose",
    "threat-model": "is prose",
}
GUIDES = sorted({path.stem for path in (pages.ROOT / "docs").glob("*.md")} - set(ELSEWHERE))

pytestmark = [pytest.mark.any_core, pytest.mark.slow]


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Emulator]]:
    with contextlib.ExitStack() as stack:
        yield {host: stack.enter_context(Emulator(tmp_path_factory.mktemp(host))) for host in HOSTS}


@pytest.fixture
def project(servers: dict[str, Emulator], tmp_path: Path) -> Iterator[Path]:
    """A copy of the example project whose hosts are emulated, and an FTP server for its flow."""
    folder = tmp_path / "orders"
    shutil.copytree(EXAMPLE, folder)
    (folder / "inventory" / "host_vars").mkdir()
    with FtpServer(EXAMPLE / "ftp", password=FTP_PASSWORD) as ftp:
        for host, server in servers.items():
            server.reset(restart_seconds=0.3, restart_delay=0.1)
            server.files.copy_tree(EXAMPLE / "server")
            text = ADDRESS.format(url=server.url, ca_path=server.ca_path)
            (folder / "inventory" / "host_vars" / f"{host}.yml").write_text(text)
        common = folder / "inventory" / "group_vars" / "astera" / "main.yml"
        common.write_text(common.read_text().replace("ftp_port: 2121", f"ftp_port: {ftp.port}"))
        yield folder


class Reader:
    """Somebody who does what a page says."""

    def __init__(self, project: Path) -> None:
        self._project = project
        self._address = (project / "inventory" / "host_vars" / f"{HOSTS[0]}.yml").read_text()
        self._before = ""
        self._output = ""
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("ASTERA_")},
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_INVENTORY": "inventory",
            "ANSIBLE_VAULT_PASSWORD_FILE": "vault-password",
        }

    def follow(self, block: Block) -> None:
        try:
            self._do(block)
        except AssertionError as error:
            raise AssertionError(f"at line {block.line} of the page: {error}\n\n{block.text}") from None

    def _do(self, block: Block) -> None:
        if block.reason_not_to_run:
            check_only(block)
        elif block.language == "yaml":
            self._save(block)
        elif block.language == "sh":
            self._type(block)
        elif block.language == "text":
            self._compare(block)
        else:
            kind = block.language or "indented"
            raise AssertionError(
                f"what is to be done with {kind} code? Mark it as not run, or name the page in ELSEWHERE"
            )

    def _save(self, block: Block) -> None:
        name = re.match(r"# (\S+\.yml)\n", block.text)
        assert name, "say in the first line where to save it, as in `# site.yml`"
        path = self._project / name[1]
        assert path.resolve().is_relative_to(self._project.resolve())
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text.replace(PRINTED, self._address))

    def _type(self, block: Block) -> None:
        command = ["bash", "-euo", "pipefail", "-c", self._before + block.text]
        done = subprocess.run(
            command,
            cwd=self._project,
            env=self._environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            check=False,
            timeout=120,
        )
        self._output = done.stdout
        if bool(done.returncode) != (block.mark == "fails"):
            raise AssertionError(f"it {'did not fail' if block.mark else 'failed'}:\n{done.stdout}")
        self._before += "".join(re.findall(r"^(?:export|cd) .*\n", block.text, re.MULTILINE))

    def _compare(self, block: Block) -> None:
        """Blanks don't matter, nor whether Ansible shows a text as JSON, which changes with its releases."""
        output = " ".join(self._output.replace(r"\"", '"').split())
        pattern = ".*".join(re.escape(" ".join(part.split())) for part in block.text.split("..."))
        if not re.search(pattern, output):
            raise AssertionError(f"it printed something else:\n{self._output}")


def check_only(block: Block) -> None:
    """What can be seen without running it."""
    if block.language == "yaml":
        content = yaml.safe_load(block.text)
        assert content, "it is no YAML"
        for task in content if isinstance(content, list) else ():
            refuse_wrong_options(task)
    if block.language == "sh":
        subprocess.run(["bash", "-n", "-c", block.text], check=True, timeout=10)


def refuse_wrong_options(task: dict[str, Any]) -> None:
    for name, options in task.items():
        if name.startswith("astera.data_stack.astera_"):
            action = importlib.import_module(
                f"ansible_collections.astera.data_stack.plugins.action.{name.rpartition('.')[2]}"
            )
            assert set(options or ()) <= set(full_options(action.ActionModule.RESOURCE.spec, env_fallback)), name


def blocks_of(name: str) -> list[Block]:
    return pages.blocks((pages.ROOT / "docs" / f"{name}.md").read_text())


#: `make integration` follows this one, `make docs` all of them.
FIRST = "quick-start"


@pytest.mark.parametrize(
    "name", [FIRST, *(pytest.param(name, marks=pytest.mark.own_command) for name in GUIDES if name != FIRST)]
)
def test_a_guide(project: Path, name: str) -> None:
    reader = Reader(project)
    for block in blocks_of(name):
        reader.follow(block)


@pytest.mark.parametrize("name", sorted(ELSEWHERE))
def test_other_code_is_well_formed(name: str) -> None:
    """YAML can be read, tasks name options that there are, commands are such."""
    for block in blocks_of(name):
        check_only(block)
