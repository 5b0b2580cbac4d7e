"""An HTTPS server that reads uploads and keeps nothing, until the input ends: serve_discard.py FOLDER.

Writes FOLDER/ready.json like serve_emulators.py. It responds to a login with a token, to any GET with an empty list
and to any other POST with a path that ends in the upload's target name, as a JSON string. ``GET /cpu`` returns the
seconds of CPU that it took so far, which shows whether a client had to wait for it.
"""

from __future__ import annotations

import json
import ssl
import sys
import threading
import time
from pathlib import Path
from socket import create_server, socket
from typing import Any
from urllib.parse import SplitResult, parse_qs, urlsplit

from astera_emulator import certificates

BLOCK = bytearray(1024 * 1024)


def main() -> None:
    """Listen, report that, wait."""
    folder = Path(sys.argv[1])
    found = certificates.ensure(folder, "127.0.0.1")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(found.server, found.key)
    listener = create_server(("127.0.0.1", 0))
    threading.Thread(target=accept, args=(listener, context), daemon=True).start()
    (folder / "requests.jsonl").touch()
    ready = [{"url": f"https://localhost:{listener.getsockname()[1]}", "ca_path": str(found.authority.resolve())}]
    (folder / "ready.tmp").write_text(json.dumps(ready))
    (folder / "ready.tmp").rename(folder / "ready.json")
    sys.stdin.read()


def accept(listener: socket, context: ssl.SSLContext) -> None:
    """Serve each connection in a thread of its own."""
    while True:
        plain, _address = listener.accept()
        threading.Thread(target=serve, args=(plain, context), daemon=True).start()


def serve(plain: socket, context: ssl.SSLContext) -> None:
    """Serve the requests of one connection until it is closed."""
    try:
        with context.wrap_socket(plain, server_side=True) as secure, secure.makefile("rb", 65536) as stream:
            while serve_one(secure, stream):
                pass
    except OSError:
        plain.close()


def serve_one(secure: ssl.SSLSocket, stream: Any) -> bool:
    """Read one request to its end and respond. False: there was none."""
    line = stream.readline().decode("latin-1").split()
    if not line:
        return False
    headers = {}
    while (header := stream.readline().strip()) != b"":
        name, _colon, value = header.decode("latin-1").partition(":")
        headers[name.lower()] = value.strip()
    if headers.get("expect", "").lower() == "100-continue":
        secure.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    if headers.get("transfer-encoding", "").lower() == "chunked":
        while size := int(stream.readline().split(b";")[0], 16):
            discard(stream, size + len(b"\r\n"))
        stream.readline()
    else:
        discard(stream, int(headers.get("content-length", 0)))
    body = json.dumps(response_to(line[0], urlsplit(line[1]))).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    secure.sendall(head.encode() + body)
    return True


def discard(stream: Any, size: int) -> None:
    """Read as many bytes into the same block again and again."""
    view = memoryview(BLOCK)
    while size:
        got = stream.readinto1(view[: min(size, len(BLOCK))])
        if not got:
            raise ConnectionError("the client went away")
        size -= got


def response_to(method: str, url: SplitResult) -> Any:
    """What an Astera server could return."""
    path, query = url.path, url.query
    if method == "GET":
        return time.process_time() if path == "/cpu" else []
    if path.lower().endswith("/login"):
        return {"access_token": "token"}
    target = parse_qs(query).get("TargetFileName", ["upload"])[0]
    return rf"C:\Deployment\{target}.car"


main()
