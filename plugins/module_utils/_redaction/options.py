# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which options of a task are secret. Private: may change in any release.

Ansible redacts the values of such options wherever their text stands. It leaves out booleans, and a secret of one digit
would spoil every number. So options are redacted where they stand, too, and only longer texts everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from .._data.json_text import decoded
from .names import MASK, is_secret_name, redact_all, redact_fields, secret_values, texts_in
from .redactor import MIN_REDACTED, is_ambiguous

Options = dict[str, dict[str, Any]]


def secret_texts(options: Options, params: dict[str, Any]) -> Iterator[str]:
    """The texts and numbers in secret options, and those below secret names in all others."""
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
    """The secrets that Ansible itself may redact in a result, with those that it has ``found`` among the options.

    It redacts numbers, too. So a secret that reads like a number is left out: ``Redactor`` knows where it may be
    redacted.
    """
    secrets = {*found, *secret_texts(options, params)}
    return {secret for secret in secrets if len(secret) >= MIN_REDACTED and not is_ambiguous(secret)}


def _credentials_in(url: str) -> Iterator[str]:
    """What stands before the host of an address. Such an address is rejected, but returned among the options."""
    credentials = url.rpartition("@")[0].rpartition("//")[2]
    yield from filter(None, (credentials, credentials.partition(":")[2]))


def redacted_options(options: Options, params: dict[str, Any]) -> dict[str, Any]:
    """The options as a result may return them."""
    return {name: _redacted(name, options.get(name, {}), value) for name, value in params.items()}


def _redacted(name: str, option: dict[str, Any], value: Any) -> Any:
    if _is_secret(name, option):
        return redact_all(value)
    if "options" in option and isinstance(value, str) and value:
        # Ansible may parse it as a dictionary; its secret parts are not known yet.
        return MASK
    if "options" in option and isinstance(value, dict):
        return redacted_options(option["options"], value)
    if "options" in option and isinstance(value, list):
        return [_redacted(name, option, entry) for entry in value]
    return redact_fields(_data_in(option, value))


def _data_in(option: dict[str, Any], value: Any) -> Any:
    """The value, or the data of JSON text in an option that takes anything."""
    if option.get("type") == "raw" and isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        return decoded(value)
    return value


def _is_secret(name: str, option: dict[str, Any]) -> bool:
    """Whether an option is secret: by its spec, or by its name where the spec leaves that open."""
    return bool(option.get("no_log", is_secret_name(name)))
