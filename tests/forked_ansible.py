"""Runs ansible-playbook in a process that is forked from one where Ansible is imported already.

The import takes half of the time of a short run, and the tests start hundreds of them. All else is as in a shell: each
run has arguments, an environment, a folder and a session of its own. But Ansible reads its settings while it is
imported, so a run with other ``ANSIBLE_...`` variables needs the command itself.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
from multiprocessing import forkserver
from pathlib import Path
from unittest import mock

#: What every run has in its environment.
SETTINGS = {"ANSIBLE_NOCOLOR": "1", "ANSIBLE_LOCALHOST_WARNING": "0", "ANSIBLE_RETRY_FILES_ENABLED": "0"}

_CONTEXT = multiprocessing.get_context("forkserver")
# Each task that sends a request imports the second one.
_CONTEXT.set_forkserver_preload(["ansible.cli.playbook", "requests"])


def run(arguments: list[str], output: Path, *, env: dict[str, str], cwd: Path, timeout: float = 300) -> int:
    """Run ansible-playbook to its end, with its output in a file, and return its status."""
    with mock.patch.dict(os.environ, SETTINGS):
        forkserver.ensure_running()
    process = _CONTEXT.Process(target=_play, args=(arguments, str(output), env, str(cwd)))
    process.start()
    process.join(timeout)
    if process.is_alive():
        os.killpg(process.pid, signal.SIGKILL)
        process.join()
        raise TimeoutError(f"ansible-playbook did not end within {timeout} s: {output.read_text()}")
    return process.exitcode


def _play(arguments: list[str], output: str, env: dict[str, str], cwd: str) -> None:
    """Be ansible-playbook, in a session of its own."""
    os.setsid()
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(env)
    for number, path, flags in ((0, os.devnull, os.O_RDONLY), (1, output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)):
        opened = os.open(path, flags, 0o600)
        os.dup2(opened, number)
        os.close(opened)
    os.dup2(1, 2)
    from ansible.cli import playbook

    sys.argv = ["ansible-playbook", *arguments]
    playbook.main()
