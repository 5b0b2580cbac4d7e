"""Jobs under ansible-runner, started as AWX starts them.

Project, inventory, environment, variables and command line lie in a folder.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from . import data
from .controller import Controller, launching
from .controller.credential_types import injected

#: What AWX sets for each job, among others.
ENVIRONMENT = {
    "ANSIBLE_FORCE_COLOR": "True",
    "ANSIBLE_HOST_KEY_CHECKING": "False",
    "ANSIBLE_INVENTORY_UNPARSED_FAILED": "True",
    "ANSIBLE_PARAMIKO_RECORD_HOST_KEYS": "False",
    "ANSIBLE_RETRY_FILES_ENABLED": "False",
    "AWX_HOST": "https://awx.example.com",
    "INVENTORY_ID": "2",
    "MAX_EVENT_RES": "700000",
}
KINDS = ("success_nodes", "failure_nodes", "always_nodes")
#: AWX hands the inventory over as a program that prints it.
INVENTORY = "#!/usr/bin/env python3\nprint(r'''{}''')\n"


class Unsafe(str):
    """A text that whoever launched the job has given: Ansible must not take it for a template."""

    __slots__ = ()


class Dumper(yaml.SafeDumper):
    """Marks such texts, as AWX does in the file of variables."""


Dumper.add_representer(Unsafe, lambda dumper, value: dumper.represent_scalar("!unsafe", str(value)))


def unsafe(value: Any) -> Any:
    """A value with all texts in it marked."""
    if isinstance(value, str):
        return Unsafe(value)
    if isinstance(value, dict):
        return {unsafe(key): unsafe(item) for key, item in value.items()}
    return [unsafe(item) for item in value] if isinstance(value, list) else value


@dataclass
class JobResult:
    """What a job came to. ``status`` and ``rc`` are those that ansible-runner wrote down.

    The exit status of a command shows little: ``ansible-runner process`` ends with 0 also when the job failed.
    """

    status: str
    rc: int
    output: str
    events: list[dict[str, Any]] = field(repr=False)

    @classmethod
    def read(cls, artifacts: Path, output: bytes) -> JobResult:
        """Read what ansible-runner left behind of a job."""
        status, rc = ((artifacts / name).read_text() for name in ("status", "rc"))
        events = [json.loads(path.read_text()) for path in sorted(artifacts.glob("job_events/*.json"))]
        return cls(status, int(rc), re.sub(r"\x1b\[[\d;]*m", "", output.decode()), events)

    @property
    def ok(self) -> bool:
        return self.status == "successful" and self.rc == 0

    @property
    def artifacts(self) -> dict[str, Any]:
        """What it published for the next jobs of a workflow."""
        stats = [event for event in self.events if event.get("event") == "playbook_on_stats"]
        return stats[-1]["event_data"].get("artifact_data", {}) if stats else {}

    def count(self, name: str) -> int:
        """A number of the recap, added over all hosts."""
        return sum(int(number) for number in re.findall(rf"\b{name}=(\d+)", self.output))


@dataclass
class Runner:
    """Runs the jobs of a controller. ``hosts`` are the variables of each host of the group ``astera``."""

    controller: Controller
    folder: Path
    hosts: dict[str, dict[str, Any]]
    #: In three steps, as between the nodes of AWX: pack on one, run on the next, unpack on the first.
    in_steps: bool = False
    #: How many were run; the number of the last one.
    jobs: int = 0

    @property
    def project(self) -> Path:
        return self.folder / "project"

    def launch(self, template: str, answers: dict[str, Any], **prompts: Any) -> JobResult:
        """Launch a job template by its name, with the answers to its survey, and run what comes of it."""
        store = self.controller.api.store
        number = self.controller.named("job_templates", template)["id"]
        job, _ignored = launching.launch(store, number, {"extra_vars": answers, **prompts})
        return self.run(job)

    def launch_slices(self, template: str, answers: dict[str, Any], count: int) -> list[JobResult]:
        """Launch a job template in slices, one after the other: each is a job with its share of the hosts."""
        store = self.controller.api.store
        number = self.controller.named("job_templates", template)["id"]
        job, _ignored = launching.launch(store, number, {"extra_vars": answers, "job_slice_count": count})
        everything, results = self.hosts, []
        for first in range(job["job_slice_count"]):
            self.hosts = {name: everything[name] for name in sorted(everything)[first::count]}
            results.append(self.run(job))
        self.hosts = everything
        return results

    def run(self, job: dict[str, Any]) -> JobResult:
        """Run a job."""
        for name in ("env", "inventory", "project"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        for leftover in (self.folder / "env").iterdir():
            leftover.unlink()
        self._write_inventory()
        self._write_environment(job["credentials"])
        self.jobs += 1
        own = {"awx_job_id": self.jobs, "awx_user_name": "operator", "tower_job_id": self.jobs}
        variables = {**own, **job["variables"]}
        self._write("env/extravars", yaml.dump(unsafe(variables), Dumper=Dumper, sort_keys=False))
        self._write("env/cmdline", shlex.join(_arguments(job)))
        return self._execute(job["playbook"])

    def _write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text)
        path.chmod(0o600)
        return path

    def _write_inventory(self) -> None:
        inventory = {"astera": {"hosts": list(self.hosts)}, "_meta": {"hostvars": self.hosts}}
        self._write("inventory/hosts", INVENTORY.format(json.dumps(inventory))).chmod(0o700)

    def _write_environment(self, credentials: list[int]) -> None:
        store = self.controller.api.store
        environment = {**ENVIRONMENT, "JOB_ID": str(self.jobs)}
        for number in credentials:
            credential = store.find("credentials", number)
            kind = store.find("credential_types", credential["credential_type"])
            environment.update(injected(credential["inputs"], kind, self.folder / "env"))
        self._write("env/envvars", json.dumps(environment))

    def _execute(self, playbook: str) -> JobResult:
        artifacts = self.folder / "artifacts"
        ident = str(len(list(artifacts.iterdir())) if artifacts.exists() else 0)
        # Of the surroundings a job sees nothing but where to find programs and collections.
        seen = {name: value for name, value in os.environ.items() if not name.startswith(("ASTERA_", "CONTROLLER_"))}
        runner = [sys.executable, "-m", "ansible_runner"]
        base = [str(self.folder), "-p", playbook, "--ident", ident]
        commands = [[*runner, "run", *base]]
        if self.in_steps:
            worker = self.folder.with_name("worker")
            commands = [
                [*runner, "transmit", *base],
                [*runner, "worker", "--private-data-dir", str(worker)],
                [*runner, "process", str(self.folder), "--ident", ident],
            ]
        stream = b""
        for command in commands:
            done = subprocess.run(command, input=stream, capture_output=True, check=False, env=seen, timeout=300)
            stream = done.stdout
        return JobResult.read(artifacts / ident, stream + done.stderr)


def walk(runner: Runner, workflow: str, answers: dict[str, Any]) -> list[tuple[str, JobResult | None]]:
    """Run a workflow node by node; approvals are given. Survey and artifacts go to all that follow."""
    store = runner.controller.api.store
    number = runner.controller.named("workflow_job_templates", workflow)["id"]
    variables, _ignored = launching.launch_workflow(store, number, {"extra_vars": answers})
    nodes, resource = store.nodes(number), "workflow_job_template_nodes"
    pointed = {other for node in nodes.values() for kind in KINDS for other in store.associated(resource, node, kind)}
    ahead = [node for node in nodes.values() if node not in pointed]
    trace: list[tuple[str, JobResult | None]] = []
    published: dict[str, Any] = {}
    while ahead:
        node = ahead.pop(0)
        fields = store.find(resource, node)
        result = None
        if store.resource_of(fields["unified_job_template"]) == "job_templates":
            result = runner.run(launching.node_job(store, node, variables, published))
            published.update(result.artifacts)
        trace.append((fields["identifier"], result))
        ahead += store.associated(resource, node, "failure_nodes" if result and not result.ok else "success_nodes")
    return trace


def _arguments(job: dict[str, Any]) -> list[str]:
    arguments = ["-u", "root"]
    if job["limit"]:
        arguments += ["-l", job["limit"]]
    if job["verbosity"]:
        arguments.append("-" + "v" * job["verbosity"])
    if job["job_type"] == "check":
        arguments.append("--check")
    if job["diff_mode"]:
        arguments.append("--diff")
    if job["forks"]:
        arguments.append(f"--forks={job['forks']}")
    return arguments


def make_project(folder: Path) -> None:
    """The files of the project, made by the command that docs/awx.md prints."""
    folder.mkdir(parents=True, exist_ok=True)
    page = (data.ROOT / "docs" / "awx.md").read_text()
    (command,) = re.findall(r"```sh\n(for name in .*?)```", page, re.DOTALL)
    subprocess.run(["bash", "-euc", command], cwd=folder, check=True)
