# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a resource function returns: the result of a task before Ansible sees it. Private: may change in any release."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from .._data.paths import put_field
from .._errors import AsteraError, one_line
from .._redaction.redactor import Redactor
from .plan import Change


@dataclass(repr=False, eq=False)
class Result:
    """``returned`` holds the documented return values; ``changes`` is None for modules that only read.

    ``action`` is what became of the object: ``create``, ``update``, ``delete``, or None. ``parts`` are the results of
    many objects, each with a diff of its own. ``error`` fails the task, but what was reached is returned all the same.
    ``secrets`` are return values that the task was asked for; all else is redacted by ``redactor``.
    """

    changed: bool = False
    returned: dict[str, Any] = field(default_factory=dict)
    changes: list[Change] | None = None
    action: str | None = None
    title: str = ""
    #: When the object was last changed, as the server shows it.
    changed_on_server: str | None = None
    warnings: list[str] = field(default_factory=list)
    parts: list[Result] | None = None
    error: AsteraError | None = None
    secrets: dict[str, Any] = field(default_factory=dict)
    redactor: Redactor = field(default_factory=Redactor)

    def to_module_result(self, with_diff: bool) -> dict[str, Any]:
        """The arguments of ``exit_json``, or of ``fail_json`` with ``error``."""
        result: dict[str, Any] = {"changed": self.changed, **self.returned}
        if self.changes is not None:
            result["changes"] = self.changed_values()
        if with_diff and (self.changes is not None or self.parts is not None):
            changed = [part for part in self.parts or [] if part.changed]
            result["diff"] = self.own_diff() if self.parts is None else [part.own_diff() for part in changed]
        if self.error is not None:
            result.update(failed=True, **self.error.to_result())
        return {**self.redactor.redact(result), **self.secrets}

    def changed_values(self) -> list[dict[str, Any]]:
        """One entry for each option that differs: ``path``, ``action`` (add, change, remove), ``before``, ``after``."""
        return [
            {
                "path": change.path,
                "action": "remove" if self.action == "delete" else "add" if change.before is None else "change",
                "before": change.before,
                "after": change.after,
            }
            for change in self.changes or []
        ]

    @property
    def redacted_warnings(self) -> list[str]:
        """The warnings without secrets."""
        return [one_line(self.redactor.redact_sentence(warning)) for warning in self.warnings]

    def own_diff(self) -> dict[str, Any]:
        """The two sides for Ansible, which turns them into text, with only what differs."""
        before: dict[str, Any] = {}
        after: dict[str, Any] = {}
        for change in self.changes or []:
            for side, value in ((before, change.before), (after, change.after)):
                if value is not None:
                    put_field(side, change.path, value)
        return {"before_header": self.title, "after_header": self.title, "before": before, "after": after}
