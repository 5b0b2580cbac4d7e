"""Launches: what a job template and the answers of its survey come to."""

from __future__ import annotations

from typing import Any

from . import surveys
from .errors import Rejection, field_error
from .store import Store

#: What a launch may set, and the switch of the template that allows it. Real AWX ignores what is not allowed.
PROMPTS = {
    "credentials": "ask_credential_on_launch",
    "diff_mode": "ask_diff_mode_on_launch",
    "job_type": "ask_job_type_on_launch",
    "limit": "ask_limit_on_launch",
    "verbosity": "ask_verbosity_on_launch",
}


def job(store: Store, number: int, given: dict[str, Any], *, within_workflow: bool = False) -> dict[str, Any]:
    """A job as it is to be run. In a workflow, what is required may come from the survey of that."""
    template = store.find("job_templates", number)
    for name in set(given) - {"extra_vars"}:
        if name not in PROMPTS:
            raise field_error(name, "There is no such field.")
        if not template[PROMPTS[name]]:
            raise field_error(name, "Field is not configured to prompt on launch.")
    if not template["survey_enabled"] and given.get("extra_vars"):
        raise field_error("extra_vars", "Variables are not allowed on launch.")
    variables = surveys.answered(
        store.surveys.get(number, {}), given.get("extra_vars", {}), complete=not within_workflow
    )
    credentials = _credentials(store, number, given.get("credentials"))
    prompted = {name: given.get(name, template[name]) for name in ("job_type", "limit", "verbosity", "diff_mode")}
    what = {name: template[name] for name in ("name", "playbook")}
    return {**what, **prompted, **credentials, "variables": variables}


def _credentials(store: Store, number: int, chosen: list[int] | None) -> dict[str, Any]:
    """Those of the template, or others, of which each takes the place of one of the same type."""
    own = store.by_type(store.associated("job_templates", number, "credentials"))
    if chosen is not None:
        instead = store.by_type(chosen)
        if set(own) - set(instead):
            raise Rejection({"credentials": ["Removing credentials without replacement is not supported."]})
        own = instead
    return {"credentials": list(own.values())}
