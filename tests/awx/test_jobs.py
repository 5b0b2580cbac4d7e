"""The job templates as AWX runs them: the survey's answers, the credential's environment, ansible-runner."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from awx import data
from awx.controller.errors import Rejection
from awx.jobs import walk

FLOW = r"C:\Flows\load_orders.wf"
#: The playbooks that lie here: the job templates of those are run. A file that is added joins by itself.
PRESENT = [name for name in data.TEMPLATES if (data.ROOT / "playbooks" / f"{name}.yml").exists()]


def answers(name: str, folder: Path) -> dict[str, object]:
    """What somebody answers who changes only what has no default, or would write outside of the test."""
    own: dict[str, dict[str, object]] = {
        "run_job": {"astera_hosts": "etl", "astera_run_job_path": FLOW, "astera_run_job_wait_interval": 1},
        "export": {"astera_export_path": f"{folder}/export/"},
        "drift_report": {"astera_drift_report_dir": str(folder / "drift")},
    }
    return own.get(name, {})


def redacted(result) -> bool:
    text = result.output + str(result.events)
    return "canary" not in text.lower() and "eyJ" not in text


@pytest.mark.parametrize("name", PRESENT)
def test_a_template_runs(emulator, runner, tmp_path, name):
    """Check mode first, which writes nothing to the server; then for real."""
    template = data.templates()[name]["name"]
    given = answers(name, tmp_path)
    rehearsal = runner.launch(template, given, job_type="check", diff_mode=True)
    assert rehearsal.ok, rehearsal.output
    assert not emulator.writes
    result = runner.launch(template, given)
    assert result.ok, result.output
    assert redacted(rehearsal)
    assert redacted(result)
    if name == "bootstrap":
        assert emulator.state()["cluster"]["name"] == "AWX"
        assert rehearsal.count("changed") == result.count("changed") == 1
        assert runner.launch(template, given).count("changed") == 0


def test_an_untouched_survey_leaves_the_inventory_in_force(emulator, runner):
    """What the inventory sets for a production server holds also when somebody launches with the survey as it is."""
    runner.hosts["etl"] |= {
        "astera_deployments": [{"name": "Orders", "archive": f"{runner.project}/orders.car"}],
        "astera_jobs": [{"path": FLOW}],
        "astera_jobs_run": "never",
    }
    result = runner.launch("Astera bootstrap", {})
    assert result.ok, result.output
    assert len(emulator.state()["deployments"]) == 1
    assert emulator.state()["jobs"] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in PRESENT if name != "run_job"])
def test_empty_answers(runner, tmp_path, name):
    """Only clients of the API send them: the form leaves an empty answer out, and then AWX fills in the default."""
    questions = data.questions(data.templates()[name])
    texts = {
        variable: ""
        for variable, question in questions.items()
        if question["type"] == "text" and not question.get("min")
    }
    given = {**texts, **answers(name, tmp_path)}
    result = runner.launch(data.templates()[name]["name"], given, job_type="check")
    assert result.ok, result.output


@pytest.mark.slow
@pytest.mark.parametrize("name", PRESENT)
def test_a_limit(emulator, runner, tmp_path, name):
    """Although our templates don't ask for one: what is limited to one of two hosts leaves the other alone."""
    number = runner.controller.named("job_templates", data.templates()[name]["name"])["id"]
    runner.controller.api.store.objects["job_templates"][number]["ask_limit_on_launch"] = True
    runner.hosts["other"] = {"astera_server_url": "https://localhost:1", "astera_retries": 0}
    given = {**answers(name, tmp_path), "astera_hosts": "etl" if name == "run_job" else "astera"}
    result = runner.launch(data.templates()[name]["name"], given, limit="etl")
    assert result.ok, result.output
    assert re.search(r"^\S*other\S* +:", result.output, re.MULTILINE) is None


def test_between_nodes(emulator, runner):
    """Packed, run elsewhere and unpacked, as AWX's own nodes do it."""
    runner.in_steps = True
    result = runner.launch("Astera bootstrap", {})
    assert result.ok, result.output
    assert emulator.state()["cluster"]["name"] == "AWX"
    assert any(event.get("event") == "playbook_on_stats" for event in result.events)


def test_promotion_from_test_to_production(emulator, runner):
    """The archive comes from the test, the configuration is that of production, the rest comes from the inventory."""
    entry = {"name": "Orders", "archive": "orders.car", "config": "orders.dev.cfg", "comment": "from the inventory"}
    runner.hosts["etl"]["astera_deployments"] = [entry, {"name": "Other", "archive": "orders.car"}]
    given = {"astera_deploy_name": "Orders", "astera_deploy_archive": "orders.car"}
    given["astera_deploy_config"] = "orders.prod.cfg"
    result = runner.launch("Astera deploy", given)
    assert result.ok, result.output
    assert result.count("changed") == 1
    (deployment,) = emulator.state()["deployments"]
    assert (deployment["name"], deployment["comment"]) == ("Orders", "from the inventory")
    stored = emulator.files.read(deployment["clusterConfigFilePath"])
    assert stored == (runner.project / "orders.prod.cfg").read_bytes()
    published = result.artifacts["astera_deployed"]["etl"]
    assert published["name"] == "Orders"
    assert published["id"] == deployment["id"]
    assert len(published["sha256"]) == 2
    assert runner.launch("Astera deploy", given).count("changed") == 0


