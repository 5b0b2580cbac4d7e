"""What the playbook registers, without a server: held against the modules of awx.awx and against our playbooks."""

from __future__ import annotations

import importlib
import re
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.astera.data_stack.plugins.module_utils._server.sections import SECTIONS
from awx import data
from awx.controller import credential_types, surveys

#: Of a role, what no survey asks for, and why.
NOT_ASKED = {
    "connection": "They come from the credential and the inventory.",
    "astera_openapi_path": "A path of the machine where the playbook runs: a matter of the inventory.",
    "astera_throttle": "How the servers share a cluster is a matter of the inventory.",
    "astera_secure_logging": "Whether secrets are redacted is for the inventory to set, not for who launches.",
    "astera_jobs_only": "They come from the message of one failure, and go with one run on the command line.",
    "astera_jobs_together": "Goes with astera_jobs, which is in the inventory.",
    "astera_jobs_wait": "The same.",
    "astera_jobs_wait_timeout": "The same.",
    "astera_jobs_wait_interval": "The same.",
    "astera_jobs_on_timeout": "The same.",
    "astera_export_mode": "Permissions are a matter of the inventory.",
    "astera_drift_wait_timeout": "A matter of the inventory.",
    "astera_drift_report_name": "Each job of AWX has a name of its own.",
    "astera_ready_timeout": "An answer would overrule the inventory, which knows its servers.",
    "astera_jobs_run": "The same: jobs that must not start on a server would.",
    "astera_continue_on_error": "The same.",
    "astera_deployments_unlisted": "The same.",
    "astera_schedules_unlisted": "The same.",
    "astera_license_marker": "The state file of a host is a matter of the inventory.",
}
VARIABLE = re.compile(r"\bastera_[a-z_]*[a-z]\b")
#: The playbooks that lie here. A file that is added joins by itself.
PRESENT = [name for name in data.TEMPLATES if (data.ROOT / "playbooks" / f"{name}.yml").exists()]


def text_of(name: str) -> str:
    """A playbook, with the tasks of its own."""
    folder = data.ROOT / "playbooks"
    text = (folder / f"{name}.yml").read_text()
    return text + "".join((folder / file).read_text() for file in re.findall(r"file: (tasks/\S+)", text))


def role_options(name: str) -> dict[str, dict[str, Any]]:
    """The options of the roles that a playbook runs."""
    options: dict[str, dict[str, Any]] = {}
    for role in re.findall(r"astera\.data_stack\.(\w+)", text_of(name)):
        path = data.ROOT / "roles" / role / "meta" / "argument_specs.yml"
        if path.exists():
            options.update(yaml.safe_load(path.read_text())["argument_specs"]["main"].get("options", {}))
    return options


def choices(question: dict[str, Any]) -> list[str]:
    return question["choices"].splitlines()


@pytest.mark.parametrize("name", PRESENT)
def test_every_question_is_read(name):
    options = role_options(name)
    for variable, question in data.questions(data.templates()[name]).items():
        assert variable in options or variable in VARIABLE.findall(text_of(name)), variable
        if question["type"] == "multiplechoice" and options.get(variable, {}).get("choices"):
            assert choices(question) == options[variable]["choices"]
        elif options.get(variable, {}).get("type") == "bool":
            assert sorted(choices(question)) == ["false", "true"]


@pytest.mark.parametrize("name", PRESENT)
def test_every_variable_for_a_survey_is_asked(name):
    """Those of the playbook itself that its page lists, and the plain ones of its roles."""
    asked = data.questions(data.templates()[name])
    pages = {"deploy": "deploy.md", "run_job": "jobs.md"}
    own = set()
    if name in pages:
        rows = re.findall(r"^\| (`astera_.*?) \|", (data.ROOT / "docs" / pages[name]).read_text(), re.MULTILINE)
        own = {variable for row in rows for variable in VARIABLE.findall(row) if variable.startswith(f"astera_{name}_")}
        assert own
        assert own <= set(VARIABLE.findall(text_of(name)))
    left_out = set(NOT_ASKED) | set(role_options("deploy") if name == "run_job" else ())
    connection = yaml.safe_load((data.ROOT / "roles/connection/meta/argument_specs.yml").read_text())
    left_out |= set(connection["argument_specs"]["main"]["options"])
    # Dictionaries and lists are for the inventory.
    left_out |= {section.variable for section in SECTIONS} | {"astera_drift_jobs"}
    assert (own | set(role_options(name))) - left_out <= set(asked)
    assert "astera_hosts" in asked


