"""Everything about the emulated server that can be switched.

What is documented or was seen in a public sample is not here: it is always on. What is inferred (mark I) is the
default and can be switched. What is unknown (mark U) has the conservative reading as its default. `strict` is the
harshest reading of each setting.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import Any

from .setting import Kind, choice, number, text


def split_operations(value: str) -> list[tuple[str, str]]:
    """Read a comma list of "METHOD /path" into (METHOD, /path in lower case) pairs; ValueError when it isn't one."""
    pairs = []
    for item in filter(None, (part.strip() for part in value.split(","))):
        method, _blank, path = item.partition(" ")
        if not path.strip().startswith("/"):
            raise ValueError(value)
        pairs.append((method.upper(), path.strip().lower()))
    return pairs


_OPERATION = re.compile(r"(GET|POST|PUT|PATCH|DELETE) (/api/[\w/]*?(?:\{\w+\}[\w/]*)?)(?:\?(\w+)=\{\w+\})?")


def made_up_operation(value: str) -> tuple[str, str, str] | None:
    """Read "METHOD /path", with {name} in the path or as a query's value, into method, path and the query's name.

    None for the empty text; ValueError when it is neither.
    """
    if not value:
        return None
    match = _OPERATION.fullmatch(value)
    if not match or ("{" in match[2]) == bool(match[3]):
        raise ValueError(value)
    return match[1], match[2], match[3] or ""


def _operation(meaning: str) -> Any:
    """An operation that nothing documents: not served unless a setting makes it up."""
    return text("", mark="U", accepts="`METHOD /path/{id}`", check=made_up_operation, meaning=meaning)


def split_profiles(value: str) -> dict[str, int | None]:
    """Read a comma list of NAME[=LIMIT] into limits by name (None: no limit); ValueError when it isn't one."""
    profiles: dict[str, int | None] = {}
    for item in value.split(","):
        name, equals, limit = (part.strip() for part in item.partition("="))
        if not name or (equals and int(limit) < 1):
            raise ValueError(value)
        profiles[name] = int(limit) if equals else None
    return profiles


def split_names(value: str) -> frozenset[str]:
    """Read a comma list of JSON field names into a set of them in lower case; ValueError when it isn't one."""
    names = [part.strip() for part in value.split(",")] if value.strip() else []
    if not all(name.isidentifier() for name in names):
        raise ValueError(value)
    return frozenset(name.casefold() for name in names)


def _starts_with_slash(value: str) -> None:
    if not value.startswith("/"):
        raise ValueError(value)


