"""The page of the drift report in a real browser: for everybody, at any size, whatever the names of servers."""

from __future__ import annotations

import pytest

from ansible_collections.astera.data_stack.plugins.plugin_utils._drift import make_report
from ansible_collections.astera.data_stack.plugins.plugin_utils._drift_html import to_html

NOW = "2026-11-22T18:00:00Z"
HOSTILE = (
    "</script></style></code>\"'><script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>"
    "\u202egnp.exe {{ 7 * 7 }}"
)
#: Without a place to break.
LONG = "x" * 300

pytestmark = pytest.mark.any_core


def change(path="comment", before="a", after="b", action="change"):
    return {"path": path, "action": action, "before": before, "after": after}


def entry(name="Orders", status="drift"):
    """The plan of a server that has everything the report can show."""
    if status == "not_compared":
        return {"url": f"https://{name}", "msg": f"denied: {name}", "error": {"kind": "auth"}}
    changes = [change(), change("purge", 7, None), change(f"{name}.x", name, {"a": [name]})]
    different = [
        ("cluster", None, "update", changes),
        ("schedules", name, "update", changes),
        ("schedules", f"{name} 3", "create", [change("name", None, name, "add")]),
    ]
    schedules = [
        {
            "id": 1,
            "name": name,
            "active": True,
            "deployment": name,
            "daily": {"start_time": "2026-11-01T04:30:00+01:00"},
        },
        {"id": 2, "name": f"{name} 2", "active": None, "file": name},
    ]
    keys = ("section", "name", "action", "changes")
    return {
        "url": "https://etl:9261",
        "plan": [
            {**dict(zip(keys, one, strict=True)), "changed_on_server": name}
            for one in (different if status == "drift" else [])
        ],
        "compared": ["cluster", "license", "schedules"],
        "license": {"marker": True, "registered": True, "activated": True},
        "observed": {"server": {name: name, "version": "10", "list": [1, {"a": None}]}, "schedules": schedules},
        "unlisted": {"deployments": [{"id": 1, "name": name, "active": False}], "schedules": []},
        "not_read": [],
        "jobs": [{"id": 7, "status": name, "known": True, "finished": True, "succeeded": False}],
    }


@pytest.fixture
def page_of(tmp_path):
    """The address of a page about some servers."""

    def write(pairs):
        path = tmp_path / "drift.html"
        path.write_text(to_html(make_report(pairs, NOW)))
        return path.as_uri()

    return write


FLEET = [["etl-1", entry()], ["etl-2", entry(status="in_sync")], ["etl-3", entry(status="not_compared")]]
LOOKS = {
    "light": {"color_scheme": "light"},
    "dark": {"color_scheme": "dark"},
    "narrow": {"viewport": {"width": 320, "height": 640}},
    "narrow and dark": {"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"},
    "no script": {"java_script_enabled": False},
}


