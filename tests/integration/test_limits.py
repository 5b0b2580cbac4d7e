"""What a broken server can make of our memory and of our time: little, whatever it sends and however it sends it."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
import tracemalloc

import pytest
from astera_emulator import certificates

from ansible_collections.astera.data_stack.plugins.module_utils._errors import AsteraError
from ansible_collections.astera.data_stack.plugins.module_utils._http.client import Client
from ansible_collections.astera.data_stack.plugins.module_utils._http.connection import connection_from
from ansible_collections.astera.data_stack.plugins.module_utils._http.transport import MAX_BODY, MAX_ERROR

pytestmark = pytest.mark.any_core

MIB = 2**20
#: Bytes. A body grows in one piece, which is copied now and then.
ALLOWED = 3.5 * MAX_BODY
HEAD = b"HTTP/1.1 %s\r\nContent-Type: application/json\r\n"
OK = HEAD % b"200 OK"
BLOCK = b"x" * 65536
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
CHUNK = b"10000\r\n" + BLOCK + b"\r\n"


class Scripted:
    """A TLS server that responds to each request with the same pieces, until they end or the client goes away."""

    def __init__(self, folder):
        self.requests = []
        made = certificates.ensure(folder, "localhost")
        self.ca_path = str(made.authority)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(made.server, made.key)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"https://localhost:{self._listener.getsockname()[1]}"
        self._pieces = None
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def respond(self, pieces):
        """Go on with these pieces; what makes them is called once for each request."""
        self._pieces, self.requests = pieces, []

    def _serve(self):
        while True:
            connection, _address = self._listener.accept()
            with connection:
                if self._pieces is None:
                    return
                # A client that has enough closes the connection.
                with contextlib.suppress(OSError), self._context.wrap_socket(connection, server_side=True) as stream:
                    stream.settimeout(20)
                    request = stream.recv(65536)
                    # A response before all has been read would break the connection.
                    while request and not request.endswith(b"{}" if request.startswith(b"POST") else b"\r\n\r\n"):
                        request += stream.recv(65536)
                    self.requests.append(request)
                    for piece in self._pieces():
                        stream.sendall(piece)

    def close(self):
        self._pieces = None
        socket.create_connection(self._listener.getsockname()).close()
        self._thread.join(30)
        self._listener.close()


@pytest.fixture(scope="module")
def scripted(tmp_path_factory):
    server = Scripted(tmp_path_factory.mktemp("ca"))
    yield server
    server.close()


@pytest.fixture
def ask(scripted):
    """Read an object, or write one; returns the error, and the peak of the memory in use, in bytes.

    The response has some parts, and then ``forever`` without end, with a pause of some seconds before each.
    """

    def asked(*parts, forever=b"", pause=0, method="get", retries=0, timeout=20):
        def pieces():
            yield from parts
            while forever:
                time.sleep(pause)
                yield forever

        scripted.respond(pieces)
        options = {"server_url": scripted.url, "token": "a.b.c", "validate_certs": True, "ca_path": scripted.ca_path}
        client = Client(connection_from({**options, "request_timeout": timeout, "retries": retries}))
        tracemalloc.start()
        try:
            with pytest.raises(AsteraError) as caught:
                client.post("/api/Cluster", {}) if method == "post" else client.get_object("/api/Cluster")
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
            client.close()
        return caught.value, peak

    return asked


@pytest.mark.parametrize(
    ("parts", "forever"),
    [
        ([OK + b"\r\n"], BLOCK),
        ([OK + b"Content-Length: 99999999999\r\n\r\n"], BLOCK),
        ([OK + CHUNKED], CHUNK),
        ([OK + CHUNKED, b"FFFFFFFFFFFF\r\n"], BLOCK),
        ([OK + CHUNKED, b"-1\r\n"], BLOCK),
        ([OK + CHUNKED], BLOCK),
        ([OK + CHUNKED, b"1;"], BLOCK),
        ([HEAD % b"307 Temporary Redirect" + b"Location: /x\r\n\r\n"], BLOCK),
        ([HEAD % b"503 Service Unavailable" + b"Retry-After: 0\r\n\r\n"], BLOCK),
    ],
    ids=[
        "until the connection ends",
        "more than any length",
        "chunks",
        "one chunk",
        "a chunk of a negative length",
        "a line that should be a length",
        "a chunk extension",
        "a redirect",
        "a status that is retried",
    ],
)
def test_a_response_without_end(ask, parts, forever):
    error, peak = ask(*parts, forever=forever, retries=1)
    assert error.kind in ("server", "connection"), error
    assert error.method == "GET"
    assert peak < ALLOWED


@pytest.mark.parametrize(
    ("status", "reported"), [(b"400 Bad Request", "400 Bad Request"), (b"503 Busy", "503 Service Unavailable")]
)
def test_of_an_error_only_the_beginning_is_read(ask, status, reported):
    error, peak = ask(HEAD % status + b"\r\n", forever=BLOCK)
    assert reported in error.message
    assert peak < 20 * MAX_ERROR


def test_headers_without_end(ask):
    error, peak = ask(OK, forever=b"A: " + b"x" * 60000 + b"\r\n")
    assert error.kind == "connection"
    assert peak < 16 * MIB


def test_a_status_line_without_end(ask):
    error, peak = ask(forever=BLOCK)
    assert error.kind == "connection"
    assert len(str(error)) < 1000
    assert peak < 4 * MIB


def test_invalid_lengths(ask):
    for chunk in (b"-5\r\nxxxxx", b"zz\r\n", b"5\r\nab"):
        error, _peak = ask(OK + CHUNKED, chunk, method="post")
        assert error.kind == "connection", error
        assert error.may_have_been_applied


@pytest.mark.parametrize(
    ("head", "forever"), [(OK + b"\r\n", b"A"), (OK + CHUNKED, b"1\r\nA\r\n")], ids=["plain", "chunked"]
)
def test_a_body_that_trickles(ask, head, forever):
    """Each byte comes in time, and the body never ends."""
    error, _peak = ask(head, forever=forever, pause=0.05, timeout=0.4)
    assert error.kind == "timeout"
    assert "comes too slowly" in error.message


@pytest.mark.parametrize("number", [MIB, 1])
def test_json_that_is_larger_in_memory_than_as_text(ask, number):
    """The worst text that we could think of: empty objects."""
    body = b"[" + b"{}," * number + b"{}]"
    error, peak = ask(OK + b"Content-Length: %d\r\n\r\n" % len(body), body)
    assert "is not a JSON object" in error.message
    assert peak < 40 * len(body) + 2 * MIB


def test_a_proxy_that_sends_a_line_without_end(monkeypatch):
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        connection, _address = listener.accept()
        with connection, contextlib.suppress(OSError):
            connection.settimeout(5)
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 200 OK\r\n")
            while True:
                connection.sendall(BLOCK)

    thread = threading.Thread(target=serve)
    thread.start()
    for name in ("NO_PROXY", "no_proxy", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{listener.getsockname()[1]}")
    options = {"server_url": "https://etl01", "token": "a.b.c", "validate_certs": True, "request_timeout": 20}
    client = Client(connection_from({**options, "retries": 0}))
    tracemalloc.start()
    try:
        with pytest.raises(AsteraError) as caught:
            client.get_object("/api/Cluster")
        assert tracemalloc.get_traced_memory()[1] < ALLOWED
    finally:
        tracemalloc.stop()
        client.close()
        thread.join(30)
        listener.close()
    assert caught.value.kind in ("connection", "server")
