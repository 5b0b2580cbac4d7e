"""What the tests of AWX share: a controller, a server, and what runs the jobs of the one on the other."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from astera_emulator import Emulator

from awx import data
from awx.client import SPEC, Client
from awx.controller import Controller
from awx.jobs import Runner, make_project
from awx.stock import stock

FLOW = r"C:\Flows\load_orders.wf"
FLOW_TEXT = b'<Flow seconds="0.2"><Variables><Variable name="sourceFilePath"/><Variable name="pin"/></Variables></Flow>'
PASSWORD = "canary-password-7"
EXAMPLE = data.ROOT / "examples" / "orders"


@pytest.fixture(scope="session")
def awx_collection() -> Path:
    """The folder that holds awx.awx."""
    fetching = [data.ROOT / "tests" / "tools" / "other_collections"]
    fetched = subprocess.run(fetching, text=True, capture_output=True, check=False)
    if fetched.returncode == 3:
        pytest.skip(f"awx.awx comes from the package index: {fetched.stderr.strip()}")
    assert fetched.returncode == 0, fetched.stderr
    return Path(fetched.stdout.strip())


@pytest.fixture(scope="module")
def module_emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with Emulator(tmp_path_factory.mktemp("emulator")) as emulator:
        yield emulator


@pytest.fixture
def emulator(module_emulator: Emulator) -> Emulator:
    """A fresh server with a password of its own and a flow on its disk."""
    module_emulator.reset(password=PASSWORD, restart_seconds=0.3, restart_delay=0.1)
    module_emulator.files.write(FLOW, FLOW_TEXT)
    return module_emulator


@pytest.fixture
def controller() -> Iterator[Controller]:
    """A controller with what an administrator has made before."""
    with Controller() as controller:
        controller.prepare([f"{name}.yml" for name in data.TEMPLATES])
        yield controller


@pytest.fixture
def credential(emulator: Emulator) -> dict[str, Any]:
    """What somebody types into the form of a credential for the server."""
    certificate = Path(emulator.ca_path).read_text()
    return {
        "server_url": emulator.url,
        "username": "admin",
        "password": PASSWORD,
        "ca_certificate": certificate,
        "validate_certs": "true",
    }


@pytest.fixture
def runner(controller: Controller, credential: dict[str, Any], tmp_path: Path) -> Runner:
    """Runs the registered job templates with a credential for the server."""
    stock(controller)
    make_project(tmp_path / "job" / "project")
    project = tmp_path / "job" / "project"
    shutil.copy(EXAMPLE / "releases" / "orders-4.2.car", project / "orders.car")
    for name in ("orders.dev.cfg", "orders.prod.cfg"):
        shutil.copy(EXAMPLE / "files" / name, project)
    store = controller.api.store
    kind = controller.named("credential_types", "Astera Integration Server")["id"]
    number = store.write("credentials", {"name": "etl", "credential_type": kind, "inputs": credential})
    for template in list(store.objects["job_templates"]):
        store.associate("job_templates", template, "credentials", {"id": number})
    return Runner(controller, tmp_path / "job", {"etl": {"astera_cluster": {"name": "AWX"}}})


@pytest.fixture
def register(controller: Controller, awx_collection: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the playbook that registers everything."""

    def runs(*arguments: str, playbook: str = "astera.data_stack.awx_register") -> subprocess.CompletedProcess[str]:
        own = {"ANSIBLE_NOCOLOR": "1", "ANSIBLE_LOCALHOST_WARNING": "0", "ANSIBLE_INVENTORY_UNPARSED_WARNING": "0"}
        paths = f"{os.environ['ANSIBLE_COLLECTIONS_PATH']}:{awx_collection}"
        environment = {**os.environ, **controller.environment, **own, "ANSIBLE_COLLECTIONS_PATH": paths}
        command = ["ansible-playbook", playbook, *arguments]
        return subprocess.run(command, env=environment, text=True, capture_output=True, check=False, timeout=300)

    return runs


@pytest.fixture(scope="module")
def server():
    """One for all tests, since starting it takes longer than a test."""
    with Controller() as controller:
        yield controller


@pytest.fixture
def client(server):
    server.api.reset()
    server.prepare(["deploy.yml"])
    return Client(server)


@pytest.fixture
def ids(client):
    """The numbers of a template and a workflow with the same survey, and of what they need."""
    store = client.controller.api.store
    place = {"organization__name": "Default"}
    made = {name: client.controller.named(name, "Astera", **place)["id"] for name in ("inventories", "projects")}
    made["organization"] = client.controller.named("organizations", "Default")["id"]
    place = {"inventory": made["inventories"], "project": made["projects"], "playbook": "deploy.yml"}
    prompts = {"ask_credential_on_launch": True, "ask_verbosity_on_launch": True}
    made["template"] = client.make("job_templates", name="T", survey_enabled=True, **place, **prompts)
    made["workflow"] = client.make(
        "workflow_job_templates", name="W", organization=made["organization"], survey_enabled=True
    )
    made["type"] = client.make("credential_types", name="C", kind="cloud")
    for name in ("first", "second"):
        kind = {"organization": made["organization"], "credential_type": made["type"]}
        made[name] = client.make("credentials", name=name, **kind)
    store.surveys.update({made["template"]: SPEC, made["workflow"]: SPEC})
    return made
