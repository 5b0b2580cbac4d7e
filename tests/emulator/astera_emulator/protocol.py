"""The HTTP protocol of uvicorn, with the connection's transport handed to the application."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol


class TransportProtocol(H11Protocol):
    """Puts the transport in each request's scope, so that a fault can cut the TCP connection."""

    def __init__(self, admitted: Callable[[], bool], **options: Any) -> None:
        """Wrap the application; `admitted` returns, once TLS is agreed on, whether the connection may still live."""
        super().__init__(**options)
        self._admitted = admitted
        application: Any = self.app

        async def with_transport(scope: Any, receive: Any, send: Any) -> None:
            scope["transport"] = self.transport
            await application(scope, receive, send)

        self.app = with_transport

    def connection_made(self, transport: Any) -> None:
        """Begin; a connection whose TLS handshake outlived the service it was meant for is cut."""
        super().connection_made(transport)
        if not self._admitted():
            transport.abort()
