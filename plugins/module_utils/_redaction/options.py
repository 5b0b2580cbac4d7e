# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which options of a task are secret. Private: may change in any release.

Ansible hides the values of such options wherever their text stands. That leaves out booleans, and turns a secret of one
digit into a riddle in every number. So options are masked where they stand, too, and only longer texts everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from .._data.json_text import decoded
from .names import MASK, is_secret_name, redact_all, redact_fields, secret_values, texts_in
from .redactor import MIN_REDACTED, is_ambiguous

Options = dict[str, dict[str, Any]]


def secret_texts(options: Options, params: dict[str, Any]) -> Iterator[str]:
    """The texts and numbers that options hold which are secret, and members of dictionaries with secret names."""
    for name, value in params.items():
        option = options.get(name, {})
        if name == "server_url" and isinstance(value, str):
            yield from _credentials_in(value)
        if _is_secret(name, option):
            yield from texts_in(_data_in(option, value))
        elif "options" in option:
            for entry in value if isinstance(value, list) else [value]:
                yield from secret_texts(option["options"], entry) if isinstance(entry, dict) else secret_values(entry)
        else:
            yield from secret_values(_data_in(option, value))


def redactable_texts(options: Options, params: dict[str, Any], found: Iterable[str] = ()) -> set[str]:
    """The secrets that Ansible itself may look for in a result, with those that it has ``found`` among the options.

    It looks for them in numbers, too. So one that reads like a number or a status is left out: ``Redactor`` knows where
    to look for it.
    """
    secrets = {*found, *secret_texts(options, params)}
    return {secret for secret in secrets if len(secret) >= MIN_REDACTED and not is_ambiguous(secret)}


def _credentials_in(url: str) -> Iterator[str]:
    """What stands before the host of an address. Such an address is refused, but shown among the options."""
    credentials = url.rpartition("@")[0].rpartition("//")[2]
    yield from filter(None, (credentials, credentials.partition(":")[2]))


def redacted_options(options: Options, params: dict[str, Any]) -> dict[str, Any]:
    """The options as a result may show them."""
    return {name: _shown(name, options.get(name, {}), value) for name, value in params.items()}


def _shown(name: str, option: dict[str, Any], value: Any) -> Any:
    if _is_secret(name, option):
        return redact_all(value)
    if "options" in option and isinstance(value, str) and value:
        # Ansible may read it as a dictionary, and nobody knows yet what in it is secret.
        return MASK
    if "options" in option and isinstance(value, dict):
        return redacted_options(option["options"], value)
    if "options" in option and isinstance(value, list):
        return [_shown(name, option, entry) for entry in value]
    return redact_fields(_data_in(option, value))


def _data_in(option: dict[str, Any], value: Any) -> Any:
    """The data, also of an option that takes anything, and got text that is JSON."""
    if option.get("type") == "raw" and isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        return decoded(value)
    return value


def _is_secret(name: str, option: dict[str, Any]) -> bool:
    """What a spec says of an option counts, also that it is none; names only where it says nothing."""
    return bool(option.get("no_log", is_secret_name(name)))
