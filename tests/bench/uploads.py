"""Part c: uploads of large archives with curl, with the collection's client and with ``uri``."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .context import HERE, Bench, BenchError, say
from .playbook import run_checked
from .servers import Server, ask
from .tables import Goal, Section, Table, at_least, at_most, median

CURL, OURS, URI = "curl -F", "the collection's client", "ansible.builtin.uri"
TOKEN = "token"
MIB = 1024 * 1024
TARGET = "/api/UploadFile?FileTypes=Car&TargetFileName=archive"

#: One run of a way: seconds of the upload and of the digest pass, peak memory in KiB.
Sample = dict[str, float]


def measure(bench: Bench) -> dict[str, Any]:
    """Samples by size and way; the ways take turns. ``base`` has the peak memory of each without an upload."""
    archive = bench.folder / "archive.car"
    sizes: dict[str, dict[str, list[Sample]]] = {}
    with Server(bench.folder / "uploads", "serve_discard.py") as server:
        ways = _ways(bench, server.addresses[0], archive)
        write_random(archive, 1)
        base = {name: send(False) for name, send in ways.items()}
        for size in bench.options.uploads:
            write_random(archive, size)
            chosen = [name for name in ways if name != URI or size <= bench.options.uri_upload_limit]
            samples: dict[str, list[Sample]] = {name: [] for name in chosen}
            for _round in range(bench.options.uploads_repeat):
                for name in chosen:
                    sample = _with_server_share(server, ways[name])
                    samples[name].append(sample)
                    say(f"  {size} MiB: {sample['upload']:6.2f} s, peak {sample['peak_kib'] / 1024:.0f} MiB  {name}")
            sizes[str(size)] = samples
        archive.unlink()
    return {"base": base, "sizes": sizes}


def write_random(path: Path, size: int) -> None:
    """A file of ``size`` MiB without holes, in the page cache afterwards."""
    with path.open("wb") as stream:
        for _block in range(size):
            stream.write(os.urandom(MIB))


def _with_server_share(server: Server, send: Callable[[bool], Sample]) -> Sample:
    """Add what part of the time the server was busy: near 1, it was the server that was measured."""
    before = _server_cpu(server)
    sample = send(True)
    return {**sample, "server_share": (_server_cpu(server) - before) / sample["upload"]}


def _server_cpu(server: Server) -> float:
    seconds: float = ask(server.addresses[0], "GET", "/cpu")
    return seconds


def _ways(bench: Bench, address: dict[str, str], archive: Path) -> dict[str, Callable[[bool], Sample]]:
    """The ways to send; each takes whether to upload, or to do everything but that."""
    ways: dict[str, Callable[[bool], Sample]] = {}
    if shutil.which("curl"):
        ways[CURL] = lambda upload: _curl(bench, address, archive, upload)
    ways[OURS] = lambda upload: _ours(bench, address, archive, upload)
    ways[URI] = lambda upload: _uri(bench, address, archive, upload)
    return ways


def _peak(bench: Bench, command: list[str], environment: dict[str, str]) -> tuple[dict[str, float], str]:
    """Run a command under peak.py: its seconds and peak memory, and what it printed."""
    output = bench.folder / "output.txt"
    launcher = [sys.executable, "-I", "-S", str(HERE / "peak.py"), str(output)]
    found = json.loads(run_checked([*launcher, *command], environment))
    text = output.read_text()
    if found["status"]:
        raise BenchError(f"{Path(command[0]).name} failed:\n{text[-3000:]}")
    return found, text


def _curl(bench: Bench, address: dict[str, str], archive: Path, upload: bool) -> Sample:
    """``time_total`` runs from before the connection until the response was read."""
    form = ["-F", f"ArchiveFile=@{archive};type=application/octet-stream"] if upload else []
    url = address["url"] + (TARGET if upload else "/api/Deployments")
    # -q comes first: it leaves out the user's .curlrc.
    common = ["-q", "-sS", "--fail", "--cacert", address["ca_path"], "-H", f"Authorization: Bearer {TOKEN}"]
    command = [shutil.which("curl") or "", *common, *form, "-o", os.devnull, "-w", "%{time_total}", url]
    found, text = _peak(bench, command, {})
    return {"upload": float(text), "peak_kib": found["peak_kib"]}


def _ours(bench: Bench, address: dict[str, str], archive: Path, upload: bool) -> Sample:
    """The collection's Uploader, from before the connection until the response was read; the digest pass by itself."""
    command = [sys.executable, str(HERE / "upload_client.py"), address["url"], address["ca_path"], TOKEN, str(archive)]
    paths = {"PYTHONPATH": bench.playbooks.environment["ANSIBLE_COLLECTIONS_PATH"]}
    found, text = _peak(bench, [*command, "upload" if upload else "base"], paths)
    return {**json.loads(text), "peak_kib": found["peak_kib"]}


