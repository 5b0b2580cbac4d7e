# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Misspelt options: each with its place, and what was likely meant. Private: may change in any release."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Any, Callable

from .._errors import AsteraError, input_error

Options = dict[str, dict[str, Any]]


def reject_unknown(options: Options, given: dict[str, Any], named: Callable[[str], str] = str) -> None:
    """Raise AsteraError for options that do not exist, also within others. ``named`` puts a place into other words."""
    found = [(named(place), text) for place, text in unknown_options(options, given)]
    if found:
        raise mistakes_error(found)


def mistakes_error(mistakes: list[tuple[str, str]]) -> AsteraError:
    """One error for all mistakes, each with its place."""
    texts = [f"{place}: {text if text[-1] in '.?' else text + '.'}" for place, text in mistakes]
    return input_error(" ".join(texts).rstrip("."))


def unknown_options(options: Options, given: dict[str, Any]) -> list[tuple[str, str]]:
    """Places of options that do not exist, and a text about each."""
    return [
        (f"{where}{name}", f"there is no such option; {_meant(str(name), known)}")
        for known, values, where in levels(options, given)
        for name in values
        if name not in known
    ]


def levels(options: Options, given: dict[str, Any], where: str = "") -> Iterator[tuple[Options, dict[str, Any], str]]:
    """The given dictionary and all within it that have options: the options, the values, the place before a name."""
    yield options, given, where
    for name, value in given.items():
        inner = options.get(name, {}).get("options")
        is_list = isinstance(value, list)
        for number, entry in enumerate(value if is_list else [value], 1):
            if inner and isinstance(entry, dict):
                yield from levels(inner, entry, f"{where}{name}[{number}]." if is_list else f"{where}{name}.")


def _meant(name: str, options: Options) -> str:
    close = difflib.get_close_matches(name, options, n=1, cutoff=0.7)
    return f"did you mean {close[0]}?" if close else "none has a similar name."
