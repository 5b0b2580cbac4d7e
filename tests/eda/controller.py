"""A stand-in of an automation controller: only what ansible-rulebook asks of one, and no job ever fails."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "canary-controller-7"


class Controller(ThreadingHTTPServer):
    """Job templates by name, and ``launched``: name and body of each launch."""

    def __init__(self, *names: str) -> None:
        self.names = names
        self.launched: list[tuple[str, dict[str, Any]]] = []
        super().__init__(("127.0.0.1", 0), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def templates(self, name: str) -> list[dict[str, Any]]:
        """Those of the name. Like ours, they prompt neither for a limit nor for variables."""
        asks = dict.fromkeys((f"ask_{what}_on_launch" for what in ("limit", "labels", "inventory", "variables")), False)
        return [
            {
                "id": number,
                "name": one,
                "type": "job_template",
                "summary_fields": {"organization": {"name": "Default"}},
                "related": {"launch": f"/api/v2/job_templates/{number}/launch/"},
                **asks,
            }
            for number, one in enumerate(self.names)
            if one == name
        ]

    def job(self, number: int) -> dict[str, Any]:
        return {
            "id": number,
            "url": f"/api/v2/jobs/{number}/",
            "status": "successful",
            "created": "2026-01-01T00:00:00Z",
            "artifacts": {},
        }


class Handler(BaseHTTPRequestHandler):
    server: Controller

    def do_GET(self) -> None:  # the name of the base class
        parts = urlsplit(self.path)
        query = parse_qs(parts.query)
        if parts.path == "/api/v2/config/":
            self._send({"version": "4.6.0"})
        elif parts.path == "/api/v2/unified_job_templates/":
            self._send_list(self.server.templates(query["name"][0]))
        elif parts.path == "/api/v2/jobs/":
            self._send_list([self.server.job(int(number)) for number in query["id__in"][0].split(",")])
        else:
            self._send({"detail": "Not found."}, 404)

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.launched.append((self.server.names[int(self.path.split("/")[4])], body))
        self._send(self.server.job(len(self.server.launched)), 201)

    def _send_list(self, results: list[dict[str, Any]]) -> None:
        self._send({"count": len(results), "next": None, "results": results})

    def _send(self, data: dict[str, Any], status: int = 200) -> None:
        if self.headers["Authorization"] != f"Bearer {TOKEN}":
            data, status = {"detail": "Authentication credentials were not provided."}, 401
        content = json.dumps(data).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_arguments: Any) -> None:
        """Keep the output of the tests clean."""


@contextmanager
def running(*names: str) -> Iterator[Controller]:
    """A controller in a thread."""
    with Controller(*names) as controller:
        thread = threading.Thread(target=controller.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield controller
        finally:
            controller.shutdown()
            thread.join()