def _uri(bench: Bench, address: dict[str, str], archive: Path, upload: bool) -> Sample:
    """A whole play, less the same with a small read instead."""
    playbooks = bench.playbooks
    inventory = playbooks.inventory(
        {
            "etl": {
                "astera_server_url": address["url"],
                "astera_ca_path": address["ca_path"],
                "astera_token": TOKEN,
                "archive": str(archive),
            }
        }
    )
    command = playbooks.command(HERE / "playbooks" / "upload_none.yml", inventory)
    nothing, _text = _peak(bench, command, playbooks.environment)
    if not upload:
        return {"upload": nothing["seconds"], "peak_kib": nothing["peak_kib"]}
    command = playbooks.command(HERE / "playbooks" / "upload_uri.yml", inventory)
    found, _text = _peak(bench, command, playbooks.environment)
    return {"upload": found["seconds"] - nothing["seconds"], "peak_kib": found["peak_kib"]}


def section(raw: dict[str, Any]) -> Section:
    """Tables, goals and text."""
    notes = [] if CURL in raw["base"] else ["There is no curl on this machine, so nothing was compared with it."]
    notes.append(
        "*Server busy* is the share of the time in which the discarding server used its one core. Near 100 %, the "
        "server limits the speed, and the client could be faster."
    )
    return Section(title="Uploads", how=_how(raw), tables=[_table(raw)], goals=_goals(raw), notes=notes)


def _how(raw: dict[str, Any]) -> str:
    rounds = len(next(iter(raw["sizes"].values()))[OURS])
    limit = max(int(size) for size, samples in raw["sizes"].items() if URI in samples)
    return (
        f"Multipart uploads over HTTPS on loopback to a server in a separate process that discards them. "
        f"The files are random bytes in the page cache. Median of {rounds}, the ways take turns. Seconds are those of "
        f"the upload alone, from before the connection until the response was read. They are `time_total` of `curl -F` "
        f"and `upload()` of the collection. For `ansible.builtin.uri` (`body_format: form-multipart`) they are a whole "
        f"play less one with a small read instead. The collection reads a file once before that to take its digest, "
        f"which makes a second run change nothing; that pass has its own column. The seconds include all checks of the "
        f"client for a file that changes meanwhile. Memory over base: peak of the "
        f"largest process, less that of the same program doing everything but the upload. `uri` was measured up to "
        f"{limit} MiB, as it takes about nine times the file in memory."
    )


def _table(raw: dict[str, Any]) -> Table:
    header = ["way", "MiB", "s", "MiB/s", "x curl", "digest s", "MiB over base", "server busy"]
    rows = []
    for size, samples in raw["sizes"].items():
        for name, found in samples.items():
            seconds = median([sample["upload"] for sample in found])
            digest = f"{median([sample['digest'] for sample in found]):.2f}" if name == OURS else ""
            ratio = _ratio_to_curl(samples, name)
            rows.append(
                [
                    name,
                    f"{int(size):,}",
                    f"{seconds:.2f}",
                    f"{int(size) / seconds:,.0f}",
                    "" if ratio is None else f"{ratio:.2f}",
                    digest,
                    f"{_over_base(raw, samples, name):.1f}",
                    f"{100 * median([sample['server_share'] for sample in found]):.0f} %",
                ]
            )
    return Table("Uploads", header, rows)


def _ratio_to_curl(samples: dict[str, list[Sample]], name: str) -> float | None:
    """Throughput by that of curl."""
    if CURL not in samples:
        return None
    curl, other = (median([sample["upload"] for sample in samples[way]]) for way in (CURL, name))
    return curl / other


def _over_base(raw: dict[str, Any], samples: dict[str, list[Sample]], name: str) -> float:
    """MiB of peak memory over that without the upload."""
    base: float = raw["base"][name]["peak_kib"]
    return (median([sample["peak_kib"] for sample in samples[name]]) - base) / 1024


def _goals(raw: dict[str, Any]) -> list[Goal]:
    goals = [
        at_least(f"{int(size):,} MiB: at least 0.9 x the throughput of curl", _ratio_to_curl(samples, OURS), 0.9, " x")
        for size, samples in raw["sizes"].items()
    ]
    largest = raw["sizes"].get("1024")
    memory = _over_base(raw, largest, OURS) if largest else None
    return [*goals, at_most("1,024 MiB: at most 64 MiB over base", memory, 64, " MiB", 1)]
