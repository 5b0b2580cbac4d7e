"""A client of the stand-in of the controller."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from typing import Any

from .controller import Controller

QUESTIONS = [
    {"variable": "place", "question_name": "Place", "type": "text", "required": True, "min": 1, "default": "here"},
    {"variable": "count", "question_name": "Count", "type": "integer", "required": False, "default": 2},
    {"variable": "kind", "question_name": "Kind", "type": "multiplechoice", "required": False, "choices": "a\nb"},
]
SPEC = {"name": "", "description": "", "spec": QUESTIONS}
RULE = "DTSTART:20260101T030000Z RRULE:FREQ=DAILY;INTERVAL=1"


class Client:
    """Sends requests to a controller."""

    def __init__(self, controller: Controller) -> None:
        self.controller = controller
        self.token = controller.token

    def __call__(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Status and content of a response."""
        request = urllib.request.Request(
            f"{self.controller.url}/api/v2/{path}",
            None if body is None else json.dumps(body).encode(),
            {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
            method=method,
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                content = response.read()
                return response.status, json.loads(content) if content else None
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read())

    def make(self, resource: str, **fields: Any) -> int:
        status, content = self("POST", f"{resource}/", fields)
        assert status == 201, content
        return content["id"]


def refused(response: tuple[int, Any], field: str, text: str = "") -> None:
    status, content = response
    assert status == 400, content
    assert field in content, content
    assert text in str(content[field]), content
