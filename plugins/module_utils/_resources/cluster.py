# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cluster settings: ``GET`` and ``POST /api/Cluster``. Private: may change in any release.

The path and the fields are documented; the methods are inferred from the other resources. There is one settings
object, its ``id`` is always 1. It surely has more members than are documented, so they are all sent back.
"""

from __future__ import annotations

from typing import Any

from .._arguments import Spec
from .._client import Client
from .._field import Field, shown_object, windows_path
from .._outcome import Outcome

PATH = "/api/Cluster"
ID = 1

FIELDS = (
    Field("name", "name"),
    Field("send_error_info", "sendErrorInfoToAstera", "bool"),
    Field("purge_job_info_after", "purgeJobInfoAfter", "int", minimum=0),
    Field("purge_event_info_after", "purgeEventInfoAfter", "int", minimum=0),
    Field("staging_directory", "stagingDirectory.path", compare=windows_path),
    Field("deployment_directory", "deploymentDirectory.path", compare=windows_path),
    Field("pause_all_servers", "pauseAllServers", "bool"),
    Field("pause_servers_from", "pauseServersFrom", time=True),
    Field("pause_servers_to", "pauseServersTo", time=True),
    Field("share_file_system", "clientAndServersShareTheSameFileSystem", "bool"),
)

INFO_SPEC = Spec(options={})


def show(obj: dict[str, Any] | None) -> dict[str, Any] | None:
    """The server's object in the shape of the options."""
    return shown_object(FIELDS, obj)


def info(client: Client, _params: dict[str, Any]) -> Outcome:
    """Read the cluster settings; returns ``cluster``."""
    return Outcome(returned={"cluster": show(client.get_object(PATH))})
