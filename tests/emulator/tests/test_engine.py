"""The job engine: queue, limit, pause, termination, restarts, reset."""

import json
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from astera_emulator import Emulator

LONG, SHORT = "C:\\long.wf", "C:\\short.wf"


@pytest.fixture
def jobs(emulator):
    """Give the engine, with a flow that takes long and one that takes no time."""
    add_flows(emulator)
    return emulator._context.jobs


def add_flows(emulator):
    """Write the two flows."""
    emulator.files.write(LONG, b'<Flow seconds="600"/>')
    emulator.files.write(SHORT, b'<Flow seconds="0"/>')


def statuses(emulator):
    """Return the statuses in order of start."""
    return [job["status"] for job in emulator.state()["jobs"]]


def waiting(emulator):
    """Return the ids of the jobs that are queued."""
    return [job["id"] for job in emulator.state()["jobs"] if job["status"] == "Queued"]


def messages(job):
    """Return the messages of a trace."""
    return [line["message"] for line in job["trace"]]


def test_the_profile_limits_how_many_run_and_the_queue_keeps_its_order(api, emulator, jobs, ended, until):
    emulator.settings.profiles = "DEFAULT=2,Wide=3,Free"
    for path in (LONG, LONG, SHORT, LONG, LONG):
        jobs.start(path, [])
    assert waiting(emulator) == [3, 4, 5]
    assert jobs.terminate(1)
    assert ended(emulator, 3)["status"] == "Completed"
    until(lambda: waiting(emulator) == [5])  # the next one begins just after
    emulator.put("config", {"serverProfile": "Wide"})
    emulator.tick()
    assert waiting(emulator) == []
    jobs.start(LONG, [])
    assert waiting(emulator) == [6]
    emulator.put("config", {"serverProfile": "Free"})
    emulator.tick()
    jobs.start(LONG, [])
    assert waiting(emulator) == []


@pytest.mark.parametrize("value", ["", "A,", "A=", "A=0", "A=x", "=1"])
def test_profiles_that_cannot_be(emulator, value):
    with pytest.raises(ValueError, match="NAME"):
        emulator.settings.profiles = value


def test_a_pause_holds_the_queue(api, emulator, jobs, ended):
    emulator.put("cluster", {"pauseAllServers": True})
    jobs.start(SHORT, [])
    emulator.tick()
    assert statuses(emulator) == ["Queued"]
    emulator.put("cluster", {"pauseAllServers": False})
    assert ended(emulator, 1)["status"] == "Completed"
    emulator.put("cluster", {"pauseAllServers": True})
    emulator.settings.paused_servers = "ignore"
    jobs.start(SHORT, [])
    assert ended(emulator, 2)["status"] == "Completed"


def test_a_job_in_the_state(emulator, jobs, ended):
    given = [{"actionName": "Variables", "parameterName": "x", "value": "y"}]
    jobs.start(SHORT, given, schedule_id=7)
    job = ended(emulator, 1)
    assert set(job) == {
        *("id", "filePath", "parameters", "startedDtTm", "endedDtTm", "status", "reason", "trace", "scheduleId"),
        "polls",
    }
    assert (job["scheduleId"], job["status"], job["parameters"]) == (7, "Error", given)
    assert job["reason"] == "the flow has no action 'Variables'"
    assert messages(job) == ["queued", "initializing", f"ended as Error: {job['reason']}"]
    assert job["startedDtTm"] < job["endedDtTm"]
    assert jobs.trace(1) == job["trace"]


def test_termination(emulator, jobs, until, ended):
    emulator.settings.profiles = "DEFAULT=1"
    emulator.settings.job_termination_word = "Beendet"
    for path in (LONG, SHORT, SHORT):
        jobs.start(path, [])
    assert jobs.terminate(2)
    assert statuses(emulator)[1:] == ["Beendet", "Queued"]
    assert not jobs.terminate(2)
    assert jobs.terminate(1)
    assert ended(emulator, 3)["status"] == "Completed"
    assert not jobs.terminate(3)
    assert statuses(emulator) == ["Beendet", "Beendet", "Completed"]
    assert messages(emulator.state()["jobs"][1]) == ["queued", "ended as Beendet"]
    until(lambda: not [thread for thread in threading.enumerate() if thread.name.startswith("job ")])
    for question in (jobs.terminate, jobs.trace):
        with pytest.raises(KeyError):
            question(99)


