"""Servers made up from the documented shapes: sound ones with odd but rightly typed values, and broken ones."""

from __future__ import annotations

import json
from typing import Any

from astera_emulator import schema, shapes
from hypothesis import strategies as st

from ansible_collections.astera.data_stack.tests.properties.options import NAMES
from ansible_collections.astera.data_stack.tests.properties.server import DOCUMENT, Server
from ansible_collections.astera.data_stack.tests.properties.values import (
    JSON,
    STATUSES,
    TEXT,
    TEXTS,
    UNKNOWN,
)

TIMESTAMPS = st.sampled_from(["2026-01-01T00:00:00.1234567-07:00", "2026-12-31T23:59:59Z"])
_RIGHT: dict[str, Any] = {
    "string": TEXT,
    "integer": st.integers(0, 2**31 - 1) | st.integers(1, 3),
    "boolean": st.booleans(),
    "date-time": TIMESTAMPS,
    "any": st.none(),
}
DAILY = st.fixed_dictionaries(
    {
        "typeName": st.just("Astera.Core.DailySchedule"),
        "dailyScheduleBase": st.fixed_dictionaries(
            {"typeName": st.just("Astera.Core.DailyScheduleEveryDay"), "startTime": TIMESTAMPS}
        ),
    }
)
OTHER_FREQUENCY = st.just({"typeName": "Custom.Weekly", "days": [1, 2]})
JOB_STATUSES = ("Completed", "Running", "Queued", "Unknown", "Invalid", "Failed", "Terminated", "Weird")


#: What a field has unless an example chooses something else.
_PLAIN: dict[str, Any] = {
    "string": "x",
    "integer": 1,
    "boolean": True,
    "date-time": "2026-01-01T00:00:00Z",
    "any": None,
}


def plain_object(shape: schema.Shape, *, pascal: bool) -> dict[str, Any]:
    """An object with all fields that are documented, but those that the server sets."""
    return {
        schema.pascal(field.name) if pascal else field.name: plain_object(field.shape, pascal=pascal)
        if field.shape
        else field.choices[0]
        if field.choices
        else _PLAIN[field.kind]
        for field in shape.fields
        if not field.managed
    }


@st.composite
def an_object(draw: Any, shape: schema.Shape, *, sound: bool = True) -> dict[str, Any]:
    """An object of a documented shape, in one of the two casings, with some odd fields and some unknown ones."""
    pascal = draw(st.booleans())
    obj = {**plain_object(shape, pascal=pascal), **draw(UNKNOWN)}
    for field in draw(st.lists(st.sampled_from(shape.fields), max_size=3, unique=True)):
        if field.managed and sound:
            continue
        name = schema.pascal(field.name) if pascal else field.name
        lot = draw(st.integers(0, 5))
        if lot == 0:
            obj.pop(name, None)
        elif lot == 1 and field.nullable:
            obj[name] = None
        elif not sound and lot < 5:
            obj[name] = draw(JSON)
        elif field.name == "schedule":
            obj[name] = draw(DAILY | OTHER_FREQUENCY)
        elif field.shape is not None:
            obj[name] = draw(an_object(field.shape, sound=sound))
        else:
            obj[name] = draw(st.sampled_from(field.choices) if field.choices else _RIGHT[field.kind])
    return obj


@st.composite
def some_objects(draw: Any, shape: schema.Shape) -> list[dict[str, Any]]:
    """Objects with ids, names and timestamps; the first ones may be odd."""
    objects = [draw(an_object(shape)) for _number in range(draw(st.integers(0, 2)))]
    if draw(st.booleans()):
        objects.append(plain_object(shape, pascal=False))
    timestamp = draw(TIMESTAMPS)
    for number, obj in enumerate(objects, 1):
        obj.pop("Name", None)
        obj.update(id=number, name=NAMES[number - 1], updateDtTm=timestamp, createdDtTm=timestamp)
    return objects


@st.composite
def sound_server(draw: Any) -> Server:
    server = Server(
        cluster={**draw(an_object(shapes.CLUSTER)), "id": 1},
        deployments=draw(some_objects(shapes.DEPLOYMENT)),
        schedules=draw(some_objects(shapes.SCHEDULE)),
        statuses=tuple(draw(st.lists(st.sampled_from(JOB_STATUSES), min_size=1, max_size=3))),
        document=DOCUMENT if draw(st.booleans()) else None,
    )
    server.config.update(draw(UNKNOWN))
    return server


_SHAPED = {
    "config": shapes.CONFIG,
    "cluster": shapes.CLUSTER,
    "schedule": shapes.SCHEDULE,
}
_LISTS = {"deployments": shapes.DEPLOYMENT, "schedules": shapes.SCHEDULE}
KINDS = (*_SHAPED, *_LISTS, "login", "serverinfo", "deployment", "uploadfile", "key", "activate", "status", "swagger")


@st.composite
def _odd_response(draw: Any, kind: str) -> tuple[int, str]:
    if kind in _SHAPED and draw(st.booleans()):
        return 200, json.dumps(draw(an_object(_SHAPED[kind], sound=False)))
    if kind in _LISTS and draw(st.booleans()):
        return 200, json.dumps(draw(st.lists(an_object(_LISTS[kind], sound=False), max_size=3)))
    return draw(st.sampled_from(STATUSES)), draw(TEXTS)


@st.composite
def broken_server(draw: Any) -> Server:
    """A sound server that returns something else at some endpoints."""
    server = draw(sound_server())
    kinds = [*KINDS, "commandlineprocessor"]
    for kind in draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=4, unique=True)):
        if kind == "login" and draw(st.integers(0, 3)):
            continue
        server.odd[kind] = draw(st.lists(_odd_response(kind), min_size=1, max_size=3))
    return server
