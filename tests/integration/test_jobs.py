"""astera_jobs: many at once, all followed within one deadline."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.in_matrix

FLOW = r"C:\Flows\load_orders.wf"
BAD = r"C:\Flows\bad.wf"
LONG = r"C:\Flows\long.wf"
FAST = {"wait_interval": 0.05}
#: The keys of a job that did not fail.
SHORT = ("id", "status", "finished", "succeeded", "elapsed")


@pytest.fixture(autouse=True)
def flows(emulator):
    emulator.files.write(BAD, b'<Flow seconds="0.1" outcome="failed"/>')
    emulator.files.write(LONG, b'<Flow seconds="60"/>')


def started(emulator):
    return [job["filePath"] for job in emulator.state()["jobs"]]


def test_all_are_started_before_any_is_waited_for(emulator, run):
    jobs = [{"name": name, "path": FLOW, "parameters": {"Variables": {"sourceFilePath": name}}} for name in "ABC"]
    predicted = run("jobs", jobs=jobs, check=True, **FAST)
    assert predicted.changed
    assert all("would be started" in line for line in predicted.table[1:])
    assert not emulator.requests
    done = run("jobs", jobs=jobs, **FAST)
    assert done.changed
    assert done["diff"] == predicted["diff"]
    assert [diff["after"] for diff in done["diff"]] == [{"job": {"path": FLOW}}] * 3
    assert predicted.all_paths == ["A.job.path", "B.job.path", "C.job.path"]
    assert "changes" not in done
    assert [result["name"] for result in done.results] == ["A", "B", "C"]
    # Those that completed are short.
    assert all(set(result) == {"name", "changed", "job"} for result in done.results)
    assert all(set(result["job"]) == set(SHORT) for result in done.results)
    assert all(result["job"]["succeeded"] and result["changed"] for result in done.results)
    starts = [number for number, request in enumerate(emulator.requests) if request.path == "/api/CommandLineProcessor"]
    looks = [number for number, request in enumerate(emulator.requests) if request.path.endswith("/Status")]
    assert len(starts) == 3
    assert max(starts) < min(looks)
    values = [job["parameters"][0]["value"] for job in emulator.state()["jobs"]]
    assert values == ["A", "B", "C"]


def test_one_that_fails_does_not_hide_the_others(emulator, run):
    jobs = [{"path": FLOW}, {"name": "bad", "path": BAD}, {"path": FLOW}]
    result = run("jobs", jobs=jobs, **FAST)
    assert result.error["kind"] == "job_failed"
    assert result.msg.startswith("1 of 3 jobs failed. 'bad': ")
    assert [item["job"]["status"] for item in result.results] == ["Completed", "Error", "Completed"]
    assert [bool(item.get("failed")) for item in result.results] == [False, True, False]
    assert result.results[1]["error"]["kind"] == "job_failed"
    assert result.results[0]["name"] == f"{FLOW} #1"
    assert [line.split()[0] for line in result.table] == ["job", FLOW, "bad", FLOW]
    job = result.results[1]["job"]
    assert set(job) == {*SHORT, "history", "trace"}
    assert result.results[1]["changes"][0]["after"] == BAD
    assert result.table[0].endswith("  reason")
    assert result.table[2].endswith(f" Error      {job['elapsed']:7.1f}  no trace was read, see the Job Monitor")
    assert f"after {job['elapsed']} s" in result.msg
    assert result.run_again == ["bad"]
    assert result.msg.endswith(
        "Run only these again: -e astera_jobs_only=bad with the role, or the option only of the module."
    )
    assert result.error["hint"] in result.msg


def test_one_that_is_refused_does_not_keep_the_others_from_starting(emulator, run):
    emulator.settings.missing_file = "http_error"
    result = run("jobs", jobs=[{"path": r"C:\Flows\none.wf"}, {"path": FLOW}], **FAST)
    assert started(emulator) == [FLOW]
    # As it was typed.
    assert result.msg.startswith(r"1 of 2 jobs failed. 'C:\Flows\none.wf': ")
    assert result.results[0]["error"]["kind"] == "rejected"
    assert not result.results[0]["changed"]
    assert result.results[1]["job"]["succeeded"]
    assert "not started" in result.table[1]


@pytest.mark.parametrize(("action", "jobs"), [("reset_before", 1), ("reset_after", 2), ("status", 1)])
def test_a_lost_response_ends_the_starting_but_not_the_following(emulator, run, action, jobs):
    emulator.add_fault(method="POST", path="/api/CommandLineProcessor", nth=2, action=action, status=503)
    result = run("jobs", jobs=[{"name": name, "path": FLOW} for name in "ABC"], **FAST)
    assert len(started(emulator)) == jobs
    assert result.msg.startswith("1 of 3 jobs failed, and 1 were not tried. 'B': ")
    assert "the job may have been started" in result.results[1]["msg"]
    assert result.results[0]["job"]["succeeded"]
    assert result.results[2]["skipped"]
    assert [line.split()[2] for line in result.table[1:]] == ["Completed", "unknown", "not"]
    assert result.table[2].endswith("  the job may have been started")
    # The one that may run is named apart.
    assert result.run_again == ["C"]
    advice = 'Check the Job Monitor before you run these again: "B". Run only these again: -e astera_jobs_only=C '
    assert advice in result.msg
    assert "Check the Job Monitor before you do so" in result.results[1]["msg"]


def test_polls_that_must_agree_are_apart(emulator, run):
    """Also when another job of the list is not waited for, or is late sooner."""
    number = run("job", path=FLOW, wait=False).job["id"]
    path = f"/api/Job/{number + 1}/Status"
    emulator.add_fault(path=path, action="status", status=200, body="Starting", times=2)
    jobs = [{"job_id": number, "wait": False}, {"name": "A", "path": FLOW}]
    result = run("jobs", jobs=jobs, wait_interval=0.3)
    assert result.results[1]["job"]["status"] == "Starting"
    assert result.results[1]["job"]["elapsed"] >= 0.3


def test_a_name_that_is_the_path_of_another_entry(emulator, run):
    jobs = [{"path": FLOW}, {"name": FLOW, "path": BAD}]
    result = run("jobs", jobs=jobs, only=[FLOW], check=True)
    assert [entry["name"] for entry in result.results] == [FLOW]


@pytest.mark.parametrize("together", [True, False])
def test_a_start_that_fails_ends_no_following(emulator, run, together):
    """Jobs that ran before are followed, wherever they stand in the list."""
    number = run("job", path=FLOW, wait=False).job["id"]
    emulator.add_fault(method="POST", path="/api/CommandLineProcessor", action="status", status=503)
    jobs = [{"name": "A", "path": FLOW}, {"name": "B", "path": FLOW}, {"name": "C", "job_id": number}]
    result = run("jobs", jobs=jobs, together=together, **FAST)
    assert len(started(emulator)) == 1
    assert [bool(item.get("failed")) for item in result.results] == [True, False, False]
    assert result.results[1]["skipped"]
    assert result.results[2]["job"]["succeeded"]
    assert result.run_again == ["B"]


def test_one_deadline_for_all(emulator, run):
    result = run("jobs", jobs=[{"path": LONG}, {"path": FLOW}, {"path": LONG}], wait_timeout=1.5, **FAST)
    assert [item.get("error", {}).get("kind") for item in result.results] == ["timeout", None, "timeout"]
    assert result.results[1]["job"]["succeeded"]
    assert result.error["kind"] == "timeout"
    assert max(item["job"]["elapsed"] for item in result.results) < 10
    assert result.table[1].endswith("did not end within 1.5 s (last status 'Running')")
    assert result.run_again == []
    assert result.error["hint"] == f'Check the Job Monitor before you run these again: "{LONG} #1", "{LONG} #3".'


def test_all_late_ones_are_ended_if_asked_for(emulator, run):
    refused = run("jobs", jobs=[{"path": LONG}], on_timeout="terminate", wait_timeout=0.2, **FAST)
    assert refused.error["kind"] == "unsupported"
    assert started(emulator) == []
    emulator.settings.terminate_operation = "POST /api/Job/{jobId}/Terminate"
    result = run("jobs", jobs=[{"path": LONG}, {"path": LONG}], on_timeout="terminate", wait_timeout=0.2, **FAST)
    assert [item["error"]["kind"] for item in result.results] == ["timeout", "timeout"]
    assert {job["status"] for job in emulator.state()["jobs"]} == {"Terminated"}
    assert " Terminated " in result.table[1]
    assert result.table[1].endswith("did not end within 0.2 s (last status 'Terminated')")
    # Both can run again, so no names are needed.
    assert result.run_again == [f"{LONG} #1", f"{LONG} #2"]
    assert "only" not in result.msg


def test_each_job_may_name_its_operations(emulator, run):
    """One that names none is found in the document; where there is no document, nothing is started."""
    emulator.settings.terminate_operation = "POST /api/Work/{number}/End"
    emulator.settings.trace_operation = "GET /api/Work/{number}/Notes"
    emulator.settings.openapi_path = "/nowhere.json"
    named = {"terminate_operation": "POST /api/Work/{id}/End", "trace_operation": "GET /api/Work/{id}/Notes"}
    options = {"on_timeout": "terminate", "wait_timeout": 1.5, **FAST}
    rejected = run("jobs", jobs=[{"path": LONG, **named}, {"path": LONG}], **options)
    assert rejected.error["kind"] == "unsupported"
    assert started(emulator) == []
    missing = r"C:\Flows\none.wf"
    silent = {"path": missing, "on_timeout": "leave"}
    result = run("jobs", jobs=[silent, {"path": LONG, **named}, {"name": "B", "path": missing, **named}], **options)
    assert [entry["error"]["kind"] for entry in result.results] == ["job_failed", "timeout", "job_failed"]
    assert [bool(entry["job"]["trace"]) for entry in result.results] == [False, False, True]
    assert [job["status"] for job in emulator.state()["jobs"]][1] == "Terminated"


def test_a_wrong_operation_of_the_last_entry_starts_no_job(emulator, run):
    wrong = {"path": FLOW, "terminate_operation": "POST /api/Work/End"}
    result = run("jobs", jobs=[{"path": FLOW}, wrong], **FAST)
    assert result.error["kind"] == "input"
    assert "entry 2 of jobs: terminate_operation must be a method and a path" in result.msg
    assert not emulator.requests


def test_jobs_that_run_already_are_followed_too(emulator, run):
    first = run("jobs", jobs=[{"path": FLOW}, {"path": FLOW}], wait=False)
    assert first.changed
    assert [item["job"]["status"] for item in first.results] == [None, None]
    ids = [item["job"]["id"] for item in first.results]
    followed = run("jobs", jobs=[{"job_id": number} for number in ids], **FAST)
    assert not followed.changed
    assert "diff" not in followed or followed["diff"] == []
    assert all(item["job"]["succeeded"] for item in followed.results)
    assert len(started(emulator)) == 2
    assert run("jobs", jobs=[{"job_id": number} for number in ids], check=True, **FAST).results[1]["job"]["succeeded"]


def test_an_unknown_job_among_others(emulator, run):
    emulator.settings.unknown_job = "404"
    result = run("jobs", jobs=[{"job_id": 77}, {"path": FLOW}], **FAST)
    assert result.results[0]["error"]["kind"] == "not_found"
    assert "for job 77, which very likely means that there is no such job" in result.results[0]["msg"]
    assert result.results[1]["job"]["succeeded"]


def test_words_for_one_of_them(emulator, run):
    emulator.files.write(BAD, b'<Flow seconds="0" outcome="Warned"/>')
    jobs = [{"name": "A", "path": BAD, "success_statuses": ["Warned"]}, {"name": "B", "path": BAD}]
    result = run("jobs", jobs=jobs, **FAST)
    assert result.results[0]["job"]["succeeded"]
    assert result.results[1]["error"]["kind"] == "job_failed"
    # Nobody knows whether it goes on.
    assert result.run_again == []
    assert 'Check the Job Monitor before you run these again: "B".' in result.msg


def test_blips_and_a_dead_token_while_following(emulator, run):
    for nth, action in enumerate(["reset_before", "status", "expire_token"], 2):
        emulator.add_fault(method="GET", path="/api/Job/*/Status", nth=nth, action=action, status=503)
    assert not run("jobs", jobs=[{"path": FLOW}, {"path": FLOW}], **FAST).failed
    assert len(started(emulator)) == 2


def test_wrong_credentials_in_between_are_tried_once(emulator, run):
    token = run("login").token
    emulator.settings.password = "changed"
    emulator.add_fault(method="GET", path="/api/Job/*/Status", nth=2, action="expire_token")
    before = len(emulator.requests)
    result = run("jobs", token=token, jobs=[{"path": LONG}, {"path": LONG}, {"path": LONG}], **FAST)
    logins = [request for request in emulator.requests[before:] if request.path == "/api/account/login"]
    assert len(logins) == 1
    assert [item["error"]["kind"] for item in result.results] == ["auth", "auth", "auth"]


@pytest.mark.parametrize(
    "bad",
    [
        {"path": ""},
        {},
        {"path": FLOW, "job_id": 3},
        {"path": FLOW, "parameters": {"Variables": {"a": None}}},
        {"name": "B", "path": "C:\\Flows\nosuch.wf"},
    ],
)
def test_nothing_is_started_when_one_entry_is_wrong(emulator, run, bad):
    result = run("jobs", jobs=[{"name": "A", "path": FLOW}, bad], **FAST)
    assert result.error["kind"] == "input"
    assert "entry 2 of jobs: " in result.msg
    assert not emulator.requests


@pytest.mark.parametrize(
    ("third", "words"),
    [
        ({"name": "A\u0308", "path": FLOW}, "entry 1 and entry 3 of jobs both use the name '\u00c4'"),
        ({"name": "C", "job_id": 5}, "entry 2 and entry 3 of jobs both use the job_id 5"),
    ],
)
def test_two_jobs_of_one_name(emulator, run, third, words):
    result = run("jobs", jobs=[{"name": "\u00c4", "path": FLOW}, {"name": "B", "job_id": 5}, third], **FAST)
    assert result.error["kind"] == "input"
    assert words in result.msg
    assert not emulator.requests


def test_an_empty_list_is_nothing_to_do(emulator, run):
    result = run("jobs", jobs=[])
    assert not result.changed
    assert result.results == []
    assert not emulator.requests


def test_one_look_at_jobs_that_are_not_waited_for(emulator, run):
    number = run("job", path=LONG, wait=False).job["id"]
    result = run("jobs", jobs=[{"job_id": number}, {"path": FLOW}], wait=False)
    assert result.results[0]["job"]["status"] in ("Queued", "Initializing", "Running")
    assert result.results[1]["job"]["status"] is None
    assert "started" in result.table[2]


def test_refused_credentials_before_the_start_are_tried_once(emulator, run):
    result = run("jobs", password="wrong", jobs=[{"job_id": 1}, {"path": FLOW}], **FAST)
    assert [request.path for request in emulator.requests] == ["/api/account/login"]
    assert [item["error"]["kind"] for item in result.results] == ["auth", "auth"]


def test_ending_late_ones_is_a_change(emulator, run):
    emulator.settings.terminate_operation = "POST /api/Job/{jobId}/Terminate"
    number = run("job", path=LONG, wait=False).job["id"]
    options = {"jobs": [{"name": "L", "job_id": number}], "on_timeout": "terminate", "wait_timeout": 0.1, **FAST}
    predicted = run("jobs", check=True, **options)
    done = run("jobs", **options)
    assert done.changed
    assert done.all_paths == ["L.state"]
    assert done.all_changes == predicted.all_changes


def test_a_job_is_followed_once(emulator, run):
    result = run("jobs", jobs=[{"job_id": 1}, {"name": "again", "job_id": 1}])
    assert result.error["kind"] == "input"


def test_only_those_that_failed_run_again(emulator, run):
    """By the names that the results gave them, once the cause is fixed."""
    jobs = [{"path": FLOW}, {"path": BAD}, {"name": "It's", "path": BAD}, {"path": FLOW}]
    first = run("jobs", jobs=jobs, **FAST)
    assert first.run_again == [BAD, "It's"]
    assert "run_again has the names for the option only" in first.msg
    emulator.files.write(BAD, b'<Flow seconds="0"/>')
    second = run("jobs", jobs=jobs, only=first.run_again, **FAST)
    assert not second.failed
    assert [entry["name"] for entry in second.results] == first.run_again
    assert second.run_again == []
    assert started(emulator) == [FLOW, BAD, BAD, FLOW, BAD, BAD]


@pytest.mark.parametrize(
    ("only", "words"),
    [
        ([], "only must name at least one job"),
        (["A", "nobody"], 'jobs has no entry "nobody", which only names'),
        ([FLOW], f'It has "A", "{FLOW} #2", "{FLOW} #3".'),
    ],
)
def test_names_that_choose_nothing(emulator, run, only, words):
    result = run("jobs", jobs=[{"name": "A", "path": FLOW}, {"path": FLOW}, {"path": FLOW}], only=only, **FAST)
    assert result.error["kind"] == "input"
    assert words in result.msg
    assert not emulator.requests


def test_the_end_of_a_long_reason_is_in_the_table(emulator, run):
    emulator.settings.trace_operation = "GET /api/Job/{jobId}/Trace"
    line = "one \x1b[31m hunter-two " + "in a folder " * 9 + "line 5: no number"
    for number, body in ((1, f"begun\n{line}\n\n"), (2, "short")):
        emulator.add_fault(path=f"/api/Job/{number}/Trace", action="status", status=200, body=body)
    secret = {"Variables": {"ftpPassword": "hunter-two"}}
    result = run("jobs", jobs=[{"path": BAD, "parameters": secret}, {"path": BAD}], **FAST)
    reason = result.table[1].partition("  ...")[2]
    assert reason.endswith("folder line 5: no number")
    assert len(reason) == 57
    assert result.table[2].endswith("  short")
    assert 'line 5: no number"' in result.results[0]["msg"]
    assert "hunter-two" not in str(result)
    assert "\x1b" not in result.msg + str(result.table)
