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

STAMPS = st.sampled_from(["2026-01-01T00:00:00.1234567-07:00", "2026-12-31T23:59:59Z"])
_RIGHT: dict[str, Any] = {
    "string": TEXT,
    "integer": st.integers(0, 2**31 - 1) | st.integers(1, 3),
    "boolean": st.booleans(),
    "date-time": STAMPS,
    "any": st.none(),
}
DAILY = st.fixed_dictionaries(
    {
        "typeName": st.just("Astera.Core.DailySchedule"),
        "dailyScheduleBase": st.fixed_dictionaries(
            {"typeName": st.just("Astera.Core.DailyScheduleEveryDay"), "startTime": STAMPS}
        ),
    }
)
OTHER_FREQUENCY = st.just({"typeName": "Custom.Weekly", "days": [1, 2]})
WORDS = ("Completed", "Running", "Queued", "Unknown", "Invalid", "Failed", "Terminated", "Weird")


#: What a member has unless an example chooses something else.
_PLAIN: dict[str, Any] = {
    "string": "x",
    "integer": 1,
    "boolean": True,
    "date-time": "2026-01-01T00:00:00Z",
    "any": None,
}


def plain_object(shape: schema.Shape, *, pascal: bool) -> dict[str, Any]:
    """An object with all members that are documented, but those that the server sets."""
    return {
        schema.pascal(member.name) if pascal else member.name: plain_object(member.shape, pascal=pascal)
        if member.shape
        else member.words[0]
        if member.words
        else _PLAIN[member.kind]
        for member in shape.members
        if not member.managed
    }


@st.composite
def an_object(draw: Any, shape: schema.Shape, *, sound: bool = True) -> dict[str, Any]:
    """An object of a documented shape, in one of the two casings, with some odd members and some unknown ones."""
    pascal = draw(st.booleans())
    obj = {**plain_object(shape, pascal=pascal), **draw(UNKNOWN)}
    for member in draw(st.lists(st.sampled_from(shape.members), max_size=3, unique=True)):
        if member.managed and sound:
            continue
        name = schema.pascal(member.name) if pascal else member.name
        lot = draw(st.integers(0, 5))
        if lot == 0:
            obj.pop(name, None)
        elif lot == 1 and member.nullable:
            obj[name] = None
        elif not sound and lot < 5:
            obj[name] = draw(JSON)
        elif member.name == "schedule":
            obj[name] = draw(DAILY | OTHER_FREQUENCY)
        elif member.shape is not None:
            obj[name] = draw(an_object(member.shape, sound=sound))
        else:
            obj[name] = draw(st.sampled_from(member.words) if member.words else _RIGHT[member.kind])
    return obj


@st.composite
def some_objects(draw: Any, shape: schema.Shape) -> list[dict[str, Any]]:
    """Objects with ids, names and stamps; the first ones may be odd."""
    objects = [draw(an_object(shape)) for _number in range(draw(st.integers(0, 2)))]
    if draw(st.booleans()):
        objects.append(plain_object(shape, pascal=False))
    stamp = draw(STAMPS)
    for number, obj in enumerate(objects, 1):
        obj.pop("Name", None)
        obj.update(id=number, name=NAMES[number - 1], updateDtTm=stamp, createdDtTm=stamp)
    return objects


@st.composite
def sound_server(draw: Any) -> Server:
    server = Server(
        cluster={**draw(an_object(shapes.CLUSTER)), "id": 1},
        deployments=draw(some_objects(shapes.DEPLOYMENT)),
        schedules=draw(some_objects(shapes.SCHEDULE)),
        words=tuple(draw(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3))),
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
def _odd_answer(draw: Any, kind: str) -> tuple[int, str]:
    if kind in _SHAPED and draw(st.booleans()):
        return 200, json.dumps(draw(an_object(_SHAPED[kind], sound=False)))
    if kind in _LISTS and draw(st.booleans()):
        return 200, json.dumps(draw(st.lists(an_object(_LISTS[kind], sound=False), max_size=3)))
    return draw(st.sampled_from(STATUSES)), draw(TEXTS)


@st.composite
def broken_server(draw: Any) -> Server:
    """A sound server that answers some calls with something else."""
    server = draw(sound_server())
    kinds = [*KINDS, "commandlineprocessor"]
    for kind in draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=4, unique=True)):
        if kind == "login" and draw(st.integers(0, 3)):
            continue
        server.odd[kind] = draw(st.lists(_odd_answer(kind), min_size=1, max_size=3))
    return server
