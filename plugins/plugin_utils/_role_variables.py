# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of variables instead of options, in the errors of the roles. Private: may change in any release."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from typing import Any

from ansible_collections.astera.data_stack.plugins.module_utils._errors import input_error
from ansible_collections.astera.data_stack.plugins.plugin_utils._known_variables import KNOWN_VARIABLES

PREFIX = "astera_"
#: The variable that lists names of the user's own.
OWN = "astera_known_variables"
#: How alike two names must be, without their prefix, for one to be a misspelling of the other.
SIMILARITY = 0.85
#: The same for their prefixes.
PREFIX_SIMILARITY = 0.8

#: Options of the connection that errors and hints name. Names such as `password` are too common.
_OPTIONS = re.compile(r"(?<![\w.])(server_url|ca_path|validate_certs|allow_http|request_timeout)\b")


def unknown_names(names: Iterable[str], own: Any = ()) -> list[str]:
    """The variables with our prefix that nothing of this collection uses. Raises AsteraError for a misspelt one.

    ``own`` are names that the user lists as known.
    """
    known = KNOWN_VARIABLES | ({own} if isinstance(own, str) else set(own or ()))
    unknown = sorted(name for name in names if _has_prefix(name) and name not in known)
    meant = {name: close for name in unknown if (close := _meant(name))}
    if meant:
        texts = [f"{name} (did you mean {close}?)" for name, close in meant.items()]
        raise input_error(
            f"there is no variable {', '.join(texts)}", f"Correct the name, or list a name of your own in {OWN}."
        )
    return unknown


def _has_prefix(name: str) -> bool:
    """Whether a name has our prefix, or a misspelt one before the rest of a name that we know."""
    prefix, _underscore, rest = name.partition("_")
    if prefix == "astera" or f"{PREFIX}{rest}" not in KNOWN_VARIABLES:
        return prefix == "astera"
    # Not "master", which means something else.
    return prefix[:1] in "Aa" and difflib.SequenceMatcher(None, prefix, "astera").ratio() > PREFIX_SIMILARITY


def _meant(name: str) -> str | None:
    known = [one.removeprefix(PREFIX) for one in KNOWN_VARIABLES]
    close = difflib.get_close_matches(name.partition("_")[2], known, n=1, cutoff=SIMILARITY)
    return PREFIX + close[0] if close else None


def in_words_of_roles(result: dict[str, Any]) -> dict[str, Any]:
    """The failure of a task with the options of the connection under the names of their variables."""
    changed = dict(result)
    for key in ("msg", "message", "hint"):
        if isinstance(result.get(key), str):
            changed[key] = _OPTIONS.sub(rf"{PREFIX}\1", result[key])
    if isinstance(result.get("error"), dict):
        changed["error"] = in_words_of_roles(result["error"])
    return changed
