"""The playbook that registers everything, run with the modules of awx.awx against the stand-in of the controller."""

from __future__ import annotations

import copy
import json
import os
import re
import subprocess

import pytest

from awx import data
from awx.controller import Controller, launching, notifications
from awx.stock import contents, stock

EXTRAS = {
    "astera_awx_webhook_url": "https://chat.example.com/hook",
    "astera_awx_execution_environment": "Astera",
    "astera_awx_image": "registry.example.com/astera:1",
    "astera_awx_drift_rrule": "DTSTART:20260101T030000Z RRULE:FREQ=DAILY;INTERVAL=1",
    "astera_awx_labels": ["astera"],
    "astera_awx_instance_groups": ["default"],
}
PLAYBOOKS = [f"{name}.yml" for name in data.TEMPLATES]
#: The lookup plugin of awx.awx imports something of ansible-core that will go.
DEPRECATED = re.compile(r".*(ansible\.module_utils\._text|Deprecation warnings can be disabled|^$).*")


def settings(*arguments, **variables):
    return ("-e", json.dumps(variables), *arguments)


def changed(run):
    return sum(int(number) for number in re.findall(r"\bchanged=(\d+)", run.stdout))


def changed_items(run):
    return re.findall(r"changed: \[localhost\] => \(item=(.*)\)", run.stdout)


def fields_of(controller, resource, name, **others):
    return controller.api.store.objects[resource][controller.named(resource, name, **others)["id"]]


@pytest.mark.slow
@pytest.mark.any_core
def test_from_nothing_to_nothing(controller, register):
    """In check mode, twice, in check mode, removed in check mode, removed twice."""
    before = contents(controller.api.store)
    rehearsal = register(*settings(**EXTRAS), "--check")
    assert rehearsal.returncode == 0, rehearsal.stdout
    assert changed(rehearsal) == 6  # type, environment, notification, label, templates, workflow
    assert controller.writes == []

    first = register(*settings(**EXTRAS))
    assert first.returncode == 0, first.stdout
    warnings = [line for line in first.stderr.splitlines() if not DEPRECATED.fullmatch(line)]
    assert "[WARNING]" not in first.stdout
    assert warnings == []
    assert [request for request in controller.api.requests if request[2] >= 400] == []
    made = contents(controller.api.store)
    compare_with_stock(copy.deepcopy(made))
    writes = len(controller.writes)

    again = register(*settings(**EXTRAS))
    assert again.returncode == 0, again.stdout
    assert changed(again) == 0, again.stdout

    rehearsal = register(*settings(**EXTRAS), "--check", "-e", "astera_awx_playbooks=playbooks/")
    assert rehearsal.returncode == 0, rehearsal.stdout
    assert changed(rehearsal) == 1  # the one task for all job templates
    assert len(controller.writes) == writes
    assert contents(controller.api.store) == made
    assert controller.token not in first.stdout + again.stdout + rehearsal.stdout

    rehearsal = register(*settings(**EXTRAS, astera_awx_state="absent"), "--check")
    assert changed(rehearsal) == 5  # workflow, templates, notification, environment, type
    assert contents(controller.api.store) == made
    removed = register(*settings(**EXTRAS, astera_awx_state="absent"))
    assert removed.returncode == 0, removed.stdout
    after = contents(controller.api.store)
    assert after["objects"].pop("labels astera")  # AWX deletes no label on request
    assert after == before
    again = register(*settings(**EXTRAS, astera_awx_state="absent"))
    assert (again.returncode, changed(again)) == (0, 0), again.stdout


def compare_with_stock(made):
    with Controller() as other:
        other.prepare(PLAYBOOKS)
        stock(other)
        plain = contents(other.api.store)
    # What is asked for in EXTRAS comes on top, and a reference to it.
    for name, fields in plain["objects"].items():
        if name.startswith("job_templates"):
            fields["execution_environment"] = "Astera"
        assert made["objects"].pop(name) == fields
    schedule = made["objects"].pop("schedules Astera drift")
    assert schedule["extra_data"] == {
        "astera_hosts": "astera",
        "astera_drift_report_dir": "/var/lib/astera/drift",
        "astera_drift_fail": "true",
    }
    assert schedule["enabled"] is True
    for name in ("execution_environments Astera", "labels astera", "notification_templates Astera webhook"):
        made["objects"].pop(name)
    assert made["objects"] == {}
    assert made["surveys"] == plain["surveys"]
    own = ("notification", "labels", "instance_groups")
    extra = {name: to for name, to in made["links"].items() if any(word in name for word in own)}
    assert {name: to for name, to in made["links"].items() if name not in extra} == plain["links"]
    # Five templates: a notification, a label, an instance group. The workflow: two notifications, a label.
    assert len(extra) == 18
    assert set(map(tuple, extra.values())) == {("Astera webhook",), ("astera",), ("default",)}


