# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The license: ``POST /api/License/Key``, then ``POST /api/License/Activate``. Private: may change in any release.

Documented: the key does not activate itself, and activation wants the empty text as its body. No call is known that
reads the license. So a marker file remembers, as a salted digest, what was registered, and makes the task idempotent.
"""

from __future__ import annotations

import contextlib
from typing import Any

from ..._engine.plan import NEW_SECRET, Change
from ..._engine.result import Outcome
from ..._errors import AsteraError, input_error
from ..._http.client import Client
from ..._http.unexpected import reject_html
from ..._redaction.names import MASK
from ..._runner.argument_spec import Spec
from .state_file import Draft, Marker

KEY_PATH = "/api/License/Key"
ACTIVATE_PATH = "/api/License/Activate"
#: What a server responds to a body of a form that it does not read.
_DENIED_FORM = (400, 415)
_NOT_ACTIVE = "The key is registered but not active. Check it, and that the server can reach Astera to activate it."

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


def run(client: Client, params: dict[str, Any]) -> Outcome:
    """Register and activate the key unless the marker says that it was done; returns ``license``."""
    for option in ("user", "organization", "key"):
        if not params[option].strip():
            raise input_error(f"{option} must not be empty")
    marker = Marker(params["marker"]) if params.get("marker") else None
    identity = [client.server_url, params["user"], params["organization"], params["key"]]
    known = marker.state_of(identity) if marker and params["update"] == "on_change" else {}
    there = bool(marker and params["update"] == "on_change" and marker.exists)
    register = not known.get("registered", False)
    activate = params["activate"] and (register or not known.get("activated", False))
    done, error = (register, activate), None
    if marker and (register or activate):
        marker.refuse_unwritable()
    if (register or activate) and not client.check_mode:
        done, error = _carry_out(client, params, marker, identity, register, activate)
    activated = bool(done[1] or (not register and known.get("activated", False)))
    outcome = _outcome(params, marker, *done, activated)
    outcome.returned["marker_exists"] = there
    outcome.warnings += marker.warnings if marker else []
    outcome.error = error
    return outcome


def _carry_out(
    client: Client, params: dict[str, Any], marker: Marker | None, identity: list[str], register: bool, activate: bool
) -> tuple[tuple[bool, bool], AsteraError | None]:
    """Do what is to be done, and remember each step. Returns which of the two were done, and what went wrong then.

    What is to be remembered is on the disk before anything is sent, so a full one is found in time.
    """
    with contextlib.ExitStack() as drafts:

        def draft(activated: bool) -> Draft | None:
            state = {"registered": True, "activated": activated}
            return drafts.enter_context(marker.draft(identity, state)) if marker else None

        registration = draft(False) if register else None
        activation = draft(True) if activate else None
        trouble = None
        if register:
            reject_html("POST", KEY_PATH, client.post(KEY_PATH, _body(params)))
            trouble = registration.keep() if registration else None
        if activate:
            # Also when the registration could not be remembered: a key without its activation is of no use.
            try:
                _activate(client) if register else _activate_again(client, params)
            except AsteraError as error:
                if not register:
                    raise
                error.hint = error.hint or "The key is registered but not active; the next run tries that again."
                return (True, False), error
            trouble = activation.keep() if activation else None
    return (register, activate), _not_remembered(marker, activate, trouble) if marker and trouble else None


def _not_remembered(marker: Marker, activated: bool, trouble: OSError) -> AsteraError:
    done = "registered and activated" if activated else "registered"
    return AsteraError(
        "input",
        f"the key is {done}, but the marker {marker.path!r} could not be put in its place: {trouble.strerror}",
        hint="Mend that; the next run does it once more, as it cannot know.",
    )


def _body(params: dict[str, Any]) -> dict[str, Any]:
    """The documented wrapper, whose name may be a slip of the documentation: the superset fits a flat body too."""
    fields = {name: params[name] for name in ("user", "organization", "key")}
    wrapped = {"LicenseKeyRegistrationModel": fields}
    return {**wrapped, **fields} if params["body_form"] == "superset" else wrapped


def _activate(client: Client) -> None:
    """Send the empty text, as JSON. Where the server denies that form, send it once as text of no length."""
    try:
        reject_html("POST", ACTIVATE_PATH, client.post_raw(ACTIVATE_PATH, "application/json", b'""'))
    except AsteraError as error:
        if error.status not in _DENIED_FORM:
            raise
        try:
            reject_html("POST", ACTIVATE_PATH, client.post_raw(ACTIVATE_PATH, "text/plain"))
        except AsteraError as second:
            # The first error says what is wrong with the key; one that is not about the form says more.
            reported = error if second.status in _DENIED_FORM else second
            reported.hint = reported.hint or _NOT_ACTIVE
            raise reported from None


def _activate_again(client: Client, params: dict[str, Any]) -> None:
    """Activate a key that a former run has registered.

    A refusal may mean that it is active already, since only the answer was lost then; nobody can ask. To register the
    key once more, as every run without a marker does, makes sure.
    """
    try:
        _activate(client)
    except AsteraError as error:
        if error.status not in (400, 409):
            raise
        reject_html("POST", KEY_PATH, client.post(KEY_PATH, _body(params)))
        _activate(client)


def _outcome(params: dict[str, Any], marker: Marker | None, register: bool, activate: bool, activated: bool) -> Outcome:
    changes = []
    if register:
        changes = [
            Change("user", None, params["user"], "add"),
            Change("organization", None, params["organization"], "add"),
            Change("key", None, NEW_SECRET, "add"),
        ]
    if activate:
        changes.append(Change("activated", False, True))
    outcome = Outcome(changed=bool(changes), changes=changes, title="the license")
    same = {"user": params["user"], "organization": params["organization"], "key": MASK, "activated": activated}
    outcome.before = {} if register else {**same, "activated": activated and not activate}
    outcome.after = {**same, "key": NEW_SECRET} if register else same
    outcome.returned = {"license": {"registered": True, "activated": activated}}
    if register and marker is None and params["update"] == "on_change":
        outcome.warnings.append(
            "No call is known that reads the license, so the key is registered on every run; give marker to do it once."
        )
    return outcome
