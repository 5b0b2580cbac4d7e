"""astera_job and astera_job_info: started once, followed to the end."""

from __future__ import annotations

import json

import pytest

pytestmark = pytest.mark.in_matrix

FLOW = r"C:\Flows\load_orders.wf"
FAST = {"path": FLOW, "wait_interval": 0.05}


def flow(emulator, status, seconds=0.1):
    emulator.files.write(FLOW, f'<Flow seconds="{seconds}" outcome="{status}"/>'.encode())


def test_life_of_a_job(any_emulator, run):
    assert run("job").error["kind"] == "input"
    predicted = run("job", check=True, **FAST)
    assert predicted.changed
    assert predicted.job["id"] is None
    assert not any_emulator.requests
    parameters = {"Variables": {"sourceFilePath": "/out/orders.csv"}}
    done = run("job", parameters=parameters, **FAST)
    assert done.changed
    assert done.changes == predicted.changes
    assert done.job["status"] == "Completed"
    assert done.job["finished"]
    assert done.job["succeeded"]
    jobs = any_emulator.state()["jobs"]
    assert len(jobs) == 1
    followed = run("job", job_id=done.job["id"])
    assert not followed.changed
    assert followed.job["status"] == "Completed"
    assert run("job_info", job_ids=[done.job["id"]]).jobs[0]["succeeded"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1, "1"),
        (-7, "-7"),
        (True, "true"),
        (False, "false"),
        ("x y", "x y"),
        ("", ""),
        ("ä\n✓", "ä\n✓"),
        (1.5, "1.5"),
        (1e-7, "0.0000001"),
        (1e22, "10000000000000000000000"),
        ("2026-01-31", "2026-01-31"),
    ],
)
def test_parameters_on_the_wire(emulator, run, value, text):
    run("job", path=FLOW, wait=False, parameters={"Variables": {"a": value}})
    parameter = {"ActionName": "Variables", "ParameterName": "a", "Value": text}
    assert emulator.writes[0].json == {"FilePath": FLOW, "Parameters": [parameter]}


@pytest.mark.parametrize("word", ["Error", "Faulted", "Terminated", "CompletedWithErrors", "Stalled"])
def test_every_other_end_is_a_failure_that_says_the_word(emulator, run, word):
    flow(emulator, word)
    result = run("job", **FAST)
    assert result.error["kind"] == "job_failed"
    assert result.msg.startswith(f"job 1 ended as '{word}'")
    assert [result.error[name] for name in ("method", "path", "status", "attempts")] == [None, None, None, 0]
    assert len(emulator.state()["jobs"]) == 1


@pytest.mark.parametrize("polls", [1, 3])
def test_a_job_may_be_unknown_for_a_moment(emulator, run, polls):
    emulator.settings.unknown_polls = polls
    assert run("job", **FAST).job["succeeded"]


@pytest.mark.parametrize("form", ["json_string", "text", "object"])
@pytest.mark.parametrize("id_form", ["number", "text"])
def test_readings_of_the_responses(emulator, run, form, id_form):
    emulator.settings.status_form = form
    emulator.settings.job_id_form = id_form
    assert run("job", **FAST).job["succeeded"]


def test_a_status_as_a_number_ends_the_wait(emulator, run):
    """Nobody documents the numbers, so they are shown as they came."""
    emulator.settings.status_form = "number"
    flow(emulator, "Completed", seconds=0)
    running = {"running_statuses": ["2", "3", "4", "5"]}
    result = run("job", wait_timeout=20, **running, **FAST)
    assert result.error["kind"] == "job_failed"
    assert "ended as '6' after" in result.msg
    assert "name it in success_statuses" in result.msg
    assert (result.job["status"], result.job["finished"], result.job["succeeded"]) == ("6", True, False)
    done = run("job", success_statuses=["6"], **running, **FAST)
    assert done.job["succeeded"]
    assert run("job_info", job_ids=[done.job["id"]], success_statuses=["6"]).jobs[0]["succeeded"]


