"""Part d: how long the collection's code takes to import, and how much of it goes into a module's archive."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from .context import Bench, BenchError, say
from .playbook import run_checked
from .servers import emulators, token_of
from .tables import Section, Table, less, median

MODULE = "astera_cluster_info"
_UTILS = "ansible_collections.astera.data_stack.plugins.module_utils"
BASE = "from ansible.module_utils.basic import AnsibleModule; import requests"
OURS = f"{BASE}; import {_UTILS}._runner.module; import {_UTILS}._resources.cluster"
CASES = {"nothing": "pass", "base": BASE, "ours": OURS}
#: Where the code comes from: as it is installed, with .pyc files, or from a module's archive, which has none.
SOURCES = ("compiled", "archive")


def measure(bench: Bench) -> dict[str, Any]:
    """Seconds of fresh interpreters by source and case, and bytes in the archive by origin."""
    exploded = _exploded_module(bench)
    archive = shutil.make_archive(str(bench.folder / "module"), "zip", exploded)
    paths = {"compiled": bench.playbooks.environment["ANSIBLE_COLLECTIONS_PATH"], "archive": archive}
    seconds: dict[str, dict[str, list[float]]] = {source: {case: [] for case in CASES} for source in SOURCES}
    for source in SOURCES:
        for code in CASES.values():
            _seconds(code, paths[source])  # makes the .pyc files and fills the page cache
    for number in range(bench.options.imports_repeat):
        for source in SOURCES:
            for case, code in CASES.items():
                seconds[source][case].append(_seconds(code, paths[source]))
        if (number + 1) % 5 == 0:
            say(f"  imports, round {number + 1} of {bench.options.imports_repeat}")
    return {"seconds": seconds, "bytes": _sizes(exploded)}


def _seconds(code: str, path: str) -> float:
    environment = {"PYTHONPATH": path, "PATH": os.defpath, "LC_ALL": "C.UTF-8"}
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    return time.perf_counter() - started


def _exploded_module(bench: Bench) -> Path:
    """The very files that Ansible sends along with the module, unpacked by Ansible's own means for debugging."""
    playbooks = bench.playbooks
    kept = bench.folder / "kept"
    with emulators(bench.folder / "imports") as server:
        address = server.addresses[0]
        options = {"server_url": address["url"], "ca_path": address["ca_path"], "token": token_of(address)}
        task = {f"astera.data_stack.{MODULE}": options, "vars": {"astera_in_process": False}}
        playbook = playbooks.write("keep.yml", [{"hosts": "astera", "gather_facts": False, "tasks": [task]}])
        environment = {"ANSIBLE_KEEP_REMOTE_FILES": "1", "ANSIBLE_PIPELINING": "0", "ANSIBLE_REMOTE_TMP": str(kept)}
        playbooks.run(playbook, playbooks.inventory({"etl": {}}), **environment)
    wrappers = list(kept.glob("*/AnsiballZ_*.py"))
    if len(wrappers) != 1:
        raise BenchError(f"{len(wrappers)} modules were kept where 1 was expected")
    run_checked([sys.executable, str(wrappers[0]), "explode"], playbooks.environment)
    return wrappers[0].parent / "debug_dir"


def _sizes(folder: Path) -> dict[str, int]:
    """Bytes of source in the archive: the collection's, and what comes with every module."""
    sizes = {"collection": 0, "ansible": 0}
    for path in folder.rglob("*.py"):
        origin = "collection" if "ansible_collections" in path.parts else "ansible"
        sizes[origin] += path.stat().st_size
    return sizes


def section(raw: dict[str, Any]) -> Section:
    """Tables and text; no goal was set here."""
    rounds = len(raw["seconds"]["compiled"]["base"])
    how = (
        f"Seconds of a fresh interpreter, median of {rounds}, in turns. Compiled: from `.pyc` files, as an installed "
        f"library is and as the worker imports the collection once per run of `ansible-playbook`. From the archive: "
        f"from the zip that Ansible makes of `{MODULE}`. It has no `.pyc` files, so each task that runs as an ordinary "
        f"module compiles everything in it again. Only `requests` and the standard library come compiled. "
        f"The size is that of the Python source in that zip."
    )
    return Section(title="Imports", how=how, tables=[_times_table(raw), _sizes_table(raw)], goals=[])


def _times_table(raw: dict[str, Any]) -> Table:
    by_source = raw["seconds"]
    rows = []
    for title, case, base in (
        ("interpreter that does nothing", "nothing", None),
        ("AnsibleModule and requests", "base", None),
        (f"the same and the code of {MODULE}", "ours", None),
        ("difference: the collection's own code", "ours", "base"),
    ):
        cells = []
        for source in SOURCES:
            found = by_source[source]
            values = less(found[case], found[base]) if base else found[case]
            cells.append(f"{1000 * median(values):.1f}")
        rows.append([title, *cells])
    return Table("Import times", ["imported", "ms, compiled", "ms, from the archive"], rows)


def _sizes_table(raw: dict[str, Any]) -> Table:
    rows = [
        ["the collection: module and module_utils", f"{raw['bytes']['collection'] / 1000:.0f}"],
        ["ansible.module_utils", f"{raw['bytes']['ansible'] / 1000:.0f}"],
    ]
    return Table("Source in the archive of one module", ["origin", "KB"], rows)
