# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the collection assumes of a server. Private: may change in any release."""

from __future__ import annotations

from typing import NamedTuple

from .._http.openapi import DELETE_DEPLOYMENT, DELETE_SCHEDULE, TERMINATE, TRACE
from . import checks


class Assumption(NamedTuple):
    """One row of the table. The emulator's default is the variant that ``claim`` describes.

    ``section`` is a heading of docs/server-api.md, and ``mark`` is the mark there: documented, seen, inferred, unknown.
    ``affects`` names the options that depend on it. ``otherwise`` says what to do when the server differs.
    """

    key: str
    section: str
    mark: str
    claim: str
    affects: str
    otherwise: str
    check: checks.Check


#: In the order of docs/server-api.md.
ASSUMPTIONS = (
    Assumption(
        "openapi-path",
        "What only the server itself can tell",
        "inferred",
        "The OpenAPI document is at one of the four default paths.",
        "openapi_path",
        "Set openapi_path. The Astera client shows it as Server API Path.",
        checks.openapi_path,
    ),
    Assumption(
        "openapi-terminate",
        "What only the server itself can tell",
        "unknown",
        "The OpenAPI document names exactly one operation that terminates a job.",
        "astera_job: state=terminated, on_timeout=terminate",
        "Both fail as unsupported without terminate_operation. If a candidate does it, please report it.",
        checks.operation(TERMINATE),
    ),
    Assumption(
        "openapi-trace",
        "What only the server itself can tell",
        "unknown",
        "The OpenAPI document names exactly one operation that returns the trace of a job.",
        "astera_job: job.trace",
        "job.trace stays null without trace_operation. If a candidate returns it, please report it.",
        checks.operation(TRACE),
    ),
    Assumption(
        "openapi-delete-deployment",
        "What only the server itself can tell",
        "unknown",
        "The OpenAPI document names exactly one operation that deletes a deployment.",
        "astera_deployment: state=absent",
        "state=absent fails as unsupported without delete_operation. If a candidate does it, please report it.",
        checks.operation(DELETE_DEPLOYMENT),
    ),
    Assumption(
        "openapi-delete-schedule",
        "What only the server itself can tell",
        "unknown",
        "The OpenAPI document names exactly one operation that deletes a schedule.",
        "astera_schedule: state=absent",
        "state=absent fails as unsupported without delete_operation. If a candidate does it, please report it.",
        checks.operation(DELETE_SCHEDULE),
    ),
    Assumption(
        "config-fields",
        "Server properties",
        "documented",
        "GET /api/Server/Config returns serverProfile and serverDbInfo.",
        "astera_server_config",
        "Do not use the module: it adds the missing fields when it writes. Please report it.",
        checks.fields("config", "serverProfile", "serverDbInfo"),
    ),
    Assumption(
        "config-password",
        "Server properties",
        "unknown",
        "A mask stands for the password of the repository.",
        "astera_server_config: repository.password",
        "Absent or null: give it with every change, as with a mask. Plain text: every reader of the properties has it.",
        checks.config_password,
    ),
    Assumption(
        "cluster-fields",
        "Cluster settings",
        "inferred",
        "GET /api/Cluster returns id and name.",
        "astera_cluster",
        "Do not use the module: it adds the missing fields when it writes. Please report it.",
        checks.fields("cluster", "id", "name"),
    ),
    Assumption(
        "deployment-fields",
        "Deployments and uploads",
        "inferred",
        "GET /api/Deployments returns a list of objects with id, name and updateDtTm.",
        "astera_deployment",
        "Do not use the module: it finds no deployment, or plans changes that are not needed. Please report it.",
        checks.fields("deployments", "id", "name", "updateDtTm"),
    ),
    Assumption(
        "deployment-activation",
        "Deployments and uploads",
        "inferred",
        "The activation state of a deployment is isActive.",
        "astera_deployment: active",
        "Also known are active, isActivated, activated, enabled, isEnabled. Without one of them active is not sent.",
        checks.activation,
    ),
    Assumption(
        "schedule-list",
        "Schedules",
        "inferred",
        "GET /api/Schedules returns a list of objects with id and name.",
        "astera_schedule",
        "Do not use the module: it cannot find schedules. Please report it.",
        checks.fields("schedules", "id", "name"),
    ),
    Assumption(
        "schedule-fields",
        "Schedules",
        "documented",
        "GET /api/Schedule/{id} returns id, name, updateDtTm, schedule and isFile.",
        "astera_schedule",
        "Do not use the module: it plans changes that are not needed. Please report it.",
        checks.fields("schedule 1", "id", "name", "updateDtTm", "schedule", "isFile"),
    ),
    Assumption(
        "job-status",
        "Jobs",
        "inferred",
        "The status of a job that does not exist is Unknown or Invalid.",
        "astera_job: success_statuses, running_statuses",
        "Nothing for a 404. Read another status with astera_api and name it there, a number as text.",
        checks.job_status,
    ),
)