@pytest.mark.parametrize("reading", ["204", "null"])
def test_nothing_as_the_status_means_that_there_is_no_job(emulator, run, reading):
    emulator.settings.unknown_job = reading
    assert run("job", job_id=99, wait_interval=0.02).error["kind"] == "not_found"
    assert run("job", job_id=99, wait=False).error["kind"] == "not_found"
    (shown,) = run("job_info", job_ids=[99]).jobs
    assert (shown["status"], shown["known"]) == (None, False)
    emulator.settings.terminate_operation = "POST /api/Job/{jobId}/Terminate"
    assert run("job", job_id=99, state="terminated", wait_interval=0.02).error["kind"] == "not_found"
    done = run("jobs", jobs=[{"job_id": 99}, {"path": FLOW}], wait_interval=0.05)
    assert [entry["job"]["succeeded"] for entry in done.results] == [False, True]


def test_an_unknown_job(emulator, run):
    emulator.settings.unknown_job = "word"
    result = run("job", job_id=77, wait_interval=0.02)
    assert result.error["kind"] == "not_found"
    assert "very likely means that there is no such job" in result.msg
    emulator.settings.unknown_job = "404"
    assert run("job", job_id=77, wait_interval=0.02).error["kind"] == "not_found"


@pytest.mark.parametrize("reading", ["job_fails", "http_error"])
def test_a_missing_flow(emulator, run, reading):
    emulator.settings.missing_file = reading
    result = run("job", path=r"C:\Flows\none.wf", wait_interval=0.05)
    assert result.error["kind"] in ("job_failed", "rejected", "not_found")


@pytest.mark.parametrize(
    ("action", "jobs"), [("reset_before", 0), ("reset_after", 1), ("status_after", 1), ("status", 0)]
)
def test_a_start_is_never_repeated(emulator, run, action, jobs):
    emulator.add_fault(method="POST", path="/api/CommandLineProcessor", action=action, status=503)
    result = run("job", retries=4, **FAST)
    assert result.error["kind"] in ("connection", "server")
    assert "the job may have been started" in result.msg
    assert "It is not started again" in result.msg
    assert len(emulator.state()["jobs"]) == jobs
    assert len(emulator.writes) == 1


def test_a_lost_login_starts_nothing_and_does_not_say_so(emulator, run):
    emulator.add_fault(path="/api/account/login", action="status", status=500, times=9)
    result = run("job", retries=0, **FAST)
    assert result.error["kind"] == "server"
    assert "may have been started" not in result.msg
    assert not emulator.writes
    assert emulator.state()["jobs"] == []


@pytest.mark.unsteady
def test_a_start_that_never_arrived_is_repeated(emulator, run):
    """A refused connection proves that nothing arrived."""
    import threading

    run("cluster_info")
    down = threading.Thread(target=emulator.restart, args=(0.7,))
    token = run("login").token
    down.start()
    result = run("job", token=token, retries=6, **FAST)
    down.join()
    assert len(emulator.state()["jobs"]) == 1 or result.failed


def test_blips_do_not_end_the_wait(emulator, run):
    flow(emulator, "Completed", 1.0)
    for nth, (action, status) in enumerate([("status", 500), ("reset_before", 0), ("status", 503), ("truncate", 0)], 1):
        emulator.add_fault(method="GET", path="/api/Job/1/Status", nth=nth + 1, action=action, status=status or 500)
    result = run("job", **FAST)
    assert result.job["succeeded"]
    assert len(emulator.state()["jobs"]) == 1


def test_the_deadline_leaves_the_job_running(emulator, run):
    flow(emulator, "Completed", 30)
    result = run("job", wait_timeout=0.5, **FAST)
    assert result.error["kind"] == "timeout"
    assert result.msg.startswith("job 1 did not end within 0.5 s (last status '")
    assert [result.error[name] for name in ("method", "path", "status", "attempts")] == [None, None, None, 0]
    assert "job_id: 1" in result.msg


def test_an_expired_token_while_waiting(emulator, run):
    flow(emulator, "Completed", 0.5)
    emulator.add_fault(method="GET", path="/api/Job/1/Status", nth=2, action="expire_token")
    assert run("job", **FAST).job["succeeded"]


