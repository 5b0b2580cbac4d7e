"""Part b: many schedules, in bulk, in a loop and by hand with ``uri``; a first run and a second one."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .context import HERE, Bench, BenchError, Options, say
from .servers import PASSWORD, USERNAME, Server, emulators
from .tables import Goal, Section, Table, at_least, at_most, median

RUNS = ("first", "second")
#: Number of schedules at which bulk is compared with ``uri``, and where the fit of the exponent begins and ends.
COMPARED = 1000
FITTED = (100, 5000)


@dataclass(frozen=True)
class Way:
    """One way to bring schedules about: its playbook, and up to how many it is measured (None: all)."""

    title: str
    playbook: str
    limit: str | None


WAYS = {
    "bulk": Way("astera_schedules, in bulk", "schedules_bulk.yml", None),
    "loop": Way("astera_schedule in a loop", "schedules_loop.yml", "loop_limit"),
    "uri": Way("uri loop, each one read", "schedules_uri.yml", "uri_limit"),
    "uri_list": Way("uri loop, list trusted", "schedules_uri_list.yml", "uri_limit"),
}


def measure(bench: Bench) -> dict[str, Any]:
    """Seconds over an empty play and requests, by way, size and run."""
    raw: dict[str, Any] = {}
    for size in bench.options.schedules:
        variables = _variables(bench, size)
        for name, way in WAYS.items():
            if size > _limit(way, bench.options):
                continue
            # The loops take minutes and are far from the others, so once must do for them.
            repeat = bench.options.schedules_repeat if way.limit is None else 1
            rounds = [_pair(bench, f"{name}-{size}-{number}", way, variables) for number in range(repeat)]
            raw.setdefault(name, {})[str(size)] = {
                run: {
                    "seconds": [found[run]["seconds"] for found in rounds],
                    "requests": rounds[0][run]["requests"],
                }
                for run in RUNS
            }
    return raw


def _limit(way: Way, options: Options) -> float:
    return math.inf if way.limit is None else getattr(options, way.limit)


def _pair(bench: Bench, label: str, way: Way, variables: Path) -> dict[str, Any]:
    """A first and a second run against a fresh server, each less an empty play just before it."""
    found: dict[str, Any] = {}
    with emulators(bench.folder / f"schedules-{label}") as server:
        address = server.addresses[0]
        inventory = bench.playbooks.inventory(
            {
                "etl": {
                    "astera_server_url": address["url"],
                    "astera_ca_path": address["ca_path"],
                    "astera_username": USERNAME,
                    "astera_password": PASSWORD,
                }
            }
        )
        for run in RUNS:
            seconds = [
                bench.playbooks.run(HERE / "playbooks" / name, inventory, "-e", f"@{variables}").seconds
                for name in ("schedules_none.yml", way.playbook)
            ]
            found[run] = {"seconds": seconds[1] - seconds[0], "requests": _requests(server)}
            say(f"  {label}, {run} run: {seconds[1] - seconds[0]:7.2f} s  {found[run]['requests']}")
    _check(label, found)
    return found


def _requests(server: Server) -> dict[str, int]:
    """How many logins, reads and writes were sent."""
    counts = {"logins": 0, "reads": 0, "writes": 0}
    for request in server.new_requests():
        if request["path"] == "/api/account/login":
            counts["logins"] += 1
        else:
            counts["reads" if request["method"] == "GET" else "writes"] += 1
    return counts


def _check(label: str, found: dict[str, Any]) -> None:
    """A way that does not do the work, or does it twice, is not to be compared."""
    size = int(label.split("-")[1])
    writes = [found[run]["requests"]["writes"] for run in RUNS]
    if writes != [size, 0]:
        raise BenchError(f"{label}: {writes} writes where {[size, 0]} were expected")


def _variables(bench: Bench, size: int) -> Path:
    """The schedules as options of the module and as bodies of the API. JSON, as reading 5,000 in YAML takes longer."""
    start = "2027-01-04T04:30:00+01:00"
    names = [(f"Flow {number:05}", rf"C:\Flows\flow_{number:05}.wf") for number in range(1, size + 1)]
    desired = [{"name": name, "file": file, "daily": {"start_time": start}} for name, file in names]
    daily = {
        "typeName": "Astera.Core.DailySchedule",
        "dailyScheduleBase": {"typeName": "Astera.Core.DailyScheduleEveryDay", "startTime": start},
    }
    rest = {"isActive": True, "isFile": True, "traceLevel": "Job", "skipIfRunning": False, "schedule": daily}
    bodies = [{"name": name, "filePathResolved": {"path": file}, **rest} for name, file in names]
    path = bench.folder / f"schedules-{size}.json"
    path.write_text(json.dumps({"desired": desired, "bodies": bodies}))
    return path


@dataclass(frozen=True)
class Point:
    """Seconds for a number of schedules, measured or extrapolated."""

    size: int
    seconds: float
    extrapolated: bool

    @property
    def shown(self) -> str:
        return f"≈ {self.seconds:.0f}" if self.extrapolated else f"{self.seconds:.2f}"


def points(raw: dict[str, Any], name: str, run: str) -> list[Point]:
    """A way's line: what was measured, and beyond that the straight line through its two largest sizes."""
    sizes = sorted({int(size) for found in raw.values() for size in found})
    known = {int(size): max(1e-3, median(found[run]["seconds"])) for size, found in raw[name].items()}
    line = [Point(size, known[size], False) for size in sorted(known)]
    if len(line) < 2:
        return line
    near, far = line[-2], line[-1]
    # Two runs of a second each may come out in the wrong order; more schedules never cost less.
    slope = max(0.0, (far.seconds - near.seconds) / (far.size - near.size))
    beyond = [size for size in sizes if size > far.size]
    return line + [Point(size, far.seconds + slope * (size - far.size), True) for size in beyond]


