"""Part f: a bootstrap and a drift report of a fleet, with nothing to change."""

from __future__ import annotations

import re
import resource
from pathlib import Path
from typing import Any

from .context import HERE, Bench, BenchError, say
from .servers import PASSWORD, USERNAME, Server, ask, emulators, token_of
from .tables import Goal, Section, Table, at_least, at_most, less, median

EMPTY, TASKS, BOOTSTRAP, DRIFT, URI = "empty play", "five tasks", "bootstrap", "drift report", "uri by hand"
KINDS = (TASKS, BOOTSTRAP, DRIFT, URI)
#: Deployments and schedules of the server.
OBJECTS = 5


def measure(bench: Bench) -> dict[str, Any]:
    """Seconds of CPU of whole runs, by the number of hosts and by kind, one for each round; tasks for each host."""
    raw: dict[str, Any] = {}
    archive = bench.folder / "orders.car"
    archive.write_bytes(b"orders")
    with emulators(bench.folder / "fleet") as server:
        settings = _settings(server, archive, bench.folder)
        bench.playbooks.run("astera.data_stack.bootstrap", bench.playbooks.inventory({"etl": settings}))
        for hosts in bench.options.fleets:
            raw[str(hosts)] = _rounds(bench, server, hosts, settings)
    return raw


def _settings(server: Server, archive: Path, folder: Path) -> dict[str, Any]:
    """The variables of each host. All of them are the same server, since nothing is written."""
    address = server.addresses[0]
    config = ask(address, "GET", "/api/Server/Config", token=token_of(address))
    names = [f"Flow {number}" for number in range(OBJECTS)]
    return {
        "astera_server_url": address["url"],
        "astera_ca_path": address["ca_path"],
        "astera_username": USERNAME,
        "astera_password": PASSWORD,
        "astera_server_config": {"server_profile": config["serverProfile"]},
        "astera_cluster": {"purge_job_info_after": 30},
        "astera_license": {
            "user": "Jane Doe",
            "organization": "Example Ltd",
            "key": "1111-2222",
            "marker": str(folder / "fleet.license.json"),
        },
        "astera_deployments": [{"name": name, "archive": str(archive), "active": True} for name in names],
        "astera_schedules": [
            {"name": name, "deployment": name, "start_item": "a.wf", "daily": {"at": "04:30"}, "active": True}
            for name in names
        ],
        "astera_drift_report_dir": str(folder / "drift"),
    }


def _rounds(bench: Bench, server: Server, hosts: int, settings: dict[str, Any]) -> dict[str, Any]:
    """The kinds take turns, so that a drift of the machine hits all of them alike."""
    inventory = bench.playbooks.inventory({f"etl{number:03}": settings for number in range(1, hosts + 1)})
    playbooks: dict[str, Path | str] = {
        EMPTY: bench.playbooks.write("fleet-empty.yml", [{"hosts": "astera", "gather_facts": False, "tasks": []}]),
        TASKS: HERE / "playbooks" / "fleet_tasks.yml",
        BOOTSTRAP: "astera.data_stack.bootstrap",
        DRIFT: "astera.data_stack.drift_report",
        URI: HERE / "playbooks" / "fleet_uri.yml",
    }
    cpu: dict[str, list[float]] = {kind: [] for kind in playbooks}
    found: dict[str, Any] = {"cpu": cpu, "executions": {}, "requests": {}}
    for number in range(1, bench.options.fleets_repeat + 1):
        for kind, playbook in playbooks.items():
            server.new_requests()
            before = _children()
            output = bench.playbooks.run(playbook, inventory).output
            cpu[kind].append(_children() - before)
            _check(kind, output)
            found["executions"][kind] = _executions(output, "etl001")
            found["requests"][kind] = len(server.new_requests()) / hosts
            say(f"  {hosts} hosts, round {number} of {bench.options.fleets_repeat}: {cpu[kind][-1]:6.2f} s CPU  {kind}")
    return found


def _children() -> float:
    """Seconds of CPU of all processes that have ended below this one; the servers have not."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _check(kind: str, output: str) -> None:
    """There is a figure only if nothing was to be changed."""
    if re.search(r"\bchanged=[1-9]", output) and kind != DRIFT:
        raise BenchError(f"{kind} changed something:\n{output[-2000:]}")


def _executions(output: str, host: str) -> int:
    """Tasks of one host by the recap, skipped ones included."""
    found = re.search(rf"^{host} .*ok=(\d+).*skipped=(\d+)", output, re.MULTILINE)
    return int(found[1]) + int(found[2]) if found else 0


def section(raw: dict[str, Any]) -> Section:
    """Tables, goals and text."""
    how = (
        "CPU of whole runs of `ansible-playbook` with workers and modules, less a run with an empty play in the same "
        f"round, for each host. All hosts are one emulated server with {OBJECTS} deployments and {OBJECTS} schedules, "
        "on which nothing is to be changed, since only our side is measured. *Five tasks* are the modules for the five "
        "sections with the same variables, each of which logs in and reads by itself (`playbooks/fleet_tasks.yml`). "
        "*uri by hand* logs in, reads the four lists and compares names (`playbooks/fleet_uri.yml`)."
    )
    tables = [_table(hosts, found) for hosts, found in raw.items()]
    note = (
        "With one host, what a run does once counts in full: the check of the choice of hosts, two roles, the "
        "imports, and the files of the report."
    )
    return Section(title="A fleet with nothing to change", how=how, tables=tables, goals=_goals(raw), notes=[note])


def costs(hosts: str, found: dict[str, Any]) -> dict[str, float]:
    """Milliseconds of CPU for each host over an empty play, by kind."""
    cpu = found["cpu"]
    return {kind: 1000 * median(less(cpu[kind], cpu[EMPTY])) / int(hosts) for kind in KINDS}


def _table(hosts: str, found: dict[str, Any]) -> Table:
    ms = costs(hosts, found)
    rows = [
        [
            kind,
            f"{ms[kind]:.0f}",
            f"{ms[kind] / ms[TASKS]:.2f}",
            f"{ms[URI] / ms[kind]:.1f}",
            str(found["executions"][kind]),
            f"{found['requests'][kind]:.0f}",
        ]
        for kind in KINDS
    ]
    head = ["kind", "ms CPU", "x five tasks", "times below uri", "tasks", "requests"]
    return Table(f"Per host, {hosts} host{'' if hosts == '1' else 's'}", head, rows)


def _goals(raw: dict[str, Any]) -> list[Goal]:
    goals = []
    for hosts, found in raw.items():
        ms, which = costs(hosts, found), f"{hosts} host{'' if hosts == '1' else 's'}"
        goals += [
            at_most(f"{which}: a bootstrap at most 1.0 x five tasks", ms[BOOTSTRAP] / ms[TASKS], 1.0, " x"),
            at_least(f"{which}: a bootstrap at least 8 x below `uri` by hand", ms[URI] / ms[BOOTSTRAP], 8, " x", 1),
            at_most(f"{which}: at most 16 tasks for each host", found["executions"][BOOTSTRAP], 16, "", 0),
            at_most(f"{which}: at most 6 requests for each host", found["requests"][BOOTSTRAP], 6, "", 0),
        ]
        # Its files, a verdict and numbers for others are the same work for one host as for all.
        if int(hosts) > 1:
            drift = ms[DRIFT] / ms[BOOTSTRAP]
            goals.append(at_most(f"{which}: a drift report at most 1.3 x a bootstrap", drift, 1.3, " x"))
    return goals
