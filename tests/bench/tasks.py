"""Part a: what a task costs, by itself, as an item of a loop, and on a fleet of servers."""

from __future__ import annotations

from typing import Any

from .context import Bench, BenchError, say
from .servers import emulators, token_of
from .tables import Goal, Section, Table, at_most, less, median

EMPTY, DEBUG, NOOP, URI = "empty play", "debug", "empty module", "ansible.builtin.uri"
DEBUG_SAME = "debug of the same variables"
BARE = "bare action with requests"
IN_PROCESS, MODULE = "astera_cluster_info in-process", "astera_cluster_info as a module"

_READ = {
    "astera.data_stack.astera_cluster_info": {
        "server_url": "{{ astera_server_url }}",
        "token": "{{ astera_token }}",
        "ca_path": "{{ astera_ca_path }}",
    }
}
TASKS: dict[str, dict[str, Any]] = {
    DEBUG: {"ansible.builtin.debug": {"msg": "nothing"}},
    # Each worker compiles the templates of its task again, which debug without any is spared.
    DEBUG_SAME: {"ansible.builtin.debug": {"msg": list(_READ["astera.data_stack.astera_cluster_info"].values())}},
    BARE: {"bench_get": next(iter(_READ.values()))},
    IN_PROCESS: _READ,
    MODULE: {**_READ, "vars": {"astera_in_process": False}},
    NOOP: {"bench_noop": {}},
    URI: {
        "ansible.builtin.uri": {
            "url": "{{ astera_server_url }}/api/Cluster",
            "headers": {"Authorization": "Bearer {{ astera_token }}"},
            "ca_path": "{{ astera_ca_path }}",
            "return_content": True,
        }
    },
}
#: Those that send exactly one request each.
ASKING = (BARE, IN_PROCESS, MODULE, URI)
TITLES = {"task": "Per task", "item": "Per item of a loop", "fleet": "Per host and task in a fleet"}


def measure(bench: Bench) -> dict[str, Any]:
    """Seconds of whole plays for each shape and kind, one for each round."""
    options = bench.options
    shapes = {
        "task": (1, options.tasks, lambda task: [task] * options.tasks),
        "item": (1, options.items, lambda task: [{**task, "loop": f"{{{{ range({options.items}) | list }}}}"}]),
        "fleet": (options.hosts, options.hosts * options.tasks_per_host, lambda task: [task] * options.tasks_per_host),
    }
    return {
        shape: {"units": units, "hosts": hosts, "seconds": _rounds(bench, shape, hosts, units, layout)}
        for shape, (hosts, units, layout) in shapes.items()
    }


def _rounds(bench: Bench, shape: str, hosts: int, units: int, layout: Any) -> dict[str, list[float]]:
    """The kinds take turns, so that a drift of the machine hits all of them alike."""
    playbooks = {EMPTY: _play(bench, shape, EMPTY, [])}
    playbooks.update({kind: _play(bench, shape, kind, layout(task)) for kind, task in TASKS.items()})
    seconds: dict[str, list[float]] = {kind: [] for kind in playbooks}
    with emulators(bench.folder / f"tasks-{shape}", hosts) as server:
        inventory = bench.playbooks.inventory(
            {
                f"etl{number:02}": {
                    "astera_server_url": address["url"],
                    "astera_ca_path": address["ca_path"],
                    "astera_token": token_of(address),
                }
                for number, address in enumerate(server.addresses, 1)
            }
        )
        # Once for nothing: compiles what is compiled once, and opens the files.
        bench.playbooks.run(playbooks[IN_PROCESS], inventory)
        server.new_requests()
        for number in range(1, bench.options.repeat + 1):
            for kind, playbook in playbooks.items():
                run = bench.playbooks.run(playbook, inventory)
                _check(kind, units, len(server.new_requests()))
                seconds[kind].append(run.seconds)
                say(f"  {shape}, round {number} of {bench.options.repeat}: {run.seconds:6.2f} s  {kind}")
    return seconds


def _check(kind: str, units: int, requests: int) -> None:
    """Like is compared with like only if each unit sends one request, and gets no failure as the response."""
    expected = units if kind in ASKING else 0
    if requests != expected:
        raise BenchError(f"{kind} sent {requests} requests where {expected} were expected")


