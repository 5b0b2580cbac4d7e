# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of the server properties and the cluster settings. Private: may change in any release."""

from __future__ import annotations

from ..._data.paths import MISSING, get_field
from ..._resources.cluster import ID
from ..findings import DIFFERS, UNDECIDED, Finding, decided, joined
from ..responses import NotSeenError, Responses
from ..shapes import form_of


def password(responses: Responses) -> Finding:
    """Does a mask stand for the password of the repository?"""
    value = get_field(responses.object("config"), "serverDbInfo.password")
    if isinstance(value, str):
        form = form_of(value, "password")
        return decided(form == "mask", {"mask": "a mask", "secret": "a text that is not a mask"}.get(form, form))
    return Finding(DIFFERS, "absent" if value is MISSING else "null" if value is None else "another type")


def config_without_token(responses: Responses) -> Finding:
    """Is a token needed to read the properties?"""
    exchange = responses.received("config without token")
    if exchange.status not in (401, 403):
        responses.object("config without token")
    return decided(exchange.status in (401, 403), str(exchange))


def config_port(responses: Responses) -> Finding:
    """Is the port in the properties the one that was connected to?"""
    port = get_field(responses.object("config"), "port")
    if not isinstance(port, int):
        raise NotSeenError("the properties hold no port")
    return decided(port == responses.port, f"{port} in the properties, connected to {responses.port}")


def cluster_id(responses: Responses) -> Finding:
    """Is it the id that is sent?"""
    number = get_field(responses.object("cluster"), "id")
    return decided(number == ID, f"{ID}" if number == ID else "absent" if number is MISSING else "another id")


def pause_times(responses: Responses) -> Finding:
    """Are the times of a pause times?"""
    obj = responses.object("cluster")
    values = [get_field(obj, name) for name in ("pauseServersFrom", "pauseServersTo")]
    forms = {form_of(value) for value in values if isinstance(value, str) and value}
    if not forms:
        return Finding(UNDECIDED, "no time is set")
    return decided(all("time" in form for form in forms), joined(forms))
