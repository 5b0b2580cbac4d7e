# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a resource function returns: the result of a task before Ansible sees it. Private: may change in any release."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ._plan import Change


@dataclass
class Outcome:
    """``returned`` holds the documented return values; ``before`` and ``after`` are the two sides of the diff."""

    changed: bool = False
    returned: dict[str, Any] = field(default_factory=dict)
    changes: list[Change] | None = None
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None
    title: str = ""
    warnings: list[str] = field(default_factory=list)

    def as_result(self, with_diff: bool) -> dict[str, Any]:
        """The arguments of ``exit_json``. ``changes`` is None for modules that only read."""
        result: dict[str, Any] = {"changed": self.changed, **self.returned}
        if self.changes is not None:
            result["changes"] = [change.as_result() for change in self.changes]
            if with_diff:
                result["diff"] = {
                    "before_header": self.title,
                    "after_header": self.title,
                    "before": self.before or {},
                    "after": self.after or {},
                }
        return result
