# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables that stand in an export for what it cannot hold. Private: may change in any release.

A server may show a text that looks like a placeholder. So what tells the two apart is not the text but the list of
places that goes out with the export.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

SECRET_PREFIX = "vault_astera"


class Placeholder(str):
    """A text for a variables file that names the variable with the real value, or with a part of it."""

    variable: str
    secret: bool

    def __new__(cls, variable: str, rest: str = "", *, secret: bool) -> Placeholder:
        self = super().__new__(cls, f"{{{{ {variable} }}}}{rest}")
        self.variable, self.secret = variable, secret
        return self


class SecretNames:
    """Names for variables with secrets, each given once."""

    def __init__(self) -> None:
        self._given: set[str] = set()

    def placeholder(self, words: tuple[str, ...]) -> Placeholder:
        """A placeholder named after the words."""
        name = first = "_".join([SECRET_PREFIX, *filter(None, map(identifier, words))])
        number = 1
        while name in self._given:
            number += 1
            name = f"{first}_{number}"
        self._given.add(name)
        return Placeholder(name, secret=True)


def identifier(text: str) -> str:
    """The text in small letters, digits and underscores; empty if nothing of it can be written so."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", plain)
    return re.sub(r"[^a-z0-9]+", "_", parted.lower()).strip("_")


def holds_placeholder(value: Any) -> bool:
    return any(True for _place in places(value))


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Placeholder]]:
    """The placeholders below a value, each with the keys and list positions that lead to it."""
    if isinstance(value, Placeholder):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from places(item, (*path, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from places(item, (*path, number))