def test_many_threads_at_once(emulator, jobs, ended):
    emulator.settings.profiles = "DEFAULT=3"

    def use(turn):
        number = jobs.start(SHORT if turn % 3 else LONG, [])["id"]
        jobs.poll(number)
        if turn % 3 == 0:
            assert jobs.terminate(number)
        return number

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(use, range(60)))
    assert sorted(numbers) == list(range(1, 61))
    found = [ended(emulator, number) for number in numbers]
    assert [job["status"] for job in found] == ["Completed" if turn % 3 else "Terminated" for turn in range(60)]
    assert all(job["polls"] == 1 for job in found)
    timestamps = [line["time"] for job in found for line in job["trace"][1:]] + [job["startedDtTm"] for job in found]
    assert len(set(timestamps)) == len(timestamps)


def test_reset_abandons(emulator, jobs, until, ended):
    for _time in "abc":
        jobs.start(LONG, [])
    threads = [thread for thread in threading.enumerate() if thread.name.startswith("job ")]
    assert len(threads) == 3
    emulator.reset()
    assert emulator.state()["jobs"] == []
    add_flows(emulator)
    assert jobs.start(SHORT, [])["id"] == 1
    assert ended(emulator, 1)["status"] == "Completed"
    until(lambda: not any(thread.is_alive() for thread in threads))
    assert statuses(emulator) == ["Completed"]


@pytest.mark.parametrize(("variant", "status"), [("goes_on", "Running"), ("fails", "Kaputt")])
@pytest.mark.parametrize("way", ["restart", "fault", "stop"])
def test_interruptions(api, emulator, jobs, until, variant, status, way):
    emulator.settings.profiles = "DEFAULT=1"
    emulator.settings.interrupted_job = variant
    emulator.settings.job_failure_word = "Kaputt"
    jobs.start(LONG, [])
    jobs.start(SHORT, [])
    until(lambda: statuses(emulator)[0] == "Running")
    if way == "restart":
        emulator.restart(0.01)
    elif way == "fault":
        emulator.add_fault(path="/api/Cluster", action="restart", delay=0.01)
        api.get("Cluster")
    else:
        emulator.stop()
        assert statuses(emulator) == ["Running", "Queued"]
        emulator.start()
    if variant == "goes_on":
        until(lambda: messages(emulator.state()["jobs"][0])[-1] == "carried on after the service was down")
        assert statuses(emulator) == [status, "Queued"]
        jobs.terminate(1)
    until(lambda: statuses(emulator)[1] == "Completed")
    if variant == "fails":
        job = emulator.state()["jobs"][0]
        assert (job["status"], job["reason"]) == (status, "the service went down while the job ran")


def test_what_is_started_while_the_service_is_down_is_queued(emulator, jobs, ended):
    emulator.stop()
    jobs.start(SHORT, [])
    emulator.tick()
    assert statuses(emulator) == ["Queued"]
    jobs.start(SHORT, [])
    assert jobs.terminate(2)
    emulator.start()
    assert ended(emulator, 1)["status"] == "Completed"
    assert statuses(emulator) == ["Completed", "Terminated"]


@pytest.mark.parametrize(("variant", "status"), [("goes_on", "Running"), ("fails", "Error")])
def test_a_killed_process(tmp_path, connect, until, variant, status):
    state, ready = tmp_path / "state", tmp_path / "ready.json"
    flows = tmp_path / "files" / "C"
    flows.mkdir(parents=True)
    (flows / "long.wf").write_text('<Flow seconds="600"/>')
    command = [sys.executable, "-m", "astera_emulator", "--port", "0", "--state-dir", str(state)]
    command += ["--ready-file", str(ready), "--files", str(tmp_path / "files"), "--set", "profiles=DEFAULT=1"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        until(ready.exists)
        api = connect(Emulator(state))
        api.call = lambda method, path, **options: api.session.request(
            method, f"{json.loads(ready.read_text())['url']}/api/{path}", timeout=10, **options
        )
        api.login()
        for _time in "ab":
            api.ok("CommandLineProcessor", {"FilePath": LONG})
        until(lambda: api.get("Job/1/Status").json() == "Running")
        api.session.close()
        process.send_signal(signal.SIGKILL)
    with Emulator(state, settings={"interrupted_job": variant, "profiles": "DEFAULT=1"}) as emulator:
        assert statuses(emulator)[0] == status
        assert waiting(emulator) == ([2] if variant == "goes_on" else [])


def test_a_bug_of_the_engine_ends_the_job(emulator, jobs, ended, monkeypatch):
    def fail(run):
        raise ZeroDivisionError

    monkeypatch.setattr("astera_emulator.jobs.carry_out", fail)
    jobs.start(SHORT, [])
    job = ended(emulator, 1)
    assert (job["status"], job["reason"]) == ("Error", "the emulator failed: ZeroDivisionError")


def test_resets_stay_fast_with_jobs_running(emulator, jobs):
    began = time.monotonic()
    for _time in range(20):
        add_flows(emulator)
        jobs.start(LONG, [])
        emulator.reset()
    assert time.monotonic() - began < 20  # waiting for one of these jobs would take ten minutes
