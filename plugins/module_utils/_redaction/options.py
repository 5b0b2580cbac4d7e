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
from .names import is_secret_name, redact_fields, secret_values
from .redactor import MIN_REDACTED, is_ambiguous

Options = dict[str, dict[str, Any]]


def secret_texts(options: Options, params: dict[str, Any]) -> Iterator[str]:
    """The texts and numbers in secret options, and those below secret names in all others."""
    for name, value in params.items():
        option = options.get(name, {})
        is_secret = _is_secret(name, option, value)
        if "options" in option and not is_secret:
            for entry in value if isinstance(value, list) else [value]:
                yield from secret_texts(option["options"], entry) if isinstance(entry, dict) else ()
        else:
            yield from secret_values(_data_in(option, value), is_secret)


def redactable_texts(options: Options, params: dict[str, Any], found: Iterable[str] = ()) -> set[str]:
    """The secrets that Ansible itself may redact in a result, with those that it has ``found`` among the options.

    It redacts numbers, too. So a secret that reads like a number is left out: ``Redactor`` knows where it may be
    redacted.
    """
    secrets = {*found, *secret_texts(options, params)}
    return {secret for secret in secrets if len(secret) >= MIN_REDACTED and not is_ambiguous(secret)}


def redacted_options(options: Options, params: dict[str, Any]) -> dict[str, Any]:
    """The options as a result may return them."""
    return {name: _redacted(name, options.get(name, {}), value) for name, value in params.items()}


def _redacted(name: str, option: dict[str, Any], value: Any) -> Any:
    is_secret = _is_secret(name, option, value)
    if "options" in option and not is_secret:
        if isinstance(value, dict):
            return redacted_options(option["options"], value)
        if isinstance(value, list):
            return [_redacted(name, option, entry) for entry in value]
        # Ansible may parse a text as a dictionary; its secret parts are not known yet.
        is_secret = True
    return redact_fields(_data_in(option, value), is_secret)


def _data_in(option: dict[str, Any], value: Any) -> Any:
    """The value, or the data of JSON text in an option that takes anything."""
    if option.get("type") == "raw" and isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        return decoded(value)
    return value


def _is_secret(name: str, option: dict[str, Any], value: Any) -> bool:
    """Whether an option is secret: by its spec, or by its name where the spec leaves that open.

    An address with credentials is, too. It is rejected, but returned among the options.
    """
    has_credentials = name == "server_url" and "@" in str(value)
    return has_credentials or bool(option.get("no_log", is_secret_name(name)))
