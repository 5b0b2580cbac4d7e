"""Listens, with TLS unless it has no certificates, and speaks HTTP by uvicorn's protocol.

uvicorn's own Server is made to run once per process: it reacts to a stop within a tenth of a second only and waits
for its clients. A service that is restarted goes down at once, cuts its connections, and comes back.
"""

from __future__ import annotations

import asyncio
from typing import Any

import uvicorn
from uvicorn.server import ServerState

from .certificates import Certificates
from .protocol import TransportProtocol

# The keep-alive time of ASP.NET's web server, in seconds.
_KEEP_ALIVE = 130


class Listener:
    """A port that can be opened and closed again and again. To be used in its event loop's thread."""

    def __init__(self, application: Any, host: str, certificates: Certificates | None) -> None:
        """Take the ASGI application and what to listen with; without certificates it is plain HTTP."""
        self._host = host
        self._certificates = certificates
        self._state = ServerState()
        # The name that the real web server gives (inferred): nothing here shows a client that this is a double.
        self._state.default_headers = [(b"server", b"Kestrel")]
        self._config = uvicorn.Config(
            application,
            interface="asgi3",
            lifespan="off",
            ws="none",
            log_config=None,
            log_level="critical",
            access_log=False,
            timeout_keep_alive=_KEEP_ALIVE,
            ssl_certfile=str(certificates.server) if certificates else None,
            ssl_keyfile=str(certificates.key) if certificates else None,
        )
        self._config.load()
        self._server: asyncio.Server | None = None

    @property
    def is_open(self) -> bool:
        """Whether connections are accepted."""
        return self._server is not None

    def show(self, certificates: Certificates) -> None:
        """Show these certificates to new connections, and end those that exist once they have sent what they have."""
        if self._config.ssl is None:
            raise RuntimeError("plain HTTP has no certificates")
        self._config.ssl.load_cert_chain(certificates.server, certificates.key)
        for protocol in list(self._state.connections):
            protocol.transport.close()

    def show_own(self) -> None:
        """Show the server's own certificate again, if it has one."""
        if self._certificates is not None and self._config.ssl is not None:
            self._config.ssl.load_cert_chain(self._certificates.server, self._certificates.key)

    async def open(self, port: int) -> int:
        """Accept connections on `port` (0: any free one); return the port. OSError when it is taken."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._protocol, self._host, port, ssl=self._config.ssl, backlog=256)
        return self._server.sockets[0].getsockname()[1]

    def refuse(self) -> None:
        """Refuse connections from now on; those that exist live on."""
        if self._server is not None:
            loop = asyncio.get_running_loop()
            for listening in self._server.sockets:
                loop.remove_reader(listening.fileno())
            # Once the server is closed, asyncio cannot make the transport of a connection accepted in this turn.
            loop.call_soon(self._server.close)
            self._server = None

    async def close(self) -> None:
        """Refuse connections, cut those that exist and end the work on their requests."""
        self.refuse()
        await asyncio.sleep(0)
        tasks = [task for task in self._state.tasks if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        for protocol in list(self._state.connections):
            protocol.transport.abort()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)

    def _protocol(self) -> TransportProtocol:
        """Make the protocol of a new connection."""
        server = self._server
        return TransportProtocol(
            lambda: self._server is server, config=self._config, server_state=self._state, app_state={}
        )