@pytest.mark.parametrize(
    "bad",
    [
        {"path": " "},
        {"path": FLOW, "parameters": {"Variables": "x"}},
        {"path": FLOW, "parameters": {"Variables": {"a": {"b": 1}}}},
        {"path": FLOW, "parameters": {"Variables": {"a": None}}},
        {"path": FLOW, "parameters": {"Variables": {"a": [None]}}},
        {"path": FLOW, "parameters": {"Variables": {"a": ["x", "y"]}}},
        {"path": FLOW, "parameters": {"Variables": {"a": float("inf")}}},
        {"path": FLOW, "secret_parameters": {"Variables": {"a": None}}},
        {"path": FLOW, "wait_timeout": -1},
        {"path": FLOW, "wait_timeout": float("inf")},
        {"path": FLOW, "wait_interval": float("inf")},
        {"path": FLOW, "success_statuses": ["running"]},
        {"path": FLOW, "success_statuses": ["Unknown"]},
        {"path": FLOW, "running_statuses": ["COMPLETED"]},
        {"path": FLOW, "success_statuses": ["Done"], "running_statuses": ["done "]},
        {"path": FLOW, "state": "terminated"},
        {"path": FLOW, "openapi_path": "elsewhere"},
        {"path": FLOW, "terminate_operation": "GET /api/Job/{id}/Terminate"},
        {"job_id": 4, "terminate_operation": "POST https://localhost/api/Job/{id}/Terminate"},
        {"job_id": 4, "state": "terminated", "terminate_operation": "POST /api/Job/Terminate"},
        {"path": FLOW, "trace_operation": "POST /api/Job/{id}/Trace"},
        {"path": FLOW, "trace_operation": "GET /api/Job/{id}/Trace?all=true"},
        {"path": FLOW, "job_id": 4},
        {"job_id": 4, "parameters": {}},
        {"job_id": 0},
        {"path": FLOW, "wait_interval": 0},
    ],
)
def test_bad_input(emulator, run, bad):
    assert run("job", **bad).error["kind"] == "input"
    assert not emulator.requests


def test_status_words_of_ones_own(emulator, run):
    emulator.settings.job_failure_word = "Aborted"
    flow(emulator, "CompletedWithWarnings")
    assert run("job", **FAST).error["kind"] == "job_failed"
    done = run("job", success_statuses=["completedwithwarnings"], **FAST)
    assert done.job["succeeded"]
    assert done.job["status"] == "CompletedWithWarnings"
    flow(emulator, "failed")
    failed = run("job", **FAST)
    assert failed.error["kind"] == "job_failed"
    assert "success_statuses" not in failed.msg


def test_a_word_that_means_that_it_goes_on(emulator, run):
    emulator.add_fault(method="GET", path="/api/Job/1/Status", action="status", status=200, body='"Paused"', times=5)
    flow(emulator, "Completed")
    assert run("job", **FAST).error["kind"] == "job_failed"
    emulator.clear_faults()
    emulator.add_fault(method="GET", path="/api/Job/2/Status", action="status", status=200, body='"Paused"', times=5)
    done = run("job", running_statuses=["Paused"], **FAST)
    assert done.job["history"][0]["status"] == "Paused"
    assert done.job["status"] == "Completed"


def ended(emulator, number):
    """Wait until a job has ended."""
    import time

    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if state_of(emulator, number) not in ("NotStarted", "Queued", "Initializing", "Running"):
            return
        time.sleep(0.01)
    raise AssertionError("the job does not end")


def state_of(emulator, number):
    return next(job["status"] for job in emulator.state()["jobs"] if job["id"] == number)


def test_the_history_tells_each_status_once(emulator, run):
    flow(emulator, "Completed", 0.6)
    history = run("job", path=FLOW, wait_interval=0.02).job["history"]
    words = [entry["status"] for entry in history]
    assert words[-2:] == ["Running", "Completed"]
    assert len(words) == len(set(words))
    assert [entry["elapsed"] for entry in history] == sorted(entry["elapsed"] for entry in history)


