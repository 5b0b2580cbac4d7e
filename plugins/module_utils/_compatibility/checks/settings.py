# Copyright: (c) 2026, astera.data_stack contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Assumptions about the server's properties and the cluster settings. Private: may change in any release."""

from __future__ import annotations

from ..._data.json_text import single_object
from ..._data.paths import MISSING, get_field
from ..assumption import CONFIRMED, DIFFERS, UNDECIDED, Assumption, Finding, decided, listed
from ..evidence import Evidence, NotSeenError
from ..shapes import form_of, safe_name
from .members import further_members, missing_members

CONFIG, CLUSTER = "Server properties", "Cluster settings"


def _info(evidence: Evidence) -> Finding:
    data = evidence.data("info")
    if not isinstance(data, dict):
        return Finding(DIFFERS, f"a list of {len(data)}" if isinstance(data, list) else "neither object nor list")
    return Finding(CONFIRMED, f"an object with {listed(map(safe_name, data))}")


def _password(evidence: Evidence) -> Finding:
    value = get_field(evidence.object("config"), "serverDbInfo.password")
    if value is MISSING or value is None:
        return Finding(DIFFERS, "absent" if value is MISSING else "null")
    form = form_of(value, "password") if isinstance(value, str) else "another type"
    return decided(form == "mask", {"mask": "a mask", "secret": "a text that is no mask"}.get(form, form))


def _config_without_token(evidence: Evidence) -> Finding:
    seen = evidence.call("config without token")
    if seen.status in (401, 403):
        return Finding(CONFIRMED, seen.told())
    evidence.object("config without token")
    return Finding(DIFFERS, seen.told())


def _own_port(evidence: Evidence) -> Finding:
    port = get_field(evidence.object("config"), "port")
    if not isinstance(port, int):
        raise NotSeenError("the properties hold no port")
    return decided(port == evidence.port, f"{port} in the properties, asked on {evidence.port}")


def _cluster_get(evidence: Evidence) -> Finding:
    seen = evidence.allowed("cluster")
    if seen.status in (404, 405, 501):
        return Finding(DIFFERS, seen.told())
    is_object = single_object(evidence.data("cluster")) is not None
    return decided(is_object, seen.told() if is_object else "the answer is no object")


def _cluster_id(evidence: Evidence) -> Finding:
    number = get_field(evidence.object("cluster"), "id")
    return decided(number == 1, "1" if number == 1 else "absent" if number is MISSING else "another one")


def _cluster_stamp(evidence: Evidence) -> Finding:
    has_stamp = get_field(evidence.object("cluster"), "updateDtTm") is not MISSING
    return decided(not has_stamp, "updateDtTm is there" if has_stamp else "there is no updateDtTm")


def _pause(evidence: Evidence) -> Finding:
    obj = evidence.object("cluster")
    values = [get_field(obj, name) for name in ("pauseServersFrom", "pauseServersTo")]
    forms = {form_of(value) for value in values if isinstance(value, str) and value}
    if not forms:
        return Finding(UNDECIDED, "no time is set")
    return decided(all("time" in form for form in forms), listed(forms))


ASSUMPTIONS = (
    Assumption(
        "info-form",
        CONFIG,
        "unknown",
        "GET /api/ServerInfo answers with an object.",
        "Nothing changes: server.info is passed on as it is.",
        _info,
    ),
    Assumption(
        "config-members",
        CONFIG,
        "documented",
        "GET /api/Server/Config has the shape that the POST takes.",
        "astera_server_config would add missing members when it writes: do not use it before that is understood.",
        missing_members("config"),
    ),
    Assumption(
        "config-further",
        CONFIG,
        "inferred",
        "The properties hold members that are not documented.",
        "Nothing changes: they are sent back as they came. Their names would let us offer options for them.",
        further_members("config"),
    ),
    Assumption(
        "config-password",
        CONFIG,
        "unknown",
        "The password of the repository is shown as a mask.",
        "Nothing changes: it is never compared, and a change that would send back a mask or nothing is refused. Where "
        "it is shown, every account that may read the properties knows it.",
        _password,
    ),
    Assumption(
        "config-without-token",
        CONFIG,
        "unknown",
        "The properties cannot be read without a token.",
        "Everybody on the network can read the properties. Whether writing works without a token too, as with "
        "authenticate: false of astera_server_config, is not known.",
        _config_without_token,
    ),
    Assumption(
        "config-port",
        CONFIG,
        "inferred",
        "The port in the properties is the one that the server listens on.",
        "Something stands between here and the server, or a port was set that is not in use yet. Look before you "
        "change port with astera_server_config.",
        _own_port,
    ),
    Assumption(
        "cluster-get",
        CLUSTER,
        "inferred",
        "GET /api/Cluster reads the settings.",
        "astera_cluster and the roles that use it cannot work: please report it.",
        _cluster_get,
    ),
    Assumption(
        "cluster-members",
        CLUSTER,
        "documented",
        "The settings hold the documented members.",
        "astera_cluster would add missing members when it writes: do not use it before that is understood.",
        missing_members("cluster"),
    ),
    Assumption(
        "cluster-further",
        CLUSTER,
        "inferred",
        "The settings hold members that are not documented.",
        "Nothing changes: they are sent back as they came. Their names would let us offer options for mail, paths and "
        "authentication.",
        further_members("cluster"),
    ),
    Assumption(
        "cluster-id",
        CLUSTER,
        "documented",
        "The id of the settings is 1.",
        "astera_cluster sends 1 and would have to send another one: please report it.",
        _cluster_id,
    ),
    Assumption(
        "cluster-stamp",
        CLUSTER,
        "inferred",
        "No stamp guards the settings.",
        "Nothing changes: a stamp that is there is sent back, and the server can refuse an outdated one.",
        _cluster_stamp,
    ),
    Assumption(
        "pause-times",
        CLUSTER,
        "unknown",
        "The times of a pause are dates with a time, or times of day.",
        "Nothing changes: the text is passed on as it is.",
        _pause,
    ),
)
