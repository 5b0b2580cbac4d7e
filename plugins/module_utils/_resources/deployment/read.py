# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deployments: ``GET /api/Deployments``, ``POST /api/Deployment``, uploads. Private: may change in any release.

Documented: id 0 creates, another id updates; a duplicate name and an outdated timestamp get a 400; the archive is
uploaded first. Unknown: the response to the POST, so we read back by name. The content of a stored archive cannot be
read, so its name on the server carries the SHA-256 of its bytes.
"""

from __future__ import annotations

from typing import Any

from ..._engine.field import ACTIVE_NAMES, NAME_RULES, Field, show_object, windows_path
from ..._engine.lookup import ListCache, selected
from ..._engine.result import Result
from ..._http.client import Client
from ..._runner.argument_spec import Spec

LIST_PATH = "/api/Deployments"
PATH = "/api/Deployment"

_DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
ID = Field(
    "id",
    "id",
    "int",
    description="The server's id of the deployment. Selects it instead of O(name). If you set both, they must match.",
    sample=4,
)
NAME = Field("name", "name", description=f"Name of the deployment. {NAME_RULES}", sample="Orders")
ARCHIVE = Field(
    "archive_path",
    "clusterArchiveFilePath",
    compare=windows_path,
    description="Path of a C(.car) file that is already on the server. Case and the kind of slash do not matter.",
    sample=f"C:\\Deployment\\orders-{_DIGEST}.car",
)
CONFIG = Field(
    "config_path",
    "clusterConfigFilePath",
    compare=windows_path,
    create="",
    description="Path of a C(.cfg) file that is already on the server. An empty text means no configuration.",
    sample="",
)
# The prose lists an activation state, the table of fields does not: the name is inferred from the schedules.
ACTIVE = Field(
    "active",
    "isActive",
    "bool",
    when_shown=True,
    other_names=ACTIVE_NAMES,
    description="Whether the deployment is active. If the server's object has no field for it, the task warns.",
    sample=True,
)
SETTINGS = (
    Field(
        "encrypt_files",
        "encryptFiles",
        "bool",
        create=False,
        description="Whether the server encrypts the configuration file.",
        sample=False,
    ),
    Field(
        "comment",
        "comment",
        create="",
        free_text=True,
        description="Comment that the list of deployments shows.",
        sample="Release 4.2",
    ),
    ACTIVE,
)
FIELDS = (ID, NAME, ARCHIVE, CONFIG, *SETTINGS)

INFO_SPEC = Spec(options={"name": {"type": "str"}, "id": {"type": "int"}})


def show(obj: dict[str, Any] | None) -> dict[str, Any] | None:
    """The server's object in the shape of the options."""
    return show_object(FIELDS, obj)


def deployments_of(client: Client) -> ListCache:
    return ListCache(lambda: client.get_list(LIST_PATH))


def run_info(client: Client, params: dict[str, Any]) -> Result:
    """List the deployments; returns ``deployments``."""
    items = selected(client.get_list(LIST_PATH), params.get("name"), params.get("id"))
    return Result(returned={"deployments": [show(item) for item in items]})
