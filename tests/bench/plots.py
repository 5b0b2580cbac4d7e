"""The plots of the document, as SVG."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("svg")

from matplotlib import pyplot

from . import schedules, tasks
from .tables import median

#: Equal figures make equal files: text stays text, names of elements do not vary, no date.
_SETTINGS: Any = {"svg.fonttype": "none", "svg.hashsalt": "astera", "font.family": "sans-serif", "font.size": 9}
_COLOURS = {"bulk": "#0072b2", "loop": "#009e73", "uri": "#d55e00", "uri_list": "#e69f00"}
_BARS = {
    tasks.DEBUG: "#999999",
    tasks.DEBUG_SAME: "#999999",
    tasks.IN_PROCESS: "#0072b2",
    tasks.MODULE: "#56b4e9",
    tasks.NOOP: "#bbbbbb",
}


def draw(name: str, raw: dict[str, Any], path: Path) -> None:
    """Draw the plot of a section from the raw figures of its part."""
    with pyplot.rc_context(_SETTINGS):
        figure = {"tasks": _tasks, "schedules": _schedules}[name](raw)
        figure.savefig(path, metadata={"Date": None}, bbox_inches="tight", facecolor="white")
        pyplot.close(figure)


def _tasks(raw: dict[str, Any]) -> Any:
    """Milliseconds of each kind, a panel for each shape."""
    figure, panels = pyplot.subplots(1, len(raw), figsize=(10, 2.4), sharey=True, layout="constrained")
    for panel, (shape, found) in zip(panels, raw.items(), strict=True):
        typical = {kind: median(values) for kind, values in tasks.costs(found).items()}
        bars = panel.barh(list(typical), list(typical.values()), color=[_BARS.get(kind, "#d55e00") for kind in typical])
        panel.bar_label(bars, fmt="%.0f", padding=2)
        panel.set_title(tasks.TITLES[shape])
        panel.set_xlabel("ms")
        panel.margins(x=0.15)
        panel.spines[["top", "right"]].set_visible(False)
    panels[0].invert_yaxis()
    return figure


def _schedules(raw: dict[str, Any]) -> Any:
    """Seconds against the number of schedules, both logarithmic; what was not measured is dashed."""
    figure, panels = pyplot.subplots(1, 2, figsize=(10, 4), sharey=True, layout="constrained")
    for panel, run in zip(panels, schedules.RUNS, strict=True):
        for name, way in schedules.WAYS.items():
            if name not in raw:
                continue
            line = schedules.points(raw, name, run)
            measured = [point for point in line if not point.extrapolated]
            beyond = [measured[-1], *(point for point in line if point.extrapolated)]
            style: dict[str, Any] = {"color": _COLOURS[name], "marker": "o", "markersize": 4}
            panel.plot([p.size for p in measured], [p.seconds for p in measured], label=way.title, **style)
            style.update(linestyle="--", markerfacecolor="white", markevery=slice(1, None))
            panel.plot([p.size for p in beyond], [p.seconds for p in beyond], **style)
        panel.set(xscale="log", yscale="log", title=f"{run} run", xlabel="schedules")
        for axis in (panel.xaxis, panel.yaxis):
            axis.set_major_formatter(lambda value, _position: f"{value:,g}")
        panel.grid(True, which="major", color="#dddddd")
        panel.spines[["top", "right"]].set_visible(False)
    panels[0].set_ylabel("seconds over an empty play (dashed: extrapolated)")
    figure.legend(*panels[0].get_legend_handles_labels(), loc="outside lower center", ncols=len(raw), frameon=False)
    return figure
