# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The license: ``POST /api/License/Key``, then ``POST /api/License/Activate``. Private: may change in any release.

Documented: the key does not activate itself, and activation wants the empty text as its body. No endpoint is known that
reads the license. So a state file remembers, as a salted digest, what was done, and makes the task idempotent.
"""

from __future__ import annotations

import os
from typing import Any

from ..._engine.field import reject_control_characters
from ..._engine.plan import NEW_SECRET, Change
from ..._engine.result import Result
from ..._errors import AsteraError, input_error
from ..._http.client import Client
from ..._http.unexpected import reject_html
from ..._runner.argument_spec import Spec
from .state_file import StateFile

KEY_PATH = "/api/License/Key"
ACTIVATE_PATH = "/api/License/Activate"
#: Responses to a body of a form that the server does not accept.
_DENIED_FORM = (400, 415)
_NOT_ACTIVE = "The key is registered but not active. Check it, and that the server can reach Astera; then run it again."

SPEC = Spec(
    options={
        "user": {"type": "str", "required": True},
        "organization": {"type": "str", "required": True},
        "key": {"type": "str", "required": True, "no_log": True},
        "activate": {"type": "bool", "default": True},
        "marker": {"type": "path"},
        "update": {"type": "str", "choices": ["on_change", "always"], "default": "on_change"},
        "body_form": {"type": "str", "choices": ["wrapped", "superset"], "default": "superset"},
    }
)


def run(client: Client, params: dict[str, Any]) -> Result:
    """Register and activate the key unless the state file shows that it was done; returns ``license``."""
    for option in ("user", "organization", "key"):
        if not params[option].strip():
            raise input_error(f"{option} must not be empty")
        if option != "key":
            reject_control_characters(params[option], option)
    identity = [client.server_url, params["user"], params["organization"], params["key"]]
    state_file = StateFile(params.get("marker"), identity)
    uses_state = params["update"] == "on_change"
    existed = uses_state and os.path.exists(state_file.path or "")
    steps = ["registered", "activated"] if params["activate"] else ["registered"]
    known = state_file.read() if uses_state else {}
    steps = [step for step in steps if not known.get(step)]
    done, error = (steps, None) if client.check_mode else _run_steps(client, _body(params), steps, state_file)
    activated = "activated" in done or bool(known.get("activated"))
    registers = "registered" in done
    sent = {"user": params["user"], "organization": params["organization"], "key": NEW_SECRET} if registers else {}
    changes = [Change(name, None, value) for name, value in sent.items()]
    if done:
        changes.append(Change("activated", None if registers else False, activated))
    return Result(
        changed=bool(done),
        returned={"license": {"registered": True, "activated": activated}, "marker_exists": existed},
        changes=changes,
        action="create" if registers else "update" if done else None,
        title="the license",
        error=error,
    )


def _run_steps(
    client: Client, body: dict[str, Any], steps: list[str], state_file: StateFile
) -> tuple[list[str], AsteraError | None]:
    """Run each step and record it. Returns the steps that were done, and what went wrong once the key is registered."""
    done: list[str] = []
    try:
        if steps:
            # What could not be recorded afterwards is not begun.
            stored = state_file.read()
            state_file.write(**{step: bool(stored.get(step)) for step in ("registered", "activated")})
        for step in steps:
            if step == "registered":
                reject_html("POST", KEY_PATH, client.post(KEY_PATH, body))
            elif done:
                _activate(client)
            else:
                _activate_again(client, body)
            done.append(step)
            state_file.write(registered=True, activated=step == "activated")
    except AsteraError as error:
        if "registered" in steps and not done:
            raise
        return done, error.with_(hint=error.hint or _NOT_ACTIVE)
    return done, None


def _body(params: dict[str, Any]) -> dict[str, Any]:
    """The documented wrapper, whose name may be a slip of the documentation: the superset fits a flat body too."""
    fields = {name: params[name] for name in ("user", "organization", "key")}
    wrapped = {"LicenseKeyRegistrationModel": fields}
    return {**wrapped, **fields} if params["body_form"] == "superset" else wrapped


def _activate(client: Client) -> None:
    """Send the empty text, as JSON. Where the server rejects that form, send an empty body once."""
    try:
        reject_html("POST", ACTIVATE_PATH, client.post_raw(ACTIVATE_PATH, "application/json", b'""'))
    except AsteraError as error:
        if error.status not in _DENIED_FORM:
            raise
        try:
            reject_html("POST", ACTIVATE_PATH, client.post_raw(ACTIVATE_PATH, "text/plain"))
        except AsteraError as second:
            # The first error is about the key; a second one that is not about the form is more precise.
            raise (error if second.status in _DENIED_FORM else second) from None


def _activate_again(client: Client, body: dict[str, Any]) -> None:
    """Activate a key that a former run has registered.

    A rejection may mean that it is active already and only the response was lost. No endpoint is known that shows it,
    so the key is registered once more, as in every run without a state file.
    """
    try:
        _activate(client)
    except AsteraError as error:
        if error.status not in (400, 409):
            raise
        reject_html("POST", KEY_PATH, client.post(KEY_PATH, body))
        _activate(client)
