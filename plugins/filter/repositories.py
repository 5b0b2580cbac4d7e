# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The filter with which the role ``bootstrap`` finds out which hosts must take turns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any


def shared_repositories(hostvars: Mapping[str, Any], hosts: Iterable[str]) -> list[Any]:
    """The repositories that the plans of several hosts name; null is one of them, as it may be any."""
    plans = [hostvars[host].get("astera_bootstrap_plan") or {} for host in hosts]
    counts = Counter(plan["repository"] for plan in plans if plan.get("sections"))
    return [name for name, count in counts.items() if count > 1 or name is None]


class FilterModule:
    def filters(self):
        return {"shared_repositories": shared_repositories}