def test_a_failed_task_tells_of_the_job_and_that_it_was_started(emulator, run):
    flow(emulator, "failed")
    result = run("job", **FAST)
    assert result.changed
    assert result.paths == ["job.path"]
    assert (result.job["id"], result.job["status"], result.job["succeeded"]) == (1, "Error", False)
    elapsed, first = result.job["elapsed"], result.job["history"][-1]["elapsed"]
    assert f"job 1 ended as 'Error' after {elapsed} s (read 2 times, first at {first} s), flow {FLOW}. " in result.msg
    flow(emulator, "Completed", 30)
    late = run("job", wait_timeout=0.2, **FAST)
    assert late.changed
    assert late.job["id"] == 2
    assert not late.job["finished"]
    assert f"), flow {FLOW}. The job may go on; follow it with job_id: 2" in late.msg
    for error in (result.error, late.error):
        assert [error[name] for name in ("method", "path", "status")] == [None] * 3
        assert "GET" not in error["message"]


@pytest.mark.parametrize("form", ["text", "lines", "objects"])
def test_the_trace_of_a_failure(any_emulator, run, form):
    any_emulator.settings.trace_operation = "GET /api/Job/{jobId}/Trace"
    any_emulator.settings.trace_form = form
    result = run("job", path=r"C:\Flows\none.wf", wait_interval=0.05)
    if result.error["kind"] == "job_failed":
        reason = any_emulator.state()["jobs"][0]["reason"]
        trace = result.job.pop("trace")
        assert trace.splitlines()[-1].endswith(reason)
        assert len(trace.splitlines()) > 1
        assert "\r" not in trace
        # Its last line is quoted; no other one stands anywhere but in the trace.
        assert reason in result.msg
        assert "initializing" in trace
        assert "initializing" not in json.dumps(result)
    assert run("job", **FAST).job["trace"] is None


def test_a_trace_hides_secrets(emulator, run):
    emulator.settings.trace_operation = "GET /api/Job/{jobId}/Trace"
    emulator.add_fault(path="/api/Job/1/Trace", action="status", status=200, body="login with hunter-two failed")
    flow(emulator, "failed")
    result = run("job", parameters={"Variables": {"ftpPassword": "hunter-two"}}, **FAST)
    assert result.job["trace"] == "login with ******** failed"
    assert "hunter-two" not in str(result)


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_trace_that_cannot_be_read_hides_no_failure(emulator, run, status):
    emulator.settings.trace_operation = "GET /api/Job/{jobId}/Trace"
    emulator.add_fault(path="/api/Job/1/Trace", action="status", status=status, times=9)
    flow(emulator, "failed")
    result = run("job", **FAST)
    assert result.error["kind"] == "job_failed"
    assert result.job["trace"] is None


TERMINATIONS = ["POST /api/Job/{jobId}/Terminate", "PUT /api/Jobs/Cancel/{jobId}", "DELETE /api/Job/Stop/{id}"]
#: No pattern matches them.
END = "POST /api/Work/{number}/End"
NOTES = "GET /api/Work/{number}/Notes"


@pytest.mark.parametrize("operation", TERMINATIONS)
@pytest.mark.parametrize("version", ["3", "2"])
def test_a_job_is_ended_once(any_emulator, run, operation, version):
    any_emulator.settings.terminate_operation = operation
    any_emulator.settings.openapi_version = version
    flow(any_emulator, "Completed", 60)
    job = run("job", path=FLOW, wait=False).job["id"]
    options = {"job_id": job, "state": "terminated", "wait_interval": 0.02}
    predicted = run("job", check=True, **options)
    assert predicted.changed
    assert state_of(any_emulator, job) != "Terminated"
    done = run("job", **options)
    assert done.changed
    assert done.changes == predicted.changes
    assert done.job["status"] == "Terminated"
    assert not done.job["succeeded"]
    assert not run("job", **options).changed
    assert state_of(any_emulator, job) == "Terminated"


def serve_outright(emulator):
    """Serve operations that only options can name, since there is no document."""
    emulator.settings.terminate_operation, emulator.settings.trace_operation = END, NOTES
    emulator.settings.openapi_path = "/nowhere.json"


