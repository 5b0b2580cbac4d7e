"""Everything about the emulated server that can be switched.

What is documented or was seen in a public sample is not here: it is always on. What is inferred (mark I) is the
default and can be switched. What is unknown (mark U) has the conservative variant as its default. `strict` is the
harshest variant of each setting.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from .forms import made_up_operation, split_names, split_operations, split_profiles, starts_with_slash
from .setting import Kind, choice, number, text


def _operation(meaning: str) -> Any:
    """An operation that nothing documents: not served unless a setting makes it up."""
    return text("", mark="U", accepts="`METHOD /path/{id}`", check=made_up_operation, meaning=meaning)


_ACTIVE = ("isActive", "active", "isActivated", "activated", "enabled", "isEnabled")


@dataclass
class Settings:
    """The settings by name. Assigning a wrong name or value raises ValueError naming the choices."""

    # names, paths, errors
    output_casing: str = choice(
        "camel", "pascal", strict="pascal", mark="I", meaning="casing of the documented names in responses"
    )
    path_casing: str = choice(
        "ignored", "exact", strict="exact", mark="I", meaning="exact: paths only as documented, else 404"
    )
    error_body: str = choice(
        "text", "problem", "html", "empty", strict="html", mark="U", meaning="form of 4xx bodies (401 is always empty)"
    )
    missing_text: str = choice(
        "null", "empty", mark="U", meaning="what text that no body ever gave is stored and returned as"
    )
    null_members: str = choice(
        "shown", "omitted", strict="omitted", mark="U", meaning="whether fields that are null stand in responses"
    )
    post_answer: str = choice(
        "empty", "id", "object", mark="U", meaning="body of the 200 of POST Config, Cluster, Deployment, Schedule"
    )
    partial_update: str = choice(
        "keep", "drop", strict="drop", mark="U", meaning="drop: fields an update left out fall back to null, 0, false"
    )
    unknown_id: int | str = choice(
        404,
        400,
        204,
        "null",
        mark="U",
        meaning="response to an update or GET of an id that doesn't exist; 204 and null (with 200): to a GET, else 404",
    )
    newer_stamp: str = choice(
        "refuse", "accept", mark="U", meaning="an updateDtTm that is newer than the stored one (older is always 400)"
    )
    created_stamp: str = choice(
        "ignored", "required", strict="required", mark="U", meaning="required: an update must send back createdDtTm"
    )
    name_clash: str = choice(
        "ignore_case", "exact", mark="U", meaning="how names are compared when a duplicate is rejected"
    )

    # login and rights
    username: str = text("admin", mark="D", meaning="the only account")
    password: str = text("Admin123", mark="D", meaning="its password")
    login_failure: int = choice(
        400, 401, 403, 204, strict=401, mark="I", meaning="response to a wrong user or password; 204: no content"
    )
    login_facts: str = choice("shown", "absent", mark="I", meaning="whether id and expires_in stand beside the token")
    login_answer: str = choice(
        "access_token",
        "accessToken",
        "token",
        "auth_token",
        "text",
        mark="S",
        meaning="where the token is in the login's response; text: the response is a bare JSON string",
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
        meaning="operations that return 403, as for a user without the right",
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
    restart_delay: float = number(0.5, mark="U", meaning="seconds between the response and a delayed restart")
    port_change: str = choice(
        "stored", "rebind", mark="U", meaning="rebind: listens on the posted port after a restart"
    )
    server_info: str = choice("object", "list", strict="list", mark="U", meaning="form of GET /api/ServerInfo")

    # license
    license_body: str = choice("wrapped", "flat", "both", mark="I", meaning="body that POST /api/License/Key binds")
    activate_body: str = choice(
        "either",
        "json",
        "text",
        strict="json",
        mark="I",
        meaning='"empty text": the JSON string "", zero length (text/plain or no type), or either of them',
    )
    activate_refusal: int = choice(415, 400, mark="U", meaning="response to any other activation body")
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
    deployment_active_field: str = choice(
        *_ACTIVE, mark="I", meaning="name of the activation field of deployments, where they have one"
    )
    schedule_active_field: str = choice(
        *_ACTIVE, mark="D", meaning="the same of schedules: isActive is documented, for version 10"
    )
    new_deployment_active: str = choice(
        "yes", "no", strict="no", mark="U", meaning="isActive of a new deployment whose body does not set it"
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
    schedule_runs: str = choice(
        "absent", "shown", mark="I", meaning="shown: schedules have read-only fields that move, next and last run"
    )
    missing_start_item: str = choice(
        "accept", "refuse", strict="refuse", mark="U", meaning="a deployment's schedule without archiveStartItem"
    )

    # jobs
    missing_file: str = choice("job_fails", "http_error", mark="U", meaning="starting a flow that isn't there (400)")
    job_failure_word: str = text("Error", mark="U", meaning="status of a failed job")
    job_termination_word: str = text("Terminated", mark="U", meaning="status of a terminated job")
    job_seconds: float = number(0.3, mark="T", meaning="how long a job takes whose flow does not set it")
    interrupted_job: str = choice(
        "goes_on", "fails", mark="U", meaning="a job that ran when the service went down; goes_on: from its last action"
    )
    paused_servers: str = choice(
        "hold", "ignore", mark="I", meaning="hold: no queued job begins while the cluster's pauseAllServers is true"
    )
    missed_runs: str = choice(
        "skip", "run_once", mark="U", meaning="a schedule's times while the service was down, or more than one at once"
    )
    unknown_polls: int = number(0, strict=2, mark="U", meaning="first polls of a job that return Unknown")
    status_form: str = choice(
        "json_string",
        "text",
        "object",
        "number",
        strict="text",
        mark="S",
        meaning='"Completed", Completed, {"status": …} or 6, the place of the status in its enumeration',
    )
    unknown_job: str = choice(
        "word", "404", "204", "null", mark="I", meaning="status of a job that doesn't exist: Unknown, 404 or nothing"
    )
    job_id_form: str = choice("number", "text", strict="text", mark="S", meaning="JSON type of jobId in the response")

    # documented nowhere
    terminate_operation: str = _operation("ending a job, like `POST /api/Job/{jobId}/Terminate`")
    trace_operation: str = _operation("a job's trace, like `GET /api/Job/{jobId}/Trace`")
    delete_deployment_operation: str = _operation("like `DELETE /api/Deployment/{deploymentId}`")
    delete_schedule_operation: str = _operation("like `DELETE /api/Schedule?scheduleId={scheduleId}`")
    ended_job: str = choice("refuse", "accept", mark="U", meaning="response to ending a job that has ended: 400 or 200")
    trace_form: str = choice(
        "text", "lines", "objects", mark="U", meaning="a trace as text, as a JSON list of texts, or of objects"
    )
    openapi_version: str = choice("3", "2", mark="I", meaning="OpenAPI 3 or Swagger 2, which has a basePath")
    openapi_access: str = choice(
        "anonymous", "token", strict="token", mark="I", meaning="whether the OpenAPI document needs a token"
    )

    # for tests
    latency: float = number(0.0, mark="T", meaning="added before each response")
    openapi_path: str = text(
        "/swagger/v1/swagger.json",
        mark="I",
        accepts="a path that starts with /",
        check=starts_with_slash,
        meaning="where the OpenAPI document is",
    )

    def __setattr__(self, name: str, value: Any) -> None:
        """Check the name and the value, so that a typing error in a test cannot pass silently."""
        object.__setattr__(self, name, kind_of(name).convert(name, value))

    @property
    def unknown_id_error(self) -> int:
        """The error status where nothing is no response: to an update or a deletion."""
        return self.unknown_id if self.unknown_id in (404, 400) else 404  # type: ignore[return-value]

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
