"""Deployments: list, create, update (documented). No operation that deletes one is known."""

from __future__ import annotations

from starlette.responses import Response

from .. import activation
from ..context import Call
from ..editing import check_name, check_unique, heeded, save
from ..errors import ApiError
from ..routing import Operation
from ..schema import Shape
from ..shapes import DEPLOYMENT
from ..store import Document


async def read_deployments(call: Call) -> Response:
    """Return all deployments."""
    return call.response(_shape(call), [_shown(call, item) for item in call.context.store.all("deployment")])


async def write_deployment(call: Call) -> Response:
    """Create or update a deployment."""
    body = heeded(call.settings, await call.json(_shape(call)))
    body = activation.taken(body, call.settings.deployment_active_field)
    if _has_activation(call):
        if body.get("id", 0) == 0:
            body.setdefault("isActive", call.settings.new_deployment_active == "yes")
    else:
        body.pop("isActive", None)

    def finish(document: Document) -> None:
        if not _has_activation(call):
            document.pop("isActive", None)
        check_name(document["name"])
        check_unique(call.context, "deployment", document)
        _check_archive(call, document)

    return call.saved(_shape(call), _shown(call, save(call.context, "deployment", DEPLOYMENT, body, finish)))


def _shape(call: Call) -> Shape:
    """Return the shape of deployments on this server."""
    return activation.shape_with(DEPLOYMENT, call.settings.deployment_active_field)


def _has_activation(call: Call) -> bool:
    """Whether deployments have an activation state; inferred from the documentation's prose."""
    return call.settings.deployment_activation == "is_active"


def _check_archive(call: Call, document: Document) -> None:
    """Reject an archive that is not on the server, where the setting makes the server check."""
    path = document["clusterArchiveFilePath"] or ""
    if call.settings.missing_archive == "refuse" and not call.context.files.exists(path):
        raise ApiError(400, f"There is no archive at '{path}'.")


def _shown(call: Call, deployment: Document) -> Document:
    """Return a deployment as responses show it."""
    if _has_activation(call):
        return activation.shown(deployment, call.settings.deployment_active_field)
    return {name: value for name, value in deployment.items() if name != "isActive"}


OPERATIONS = (
    Operation("GET", "/api/Deployments", read_deployments),
    Operation("POST", "/api/Deployment", write_deployment, content="json", body=DEPLOYMENT),
)
