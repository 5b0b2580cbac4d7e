"""Notification templates of the kind webhook: their configuration and their messages."""

from __future__ import annotations

from typing import Any

from jinja2 import StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from .errors import Rejection, field_error

#: What AWX fills in where a webhook sets nothing; None must be given.
WEBHOOK = {
    "url": None,
    "http_method": "POST",
    "headers": None,
    "username": "",
    "password": "",
    "disable_ssl_verification": False,
}
EVENTS = ("started", "success", "error", "workflow_approval")
APPROVALS = ("running", "approved", "timed_out", "denied")
#: What a message on an approval may use. The variables of the workflow are in ``job_metadata``, as text of JSON.
APPROVAL_CONTEXT = ("approval_status", "approval_node_name", "workflow_url", "job_metadata")
JOB_CONTEXT = ("job", "job_friendly_name", "url", "job_metadata")


def check_configuration(configuration: dict[str, Any]) -> None:
    """Reject a configuration that AWX would not take, and fill in what it fills in."""
    if set(configuration) - set(WEBHOOK):
        raise field_error("notification_configuration", f"Unknown: {sorted(set(configuration) - set(WEBHOOK))}")
    for name, default in WEBHOOK.items():
        configuration.setdefault(name, default)
        if configuration[name] is None:
            raise field_error("notification_configuration", f"Missing required field: {name}.")
    if not configuration["url"].startswith(("http://", "https://")):
        raise field_error("notification_configuration", "url is not an address.")


def check_messages(messages: dict[str, Any] | None) -> None:
    """Reject messages for events that do not exist, and what cannot be rendered."""
    errors: list[str] = []
    for event, found in (messages or {}).items():
        if event not in EVENTS:
            errors.append(f"Event '{event}' invalid, must be one of {EVENTS}")
        elif event != "workflow_approval":
            errors += _errors_of(found, JOB_CONTEXT)
        else:
            for status, text in (found or {}).items():
                known = status in APPROVALS
                errors += _errors_of(text, APPROVAL_CONTEXT) if known else [f"Approval event '{status}' invalid"]
    if errors:
        raise Rejection({"messages": errors})


def _errors_of(texts: dict[str, Any] | None, names: tuple[str, ...]) -> list[str]:
    errors = []
    for kind, text in (texts or {}).items():
        if kind not in ("message", "body"):
            errors.append(f"Message type '{kind}' invalid, must be either 'message' or 'body'")
        elif text is not None and not isinstance(text, str):
            errors.append(f"Expected string for '{kind}'")
        elif kind == "message" and "\n" in (text or ""):
            errors.append("Messages cannot contain newlines")
        elif text:
            try:
                render(text, dict.fromkeys(names, "stub"))
            except TemplateError as error:
                errors.append(f"Field unavailable: {error}")
    return errors


def render(text: str, context: dict[str, Any]) -> str:
    """A message as AWX sends it."""
    return ImmutableSandboxedEnvironment(undefined=StrictUndefined).from_string(text).render(**context)


def merged(old: dict[str, Any] | None, new: dict[str, Any] | None) -> dict[str, Any] | None:
    """Messages after a change: AWX keeps an old message for each event that the new ones leave out or empty."""
    if not old or new is None:
        return new
    result = {event: new.get(event) or old.get(event) for event in EVENTS}
    before, after = old.get("workflow_approval") or {}, new.get("workflow_approval") or {}
    if before and after:
        result["workflow_approval"] = {**before, **{status: text for status, text in after.items() if text}}
    return result