def test_jinja_in_an_answer_is_text(emulator, runner):
    """Whoever may launch a job must not read variables with it."""
    given = {"astera_hosts": "etl", "astera_run_job_path": FLOW}
    given["astera_run_job_parameters"] = 'Variables: {sourceFilePath: \'{{ lookup("env", "ASTERA_PASSWORD") }}\'}'
    result = runner.launch("Astera run job", given)
    assert result.ok, result.output
    (write,) = [request for request in emulator.writes if "CommandLine" in request.path]
    assert write.json["Parameters"][0]["Value"].startswith("{{ lookup")


def test_secret_answers(emulator, runner):
    given = {"astera_hosts": "etl", "astera_run_job_path": FLOW}
    given["astera_run_job_secret_parameters"] = "{Variables: {pin: canary-pin-7}}"
    result = runner.launch("Astera run job", given, verbosity=4)
    assert result.ok, result.output
    assert "canary-pin" not in result.output
    assert "canary-pin" not in str(result.events)
    assert result.artifacts["astera_job"]["succeeded"] is True


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"astera_run_job_path": FLOW}, "astera_hosts"),
        ({"astera_hosts": "etl", "astera_run_job_path": FLOW, "astera_run_job_wait": "maybe"}, "expected to be one of"),
        (
            {"astera_hosts": "etl", "astera_run_job_path": FLOW, "astera_run_job_wait_timeout": "60"},
            "expected to be an integer",
        ),
    ],
)
def test_answers_that_awx_rejects(runner, given, reason):
    with pytest.raises(Rejection, match=reason):
        runner.launch("Astera run job", given)


def test_a_failed_flow_is_a_failed_job(emulator, runner):
    """Also between nodes, where the last command ends with 0 all the same."""
    runner.in_steps = True
    emulator.files.write(FLOW, b'<Flow seconds="0.1" outcome="failed"/>')
    result = runner.launch("Astera run job", {"astera_hosts": "etl", "astera_run_job_path": FLOW})
    assert (result.status, result.rc, result.ok) == ("failed", 2, False)
    assert "ended as" in result.output
    assert result.artifacts["astera_job"]["succeeded"] is False


@pytest.mark.slow
def test_another_credential_at_launch(emulator, runner, credential):
    """Of the same type, so it takes the place of that of the template."""
    store = runner.controller.api.store
    kind = runner.controller.named("credential_types", "Astera Integration Server")["id"]
    wrong = {**credential, "password": "canary-wrong"}
    number = store.write("credentials", {"name": "wrong", "credential_type": kind, "inputs": wrong})
    result = runner.launch("Astera bootstrap", {}, credentials=[number])
    assert not result.ok
    assert "was rejected" in result.output
    assert redacted(result)


@pytest.mark.slow
@pytest.mark.parametrize("fails", [False, True] if "drift_report" in PRESENT else [])
def test_the_workflow(emulator, runner, fails):
    """Step by step as AWX takes them; what a step publishes reaches the next ones."""
    if fails:
        emulator.files.write(FLOW, b'<Flow seconds="0.1" outcome="failed"/>')
    given = {"astera_hosts": "etl", "astera_run_job_path": FLOW, "astera_deploy_name": "Orders"}
    given |= {"astera_deploy_archive": "orders.car", "astera_deploy_config": "orders.prod.cfg"}
    for node in runner.controller.api.store.objects["workflow_job_template_nodes"].values():
        if "astera_drift_report_dir" in node["extra_data"]:
            node["extra_data"] = {"astera_drift_report_dir": str(runner.folder / node["identifier"])}
    trace = walk(runner, "Astera promote", given)
    steps = ["before", "approve", "deploy", "load", *(["after"] if fails else [])]
    assert [step for step, _result in trace] == steps
    results = dict(trace)
    assert results["before"].ok, results["before"].output
    assert results["deploy"].artifacts["astera_deployed"]["etl"]["name"] == "Orders"
    assert results["load"].ok is not fails, results["load"].output
    assert len(emulator.state()["jobs"]) == 1
    assert not fails or results["after"].ok
    for step in ("before", "after"):
        assert len(list((runner.folder / step).glob("drift-*.json"))) == steps.count(step)


@pytest.mark.slow
def test_slices(emulator, runner, tmp_path):
    """Two jobs of one launch share the servers, and each leaves a report of its own."""
    # The emulator is both servers, and two of one repository in two slices would write at the same time.
    runner.hosts |= {"etl2": {"astera_cluster": {"name": "AWX"}}}
    first, second = runner.launch_slices("Astera bootstrap", {}, 2)
    assert (first.ok, second.ok) == (True, True), first.output + second.output
    assert (first.count("changed"), second.count("changed")) == (1, 0)
    reports = runner.launch_slices("Astera drift report", answers("drift_report", tmp_path), 2)
    assert [result.artifacts["astera_drift"]["servers"] for result in reports] == [1, 1]
    names = sorted(path.name for path in (tmp_path / "drift").glob("*.json"))
    assert names == ["drift-3.json", "drift-4.json"]
    assert "drift-4.html" in reports[1].output
    # A slice without any of the chosen servers fails.
    with_it, without_it = runner.launch_slices("Astera bootstrap", {"astera_hosts": "etl"}, 2)
    assert (with_it.ok, without_it.ok) == (True, False)
    assert "No host of the inventory matches etl" in without_it.output