#: What somebody may change by hand, by the kind of object and its name.
BY_HAND = {
    ("job_templates", "Astera deploy"): {
        "playbook": "bootstrap.yml",
        "ask_variables_on_launch": True,
        "ask_tags_on_launch": True,
        "extra_vars": '{"astera_validate_certs": false}',
        "limit": "nobody",
        "job_tags": "none",
        "verbosity": 4,
        "forks": 1,
        "timeout": 1,
        "become_enabled": True,
        "diff_mode": True,
        "host_config_key": "key",
        "job_slice_count": 3,
    },
    ("job_templates", "Astera run job"): {"ask_limit_on_launch": True},
    ("workflow_job_templates", "Astera promote"): {"ask_variables_on_launch": True, "extra_vars": "x: 1", "limit": "x"},
    ("schedules", "Astera drift"): {"enabled": False},
}


@pytest.mark.slow
@pytest.mark.any_core
def test_changes_by_hand(controller, register):
    """They are reported in check mode and taken back, but lists stay that no setting names."""
    store = controller.api.store
    given = settings(astera_awx_drift_rrule=EXTRAS["astera_awx_drift_rrule"])
    assert register(*given).returncode == 0
    kind = store.write("credential_types", {"name": "Vault", "kind": "net"})
    organization = controller.named("organizations", "Default")["id"]
    fields = {"name": "secrets", "credential_type": kind, "organization": organization}
    attached = store.write("credentials", fields)
    deploy = controller.named("job_templates", "Astera deploy")["id"]
    store.associate("job_templates", deploy, "credentials", {"id": attached})
    good = contents(store)

    for (resource, name), fields in BY_HAND.items():
        store.write(resource, fields, controller.named(resource, name)["id"])
    nodes = store.nodes(controller.named("workflow_job_templates", "Astera promote")["id"])
    node = store.objects["workflow_job_template_nodes"][nodes["load"]]
    node.update(extra_data={"astera_run_job_wait": "false"}, limit="x", verbosity=3, all_parents_must_converge=True)
    survey = store.surveys[controller.named("job_templates", "Astera export")["id"]]
    survey["spec"] = survey["spec"][1:]
    store.associations[("workflow_job_template_nodes", nodes["deploy"], "success_nodes")].clear()

    items = ["Astera deploy", "Astera run job", "Astera export", "load"]
    rehearsal = register(*given, "--check")
    assert rehearsal.returncode == 0, rehearsal.stdout
    assert changed_items(rehearsal) == [*items, "deploy"]
    assert changed(rehearsal) == 5  # templates, workflow, a node, a link, schedule
    run = register(*given)
    assert run.returncode == 0, run.stdout
    # Also the links from and to the node.
    assert changed_items(run) == [*items, "load", "deploy", "load"]
    assert contents(store) == good
    assert changed(register(*given, "--check")) == 0

    # With the setting, the list is what the setting says.
    run = register(*given, *settings(astera_awx_credentials=[]))
    assert run.returncode == 0, run.stdout
    assert changed(run) == 1
    assert store.associated("job_templates", deploy, "credentials") == []


@pytest.mark.slow
@pytest.mark.any_core
def test_two_organizations(controller, register):
    """The same names in both, seen by a system administrator; numbers in the place of names; a manual project."""
    controller.prepare(PLAYBOOKS, "Other")
    store = controller.api.store
    fields_of(controller, "projects", "Astera", organization__name="Other")["scm_type"] = ""
    credential_type = data.variable("credential_type")
    kind = store.write("credential_types", credential_type)
    for name in ("Default", "Other"):
        fields = {"name": "etl", "credential_type": kind, "organization": controller.named("organizations", name)["id"]}
        store.write("credentials", fields)
    given = {"astera_awx_webhook_url": EXTRAS["astera_awx_webhook_url"], "astera_awx_credentials": ["etl"]}
    for name in ("Default", "Other"):
        run = register(*settings(**given, astera_awx_organization=name))
        assert run.returncode == 0, run.stdout
    number = controller.named("credentials", "etl", organization__name="Default")["id"]
    run = register(*settings(**given), *settings(astera_awx_credentials=[number]))
    assert (run.returncode, changed(run)) == (0, 0), run.stdout
    for name in ("Default", "Other"):
        template = controller.named("job_templates", "Astera deploy", organization__name=name)
        (credential,) = store.associated("job_templates", template["id"], "credentials")
        assert store.find("credentials", credential)["organization"] == template["organization"]
        assert store.find("inventories", template["inventory"])["organization"] == template["organization"]

    # The type stays while there are credentials of it, and the other organization keeps everything.
    run = register(*settings(**given, astera_awx_state="absent"))
    assert run.returncode == 0, run.stdout
    assert kind in store.objects["credential_types"]
    assert {store.find("organizations", one["organization"])["name"] for one in store.objects["job_templates"].values()}
    assert len(store.objects["job_templates"]) == 5


