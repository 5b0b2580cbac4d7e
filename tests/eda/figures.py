"""Measures the event source, and prints the table of docs/eda.md: `make eda-figures`.

Polls are measured in this process, all else on a real ansible-rulebook that watches an emulated server.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from astera_emulator import Emulator

from ansible_collections.astera.data_stack.plugins.module_utils._http.client import Client
from ansible_collections.astera.data_stack.plugins.module_utils._resources.job.status import Statuses
from ansible_collections.astera.data_stack.plugins.plugin_utils._eda.jobs import Jobs, JobsMemory
from ansible_collections.astera.data_stack.plugins.plugin_utils._eda.options import options_from
from ansible_collections.astera.data_stack.plugins.plugin_utils._eda.reader import Reader
from ansible_collections.astera.data_stack.plugins.plugin_utils._eda.tracker import Memory, Tracker

from .rulebook import Rulebook, environment_of, watching

SIZES = (10, 1000)
POLLS = 50
REPORTS = 5
#: Seconds for which memory and load of an idle source are watched.
IDLE = 30


def fill(emulator: Emulator, number: int) -> None:
    for schedule in range(len(emulator.state()["schedules"]), number):
        daily = {"typeName": "Astera.Core.DailySchedule", "startTime": "2026-12-01T04:30:00.0000000+01:00"}
        emulator.put("schedule", {"name": f"Schedule {schedule}", "isActive": True, "schedule": daily})


def poll_times(emulator: Emulator) -> tuple[float, float]:
    """Milliseconds of a poll that finds nothing new: on the clock and of the processor."""
    options = options_from(account(emulator))
    client = Client(options.connection)
    reader = Reader(client, options.watch, Jobs(JobsMemory(), [], None, Statuses()))
    tracker = Tracker(Memory(), 3, time.time)
    clock, processor = [], []
    for _poll in range(POLLS):
        began, worked = time.perf_counter(), time.thread_time()
        events = list(tracker.events(reader.poll()))
        clock.append(time.perf_counter() - began)
        processor.append(time.thread_time() - worked)
    assert events == []
    client.close()
    return statistics.median(clock) * 1000, statistics.median(processor) * 1000


def account(emulator: Emulator) -> dict[str, Any]:
    return {"server_url": emulator.url, "ca_path": str(emulator.ca_path), "username": "admin", "password": "Admin123"}


@contextmanager
def rulebook(emulator: Emulator, folder: Path, *rules: dict[str, Any]) -> Iterator[Rulebook]:
    inventory = folder / "inventory"
    inventory.mkdir(parents=True)
    variables = {f"astera_{name}": value for name, value in account(emulator).items()}
    variables.update(ansible_connection="local", ansible_python_interpreter=sys.executable)
    variables.update(astera_cluster={"purge_job_info_after": 30})
    hosts = {"astera": {"hosts": {"etl": None}, "vars": variables}}
    (inventory / "hosts.yml").write_text(yaml.safe_dump(hosts))
    (folder / "rulebook.yml").write_text(yaml.safe_dump(watching(*rules, settings=account(emulator)), sort_keys=False))
    command = ["ansible-rulebook", "-r", "rulebook.yml", "-i", "inventory/"]
    running = Rulebook(command, folder / "output", env=environment_of(os.environ), cwd=folder)
    try:
        yield running
        assert running.end() == 0
    finally:
        running.kill()


def idle(emulator: Emulator, folder: Path) -> tuple[float, float]:
    """MiB of memory, and percent of a core, of an ansible-rulebook with nothing to report."""
    with rulebook(emulator, folder) as running:
        running.until_event("watching")
        began = cpu_seconds(running)
        time.sleep(IDLE)
        load = (cpu_seconds(running) - began) / IDLE * 100
        status = Path(f"/proc/{running.process.pid}/status").read_text()
    kibibytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    return int(kibibytes) / 1024, load


def cpu_seconds(running: Rulebook) -> float:
    fields = Path(f"/proc/{running.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def seconds_to_report(emulator: Emulator, folder: Path) -> float:
    """From a change on the server to the report on the disk, without the pause for bursts."""
    report = folder / "drift" / "drift.json"
    rule = {
        "name": "Report drift",
        "condition": 'event.astera.event == "object_changed"',
        "action": {
            "run_playbook": {
                "name": "astera.data_stack.drift_report",
                "extra_vars": {"astera_drift_report_dir": str(report.parent)},
            }
        },
    }
    times = []
    with rulebook(emulator, folder, rule) as running:
        running.until_event("watching")
        for number in range(REPORTS):
            before = time.monotonic()
            emulator.put("cluster", {"purgeJobInfoAfter": 40 + number})
            running.until(lambda expected=40 + number: shows(report, expected), "the report")
            times.append(time.monotonic() - before)
            running.until(
                lambda recaps=number + 1: running.output.count("PLAY RECAP") >= recaps, "the end of the playbook"
            )
    return statistics.median(times)


def shows(report: Path, value: int) -> bool:
    try:
        return f'"before": {value}' in json.dumps(json.loads(report.read_text()))
    except (FileNotFoundError, ValueError):
        return False


def main() -> None:
    with tempfile.TemporaryDirectory() as name, Emulator(Path(name) / "emulator") as emulator:
        folder = Path(name)
        seconds = seconds_to_report(emulator, folder / "report")
        rows = [("from a change to the finished report, at `interval: 1`", f"{seconds:.1f} s")]
        for size in SIZES:
            fill(emulator, size)
            clock, processor = poll_times(emulator)
            rows.append((f"a poll with {size:,} schedules", f"{clock:.0f} ms, {processor:.0f} ms of them processor"))
            memory, load = idle(emulator, folder / str(size))
            text = f"{memory:.0f} MiB, {load:.0f} % of a core"
            rows.append((f"ansible-rulebook, idle, with {size:,} schedules at `interval: 1`", text))
    lines = ["| what | figure |", "| --- | --- |", *(f"| {what} | {figure} |" for what, figure in rows)]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
