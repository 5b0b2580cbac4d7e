"""The documented objects of the API, with the names and types of the documentation for version 10."""

from __future__ import annotations

from .schema import Json, Member, Shape

_ID = Member("id", "integer", managed=True)
_STAMPS = (Member("updateDtTm", "date-time", managed=True), Member("createdDtTm", "date-time", managed=True))
_PATH = Shape("PathInfo", (Member("path", "string"),))

LOGIN = Shape(
    "LoginModel",
    # RememberMe is documented as a boolean and as 1 or 0; a setting decides, hence "any".
    (Member("user", "string"), Member("password", "string"), Member("rememberMe", "any")),
)

CONFIG_PARAMETERS = Shape(
    "ServerConfigParameters",
    (
        Member("instrumentationOn", "boolean"),
        Member("purgeChunkSize", "integer"),
        Member("purgeCommandTimeoutSeconds", "integer"),
        Member("purgeWindowStartHour", "integer"),
        Member("purgeWindowEndHour", "integer"),
    ),
)

REPOSITORY = Shape(
    "ServerDbInfo",
    (
        Member("port", "integer"),
        Member("protocol", "string"),
        Member("serviceName", "string"),
        # The literal of Windows authentication is unknown, so this one is not held to a list of words.
        Member("authenticationType", "string"),
        Member("connectionTimeOut", "integer"),
        Member("commandTimeOut", "integer"),
        Member("dataProvider", "string", words=("SqlServer", "PostgreSQL")),
        Member("server", "string"),
        Member("database", "string"),
        Member("isRepository", "boolean"),
        Member("schema", "string"),
        Member("user", "string"),
        Member("password", "string"),
    ),
)

CONFIG = Shape(
    "ServerConfig",
    (
        Member("configParameters", "object", CONFIG_PARAMETERS),
        Member("serverDbInfo", "object", REPOSITORY),
        Member("port", "integer"),
        Member("serverProfile", "string"),
    ),
)

LICENSE_KEY = Shape(
    "LicenseKeyRegistrationModel",
    (Member("user", "string"), Member("organization", "string"), Member("key", "string")),
)
# Whether the wrapper is real or the model's name leaking into the documentation is inferred only.
LICENSE_WRAPPER = Shape("LicenseKeyRegistration", (Member("licenseKeyRegistrationModel", "object", LICENSE_KEY),))

_CLUSTER_MEMBERS = (
    _ID,
    Member("name", "string"),
    Member("sendErrorInfoToAstera", "boolean"),
    Member("purgeJobInfoAfter", "integer"),
    Member("purgeEventInfoAfter", "integer"),
    Member("stagingDirectory", "object", _PATH),
    Member("deploymentDirectory", "object", _PATH),
    Member("pauseAllServers", "boolean"),
    # null or a time: whether a date or a time of day is unknown, so any text binds.
    Member("pauseServersFrom", "string"),
    Member("pauseServersTo", "string"),
    Member("clientAndServersShareTheSameFileSystem", "boolean"),
)
CLUSTER = Shape("ClusterSettings", _CLUSTER_MEMBERS)
CLUSTER_STAMPED = Shape("ClusterSettings", (*_CLUSTER_MEMBERS, *_STAMPS))

DEPLOYMENT = Shape(
    "Deployment",
    (
        _ID,
        Member("name", "string"),
        Member("userArchiveFilePath", "string"),
        Member("clusterArchiveFilePath", "string"),
        Member("userConfigFilePath", "string"),
        Member("clusterConfigFilePath", "string"),
        Member("encryptFiles", "boolean"),
        Member("comment", "string"),
        # The prose says that the body holds the activation state, the table does not name it: inferred.
        Member("isActive", "boolean"),
        *_STAMPS,
    ),
)

_DAILY_BASE = Shape("DailyScheduleBase", (Member("startTime", "date-time"), Member("typeName", "string")), whole=True)
FREQUENCY = Shape(
    "ScheduleType",
    (Member("dailyScheduleBase", "object", _DAILY_BASE), Member("typeName", "string")),
    whole=True,
)
SCHEDULE = Shape(
    "Schedule",
    (
        _ID,
        Member("name", "string"),
        Member("isActive", "boolean"),
        Member("isFile", "boolean"),
        Member("filePathResolved", "object", _PATH),
        Member("deploymentId", "integer"),
        Member("archiveStartItem", "string"),
        Member("schedule", "object", FREQUENCY),
        Member("traceLevel", "string"),
        Member("skipIfRunning", "boolean"),
        Member("jobOptions", "object", Shape("JobOptions", (Member("usePushdownOptimization", "boolean"),))),
        *_STAMPS,
    ),
)

_JOB_PARAMETER = Shape(
    "JobParameter",
    (Member("actionName", "string"), Member("parameterName", "string"), Member("value", "string")),
)
JOB_REQUEST = Shape(
    "CommandLineProcessorRequest",
    (Member("filePath", "string"), Member("parameters", "object", _JOB_PARAMETER, many=True)),
)
JOB_ANSWER = Shape("CommandLineProcessorAnswer", (Member("jobId", "any"), Member("filePath", "string")))
JOB_STATUS = Shape("JobStatus", (Member("status", "string"),))
UPLOAD_ANSWER = Shape("UploadAnswer", (Member("path", "string"), Member("filePath", "string")))
# All members invented: the documentation shows this answer as a picture that could not be read.
SERVER_INFO = Shape(
    "ServerInfo",
    tuple(Member(name, "string") for name in ("serverName", "product", "version", "operatingSystem", "licenseType")),
)

DEFAULT_CONFIG: dict[str, Json] = {
    "configParameters": {
        "instrumentationOn": False,
        "purgeChunkSize": 10000,
        "purgeCommandTimeoutSeconds": 600,
        "purgeWindowStartHour": 0,
        "purgeWindowEndHour": 24,
    },
    "serverDbInfo": {
        "port": 1433,
        "protocol": "http",
        "serviceName": "AsteraRepository",
        "authenticationType": "SqlServerAuth",
        "connectionTimeOut": 15,
        "commandTimeOut": 90,
        "dataProvider": "SqlServer",
        "server": "localhost",
        "database": "AsteraRepository",
        "isRepository": True,
        "schema": "",
        "user": "sa",
        "password": "initial-secret",
    },
    "port": 9261,
    "serverProfile": "DEFAULT",
}

DEFAULT_CLUSTER: dict[str, Json] = {
    "id": 1,
    "name": "DEFAULT",
    "sendErrorInfoToAstera": True,
    "purgeJobInfoAfter": 7,
    "purgeEventInfoAfter": 7,
    "stagingDirectory": {"path": "C:\\Staging"},
    "deploymentDirectory": {"path": "C:\\Deployment"},
    "pauseAllServers": False,
    "pauseServersFrom": None,
    "pauseServersTo": None,
    "clientAndServersShareTheSameFileSystem": False,
    # The client has tabs for mail and path mappings, so the real object surely has members like these two. Their
    # names and content are invented; they are here so that a client that loses unknown members is caught.
    "mailSetup": {"host": "", "port": 25},
    "pathMappings": [],
}

DEFAULT_LICENSE: dict[str, Json] = {
    "user": None,
    "organization": None,
    "key": None,
    "activated": False,
    "activations": 0,
}
