# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options as people give them: ``settings`` merged in, and what counts as not given left out. Private.

It runs in the action, before Ansible's own validation, so that a role can pass on its variables as they are.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Callable

from .._errors import input_error
from .unknown_options import Options, levels

SETTINGS = "settings"
SETTINGS_OPTION: Options = {SETTINGS: {"type": "dict"}}


def prepared_options(options: Options, given: dict[str, Any], typed: Collection[str] | None = None) -> dict[str, Any]:
    """The options of a task as they are to be validated.

    ``typed`` are the names of options that the task itself gives, as opposed to defaults of its play; None when that is
    not known. Raises AsteraError of kind ``input``.
    """
    settings = _merged(options, given.get(SETTINGS))
    own = _checked(options, {name: value for name, value in given.items() if name != SETTINGS})
    for name, value in settings.items():
        if typed is None and own.get(name, value) != value:
            raise input_error(
                f"{name} is given as an option of the task and in {SETTINGS}, with different values",
                "Set it in one place only.",
            )
        if name not in own or name not in (typed or ()):
            # What it replaces is a default of the play.
            own[name] = value
    return _one_account(own, {*settings, *(typed or ())})


def _one_account(own: dict[str, Any], named: set[str]) -> dict[str, Any]:
    """Keep the account of the task apart from that of the environment or of its play's defaults.

    An empty text keeps the variable of the environment out. ``named`` are the options that the task itself names.
    """
    account = {"username", "password"}
    if account & named and "token" in own and "token" not in named:
        del own["token"]
    if "token" in own:
        return {**dict.fromkeys(account, ""), **own}
    return {**own, "token": ""} if account & set(own) else own


def _merged(options: Options, settings: Any) -> dict[str, Any]:
    """One dictionary from a dictionary or a list of them; the later ones win where they give a value."""
    merged: dict[str, Any] = {}
    for entry in settings if isinstance(settings, list) else [settings]:
        # The value is not quoted in an error: its secrets are not known yet.
        if not isinstance(entry or {}, dict):
            raise input_error(f"{SETTINGS} must be a dictionary of the module's options, or a list of those")
        merged.update(_checked(options, entry or {}))
    if SETTINGS in merged:
        raise input_error(f"{SETTINGS} must contain only options of the module")
    return merged


def _checked(options: Options, params: dict[str, Any], where: str = "") -> dict[str, Any]:
    """A copy without options that are null, and without those that are the empty text where that is no value.

    An empty answer of an AWX survey and an empty variable come as such. What Ansible's own validation crashes on, or
    converts into something else, is rejected. The values are not shown then, since their secrets are not known yet.
    """
    kept: dict[str, Any] = {}
    for name, value in params.items():
        option, place = options.get(name, {}), f"{where}{name}"
        if value is None or (value == "" and not _takes_empty_text(option)):
            continue
        if option.get("type") == "str" and isinstance(value, bool):
            raise input_error(
                f"{place} must be a text, not a boolean",
                "Put it in quotes: YAML reads yes, no, on, off, true and false without them as booleans.",
            )
        kept[name] = value
        if option.get("elements") == "dict":
            if not isinstance(value, list):
                raise input_error(f"{place} must be a list of dictionaries", "Begin each entry with a dash.")
            kept[name] = [_entry(option, entry, f"{place}[{number}]") for number, entry in enumerate(value, 1)]
        elif option.get("type") == "dict":
            kept[name] = _entry(option, value, place)
    return kept


def _entry(option: dict[str, Any], value: Any, place: str) -> dict[str, Any]:
    """A dictionary, of a list or by itself. An entry that is only a dash is null."""
    if not isinstance(value, dict):
        raise input_error(
            f"{place} must be a dictionary",
            "Give names and values, such as {name: value}, or the same as a text in YAML or JSON.",
        )
    return _checked(option["options"], value, f"{place}.") if "options" in option else value


def _takes_empty_text(option: dict[str, Any]) -> bool:
    """Whether the empty text is a value: it clears a comment, but is no number, choice, path, account or address."""
    return option.get("type", "raw") in ("str", "raw") and not option.get("choices") and "fallback" not in option


def change_paths(options: Options, params: dict[str, Any], change: Callable[[str, str], str]) -> None:
    """Replace the paths of local files by what ``change`` makes of their places and values."""
    for known, values, where in levels(options, params):
        for name, value in values.items():
            if known.get(name, {}).get("type") == "path" and isinstance(value, str):
                values[name] = change(f"{where}{name}", value)
