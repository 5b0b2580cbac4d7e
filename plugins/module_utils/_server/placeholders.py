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
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(eq=False)
class Placeholder:
    """Stands for the value of a variable and the text after it. ``words`` say which secret it is, if it is one."""

    variable: str
    rest: str = ""
    words: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{{{{ {self.variable} }}}}{self.rest}"


def secret_placeholder(words: tuple[str, ...]) -> Placeholder:
    return Placeholder("_".join(["vault_astera", *filter(None, map(identifier, words))]), words=words)


def name_secrets(value: Any) -> None:
    """Make the names of all variables for secrets below a value differ, and none depend on the order of objects.

    Or else one object more would make the secrets of others change places, and nobody would notice.
    """
    secrets = [one for _path, one in places(value) if one.words]
    counts = Counter(one.variable for one in secrets)
    for one in secrets:
        if counts[one.variable] > 1:
            one.variable += "_" + hashlib.sha256(json.dumps(one.words).encode()).hexdigest()[:8]


def identifier(text: str) -> str:
    """The text in small letters, digits and underscores; empty if nothing of it can be written so."""
    letters = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", letters)
    return re.sub(r"[^a-z0-9]+", "_", parted.lower()).strip("_")


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
