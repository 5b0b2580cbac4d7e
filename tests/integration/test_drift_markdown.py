"""Markdown of the drift report, read by a real parser: whatever a name holds is shown, and means nothing."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ansible_collections.astera.data_stack.plugins.plugin_utils._drift import make_report
from ansible_collections.astera.data_stack.plugins.plugin_utils._drift_markdown import to_markdown

PARSER = MarkdownIt("gfm-like", {"html": True})
NOW = "2026-11-22T18:00:00Z"
pytestmark = pytest.mark.any_core


def page(name):
    change = {"path": "comment", "action": "change", "before": name, "after": f"x{name}"}
    changed = {"section": "schedules", "name": name, "action": "update", "changes": [change], "changed_on_server": name}
    plan = {
        "plan": [changed, {**changed, "action": "create"}],
        "compared": ["schedules"],
        "unlisted": {"schedules": [{"id": 2, "name": f"other {name}", "active": True}]},
        "url": f"https://{name}",
    }
    failed = {"msg": name, "error": {"kind": "auth"}}
    return PARSER.render(to_markdown(make_report([[f"s{name}", plan], ["z", failed]], NOW)))


#: The page of a harmless name: its tags are those of every page.
HARMLESS = re.findall("<[^>]*>", page("name"))


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), min_size=1, max_size=20))
@example("<script>alert(1)</script>")
@example("a | b\n\n# c\n- d\n```\ne")
@example("[x](javascript:alert(1)) ![y](http://z) <http://z> http://z www.z.org a@z.org")
@example("&lt;b&gt; &amp; *a* _b_ ~~c~~ `d` \\ \\| :tada: $x$")
@example("1. x")
@example("---")
def test_a_name_means_nothing(name):
    rendered = page(name)
    assert re.findall("<[^>]*>", rendered) == HARMLESS
    shown = " ".join(html.unescape(re.sub("<[^>]*>", " ", rendered)).split())
    assert " ".join(f"x{name}".split()) in shown
