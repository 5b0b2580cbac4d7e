"""A plan of a whole server: all is checked before anything is written, and a section knows those before it."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.any_core

DAILY = {"name": "Daily", "deployment": "Orders", "start_item": "a.wf", "daily": {"start_time": "2026-12-01T04:30:00Z"}}


@pytest.fixture
def configuration(archive):
    return {
        "astera_cluster": {"purge_job_info_after": 30},
        "astera_deployments": [{"name": "Orders", "archive": str(archive)}],
        "astera_schedules": [DAILY, {"name": "Copy", "deployment": "Orders", "start_item": "b.wf", "like": "Daily"}],
        "astera_jobs": [{"name": "First", "path": "C:\\a.wf"}],
    }


@pytest.fixture
def plan(run):
    def planned(configuration, **options):
        return run("plan", configuration=configuration, **options)

    return planned


@pytest.fixture
def applied(run, configuration):
    """The server is as the configuration says."""
    run("cluster", **configuration["astera_cluster"])
    run("deployments", deployments=configuration["astera_deployments"])
    run("schedules", schedules=configuration["astera_schedules"])


def entries(result):
    return [(one["section"], one["name"], one["action"]) for one in result.plan]


def changes(result, number=0):
    return [(one["path"], one["before"], one["after"]) for one in result.plan[number]["changes"]]


def test_an_empty_server(any_emulator, plan, configuration):
    result = plan(configuration)
    assert entries(result) == [
        ("cluster", None, "update"),
        ("deployments", "Orders", "create"),
        ("schedules", "Daily", "create"),
        ("schedules", "Copy", "create"),
        ("jobs", "First", "start"),
    ]
    assert not result.changed
    assert not result.in_sync
    assert result.sections == ["cluster", "deployments", "schedules", "jobs"]
    assert not result.warnings
    assert changes(result) == [("purge_job_info_after", 7, 30)]
    assert ("deployment", None, "Orders") in changes(result, 2)
    assert len(result["diff"]) == 4
    assert [one.path.lower() for one in any_emulator.requests if one.method != "GET"] == ["/api/account/login"]


def test_nothing_to_do_takes_one_login_and_one_read_of_each(any_emulator, plan, configuration, applied):
    seen = len(any_emulator.requests)
    result = plan(configuration)
    assert result.plan == []
    assert result.in_sync
    assert result.sections == []
    assert result["diff"] == []
    assert result.unlisted == {"deployments": [], "schedules": []}
    asked = [f"{one.method} {one.path.lower()}" for one in any_emulator.requests[seen:]]
    # A list that shows only part of each schedule makes more reads necessary.
    asked = [one for one in asked if not one.startswith("GET /api/schedule/")]
    assert asked == ["POST /api/account/login", "GET /api/cluster", "GET /api/deployments", "GET /api/schedules"]
    assert result.summary == (
        "Compared cluster, deployments, schedules. Changes: none. Jobs not run: 1, as this run deploys nothing new "
        "(-e astera_jobs_run=always runs them). Without variables: server_config, license."
    )


@pytest.mark.parametrize(("when", "expected"), [("always", ["jobs"]), ("on_deploy", []), ("never", []), ("", [])])
def test_jobs_alone_leave_it_in_sync(any_emulator, plan, configuration, applied, when, expected):
    result = plan({**configuration, "astera_jobs_run": when})
    assert result.sections == expected
    assert result.in_sync
    assert ("Jobs not run: 1, as astera_jobs_run is never" in result.summary) is (when == "never")


def test_only_some_of_the_jobs(emulator, plan):
    path = "C:\\a.wf"
    configuration = {"astera_jobs": [{"path": path}, {"path": path}, {"name": "C", "path": path}]}
    always = {**configuration, "astera_jobs_run": "always"}
    result = plan({**always, "astera_jobs_only": ["C", f"{path} #2"]})
    assert [entry["name"] for entry in result.plan] == [f"{path} #2", "C"]
    assert "Changes: jobs (start 1)" in plan({**configuration, "astera_jobs_only": "C"}).summary
    never = {**configuration, "astera_jobs_run": "never"}
    assert "Jobs not run: 1, as" in plan({**never, "astera_jobs_only": "C"}).summary
    before = len(emulator.requests)
    for names, message in (
        (["D", "C"], 'astera_jobs: jobs has no entry "D", which only names (astera_jobs_only'),
        ([], "only must name at least one job"),
    ):
        result = plan({**always, "astera_jobs_only": names})
        assert result.error["kind"] == "input"
        assert message in result.msg
    assert len(emulator.requests) == before


def test_a_change_of_the_settings_starts_no_job(any_emulator, plan, configuration, applied):
    assert plan({**configuration, "astera_cluster": {"name": "New"}}).sections == ["cluster"]


def test_a_deployment_that_neither_exists_nor_is_planned(any_emulator, plan, configuration):
    del configuration["astera_deployments"]
    result = plan(configuration)
    assert result.error["kind"] == "input"
    assert "astera_schedules[1].deployment: there is no deployment named 'Orders'. Deploy it first" in result.msg
    assert "astera_schedules[2].deployment" in result.msg


def test_a_deployment_that_exists_need_not_be_listed(any_emulator, plan, configuration, applied):
    del configuration["astera_deployments"]
    assert plan(configuration).in_sync


def test_a_deployment_that_is_renamed(any_emulator, plan, configuration, applied):
    configuration["astera_deployments"] = [{"name": "Orders", "new_name": "Sales"}]
    result = plan(configuration)
    assert "astera_schedules[1].deployment: there is no deployment named 'Orders'" in result.msg
    configuration["astera_schedules"] = [{**DAILY, "deployment": "Sales"}]
    result = plan(configuration)
    assert entries(result)[0] == ("deployments", "Orders", "update")
    # It keeps its id, so the schedule needs no change.
    assert "schedules" not in result.sections
    assert [one["name"] for one in result.unlisted["schedules"]] == ["Copy"]


def test_a_schedule_that_gets_another_deployment_shows_both_names(any_emulator, plan, configuration, applied, archive):
    configuration["astera_deployments"].append({"name": "Sales", "archive": str(archive)})
    configuration["astera_schedules"][0] = {**DAILY, "deployment": "Sales"}
    result = plan(configuration)
    assert changes(result, 1) == [("deployment", "Orders", "Sales")]


def test_a_source_of_a_frequency_that_is_not_there(any_emulator, plan, configuration):
    configuration["astera_schedules"][1]["like"] = "Weekly"
    result = plan(configuration)
    assert "astera_schedules[2].like: there is no schedule named 'Weekly'" in result.msg


def test_what_is_switched_off_and_what_is_unlisted(any_emulator, plan, configuration, applied):
    configuration["astera_schedules"] = [{**DAILY, "active": False}]
    configuration["astera_schedules_unlisted"] = "deactivate"
    result = plan(configuration)
    assert entries(result)[:2] == [("schedules", "Daily", "update"), ("schedules", "Copy", "deactivate")]
    assert changes(result, 1) == [("active", True, False)]
    assert [(one["name"], one["active"]) for one in result.unlisted["schedules"]] == [("Copy", True)]


def test_a_time_of_day_reads_as_the_author_wrote_it(any_emulator, run, plan, configuration, applied):
    configuration["astera_schedules"][0] = {**DAILY, "daily": {"at": "19:15", "utc_offset": "+01:00"}}
    result = plan(configuration)
    assert changes(result) == [("daily.at", "05:30", "19:15")]
    assert '"at": "19:15"' in str(result["diff"][0]["after"]).replace("'", '"')


def test_another_frequency_is_not_shown_as_json(any_emulator, run, plan, configuration, applied):
    weekly = {"typeName": "Astera.Core.WeeklySchedule", "days": [1, 3]}
    run("schedule", name="Daily", schedule=weekly)
    (changed, *_copy) = [one for one in plan(configuration).plan if one["name"] == "Daily"]
    assert [(one["path"], one["before"]) for one in changed["changes"]] == [("daily.start_time", "another frequency")]


def test_what_is_listed_runs(any_emulator, run, plan, configuration, applied):
    run("schedule", name="Daily", active=False)
    result = plan(configuration)
    assert entries(result) == [("schedules", "Daily", "update"), ("jobs", "First", "start")]
    assert changes(result) == [("active", False, True)]
    assert run("schedules", schedules=configuration["astera_schedules"]).changed
    assert plan(configuration).in_sync


def test_all_mistakes_of_all_sections_before_any_request(emulator, plan, configuration):
    configuration["astera_cluster"] = {"pause_servers_from": 1320, "staging_directory": "C:\temp\new"}
    configuration["astera_deployments"] += [{"name": "Orders", "archive_path": "x.car"}, {"archive": "/no.car"}]
    configuration["astera_schedules"][1]["daily"] = {"at": "25:00"}
    del configuration["astera_schedules"][1]["like"]
    configuration["astera_jobs"][0]["path"] = "C:\temp\a.wf"
    result = plan(configuration)
    for text in (
        "5 mistakes in the variables",
        "staging_directory must not contain control characters: 'C:\\temp\\new'",
        "pause_servers_from must be a time, not the number 1320",
        "astera_deployments: entry 1 and entry 2 of deployments both use the name 'Orders'",
        "astera_deployments[3], which has no name: ",
        "astera_schedules[2].daily.at must be HH:MM",
        "astera_jobs[1].path must not contain control characters: 'C:\\temp\\x07.wf'",
    ):
        assert text in result.msg
    assert result.error["kind"] == "input"
    assert not emulator.requests


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"astera_cluster": {"purge_job_info_aftr": 3}}, "astera_cluster.purge_job_info_aftr: there is no such option"),
        ({"astera_cluster": {"purge_job_info_after": "x"}}, "astera_cluster: argument 'purge_job_info_after' is"),
        ({"astera_schedules": [DAILY, {"name": "B", "activ": 1}]}, "astera_schedules[2].activ: there is no"),
        ({"astera_schedules": [{"name": "B", "active": "x"}]}, "astera_schedules[1]: argument 'active' is of type"),
        ({"astera_schedules": [{"name": "B", "daily": {"att": 1}}]}, "did you mean at?"),
        ({"astera_schedule": [DAILY]}, "astera_schedule: there is no such option; did you mean astera_schedules?"),
    ],
)  # fmt: skip
def test_a_wrong_option_is_named_with_its_place(emulator, plan, configuration, change, text):
    result = plan({**configuration, **change})
    assert text in result.msg
    assert result.error["kind"] == "input"
    assert not emulator.requests


def test_a_refused_login_is_no_mistake_of_a_section(emulator, plan, configuration):
    result = plan(configuration, password="wrong")
    assert result.error["kind"] == "auth"
    assert "mistakes" not in result.msg


def test_what_export_returns_is_in_sync(any_emulator, run, plan, configuration, applied):
    exported = run("export").configuration
    exported["astera_server_config"].get("repository", {}).pop("password", None)
    for entry in exported["astera_deployments"]:
        entry.pop("archive", None)
    result = plan(exported)
    assert result.in_sync, result.plan


def test_properties_of_a_server_without_accounts(any_emulator, plan, configuration):
    repository = {"server": "other", "password": "initial-secret"}
    result = plan({**configuration, "astera_server_config": {"authenticate": False, "repository": repository}})
    if result.failed:
        assert result.error["kind"] == "auth"
        return
    assert result.sections == ["server_config"]
    assert result.not_planned == ["cluster", "deployments", "schedules", "jobs"]
    assert "Not planned before the properties are set: cluster" in result.summary


def test_other_properties_first(any_emulator, plan, configuration):
    config = {"server_profile": "ServerProfile2", "repository": {"password": "initial-secret"}}
    result = plan({**configuration, "astera_server_config": config})
    assert result.sections[:2] == ["server_config", "cluster"]
    assert any("planned against what the server shows now" in text for text in result.warnings)


def test_a_secret_is_not_shown(any_emulator, plan):
    config = {"server_profile": "ServerProfile2", "repository": {"password": "canary-secret"}}
    result = plan({"astera_server_config": config})
    assert "canary-secret" not in str(result)


def test_waiting_for_a_server_that_is_not_there(run, configuration):
    result = run(
        "plan",
        configuration=configuration,
        server_url="https://localhost:1",
        wait=True,
        wait_timeout=0.3,
        wait_interval=0.1,
    )
    assert result.error["kind"] == "timeout"
    assert "did not respond within 0.3 s" in result.msg
