# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameters of a job: from a playbook's dictionaries to the API's list of texts. Private: may change in any release.

Seen: each value is a text beside the name of an object in the flow (``ActionName``) and of its input
(``ParameterName``). How a flow reads numbers and dates from text is unknown, so the forms here are our choice.
"""

from __future__ import annotations

import datetime
import math
from decimal import Decimal
from typing import Any

from ..._errors import input_error
from ..._redaction.names import is_secret_name


def all_parameters(
    parameters: dict[str, Any], secret_parameters: dict[str, Any]
) -> tuple[list[dict[str, str]], list[str]]:
    """The API's list for the two options, and the texts in it that are secret."""
    given = _texts("parameters", parameters)
    secret = _texts("secret_parameters", secret_parameters)
    for action, name in sorted(given.keys() & secret.keys()):
        message = f"parameters and secret_parameters both set {action}.{name}"
        raise input_error(message, "Give it in secret_parameters only.")
    secrets = [text for names, text in given.items() if any(map(is_secret_name, names))] + list(secret.values())
    entries = [
        {"ActionName": action, "ParameterName": name, "Value": text}
        for (action, name), text in {**given, **secret}.items()
    ]
    # A boolean is no text that one could recognise.
    return entries, [text for text in secrets if text not in ("true", "false")]


def _texts(option: str, parameters: dict[str, Any]) -> dict[tuple[str, str], str]:
    """The values of an option as texts, by the names of the object and of its parameter."""
    texts = {}
    for action, values in parameters.items():
        if not isinstance(values, dict):
            message = f"{option}.{action} must be a dictionary of names and values"
            raise input_error(message, "For example {Variables: {sourceFilePath: /in/orders.csv}}.")
        for name, value in values.items():
            texts[str(action), str(name)] = _as_text(value, f"{option}.{action}.{name}")
    return texts


def _as_text(value: Any, where: str) -> str:
    """One value. Booleans as .NET and JSON readers both take them, decimals without exponent, dates as ISO 8601."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and math.isfinite(value):
        return format(Decimal(repr(value)), "f")
    if isinstance(value, (str, int)):
        return str(value)
    if isinstance(value, datetime.date):  # a datetime is a date too
        return value.isoformat()
    raise input_error(
        f"{where} must be a text, a finite number, a boolean or a date",
        "Leave out what has no value. Write anything else as the text that the flow expects, for example a list with "
        "join(',').",
    )
