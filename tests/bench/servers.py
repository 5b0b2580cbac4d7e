"""Servers in a process of their own: emulators, or the one that discards uploads."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import requests

HERE = Path(__file__).resolve().parent
START_TIMEOUT = 60
#: The documented account of a fresh server, which the emulator has as well.
USERNAME, PASSWORD = "admin", "Admin123"


class Server:
    """A child process that serves until its input is closed, so that it ends with us however we end."""

    def __init__(self, folder: Path, script: str, *arguments: str) -> None:
        folder.mkdir(parents=True)
        self._log = folder / "requests.jsonl"
        self._read = 0
        command = [sys.executable, str(HERE / script), str(folder), *arguments]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE)
        ready = folder / "ready.json"
        deadline = time.monotonic() + START_TIMEOUT
        while not ready.exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{script} did not start")
            time.sleep(0.02)
        #: ``url`` and ``ca_path`` of each server in the process.
        self.addresses: list[dict[str, str]] = json.loads(ready.read_text())

    def __enter__(self) -> Server:
        return self

    def __exit__(self, *unused: object) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait(30)

    def new_requests(self) -> list[dict[str, Any]]:
        """The requests since this was last asked, each with ``method``, ``path``, ``status`` and ``authenticated``."""
        lines = self._log.read_text().splitlines()
        fresh, self._read = lines[self._read :], len(lines)
        return [json.loads(line) for line in fresh]


def emulators(folder: Path, count: int = 1, *files: Path) -> Server:
    """Fresh emulated servers in one process, with the files of the given folders on their disks."""
    return Server(folder, "serve_emulators.py", str(count), *(str(path) for path in files))


def token_of(address: dict[str, str]) -> str:
    """Log in to an emulated server."""
    body = {"User": USERNAME, "Password": PASSWORD, "RememberMe": True}
    token: str = ask(address, "POST", "/api/account/login", body)["access_token"]
    return token


def ask(address: dict[str, str], method: str, path: str, body: Any = None, token: str | None = None) -> Any:
    """The JSON response of a server of ours; a proxy in the environment is none of its business."""
    with requests.Session() as session:
        session.trust_env = False
        if token:
            session.headers["Authorization"] = f"Bearer {token}"
        response = session.request(method, address["url"] + path, json=body, verify=address["ca_path"], timeout=30)
    response.raise_for_status()
    return response.json()
