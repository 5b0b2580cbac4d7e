"""How much a run of ansible-playbook prints about many objects, and how often it prints the same text."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

MANY = "astera.data_stack.astera_schedules"
WORDS = "The start item LoadOrders.wf is not in the archive of the deployment, or the server cannot read the archive."
#: Characters of a text that may stand in a result three times.
LONG = 80


def schedules(count: int, **more: Any) -> list[dict[str, Any]]:
    daily = {"at": "04:30", "utc_offset": "+01:00"}
    options = {"deployment": "Orders nightly", "start_item": "LoadOrders.wf", "daily": daily, "skip_if_running": True}
    return [{"name": f"Orders of customer {number:03}", **options, **more} for number in range(count)]


def steps(output: str) -> dict[str, str]:
    """What each task printed, by its name."""
    parts = re.split(r"^TASK \[(.+?)\] \*+$", output, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def result_in(step: str) -> dict[str, Any]:
    """The result that a step printed on one line."""
    match = re.search(r"=> (\{.*\})$", step, re.MULTILINE)
    assert match, step
    return json.loads(match[1])


def texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, (dict, list)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from texts_in(item)
    elif isinstance(value, str):
        yield value


def most_repeated(result: dict[str, Any]) -> int:
    """How often the long text stands in a result that stands there most often."""
    pieces = Counter(
        text[start : start + LONG + 1] for text in texts_in(result) for start in range(max(0, len(text) - LONG))
    )
    return max(pieces.values(), default=0)


def test_what_a_hundred_schedules_print(emulator, play, tasks):
    emulator.put("deployment", {"name": "Orders nightly", "clusterArchiveFilePath": r"C:\Deployment\o.car"})
    emulator.add_fault(method="POST", path="/api/Schedule", nth=151, status=400, body=json.dumps(WORDS))
    found = play(
        tasks(
            {"name": "new", MANY: {"schedules": schedules(100)}},
            {"name": "same", MANY: {"schedules": schedules(100)}},
            {"name": "stopped", MANY: {"schedules": schedules(100, active=False)}, "ignore_errors": True},
            {"name": "misspelt", MANY: {"schedules": [*schedules(1), {"strat_item": "x"}], "servr_url": "x"}},
        ),
        "-v",
    )
    step = steps(found.output)
    sizes = {name: len(text.encode()) for name, text in step.items()}
    assert sizes["new"] < 60_000, sizes
    assert sizes["same"] < 15_000, sizes
    assert sizes["stopped"] < 15_000, sizes
    assert sizes["misspelt"] < 2_000, sizes

    result = result_in(step["stopped"])
    assert result["msg"] == (
        "1 of 100 schedules failed, and 49 were not tried. 'Orders of customer 050': "
        f'the server responded with 400 Bad Request (POST /api/Schedule): "{WORDS[:-1]}".'
    )
    assert result["error"]["message"] == "1 of 100 schedules failed, and 49 were not tried"
    (failed,) = [entry for entry in result["results"] if entry.get("failed")]
    assert failed["error"]["kind"] == "rejected"
    assert [len(entry) for entry in result["results"] if entry is not failed] == [4] * 50 + [5] * 49
    # Newer cores print `msg` once more by themselves.
    assert most_repeated(result) <= 2

    assert result_in(step["misspelt"])["msg"] == (
        "servr_url: there is no such option; did you mean server_url?"
        " schedules[2].strat_item: there is no such option; did you mean start_item?"
    )


def test_what_roles_print_of_a_misspelt_variable(play):
    """Not the argument spec of the role, which takes kilobytes."""
    calls = [
        ("schedules", {"astera_schedule": []}, "did you mean astera_schedules?"),
        ("cluster", {"astera_clustre": {}}, "did you mean astera_cluster?"),
        (
            "cluster",
            {"astera_cluster": {"nmae": 1}},
            "astera_cluster.nmae: there is no such option; did you mean name?",
        ),
        ("license", {}, "astera_license is not set. The role license needs it."),
        ("drift_report", {"astera_drift_report_dri": "x"}, "Set astera_drift_report_dir to a folder"),
    ]
    blocks = [
        {
            "block": [{"ansible.builtin.include_role": {"name": f"astera.data_stack.{role}"}, "vars": variables}],
            "rescue": [{"ansible.builtin.debug": {"msg": "next"}}],
        }
        for role, variables, _text in calls
    ]
    found = play([{"hosts": "astera", "gather_facts": False, "tasks": blocks}])
    assert found.ok, found.output
    failures = re.findall(r"^fatal: .*", found.output, re.MULTILINE)
    assert len(failures) == len(calls), found.output
    for failure, (_role, _variables, text) in zip(failures, calls, strict=True):
        assert text in failure
        assert len(failure) < 1_000, failure
