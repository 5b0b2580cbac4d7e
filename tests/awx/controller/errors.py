"""What the API rejects."""

from __future__ import annotations

from typing import Any


class Rejection(Exception):
    """A response with a status of 400 or more, and its body."""

    def __init__(self, body: Any, status: int = 400) -> None:
        super().__init__(str(body))
        self.body = body
        self.status = status


def not_found() -> Rejection:
    return Rejection({"detail": "Not found."}, 404)


def field_error(field: str, text: str) -> Rejection:
    """An error about one field, in the form of Django REST framework."""
    return Rejection({field: [text]})
