"""The role ``bootstrap`` in the matrix: many servers in one play, each with a fault of its own."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from astera_emulator import Emulator

from ansible_collections.astera.data_stack.plugins.module_utils._errors import KINDS

from .cells import MAYBE, Verdict, comparable, doubles
from .orders import Fault
from .place import Stranger

PLAYBOOK = "astera.data_stack.bootstrap"
#: Seconds for a run on all servers. What takes longer is endless.
ENDLESS = 600
_FLOW = b'<Flow seconds="0.1"><Variables><Variable name="sourceFilePath"/></Variables></Flow>'
_SECRETS = ("canary-password-7", "canary-repository-7", "CANARY-LICENSE-7777")


@dataclass(frozen=True)
class Report:
    """What a run of the playbook came to on one server: recap, and the failed results."""

    changed: int
    failed: bool
    failures: list[dict[str, Any]]


class Fleet:
    """Emulated servers, one for each host of the play."""

    def __init__(self, folder: Path, size: int, stranger: Stranger) -> None:
        self._folder = folder
        self._stranger = stranger
        self.emulators = [Emulator(folder / f"etl{number:02}") for number in range(size)]

    @contextlib.contextmanager
    def running(self) -> Iterator[Fleet]:
        with contextlib.ExitStack() as stack:
            for emulator in self.emulators:
                stack.enter_context(emulator)
            yield self

    def healthy(self) -> tuple[int, dict[str, Any]]:
        """How many requests a bootstrap sends to an empty server, and the state that it brings about."""
        self._empty(self.emulators[0])
        report = self._play(1)[0]
        assert not report.failed, report.failures
        sent, state = len(self.emulators[0].requests), comparable(self.emulators[0].state())
        again = self._play(1)[0]
        assert not again.failed, again.failures
        assert not again.changed
        return sent, state

    def try_out(self, cells: Sequence[tuple[Fault, int]], desired: dict[str, Any]) -> list[Verdict]:
        """Bootstrap one empty server per cell with its fault, then those that failed without faults, and judge."""
        verdicts = [Verdict() for _cell in cells]
        emulators = self.emulators[: len(cells)]
        for emulator, (fault, index) in zip(emulators, cells, strict=True):
            self._empty(emulator)
            fault.place(emulator, index, self._stranger.url)
        reports = self._play(len(cells))
        for verdict, emulator, report, (fault, index) in zip(verdicts, emulators, reports, cells, strict=True):
            if len(emulator.requests) >= index - (1 if fault.between else 0):
                verdict.result = "failed" if report.failed else "succeeded"
            verdict.bad += _judged(report, emulator, desired)
            emulator.clear_faults()
            emulator.restart(0.0)
        if self._stranger.visits():
            verdicts[0].bad.append("a host of this play sent something to another origin")
        failed = [number for number, report in enumerate(reports) if report.failed]
        for number, report in zip(failed, self._play(len(cells), failed) if failed else [], strict=True):
            verdicts[number].bad += _judged_again(report, emulators[number], desired)
        return verdicts

    def _empty(self, emulator: Emulator) -> None:
        emulator.reset(password=_SECRETS[0], restart_seconds=0.2, restart_delay=0.1)
        emulator.files.write(r"C:\Flows\load_orders.wf", _FLOW)
        self._state_file(emulator).unlink(missing_ok=True)

    def _state_file(self, emulator: Emulator) -> Path:
        return self._folder / f"license-{self.emulators.index(emulator):02}.json"

    def _play(self, size: int, only: Sequence[int] | None = None) -> list[Report]:
        """Run the playbook on the first servers, or on some of them; returns the report of each."""
        names = [f"etl{number:02}" for number in (range(size) if only is None else only)]
        failures = self._folder / "failures.jsonl"
        failures.unlink(missing_ok=True)
        failures.touch()
        (self._folder / "inventory.yml").write_text(yaml.safe_dump(self._inventory(size)))
        callbacks = Path(__file__).resolve().parent / "callbacks"
        limit = ",".join([*names, "localhost"])
        done = subprocess.run(
            ["ansible-playbook", "-i", "inventory.yml", PLAYBOOK, "--forks", "4", "--limit", limit],
            env={
                **{name: value for name, value in os.environ.items() if not name.startswith("ASTERA_")},
                "ANSIBLE_CALLBACK_PLUGINS": str(callbacks),
                "ANSIBLE_NOCOLOR": "1",
                "ANSIBLE_RETRY_FILES_ENABLED": "0",
                "FAILURES": str(failures),
            },
            cwd=self._folder,
            text=True,
            capture_output=True,
            timeout=ENDLESS,
            check=False,
        )
        output = done.stdout + done.stderr
        assert "PLAY RECAP" in output, output
        assert not [secret for secret in _SECRETS if secret in output], output
        failed_results = [json.loads(line) for line in failures.read_text().splitlines()]
        return [_report(output, name, failed_results) for name in names]

    def _inventory(self, size: int) -> dict[str, Any]:
        for name in ("orders.car", "orders.prod.cfg"):
            (self._folder / name).write_text(f"content of {name}\n")
        hosts = {
            f"etl{number:02}": {
                "astera_server_url": emulator.url,
                "astera_ca_path": emulator.ca_path,
                "license_state_file": str(self._state_file(emulator)),
            }
            for number, emulator in enumerate(self.emulators[:size])
        }
        return {"astera": {"hosts": hosts, "vars": _variables(self._folder)}}


def _variables(folder: Path) -> dict[str, Any]:
    """A whole bootstrap, in haste."""
    return {
        "astera_username": "admin",
        "astera_password": _SECRETS[0],
        "astera_retries": 1,
        "astera_request_timeout": 0.6,
        "astera_ready_timeout": 5,
        "astera_server_config": {
            "server_profile": "ServerProfile2",
            "wait_interval": 0.05,
            "wait_timeout": 5,
            "repository": {"server": "sql01", "password": _SECRETS[1]},
        },
        "astera_cluster": {"name": "ORDERS", "purge_job_info_after": 30},
        "astera_license": {
            "user": "Jane Doe",
            "organization": "Example Ltd",
            "key": _SECRETS[2],
            "marker": "{{ license_state_file }}",
        },
        "astera_deployments": [
            {"name": "Orders", "archive": str(folder / "orders.car"), "config": str(folder / "orders.prod.cfg")}
        ],
        "astera_schedules": [
            {"name": "Every morning", "deployment": "Orders", "daily": {"start_time": "2030-01-01T04:30:00+01:00"}},
            {"name": "Just the same", "deployment": "Orders", "like": "Every morning"},
        ],
        "astera_jobs": [{"path": r"C:\Flows\load_orders.wf", "wait_interval": 0.05, "wait_timeout": 5}],
    }


def _report(output: str, host: str, failed_results: list[dict[str, Any]]) -> Report:
    recap = re.search(rf"^{host} .*\bchanged=(\d+) +unreachable=(\d+) +failed=(\d+)", output, re.MULTILINE)
    assert recap, output
    failed = recap[2] != "0" or recap[3] != "0"
    return Report(int(recap[1]), failed, [one for one in failed_results if one["host"] == host])


def _judged(report: Report, emulator: Emulator, desired: dict[str, Any]) -> list[str]:
    """What a run with a fault must not do."""
    state = emulator.state()
    bad = doubles(state)
    text = json.dumps(report.failures)
    if len(state["jobs"]) > 1:
        bad.append(f"{len(state['jobs'])} jobs were started instead of one")
    if not report.failed:
        return bad if comparable(state) == desired else [*bad, "it reported ok, but the state is not the desired one"]
    kinds = [one["error"]["kind"] for one in report.failures if one["error"]]
    if not kinds or not set(kinds) <= set(KINDS) or "Traceback" in text or "object at 0x" in text:
        bad.append(f"not a clean failure: {text}")
    if state["jobs"] and MAYBE not in text and not re.search(r"[Jj]ob \d", text):
        bad.append(f"a job runs that nobody reports: {text}")
    return bad


def _judged_again(report: Report, emulator: Emulator, desired: dict[str, Any]) -> list[str]:
    """What the run after it, on a healthy server, must bring about."""
    state = emulator.state()
    bad = [f"after the re-run, {one}" for one in doubles(state)]
    if report.failed:
        bad.append(f"the re-run failed: {report.failures}")
    elif comparable(state) != desired:
        bad.append("the re-run did not bring about the desired state")
    if len(state["jobs"]) > 1:
        bad.append(f"with the re-run {len(state['jobs'])} jobs were started")
    return bad
