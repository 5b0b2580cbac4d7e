"""The execution environment as a real image, run as AWX, OpenShift and ansible-navigator run it.

``make image`` builds it. Where podman cannot run, these tests are skipped, with podman's own words.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from awx import data
from awx.containers import EXPOSED, IMAGE, SETTINGS, UID, Jobs, wait_until
from awx.jobs import make_project

PAGE = data.ROOT / "docs" / "execution-environment.md"
FLOW = r"C:\Flows\load_orders.wf"
#: How AWX runs jobs: method of ``Jobs``, and whose the files are that a job leaves in the exposed folder.
WAYS = {"on_execution_node": os.getuid(), "in_container_group": UID}
pytestmark = [pytest.mark.own_command, pytest.mark.any_core]


@pytest.fixture(scope="session")
def podman() -> dict[str, str]:
    """The environment in which podman finds the image."""
    done = subprocess.run([data.ROOT / "tests" / "tools" / "image"], text=True, capture_output=True, check=False)
    if done.returncode == 3:
        pytest.skip(done.stderr.strip())
    assert done.returncode == 0, done.stderr
    folder = done.stdout.strip()
    own = {"CONTAINERS_CONF": f"{folder}/containers.conf", "CONTAINERS_STORAGE_CONF": f"{folder}/storage.conf"}
    hidden = ("ASTERA_", "ANSIBLE_", "CONTROLLER_")
    return {**{name: value for name, value in os.environ.items() if not name.startswith(hidden)}, **own}


@pytest.fixture
def account(credential) -> dict[str, str]:
    """What the credential gives a job, without CA certificates."""
    return {f"ASTERA_{name.upper()}": credential[name] for name in ("server_url", "username", "password")}


@pytest.fixture
def jobs(podman, account, credential, tmp_path):
    jobs = Jobs(podman, tmp_path / "job", tmp_path / "exposed")
    of_example = {"user": "Jane Doe", "organization": "Example Ltd", "key": "canary-key-7"}
    host = {"astera_cluster": {"name": "IMAGE"}, "astera_license": {**of_example, "marker": f"{EXPOSED}/etl.json"}}
    jobs.prepare({"etl": host}, {**account, "ASTERA_CA_PATH": "/runner/env/ca.pem"})
    (jobs.folder / "env" / "ca.pem").write_text(credential["ca_certificate"])
    make_project(jobs.folder / "project")
    return jobs


@pytest.fixture(params=WAYS)
def way(request) -> str:
    if request.param == "in_container_group" and os.getuid() != 0:
        pytest.skip("only root can start a container as any user")
    return request.param


def test_a_second_bootstrap_changes_nothing(emulator, jobs, way):
    first = getattr(jobs, way)("bootstrap")
    assert first.ok, first.output
    assert first.count("changed") > 0
    assert emulator.state()["cluster"]["name"] == "IMAGE"
    second = getattr(jobs, way)("bootstrap")
    assert second.ok, second.output
    assert second.count("changed") == 0
    assert "canary" not in (first.output + str(first.events)).lower()


def test_what_must_outlive_the_job(emulator, jobs, way):
    report = getattr(jobs, way)("drift_report", {"astera_drift_report_dir": f"{EXPOSED}/drift"})
    assert report.ok, report.output
    assert json.loads((jobs.exposed / "drift" / "drift.json").read_text())["summary"]["drift"] == 1
    export = getattr(jobs, way)("export", {"astera_export_path": f"{EXPOSED}/export/"})
    assert export.ok, export.output
    assert yaml.safe_load((jobs.exposed / "export" / "etl.yml").read_text())["astera_cluster"]
    written = [path for path in jobs.exposed.rglob("*") if path.is_file()]
    assert {path.stat().st_uid for path in written} == {WAYS[way]}


def test_a_failing_job(emulator, jobs, way):
    emulator.files.write(FLOW, b'<Flow seconds="0.1" outcome="failed"/>')
    result = getattr(jobs, way)("run_job", {"astera_hosts": "etl", "astera_run_job_path": FLOW})
    assert (result.status, result.rc, result.ok) == ("failed", 2, False)
    assert "ended as" in result.output


def test_a_cancelled_job(emulator, jobs):
    """AWX ends ansible-runner. The container goes, and the flow on the server is neither ended nor started again."""
    emulator.files.write(FLOW, b'<Flow seconds="3600"/>')
    with jobs.started("run_job", {"astera_hosts": "etl", "astera_run_job_path": FLOW}) as process:
        wait_until(lambda: emulator.state()["jobs"])
        process.terminate()
        output, _none = process.communicate(timeout=120)
    assert jobs.result(output).status == "canceled"
    containers = subprocess.run(["podman", "ps", "-aq"], env=jobs.podman, text=True, capture_output=True, check=True)
    assert containers.stdout == ""
    assert len(emulator.state()["jobs"]) == 1


def test_the_exposed_folder_must_exist(emulator, jobs):
    jobs.exposed.rmdir()
    result = jobs.on_execution_node("bootstrap")
    assert not result.ok
    assert f"{jobs.exposed}: no such file or directory" in result.output


def test_the_image_has_ssh_and_its_system_store(podman):
    command = ["podman", "run", "--rm", "--user=root", IMAGE, "sh", "-c", "ssh -V && grep -c BEGIN $REQUESTS_CA_BUNDLE"]
    done = subprocess.run(command, env=podman, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 100


def test_a_certificate_in_the_system_store(emulator, podman, account, tmp_path):
    """The recipe of the documentation adds it; without it, the error names what the image trusts."""
    jobs = Jobs(podman, tmp_path / "job", tmp_path / "exposed")
    jobs.prepare({"etl": {"astera_cluster": {"name": "IMAGE"}}}, account)
    make_project(jobs.folder / "project")
    result = jobs.on_execution_node("bootstrap")
    assert not result.ok
    assert "only if REQUESTS_CA_BUNDLE names their file" in result.output
    (recipe,) = re.findall(r"```dockerfile\n(.*?)```", PAGE.read_text(), re.DOTALL)
    (tmp_path / "Containerfile").write_text(recipe)
    shutil.copy(emulator.ca_path, tmp_path / "ca.pem")
    jobs.image = "localhost/astera-ee-site:test"
    building = ["podman", "build", "-q", "-t", jobs.image, str(tmp_path)]
    subprocess.run(building, env=jobs.podman, check=True, capture_output=True)
    result = jobs.on_execution_node("bootstrap")
    subprocess.run(["podman", "rmi", jobs.image], env=jobs.podman, check=True, capture_output=True)
    assert result.ok, result.output


@pytest.fixture
def message_queues():
    """podman shares this folder for ansible-navigator, and the machine may itself be a container without one."""
    folder = Path("/dev/mqueue")
    is_missing = not folder.exists()
    if is_missing and not os.access(folder.parent, os.W_OK):
        pytest.skip(f"there is no {folder}, and only root can make it")
    if is_missing:
        folder.mkdir()
    yield
    if is_missing:
        folder.rmdir()


def test_navigator(emulator, podman, message_queues, tmp_path):
    """The example project by the shipped settings, with a path of the host that would hide the collection."""
    emulator.reset(password="Admin123", restart_seconds=0.3, restart_delay=0.1)
    project = tmp_path / "project"
    shutil.copytree(data.ROOT / "examples" / "orders", project)
    shutil.copy(SETTINGS, project)
    shutil.copy(emulator.ca_path, project / "ca.pem")
    own = {"ASTERA_CA_PATH": "ca.pem", "ANSIBLE_COLLECTIONS_PATH": "/nowhere", "ASTERA_RETRIES": "7"}
    command = ["ansible-navigator", "run", "astera.data_stack.bootstrap", "-i", "inventory", "--co=--network=host"]
    command += ["--vault-password-file", "vault-password", "-e", f"astera_hosts=dev astera_server_url={emulator.url}"]
    command += ["-e", "astera_jobs_run=never"]
    (plain,) = re.findall(r"\| (sed .*)", PAGE.read_text())
    for expected in (r"etl-dev .* changed=[1-9]", r"etl-dev .* changed=0"):
        done = subprocess.run(
            command, cwd=project, env={**podman, **own}, capture_output=True, check=False, timeout=300
        )
        assert done.returncode == 0, done.stdout + done.stderr
        shown = subprocess.run(["sh", "-c", plain], input=done.stdout, capture_output=True, check=True).stdout.decode()
        assert re.search(expected, shown), shown
        assert "\x1b" not in shown