@pytest.mark.parametrize("name", ["bootstrap", "deploy"])
def test_no_survey_overrules_the_inventory(name):
    """An answer, also a default or an empty one, is an extra variable and overrides what the inventory sets."""
    assert not set(role_options(name)) & set(data.questions(data.templates()[name]))


def test_surveys_are_as_awx_requires_them():
    for template in [*data.templates().values(), data.variable("promote")]:
        surveys.check_spec(template["survey_spec"])


def test_what_is_asked_twice_is_asked_alike():
    """A question of the workflow and of a template may differ in what is required, but not in its type."""
    workflow = data.questions(data.variable("promote"))
    for template in data.templates().values():
        for variable, question in data.questions(template).items():
            if variable in workflow:
                assert workflow[variable]["type"] == question["type"], variable


def test_the_guide_lists_every_setting():
    page = (data.ROOT / "docs" / "awx.md").read_text()
    rows = re.findall(r"^\| (`astera_awx_[^|]*) \|", page, re.MULTILINE)
    assert sorted(re.findall(r"astera_awx_\w+", " ".join(rows))) == sorted(data.settings())


def test_the_workflow_answers_what_its_nodes_require():
    named = {template["name"]: template for template in data.templates().values()}
    promote = data.variable("promote")
    answered = {name for name, question in data.questions(promote).items() if question["required"]}
    used = set()
    for node in promote["nodes"]:
        template = named.get(node.get("unified_job_template", ""))
        for variable, question in data.questions(template).items() if template else ():
            used.add(variable)
            assert not question["required"] or variable in answered or "default" in question, variable
    assert set(data.questions(promote)) <= used


def test_each_report_has_a_folder_of_its_own():
    """One report replaces the one before it in the same folder, and that of the fleet is made by a schedule."""
    report = data.variable("drift_report")
    nodes = [node for node in data.variable("promote")["nodes"] if node.get("unified_job_template") == report["name"]]
    folders = {node["extra_data"]["astera_drift_report_dir"] for node in nodes}
    folders.add(data.questions(report)["astera_drift_report_dir"]["default"])
    assert len(folders) == len(nodes) + 1 == 3


def test_the_workflow_reaches_each_node_once_from_the_first():
    nodes = {node["identifier"]: node for node in data.variable("promote")["nodes"]}
    pointed = [
        other for node in nodes.values() for kind in ("success_nodes", "failure_nodes") for other in node.get(kind, [])
    ]
    assert set(pointed) == set(nodes) - {"before"}


def test_the_credential_type():
    kind = data.variable("credential_type")
    credential_types.check_type(kind)
    assert {field["id"] for field in kind["inputs"]["fields"] if field.get("secret")} == {"password", "token"}
    fragment = importlib.import_module("ansible_collections.astera.data_stack.plugins.doc_fragments.connection")
    options = yaml.safe_load(fragment.ModuleDocFragment.DOCUMENTATION)["options"]
    known = {f"ASTERA_{name.upper()}" for name in options}
    assert set(kind["injectors"]["env"]) <= known
    assert {"ASTERA_SERVER_URL", "ASTERA_USERNAME", "ASTERA_PASSWORD", "ASTERA_TOKEN"} < set(kind["injectors"]["env"])