def test_a_named_termination_needs_no_document(any_emulator, run):
    serve_outright(any_emulator)
    flow(any_emulator, "Completed", 60)
    job = run("job", path=FLOW, wait=False).job["id"]
    options = {"job_id": job, "state": "terminated", "terminate_operation": END, "wait_interval": 0.02}
    predicted = run("job", check=True, **options)
    assert predicted.changed
    assert len(any_emulator.writes) == 1
    done = run("job", **options)
    assert done.changed
    assert done.changes == predicted.changes
    assert done.job["status"] == "Terminated"
    assert not run("job", **options).changed
    assert [request.path for request in any_emulator.writes[1:]] == [f"/api/Work/{job}/End"]
    assert not any("swagger" in request.path or "openapi" in request.path for request in any_emulator.requests)


def test_a_late_job_is_ended_by_the_named_operation(emulator, run):
    serve_outright(emulator)
    flow(emulator, "Completed", 60)
    late = {"wait_timeout": 0.2, "on_timeout": "terminate", **FAST}
    assert run("job", **late).error["kind"] == "unsupported"
    assert not emulator.writes
    result = run("job", terminate_operation=END, **late)
    assert result.error["kind"] == "timeout"
    assert state_of(emulator, 1) == "Terminated"
    job = run("job", path=FLOW, wait=False).job["id"]
    followed = {"job_id": job, "wait_timeout": 0.1, "wait_interval": 0.05, "on_timeout": "terminate"}
    predicted = run("job", check=True, terminate_operation=END, **followed)
    assert "In a real run" in predicted.msg
    assert state_of(emulator, job) != "Terminated"


def test_a_named_operation_that_the_server_does_not_have_is_an_error(emulator, run):
    flow(emulator, "Completed", 60)
    job = run("job", path=FLOW, wait=False).job["id"]
    result = run("job", job_id=job, state="terminated", terminate_operation=END, wait_interval=0.02)
    assert result.error["kind"] == "not_found"
    assert not result.changed
    assert state_of(emulator, job) != "Terminated"


@pytest.mark.parametrize("check", [False, True])
def test_a_named_trace_needs_no_document(emulator, run, check):
    serve_outright(emulator)
    flow(emulator, "failed")
    job = run("job", path=FLOW, wait=False).job["id"]
    ended(emulator, job)
    result = run("job", check=check, job_id=job, trace_operation=NOTES, wait_interval=0.02)
    assert result.error["kind"] == "job_failed"
    assert emulator.state()["jobs"][0]["reason"] in result.job["trace"]
    assert not any("swagger" in request.path or "openapi" in request.path for request in emulator.requests)


def test_several_matches_end_no_job(emulator, run):
    flow(emulator, "Completed", 60)
    job = run("job", path=FLOW, wait=False).job["id"]
    number = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    verbs = ("Terminate", "Stop", "Restart")
    paths = {f"/api/Job/{{id}}/{verb}": {"post": {"parameters": [number]}} for verb in verbs}
    body = {"openapi": "3.0.1", "paths": paths}
    emulator.add_fault(path="/swagger/v1/swagger.json", action="status", status=200, body=body, times=9)
    result = run("job", job_id=job, state="terminated", wait_interval=0.02)
    assert result.error["kind"] == "unsupported"
    assert "candidates: POST /api/Job/{id}/Terminate, POST /api/Job/{id}/Stop. Set" in result.msg
    assert len(emulator.writes) == 1


def test_a_job_is_ended_and_not_waited_for(emulator, run):
    emulator.settings.terminate_operation = TERMINATIONS[0]
    flow(emulator, "Completed", 60)
    job = run("job", path=FLOW, wait=False).job["id"]
    assert run("job", job_id=job, state="terminated", wait=False).changed
    ended(emulator, job)


