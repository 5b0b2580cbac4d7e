"""astera_job and astera_job_info: started once, followed to the end."""

from __future__ import annotations

import pytest

FLOW = r"C:\Flows\load_orders.wf"
FAST = {"path": FLOW, "wait_interval": 0.05}


def flow(emulator, outcome, seconds=0.1):
    emulator.files.write(FLOW, f'<Flow seconds="{seconds}" outcome="{outcome}"/>'.encode())


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


def test_parameters_on_the_wire(emulator, run):
    run("job", path=FLOW, wait=False, parameters={"Variables": {"a": 1, "b": True, "c": "x y", "d": 1.5}})
    assert emulator.writes[0].json == {
        "FilePath": FLOW,
        "Parameters": [
            {"ActionName": "Variables", "ParameterName": "a", "Value": "1"},
            {"ActionName": "Variables", "ParameterName": "b", "Value": "true"},
            {"ActionName": "Variables", "ParameterName": "c", "Value": "x y"},
            {"ActionName": "Variables", "ParameterName": "d", "Value": "1.5"},
        ],
    }


@pytest.mark.parametrize("word", ["Error", "Faulted", "Terminated", "CompletedWithErrors", "Stalled"])
def test_every_other_end_is_a_failure_that_says_the_word(emulator, run, word):
    flow(emulator, word)
    result = run("job", **FAST)
    assert result.error["kind"] == "job_failed"
    assert f"ended as '{word}'" in result.msg
    assert len(emulator.state()["jobs"]) == 1


@pytest.mark.parametrize("polls", [1, 3])
def test_a_job_may_be_unknown_for_a_moment(emulator, run, polls):
    emulator.settings.unknown_polls = polls
    assert run("job", **FAST).job["succeeded"]


@pytest.mark.parametrize("form", ["json_string", "text", "object"])
@pytest.mark.parametrize("id_form", ["number", "text"])
def test_readings_of_the_answers(emulator, run, form, id_form):
    emulator.settings.status_form = form
    emulator.settings.job_id_form = id_form
    assert run("job", **FAST).job["succeeded"]


def test_an_unknown_job(emulator, run):
    emulator.settings.unknown_job = "word"
    result = run("job", job_id=77, wait_interval=0.02)
    assert result.error["kind"] == "job_failed"
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
    assert "did not end within 0.5 s (last status '" in result.msg
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
        {"path": FLOW, "job_id": 4},
        {"job_id": 4, "parameters": {}},
        {"job_id": 0},
        {"path": FLOW, "wait_interval": 0},
    ],
)
def test_bad_input(emulator, run, bad):
    assert run("job", **bad).error["kind"] == "input"
    assert not emulator.requests
