"""The terminal's tables and the document ``docs/benchmark.md``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .context import say
from .plots import draw
from .tables import Goal, Section

#: The end of the page in Markdown, which no run changes. Its links are those of the page.
EXPLANATION = Path(__file__).with_name("where_the_time_goes.txt")

HEAD = """# Benchmark

<!-- Written by `make bench`; changes by hand are lost. -->

What the collection costs compared with `debug`, `ansible.builtin.uri` and `curl`, measured in one run of

    make bench

which took {minutes} minutes and wrote this page. `tests/bench/README.md` in the repository describes how to run one
part, and what disturbs the figures. The server is an emulator on the same machine. So no figure includes a network or a
real server's own time: the figures compare the cost of the clients.
"""


def show(section: Section) -> None:
    """Print the tables and goals of a part."""
    say()
    for table in section.tables:
        say(f"{table.as_text()}\n")
    for note in section.notes:
        say(f"{note}\n")
    for goal in section.goals:
        say(_goal_line(goal))
    say()


def _goal_line(goal: Goal) -> str:
    measured = f": {goal.measured}" if goal.measured else ""
    return f"  {goal.verdict:12}  {goal.text}{measured}"


def write(path: Path, results: dict[str, Any], sections: dict[str, Section]) -> None:
    """Write the document and, beside it, its plots."""
    parts = [
        HEAD.format(minutes=round(results["minutes"])),
        _machine(results["machine"]),
        _goals(list(sections.values())),
    ]
    for name, section in sections.items():
        parts += [f"## {section.title}", section.how]
        if section.plot:
            plot = path.with_name(f"{path.stem}-{section.plot}.svg")
            draw(section.plot, results["parts"][name], plot)
            parts.append(f"![{section.title}]({plot.name})")
        parts += [table.as_markdown() for table in section.tables]
        parts += section.notes
    parts.append(EXPLANATION.read_text(encoding="utf-8"))
    path.write_text("\n\n".join(part.strip() for part in parts) + "\n", encoding="utf-8")


def _machine(machine: dict[str, str]) -> str:
    lines = [f"| {name} | {value} |" for name, value in machine.items()]
    return "\n".join(["## Measured on", "", "| | |", "| --- | --- |", *lines])


def _goals(sections: list[Section]) -> str:
    lines = []
    for section in sections:
        for goal in section.goals:
            verdict = "reached" if goal.reached else f"**{goal.verdict.lower()}**"
            lines.append(f"| {section.title} | {goal.text} | {goal.measured} | {verdict} |")
    missed = sum(goal.reached is False for section in sections for goal in section.goals)
    summary = f"{missed} of {len(lines)} goals were not reached." if missed else f"All {len(lines)} goals were reached."
    return "\n".join(
        ["## Goals", "", summary, "", "| part | goal | measured | result |", "| --- | --- | --- | --- |", *lines]
    )
