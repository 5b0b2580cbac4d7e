"""Server config and server information."""

from __future__ import annotations

from starlette.responses import Response

from ..context import Call
from ..editing import merge
from ..errors import ApiError
from ..forms import split_profiles
from ..redaction import REDACTED
from ..routing import Operation
from ..schema import Json
from ..shapes import CONFIG, SERVER_INFO
from ..store import SINGLE, Document, single

CONFIG_PATH = "/api/Server/Config"


async def read_config(call: Call) -> Response:
    """Return the config, in the shape that the POST takes (documented)."""
    return call.response(CONFIG, _shown(call, single(call.context.store, "config")))


async def write_config(call: Call) -> Response:
    """Store the config; whether and when the service restarts then is unknown, hence a setting."""
    body = await call.json(CONFIG)
    context, settings = call.context, call.settings
    if settings.incomplete_config == "refuse" and not (body.get("serverDbInfo") and body.get("serverProfile")):
        raise ApiError(400, "The repository information and the server profile are required.")
    stored = single(context.store, "config")
    document = merge(settings, CONFIG, stored, body)
    _check_port(document["port"])
    document["serverProfile"] = _profile(call, stored["serverProfile"], document["serverProfile"])
    context.store.put("config", SINGLE, document)
    if settings.port_change == "rebind" and document["port"] != stored["port"]:
        context.new_port = document["port"]
    _order_restart(call)
    return call.saved(CONFIG, _shown(call, document))


async def read_server_info(call: Call) -> Response:
    """Return facts about the server. The operation is documented, all its fields are invented."""
    info: Json = {
        "serverName": "ASTERA-SERVER",
        "product": "Astera Integration Server",
        "version": "10.0.0.0",
        "operatingSystem": "Microsoft Windows Server",
        "licenseType": "Server",
    }
    return call.response(SERVER_INFO, [info] if call.settings.server_info == "list" else info)


def _order_restart(call: Call) -> None:
    """Restart after the response as the settings have it."""
    settings, context = call.settings, call.context
    if settings.restart_after_config == "delayed":
        call.afterwards.append(lambda: context.restart(settings.restart_seconds, settings.restart_delay))
    elif settings.restart_after_config == "immediate":
        # Refusing begins before the response: the client must not get in again between the response and the restart.
        context.refuse()
        call.afterwards.append(lambda: context.restart(settings.restart_seconds, 0.0))


def _shown(call: Call, config: Document) -> Document:
    """Return the config as responses show it: the repository password may be masked or left out (unknown)."""
    repository = config.get("serverDbInfo")
    if call.settings.config_password == "plain" or not isinstance(repository, dict):
        return config
    repository = {name: value for name, value in repository.items() if name != "password"}
    if call.settings.config_password == "masked":
        repository["password"] = REDACTED
    return {**config, "serverDbInfo": repository}


def _check_port(port: int) -> None:
    """Reject what is no TCP port."""
    if not 0 < port < 65536:
        raise ApiError(400, f"The port {port} is not between 1 and 65535.")


def _profile(call: Call, old: str | None, new: str | None) -> str | None:
    """Return the profile to store; that it must exist is documented, what happens otherwise is unknown."""
    settings = call.settings
    if not new or not new.strip():
        raise ApiError(400, "The server profile is required.")
    if new == old or new in split_profiles(settings.profiles) or settings.unknown_profile == "accept":
        return new
    if settings.unknown_profile == "refuse":
        raise ApiError(400, f"There is no server profile '{new}'.")
    return old


OPERATIONS = (
    Operation("GET", CONFIG_PATH, read_config),
    Operation("POST", CONFIG_PATH, write_config, content="json", body=CONFIG),
    Operation("GET", "/api/ServerInfo", read_server_info),
)
