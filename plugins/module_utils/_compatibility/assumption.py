# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One assumption about the server, and how it is judged. Private: may change in any release."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, NamedTuple

from .._errors import printable
from .evidence import Evidence, NotSeenError

CONFIRMED, DIFFERS, UNDECIDED, NOT_SEEN = VERDICTS = ("confirmed", "differs", "undecided", "not_seen")
#: Characters of what was found. Names of members and paths come from the server.
MAX_FOUND = 1000


class Finding(NamedTuple):
    verdict: str
    found: str


@dataclass(frozen=True, repr=False)
class Assumption:
    """``claim`` is the reading that the emulator shows first; ``mark`` says how sure it is, as docs/server-api.md does.

    ``section`` is the heading there, ``otherwise`` what it means when the server turns out to be different.
    """

    key: str
    section: str
    mark: str
    claim: str
    otherwise: str
    judge: Callable[[Evidence], Finding]

    def judged(self, evidence: Evidence) -> dict[str, Any]:
        """The assumption and what the evidence says of it."""
        try:
            verdict, found = self.judge(evidence)
        except NotSeenError as error:
            verdict, found = NOT_SEEN, str(error)
        except Exception as error:
            # A contact with a real server is rare: a defect here must not cost all the other findings.
            verdict, found = NOT_SEEN, f"a defect of this collection, please report it: {type(error).__name__}"
        found = printable(found)
        if len(found) > MAX_FOUND:
            found = found[: MAX_FOUND - 3] + "..."
        return {
            "key": self.key,
            "section": self.section,
            "mark": self.mark,
            "claim": self.claim,
            "verdict": verdict,
            "found": found,
            "otherwise": self.otherwise,
        }


def decided(holds: Any, found: str) -> Finding:
    """Confirmed or not."""
    return Finding(CONFIRMED if holds else DIFFERS, found)


def listed(names: Any) -> str:
    """Names, sorted, for a sentence."""
    return ", ".join(sorted(names)) or "none"
