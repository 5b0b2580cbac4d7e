# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is shortened is redacted first: the beginning of a secret would stay, too short to be recognised."""

from __future__ import annotations

import pytest

from ansible_collections.astera.data_stack.plugins.module_utils._engine.result import Result
from ansible_collections.astera.data_stack.plugins.module_utils._errors import MAX_MESSAGE
from ansible_collections.astera.data_stack.plugins.module_utils._http.error_text import (
    MAX_READ,
    MAX_WORDS,
    error_text,
)
from ansible_collections.astera.data_stack.plugins.module_utils._redaction.names import MASK
from ansible_collections.astera.data_stack.plugins.module_utils._redaction.redactor import Redactor
from ansible_collections.astera.data_stack.plugins.module_utils._server.serialize import ExportContext, Location

SECRET = "canary-4711-long-key"
REDACTOR = Redactor([SECRET])


@pytest.mark.parametrize("form", ["{}", '"{}"', "<p>{}</p>"])
@pytest.mark.parametrize("distance", range(MAX_READ - 20, MAX_READ, 3))
def test_an_error_whose_secret_stands_far_behind_blanks(form, distance):
    """Blanks are squeezed, so it is among the first words all the same."""
    words = error_text(form.format("bad:" + " " * distance + SECRET), REDACTOR.redact_text)
    assert words.startswith("bad:")
    assert "c" not in words


@pytest.mark.parametrize("before", range(MAX_WORDS - 25, MAX_WORDS))
def test_a_long_error(before):
    assert "can" not in error_text("x" * before + SECRET, REDACTOR.redact_text)


@pytest.mark.parametrize("before", range(MAX_MESSAGE - 10, MAX_MESSAGE))
def test_a_long_warning(before):
    (warning,) = Result(warnings=["x" * before + SECRET], redactor=REDACTOR).redacted_warnings
    assert len(warning) <= MAX_MESSAGE
    assert "c" not in warning


def test_a_warning_is_one_line():
    """A secret of two lines is recognised before they become one."""
    redactor = Redactor(["one\ntwo"])
    assert Result(warnings=["a\nb one\ntwo"], redactor=redactor).redacted_warnings == [f"a b {MASK}"]


def test_the_name_of_an_object_in_the_notes_of_an_export():
    context = ExportContext(REDACTOR)
    context.note(Location("astera_schedules", "x" * (MAX_MESSAGE - 8) + SECRET, ()), None, "no reason")
    assert "c" not in context.notes[0]["objects"][0]
