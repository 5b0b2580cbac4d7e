# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The drift report as one HTML page that needs nothing else. Private: may change in any release.

The template engine escapes every value. In addition, the page's content security policy allows no other script and no
request.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from . import _drift_words as words
from ._drift import STATUSES, verdict

#: The template, and our own style and script, which become parts of the page.
_FILES = Path(__file__).resolve().parents[2] / "roles" / "drift_report" / "files"


def to_html(report: dict[str, Any]) -> str:
    """Fill the template."""
    template, style, script = ((_FILES / name).read_text("utf-8") for name in ("page.html.j2", "page.css", "page.js"))
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(template).render(
        report=report,
        verdict=verdict(report),
        servers=[one for status in STATUSES for one in report["servers"] if one["status"] == status],
        words=words,
        style=style,
        script=script,
        policy="; ".join(
            (
                "default-src 'none'",
                f"style-src '{_digest(style)}'",
                f"script-src '{_digest(script)}'",
                "base-uri 'none'",
                "form-action 'none'",
            )
        ),
    )


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
