"""What the documentation of the modules says of returned objects is what the modules return."""

from __future__ import annotations

import importlib
from typing import Any

import pytest
import yaml

from ansible_collections.astera.data_stack.plugins.module_utils._errors import AsteraError
from ansible_collections.astera.data_stack.plugins.module_utils._resources import cluster, server_config
from ansible_collections.astera.data_stack.plugins.module_utils._resources.deployment import read as deployment
from ansible_collections.astera.data_stack.plugins.module_utils._resources.schedule import read as schedule

SHOWN = {
    "cluster": cluster.show({}),
    "server_config": server_config.show({}),
    "deployment": deployment.show({}),
    "schedule": schedule.show({}, {}),
}
PLACES = [
    ("astera_cluster", "cluster", "cluster"),
    ("astera_cluster_info", "cluster", "cluster"),
    ("astera_server_config", "server_config", "server_config"),
    ("astera_server_info", "server_config", "server_config"),
    ("astera_deployment", "deployment", "deployment"),
    ("astera_deployment_info", "deployments", "deployment"),
    ("astera_schedule", "schedule", "schedule"),
    ("astera_schedule_info", "schedules", "schedule"),
]


def returned(module: str) -> dict[str, Any]:
    name = f"ansible_collections.astera.data_stack.plugins.modules.{module}"
    return yaml.safe_load(importlib.import_module(name).RETURN)


def keys_of(shown: dict[str, Any]) -> dict[str, Any]:
    return {name: keys_of(value) if isinstance(value, dict) else None for name, value in shown.items()}


def documented_keys(contains: dict[str, Any]) -> dict[str, Any]:
    return {
        name: documented_keys(value["contains"]) if "contains" in value else None for name, value in contains.items()
    }


@pytest.mark.parametrize(("module", "place", "noun"), PLACES)
def test_every_key_of_an_object_is_documented(module, place, noun):
    block: dict[str, Any] = {"contains": returned(module)}
    for name in place.split("."):
        block = block["contains"][name]
    documented = documented_keys(block["contains"])
    shown = keys_of(SHOWN[noun])
    if noun == "schedule":
        # The frequency, or null.
        shown["daily"] = documented["daily"]
    assert documented == shown
    if "sample" in block:
        sample = block["sample"][0] if isinstance(block["sample"], list) else block["sample"]
        assert set(sample) == set(shown)


def test_every_key_of_an_error_is_documented():
    documented = returned("astera_cluster")["error"]["contains"]
    assert set(AsteraError("input", "no").to_result()["error"]) <= set(documented)