@pytest.mark.parametrize("ended_job", ["refuse", "accept"])
def test_a_job_that_ends_just_then(emulator, run, ended_job):
    emulator.settings.terminate_operation = TERMINATIONS[0]
    emulator.settings.ended_job = ended_job
    flow(emulator, "Completed", 0)
    job = run("job", path=FLOW, wait=False).job["id"]
    ended(emulator, job)
    emulator.add_fault(path=f"/api/Job/{job}/Status", action="status", status=200, body='"Running"')
    result = run("job", job_id=job, state="terminated", wait_interval=0.02)
    assert not result.changed
    assert result.job["succeeded"]


@pytest.mark.parametrize("action", ["reset_after", "status_after"])
def test_a_lost_response_to_the_termination_is_no_matter(emulator, run, action):
    emulator.settings.terminate_operation = TERMINATIONS[0]
    flow(emulator, "Completed", 60)
    job = run("job", path=FLOW, wait=False).job["id"]
    emulator.add_fault(path=f"/api/Job/{job}/Terminate", action=action, status=500)
    assert run("job", job_id=job, state="terminated", wait_interval=0.02).changed


@pytest.mark.parametrize("check", [False, True])
def test_no_job_is_ended_by_guessing(any_emulator, run, check):
    flow(any_emulator, "Completed", 60)
    any_emulator.settings.unknown_polls = 0
    job = run("job", path=FLOW, wait=False).job["id"]
    result = run("job", job_id=job, state="terminated", check=check)
    assert result.error["kind"] == "unsupported"
    assert "no operation that ends a job is documented" in result.msg
    assert "Set terminate_operation to the operation" in result.msg
    assert len(any_emulator.writes) == 1


def test_a_job_that_is_not_there_cannot_be_ended(emulator, run):
    emulator.settings.terminate_operation = TERMINATIONS[0]
    assert run("job", job_id=9, state="terminated", wait_interval=0.02).error["kind"] == "not_found"


def test_a_job_that_is_late_is_ended_if_asked_for(emulator, run):
    emulator.settings.terminate_operation = TERMINATIONS[0]
    flow(emulator, "Completed", 60)
    result = run("job", wait_timeout=0.2, on_timeout="terminate", **FAST)
    assert result.error["kind"] == "timeout"
    assert "(last status 'Terminated'), flow C:\\Flows\\load_orders.wf. It was asked to end." in result.msg
    assert result.job["status"] == "Terminated"
    assert state_of(emulator, 1) == "Terminated"


def test_no_job_is_started_that_could_not_be_ended_as_asked(emulator, run):
    result = run("job", on_timeout="terminate", **FAST)
    assert result.error["kind"] == "unsupported"
    assert not emulator.writes


def test_many_ids_at_once(emulator, run):
    flow(emulator, "Completed", 0)
    ids = [run("job", path=FLOW, wait=False).job["id"] for _number in "abc"]
    for number in ids:
        ended(emulator, number)
    for reading in ("word", "404"):
        emulator.settings.unknown_job = reading
        asked = run("job_info", job_ids=[*ids, 99, ids[0]]).jobs
        assert [job["id"] for job in asked] == [*ids, 99, ids[0]]
        assert [job["known"] for job in asked] == [True, True, True, False, True]
        assert [job["succeeded"] for job in asked] == [True, True, True, False, True]
    flow(emulator, "Odd", 0)
    odd = run("job", path=FLOW, wait=False).job["id"]
    ended(emulator, odd)
    assert run("job_info", job_ids=[odd], success_statuses=["odd"]).jobs[0]["succeeded"]


@pytest.mark.parametrize("reading", ["goes_on", "fails"])
def test_a_restart_of_the_server_while_waiting(emulator, run, reading):
    emulator.settings.interrupted_job = reading
    flow(emulator, "Completed", 1.0)
    emulator.add_fault(method="GET", path="/api/Job/1/Status", nth=3, action="restart", delay=0.5)
    result = run("job", **FAST)
    if reading == "goes_on":
        assert result.job["succeeded"]
    else:
        assert result.error["kind"] == "job_failed"
    assert len(emulator.state()["jobs"]) == 1


