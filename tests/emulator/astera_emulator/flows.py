"""The emulator's own flow files, which stand in for Astera's .df and .wf.

Astera's inner format is not public and this is not it. It says how long the job takes, how it ends and which
variables it has:

    <Flow seconds="0.3" outcome="Completed">
      <Variables><Variable name="sourceFilePath" default=""/></Variables>
    </Flow>
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree import ElementTree

from .settings import Settings

COMPLETED = "Completed"
Parameters = list[dict[str, str | None]]


@dataclass(frozen=True)
class Plan:
    """How a job will go: its length in seconds, the status it ends with, and why it fails when it does."""

    seconds: float
    outcome: str
    reason: str = ""


def plan(flow: bytes | None, parameters: Parameters, settings: Settings) -> Plan:
    """Read a flow file (None: there is none) and foresee the job."""
    failure = settings.job_failure_word
    if flow is None:
        return Plan(settings.job_seconds, failure, "the flow file is not on the server")
    try:
        root = ElementTree.fromstring(flow)
        seconds = float(root.get("seconds", settings.job_seconds))
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        return Plan(settings.job_seconds, failure, f"the flow file cannot be read: {error}")
    if root.tag != "Flow" or not 0 <= seconds < float("inf"):
        return Plan(settings.job_seconds, failure, "the flow file is not a Flow")
    for parameter in parameters:
        problem = _problem(root, parameter)
        if problem:
            return Plan(seconds, failure, problem)
    return Plan(seconds, _word(root.get("outcome", COMPLETED), settings))


def _problem(root: ElementTree.Element, parameter: dict[str, str | None]) -> str:
    """Return why a parameter does not fit the flow; names are compared exactly."""
    action_name, name = parameter.get("actionName"), parameter.get("parameterName")
    action = next((child for child in root if child.get("name", child.tag) == action_name), None)
    if action is None:
        return f"the flow has no action {action_name!r}"
    if name not in [child.get("name") for child in action]:
        return f"the action {action_name!r} has no parameter {name!r}"
    return ""


def _word(outcome: str, settings: Settings) -> str:
    """Return the final status word; the server's words for failure and termination are unknown, hence settings."""
    words = {
        "completed": COMPLETED,
        "failed": settings.job_failure_word,
        "terminated": settings.job_termination_word,
    }
    return words.get(outcome.casefold(), outcome)
