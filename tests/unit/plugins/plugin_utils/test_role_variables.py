"""Names that users of the roles type."""

from __future__ import annotations

import pytest

from ansible_collections.astera.data_stack.plugins.module_utils._errors import AsteraError
from ansible_collections.astera.data_stack.plugins.plugin_utils._role_variables import in_words_of_roles, unknown_names


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("astera_schedule", "astera_schedules"),
        ("astera_deploymnets", "astera_deployments"),
        ("astera_capath", "astera_ca_path"),
        ("astera_licence", "astera_license"),
        ("astera_drift_reportdir", "astera_drift_report_dir"),
        ("atsera_cluster", "astera_cluster"),
        ("aster_server_url", "astera_server_url"),
    ],
)
def test_a_misspelt_variable(name, meant):
    with pytest.raises(AsteraError, match=rf"there is no variable {name} \(did you mean {meant}\?\)") as caught:
        unknown_names(["astera_server_url", name, "other"])
    assert caught.value.kind == "input"
    assert "astera_known_variables" in str(caught.value)


def test_all_misspelt_variables_are_one_error():
    with pytest.raises(AsteraError, match=r"astera_capath .*, astera_schedule "):
        unknown_names(["astera_schedule", "astera_capath"])


def test_names_with_another_prefix_are_not_ours():
    assert unknown_names(["master_token", "rest_server_url", "vault_astera_password", "_cluster"]) == []
    # Only with the rest of a name that we know.
    assert unknown_names(["aster_owner", "atsera"]) == []


def test_other_names_are_unknown():
    assert unknown_names(["astera_owner_team", "astera_job", "astera_drift", "ansible_host"]) == ["astera_owner_team"]


@pytest.mark.parametrize("own", [["astera_schedule", "astera_owner_team"], ("astera_schedule", "astera_owner_team")])
def test_names_of_ones_own(own):
    assert unknown_names(["astera_schedule", "astera_owner_team"], own) == []
    assert unknown_names(["astera_owner_team"], "astera_owner_team") == []
    assert unknown_names(["astera_owner_team"], None) == ["astera_owner_team"]


def test_a_failure_names_what_users_of_roles_typed():
    failure = {
        "msg": "Set ca_path to the CA certificate. server_url is invalid (option validate_certs).",
        "error": {"message": "server_url is invalid", "hint": "Set ca_path.", "kind": "input"},
        "changed": False,
    }
    assert in_words_of_roles(failure) == {
        "msg": "Set astera_ca_path to the CA certificate. astera_server_url is invalid (option astera_validate_certs).",
        "error": {"message": "astera_server_url is invalid", "hint": "Set astera_ca_path.", "kind": "input"},
        "changed": False,
    }


def test_names_of_roles_stay():
    failure = {"msg": "Set astera_ca_path, or x.ca_path", "error": None}
    assert in_words_of_roles(failure) == failure
