# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables in an export instead of what it cannot contain. Private: may change in any release.

A server may show a text that looks like a placeholder. So the two are distinguished by the list of
placeholders in the export, not by the text.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

SECRET_PREFIX = "vault_astera"


class Placeholder:
    """Stands for the value of a variable, or for a text that begins with it."""

    secret = False

    def __init__(self, variable: str, rest: str = "") -> None:
        self.variable = variable
        self._rest = rest

    def __str__(self) -> str:
        return f"{{{{ {self.variable} }}}}{self._rest}"


class SecretPlaceholder(Placeholder):
    """Stands for a secret. Its variable is named at the end, when all names are known."""

    secret = True

    def __init__(self, words: tuple[str, ...]) -> None:
        super().__init__("_".join([SECRET_PREFIX, *filter(None, map(identifier, words))]))
        self._marks: list[Any] = [words]
        #: Words that say more than the name can.
        self.is_vague = any(map(_loses_letters, words))

    def mark(self, surroundings: str) -> None:
        """Add what distinguishes it from others with the same words."""
        self._marks.append(surroundings)

    def name_exactly(self) -> None:
        self.variable += "_" + hashlib.sha256(json.dumps(self._marks).encode()).hexdigest()[:8]


def name_secrets(value: Any) -> None:
    """Make the names of all variables for secrets below a value differ, and none depend on the order of objects.

    Or else one object more would make the secrets of others change places, and nobody would notice.
    """
    groups: dict[str, list[SecretPlaceholder]] = {}
    for _path, one in places(value):
        if isinstance(one, SecretPlaceholder):
            groups.setdefault(one.variable, []).append(one)
    given: set[str] = set()
    for group in groups.values():
        for one in group:
            if len(group) > 1 or one.is_vague:
                one.name_exactly()
            # Nothing that may be shown distinguishes these.
            first, number = one.variable, 1
            while one.variable in given:
                number += 1
                one.variable = f"{first}_{number}"
            given.add(one.variable)


def mark_items(items: list[Any]) -> None:
    """Distinguish secrets in the items of a list by the rest of their item, not by its position."""
    for item in items:
        surroundings = json.dumps(item, sort_keys=True, default=lambda _placeholder: None)
        for _path, one in places(item):
            if isinstance(one, SecretPlaceholder):
                one.mark(surroundings)


def _loses_letters(text: str) -> bool:
    """Whether letters or digits of a text are not to be seen in its identifier, or nothing at all is."""
    decomposed = unicodedata.normalize("NFKD", text)
    return not identifier(text) or any(letter.isalnum() and not letter.isascii() for letter in decomposed)


def plain(value: Any) -> Any:
    """A copy of lists, dictionaries and texts, with placeholders as texts for a file of variables."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return str(value) if isinstance(value, Placeholder) else value


def identifier(text: str) -> str:
    """The text in small letters, digits and underscores; empty if nothing of it can be written so."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", letters)
    return re.sub(r"[^a-z0-9]+", "_", parted.lower()).strip("_")


def holds_placeholder(value: Any) -> bool:
    return any(True for _place in places(value))


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[tuple[Any, ...], Placeholder]]:
    """The placeholders in a value, each with its keys and list positions."""
    if isinstance(value, Placeholder):
        yield path, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from places(item, (*path, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from places(item, (*path, number))