@pytest.mark.parametrize("look", [look for look in LOOKS if look != "no script"])
@pytest.mark.parametrize(
    "pairs", [FLEET, [["etl", entry(status="in_sync")]], [[HOSTILE, entry(HOSTILE)], [LONG, entry(LONG)]]]
)
def test_nothing_hinders_anybody(visit, hindrances, page_of, look, pairs):
    page = visit(page_of(pairs), **LOOKS[look], bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    assert hindrances(page) == []
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= page.viewport_size["width"]


@pytest.mark.parametrize("look", LOOKS)
def test_hostile_names_are_text(visit, page_of, look):
    page = visit(page_of([[HOSTILE, entry(HOSTILE)], [f"{HOSTILE}2", entry(HOSTILE, "not_compared")]]), **LOOKS[look])
    assert page.locator("h3").first.text_content() == HOSTILE
    assert page.locator("img").count() == 0
    assert page.locator("script").count() == 1
    assert "{{ 7 * 7 }}" in page.content()
    if look != "no script":
        assert page.evaluate("window.hacked") is None


def test_the_policy_stops_what_should_never_be_there(chromium, page_of, tmp_path):
    """Were a name ever not escaped, the page's own policy would still not let it run."""
    page_of([["MARK", entry()]])
    path = tmp_path / "drift.html"
    path.write_text(
        path.read_text().replace("MARK", "<script>window.hacked = 1</script><img src='https://z.example/'>")
    )
    page = chromium.new_page()
    blocked = []
    page.on("console", lambda message: blocked.append(message.text))
    page.goto(path.as_uri())
    assert page.evaluate("window.hacked") is None
    assert len([text for text in blocked if "Content Security Policy" in text]) >= 2
    page.close()


def test_it_is_whole_without_its_script(visit, page_of):
    page = visit(page_of(FLEET), java_script_enabled=False)
    assert page.locator("article").count() == 3
    assert not page.locator("form").is_visible()
    assert page.locator("tbody").first.locator("tr").count() == 3


def test_the_filter_by_keyboard(visit, page_of):
    page = visit(page_of(FLEET))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the servers"
    page.keyboard.press("Tab")
    page.keyboard.type("ETL-3")
    assert page.locator("article:visible").count() == 1
    assert page.locator("output").text_content() == "1 of 3 shown"
    page.get_by_label("Name or text").fill("")
    page.get_by_role("checkbox", name="In sync").press("Space")
    assert page.locator("tbody tr[data-server]:visible").count() == 2


def test_details_open_by_keyboard_and_for_print(visit, page_of):
    page = visit(page_of([["etl", entry()]]))
    runs = page.get_by_role("cell", name="2026-11-23 04:30:00+01:00")
    assert not runs.is_visible()
    page.locator("summary").focus()
    page.keyboard.press("Enter")
    assert runs.is_visible()
    page.emulate_media(media="print")
    assert not page.locator("summary").is_visible()
    assert not page.locator("form").is_visible()


def test_what_could_not_be_read_is_no_reason(visit, hindrances, page_of):
    """A server in sync shows that, and what its account may not see."""
    found = entry(status="in_sync")
    denied = {"kind": "forbidden", "message": HOSTILE}
    found.update(jobs=None, not_read=[{"place": what, **denied} for what in ("schedules", "jobs")])
    found["observed"]["schedules"] = found["unlisted"]["schedules"] = None
    page = visit(page_of([["etl", found]]), bypass_csp=True)
    page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    assert page.locator("article .badge").all_text_contents() == ["✓ In sync"]
    assert page.locator("h4").first.text_content() == "What could not be read"
    assert page.locator(".problems li").all_text_contents() == [
        f"{what} (forbidden): {HOSTILE}" for what in ("schedules", "jobs")
    ]
    article = page.locator("article").text_content()
    assert "Why it was not compared" not in article
    assert "Last jobs: unknown, they could not be read." in article
    assert "astera_drift_jobs" not in article
    assert page.locator("li", has_text="Schedules: unknown, they could not be read").count() == 1
    assert hindrances(page) == []


def test_no_status_by_colour_alone(visit, page_of):
    page = visit(page_of(FLEET))
    assert page.locator("article .badge").all_text_contents() == ["≠ Drift", "! Not compared", "✓ In sync"]


def test_less_motion(visit, page_of):
    page = visit(page_of(FLEET), reduced_motion="reduce")
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_two_hundred_servers(visit, hindrances, page_of):
    statuses = ("in_sync", "drift", "not_compared", "in_sync")
    page = visit(
        page_of([[f"etl-{number:03}", entry(status=statuses[number % 4])] for number in range(200)]), bypass_csp=True
    )
    assert page.locator("article").count() == 200
    assert page.locator("tbody tr[data-server]").first.locator("th").text_content() == "etl-001"
    page.get_by_label("Name or text").fill("etl-19")
    assert page.locator("output").text_content() == "10 of 200 shown"
    assert hindrances(page) == []
