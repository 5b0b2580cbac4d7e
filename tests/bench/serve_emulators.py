"""Runs emulated servers until the input ends: serve_emulators.py FOLDER COUNT [FILES].

FILES is a folder that is copied to the file system of each.

Writes FOLDER/ready.json, a list of ``url`` and ``ca_path``, and a line for each request to FOLDER/requests.jsonl.
"""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack
from pathlib import Path

from astera_emulator import Emulator


def main() -> None:
    """Start, report that, wait."""
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    with ExitStack() as stack:
        log = stack.enter_context((folder / "requests.jsonl").open("w", encoding="utf-8"))
        servers = [
            stack.enter_context(
                Emulator(
                    folder / str(number), on_request=lambda request: print(request.log_line(), file=log, flush=True)
                )
            )
            for number in range(count)
        ]
        for server in servers:
            for files in sys.argv[3:]:
                server.files.copy_tree(Path(files))
        ready = [{"url": server.url, "ca_path": server.ca_path} for server in servers]
        (folder / "ready.tmp").write_text(json.dumps(ready))
        (folder / "ready.tmp").rename(folder / "ready.json")
        sys.stdin.read()


main()