def test_in_check_mode_a_late_job_is_left_alone(emulator, run):
    emulator.settings.terminate_operation = TERMINATIONS[0]
    flow(emulator, "Completed", 60)
    job = run("job", path=FLOW, wait=False).job["id"]
    options = {"job_id": job, "wait_timeout": 0.1, "on_timeout": "terminate", "wait_interval": 0.05}
    predicted = run("job", check=True, **options)
    assert predicted.error["kind"] == "timeout"
    assert "In a real run it would be asked to end" in predicted.msg
    assert state_of(emulator, job) != "Terminated"
    done = run("job", **options)
    assert done.changed
    assert (
        done.changes
        == predicted.changes
        == [{"path": "state", "action": "change", "before": "started", "after": "terminated"}]
    )


def test_a_job_that_is_not_seen_to_end(emulator, run):
    emulator.settings.terminate_operation = TERMINATIONS[0]
    flow(emulator, "Completed", 60)
    job = run("job", path=FLOW, wait=False).job["id"]
    emulator.add_fault(path=f"/api/Job/{job}/Status", action="status", status=200, body='"Running"', times=999)
    result = run("job", job_id=job, state="terminated", wait_timeout=0.3, wait_interval=0.05)
    assert result.error["kind"] == "timeout"
    assert "did not end within 0.3 s (last status 'Running'). It was asked to end." in result.msg
    assert result.changed
    assert result.changes[0]["after"] == "terminated"
    assert result.job["id"] == job


def test_a_refused_termination_is_reported_with_the_job(emulator, run):
    emulator.settings.terminate_operation = TERMINATIONS[0]
    flow(emulator, "Completed", 60)
    job = run("job", path=FLOW, wait=False).job["id"]
    emulator.add_fault(path=f"/api/Job/{job}/Terminate", action="status", status=403, body="Not yours.")
    result = run("job", job_id=job, state="terminated", wait_interval=0.05)
    assert result.error["kind"] == "forbidden"
    assert "Not yours" in result.msg
    assert not result.changed
    assert result.job["status"] in ("Queued", "Initializing", "Running")


def test_a_passing_word_is_not_taken_for_the_end(emulator, run):
    emulator.settings.terminate_operation = TERMINATIONS[0]
    flow(emulator, "Completed", 60)
    job = run("job", path=FLOW, wait=False).job["id"]
    emulator.add_fault(path=f"/api/Job/{job}/Status", action="status", status=200, body='"Resuming"')
    assert run("job", job_id=job, state="terminated", wait_interval=0.05).changed
    assert state_of(emulator, job) == "Terminated"


def test_wrong_credentials_are_tried_once_before_a_start(emulator, run):
    result = run("job", password="wrong", on_timeout="terminate", **FAST)
    assert result.error["kind"] == "auth"
    assert [request.path for request in emulator.requests] == ["/api/account/login"]


@pytest.mark.parametrize("path", ["C:\\Flows\nosuch.wf", "C:\tflows\\a.wf"])
def test_a_path_with_an_escape_is_refused(emulator, run, path):
    result = run("job", path=path)
    assert result.error["kind"] == "input"
    assert "A backslash was read as an escape: " in result.msg
    assert not emulator.requests


@pytest.mark.parametrize(("word", "warned"), [("Stalled", True), ("Error", False), ("Completed", False)])
def test_a_word_that_nobody_knows_is_reported_when_it_counts_as_the_end(emulator, run, word, warned):
    flow(emulator, word, 0)
    job = run("job", path=FLOW, wait=False).job["id"]
    ended(emulator, job)
    result = run("job", job_id=job, state="terminated", wait_interval=0.05)
    assert not result.changed
    assert any("name it in running_statuses" in warning for warning in result.warnings) == warned


def test_a_lost_response_to_a_termination_that_nobody_waits_for_is_an_error(emulator, run):
    emulator.settings.terminate_operation = TERMINATIONS[0]
    flow(emulator, "Completed", 60)
    job = run("job", path=FLOW, wait=False).job["id"]
    emulator.add_fault(path=f"/api/Job/{job}/Terminate", action="reset_before")
    result = run("job", job_id=job, state="terminated", wait=False)
    assert result.error["may_have_been_applied"]
    assert state_of(emulator, job) != "Terminated"
