"""The field that switches a deployment or a schedule on and off, under whatever name this server has for it.

It is stored as isActive; a body that has that name where the server has another is read as ASP.NET reads it: the field
is unknown and ignored.
"""

from __future__ import annotations

from .schema import Shape
from .store import Document

STORED = "isActive"


def shape_with(shape: Shape, name: str) -> Shape:
    """Return the shape in which the field has this name."""
    return shape.renamed(STORED, name)


def taken(body: Document, name: str) -> Document:
    """Return a bound body as it is stored."""
    if name == STORED:
        return body
    stored = {key: value for key, value in body.items() if key.casefold() != STORED.casefold()}
    if name in stored:
        stored[STORED] = stored.pop(name)
    return stored


def shown(document: Document, name: str) -> Document:
    """Return a stored document as it is shown."""
    return {name if key == STORED else key: value for key, value in document.items()}
