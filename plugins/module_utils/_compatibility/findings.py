# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One assumption about the server, and the verdict on it. Private: may change in any release."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any, Callable, NamedTuple

from .._errors import printable
from .responses import NotSeenError, Responses

CONFIRMED, DIFFERS, UNDECIDED, NOT_SEEN = VERDICTS = ("confirmed", "differs", "undecided", "not_seen")
#: Characters of a finding. Names of fields and paths come from the server.
MAX_FOUND = 1000


class Finding(NamedTuple):
    """A verdict, and what was found."""

    verdict: str
    found: str


@dataclass(frozen=True, repr=False)
class Assumption:
    """One row of the table. The emulator's default is the variant that ``claim`` describes.

    ``section`` is a heading of docs/server-api.md, and ``mark`` is the mark there: documented, seen, inferred, unknown.
    ``affects`` names the options that depend on it. ``otherwise`` says what to do when the server differs.
    """

    key: str
    section: str
    mark: str
    claim: str
    affects: str
    otherwise: str
    check: Callable[[Responses], Finding]

    def judged(self, responses: Responses) -> dict[str, Any]:
        """The row with its verdict."""
        try:
            verdict, found = self.check(responses)
        except NotSeenError as error:
            verdict, found = NOT_SEEN, str(error)
        except Exception as error:
            # Access to a real server is rare: a defect here must not cost the other findings.
            verdict, found = NOT_SEEN, f"a defect of this collection, please report it: {type(error).__name__}"
        found = printable(found)
        if len(found) > MAX_FOUND:
            found = found[: MAX_FOUND - 3] + "..."
        row = {field.name: getattr(self, field.name) for field in fields(self) if field.name != "check"}
        return {**row, "verdict": verdict, "found": found}


def decided(holds: Any, found: str) -> Finding:
    """Confirmed or not."""
    return Finding(CONFIRMED if holds else DIFFERS, found)


def joined(names: Iterable[str]) -> str:
    """Names, sorted, for a sentence."""
    return ", ".join(sorted(names)) or "none"
