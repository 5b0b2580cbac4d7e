"""The documented objects of the API, with the names and types of the documentation for version 10."""

from __future__ import annotations

from .schema import Field, Json, Shape

_ID = Field("id", "integer", managed=True)
_TIMESTAMPS = (Field("updateDtTm", "date-time", managed=True), Field("createdDtTm", "date-time", managed=True))
_PATH = Shape("PathInfo", (Field("path", "string"),))

LOGIN = Shape(
    "LoginModel",
    # RememberMe is documented as a boolean and as 1 or 0; a setting decides, hence "any".
    (Field("user", "string"), Field("password", "string"), Field("rememberMe", "any")),
)

CONFIG_PARAMETERS = Shape(
    "ServerConfigParameters",
    (
        Field("instrumentationOn", "boolean"),
        Field("purgeChunkSize", "integer"),
        Field("purgeCommandTimeoutSeconds", "integer"),
        Field("purgeWindowStartHour", "integer"),
        Field("purgeWindowEndHour", "integer"),
    ),
)

REPOSITORY = Shape(
    "ServerDbInfo",
    (
        Field("port", "integer"),
        Field("protocol", "string"),
        Field("serviceName", "string"),
        # The literal of Windows authentication is unknown, so this one is not held to a list of values.
        Field("authenticationType", "string"),
        Field("connectionTimeOut", "integer"),
        Field("commandTimeOut", "integer"),
        Field("dataProvider", "string", choices=("SqlServer", "PostgreSQL")),
        Field("server", "string"),
        Field("database", "string"),
        Field("isRepository", "boolean"),
        Field("schema", "string"),
        Field("user", "string"),
        Field("password", "string"),
    ),
)

CONFIG = Shape(
    "ServerConfig",
    (
        Field("configParameters", "object", CONFIG_PARAMETERS),
        Field("serverDbInfo", "object", REPOSITORY),
        Field("port", "integer"),
        Field("serverProfile", "string"),
    ),
)

LICENSE_KEY = Shape(
    "LicenseKeyRegistrationModel",
    (Field("user", "string"), Field("organization", "string"), Field("key", "string")),
)
# Whether the wrapper is real or the model's name leaking into the documentation is inferred only.
LICENSE_WRAPPER = Shape("LicenseKeyRegistration", (Field("licenseKeyRegistrationModel", "object", LICENSE_KEY),))

_CLUSTER_FIELDS = (
    _ID,
    Field("name", "string"),
    Field("sendErrorInfoToAstera", "boolean"),
    Field("purgeJobInfoAfter", "integer"),
    Field("purgeEventInfoAfter", "integer"),
    Field("stagingDirectory", "object", _PATH),
    Field("deploymentDirectory", "object", _PATH),
    Field("pauseAllServers", "boolean"),
    # null or a time: whether a date or a time of day is unknown, so any text binds.
    Field("pauseServersFrom", "string"),
    Field("pauseServersTo", "string"),
    Field("clientAndServersShareTheSameFileSystem", "boolean"),
)
CLUSTER = Shape("ClusterSettings", _CLUSTER_FIELDS)
CLUSTER_WITH_TIMESTAMPS = Shape("ClusterSettings", (*_CLUSTER_FIELDS, *_TIMESTAMPS))

DEPLOYMENT = Shape(
    "Deployment",
    (
        _ID,
        Field("name", "string"),
        Field("userArchiveFilePath", "string"),
        Field("clusterArchiveFilePath", "string"),
        Field("userConfigFilePath", "string"),
        Field("clusterConfigFilePath", "string"),
        Field("encryptFiles", "boolean"),
        Field("comment", "string"),
        # The prose has the activation state in the body, the table does not name it: inferred.
        Field("isActive", "boolean"),
        *_TIMESTAMPS,
    ),
)

_DAILY_BASE = Shape("DailyScheduleBase", (Field("startTime", "date-time"), Field("typeName", "string")), whole=True)
FREQUENCY = Shape(
    "ScheduleType",
    (Field("dailyScheduleBase", "object", _DAILY_BASE), Field("typeName", "string")),
    whole=True,
)
SCHEDULE = Shape(
    "Schedule",
    (
        _ID,
        Field("name", "string"),
        Field("isActive", "boolean"),
        Field("isFile", "boolean"),
        Field("filePathResolved", "object", _PATH),
        Field("deploymentId", "integer"),
        Field("archiveStartItem", "string"),
        Field("schedule", "object", FREQUENCY),
        Field("traceLevel", "string"),
        Field("skipIfRunning", "boolean"),
        Field("jobOptions", "object", Shape("JobOptions", (Field("usePushdownOptimization", "boolean"),))),
        *_TIMESTAMPS,
    ),
)

_JOB_PARAMETER = Shape(
    "JobParameter",
    (Field("actionName", "string"), Field("parameterName", "string"), Field("value", "string")),
)
JOB_REQUEST = Shape(
    "CommandLineProcessorRequest",
    (Field("filePath", "string"), Field("parameters", "object", _JOB_PARAMETER, many=True)),
)
JOB_RESPONSE = Shape("CommandLineProcessorResponse", (Field("jobId", "any"), Field("filePath", "string")))
JOB_STATUS = Shape("JobStatus", (Field("status", "string"),))
UPLOAD_RESPONSE = Shape("UploadResponse", (Field("path", "string"), Field("filePath", "string")))
# All fields invented: the documentation shows this response as a picture that could not be read.
SERVER_INFO = Shape(
    "ServerInfo",
    tuple(Field(name, "string") for name in ("serverName", "product", "version", "operatingSystem", "licenseType")),
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
    # The client has tabs for mail and path mappings, so the real object surely has fields like these two. Their
    # names and content are invented; they are here so that a client that loses unknown fields is caught.
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
