"""Properties of every field list and argument spec, so that a new one is checked by itself."""

from __future__ import annotations

import importlib
import pathlib
import re

import pytest

from ansible_collections.astera.data_stack.plugins.module_utils import _version
from ansible_collections.astera.data_stack.plugins.module_utils._runner.argument_spec import full_options

PACKAGE = "ansible_collections.astera.data_stack.plugins.module_utils."
ROOT = pathlib.Path(_version.__file__).resolve().parents[2]
PACKAGES = ("_resources", "_server", "_compatibility")
UTILS = ROOT / "plugins/module_utils"
NAMES = sorted(
    ".".join(path.relative_to(UTILS).with_suffix("").parts)
    for package in PACKAGES
    for path in (UTILS / package).rglob("[a-z]*.py")
)
MODULES = [importlib.import_module(PACKAGE + name) for name in NAMES]
SPECS = [
    pytest.param(getattr(module, attribute), id=f"{module.__name__.removeprefix(PACKAGE)}.{attribute}")
    for module in MODULES
    for attribute in ("SPEC", "BULK_SPEC", "INFO_SPEC")
    if hasattr(module, attribute)
]
FIELDS = [
    pytest.param(getattr(module, attribute), id=f"{module.__name__.removeprefix(PACKAGE)}.{attribute}")
    for module in MODULES
    for attribute in ("FIELDS", "PLANNED")
    if hasattr(module, attribute)
]


def test_there_is_something_to_check():
    assert len(NAMES) >= 8
    assert len(SPECS) >= 10


@pytest.mark.parametrize("spec", SPECS)
def test_rules_name_options_that_exist(spec):
    for rule in [*spec.mutually_exclusive, *spec.required_one_of]:
        assert set(rule) <= set(spec.options)


@pytest.mark.parametrize("spec", SPECS)
def test_connection_options_fall_back_to_the_environment(spec):
    options = full_options(spec, "fallback")
    for name in (
        "server_url",
        "username",
        "password",
        "token",
        "validate_certs",
        "ca_path",
        "allow_http",
        "request_timeout",
        "retries",
    ):
        assert options[name]["fallback"] == ("fallback", [f"ASTERA_{name.upper()}"])


@pytest.mark.parametrize("spec", SPECS)
def test_secrets_are_not_logged(spec):
    def secrets(options):
        for name, option in options.items():
            if re.fullmatch(r"password|token|key|.*_secret|secret_.*", name):
                yield name, option
            yield from secrets(option.get("options", {}))

    for name, option in secrets(full_options(spec, "fallback")):
        assert option["no_log"] is True, name


@pytest.mark.parametrize("fields", FIELDS)
def test_fields_are_distinct(fields):
    assert len({field.option for field in fields}) == len(fields)
    assert len({field.api.lower() for field in fields}) == len(fields)


@pytest.mark.parametrize("fields", FIELDS)
def test_every_field_reads_and_compares_what_it_writes(fields):
    samples = {"str": "x", "int": 3, "bool": True, "dict": {"a": 1}}
    for field in fields:
        assert field.equal(samples[field.type], samples[field.type]), field.option


def test_the_version_is_that_of_the_collection():
    galaxy = ROOT / "galaxy.yml"
    if galaxy.exists():  # not in an installed collection
        assert f"version: {_version.VERSION}\n" in galaxy.read_text()