@dataclass
class Settings:
    """The settings by name. Assigning a wrong name or value raises ValueError naming the choices."""

    # names, paths, errors
    output_casing: str = choice(
        "camel", "pascal", strict="pascal", mark="I", meaning="casing of the documented names in answers"
    )
    path_casing: str = choice(
        "ignored", "exact", strict="exact", mark="I", meaning="exact: paths only as documented, else 404"
    )
    error_body: str = choice(
        "text", "problem", "html", "empty", strict="html", mark="U", meaning="form of 4xx bodies (401 is always empty)"
    )
    missing_text: str = choice(
        "null", "empty", mark="U", meaning="what text that no body ever gave is stored and answered as"
    )
    null_members: str = choice(
        "shown", "omitted", strict="omitted", mark="U", meaning="whether members that are null stand in answers"
    )
    post_answer: str = choice(
        "empty", "id", "object", mark="U", meaning="body of the 200 of POST Config, Cluster, Deployment, Schedule"
    )
    partial_update: str = choice(
        "keep", "drop", strict="drop", mark="U", meaning="drop: members an update left out fall back to null, 0, false"
    )
    unknown_id: int = choice(404, 400, mark="U", meaning="answer to an update or GET of an id that doesn't exist")
    newer_stamp: str = choice(
        "refuse", "accept", mark="U", meaning="an updateDtTm that is newer than the stored one (older is always 400)"
    )
    created_stamp: str = choice(
        "ignored", "required", strict="required", mark="U", meaning="required: an update must send back createdDtTm"
    )
    name_clash: str = choice(
        "ignore_case", "exact", mark="U", meaning="how names are compared when a duplicate is refused"
    )

    # login and rights
    username: str = text("admin", mark="D", meaning="the only account")
    password: str = text("Admin123", mark="D", meaning="its password")
    login_failure: int = choice(400, 401, 403, strict=401, mark="I", meaning="answer to a wrong user or password")
    login_answer: str = choice(
        "access_token",
        "accessToken",
        "token",
        "auth_token",
        "text",
        mark="S",
        meaning="where the token is in the login's answer; text: the answer is a bare JSON string",
    )
    remember_me: str = choice("both", "boolean", "integer", mark="D", meaning="JSON types accepted for RememberMe")
    lockout_after: int = number(0, mark="U", meaning="failed logins in a row that lock the account; 0: never")
    token_lifetime: int = number(2592000, mark="S", meaning="seconds that a token lives (RememberMe 1)")
    token_lifetime_unremembered: int = number(
        0, strict=3600, mark="U", meaning="the same without RememberMe; 0: no difference"
    )
    tokens_survive_restart: str = choice("no", "yes", mark="U", meaning="whether tokens outlive a restart")
    config_without_token: str = choice("no", "yes", mark="U", meaning="/api/Server/Config without a token")
    forbidden: str = text(
        "",
        mark="I",
        accepts='a comma list of "METHOD /path"',
        check=split_operations,
        meaning="operations that answer 403, as for a user without the right",
    )

    # server config
    profiles: str = text(
        "DEFAULT=4,ServerProfile2=8",
        mark="D",
        accepts="a comma list of NAME[=LIMIT]",
        check=split_profiles,
        meaning="the profiles that exist, each with how many jobs run at once (the limits are invented)",
    )
    unknown_profile: str = choice(
        "refuse", "ignore", "accept", strict="ignore", mark="U", meaning="ignore: 200, but the old profile stays"
    )
    incomplete_config: str = choice(
        "accept",
        "refuse",
        strict="refuse",
        mark="U",
        meaning="refuse: 400 unless repository and profile are in the body",
    )
    config_password: str = choice(
        "masked", "absent", "plain", strict="absent", mark="U", meaning="the repository password in GET"
    )
    restart_after_config: str = choice(
        "immediate", "delayed", "none", strict="delayed", mark="U", meaning="when the service restarts after the POST"
    )
    restart_seconds: float = number(1.0, mark="U", meaning="how long the restart refuses connections")
    restart_delay: float = number(0.5, mark="U", meaning="seconds between the answer and a delayed restart")
    port_change: str = choice(
        "stored", "rebind", mark="U", meaning="rebind: listens on the posted port after a restart"
    )
    server_info: str = choice("object", "list", strict="list", mark="U", meaning="form of GET /api/ServerInfo")

    # license
    license_body: str = choice("wrapped", "flat", "both", mark="I", meaning="body that POST /api/License/Key binds")
    activate_body: str = choice(
        "text", "json", mark="I", meaning='"empty text": zero length (text/plain or no type), or the JSON string ""'
    )
    activate_refusal: int = choice(415, 400, mark="U", meaning="answer to any other activation body")
    second_activation: str = choice(
        "accept", "refuse", strict="refuse", mark="U", meaning="refuse: 400 when the key is activated already"
    )

    # cluster
    cluster_stamp: str = choice(
        "absent", "present", strict="present", mark="U", meaning="whether the cluster has an updateDtTm to send back"
    )

    # uploads
    upload_answer: str = choice(
        "text",
        "json_string",
        "object",
        "object_file_path",
        strict="object",
        mark="U",
        meaning='bare text, JSON string, {"path": …} or {"filePath": …}',
    )
    upload_collision: str = choice("refuse", "rename", "overwrite", mark="U", meaning="a target name that exists")
    upload_extension: str = choice(
        "append", "as_given", mark="I", meaning="append: .car or .cfg is always added to TargetFileName"
    )
    empty_upload: str = choice("refuse", "accept", mark="U", meaning="a file of no bytes")
    max_upload_bytes: int = number(0, mark="U", meaning="larger upload requests get 413; 0: no limit")

    # deployments and schedules
    deployment_activation: str = choice(
        "is_active", "absent", mark="I", meaning="absent: deployments have no isActive, and it is ignored in bodies"
    )
    new_deployment_active: str = choice(
        "yes", "no", strict="no", mark="U", meaning="isActive of a new deployment whose body doesn't say"
    )
    ignored_on_create: str = text(
        "",
        mark="U",
        accepts="a comma list of field names",
        check=split_names,
        meaning="fields of a new deployment or schedule that the server ignores; an update takes them",
    )
    missing_archive: str = choice(
        "accept", "refuse", strict="refuse", mark="U", meaning="a clusterArchiveFilePath where no file is"
    )
    duplicate_schedule_name: str = choice("accept", "refuse", strict="refuse", mark="U", meaning="refuse: 400")
    schedule_list: str = choice(
        "full", "summary", strict="summary", mark="U", meaning="summary: only id, name, isActive, updateDtTm"
    )
    unknown_deployment_in_schedule: str = choice("refuse", "accept", mark="U", meaning="a deploymentId of nothing")
    missing_frequency: str = choice(
        "accept", "refuse", strict="refuse", mark="U", meaning="a new schedule without a `schedule` object"
    )
    schedule_types: str = choice(
        "any", "documented", mark="U", meaning="documented: only the type names of the every-day schedule bind"
    )
    start_time_offset: str = choice(
        "as_sent",
        "server",
        strict="server",
        mark="U",
        meaning="server: a startTime comes back in the server's zone",
    )
    missing_start_item: str = choice(
        "accept", "refuse", strict="refuse", mark="U", meaning="a deployment's schedule without archiveStartItem"
    )

    # jobs
    missing_file: str = choice("job_fails", "http_error", mark="U", meaning="starting a flow that isn't there (400)")
    job_failure_word: str = text("Error", mark="U", meaning="status of a failed job")
    job_termination_word: str = text("Terminated", mark="U", meaning="status of a terminated job")
    job_seconds: float = number(0.3, mark="T", meaning="how long a job takes whose flow doesn't say")
    interrupted_job: str = choice(
        "goes_on", "fails", mark="U", meaning="a job that ran when the service went down; goes_on: from its last action"
    )
    paused_servers: str = choice(
        "hold", "ignore", mark="I", meaning="hold: no queued job begins while the cluster's pauseAllServers is true"
    )
    missed_runs: str = choice(
        "skip", "run_once", mark="U", meaning="a schedule's times while the service was down, or more than one at once"
    )
    unknown_polls: int = number(0, strict=2, mark="U", meaning="first polls of a job that answer Unknown")
    status_form: str = choice(
        "json_string", "text", "object", strict="text", mark="S", meaning='"Completed", Completed or {"status": …}'
    )
    unknown_job: str = choice("word", "404", mark="I", meaning="status of a job that doesn't exist: Unknown, or a 404")
    job_id_form: str = choice("number", "text", strict="text", mark="S", meaning="JSON type of jobId in the answer")

    # documented nowhere
    terminate_operation: str = _operation("ending a job, like `POST /api/Job/{jobId}/Terminate`")
    trace_operation: str = _operation("a job's trace, like `GET /api/Job/{jobId}/Trace`")
    delete_deployment_operation: str = _operation("like `DELETE /api/Deployment/{deploymentId}`")
    delete_schedule_operation: str = _operation("like `DELETE /api/Schedule?scheduleId={scheduleId}`")
    ended_job: str = choice("refuse", "accept", mark="U", meaning="answer to ending a job that has ended: 400 or 200")
    trace_form: str = choice(
        "text", "lines", "objects", mark="U", meaning="a trace as text, as a JSON list of texts, or of objects"
    )
    openapi_version: str = choice("3", "2", mark="I", meaning="OpenAPI 3 or Swagger 2, which has a basePath")
    openapi_access: str = choice(
        "anonymous", "token", strict="token", mark="I", meaning="whether the OpenAPI document needs a token"
    )

    # for tests
    latency: float = number(0.0, mark="T", meaning="added before each answer")
    openapi_path: str = text(
        "/swagger/v1/swagger.json",
        mark="I",
        accepts="a path that starts with /",
        check=_starts_with_slash,
        meaning="where the OpenAPI document is",
    )

    def __setattr__(self, name: str, value: Any) -> None:
        """Check the name and the value, so that a typing error in a test cannot pass silently."""
        object.__setattr__(self, name, kind_of(name).convert(name, value))

    def reset(self, *, strict: bool = False, **values: Any) -> None:
        """Go back to the defaults (or to the strict ones), then apply `values`; on an error nothing changes."""
        checked = {name: kind_of(name).convert(name, value) for name, value in values.items()}
        for name, kind in KINDS.items():
            object.__setattr__(self, name, checked.get(name, kind.strict if strict else kind.default))


KINDS: dict[str, Kind] = {item.name: item.metadata["kind"] for item in fields(Settings)}


def kind_of(name: str) -> Kind:
    """Return what the setting `name` accepts; ValueError lists the names that exist."""
    if name not in KINDS:
        raise ValueError(f"no setting {name!r}; there are: {', '.join(sorted(KINDS))}")
    return KINDS[name]


def markdown_table() -> str:
    """Return all settings as the Markdown table that README.md holds."""
    lines = ["| setting | accepts | default | strict | mark | meaning |", "| --- | --- | --- | --- | --- | --- |"]
    for name, kind in KINDS.items():
        accepts = kind.accepts.replace(" | ", ", ")
        strict = "" if kind.strict == kind.default else f"`{kind.strict}`"
        default = f"`{kind.default}`" if kind.default != "" else "(none)"
        lines.append(f"| `{name}` | {accepts} | {default} | {strict} | {kind.mark} | {kind.meaning} |")
    return "\n".join(lines)
