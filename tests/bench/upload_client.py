"""Sends a file with the collection's own client: upload_client.py URL CA_FILE TOKEN FILE upload|base.

Prints the seconds of the digest pass and of the upload as JSON. ``base`` does everything but the upload: it reads
something small instead.
"""

from __future__ import annotations

import json
import sys
import time

from ansible_collections.astera.data_stack.plugins.module_utils._http.client import Client
from ansible_collections.astera.data_stack.plugins.module_utils._http.connection import connection_from
from ansible_collections.astera.data_stack.plugins.module_utils._http.local_file import local_file
from ansible_collections.astera.data_stack.plugins.module_utils._http.upload import upload


def main() -> None:
    """Digest, then send."""
    url, ca_path, token, path, mode = sys.argv[1:]
    options = {"server_url": url, "token": token, "validate_certs": True, "ca_path": ca_path}
    client = Client(connection_from({**options, "request_timeout": 600.0, "retries": 0}))
    started = time.perf_counter()
    file = local_file(path, "Car", "archive")
    digested = time.perf_counter()
    if mode == "upload":
        upload(client, file)
    else:
        client.get("/api/Deployments")
    sent = time.perf_counter()
    sys.stdout.write(json.dumps({"digest": digested - started, "upload": sent - digested}))


main()
