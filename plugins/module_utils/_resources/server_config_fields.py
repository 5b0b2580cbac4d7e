# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fields of the server's properties. All of them are documented. Private: may change in any release."""

from __future__ import annotations

from .._engine.field import Field, casefold_text

PORT = Field(
    "port",
    "port",
    "int",
    minimum=1,
    maximum=65535,
    description="Port of the server itself. After a change the module tries both the old and the new one.",
    sample=9261,
)
PASSWORD = Field(
    "repository.password",
    "serverDbInfo.password",
    secret=True,
    description="Password of the database login, which is not compared; see O(update_password). "
    "Required for any change if the server does not show it.",
)
FIELDS = (
    Field(
        "server_profile",
        "serverProfile",
        description="Name of an existing server profile of the cluster. Create profiles in the client.",
        sample="ServerProfile2",
    ),
    PORT,
    Field(
        "config_parameters.instrumentation_on",
        "configParameters.instrumentationOn",
        "bool",
        description="Whether to log more, for debugging. Slows the server down.",
        sample=False,
    ),
    Field(
        "config_parameters.purge_chunk_size",
        "configParameters.purgeChunkSize",
        "int",
        description="Rows to delete at once when old jobs and events are purged.",
        sample=10000,
    ),
    Field(
        "config_parameters.purge_command_timeout_seconds",
        "configParameters.purgeCommandTimeoutSeconds",
        "int",
        description="Seconds that a purge statement may take.",
        sample=600,
    ),
    Field(
        "config_parameters.purge_window_start_hour",
        "configParameters.purgeWindowStartHour",
        "int",
        minimum=0,
        maximum=24,
        description="Hour of the day, 0 to 24, at which purging may begin.",
        sample=0,
    ),
    Field(
        "config_parameters.purge_window_end_hour",
        "configParameters.purgeWindowEndHour",
        "int",
        minimum=0,
        maximum=24,
        description="Hour of the day, 0 to 24, at which purging must end.",
        sample=24,
    ),
    Field(
        "repository.server",
        "serverDbInfo.server",
        compare=casefold_text,
        description="Host of the database.",
        sample="sql01.example.com",
    ),
    Field(
        "repository.port",
        "serverDbInfo.port",
        "int",
        minimum=1,
        maximum=65535,
        description="Port of the database.",
        sample=1433,
    ),
    Field(
        "repository.database", "serverDbInfo.database", description="Name of the database.", sample="AsteraRepository"
    ),
    Field(
        "repository.service_name",
        "serverDbInfo.serviceName",
        description="Service name of the database, usually its name.",
        sample="AsteraRepository",
    ),
    Field(
        "repository.protocol",
        "serverDbInfo.protocol",
        description="Protocol of the connection, such as V(http).",
        sample="http",
    ),
    Field(
        "repository.authentication_type",
        "serverDbInfo.authenticationType",
        compare=casefold_text,
        description="Kind of the database login, such as V(SqlServerAuth).",
        sample="SqlServerAuth",
    ),
    Field(
        "repository.connection_timeout",
        "serverDbInfo.connectionTimeOut",
        "int",
        description="Timeout for a connection to the database, in the server's unit.",
        sample=15,
    ),
    Field(
        "repository.command_timeout",
        "serverDbInfo.commandTimeOut",
        "int",
        description="Timeout for a database statement, in the server's unit.",
        sample=90,
    ),
    Field(
        "repository.data_provider",
        "serverDbInfo.dataProvider",
        compare=casefold_text,
        description="Kind of the database, V(SqlServer) or V(PostgreSQL).",
        sample="SqlServer",
    ),
    Field(
        "repository.is_repository",
        "serverDbInfo.isRepository",
        "bool",
        description="Whether the database is a repository, always V(true).",
        sample=True,
    ),
    Field("repository.schema", "serverDbInfo.schema", description="Schema of the database.", sample=""),
    Field("repository.user", "serverDbInfo.user", description="Login of the database.", sample="astera"),
    PASSWORD,
)
#: Descriptions of the dictionaries that contain the fields.
GROUPS = {
    "config_parameters": "Parameters of the server. The vendor advises to keep their defaults.",
    "repository": "Connection to the repository database. Connecting a server to another repository moves no data.",
}
