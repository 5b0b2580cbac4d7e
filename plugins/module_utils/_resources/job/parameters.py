# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameters of a job: from a playbook's dictionaries to the API's list of texts. Private: may change in any release.

Seen: each value is a text beside the name of an object in the flow (``ActionName``) and of its input
(``ParameterName``). How a flow reads numbers, dates and lists from text is unknown, so the forms here are our choice.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from ..._errors import input_error
from ..._redaction.names import is_secret_name

OPEN, SECRET = "parameters", "secret_parameters"


def all_parameters(
    parameters: dict[str, Any], secret_parameters: dict[str, Any], separator: str
) -> tuple[list[dict[str, str]], list[str]]:
    """The API's list for the options ``parameters`` and ``secret_parameters``, and the texts in it that are secret."""
    entries = parameters_from(parameters, separator)
    secret = parameters_from(secret_parameters, separator, SECRET)
    places = {_place(entry) for entry in entries}
    for entry in secret:
        if _place(entry) in places:
            name = f"{entry['ActionName']}.{entry['ParameterName']}"
            raise input_error(f"{OPEN} and {SECRET} both set {name}", f"Give it in {SECRET} only.")
    named = [entry for entry in entries if any(map(is_secret_name, (entry["ActionName"], entry["ParameterName"])))]
    # A boolean is no text that one could recognise.
    texts = [entry["Value"] for entry in named + secret if entry["Value"] not in ("true", "false")]
    return entries + secret, texts


def _place(entry: dict[str, str]) -> tuple[str, str]:
    """Where a value goes. Whether the server heeds the case of names is unknown."""
    return entry["ActionName"].lower(), entry["ParameterName"].lower()


def parameters_from(parameters: dict[str, Any], separator: str, option: str = OPEN) -> list[dict[str, str]]:
    """The API's list: one entry for each value. ``separator`` stands between the items of a list."""
    return list(_entries(option, parameters, separator))


def _entries(option: str, parameters: dict[str, Any], separator: str) -> Iterable[dict[str, str]]:
    for action, values in parameters.items():
        if not isinstance(values, dict):
            raise input_error(
                f"{option}.{action} must be a dictionary of names and values",
                "For example {Variables: {sourceFilePath: /in/orders.csv}}.",
            )
        for name, value in values.items():
            where = f"{option}.{action}.{name}"
            if not str(action).strip() or not str(name).strip():
                raise input_error(f"{where}: the names of the object and of its parameter must not be empty")
            several = isinstance(value, (list, tuple))
            text = _list_as_text(value, separator, where) if several else _as_text(value, where)
            yield {"ActionName": str(action), "ParameterName": str(name), "Value": text}


def _as_text(value: Any, where: str) -> str:
    """One value. Booleans as .NET and JSON readers both take them, decimals without exponent, dates as ISO 8601."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        if not math.isfinite(value):
            raise input_error(f"{where} must be a finite number")
        return format(Decimal(repr(value)), "f")
    if isinstance(value, (str, int)):
        return str(value)
    if isinstance(value, (datetime.date, datetime.time)):  # a datetime is a date too
        return value.isoformat()
    if value is None:
        raise input_error(
            f"{where} has no value", "Leave it out to keep what the flow itself says, or give '' for the empty text."
        )
    raise input_error(
        f"{where} must be a text, a number, a boolean, a date or a list of these",
        "Write anything else as the text that the flow expects, for example with to_json.",
    )


def _list_as_text(values: Iterable[Any], separator: str, where: str) -> str:
    """Several values. One that holds the separator could not be distinguished from two."""
    texts = [_as_text(value, f"{where}[{number}]") for number, value in enumerate(values)]
    for number, text in enumerate(texts):
        if separator in text:
            raise input_error(
                f"{where}[{number}] holds {separator!r}, which stands between the items",
                "Choose another list_separator, or write the whole value as one text.",
            )
    return separator.join(texts)
