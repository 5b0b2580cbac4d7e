"""Cluster settings. The path and the members are documented; that GET reads and POST writes is inferred."""

from __future__ import annotations

from starlette.responses import Response

from ..context import Call
from ..editing import SINGLE, check_name, check_stamps, cluster_stamps, merge, single, touch_cluster
from ..errors import ApiError
from ..routing import Operation
from ..shapes import CLUSTER, CLUSTER_STAMPED
from ..store import Document


async def read_cluster(call: Call) -> Response:
    """Answer with the settings."""
    return call.answer(CLUSTER_STAMPED, _shown(call, single(call.context.store, "cluster")))


async def write_cluster(call: Call) -> Response:
    """Store the settings. Documented: their id is always 1."""
    body = await call.json(CLUSTER_STAMPED if _has_stamps(call) else CLUSTER)
    if body.get("id", SINGLE) != SINGLE:
        raise ApiError(call.settings.unknown_id_error, f"There is no cluster with id {body['id']}.")
    if _has_stamps(call):
        check_stamps(call.settings, cluster_stamps(call.context), body)
    document = merge(call.settings, CLUSTER_STAMPED, single(call.context.store, "cluster"), body)
    check_name(document["name"])
    document["id"] = SINGLE
    call.context.store.put("cluster", SINGLE, document)
    touch_cluster(call.context)
    return call.saved(CLUSTER_STAMPED, _shown(call, document))


def _has_stamps(call: Call) -> bool:
    """Whether the cluster shows its stamps and guards updates with them (unknown)."""
    return call.settings.cluster_stamp == "present"


def _shown(call: Call, cluster: Document) -> Document:
    """Return the settings as answered."""
    return {**cluster, **cluster_stamps(call.context)} if _has_stamps(call) else cluster


OPERATIONS = (
    Operation("GET", "/api/Cluster", read_cluster),
    Operation("POST", "/api/Cluster", write_cluster, content="json", body=CLUSTER),
)
