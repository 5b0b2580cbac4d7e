"""The file of variables: Ansible reads back what went in, evaluates the placeholders and nothing else."""

from __future__ import annotations

from inspect import signature

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.astera.data_stack.plugins.filter.variables_file import FilterModule

variables_file = FilterModule().filters()["variables_file"]

# What JSON can carry and UTF-8 can write.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    [
        "{{ 7 * 7 }}",
        "{% if %}",
        "{# a #}",
        "yes",
        "04:30",
        "2026-01-01",
        "~",
        "a: b",
        "C:\\x y",
        "a\n b\n",
        " \n",
        "- a",
    ]
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=10,
)


class Loader(yaml.SafeLoader):
    """Reads the tag of Ansible, too."""


Loader.add_constructor("!unsafe", lambda loader, node: loader.construct_scalar(node))


def exported(configuration, **parts):
    lists = {name: [] for name in ("placeholders", "archives", "server_files", "notes")}
    return {"configuration": configuration, **lists, **parts}


@pytest.mark.parametrize(
    "text", ["{{ a }}", "{% a %}", "{# a #}", "#jinja2:variable_start_string:'[[',variable_end_string:']]'\n[[ a ]]"]
)
def test_what_ansible_would_evaluate_is_tagged(text):
    assert "!unsafe" in variables_file(exported({"astera_deployments": [{"name": "Orders", "comment": text}]}))
    assert "!unsafe" not in variables_file(exported({"astera_deployments": [{"name": "Orders", "comment": "{ a }"}]}))


@given(configuration=st.dictionaries(TEXT, VALUES, max_size=3))
def test_what_goes_in_is_read_back(configuration):
    text = variables_file(exported(configuration))
    assert (yaml.load(text, Loader) or {}) == configuration  # noqa: S506  # a safe loader with one more tag
    assert text == variables_file(exported(configuration))


@given(name=TEXT, reason=TEXT)
def test_no_name_ends_its_comment(name, reason):
    notes = [{"variable": "astera_cluster", "member": name, "objects": [name], "reason": reason}]
    text = variables_file(exported({"astera_cluster": {"name": "x"}}, notes=notes))
    assert yaml.safe_load(text) == {"astera_cluster": {"name": "x"}}


def test_ansible_evaluates_the_placeholders_and_nothing_else(tmp_path):
    configuration = {
        "password": "{{ vault_it }}",
        "list": [{"comment": "{{ vault_it }}", "lines": "a\n{{ vault_it }}\n"}],
    }
    placeholders = [{"variable": "vault_it", "path": ["password"], "secret": True}]
    path = tmp_path / "etl.yml"
    path.write_text(variables_file(exported(configuration, placeholders=placeholders)))
    # As Ansible loads a file of variables: new cores trust templates only where they are marked.
    load = DataLoader().load_from_file
    trust = {"trusted_as_template": True} if "trusted_as_template" in signature(load).parameters else {}
    loaded = load(str(path), **trust)
    templar = Templar(loader=DataLoader(), variables={"vault_it": "s3cret"})
    assert templar.template(loaded) == {**configuration, "password": "s3cret"}


def test_what_the_reader_has_to_do():
    text = variables_file(
        exported(
            {"astera_server_config": {"repository": {"password": "{{ vault_it }}"}}},
            placeholders=[
                {"variable": "vault_it", "path": ["astera_server_config", "repository", "password"], "secret": True}
            ],
            archives=[{"name": "orders.car"}, {"name": "orders.car"}],
            server_files=[{"path": r"C:\Client\b.car"}, {"path": r"C:\Client\a.car"}, {"path": r"C:\Client\b.car"}],
            notes=[{"variable": "astera_cluster", "member": "a.b", "objects": [], "reason": "why"}],
        )
    )
    head, body, license_ = text.split("\n\n")
    assert head.endswith(
        "# Secrets to keep in a vault:\n# - vault_it\n#\n"
        "# Files to keep in the folder that astera_archives names:\n# - orders.car\n#\n"
        "# Files that another server needs, too, at these paths:\n# - C:\\Client\\a.car\n# - C:\\Client\\b.car\n#\n"
        "# Not exported:\n# - astera_cluster, a.b: why"
    )
    assert body == 'astera_server_config:\n  repository:\n    password: "{{ vault_it }}"'
    assert all(line.startswith("# ") for line in license_.splitlines())


@pytest.mark.parametrize("value", ["text", {}, {"configuration": {}}, None])
def test_anything_else_is_refused(value):
    with pytest.raises(AnsibleFilterError, match="needs the result of astera_export"):
        variables_file(value)
