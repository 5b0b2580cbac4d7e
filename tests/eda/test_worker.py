"""The protocol of EDA server, with a stand-in of it: how an activation gets its rulebook and its credentials."""

from __future__ import annotations

import asyncio
import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from websockets.asyncio.server import ServerConnection, serve

from .conftest import PASSWORD
from .rulebook import Rulebook, watching

#: Seconds between two signs of life, and what each response of the server takes.
HEARTBEAT = 1
LATENCY = 3.0


class EdaServer:
    """Hands out one activation, and keeps what it reports, with the time of each message."""

    def __init__(self, rulebook: Any, env: dict[str, str], files: dict[str, bytes]) -> None:
        self.messages: list[dict[str, Any]] = []
        self.times: list[float] = []
        self._parts = [
            {"type": "ExtraVars", "data": _encoded(yaml.safe_dump({"astera_watch_host": "etl"}))},
            *(
                {"type": "FileContents", "template_key": f"template.{key}", "data": base64.b64encode(data).decode()}
                for key, data in files.items()
            ),
            {"type": "Rulebook", "data": _encoded(yaml.safe_dump(rulebook, sort_keys=False))},
            {"type": "EnvVars", "data": _encoded(yaml.safe_dump(env))},
            {"type": "EndOfResponse"},
        ]

    async def handle(self, connection: ServerConnection) -> None:
        async for text in connection:
            message = json.loads(text)
            if message["type"] == "Worker":
                for part in self._parts:
                    await connection.send(json.dumps(part))
                continue
            self.messages.append(message)
            self.times.append(time.monotonic())

    def of_type(self, name: str) -> list[dict[str, Any]]:
        return [message for message in self.messages if message["type"] == name]

    @contextmanager
    def running(self) -> Iterator[str]:
        """The address at which it listens, in a thread of its own."""
        loop = asyncio.new_event_loop()
        address: list[str] = []
        ready = threading.Event()
        stop = asyncio.Event()

        async def main() -> None:
            async with serve(self.handle, "127.0.0.1", 0) as server:
                address.append(f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}")
                ready.set()
                await stop.wait()

        thread = threading.Thread(target=loop.run_until_complete, args=(main(),))
        thread.start()
        try:
            ready.wait(60)
            yield address[0]
        finally:
            loop.call_soon_threadsafe(stop.set)
            thread.join()
            loop.close()


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_an_activation(emulator, environment, tmp_path):
    """Credentials arrive as ASTERA_..., and a slow server does not hold up the signs of life."""
    env = {
        "ASTERA_SERVER_URL": emulator.url,
        "ASTERA_USERNAME": "admin",
        "ASTERA_PASSWORD": PASSWORD,
        "ASTERA_CA_PATH": "{{ eda.filename.ca }}",
    }
    rulebook = watching(host="{{ astera_watch_host }}", request_timeout=30)
    eda = EdaServer(rulebook, env, {"ca": Path(emulator.ca_path).read_bytes()})
    with eda.running() as url:
        command = ["ansible-rulebook", "--worker", "--websocket-url", url, "--id", "7", "--heartbeat", str(HEARTBEAT)]
        worker = Rulebook(command, tmp_path / "output", env=environment, cwd=tmp_path)
        try:
            worker.until(lambda: actions(eda), "the first action")
            emulator.settings.latency = LATENCY
            polls = len(emulator.requests)
            worker.until(lambda: len(emulator.requests) > polls + 1, "a slow request")
            since = time.monotonic()
            worker.until(lambda: len(emulator.requests) > polls + 4, "more slow requests")
            slow = time.monotonic() - since
            beats = [
                when for when, one in zip(eda.times, eda.messages) if one["type"] == "SessionStats" and when > since
            ]
            emulator.settings.latency = 0.0
            emulator.put("deployment", {"name": "{{ 7 * 7 }}"})
            worker.until(lambda: len(actions(eda)) == 2, "the second action")
            assert worker.end() == 0
        finally:
            worker.kill()
    # Called in the loop, the client would leave one sign of life for each of its requests at the most.
    assert len(beats) > slow / LATENCY * 1.5
    first, second = (action["matching_events"]["m"] for action in actions(eda))
    assert first["astera"]["event"] == "watching"
    assert first["meta"]["hosts"] == "etl"
    assert second["astera"]["object"]["name"] == "{ { 7 * 7 }}"
    assert PASSWORD not in json.dumps(eda.messages)
    assert PASSWORD not in worker.output


def actions(eda: EdaServer) -> list[dict[str, Any]]:
    return [message for message in eda.of_type("Action") if message.get("matching_events")]
