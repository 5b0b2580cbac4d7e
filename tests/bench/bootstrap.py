"""Part e: the requests of a bootstrap, first run and second run."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

from astera_emulator.ftp import FtpServer

from .context import ROOT, Bench, say
from .servers import Server, emulators
from .tables import Goal, Section, Table, at_most

EXAMPLE = ROOT / "examples" / "orders"
LOGIN = "POST /api/account/login"
#: One for each noun that the example configures and that can be read.
NOUNS = ("GET /api/Server/Config", "GET /api/Cluster", "GET /api/Deployments", "GET /api/Schedules")
PROBE = "GET /api/ServerInfo (no token)"
RUNS = ("first", "second")


def measure(bench: Bench) -> dict[str, Any]:
    """Requests by method and path, and seconds of the whole process, for each run."""
    project = bench.folder / "orders"
    shutil.copytree(EXAMPLE, project)
    raw: dict[str, Any] = {}
    with (
        emulators(bench.folder / "bootstrap", 1, EXAMPLE / "server") as server,
        FtpServer(EXAMPLE / "ftp", password="ftp-demo-secret") as ftp,
    ):
        for run in RUNS:
            seconds = _bootstrap(bench, project, server.addresses[0], ftp.port)
            raw[run] = {"seconds": seconds, "requests": _requests(server)}
            say(f"  {run} run: {seconds:.2f} s, {sum(raw[run]['requests'].values())} requests")
    return raw


def _bootstrap(bench: Bench, project: Path, address: dict[str, str], ftp_port: int) -> float:
    """The example project on one server, as in its README."""
    arguments = ["--vault-password-file", str(project / "vault-password")]
    own = (f"astera_server_url={address['url']}", f"license_markers={bench.folder}", f"ftp_port={ftp_port}")
    for variable in ("astera_hosts=dev", *own):
        arguments += ["-e", variable]
    environment = {"ASTERA_CA_PATH": address["ca_path"]}
    return bench.playbooks.run("astera.data_stack.bootstrap", project / "inventory", *arguments, **environment).seconds


def _requests(server: Server) -> dict[str, int]:
    """Counts by method and path. Requests without a token are marked, but for the login, which never has one."""
    counts: Counter[str] = Counter()
    for request in server.new_requests():
        endpoint = f"{request['method']} {request['path']}"
        counts[endpoint if request["authenticated"] or endpoint == LOGIN else f"{endpoint} (no token)"] += 1
    return dict(counts)


def section(raw: dict[str, Any]) -> Section:
    """Tables, goals and text."""
    how = (
        "`astera.data_stack.bootstrap` with the example project of the repository against a fresh emulator, twice. "
        "It sets properties, cluster, license, a deployment and a schedule, and runs a job after a run that changed "
        "something. The "
        "counts are those of the emulator's log. The probe without a token checks whether the server is ready; it is "
        "allowed."
    )
    endpoints = sorted({endpoint for run in RUNS for endpoint in raw[run]["requests"]})
    rows = [[endpoint, *(str(raw[run]["requests"].get(endpoint, 0)) for run in RUNS)] for endpoint in endpoints]
    rows.append(["all requests", *(str(sum(raw[run]["requests"].values())) for run in RUNS)])
    rows.append(["of these, writes", *(str(_writes(raw[run]["requests"])) for run in RUNS)])
    rows.append(["seconds of the whole run", *(f"{raw[run]['seconds']:.1f}" for run in RUNS)])
    table = Table("Requests of a bootstrap", ["request", "first run", "second run"], rows)
    return Section(title="Requests of a bootstrap", how=how, tables=[table], goals=_goals(raw["second"]["requests"]))


def _writes(requests: dict[str, int]) -> int:
    return sum(count for endpoint, count in requests.items() if not endpoint.startswith("GET ") and endpoint != LOGIN)


def _goals(second: dict[str, int]) -> list[Goal]:
    expected = {LOGIN: 1, **dict.fromkeys(NOUNS, 1)}
    beyond = {name: count for name, count in second.items() if name != PROBE and expected.get(name) != count}
    lacking = [endpoint for endpoint in expected if endpoint not in second]
    measured = ", ".join(
        [*(f"{count} x {endpoint}" for endpoint, count in beyond.items()), *(f"no {endpoint}" for endpoint in lacking)]
    )
    return [
        Goal("second run: one login and one GET per noun", measured or "exactly that", not (beyond or lacking)),
        at_most("second run: no write", _writes(second), 0, digits=0),
        at_most("second run: at most one readiness probe", second.get(PROBE, 0), 1, digits=0),
    ]
