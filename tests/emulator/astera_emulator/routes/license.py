"""License: register a key, then activate it (both documented; the license cannot be read back)."""

from __future__ import annotations

from dataclasses import replace

from starlette.responses import Response

from ..context import Call
from ..errors import ApiError
from ..routing import Content, Operation
from ..schema import Field, Json, Shape
from ..settings import Settings
from ..shapes import LICENSE_KEY, LICENSE_WRAPPER
from ..store import SINGLE, single

_WRAPPER = LICENSE_WRAPPER.fields[0].name
_EITHER = Shape("LicenseKeyRegistration", (Field(_WRAPPER, "object", LICENSE_KEY), *LICENSE_KEY.fields))


async def register_key(call: Call) -> Response:
    """Store user, organization and key. Documented: this does not activate the key."""
    form = call.settings.license_body
    body = await call.json({"wrapped": LICENSE_WRAPPER, "flat": LICENSE_KEY}.get(form, _EITHER))
    wrapped = body.get(_WRAPPER) if form != "flat" else None
    fields: dict[str, Json] = wrapped or ({} if form == "wrapped" else body)
    names = [field.name for field in LICENSE_KEY.fields]
    missing = [name for name in names if not str(fields.get(name) or "").strip()]
    if missing:
        raise ApiError(400, f"Required: {', '.join(missing)}.")
    license_ = single(call.context.store, "license")
    license_.update({name: fields[name] for name in names}, activated=False)
    call.context.store.put("license", SINGLE, license_)
    return Response()


async def activate(call: Call) -> Response:
    """Activate the registered key. Documented: the body must be the empty text, else there is an error."""
    body = await call.body()
    media_type = call.http.headers.get("content-type", "").partition(";")[0].strip().lower()
    as_json = media_type == "application/json" and body.strip() == b'""'
    as_text = media_type in ("", "text/plain") and body == b""
    if not {"json": as_json, "text": as_text, "either": as_json or as_text}[call.settings.activate_body]:
        raise ApiError(call.settings.activate_refusal, "The body must be an empty text.")
    license_ = single(call.context.store, "license")
    if not license_["key"]:
        raise ApiError(400, "No license key is registered.")
    if license_["activated"] and call.settings.second_activation == "refuse":
        raise ApiError(400, "The license key is already activated.")
    license_.update(activated=True, activations=license_["activations"] + 1)
    call.context.store.put("license", SINGLE, license_)
    return Response()


def with_its_body(operation: Operation, settings: Settings) -> Operation:
    """Return an operation as this server describes it: the activation with the forms of the empty text it takes."""
    forms: dict[str, Content] = {"json": "json text", "text": "text", "either": "any text"}
    return replace(operation, content=forms[settings.activate_body]) if operation.handler is activate else operation


OPERATIONS = (
    Operation("POST", "/api/License/Key", register_key, content="json", body=LICENSE_WRAPPER),
    Operation("POST", "/api/License/Activate", activate, content="text"),
)
