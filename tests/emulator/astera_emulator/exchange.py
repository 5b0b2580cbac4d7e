"""One HTTP exchange: reads the request's body, sends the response, and records both."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from .recording import Request

_RECORDED_JSON_BYTES = 1024 * 1024
_CUT_MEANWHILE_BYTES = 64 * 1024
_ENDLESS = b"[0," * 100_000
# How long a response waits for the rest of a body nobody needs; the web server of ASP.NET waits as long.
_DRAIN_SECONDS = 5.0


class Exchange:
    """A request under way and the means to respond to it."""

    def __init__(self, scope: Any, receive: Any, send: Any, record: Request) -> None:
        """Take the ASGI triple; `scope["transport"]` is the connection's asyncio transport."""
        self.record = record
        self.http = HttpRequest(scope, self._receive)
        self.cut_off = False
        self._scope = scope
        self._receive_raw = receive
        self._send_raw = send
        self._body_complete = False
        self._json = bytearray() if "json" in record.headers.get("content-type", "") else None

    async def respond(self, response: Response) -> None:
        """Send the response, after the rest of the request's body has come in.

        Reading on lets a client that is still sending see the response instead of a reset, as the real web server does.
        """
        await self._drain()
        self._note_status(response.status_code)
        await response(self._scope, self._receive, self._send_raw)

    async def respond_truncated(self, response: Response) -> None:
        """Announce the whole response, send half of its body and close; an empty response is cut off altogether."""
        body = bytes(response.body)
        if not body:
            await self.cut()
            return
        await self._drain()
        self.cut_off = True
        self._note_json()
        start = {"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers}
        await self._send_raw(start)
        await self._send_raw({"type": "http.response.body", "body": body[: len(body) // 2], "more_body": True})
        self._scope["transport"].close()

    async def respond_endlessly(self, response: Response) -> None:
        """Send a response whose JSON never ends, until the client has enough."""
        await self._drain()
        self._note_status(response.status_code)
        headers = [(b"content-type", b"application/json")]
        await self._send_raw({"type": "http.response.start", "status": response.status_code, "headers": headers})
        while not self._scope["transport"].is_closing():
            await self._send_raw({"type": "http.response.body", "body": _ENDLESS, "more_body": True})
            await asyncio.sleep(0)

    async def cut(self) -> None:
        """Reset the TCP connection. A small body is read first, so that the record shows what was requested."""
        if int(self.record.headers.get("content-length") or 0) <= _CUT_MEANWHILE_BYTES:
            await self._drain()
        self.cut_off = True
        self._note_json()
        transport = self._scope["transport"]
        connection = transport.get_extra_info("socket")
        # Lingering for 0 s makes the kernel send a reset instead of an orderly end.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
        await asyncio.sleep(0)

    async def _drain(self) -> None:
        """Read what is left of the body and forget it."""
        try:
            async with asyncio.timeout(_DRAIN_SECONDS):
                while not self._body_complete:
                    await self._receive()
        except TimeoutError:
            self._body_complete = True

    async def _receive(self) -> Any:
        """Receive a piece of the body and record its size."""
        message = await self._receive_raw()
        if message["type"] != "http.request":
            self._body_complete = True
            return message
        self._body_complete = not message.get("more_body", False)
        piece = message.get("body", b"")
        self.record.size += len(piece)
        if self._json is not None and len(self._json) + len(piece) <= _RECORDED_JSON_BYTES:
            self._json += piece
        return message

    def _note_status(self, status: int) -> None:
        """Record the response's status before it is sent: the client may read the record at once."""
        self.record.status = status
        self._note_json()

    def _note_json(self) -> None:
        """Record the body when it is JSON."""
        try:
            self.record.json = json.loads(self._json) if self._json else None
        except (ValueError, RecursionError):
            self.record.json = None
