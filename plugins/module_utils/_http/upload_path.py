# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The path in the response to an upload. Private: may change in any release."""

from __future__ import annotations

from typing import Any


def path_in(data: Any) -> str | None:
    """The path in an upload's response: plain text, a JSON string, or a field whose name ends in ``path``."""
    if isinstance(data, str):
        return data or None
    if isinstance(data, dict):
        named = [
            value for name, value in data.items() if name.lower().endswith("path") and isinstance(value, str) and value
        ]
        nested = [path for value in data.values() if isinstance(value, dict) and (path := path_in(value))]
        return next(iter(named + nested), None)
    return None
