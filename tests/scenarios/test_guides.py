"""The guides and the README: the tests save the files of a page, run its commands and compare the output, in order.

A guide begins in a fresh copy of the example project, with an emulated server for each host of its inventory. The
README begins in a folder that has only what it does not show: archives, a vault password and addresses of emulated
servers.

- YAML begins with ``# NAME.yml`` and is saved under that name.
- ``sh`` is run. It must succeed, unless ``<!-- test: fails -->`` is above it.
- ``text`` right after it is its output: these lines, in this order. ``...`` matches anything.
- A block that cannot be run states the reason: ``<!-- test: not run, as ... -->``.
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
#: A flow that takes the parameter of the README and does nothing.
FLOW = b'<Flow><Variables><Variable name="sourceFilePath"/></Variables></Flow>'
#: The hosts of the README's inventory.
README_HOSTS = HOSTS[:3]
#: The variables that point a host of the inventory to an emulator; the quick start shows them for the first host.
ADDRESS = "astera_server_url: {url}\nastera_ca_path: {ca_path}\n"
PRINTED = ADDRESS.format(url="https://localhost:9261", ca_path="/tmp/astera/ca.pem")  # noqa: S108
#: Pages whose code is not a sequence of commands, and what tests it instead.
ELSEWHERE = {
    "awx": "tests/awx and make awx run it",
    "benchmark": "has the commands that make it",
    "concurrency": "tests/integration/test_concurrent.py and tests/scenarios run it",
    "drift": "tests/scenarios/test_drift_report.py and make drift-report run it",
    "eda": "tests/eda and make eda run it",
    "errors": "is prose",
    "execution-environment": "make image builds the image and runs it",
    "export": "tests/scenarios/test_export.py and make round-trip run it",
    "fault-matrix": "has the commands that make it",
    "from-postman": "test_docs.py runs every request and task of it",
    "network": "tests/scenarios/test_network.py and tests/integration run it",
    "provision": "tests/scenarios/test_provision.py and make provision run it",
    "secrets": "tests/scenarios/test_canaries.py runs it",
    "server-api": "is prose",
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


@pytest.fixture
def readme_project(servers: dict[str, Emulator], tmp_path: Path) -> Path:
    """A folder with what the README does not show."""
    folder = tmp_path / "readme"
    (folder / "host_vars").mkdir(parents=True)
    for name in ("files", "releases"):
        shutil.copytree(EXAMPLE / name, folder / name)
    shutil.copy(EXAMPLE / "vault-password", folder)
    for host in README_HOSTS:
        server = servers[host]
        server.reset(restart_seconds=0.3, restart_delay=0.1)
        server.files.write(r"C:\Flows\load_orders.wf", FLOW)
        text = ADDRESS.format(url=server.url, ca_path=server.ca_path)
        (folder / "host_vars" / f"{host}.yml").write_text(text)
    return folder


class Reader:
    """Follows a page in a project. ``address`` replaces the address of the server that the page shows."""

    def __init__(self, project: Path, address: str = PRINTED) -> None:
        self._project = project
        self._address = address
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
            raise AssertionError(f"no rule for {kind} code: mark it as not run, or add the page to ELSEWHERE")

    def _save(self, block: Block) -> None:
        name = re.match(r"# (\S+\.yml)\n", block.text)
        assert name, "the first line must name the file, as in `# site.yml`"
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
            raise AssertionError(f"the command {'did not fail' if block.mark else 'failed'}:\n{done.stdout}")
        self._before += "".join(re.findall(r"^(?:export|cd) .*\n", block.text, re.MULTILINE))

    def _compare(self, block: Block) -> None:
        """Ignore blanks, and whether Ansible prints a text as JSON, which changes with its releases."""
        output = " ".join(self._output.replace(r"\"", '"').split())
        pattern = ".*".join(re.escape(" ".join(part.split())) for part in block.text.split("..."))
        if not re.search(pattern, output):
            raise AssertionError(f"the command printed something else:\n{self._output}")


def check_only(block: Block) -> None:
    """Check a block without running it."""
    if block.language == "yaml":
        content = yaml.safe_load(block.text)
        assert content, "it is not YAML"
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
    reader = Reader(project, (project / "inventory" / "host_vars" / f"{HOSTS[0]}.yml").read_text())
    for block in blocks_of(name):
        reader.follow(block)


def test_the_readme(readme_project: Path) -> None:
    """Its inventory and its commands work as printed, and a second bootstrap changes nothing."""
    reader = Reader(readme_project)
    for block in pages.blocks((pages.ROOT / "README.md").read_text()):
        if not block.language:
            continue  # make demo and make test have their own tests, and the installation needs a network
        reader.follow(block)
    reader.follow(Block("sh", "ansible-playbook site.yml\n", 0, ""))
    for host in README_HOSTS:
        reader.follow(Block("text", f"{host} : ok=...changed=0\n", 0, ""))


@pytest.mark.parametrize("name", sorted(ELSEWHERE))
def test_other_code_is_well_formed(name: str) -> None:
    """YAML is valid, the options of tasks exist, commands are valid."""
    for block in blocks_of(name):
        check_only(block)
