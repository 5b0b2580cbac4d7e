"""What the documentation of the modules says of returned objects is what the modules return."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.astera.data_stack.plugins.module_utils._errors import KINDS, AsteraError
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
    ("astera_cluster_info", "cluster", "cluster"),
    ("astera_server_info", "server_config", "server_config"),
    ("astera_deployment_info", "deployments", "deployment"),
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
    block = returned(module)[place]
    documented = documented_keys(block["contains"])
    shown = keys_of(SHOWN[noun])
    if noun == "schedule":
        # The frequency, or null.
        shown["daily"] = documented["daily"]
    assert documented == shown
    if "sample" in block:
        sample = block["sample"][0] if isinstance(block["sample"], list) else block["sample"]
        assert set(sample) == set(shown)


@pytest.mark.parametrize(
    ("module", "place", "info"),
    [
        ("astera_cluster", "cluster", "astera_cluster_info"),
        ("astera_server_config", "server_config", "astera_server_info"),
        ("astera_deployment", "deployment", "astera_deployment_info"),
        ("astera_schedule", "schedule", "astera_schedule_info"),
    ],
)
def test_a_module_that_writes_refers_to_the_one_that_reads(module, place, info):
    assert f"M(astera.data_stack.{info})" in str(returned(module)[place]["description"])


def test_every_key_of_an_error_is_documented():
    documented = returned("astera_cluster")["error"]["contains"]
    keys = AsteraError("input", "no").to_result()["error"]
    assert set(documented) == set(keys)
    assert documented["kind"]["choices"] == list(KINDS)
    page = (Path(__file__).resolve().parents[2] / "docs/errors.md").read_text(encoding="utf-8")
    assert [key for key in (*keys, *KINDS) if f"| `{key}` |" not in page] == []
