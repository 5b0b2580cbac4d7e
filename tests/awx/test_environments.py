"""The execution environment and the settings of ansible-navigator. ``test_image`` builds the image."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from ansible_collections.astera.data_stack.plugins.module_utils._http.connection import CONNECTION_OPTIONS
from awx import data

DEFINITION = data.FOLDER / "execution-environment.yml"
SETTINGS = data.FOLDER / "ansible-navigator.yml"
pytestmark = pytest.mark.any_core


@pytest.fixture
def tool():
    """Run one of the tools; those are installed by ``make awx`` only."""

    def runs(name: str, *arguments: str, **how):
        program = shutil.which(name, path=str(Path(sys.executable).parent))
        if program is None:
            pytest.skip(f"{name} is not installed; make awx installs it")
        return subprocess.run([program, *arguments], text=True, capture_output=True, check=False, timeout=300, **how)

    return runs


@pytest.fixture
def tarball(tmp_path):
    """The collection as it is now."""
    builder = [sys.executable, data.ROOT / "tests" / "tools" / "build_tarball", tmp_path, "--worktree"]
    subprocess.run(builder, check=True, capture_output=True)
    (built,) = tmp_path.glob("*.tar.gz")
    return built


def test_the_definition_names_this_release():
    galaxy = yaml.safe_load((data.ROOT / "galaxy.yml").read_text())
    name = f"{galaxy['namespace']}-{galaxy['name']}-{galaxy['version']}.tar.gz"
    definition = data.load(DEFINITION)
    assert definition["dependencies"]["galaxy"]["collections"][0]["name"] == f"collections/{name}"
    assert definition["additional_build_files"][0]["src"] == name


def test_the_context_is_complete(tool, tarball, tmp_path):
    shutil.copy(DEFINITION, tmp_path)
    made = tool("ansible-builder", "create", "-c", "context", "--output-filename", "Containerfile", cwd=tmp_path)
    assert made.returncode == 0, made.stdout + made.stderr
    build = tmp_path / "context" / "_build"
    assert (build / "collections" / tarball.name).read_bytes() == tarball.read_bytes()
    (requirement,) = yaml.safe_load((build / "requirements.yml").read_text())["collections"]
    # Relative to the folder where the recipe installs from.
    assert (build / requirement["name"]).is_file()
    recipe = (tmp_path / "context" / "Containerfile").read_text()
    assert "ansible-galaxy collection install" in recipe
    assert data.load(DEFINITION)["images"]["base_image"]["name"] in recipe


def test_what_the_collection_needs_is_found(tool, tarball, tmp_path):
    """As the recipe does it: install, then inspect what was installed."""
    environment = {**os.environ, "ANSIBLE_COLLECTIONS_PATH": str(tmp_path)}
    installing = ["ansible-galaxy", "collection", "install", "--offline", "-p", str(tmp_path), str(tarball)]
    subprocess.run(installing, check=True, capture_output=True, env=environment)
    found = tool("ansible-builder", "introspect", str(tmp_path))
    assert found.returncode == 0, found.stderr
    needed = yaml.safe_load(found.stdout)
    assert [line.split()[0] for line in needed["python"]] == ["requests>=2.25,<3"]
    assert needed["system"] == []


@pytest.mark.slow
def test_navigator(emulator, credential, tool, tmp_path):
    shutil.copy(SETTINGS, tmp_path)
    (tmp_path / "inventory.yml").write_text(
        yaml.safe_dump({"astera": {"hosts": {"etl": {"astera_cluster": {"name": "NAVIGATOR"}}}}})
    )
    shutil.copy(emulator.ca_path, tmp_path / "ca.pem")
    before = set(tmp_path.iterdir())
    environment = {
        **os.environ,
        "ASTERA_SERVER_URL": emulator.url,
        "ASTERA_USERNAME": credential["username"],
        "ASTERA_PASSWORD": credential["password"],
        "ASTERA_CA_PATH": "ca.pem",
    }
    # The settings hide where the collection lies in a checkout.
    command = ["run", "astera.data_stack.bootstrap", "-i", "inventory.yml", "--ee", "false"]
    command += ["--penv", "ANSIBLE_COLLECTIONS_PATH"]
    done = tool("ansible-navigator", *command, cwd=tmp_path, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "changed=1" in done.stdout
    assert emulator.state()["cluster"]["name"] == "NAVIGATOR"
    assert "canary" not in done.stdout.lower()
    # No record of the run, and nothing worth reading in the log.
    log = tmp_path / "ansible-navigator.log"
    assert set(tmp_path.iterdir()) - {log} == before
    assert not log.exists() or log.read_text() == ""


def test_the_log_is_never_replaced():
    """Without append it is removed first. As root that was /dev/null itself, and the machine had none any more."""
    logging = data.load(SETTINGS)["ansible-navigator"]["logging"]
    assert logging["append"] is True
    assert "/" not in logging["file"]


def test_the_settings_pass_on_what_the_collection_reads():
    passed = data.load(SETTINGS)["ansible-navigator"]["execution-environment"]["environment-variables"]["pass"]
    assert sorted(passed) == sorted([*(f"ASTERA_{name.upper()}" for name in CONNECTION_OPTIONS), "REQUESTS_CA_BUNDLE"])
    assert {*data.variable("credential_type")["injectors"]["env"]} < {*passed}


@pytest.mark.parametrize("words", ["", "Error: crun: cannot set up a namespace"])
def test_where_podman_cannot_run(tmp_path, words):
    """The status says that tests are to be skipped, and podman's own words say why."""
    for name in ("bash", "dirname", "sed", "cksum", "cat", "mkdir", "readlink", "ln", "tail"):
        (tmp_path / name).symlink_to(shutil.which(name))
    if words:
        (tmp_path / "podman").write_text(f"#!/bin/sh\necho a line; echo '{words}' >&2; exit 126")
        (tmp_path / "podman").chmod(0o755)
    environment = {"PATH": str(tmp_path), "TREE": str(tmp_path / "tree")}
    program = [shutil.which("bash"), data.ROOT / "tests" / "tools" / "image"]
    done = subprocess.run(program, env=environment, text=True, capture_output=True, check=False)
    assert done.returncode == 3, done.stderr
    assert done.stderr == (f"podman cannot run: {words}\n" if words else "podman is not installed\n")
