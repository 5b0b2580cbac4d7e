"""Servers and proxies of a few lines, for what the emulator cannot do: other certificates, other TLS, odd ends."""

from __future__ import annotations

import abc
import contextlib
import socket
import ssl
import threading
from collections.abc import Callable
from typing import Any


def ok(body: bytes) -> bytes:
    """A whole response with a body of JSON."""
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


#: A whole response with a cluster.
CLUSTER = ok(b'{"name": "OWN"}')


class SmallServer(abc.ABC):
    """Listens on a free port of `host`. `serve` is called for each connection, in a thread of its own.

    Only the thread that reads from a socket closes it. A number that is closed under a reader goes to the next socket
    of the process, and the reader takes bytes from that one.
    """

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.listening = socket.create_server((host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
        self.port = self.listening.getsockname()[1]
        #: The first part of each request: its line and its headers.
        self.heads: list[str] = []
        self._open: list[socket.socket] = []
        self._threads: list[threading.Thread] = []

    @abc.abstractmethod
    def serve(self, connection: socket.socket) -> None:
        """Respond on one connection."""

    def __enter__(self) -> Any:
        self._start(self._accept)
        return self

    def __exit__(self, *unused: object) -> None:
        for connection in [self.listening, *self._open]:
            with contextlib.suppress(OSError):
                # Below TLS: the object of the thread that reads stays as it is.
                socket.socket.shutdown(connection, socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(20)

    def _start(self, target: Callable[..., None], *arguments: Any) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError), self.listening:
            while True:
                connection, _address = self.listening.accept()
                connection.settimeout(10)
                self._open.append(connection)
                self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            self.serve(connection)

    def read_head(self, connection: socket.socket) -> str:
        """Read one request; OSError when there is none."""
        data = b""
        while b"\r\n\r\n" not in data:
            piece = connection.recv(65536)
            if not piece:
                raise OSError
            data += piece
        head, _blank, body = data.partition(b"\r\n\r\n")
        text = head.decode("latin-1")
        length = int(text.lower().partition("content-length:")[2].partition("\r\n")[0] or 0)
        while len(body) < length:
            body += connection.recv(65536)
        self.heads.append(text)
        return text


class Web(SmallServer):
    """Responds to a request with what `respond` returns for its head; None hangs up. With a context it uses TLS."""

    def __init__(
        self,
        context: ssl.SSLContext | None = None,
        respond: Callable[[str], bytes | None] = lambda _head: CLUSTER,
        host: str = "127.0.0.1",
    ) -> None:
        super().__init__(host)
        self.context = context
        self.respond = respond

    def handshake(self, connection: socket.socket) -> socket.socket:
        """The connection on which requests arrive."""
        if self.context is None:
            return connection
        connection = self.context.wrap_socket(connection, server_side=True)
        self._open.append(connection)
        return connection

    def serve(self, connection: socket.socket) -> None:
        with self.handshake(connection) as requests:
            while (response := self.respond(self.read_head(requests))) is not None:
                requests.sendall(response)


class Proxy(SmallServer):
    """Opens a tunnel for CONNECT, or responds with `reply` and hangs up; the empty reply sends nothing at all."""

    def __init__(self, reply: bytes | None = None) -> None:
        super().__init__()
        self.reply = reply
        self._ended = threading.Event()

    def __exit__(self, *unused: object) -> None:
        self._ended.set()
        super().__exit__()

    def serve(self, connection: socket.socket) -> None:
        host, _colon, port = self.read_head(connection).split(" ")[1].rpartition(":")
        if self.reply is not None:
            connection.sendall(self.reply)
            if not self.reply:
                self._ended.wait(10)
            return
        with socket.create_connection((host.strip("[]"), int(port)), timeout=10) as server:
            connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            back = threading.Thread(target=_pass_on, args=(server, connection), daemon=True)
            back.start()
            _pass_on(connection, server)
            back.join()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    """Copy until one side ends."""
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for end in (source, target):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def tls(*issued: Any, **changes: Any) -> ssl.SSLContext:
    """The context of a server with a trustme certificate; `changes` are attributes such as `maximum_version`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    for certificate in issued:
        certificate.configure_cert(context)
    for name, value in changes.items():
        setattr(context, name, value)
    return context
