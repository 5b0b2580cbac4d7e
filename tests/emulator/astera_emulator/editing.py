"""How config, cluster, deployments and schedules are stored: create, update, timestamps, another administrator."""

from __future__ import annotations

from collections.abc import Callable

from . import timestamps
from .context import Context
from .errors import ApiError
from .forms import split_names
from .merging import complete, keep
from .schema import Json, Shape, rename
from .settings import Settings
from .shapes import (
    CLUSTER_WITH_TIMESTAMPS,
    CONFIG,
    DEFAULT_CLUSTER,
    DEFAULT_CONFIG,
    DEFAULT_LICENSE,
    DEPLOYMENT,
    SCHEDULE,
)
from .store import SINGLE, Document, Store, single

_SHAPES = {"config": CONFIG, "cluster": CLUSTER_WITH_TIMESTAMPS, "deployment": DEPLOYMENT, "schedule": SCHEDULE}


def seed(store: Store) -> None:
    """Give an empty store what a fresh server has."""
    for kind, document in (("config", DEFAULT_CONFIG), ("cluster", DEFAULT_CLUSTER), ("license", DEFAULT_LICENSE)):
        if store.get(kind, SINGLE) is None:
            store.put(kind, SINGLE, document)


def missing_text(settings: Settings) -> str | None:
    """Return what a text is that nobody gave."""
    return "" if settings.missing_text == "empty" else None


def merge(settings: Settings, shape: Shape, old: Document, new: Document) -> Document:
    """Return the document after an update; ids and timestamps stay the server's own."""
    settable = {name: value for name, value in new.items() if not _is_managed(shape, name)}
    if settings.partial_update == "keep":
        return keep(shape, old, settable)
    owned = {name: value for name, value in old.items() if _is_managed(shape, name)}
    return {**owned, **complete(shape, settable, missing_text(settings))}


def check_timestamps(settings: Settings, stored: Document, body: Document) -> None:
    """Reject an update of an outdated object (documented: 400). No timestamp at all is as old as can be."""
    timestamp: str | None = body.get("updateDtTm")
    current: str = stored["updateDtTm"]
    newer = timestamp is not None and timestamps.to_ticks(timestamp) >= timestamps.to_ticks(current)
    if timestamp != current and not (newer and settings.newer_stamp == "accept"):
        raise ApiError(400, "UpdateDtTm is outdated: the object was changed since it was read.")
    if settings.created_stamp == "required" and body.get("createdDtTm") != stored["createdDtTm"]:
        raise ApiError(400, "CreatedDtTm is missing or is not that of the object.")


def heeded(settings: Settings, body: Document) -> Document:
    """Return what the server takes of a body: a creation may ignore some of its fields (unknown)."""
    if body.get("id", 0) != 0:
        return body
    ignored = split_names(settings.ignored_on_create)
    return {name: value for name, value in body.items() if name.casefold() not in ignored}


def save(context: Context, kind: str, shape: Shape, body: Document, finish: Callable[[Document], None]) -> Document:
    """Create (id 0 or none) or update (any other id) a deployment or schedule; return the stored document.

    `finish` completes the merged document and raises ApiError when it cannot be stored.
    """
    number = body.get("id", 0)
    if number == 0:
        number = context.store.next_id(kind)
        fields = {name: value for name, value in body.items() if not _is_managed(shape, name)}
        document = complete(shape, fields, missing_text(context.settings))
        created = None
    else:
        stored = context.store.get(kind, number)
        if stored is None:
            raise ApiError(context.settings.unknown_id_error, f"There is no {kind} with id {number}.")
        check_timestamps(context.settings, stored, body)
        document = merge(context.settings, shape, stored, body)
        created = stored["createdDtTm"]
    document = {"id": number, **document}
    finish(document)
    return _store(context, kind, document, created)


def administer(context: Context, kind: str, change: Document) -> Document:
    """Insert or update as another administrator does who works in the client: no checks, a new timestamp."""
    if kind not in _SHAPES:
        raise ValueError(f"{kind!r} is not one of: {', '.join(_SHAPES)}")
    shape = _SHAPES[kind]
    bound = rename(shape, change)
    if kind in ("config", "cluster"):
        document = keep(shape, single(context.store, kind), {**bound, **({"id": SINGLE} if kind == "cluster" else {})})
        context.store.put(kind, SINGLE, document)
        if kind == "cluster":
            touch_cluster(context)
        return document
    number = bound.get("id") or context.store.next_id(kind)
    stored = context.store.get(kind, number)
    old = stored or complete(shape, {}, missing_text(context.settings))
    return _store(context, kind, {**keep(shape, old, bound), "id": number}, (stored or {}).get("createdDtTm"))


def remove(context: Context, kind: str, number: int) -> None:
    """Delete a deployment or schedule as another administrator does in the client. KeyError: there is none."""
    if kind not in ("deployment", "schedule"):
        raise ValueError(f"{kind!r} cannot be deleted")
    if context.store.get(kind, number) is None:
        raise KeyError(f"{kind} {number}")
    if kind == "schedule":
        context.scheduler.check()
    context.store.remove(kind, number)


def cluster_timestamps(context: Context) -> Document:
    """Return the cluster's timestamps. They are stored apart, as it is unknown whether the cluster has any."""
    return context.store.get("cluster_timestamps", SINGLE) or touch_cluster(context)


def touch_cluster(context: Context) -> Document:
    """Give the cluster a new timestamp; return its timestamps."""
    now = context.timestamps.next()
    created = (context.store.get("cluster_timestamps", SINGLE) or {}).get("createdDtTm", now)
    document = {"updateDtTm": now, "createdDtTm": created}
    context.store.put("cluster_timestamps", SINGLE, document)
    return document


def check_name(value: Json) -> None:
    """Reject an empty name."""
    if not isinstance(value, str) or not value.strip():
        raise ApiError(400, "The name is required.")


def check_unique(context: Context, kind: str, document: Document) -> None:
    """Reject a name that another object of the kind has."""
    fold = str.casefold if context.settings.name_clash == "ignore_case" else str
    for other in context.store.all(kind):
        if other["id"] != document["id"] and fold(other["name"] or "") == fold(document["name"]):
            raise ApiError(400, f"A {kind} with the name '{document['name']}' already exists.")


def _store(context: Context, kind: str, document: Document, created: str | None) -> Document:
    """Store a document with new timestamps. What a schedule was due for before, it is due for as it stood."""
    if kind == "schedule":
        context.scheduler.check()
    document["updateDtTm"] = context.timestamps.next()
    document["createdDtTm"] = created or document["updateDtTm"]
    context.store.put(kind, document["id"], document)
    if kind == "schedule":
        context.scheduler.note(document)
    return document


def _is_managed(shape: Shape, name: str) -> bool:
    """Whether the server sets this field."""
    field = shape.find(name)
    return field is not None and field.managed
