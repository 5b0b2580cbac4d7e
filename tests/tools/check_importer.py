#!/usr/bin/env python
"""Runs galaxy-importer, as Galaxy and Automation Hub do, and fails on whatever it complains about.

    check_importer.py [TARBALL]

Without a tarball it builds one of the tracked files as they are now. The importer itself ends well and prints
"completed successfully" whatever its checks have found, so all that it prints is read. What it only notes for humans
has no level.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

TOOLS = Path(__file__).resolve().parent
#: As strict as any of the two. ansible-test would need containers; `make sanity` runs it.
SETTINGS = {
    "CHECK_REQUIRED_TAGS": "true",
    "REQUIRE_V1_OR_GREATER": "true",
    "RUN_ANSIBLE_DOC": "true",
    "RUN_ANSIBLE_LINT": "true",
    "RUN_ANSIBLE_TEST": "false",
    "RUN_FLAKE8": "true",
}
#: The checks that must have been run: the importer passes over a tool that it does not find.
RUN = ("Getting doc strings via ansible-doc", " via flake8...", "Linting collection via ansible-lint")
END = "Importer processing completed successfully"
_LEVEL = re.compile(r"(?:WARNING|ERROR|CRITICAL)\b")
#: The importer hands the documentation of filters and tests to flake8 too, which takes YAML for bad Python.
_NO_PYTHON = re.compile(r"WARNING: plugins/(?:filter|test)/\w+\.ya?ml:\d+:\d+: [EFW]\d+ ")


def build(folder: Path) -> Path:
    command = [sys.executable, str(TOOLS / "build_tarball"), str(folder), "--worktree"]
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return Path(output.rpartition(" ")[0])


def run(tarball: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """The importer, which writes its result to the current folder and nothing outside of it."""
    environment = {f"GALAXY_IMPORTER_{name}": value for name, value in SETTINGS.items()}
    environment.update(GALAXY_IMPORTER_ANSIBLE_LOCAL_TMP=str(folder), ANSIBLE_HOME=str(folder / "home"))
    # The collection is to be found in what was unpacked, and nowhere else.
    kept = {name: value for name, value in os.environ.items() if name != "ANSIBLE_COLLECTIONS_PATH"}
    return subprocess.run(
        [sys.executable, "-m", "galaxy_importer.main", str(tarball.resolve())],
        check=False,
        cwd=folder,
        env={**kept, **environment, "TMPDIR": str(folder)},
        capture_output=True,
        text=True,
    )


def findings(status: int, output: str, errors: str) -> list[str]:
    """What is wrong, by the output of the importer."""
    lines = output.splitlines()
    found = [line for line in lines if _LEVEL.match(line) and not _NO_PYTHON.match(line)]
    found += [line for line in errors.splitlines() if line.strip()]
    if status != 0 or END not in lines:
        # The lines before the end may belong to a traceback, or show why.
        found += [f"it ended with status {status} after:", *(f"  {line}" for line in lines[-20:])]
    found += [f"it did not run the check {check.strip()!r}" for check in RUN if check not in output]
    return found


def undocumented(result: dict[str, object]) -> list[str]:
    """Modules that the importer took without their documentation."""
    contents = result["docs_blob"]["contents"]  # type: ignore[index]
    modules = [content for content in contents if content["content_type"] == "module"]
    if not modules:
        return ["it found no modules"]
    return [f"{module['content_name']}: no documentation" for module in modules if not module["doc_strings"]]


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tarball = Path(sys.argv[1]) if len(sys.argv) > 1 else build(folder)
        done = run(tarball, folder)
        problems = findings(done.returncode, done.stdout, done.stderr)
        result = folder / "importer_result.json"
        loaded = json.loads(result.read_text()) if result.exists() else {}
        problems += undocumented(loaded) if loaded else []
    for problem in problems:
        print(f"check_importer: {problem}", file=sys.stderr)
    if not problems:
        print(f"check_importer: {len(loaded['contents'])} plugins, roles and playbooks, no finding")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