def section(raw: dict[str, Any]) -> Section:
    """Tables, goals and text."""
    return Section(
        title="Many schedules",
        how=_how(raw),
        tables=[*(_seconds_table(raw, run) for run in RUNS), _requests_table(raw)],
        goals=_goals(raw),
        notes=_notes(raw),
        plot="schedules",
    )


def _how(raw: dict[str, Any]) -> str:
    rounds = max(len(found["first"]["seconds"]) for found in raw["bulk"].values())
    return (
        f"Seconds of the whole play, less a play that reads the same variables and does nothing. The first run creates "
        f"the schedules on a fresh server, the second one finds nothing to change. The emulator's log confirms as many "
        f"writes as schedules, then none. Bulk: median of {rounds}; the loops: once. ≈ marks what was not "
        f"measured but extrapolated along the straight line through the two largest sizes measured. That favours "
        f"the loops: none can grow more slowly, and ours reads the whole list for each item. The playbooks are in "
        f"`tests/bench/playbooks`:\n\n"
        f"- *astera_schedules* (`schedules_bulk.yml`): one task, username and password.\n"
        f"- *astera_schedule in a loop* (`schedules_loop.yml`): one login, then an in-process task for each item, "
        f"which reads the list of schedules each time.\n"
        f"- *uri loop, each one read* (`schedules_uri.yml`): login, list, "
        f"`GET /api/Schedule/{{id}}` for each that exists, compare, POST what is missing or differs. This is the "
        f"best that the documentation allows: it does not state that the list contains whole schedules.\n"
        f"- *uri loop, list trusted* (`schedules_uri_list.yml`): the same if you know that it does, "
        f"and compare with the list. The bulk task detects this by itself."
    )


def _seconds_table(raw: dict[str, Any], run: str) -> Table:
    lines = {name: points(raw, name, run) for name in raw}
    sizes = [point.size for point in lines["bulk"]]
    base = lines["bulk"][-1]
    rows = []
    for name, line in lines.items():
        shown = {point.size: point.shown for point in line}
        mark = "≈ " if line[-1].extrapolated else ""
        ratio = f"{mark}{line[-1].seconds / base.seconds:,.1f}" if line[-1].size == base.size else ""
        rows.append([WAYS[name].title, *(shown.get(size, "") for size in sizes), ratio])
    return Table(f"Seconds, {run} run", ["way", *(f"{size:,}" for size in sizes), f"x bulk at {base.size:,}"], rows)


def _requests_table(raw: dict[str, Any]) -> Table:
    sizes = list(raw["bulk"])
    rows = []
    for name, found in raw.items():
        for run in RUNS:
            counts = [found[size][run]["requests"].values() if size in found else () for size in sizes]
            rows.append([f"{WAYS[name].title}, {run} run", *(" + ".join(f"{n:,}" for n in sent) for sent in counts)])
    return Table("Requests: logins + reads + writes", ["way", *(f"{int(size):,}" for size in sizes)], rows)


def exponent(line: Sequence[Point], low: int, high: int) -> float | None:
    """Slope of the least-squares line through the logarithms: 1 is linear. None unless both ends were measured."""
    fitted = [point for point in line if low <= point.size <= high and not point.extrapolated]
    if not {low, high} <= {point.size for point in fitted}:
        return None
    xs = [math.log(point.size) for point in fitted]
    ys = [math.log(point.seconds) for point in fitted]
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / sum((a - x) ** 2 for a in xs)


def _notes(raw: dict[str, Any]) -> list[str]:
    """The exponents: the fit, and the steepest part of it by itself, where fixed costs count for least."""
    notes = []
    for run in RUNS:
        line = points(raw, "bulk", run)
        fit, end = exponent(line, *FITTED), exponent(line, COMPARED, FITTED[1])
        if fit is not None and end is not None:
            notes.append(
                f"Bulk, {run} run: seconds grow with the number of schedules to the power of {fit:.2f} from "
                f"{FITTED[0]:,} to {FITTED[1]:,}, of {end:.2f} from {COMPARED:,} to {FITTED[1]:,}."
            )
    return notes


def _goals(raw: dict[str, Any]) -> list[Goal]:
    found = {
        name: next((point for point in points(raw, name, "second") if point.size == COMPARED), None)
        for name in ("bulk", "uri")
    }
    text = f"{COMPARED:,} schedules, second run: bulk at least 100 x faster than the uri loop"
    ratio = found["uri"].seconds / found["bulk"].seconds if found["uri"] and found["bulk"] else None
    goals = [
        at_least(text, ratio, 100, " x (≈, extrapolated)" if found["uri"] and found["uri"].extrapolated else " x", 0)
    ]
    for run in RUNS:
        text = f"cost of bulk is linear, {run} run: exponent at most 1.1"
        goals.append(at_most(text, exponent(points(raw, "bulk", run), *FITTED), 1.1))
    sent = max(sum(runs["second"]["requests"].values()) for runs in raw["bulk"].values())
    return [*goals, at_most("requests of the second run in bulk: 2, the login and the list", sent, 2, digits=0)]
