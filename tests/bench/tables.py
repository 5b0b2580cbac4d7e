"""Tables, goals and sections: what a part of the benchmark shows, for the terminal and for Markdown."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Table:
    """A table; its first column is text, the others are figures."""

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]

    def as_text(self) -> str:
        """Aligned columns for the terminal."""
        lines = [self.header, *self.rows]
        widths = [max(len(line[column]) for line in lines) for column in range(len(self.header))]
        shown = [
            "  ".join(cell.rjust(width) if column else cell.ljust(width) for column, (cell, width) in pairs).rstrip()
            for pairs in (enumerate(zip(line, widths, strict=True)) for line in lines)
        ]
        return "\n".join([self.title, *(f"  {line}" for line in shown)])

    def as_markdown(self) -> str:
        """A table of Markdown."""
        rule = ["---", *("--:" for _column in self.header[1:])]
        lines = [f"| {' | '.join(line)} |" for line in (self.header, rule, *self.rows)]
        return "\n".join([f"**{self.title}**", "", *lines])


@dataclass(frozen=True)
class Goal:
    """A goal and what was measured. ``reached`` is None when this run did not measure it."""

    text: str
    measured: str
    reached: bool | None

    @property
    def verdict(self) -> str:
        return {True: "reached", False: "NOT REACHED", None: "not measured"}[self.reached]


def at_most(text: str, value: float | None, limit: float, unit: str = "", digits: int = 2) -> Goal:
    """A goal that is reached when a value is not above a limit."""
    measured = "" if value is None else f"{value:.{digits}f}{unit}"
    return Goal(text, measured, None if value is None else value <= limit)


def at_least(text: str, value: float | None, limit: float, unit: str = "", digits: int = 2) -> Goal:
    """A goal that is reached when a value is not below a limit."""
    measured = "" if value is None else f"{value:.{digits}f}{unit}"
    return Goal(text, measured, None if value is None else value >= limit)


@dataclass(frozen=True)
class Section:
    """What one part found. ``how`` describes how it was measured; ``plot`` names an SVG beside the document."""

    title: str
    how: str
    tables: Sequence[Table]
    goals: Sequence[Goal]
    notes: Sequence[str] = field(default_factory=tuple)
    plot: str | None = None


def median(values: Sequence[float]) -> float:
    """The median of seconds or of whatever else was measured more than once."""
    return statistics.median(values)


def less(values: Sequence[float], base: Sequence[float]) -> list[float]:
    """Each value less the base of the same round, so that a slow minute of the machine takes from both."""
    return [value - nothing for value, nothing in zip(values, base, strict=True)]
