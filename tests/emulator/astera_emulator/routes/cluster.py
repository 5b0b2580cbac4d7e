"""Cluster settings. The path and the fields are documented; that GET reads and POST writes is inferred."""

from __future__ import annotations

from starlette.responses import Response

from ..context import Call
from ..editing import check_name, check_timestamps, cluster_timestamps, merge, touch_cluster
from ..errors import ApiError
from ..routing import Operation
from ..shapes import CLUSTER, CLUSTER_WITH_TIMESTAMPS
from ..store import SINGLE, Document, single


async def read_cluster(call: Call) -> Response:
    """Return the settings."""
    return call.response(CLUSTER_WITH_TIMESTAMPS, _shown(call, single(call.context.store, "cluster")))


async def write_cluster(call: Call) -> Response:
    """Store the settings. Documented: their id is always 1."""
    body = await call.json(CLUSTER_WITH_TIMESTAMPS if _has_timestamps(call) else CLUSTER)
    if body.get("id", SINGLE) != SINGLE:
        raise ApiError(call.settings.unknown_id_error, f"There is no cluster with id {body['id']}.")
    if _has_timestamps(call):
        check_timestamps(call.settings, cluster_timestamps(call.context), body)
    document = merge(call.settings, CLUSTER_WITH_TIMESTAMPS, single(call.context.store, "cluster"), body)
    check_name(document["name"])
    document["id"] = SINGLE
    call.context.store.put("cluster", SINGLE, document)
    touch_cluster(call.context)
    return call.saved(CLUSTER_WITH_TIMESTAMPS, _shown(call, document))


def _has_timestamps(call: Call) -> bool:
    """Whether the cluster shows its timestamps and guards updates with them (unknown)."""
    return call.settings.cluster_stamp == "present"


def _shown(call: Call, cluster: Document) -> Document:
    """Return the settings as responses show them."""
    return {**cluster, **cluster_timestamps(call.context)} if _has_timestamps(call) else cluster


OPERATIONS = (
    Operation("GET", "/api/Cluster", read_cluster),
    Operation("POST", "/api/Cluster", write_cluster, content="json", body=CLUSTER),
)