@pytest.mark.parametrize(
    ("inputs", "expected"),
    [
        ({}, {"ASTERA_CA_PATH": "", "ASTERA_VALIDATE_CERTS": "true", "ASTERA_PASSWORD": ""}),
        ({"ca_path": "/etc/ca.pem"}, {"ASTERA_CA_PATH": "/etc/ca.pem"}),
        ({"validate_certs": "false"}, {"ASTERA_VALIDATE_CERTS": "false"}),
        ({"validate_certs": ""}, {"ASTERA_VALIDATE_CERTS": "true"}),
        ({"password": "{{ 7 * 7 }}"}, {"ASTERA_PASSWORD": "{{ 7 * 7 }}"}),
    ],
)
def test_what_is_injected(tmp_path, inputs, expected):
    """A credential that somebody made by the API may lack any field; then too the certificate is checked."""
    environment = credential_types.injected(inputs, data.variable("credential_type"), tmp_path)
    assert environment.items() >= expected.items()


def test_the_text_of_a_certificate_becomes_a_file(tmp_path):
    inputs = {"ca_certificate": "PEM\n", "ca_path": "/etc/ca.pem"}
    environment = credential_types.injected(inputs, data.variable("credential_type"), tmp_path)
    (file,) = tmp_path.iterdir()
    assert environment["ASTERA_CA_PATH"] == str(file)
    assert file.read_text().strip() == "PEM"
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.fixture
def specs(awx_collection):
    """Gives the argument spec that a module of awx.awx builds when it runs, and the rules that go with it."""

    class Stop(Exception):
        pass

    def spec_of(module: str) -> tuple[dict[str, Any], dict[str, Any]]:
        taken: list[Any] = []

        def take(argument_spec: dict[str, Any], **how: Any) -> None:
            taken.extend((argument_spec, how))
            raise Stop

        # Without its import, which this process has no place for; what it takes from there is ours.
        space: dict[str, Any] = {"__name__": module}
        source = (awx_collection / "ansible_collections/awx/awx/plugins/modules" / f"{module}.py").read_text()
        source = re.sub(r"^from \.\.module_utils.*$", "", source, flags=re.MULTILINE)
        exec(compile(source, module, "exec"), space)  # noqa: S102
        space["ControllerAPIModule"] = take
        with pytest.raises(Stop):
            space["main"]()
        return taken[0], taken[1]

    return spec_of


def test_the_tasks_give_only_options_that_the_modules_have(specs):
    used = set()
    for task in data.tasks([task for path in data.TASKS for task in data.load(path)]):
        (module,) = [key for key in task if key.startswith("awx.awx.")]
        spec, _how = specs(module.removeprefix("awx.awx."))
        assert set(task[module]) <= set(spec), task["name"]
        used.add(module)
        for name, value in task[module].items():
            if isinstance(value, str) and "{{" not in value and spec[name].get("choices"):
                assert value in spec[name]["choices"]
    assert len(used) == 8


def test_no_prompt_is_left_as_somebody_set_it(specs):
    """A prompt that a template allows lets whoever launches it do more; each is named, and most are off."""
    for path, module in (("present.yml", "job_template"), ("workflow.yml", "workflow_job_template")):
        spec, _how = specs(module)
        (task,) = [task for task in data.load(data.FOLDER / "tasks" / path) if f"awx.awx.{module}" in task]
        given = task[f"awx.awx.{module}"]
        prompts = {name for name in spec if name.startswith("ask_")}
        assert prompts == {name for name in given if name.startswith("ask_")}
        allowed = {name for name in prompts if given[name]}
        asked = {"credential", "diff_mode", "job_type", "verbosity", "job_slice_count"}
        expected = asked if module == "job_template" else set()
        assert allowed == {f"ask_{what}_on_launch" for what in expected}


def test_the_data_are_options_of_the_modules(specs):
    """Types and choices too; that of a wrong type would be rejected."""
    cases = [("credential_type", data.variable("credential_type"))]
    cases += [("job_template", template) for template in data.templates().values()]
    promote = dict(data.variable("promote"))
    nodes = promote.pop("nodes")
    cases.append(("workflow_job_template", promote))
    cases += [("workflow_job_template_node", {**node, "workflow_job_template": promote["name"]}) for node in nodes]
    for module, options in cases:
        spec, how = specs(module)
        rules = {name: how[name] for name in ("mutually_exclusive", "required_if") if name in how}
        result = ArgumentSpecValidator(spec, **rules).validate(options)
        assert result.error_messages == [], options
