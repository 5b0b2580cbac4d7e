"""``make awx``: register everything in the stand-in, show what was made, do it again, launch every job template.

Fails when the second run changes something or a job fails. Tests that check more follow it.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from astera_emulator import Emulator

from . import data
from .controller import Controller
from .jobs import Runner, make_project

FLOW = r"C:\Flows\load_orders.wf"
EXAMPLE = data.ROOT / "examples" / "orders"
PASSWORD = "awx-demo-secret"
SETTINGS = {
    "astera_awx_webhook_url": "https://chat.example.com/hook",
    "astera_awx_drift_rrule": "DTSTART:20260101T030000Z RRULE:FREQ=DAILY;INTERVAL=1",
    "astera_awx_labels": ["astera"],
}


def say(text: str = "") -> None:
    print(text, flush=True)  # noqa: T201


def title(text: str) -> None:
    say(f"\n\033[1m=== {text} ===\033[0m" if sys.stdout.isatty() else f"\n=== {text} ===")


def register(controller: Controller, *arguments: str) -> str:
    """Run the playbook; returns what it printed."""
    fetched = subprocess.run(
        [data.ROOT / "tests" / "tools" / "other_collections"], text=True, stdout=subprocess.PIPE, check=False
    )
    if fetched.returncode:
        sys.exit("awx.awx could not be fetched, so nothing can be registered.")
    paths = f"{os.environ['ANSIBLE_COLLECTIONS_PATH']}:{fetched.stdout.strip()}"
    own = {"ANSIBLE_LOCALHOST_WARNING": "0", "ANSIBLE_INVENTORY_UNPARSED_WARNING": "0"}
    environment = {**os.environ, **controller.environment, **own, "ANSIBLE_COLLECTIONS_PATH": paths}
    command = ["ansible-playbook", "astera.data_stack.awx_register", "-e", json.dumps(SETTINGS), *arguments]
    say(f"$ {shlex.join(command)}")
    process = subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE)
    lines = []
    for line in process.stdout or ():
        lines.append(line)
        sys.stdout.write(line)
        sys.stdout.flush()
    if process.wait():
        sys.exit("The playbook failed.")
    return "".join(lines)


def show(controller: Controller) -> None:
    """What is in the controller now."""
    store = controller.api.store
    (kind,) = store.objects["credential_types"].values()
    say(f"credential type  {kind['name']}: {', '.join(kind['injectors']['env'])}")
    for number, template in store.objects["job_templates"].items():
        asked = [question["variable"] for question in store.surveys[number]["spec"]]
        say(f"job template     {template['name']} ({template['playbook']})\n{' ' * 17}asks for {', '.join(asked)}")
    for number, workflow in store.objects["workflow_job_templates"].items():
        say(f"workflow         {workflow['name']}")
        for identifier, node in store.nodes(number).items():
            resource = "workflow_job_template_nodes"
            started = store.find("unified_job_templates", store.objects[resource][node]["unified_job_template"])
            ends = [
                f"on {kind} -> {store.objects[resource][other]['identifier']}"
                for kind in ("success", "failure")
                for other in store.associated(resource, node, f"{kind}_nodes")
            ]
            say(f"{' ' * 17}{identifier}: {started['name']} {'; '.join(ends)}")
    for schedule in store.objects["schedules"].values():
        say(f"schedule         {schedule['name']}: {schedule['rrule']}")


def launch_all(controller: Controller, emulator: Emulator, folder: Path) -> bool:
    """Launch every job template under ansible-runner; whether all came to a good end."""
    store = controller.api.store
    inputs = {"server_url": emulator.url, "username": "admin", "password": PASSWORD}
    inputs["ca_certificate"] = Path(emulator.ca_path).read_text()
    kind = controller.named("credential_types", "Astera Integration Server")["id"]
    credential = store.write("credentials", {"name": "etl01", "credential_type": kind, "inputs": inputs})
    runner = Runner(controller, folder / "job", {"etl01": {"astera_cluster": {"name": "AWX"}}})
    make_project(runner.project)
    shutil.copy(EXAMPLE / "releases" / "orders-4.2.car", runner.project / "orders.car")
    shutil.copy(EXAMPLE / "files" / "orders.prod.cfg", runner.project)
    answers: dict[str, dict[str, Any]] = {
        "bootstrap": {},
        "deploy": {
            "astera_deploy_name": "Orders",
            "astera_deploy_archive": "orders.car",
            "astera_deploy_config": "orders.prod.cfg",
        },
        "run_job": {"astera_hosts": "etl01", "astera_run_job_path": FLOW, "astera_run_job_wait_interval": 1},
        "export": {"astera_export_path": f"{folder}/export/"},
        "drift_report": {"astera_drift_report_dir": str(folder / "drift")},
    }
    good = True
    for name, template in data.templates().items():
        if not (data.ROOT / "playbooks" / f"{name}.yml").exists():
            say(f"  {template['name']:20} there is no playbook {name} yet")
            continue
        for job_type in ("check", "run"):
            result = runner.launch(template["name"], answers[name], credentials=[credential], job_type=job_type)
            good = good and result.ok
            published = f", published {', '.join(result.artifacts)}" if result.artifacts else ""
            state = "successful" if result.ok else "failed"
            say(f"  {template['name']:20} {job_type:5} {state}, changed={result.count('changed')}{published}")
            if not result.ok:
                say(result.output)
    return good


def main() -> int:
    with Controller() as controller, tempfile.TemporaryDirectory(prefix="astera-awx-") as name:
        controller.prepare([f"{playbook}.yml" for playbook in data.TEMPLATES])
        title(f"1. Register in the stand-in of AWX at {controller.url}")
        register(controller)
        title("2. What was made")
        show(controller)
        title("3. The same again: nothing is to change")
        again = register(controller)
        title("4. Each job template, under ansible-runner and against the emulator")
        with Emulator(Path(name) / "server", settings={"password": PASSWORD}) as emulator:
            emulator.files.copy_tree(data.ROOT / "examples" / "orders" / "server")
            emulator.files.write(FLOW, b'<Flow seconds="0.2"/>')
            good = launch_all(controller, emulator, Path(name))
    if re.search(r"changed=[1-9]", again):
        say("The second run should have changed nothing.")
        return 1
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