def _play(bench: Bench, shape: str, kind: str, tasks: list[dict[str, Any]]) -> Any:
    plays = [{"hosts": "astera", "gather_facts": False, "tasks": tasks}]
    return bench.playbooks.write(f"{shape}-{kind.replace(' ', '-')}.yml", plays)


def costs(found: dict[str, Any]) -> dict[str, list[float]]:
    """Milliseconds per unit over an empty play, by kind, one for each round."""
    seconds, units = found["seconds"], found["units"]
    return {kind: [1000 * value / units for value in less(seconds[kind], seconds[EMPTY])] for kind in TASKS}


def section(raw: dict[str, Any]) -> Section:
    """Tables, goals and text."""
    return Section(
        title="What a task costs",
        how=_how(raw),
        tables=[_table(shape, found) for shape, found in raw.items()],
        goals=_goals({shape: {kind: median(ms) for kind, ms in costs(found).items()} for shape, found in raw.items()}),
        notes=[_note(raw)],
        plot="tasks",
    )


def _how(raw: dict[str, Any]) -> str:
    task, item, fleet = raw["task"], raw["item"], raw["fleet"]
    return (
        f"Whole runs of `ansible-playbook`, less a run with an empty play in the same round, divided by the units. "
        f"These are {task['units']} equal tasks in one play, one task with a loop of {item['units']} items, and "
        f"{fleet['units'] // fleet['hosts']} tasks on each of {fleet['hosts']} hosts. Each host has an emulated "
        f"server of its own, and Ansible its default of 5 forks. Median of {len(task['seconds'][EMPTY])} rounds, in "
        f"which the kinds take turns, with the least and the most in the next column. `uri` and `astera_cluster_info` "
        f"send the very same `GET /api/Cluster` over HTTPS with a ready token and a checked certificate. The "
        f"emulator's log confirms one request for each unit. The bare action sends it with `requests.get` and does "
        f"nothing else: the least that an action with that library can cost. Pipelining is on for all. "
        f"*In-process* is what the collection does by itself with a local connection; *as a module* is the same "
        f"with `astera_in_process: false`."
    )


def _table(shape: str, found: dict[str, Any]) -> Table:
    by_kind = costs(found)
    debug, uri = median(by_kind[DEBUG]), median(by_kind[URI])
    rows = []
    for kind, values in by_kind.items():
        typical = median(values)
        spread = f"{min(values):.1f} to {max(values):.1f}"
        rows.append([kind, f"{typical:.1f}", spread, f"{typical / debug:.2f}", f"{typical / uri:.3f}"])
    return Table(TITLES[shape], ["kind", "ms", "least to most", "x debug", "x uri"], rows)


def _note(raw: dict[str, Any]) -> str:
    """The goals are against a debug that has nothing to fill in; this is the same against one that has."""
    ratios = []
    for shape, found in raw.items():
        by_kind = costs(found)
        ratios.append(f"{median(by_kind[IN_PROCESS]) / median(by_kind[DEBUG_SAME]):.2f} x {TITLES[shape].lower()}")
    return (
        "The plain `debug` prints a fixed text. The other one prints the three variables that our task and `uri` "
        "get, which each worker has to template. Compared with that, our task in-process costs "
        + ", ".join(ratios)
        + ". "
        + _where(costs(raw["fleet"]))
    )


def _where(fleet: dict[str, list[float]]) -> str:
    """How much of a task in the fleet any action with ``requests`` would cost."""
    debug, bare, ours = (median(fleet[kind]) for kind in (DEBUG, BARE, IN_PROCESS))
    return (
        f"In the fleet the bare action costs {bare - debug:.1f} ms more than `debug`, and ours "
        f"{ours - debug:.1f} ms more. "
        "[Where the time goes](#where-the-time-goes) explains it, and what was tried."
    )


def _goals(ms: dict[str, dict[str, float]]) -> list[Goal]:
    fleet, item = ms["fleet"], ms["item"]
    return [
        at_most(
            "per host and task in a fleet: in-process at most 1.6 x `debug`",
            fleet[IN_PROCESS] / fleet[DEBUG],
            1.6,
            " x",
        ),
        at_most(
            "per item of a loop: in-process at most 12 ms over `debug`", item[IN_PROCESS] - item[DEBUG], 12, " ms", 1
        ),
        *(
            at_most(f"{TITLES[shape].lower()}: as a module at most 1.0 x `uri`", found[MODULE] / found[URI], 1.0, " x")
            for shape, found in ms.items()
        ),
    ]
