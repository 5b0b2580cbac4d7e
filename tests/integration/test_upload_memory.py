"""An upload takes the same little memory however large the file is. Measured in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from ansible_collections.astera.data_stack.plugins.module_utils._http import client as _client

pytestmark = pytest.mark.any_core

#: The folder from which this process has the collection.
COLLECTIONS = Path(_client.__file__).parents[6]
MIB = 2**20
SIZE = 96 * MIB
#: Bytes. What may come on top of a small upload: a few blocks, whatever the size of the file.
ALLOWED = 6 * MIB

#: Uploads two files and prints for each the peak of the memory in use on the way, in bytes.
PROGRAM = """
import json, sys, tracemalloc
from ansible_collections.astera.data_stack.plugins.module_utils._http.client import Client
from ansible_collections.astera.data_stack.plugins.module_utils._http.connection import connection_from
from ansible_collections.astera.data_stack.plugins.module_utils._http.local_file import local_file
from ansible_collections.astera.data_stack.plugins.module_utils._http.upload import upload

options, small, large = json.loads(sys.stdin.read())
client = Client(connection_from(options, authenticate=True))
tracemalloc.start()
peaks = []
for path in (small, large):
    tracemalloc.reset_peak()
    file = local_file(path, "Car", "archive")
    upload(client, file)
    peaks.append(tracemalloc.get_traced_memory()[1])
print(json.dumps({"peaks": peaks, "size": file.size}))
"""


@pytest.fixture
def files(tmp_path):
    small, large = tmp_path / "small.car", tmp_path / "large.car"
    small.write_bytes(b"small")
    block = bytes(range(256)) * 4096
    with large.open("wb") as stream:
        for _number in range(SIZE // len(block)):
            stream.write(block)
    return str(small), str(large)


def test_memory_does_not_grow_with_the_file(emulator, connection, files):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=json.dumps([{**connection, "validate_certs": True, "request_timeout": 60}, *files]),
        text=True,
        capture_output=True,
        check=False,
        timeout=120,
        env={**os.environ, "PYTHONPATH": str(COLLECTIONS)},
    )
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["size"] == SIZE
    small, large = report["peaks"]
    assert large - small < ALLOWED
    uploads = [request for request in emulator.writes if request.path == "/api/UploadFile"]
    assert int(uploads[-1].headers["content-length"]) == uploads[-1].size > SIZE
    assert "transfer-encoding" not in uploads[-1].headers
