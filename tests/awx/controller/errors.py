"""What the API refuses."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """An answer with a status of 400 or more, and its body."""

    def __init__(self, body: Any, status: int = 400) -> None:
        super().__init__(str(body))
        self.body = body
        self.status = status


def refuse(field: str, text: str) -> Refusal:
    """An error about one field, in the form of Django REST framework."""
    return Refusal({field: [text]})
