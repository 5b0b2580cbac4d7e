"""The JSON that the guide to the drift report prints is of the form that the schema describes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
import pytest

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.mark.any_core
def test_the_printed_report():
    (printed,) = re.findall(r"```json\n(.*?)```", (DOCS / "drift.md").read_text(), re.DOTALL)
    jsonschema.validate(json.loads(printed), json.loads((DOCS / "drift-report.schema.json").read_text()))
