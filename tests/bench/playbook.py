"""Runs ``ansible-playbook`` as a whole process, with nothing of the user's settings."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

#: Seconds. A single play of the benchmark takes a few minutes at most.
TIMEOUT = 1800
#: Plugins of the benchmark's own, which Ansible finds beside a playbook.
PLUGINS = [Path(__file__).resolve().parent / name for name in ("library", "action_plugins")]


@dataclass(frozen=True)
class Run:
    """One run that succeeded: seconds of the whole process, and what it printed."""

    seconds: float
    output: str


class _PlainDumper(yaml.SafeDumper):
    """Writes equal tasks in full, as people would, instead of as references to the first one."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


class Playbooks:
    """Playbooks in a folder of their own. ``ANSIBLE_COLLECTIONS_PATH`` must lead to the collection."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "home").mkdir()
        # An empty file, since Ansible takes no /dev/null and would read the user's own file instead.
        (folder / "ansible.cfg").touch()
        for plugins in PLUGINS:
            (folder / plugins.name).symlink_to(plugins)
        self.environment = {
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.defpath]),
            "HOME": str(folder / "home"),
            "LC_ALL": "C.UTF-8",
            "ANSIBLE_COLLECTIONS_PATH": os.environ["ANSIBLE_COLLECTIONS_PATH"],
            "ANSIBLE_CONFIG": str(folder / "ansible.cfg"),
            "ANSIBLE_HOME": str(folder / "ansible"),
            "ANSIBLE_REMOTE_TMP": str(folder / "ansible" / "tmp"),
            "ANSIBLE_LOCALHOST_WARNING": "0",
            "ANSIBLE_NOCOLOR": "1",
            "ANSIBLE_PIPELINING": "1",
        }

    def write(self, name: str, content: Any) -> Path:
        """Write a playbook, an inventory or variables as YAML."""
        path = self.folder / name
        path.write_text(yaml.dump(content, Dumper=_PlainDumper, sort_keys=False), encoding="utf-8")
        return path

    def inventory(self, hosts: dict[str, dict[str, Any]]) -> Path:
        """Hosts of the group ``astera``, all on the machine and the Python that run Ansible."""
        here = {"ansible_connection": "local", "ansible_python_interpreter": "{{ ansible_playbook_python }}"}
        return self.write("inventory.yml", {"astera": {"hosts": hosts, "vars": here}})

    def command(self, playbook: Path | str, inventory: Path, *arguments: str) -> list[str]:
        """The command line; ``playbook`` is a file or the name of one of the collection."""
        program = str(Path(sys.executable).parent / "ansible-playbook")
        return [program, "-i", str(inventory), str(playbook), *arguments]

    def run(self, playbook: Path | str, inventory: Path, *arguments: str, **environment: str) -> Run:
        """Run a playbook and take the time; RuntimeError with the end of its output when it fails."""
        started = time.perf_counter()
        done = run_checked(self.command(playbook, inventory, *arguments), {**self.environment, **environment})
        return Run(time.perf_counter() - started, done)


def run_checked(command: Sequence[str], environment: dict[str, str]) -> str:
    """Run a command and return what it printed; RuntimeError with the end of that when it fails."""
    done = subprocess.run(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=TIMEOUT,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed ({done.returncode}):\n{done.stdout[-3000:]}")
    return done.stdout
