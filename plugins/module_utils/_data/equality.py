# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whether the server shows what is desired. Private: may change in any release."""

from __future__ import annotations

from typing import Any

from .paths import MISSING, get_field
from .timestamps import same_instant


def contains(shows: Any, desired: Any) -> bool:
    """Whether what the server shows has every desired field; timestamps are compared as instants."""
    if isinstance(desired, dict):
        return isinstance(shows, dict) and all(contains(get_field(shows, (k,)), v) for k, v in desired.items())
    if isinstance(desired, list):
        return isinstance(shows, list) and len(shows) == len(desired) and all(map(contains, shows, desired))
    return shows is not MISSING and same_instant(shows, desired)
