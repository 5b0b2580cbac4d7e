"""Options made up from an argument spec: right ones, odd ones, and some of a wrong type."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from ansible_collections.astera.data_stack.tests.properties.values import ANY_TEXT, FLOATS, INTEGER, JSON, TEXT

NAMES = ("A", "B", "C", "Ä ö", "new")
#: Values that mean something under these names; half of the time, so that many examples get beyond the first check.
LIKELY = {
    "name": NAMES,
    "new_name": NAMES,
    "deployment": NAMES,
    "like": NAMES,
    "id": (1, 2, 3),
    "deployment_id": (1, 2),
    "job_id": (1, 2),
    "at": ("04:30", "23:59:59"),
    "utc_offset": ("+01:00", "-07:00", "Z"),
    "start_time": ("2026-12-01T04:30:00+01:00", "2026-12-01T04:30:00.1234567Z"),
    "file": (r"C:\a.wf", "c:/A.wf"),
    "path": (r"C:\a.wf", "D:/b.df", "/api/Cluster", "/api/Deployments"),
    "archive_path": (r"C:\Deployment\a.car",),
    "openapi_path": ("/swagger/v1/swagger.json",),
    "delete_operation": ("DELETE /api/Deployment/{id}", "DELETE /api/Schedule/{id}"),
    "terminate_operation": ("POST /api/Job/{id}/Terminate",),
    "trace_operation": ("GET /api/Job/{id}/Trace",),
    "wait_timeout": (0, 3, 60.5),
    "wait_interval": (0.5, 2),
    "success_statuses": (["Done"],),
    "running_statuses": (["Pausing"],),
    "update_password": ("always", "on_change"),
    "parameters": ({"Variables": {"a": 1, "b": ["x", 2.5], "c": True}},),
}
_OF_TYPE: dict[str, Any] = {
    "str": TEXT | INTEGER | st.booleans(),
    "int": INTEGER | st.sampled_from(["7", " 8 ", "-1", 3.0]),
    "bool": st.booleans() | st.sampled_from(["yes", "no", 1, 0, "on"]),
    "float": st.sampled_from([*FLOATS, "1.5", "nan", 7, 2**70]),
    "dict": st.dictionaries(
        st.sampled_from(["a", "x.y", "typeName", "purgeJobInfoAfter", "comment", "Name", "isActive", "serverDbInfo"]),
        JSON,
        max_size=3,
    )
    | st.sampled_from(["a=b c=d", '{"a": 1}', {}]),
    "raw": JSON | TEXT | st.sampled_from(['{"a": {"password": "x"}}', "[1", {"a": 1}, {"name": "X"}]),
}


#: Options given at once. Few draws make quick examples.
MAX_OPTIONS = 7


def options_for(
    spec: dict[str, dict[str, Any]], files: dict[str, str], exclusive: Sequence[Sequence[str]] = ()
) -> st.SearchStrategy[dict[str, Any]]:
    """Options for an argument spec, without those that address the server."""
    required = [name for name in spec if spec[name].get("required")]
    others = [name for name in spec if name not in required]
    usual = [name for name in ("name",) if name in others]

    @st.composite
    def draw_options(draw: Any) -> dict[str, Any]:
        names = draw(st.lists(st.sampled_from(others), max_size=MAX_OPTIONS, unique=True)) if others else []
        if draw(st.integers(0, 3)):
            names = list(dict.fromkeys(usual + names))
        if draw(st.integers(0, 9)):
            # Of those that exclude each other the first one stays.
            for group in exclusive:
                chosen = [name for name in names if name in group]
                names = [name for name in names if name not in chosen[1:]]
        given = {name: draw(_value(name, spec[name], files)) for name in required + names}
        if names and not draw(st.integers(0, 9)):
            given[draw(st.sampled_from(names))] = None
        return given

    return draw_options()


@st.composite
def _value(draw: Any, name: str, option: dict[str, Any], files: dict[str, str]) -> Any:
    lot = draw(st.integers(0, 99))
    if lot < 2:
        return draw(JSON | ANY_TEXT)
    if option.get("options"):
        inner = options_for(option["options"], files)
        return draw(st.lists(inner, max_size=4) if option["type"] == "list" else inner)
    if option.get("choices"):
        return draw(st.sampled_from(option["choices"]) if lot < 97 else TEXT)
    if name in LIKELY and lot < 65:
        return draw(st.sampled_from(LIKELY[name]))
    if option["type"] == "path":
        return draw(st.sampled_from(sorted(files.values())) | st.just(files["orders.car"]) | st.just(""))
    if option["type"] == "list":
        return draw(st.lists(_OF_TYPE[option.get("elements", "str")], max_size=3))
    return draw(_OF_TYPE[option["type"]])