@pytest.mark.slow
@pytest.mark.any_core
def test_fleets_and_stages(controller, register):
    """Two workflows share the templates, each with a credential of its own; names have a prefix; jobs are divided."""
    store = controller.api.store
    kind = store.write("credential_types", data.variable("credential_type"))
    organization = controller.named("organizations", "Default")["id"]
    for name in ("test", "prod"):
        store.write("credentials", {"name": name, "credential_type": kind, "organization": organization})
    given = {
        "astera_awx_prefix": "North ",
        "astera_awx_forks": 50,
        "astera_awx_timeout": 3600,
        "astera_awx_drift_slices": 2,
        "astera_awx_drift_hosts": "north",
        "astera_awx_drift_enabled": False,
        "astera_awx_drift_rrule": EXTRAS["astera_awx_drift_rrule"],
        "astera_awx_webhook_url": EXTRAS["astera_awx_webhook_url"],
        "astera_awx_workflows": [
            {"name": "Astera promote to test", "credentials": ["test"]},
            {"name": "Astera promote to production", "credentials": ["prod"]},
        ],
    }
    for count in (0, 1):
        run = register(*settings(**given))
        assert run.returncode == 0, run.stdout
        assert (changed(run) == 0) is bool(count)
    template = controller.named("job_templates", "North Astera drift report")
    assert (template["forks"], template["timeout"], template["job_slice_count"]) == (50, 3600, 1)
    schedule = controller.named("schedules", "North Astera drift")
    assert (schedule["enabled"], schedule["job_slice_count"]) == (False, 2)
    assert schedule["extra_data"]["astera_hosts"] == "north"
    answers = {"astera_hosts": "etl", "astera_run_job_path": "x.wf", "astera_deploy_name": "Orders"}
    for name, stage in (("test", "test"), ("prod", "production")):
        number = controller.named("workflow_job_templates", f"North Astera promote to {stage}")["id"]
        variables, _ignored = launching.launch_workflow(store, number, {"extra_vars": answers})
        credential = controller.named("credentials", name)["id"]
        for identifier in ("before", "deploy", "load", "after"):
            job = launching.node_job(store, store.nodes(number)[identifier], variables, {})
            assert job["credentials"] == [credential]

    # An approval names server, deployment and archive.
    messages = controller.named("notification_templates", "North Astera webhook")["messages"]
    metadata = json.dumps({"extra_vars": json.dumps({**answers, "astera_deploy_archive": "orders.car"})})
    context = {"approval_status": "pending", "approval_node_name": "Deploy?", "workflow_url": "https://awx/#/jobs/1"}
    body = notifications.render(messages["workflow_approval"]["running"]["body"], {**context, "job_metadata": metadata})
    sent = json.loads(body)
    assert sent["approval"] == "Deploy?"
    assert json.loads(sent["workflow"]["extra_vars"])["astera_deploy_archive"] == "orders.car"


@pytest.mark.slow
@pytest.mark.any_core
@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"astera_awx_organization": "Nope"}, "astera_awx_organization: AWX has 0 organizations named Nope, not one."),
        (
            {"astera_awx_project": "Nope"},
            "astera_awx_project: the organization Default has 0 projects named Nope, not one.",
        ),
        (
            {"astera_awx_notifications": ["No"]},
            "the organization Default has 0 notification templates named No, not one.",
        ),
        ({"astera_awx_image": "registry.example.com/x"}, "astera_awx_image needs the name in"),
        (
            {"astera_awx_image": "x", "astera_awx_execution_environment": "AWX EE (latest)"},
            "AWX EE (latest) belongs to another organization than Default.",
        ),
    ],
)
def test_what_must_exist_is_looked_up_first(controller, register, given, message):
    run = register(*settings(**given))
    assert run.returncode != 0
    assert message in run.stdout
    assert controller.writes == []


@pytest.mark.slow
@pytest.mark.any_core
@pytest.mark.parametrize("status", ["successful", "failed"])
def test_the_launch_in_the_guide(controller, register, tmp_path, status):
    """Only questions without a default are answered, and the task ends as the job does."""
    stock(controller)
    controller.api.job_status = status
    page = (data.ROOT / "docs" / "awx.md").read_text()
    (playbook,) = [block for block in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL) if "job_launch" in block]
    (tmp_path / "launch.yml").write_text(playbook)
    run = register(playbook=str(tmp_path / "launch.yml"))
    assert (run.returncode == 0) is (status == "successful"), run.stdout
    (job,) = controller.api.jobs.values()
    assert job["variables"]["astera_hosts"] == "etl01"
    assert job["variables"]["astera_run_job_wait_timeout"] == 3600


@pytest.mark.any_core
def test_without_awx_awx(controller):
    """Nothing asks for it before its turn comes, and then the error names it."""
    command = ["ansible-playbook", "astera.data_stack.awx_register"]
    environment = {**os.environ, **controller.environment}
    checked = subprocess.run([*command, "--syntax-check"], env=environment, text=True, capture_output=True, check=False)
    assert checked.returncode == 0, checked.stderr
    run = subprocess.run(command, env=environment, text=True, capture_output=True, check=False)
    assert run.returncode != 0
    assert "couldn't resolve module/action 'awx.awx.credential_type'" in run.stdout + run.stderr
    assert controller.api.requests == []
