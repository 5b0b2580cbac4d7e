"""Jobs in the execution environment that ``tests/tools/image`` built, started as AWX starts them.

A folder holds project, inventory, environment and command line, as in ``jobs``; another one is exposed to the job.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from . import data
from .jobs import ENVIRONMENT, JobResult

SETTINGS = data.FOLDER / "ansible-navigator.yml"
IMAGE = data.load(SETTINGS)["ansible-navigator"]["execution-environment"]["image"]
#: Where a job finds the folder that is exposed to it.
EXPOSED = "/var/lib/astera"
#: A user that OpenShift makes up for a pod. It is in the group 0 and has no entry in /etc/passwd.
UID = 1000650000
RUNNER = [sys.executable, "-m", "ansible_runner"]


@dataclass
class Jobs:
    """Runs playbooks of a project in containers. ``podman`` is the environment that holds podman's settings."""

    podman: dict[str, str]
    folder: Path
    exposed: Path
    image: str = IMAGE

    def prepare(self, hosts: dict[str, Any], environment: dict[str, str]) -> None:
        """Write what AWX writes: an inventory, and the environment that the credential gives."""
        for folder in (self.folder / "env", self.folder / "inventory", self.exposed):
            folder.mkdir(parents=True)
        (self.folder / "env" / "envvars").write_text(json.dumps({**ENVIRONMENT, **environment}))
        (self.folder / "inventory" / "hosts.yml").write_text(yaml.safe_dump({"astera": {"hosts": hosts}}))

    def on_execution_node(self, playbook: str, variables: dict[str, Any] | None = None) -> JobResult:
        """AWX's own nodes: ansible-runner starts podman, with the user root."""
        with self.started(playbook, variables) as process:
            output, _none = process.communicate(timeout=300)
        return self.result(output)

    @contextmanager
    def started(self, playbook: str, variables: dict[str, Any] | None = None) -> Iterator[subprocess.Popen[bytes]]:
        """The same, while it runs."""
        isolation = ["--process-isolation", "--process-isolation-executable", "podman", "--container-image", self.image]
        options = ["--network=host", "--user=root", f"-v={self.exposed}:{EXPOSED}:rw"]
        command = [*RUNNER, "run", *self._base(playbook, variables), *isolation]
        command += [f"--container-option={option}" for option in options]
        with subprocess.Popen(command, env=self.podman, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
            yield process

    def in_container_group(self, playbook: str, variables: dict[str, Any] | None = None) -> JobResult:
        """OpenShift: ansible-runner lies in the image, any user runs it, and only volumes and /tmp can be written."""
        os.chown(self.exposed, UID, 0)
        options = [f"--user={UID}:0", "--passwd=false", "--cap-drop=all", "--security-opt=no-new-privileges"]
        # podman mounts a /tmp that can be written, which Ansible's own modules need.
        options.append("--read-only")
        volumes = ["--tmpfs=/runner", f"-v={self.exposed}:{EXPOSED}:rw"]
        worker = ["ansible-runner", "worker", "--private-data-dir=/runner"]
        steps = [
            [*RUNNER, "transmit", *self._base(playbook, variables)],
            ["podman", "run", "-i", "--rm", "--network=host", *options, *volumes, self.image, *worker],
            [*RUNNER, "process", str(self.folder), "--ident", "1"],
        ]
        stream = b""
        for command in steps:
            done = subprocess.run(command, input=stream, capture_output=True, check=False, env=self.podman, timeout=300)
            stream = done.stdout
        return self.result(stream + done.stderr)

    def result(self, output: bytes) -> JobResult:
        """What the last job came to."""
        return JobResult.read(self._artifacts, output)

    @property
    def _artifacts(self) -> Path:
        return self.folder / "artifacts" / "1"

    def _base(self, playbook: str, variables: dict[str, Any] | None) -> list[str]:
        shutil.rmtree(self._artifacts, ignore_errors=True)
        (self.folder / "env" / "extravars").write_text(yaml.safe_dump(variables or {}))
        return [str(self.folder), "-p", f"{playbook}.yml", "--ident", "1"]


def wait_until(condition: Callable[[], Any]) -> None:
    """Wait, up to two minutes."""
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)
