# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts of a server, changed so that nothing evaluates them. Private: may change in any release.

An event, or an artifact of a job, becomes extra variables of the next playbook, and Ansible takes these for templates:
a deployment called ``{{ lookup('pipe', 'id') }}`` would run a command on the controller. So a blank is inserted where
a template could begin.
"""

from __future__ import annotations

import ast
import re
import warnings
from typing import Any

from ansible_collections.astera.data_stack.plugins.module_utils._errors import printable

#: Characters of a text. A name has at most 255.
MAX_TEXT = 500

_BROKEN = re.compile(
    # What opens a template. A brace at the end, or before a quote, may meet the second one elsewhere.
    r"\{(?=[{%#'\"\\]|\Z)"
    # A brace in the escapes that Python reads.
    r"|\\(?=x7b|u007b|U0000007b|173|N\{)"
    # The header of a template, which names other braces, and that of a vault, which ansible-rulebook decrypts.
    r"|#(?=jinja2:)|\$(?=ANSIBLE_VAULT)",
    re.IGNORECASE,
)
_QUOTES = re.compile("['\"]")


def harmless(text: str) -> str:
    """One line of a limited length that neither Ansible nor ansible-rulebook takes for anything but text.

    ansible-rulebook reads what an expression of a rule results in as Python, if it can: ``'\\x7b'`` is a brace then.
    """
    text = printable(text)
    if len(text) > MAX_TEXT:
        text = f"{text[: MAX_TEXT - 3]}..."
    text = _BROKEN.sub(lambda found: f"{found[0]} ", text)
    return _QUOTES.sub("\u2019", text) if _holds_texts(text) else text


def _holds_texts(text: str) -> bool:
    """Whether Python reads it as a text, or as a list or the like with texts."""
    if not _QUOTES.search(text):
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.literal_eval(text)
    except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return False
    return True


def harmless_deep(value: Any) -> Any:
    """The same for every text below a value, and for the names of fields."""
    if isinstance(value, dict):
        return {harmless(str(name)): harmless_deep(item) for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [harmless_deep(item) for item in value]
    return harmless(value) if isinstance(value, str) else value
