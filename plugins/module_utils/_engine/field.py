# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One field of a resource: its names, how it is compared, displayed and checked. Private: may change in any release.

A resource is a tuple of fields. The argument spec, the mapping to the API, the comparison, the diff, the redaction,
the returned object and the documentation of all these come from that tuple.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Callable

from .._data.equality import contains
from .._data.paths import MISSING, get_field, put_field
from .._data.timestamps import reject_number
from .._errors import AsteraError, input_error
from .._redaction.names import MASK, redact_fields

#: The longest name we send. The server's own limit is unknown; common database columns for names end here, and a name
#: that is cut short could never be found again.
MAX_NAME = 255
#: Whole numbers are documented as int, which is this wide in .NET; whether the server takes more is unknown.
MAX_NUMBER = 2**31 - 1
#: Description of the name of any object.
NAME_RULES = "At most 255 characters. Case and blanks count."
#: What to do about a control character, which most often was a backslash and a letter.
ESCAPES = (
    "A backslash was read as an escape: write the text without quotes or in single quotes in YAML, "
    "and as JSON in extra variables of the command line."
)
_WHOLE_NUMBER = re.compile(r"-?\d{1,18}")


def text(value: Any) -> Any:
    """Null and the empty text mean the same; unicode is compared composed."""
    return "" if value is None else unicodedata.normalize("NFC", value) if isinstance(value, str) else value


def casefold_text(value: Any) -> Any:
    """Names of one thing in several spellings, such as enumeration words."""
    value = text(value)
    return value.casefold() if isinstance(value, str) else value


def windows_path(value: Any) -> Any:
    """Windows paths: case and the kind of slash do not matter, nor does a slash at the end."""
    value = casefold_text(value)
    return value.replace("/", "\\").rstrip("\\") if isinstance(value, str) else value


#: Names that the field which switches an object on and off may have. ``isActive`` is documented for schedules and
#: inferred for deployments; the others are inferred from what servers of this kind call it.
ACTIVE_NAMES = ("active", "isActivated", "activated", "enabled", "isEnabled")


@dataclass(frozen=True, repr=False, eq=False)
class Field:
    """``option`` and ``api`` are dotted paths: the name in a playbook and the name in the server's JSON.

    ``compare`` brings both sides to a normal form. ``create`` is sent on creation when the author gives nothing.
    ``when_shown`` sends the value only where the server's own object has the field: for names that are inferred.
    ``other_names`` are further paths that the server may have instead of ``api``. One counts where the server's object
    has it with a boolean, and ``api`` is not there; it is never sent where the object shows none.
    """

    option: str
    api: str
    type: str = "str"
    secret: bool = False
    compare: Callable[[Any], Any] | None = None
    create: Any = MISSING
    when_shown: bool = False
    minimum: int = -(2**31)
    maximum: int = MAX_NUMBER
    other_names: tuple[str, ...] = ()
    #: A text that is a date or a time, or both.
    time: bool = False
    #: A text for people, which may have line breaks. All others must not hold control characters.
    free_text: bool = False
    #: Description of the option in the documentation; its first paragraph also describes the returned value.
    description: str | tuple[str, ...] = ""
    #: A value for the samples in the documentation.
    sample: Any = None

    def path_in(self, obj: Any) -> str:
        """Where this server's object has the field: ``api``, or the first of ``other_names`` that it shows instead."""
        if self.other_names and get_field(obj, self.api) is MISSING:
            for path in self.other_names:
                if isinstance(self._parsed(get_field(obj, path)), bool):
                    return path
        return self.api

    def value_in(self, obj: Any) -> Any:
        """The value in a server's object as it stands there, or ``MISSING``."""
        return get_field(obj, self.path_in(obj))

    def normal(self, value: Any) -> Any:
        # Some servers leave out fields that are null; no desired value depends on the difference.
        return (self.compare or text)(None if value is MISSING else self._parsed(value))

    def _parsed(self, value: Any) -> Any:
        """A number or a boolean that the server may write as text."""
        if self.type == "bool" and isinstance(value, str):
            return {"true": True, "false": False}.get(value.lower(), value)
        is_number = self.type == "int" and isinstance(value, str) and _WHOLE_NUMBER.fullmatch(value.strip())
        return int(value) if is_number else value

    def equal(self, shows: Any, desired: Any) -> bool:
        if self.type == "dict":
            return contains(shows, desired)
        return bool(self.normal(shows) == self.normal(desired))

    def read(self, obj: Any) -> Any:
        """The value in a server's object as a playbook would write it; None where it is absent. Never a secret."""
        return None if self.secret else self.shown(self.value_in(obj))

    def shown(self, value: Any) -> Any:
        """The value for a diff or a result."""
        if value is MISSING:
            return None
        return redact_fields(self._parsed(value)) if not self.secret else MASK if value else value

    def check(self, value: Any) -> None:
        """Reject an invalid value."""
        if isinstance(value, str) and not self.free_text and not self.secret:
            reject_control_characters(value, self.option)
        if self.time and isinstance(value, str):
            reject_number(value, self.option)
        if isinstance(value, int) and not self.minimum <= value <= self.maximum:
            raise input_error(f"{self.option} must be between {self.minimum} and {self.maximum}, not {value}")


def argument_options(fields: Iterable[Field]) -> dict[str, dict[str, Any]]:
    """The Ansible argument spec of the fields; dotted options become dictionaries of their own."""
    spec: dict[str, dict[str, Any]] = {}
    for field in fields:
        *groups, name = field.option.split(".")
        level = spec
        for group in groups:
            level = level.setdefault(group, {"type": "dict", "options": {}})["options"]
        level[name] = {"type": field.type}
        if field.secret:
            level[name]["no_log"] = True
    return spec


def desired_values(fields: Iterable[Field], params: dict[str, Any]) -> dict[str, Any]:
    """The options that the author gave, by option path. What is None was not given.

    Raises AsteraError with all invalid values.
    """
    desired = {}
    mistakes: list[AsteraError] = []
    for field in fields:
        value = get_field(params, field.option)
        if value is not MISSING and value is not None:
            try:
                field.check(value)
            except AsteraError as error:
                mistakes.append(error)
            desired[field.option] = value
    if mistakes:
        raise mistakes[0] if len(mistakes) == 1 else input_error(" ".join(map(str, mistakes)).rstrip("."))
    return desired


def show_object(fields: Iterable[Field], obj: dict[str, Any] | None) -> dict[str, Any] | None:
    """A server's object in the shape of the options, without secrets; None for no object."""
    if obj is None:
        return None
    shown: dict[str, Any] = {}
    for field in fields:
        if not field.secret:
            put_field(shown, field.option, field.read(obj))
    return shown


def reject_control_characters(value: str, option: str) -> None:
    """Reject a text with escapes that YAML has most likely misread, such as ``"C:\\temp"``."""
    if any(unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") for character in value):
        raise input_error(f"{option} must not contain control characters: {value!r}", ESCAPES)


def validate_name(value: str, option: str) -> str:
    """A new name, which can be looked up again: as ``searched_name``, and without a blank at its ends."""
    name = searched_name(value, option)
    if name != name.strip():
        raise input_error(f"{option} must not begin or end with a blank: {value!r}")
    return name


def searched_name(value: str, option: str) -> str:
    """A name that the server may show: composed unicode, no control characters, not endless."""
    name = unicodedata.normalize("NFC", value)
    if not name.strip():
        raise input_error(f"{option} must not be empty")
    reject_control_characters(name, option)
    if len(name) > MAX_NAME:
        raise input_error(f"{option} has {len(name)} characters; names of more than {MAX_NAME} are not sent")
    return name
